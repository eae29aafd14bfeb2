/* SPDX-License-Identifier: MIT */
/* Bytes to the model of sections and fields, printed in both ways and both
 * formats. What is told of it names its bytes: see chains.c and scan.c. */
#include <infscan/infscan.h>

#include "fuzz.h"

static int swallow(void *context, const char *bytes, size_t len)
{
    size_t *total = context;

    (void)bytes;
    *total += len;
    return 0;
}

static void print(const struct infscan_document *document,
                  enum infscan_format format)
{
    struct infscan_render_options options = {.format = format};
    size_t total = 0;
    enum infscan_status status =
        infscan_render_document(document, &options, swallow, &total);

    FUZZ_REQUIRE(status == INFSCAN_OK || status == INFSCAN_LIMIT);
    FUZZ_REQUIRE(total > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum infscan_substitution modes[] = {INFSCAN_SUBSTITUTE,
                                                      INFSCAN_RAW};

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        struct infscan_document *document = NULL;
        struct infscan_error error = {0};
        enum infscan_status status = infscan_document_bytes(
            "x.inf", data, size, NULL, modes[i], &document, &error);
        FUZZ_REQUIRE(status == INFSCAN_OK || error.message);
        infscan_error_clear(&error);
        if (status == INFSCAN_OK) {
            print(document, INFSCAN_FORMAT_TEXT);
            print(document, INFSCAN_FORMAT_NDJSON);
            infscan_document_free(document);
        }
    }
    return 0;
}
