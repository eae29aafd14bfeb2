/* SPDX-License-Identifier: MIT */
#ifndef RULES_SCORE_H
#define RULES_SCORE_H

#include "rules/match.h"

struct score {
    uint32_t points; /* 0 to 100 */
    enum infscan_verdict verdict;
};

/**
 * score_findings - from findings to points and a verdict
 *
 * findings: their `score` is set to what each one added
 * limits:   of the whole analysis; any bit makes `suspicious` the least verdict
 *
 * Arithmetic only; the rules of it stand in score.c and in infscan(1).
 */
struct score score_findings(struct findings *findings,
                            const struct install *install, limit_set limits);

#endif
