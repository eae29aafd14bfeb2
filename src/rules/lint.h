/* SPDX-License-Identifier: MIT */
#ifndef RULES_LINT_H
#define RULES_LINT_H

#include "base/arena.h"
#include "rules/rule.h"

/* What may be wrong with a rule file; see lints.def. */
enum lint {
#define LINT(id, name, is_error, what) LINT_##id,
#include "rules/lints.def"
#undef LINT
    N_LINTS
};

/* The warning of that name, which a rule may allow; N_LINTS: there is none. */
enum lint lint_warning(struct str name);

/* Where the problems of rule files go. */
struct lint_sink {
    infscan_rule_problem_fn *report;
    void *context;
    uint32_t n_errors;
};

/* Report one problem. `rule` and `path` may be NULL; line 0: of the whole. */
void lint_report(struct lint_sink *sink, enum lint lint, const char *rule,
                 const char *path, struct mark mark, const char *message);

/**
 * lint_rule - what is suspect about a rule that can be loaded
 *
 * arena:   for the work
 * known:   the rules that it works with, itself among them
 *
 * Techniques, patterns that take ages, rules that have to be tried on every
 * text, and those that nothing can match. Status: NO_MEMORY.
 */
enum infscan_status lint_rule(struct arena *arena, const struct rule *rule,
                              const struct rule_set *known,
                              struct lint_sink *sink);

#endif
