/* SPDX-License-Identifier: MIT */
#ifndef RULES_PUMP_H
#define RULES_PUMP_H

#include "base/arena.h"

enum pump_result {
    PUMP_NONE,  /* nothing was found */
    PUMP_FOUND, /* see `pump` */
    PUMP_NO_MEMORY
};

/* Texts that ruin a pattern: `before`, then `body` again and again, then
 * something that does not match. */
struct pump {
    struct str before;
    struct str body;
};

/**
 * pump_find - look for a short text that a pattern takes ages over
 *
 * arena:   receives the pump, and what is needed to find it
 * pattern: one that PCRE2 accepts
 *
 * A pattern such as (a+)+b has exponentially many ways to fail: some thirty
 * letters are enough to use up the limit of steps, and a rule whose limit is
 * reached has not matched. For each repeated part of the pattern a text that it
 * matches is written and tried, so that what is found is a fact and not a
 * suspicion. Patterns with parts that this does not read give NONE.
 */
enum pump_result pump_find(struct arena *arena, struct str pattern,
                           struct pump *out);

#endif
