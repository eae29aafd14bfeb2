/* SPDX-License-Identifier: MIT */
#ifndef SCAN_SCANNER_H
#define SCAN_SCANNER_H

#include <infscan/scanner.h>

#include "inf/dialect.h"
#include "inf/strings.h"
#include "install/chain.h"
#include "rules/indicator.h"
#include "rules/match.h"
#include "rules/score.h"
#include "scan/reading.h"
#include "scan/result.h"

struct infscan_scanner {
    const struct infscan_ruleset *rules;
    struct matcher *matcher;
    struct limits limits;
    struct launcher_choice *choices;
    size_t n_choices;
    char *inf_dir;
    unsigned codepage;
};

/* In how many encodings the bytes of a file make an INF. */
enum reading_count {
    READING_ONE,
    READING_TWO
};

/* All that the stages hand on to each other. Lives in the result's arena. */
struct analysis {
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    struct arena *arena;
    struct str raw;
    struct diag_list diags;
    const enum encoding *forced; /* read as this; NULL: as Windows would */
    bool is_ambiguous;           /* the bytes make two texts */
    struct reading *reading;
    struct inf_document *profile; /* NULL: not read that way */
    enum dialect dialect;
    struct install install;
    struct findings findings;
    struct indicators indicators;
    struct score score;
    limit_set limits;
};

/**
 * analysis_publish - turn an analysis into the views of result.h
 *
 * false when the arena failed.
 */
bool analysis_publish(struct analysis *analysis);

#endif
