/* SPDX-License-Identifier: MIT */
#include "scanner.h"

#include "fuzz.h"

struct infscan_scanner *fuzz_scanner(enum infscan_ruleset_base base)
{
    static struct infscan_scanner *scanner;
    static struct infscan_ruleset *rules;

    if (!scanner) {
        FUZZ_REQUIRE(infscan_ruleset_new(base, NULL, 0, &rules, NULL) ==
                     INFSCAN_OK);
        FUZZ_REQUIRE(infscan_scanner_new(rules, NULL, &scanner, NULL) ==
                     INFSCAN_OK);
    }
    return scanner;
}
