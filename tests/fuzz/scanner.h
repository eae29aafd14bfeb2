/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_SCANNER_H
#define TESTS_FUZZ_SCANNER_H

#include <infscan/infscan.h>

/* The one scanner of a target, made when it is first asked for and kept for
 * every input after that. It lives as long as the program. */
struct infscan_scanner *fuzz_scanner(enum infscan_ruleset_base base);

/* Its rules, for scanners with options of their own. */
const struct infscan_ruleset *fuzz_rules(enum infscan_ruleset_base base);

#endif
