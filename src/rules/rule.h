/* SPDX-License-Identifier: MIT */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <infscan/result.h>
#include <infscan/ruleset.h>

/* What a rule looks at: bit 1 << enum infscan_action_kind for the subject of
 * an action of that kind (install/action.h), or one of these. */
enum rule_target {
    RULE_COMMAND = INFSCAN_N_ACTION_KINDS, /* a command line or a layer of it */
    RULE_SHAPE,                            /* facts about the whole file */
    RULE_DIAGNOSTIC,                       /* a diagnostic: "INF0012 text" */
    RULE_INVOCATION, /* what started it, or its folder: invocation.h */
    RULE_FINDINGS,   /* ids of the rules that hit an action, or the file */
    RULE_N_TARGETS
};

/* One PCRE2 pattern. Patterns are caseless unless they begin with (?-i). */
struct pattern {
    const char *regex;
    const char *needs;  /* what it cannot match without, see NEEDS_GROUP_END */
    const char *starts; /* one group: what its matches begin with in ASCII, */
    uint32_t back;      /* or this many bytes before it at most */
    uint32_t id;        /* dense over the rule set, for the cache of regexes */
    uint32_t line;      /* in the rule file, from 1 */
    uint32_t column;
};

/* `needs` of a pattern: groups of literals in lower case, of each of which a
 * text holds one if the pattern matches it. Before each literal stands a byte
 * with its length, after each group NEEDS_GROUP_END, which no literal is as
 * long as; "" where nothing is known. */
#define NEEDS_GROUP_END '\x7f'

struct pattern_list {
    const struct pattern *items;
    uint32_t n;
};

/* Where an item of a rule stands in its file, from 1. */
struct mark {
    uint32_t line, column;
};

/* A rule as it is matched. Const data: built-in ones are in read-only memory,
 * those of files in the rule set's arena. */
struct rule {
    struct infscan_rule info;
    uint32_t targets;          /* bits 1 << enum rule_target or action kind */
    struct pattern_list all;   /* every one must match */
    struct pattern_list any;   /* at least one must match, unless empty */
    struct pattern_list none;  /* none may match */
    const char *const *when;   /* words of context.h, NULL-terminated: all */
    const char *const *unless; /* must hold, and none may */
    const char *const *match;  /* examples, NULL-terminated */
    const char *const *no_match;
    const struct mark *attack_marks; /* of the items of info.attack; these */
    const struct mark *when_marks;   /* are NULL in built-in rules */
    const struct mark *match_marks;
    const struct mark *no_match_marks;
    uint32_t allowed; /* bits 1 << enum lint: warnings that are not given */
    const struct gate_literal *gate; /* no match without one; see prefilter.h */
    uint32_t n_gate;                 /* 0: nothing is known */
};

/* The rules in force, sorted by id. */
struct rule_set {
    const struct rule *const *rules;
    uint32_t n;
    uint32_t n_patterns; /* pattern ids are below this */
    const struct prefilter *filter;
};

/* The rules shipped with the library, made from builtin/ (every .yml) at build
 * time by the same loader that reads a user's file. */
extern const struct rule_set rules_builtin;
extern const char rules_builtin_digest[65];

/* Name of a target as rule files give it ("command", "write-registry"). */
const char *rule_target_name(unsigned target);

#endif
