/* SPDX-License-Identifier: MIT */
#ifndef RULES_SCORE_H
#define RULES_SCORE_H

#include "rules/match.h"

struct score {
    uint32_t points; /* 0 to 100 */
    enum infscan_verdict verdict;
    uint32_t margin;  /* points above the least of this verdict */
    uint32_t missing; /* points to the next worse verdict; 0: there is none */
    /* Ids of the rules without which the verdict would be `otherwise`, the
     * fewest in order of weight; NULL-terminated. Empty for clean, and where so
     * many would have to go that it tells nothing. */
    const char *const *decisive;
    enum infscan_verdict otherwise;
    const char *honest; /* trait that lowered findings; NULL: none */
};

/**
 * score_findings - from findings to points and a verdict
 *
 * arena:    receives the list
 * findings: their `score` is set to what each one added
 * limits:   of the whole analysis; any bit makes `suspicious` the least verdict
 * out:      always filled, but for `decisive` when memory ran out
 *
 * Arithmetic only; the rules of it stand in score.c, the numbers in
 * weights.def. Status: NO_MEMORY.
 */
enum infscan_status score_findings(struct arena *arena,
                                   struct findings *findings,
                                   const struct install *install,
                                   limit_set limits, struct score *out);

#endif
