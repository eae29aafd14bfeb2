/* SPDX-License-Identifier: MIT */
#include "scanner.h"

#include "fuzz.h"

const struct infscan_ruleset *fuzz_rules(enum infscan_ruleset_base base)
{
    static struct infscan_ruleset *rules;

    if (!rules) {
        FUZZ_REQUIRE(infscan_ruleset_new(base, NULL, 0, &rules, NULL) ==
                     INFSCAN_OK);
    }
    return rules;
}

struct infscan_scanner *fuzz_scanner(enum infscan_ruleset_base base)
{
    static struct infscan_scanner *scanner;

    if (!scanner) {
        FUZZ_REQUIRE(infscan_scanner_new(fuzz_rules(base), NULL, &scanner,
                                         NULL) == INFSCAN_OK);
    }
    return scanner;
}
