/* SPDX-License-Identifier: MIT */
/* The smallest program that gets something out of libinfscan: the verdict of
 * each file that is named, and what was found in it. */
#include <stdio.h>

#include <infscan/infscan.h>

static void print_result(const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    printf("%s %u\n", infscan_verdict_name(summary->verdict),
           (unsigned)summary->score);

    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);
    for (size_t i = 0; i < n; i++) {
        printf("  %s, line %u: %s\n", findings[i].rule,
               (unsigned)findings[i].place.line, findings[i].title);
    }
}

int main(int argc, char **argv)
{
    struct infscan_ruleset *rules = NULL;
    struct infscan_scanner *scanner = NULL;
    struct infscan_error error = {0};

    if (infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, &error) !=
            INFSCAN_OK ||
        infscan_scanner_new(rules, NULL, &scanner, &error) != INFSCAN_OK) {
        fprintf(stderr, "%s\n", error.message ? error.message : "no memory");
        infscan_error_clear(&error);
        infscan_ruleset_free(rules);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        struct infscan_result *result;
        if (infscan_scan_file(scanner, argv[i], &result) == INFSCAN_OK) {
            print_result(result);
            infscan_result_free(result);
        }
    }
    infscan_scanner_free(scanner);
    infscan_ruleset_free(rules);
    return 0;
}
