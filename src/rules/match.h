/* SPDX-License-Identifier: MIT */
#ifndef RULES_MATCH_H
#define RULES_MATCH_H

#include <infscan/ruleset.h>

#include "base/limits.h"
#include "install/chain.h"
#include "rules/rule.h"
#include "text/diag.h"

/* One scanner's matcher: patterns compiled when first needed, match data of
 * its own. The rule set must outlive it. */
struct matcher;

/* NULL when memory ran out. */
struct matcher *matcher_new(const struct rule_set *rules,
                            const struct limits *limits);
void matcher_free(struct matcher *matcher);

/* Begin to note what each rule costs; false when memory ran out. */
bool matcher_measure(struct matcher *matcher);

/* Of the rule at a position in the set. */
struct infscan_rule_cost matcher_cost(const struct matcher *matcher,
                                      size_t position);

/* One rule that hit. */
struct finding {
    const struct rule *rule; /* NULL: a limit, see score.h */
    uint32_t action;         /* INFSCAN_NO_INDEX: of the file */
    uint32_t layer;          /* INFSCAN_NO_INDEX: of the action's own text */
    struct slice match; /* the evidence: what the first pattern of `all` (else
                         * the pattern of `any` that hit) matched */
    bool repeated;      /* another finding of the rule weighs as much or more */
    uint32_t score;     /* set by score_findings */
};

struct findings {
    struct finding *items;
    uint32_t n, capacity;
    const uint32_t *launchers; /* by action, see context.h; may be NULL */
};

/**
 * match_run - every rule over a plan's actions, layers, shape and diagnostics
 *
 * arena:   receives the findings
 * diags:   may be NULL
 * out:     one finding for each rule and action (the outermost text that
 *          matches), ordered by action, layer, offset and rule id
 * limits:  bits are added when a match or the number of findings hit one
 *
 * Status: NO_MEMORY.
 */
enum infscan_status match_run(struct matcher *matcher, struct arena *arena,
                              const struct install *install,
                              const struct diag_list *diags,
                              struct findings *out, limit_set *limits);

/**
 * match_text - whether one rule matches one text, for examples
 *
 * text:    behind " @@ " it may name words of context.h that hold, with blanks
 *          between them
 *
 * 1, 0, or -1 when a limit or memory ran out.
 */
int match_text(struct matcher *matcher, const struct rule *rule,
               struct str text);

#endif
