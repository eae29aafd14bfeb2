/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_PATTERN_H
#define COMMAND_POWERSHELL_PATTERN_H

#include "command/peel.h"

#define PATTERN_GROUPS 10

enum pattern_case {
    PATTERN_FOLD,
    PATTERN_EXACT
};

/* Where a match and its groups are; STR_NONE for a group that took no part. */
struct pattern_match {
    size_t start[PATTERN_GROUPS];
    size_t end[PATTERN_GROUPS];
};

/**
 * pattern_find - first match of a .NET regular expression at or after `from`
 *
 * Understands literals, escapes, classes, groups, alternation, * + ? {n,m},
 * ^ and $. 1: found, 0: not found, -1: the pattern holds something else, or
 * the budget is spent.
 */
int pattern_find(struct peel *peel, struct str pattern, struct str text,
                 size_t from, enum pattern_case letter_case,
                 struct pattern_match *out);

/* Whether a name fits a wildcard of * ? [set], letter case aside. */
bool pattern_wildcard(struct str pattern, struct str name);

#endif
