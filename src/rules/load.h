/* SPDX-License-Identifier: MIT */
#ifndef RULES_LOAD_H
#define RULES_LOAD_H

#include "base/arena.h"
#include "base/map.h"
#include "rules/lint.h"

/* Rules, each id once. Start with {0}. */
struct rule_list {
    const struct rule **items; /* a VEC */
    uint32_t n, capacity;
    struct map ids; /* places of the first ids.n of them, see rule_list_find */
};

/* Index of the rule with an id; MAP_NONE for none. false when the arena
 * failed. */
bool rule_list_find(struct arena *arena, struct rule_list *list, const char *id,
                    uint32_t *out);

/**
 * rules_load - read the rules of one YAML text
 *
 * arena:   receives the rules
 * name:    of the file, for errors and infscan_rule.source
 * list:    rules are added; one with a known id replaces the earlier one
 * next_pattern: id of the next pattern; raised
 *
 * A plain subset of YAML: no aliases, anchors, tags or second document.
 * Unknown and doubled keys, a missing id, title, description, severity, target,
 * pattern or example, a regex that PCRE2 refuses and an example that does not
 * behave are INVALID, with line and column. Source: infscan-rules(5).
 */
enum infscan_status rules_load(struct arena *arena, const char *name,
                               struct str yaml, struct rule_list *list,
                               uint32_t *next_pattern,
                               struct infscan_error *error);

/**
 * rules_load_all - as rules_load, but with all complaints
 *
 * sink:    gets each of them; the rules that none is about are added, though
 *          an example of theirs may not behave
 *
 * Status: NO_MEMORY.
 */
enum infscan_status rules_load_all(struct arena *arena, const char *name,
                                   struct str yaml, struct rule_list *list,
                                   uint32_t *next_pattern,
                                   struct lint_sink *sink);

/* Sorted by id. false when the arena failed. */
bool rules_seal(struct arena *arena, const struct rule_list *list,
                uint32_t n_patterns, struct rule_set *out);

#endif
