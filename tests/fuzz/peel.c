/* SPDX-License-Identifier: MIT */
/* One command line, peeled and judged. Twice gives the same. */
#include <string.h>

#include <infscan/infscan.h>

#include "fuzz.h"
#include "scanner.h"

static int swallow(void *context, const char *bytes, size_t len)
{
    (void)context;
    for (size_t i = 0; i < len; i++) {
        FUZZ_REQUIRE((unsigned char)bytes[i] >= ' ' || bytes[i] == '\n');
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct infscan_scanner *scanner = fuzz_scanner(INFSCAN_RULESET_BUILTIN);
    struct infscan_render_options ndjson = {.format = INFSCAN_FORMAT_NDJSON};
    struct infscan_render_options text = {.flags = INFSCAN_RENDER_VERBOSE};
    struct infscan_result *results[2] = {NULL, NULL};
    struct infscan_string finals[2] = {{"", 0}, {"", 0}};

    for (size_t i = 0; i < 2; i++) {
        if (infscan_peel(scanner, (const char *)data, size, &results[i],
                         &finals[i]) != INFSCAN_OK) {
            infscan_result_free(results[0]);
            return 0;
        }
    }
    FUZZ_REQUIRE(finals[0].len == finals[1].len &&
                 memcmp(finals[0].bytes, finals[1].bytes, finals[0].len) == 0);
    infscan_render_peeled(results[0], finals[0], &ndjson, swallow, NULL);
    infscan_render_peeled(results[0], finals[0], &text, swallow, NULL);
    infscan_result_free(results[0]);
    infscan_result_free(results[1]);
    return 0;
}
