/* SPDX-License-Identifier: MIT */
/* A whole scan with the shipped rules, to every format; and whether all that is
 * told can name its bytes. */
#include "../property/provenance_check.h"
#include "fuzz.h"
#include "scanner.h"

/* Printable, and lines: nothing that steers a terminal, whatever the format. */
static int check_bytes(void *context, const char *bytes, size_t len)
{
    size_t *lines = context;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        FUZZ_REQUIRE(c >= ' ' || c == '\n');
        FUZZ_REQUIRE(c != 0x7f);
        FUZZ_REQUIRE(!(c == 0xc2 && i + 1 < len &&
                       (unsigned char)bytes[i + 1] < 0xa0)); /* C1 */
        *lines += c == '\n';
    }
    return 0;
}

static void render(const struct infscan_result *result)
{
    static const unsigned flags[] = {0, INFSCAN_RENDER_QUIET,
                                     INFSCAN_RENDER_VERBOSE |
                                         INFSCAN_RENDER_ALL_ACTIONS,
                                     INFSCAN_RENDER_NO_DEFANG};

    for (enum infscan_format format = INFSCAN_FORMAT_TEXT;
         format <= INFSCAN_FORMAT_CSV; format++) {
        for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
            struct infscan_render_options options = {
                .format = format, .flags = flags[i], .width = 80};
            size_t lines = 0;
            enum infscan_status status =
                infscan_render_result(result, &options, check_bytes, &lines);
            FUZZ_REQUIRE(status == INFSCAN_OK);
            FUZZ_REQUIRE(lines >= 1);
            FUZZ_REQUIRE(lines == 1 || format == INFSCAN_FORMAT_TEXT ||
                         format == INFSCAN_FORMAT_JSON);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct infscan_scanner *scanner = fuzz_scanner(INFSCAN_RULESET_BUILTIN);
    struct provenance_counts counts = {0, 0, 0};
    struct infscan_result *result = NULL;

    if (infscan_scan_bytes(scanner, "x.inf", data, size, &result) ==
        INFSCAN_OK) {
        render(result);
        infscan_result_free(result);
    }
    provenance_check(scanner, "x.inf", str_of((const char *)data, size),
                     &counts);
    FUZZ_REQUIRE(counts.failures == 0);
    return 0;
}
