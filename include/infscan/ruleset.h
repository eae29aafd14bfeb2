/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_RULESET_H
#define INFSCAN_RULESET_H

#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The rules of a scan: the built-in ones, those of YAML files, or both.
 * Immutable once loaded; any number of scanners in any threads may share one,
 * which must outlive them. */
struct infscan_ruleset;

/* What a rule says of itself. Strings are UTF-8, NUL-terminated, owned by the
 * rule set; lists end with a NULL pointer and are never NULL themselves. */
struct infscan_rule {
    const char *id;
    const char *title;
    const char *description; /* why it matters, one paragraph */
    const char *confirm;     /* how an analyst confirms it; "" if not given */
    enum infscan_severity severity;
    uint32_t score;             /* points, 0 to 100 */
    const char *const *attack;  /* ATT&CK technique ids */
    const char *const *targets; /* what it looks at, as in infscan-rules(5) */
    const char *const *references;
    const char *const *falsepositives;
    uint32_t goodware_seen; /* honest files that it hit, of so many; */
    uint32_t goodware_of;   /* 0: nobody has counted */
    const char *source;     /* file the rule came from */
    uint32_t line;          /* where in it, from 1 */
};

/* What a rule has cost a scanner. */
struct infscan_rule_cost {
    uint64_t texts;       /* that its patterns were tried on */
    uint64_t nanoseconds; /* that took */
};

enum infscan_ruleset_base {
    INFSCAN_RULESET_BUILTIN, /* start from the rules shipped with the library */
    INFSCAN_RULESET_EMPTY    /* start from none */
};

/**
 * infscan_ruleset_new - make a rule set
 *
 * base:    with or without the built-in rules
 * paths:   n_paths YAML files or folders of them (every *.yml and *.yaml,
 *          sorted by name, not recursive); a rule whose id exists replaces
 *          the earlier one
 * out:     the rule set; written only on success
 *
 * Status: IO for a file that cannot be read, INVALID for a bad rule with
 * file, line and column in `error`, NO_MEMORY. The built-in rules need no
 * parsing. Source: infscan-rules(5).
 */
INFSCAN_API enum infscan_status
infscan_ruleset_new(enum infscan_ruleset_base base, const char *const *paths,
                    size_t n_paths, struct infscan_ruleset **out,
                    struct infscan_error *error);

/**
 * infscan_ruleset_free - release a rule set; NULL is allowed
 */
INFSCAN_API void infscan_ruleset_free(struct infscan_ruleset *rules);

/**
 * infscan_ruleset_digest - SHA-256 over the rules' text, 64 hex digits
 *
 * Equal digests: equal rules in equal order. Lives as long as the rule set.
 */
INFSCAN_API const char *
infscan_ruleset_digest(const struct infscan_ruleset *rules);

/**
 * infscan_ruleset_count - number of rules
 */
INFSCAN_API size_t infscan_ruleset_count(const struct infscan_ruleset *rules);

/**
 * infscan_ruleset_rule - one rule by position, sorted by id; NULL past the end
 */
INFSCAN_API const struct infscan_rule *
infscan_ruleset_rule(const struct infscan_ruleset *rules, size_t index);

/**
 * infscan_ruleset_find - one rule by id (letter case aside); NULL if unknown
 */
INFSCAN_API const struct infscan_rule *
infscan_ruleset_find(const struct infscan_ruleset *rules, const char *id);

/* What is wrong with a rule file, or suspect. Strings live during the call
 * that they are handed to. */
struct infscan_rule_problem {
    int is_error;     /* 0: a warning, the rule does its work */
    const char *lint; /* what was found, as infscan-rules(5) names it */
    const char *rule; /* id; NULL where none is known */
    const char *path; /* of the file; for shipped rules its name */
    uint32_t line;    /* from 1; 0: of the file as a whole */
    uint32_t column;  /* from 1 */
    const char *message;
};

typedef void infscan_rule_problem_fn(const struct infscan_rule_problem *problem,
                                     void *context);

/**
 * infscan_rules_check - look for all that is wrong with rules
 *
 * base, paths: as for infscan_ruleset_new; the shipped rules are looked at
 *              only where no path is given
 * report:      called for each problem, file by file from top to bottom
 * n_rules:     rules that were looked at
 * n_errors:    problems that are errors
 *
 * A file with an error is read to its end all the same, unless it is no YAML.
 * Status: IO for a file that cannot be read, NO_MEMORY. Source:
 * infscan-rules(5), CHECK.
 */
INFSCAN_API enum infscan_status
infscan_rules_check(enum infscan_ruleset_base base, const char *const *paths,
                    size_t n_paths, infscan_rule_problem_fn *report,
                    void *context, size_t *n_rules, size_t *n_errors,
                    struct infscan_error *error);

/**
 * infscan_ruleset_test - run every rule's own examples
 *
 * failed:  number of examples that did not behave; the first one is in `error`
 *
 * Status: OK when all behave, INVALID otherwise, NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_ruleset_test(const struct infscan_ruleset *rules, size_t *failed,
                     struct infscan_error *error);

#ifdef __cplusplus
}
#endif

#endif
