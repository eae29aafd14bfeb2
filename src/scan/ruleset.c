/* SPDX-License-Identifier: MIT */
#include "scan/ruleset.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "rules/lint.h"
#include "rules/load.h"
#include "rules/match.h"
#include "scan/digest.h"
#include "scan/input.h"

/* Digests of the files that make a rule set, 64 digits each. */
#define MAX_DIGESTS_BYTES ((size_t)1024 * 1024)

struct infscan_ruleset {
    struct arena *arena;
    struct rule_set rules;
    char digest[65];
};

const struct rule_set *ruleset_rules(const struct infscan_ruleset *rules)
{
    return &rules->rules;
}

struct loading {
    struct arena *arena;
    struct rule_list list;
    uint32_t next_pattern;
    struct buf digests;
    struct infscan_error *error;
    struct lint_sink *sink; /* NULL: the first complaint ends it */
};

static enum infscan_status no_memory(struct infscan_error *error)
{
    return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
}

/* Rules of files know where their examples stand, built-in ones do not. */
static bool is_of_file(const struct rule *rule)
{
    return rule->match_marks != NULL;
}

/* Warns of rules that stood in `before` and were replaced since. */
static enum infscan_status report_replaced(const struct loading *loading,
                                           const struct rule *const *before,
                                           uint32_t n_before)
{
    enum infscan_status status = INFSCAN_OK;

    for (uint32_t i = 0; i < n_before && status == INFSCAN_OK; i++) {
        const struct infscan_rule *now = &loading->list.items[i]->info;
        const struct infscan_rule *old = &before[i]->info;
        if (now == old || !is_of_file(before[i])) {
            continue;
        }
        struct buf message;
        buf_init(&message, 1u << 16);
        buf_add_format(&message, "the rule %s replaces that of %s:%u", now->id,
                       old->source, old->line);
        if (message.failed) {
            status = no_memory(loading->error);
        } else {
            lint_report(loading->sink, LINT_REPLACED_RULE, now->id, now->source,
                        (struct mark){now->line, 1}, message.bytes);
        }
        buf_deinit(&message);
    }
    return status;
}

static enum infscan_status load_for_check(struct loading *loading,
                                          const char *path, struct str yaml)
{
    uint32_t n = loading->list.n;
    const struct rule **before =
        ARENA_ARRAY(loading->arena, const struct rule *, n + 1);

    if (!before) {
        return no_memory(loading->error);
    }
    if (n) {
        memcpy(before, loading->list.items, n * sizeof *before);
    }
    enum infscan_status status =
        rules_load_all(loading->arena, path, yaml, &loading->list,
                       &loading->next_pattern, loading->sink);
    return status == INFSCAN_OK ? report_replaced(loading, before, n)
                                : no_memory(loading->error);
}

static enum infscan_status load_file(struct loading *loading, const char *path)
{
    struct str yaml;
    char digest[65];
    enum infscan_status status = input_read_file(
        loading->arena, path, RULE_FILE_MAX_BYTES, &yaml, loading->error);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (loading->sink) {
        return load_for_check(loading, path, yaml);
    }
    digest_sha256(yaml, digest);
    buf_add_z(&loading->digests, digest);
    return rules_load(loading->arena, path, yaml, &loading->list,
                      &loading->next_pattern, loading->error);
}

static int is_rule_file(const struct dirent *entry)
{
    struct str name = str_from(entry->d_name);

    return name.len && name.bytes[0] != '.' &&
           (str_ends_fold(name, STR(".yml")) ||
            str_ends_fold(name, STR(".yaml")));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* no locale, unlike alphasort */
}

static enum infscan_status load_folder(struct loading *loading,
                                       const char *path)
{
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, is_rule_file, by_name);
    enum infscan_status status = INFSCAN_OK;

    if (n < 0) {
        return error_set_at(loading->error, INFSCAN_IO, path, 0, 0,
                            "cannot list the folder");
    }
    if (n == 0) {
        status = error_set_at(loading->error, INFSCAN_INVALID, path, 0, 0,
                              "no *.yml or *.yaml file in this folder");
    }
    for (int i = 0; i < n; i++) {
        if (status == INFSCAN_OK) {
            struct buf file;
            buf_init(&file, 1u << 16);
            buf_add_z(&file, path);
            buf_add_char(&file, '/');
            buf_add_z(&file, entries[i]->d_name);
            status = file.failed ? no_memory(loading->error)
                                 : load_file(loading, file.bytes);
            buf_deinit(&file);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static enum infscan_status load_path(struct loading *loading, const char *path)
{
    struct stat info;

    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return load_folder(loading, path);
    }
    return load_file(loading, path);
}

static enum infscan_status load_all(struct loading *loading,
                                    enum infscan_ruleset_base base,
                                    const char *const *paths, size_t n_paths)
{
    if (base == INFSCAN_RULESET_BUILTIN) {
        buf_add_z(&loading->digests, rules_builtin_digest);
        loading->next_pattern = rules_builtin.n_patterns;
        for (uint32_t i = 0; i < rules_builtin.n; i++) {
            if (!VEC_PUSH(loading->arena, &loading->list,
                          rules_builtin.rules[i])) {
                return no_memory(loading->error);
            }
        }
    }
    for (size_t i = 0; i < n_paths; i++) {
        enum infscan_status status = load_path(loading, paths[i]);
        if (status != INFSCAN_OK) {
            return status;
        }
    }
    return INFSCAN_OK;
}

enum infscan_status infscan_ruleset_new(enum infscan_ruleset_base base,
                                        const char *const *paths,
                                        size_t n_paths,
                                        struct infscan_ruleset **out,
                                        struct infscan_error *error)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct infscan_ruleset *rules =
        arena ? ARENA_NEW(arena, struct infscan_ruleset) : NULL;

    if (!rules) {
        arena_free(arena);
        return no_memory(error);
    }
    rules->arena = arena;
    if (base == INFSCAN_RULESET_BUILTIN && n_paths == 0) {
        rules->rules = rules_builtin; /* nothing to load, nothing to sort */
        memcpy(rules->digest, rules_builtin_digest, sizeof rules->digest);
        *out = rules;
        return INFSCAN_OK;
    }
    struct loading loading = {.arena = arena, .error = error};
    buf_init(&loading.digests, MAX_DIGESTS_BYTES);
    enum infscan_status status = load_all(&loading, base, paths, n_paths);
    if (status == INFSCAN_OK &&
        (loading.digests.failed ||
         !rules_seal(arena, &loading.list, loading.next_pattern,
                     &rules->rules))) {
        status = no_memory(error);
    }
    digest_sha256(buf_str(&loading.digests), rules->digest);
    buf_deinit(&loading.digests);
    if (status != INFSCAN_OK) {
        arena_free(arena);
        return status;
    }
    *out = rules;
    return INFSCAN_OK;
}

/* Problems are found rule by rule, and shown as they stand in the files. */
struct problems {
    struct arena *arena;
    VEC(struct infscan_rule_problem) list;
    VEC(const char *) files; /* in the order in which they came */
    bool no_memory;
};

static uint32_t number_of_file(struct problems *problems, const char *path)
{
    uint32_t i = 0;

    while (i < problems->files.n &&
           strcmp(problems->files.items[i], path) != 0) {
        i++;
    }
    if (i == problems->files.n &&
        !VEC_PUSH(problems->arena, &problems->files, path)) {
        problems->no_memory = true;
    }
    return i;
}

static void keep_problem(const struct infscan_rule_problem *problem,
                         void *context)
{
    struct problems *problems = context;
    struct infscan_rule_problem copy = *problem;

    copy.message = arena_copy_z(problems->arena, str_from(problem->message));
    if (problem->rule) {
        copy.rule = arena_copy_z(problems->arena, str_from(problem->rule));
    }
    copy.path = arena_copy_z(problems->arena, str_from(problem->path));
    if (!copy.message || !copy.path || (problem->rule && !copy.rule) ||
        !VEC_PUSH(problems->arena, &problems->list, copy)) {
        problems->no_memory = true;
    }
}

/* An insertion sort: problems are few, and equal places keep their order. */
static void sort_problems(struct problems *problems)
{
    struct infscan_rule_problem *items = problems->list.items;

    for (uint32_t i = 1; i < problems->list.n; i++) {
        const struct infscan_rule_problem one = items[i];
        uint32_t file = number_of_file(problems, one.path);
        uint32_t k = i;
        for (; k > 0; k--) {
            const struct infscan_rule_problem *other = &items[k - 1];
            uint32_t other_file = number_of_file(problems, other->path);
            if (other_file < file ||
                (other_file == file &&
                 (other->line < one.line ||
                  (other->line == one.line && other->column <= one.column)))) {
                break;
            }
            items[k] = *other;
        }
        items[k] = one;
    }
}

static enum infscan_status lint_all(struct loading *loading, bool of_files,
                                    size_t *n_rules)
{
    struct rule_set known;

    *n_rules = 0;
    if (!rules_seal(loading->arena, &loading->list, loading->next_pattern,
                    &known)) {
        return INFSCAN_NO_MEMORY;
    }
    for (uint32_t i = 0; i < known.n; i++) {
        if (is_of_file(known.rules[i]) != of_files) {
            continue;
        }
        ++*n_rules;
        if (lint_rule(loading->arena, known.rules[i], &known, loading->sink) !=
            INFSCAN_OK) {
            return INFSCAN_NO_MEMORY;
        }
    }
    return INFSCAN_OK;
}

static enum infscan_status check_all(struct loading *loading,
                                     struct problems *problems,
                                     enum infscan_ruleset_base base,
                                     const char *const *paths, size_t n_paths,
                                     size_t *n_rules)
{
    enum infscan_status status = load_all(loading, base, paths, n_paths);

    if (status == INFSCAN_OK) {
        status = lint_all(loading, n_paths > 0, n_rules);
        status = problems->no_memory ? INFSCAN_NO_MEMORY : status;
        if (status != INFSCAN_OK) {
            return no_memory(loading->error);
        }
    }
    return status;
}

enum infscan_status
infscan_rules_check(enum infscan_ruleset_base base, const char *const *paths,
                    size_t n_paths, infscan_rule_problem_fn *report,
                    void *context, size_t *n_rules, size_t *n_errors,
                    struct infscan_error *error)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct problems problems = {.arena = arena};
    struct lint_sink sink = {.report = keep_problem, .context = &problems};
    struct loading loading = {.arena = arena, .error = error, .sink = &sink};

    if (!arena) {
        return no_memory(error);
    }
    buf_init(&loading.digests, MAX_DIGESTS_BYTES);
    enum infscan_status status =
        check_all(&loading, &problems, base, paths, n_paths, n_rules);
    buf_deinit(&loading.digests);
    if (status == INFSCAN_OK) {
        sort_problems(&problems);
        for (uint32_t i = 0; i < problems.list.n; i++) {
            report(&problems.list.items[i], context);
        }
        *n_errors = sink.n_errors;
    }
    arena_free(arena);
    return status;
}

void infscan_ruleset_free(struct infscan_ruleset *rules)
{
    if (rules) {
        arena_free(rules->arena);
    }
}

const char *infscan_ruleset_digest(const struct infscan_ruleset *rules)
{
    return rules->digest;
}

size_t infscan_ruleset_count(const struct infscan_ruleset *rules)
{
    return rules->rules.n;
}

const struct infscan_rule *
infscan_ruleset_rule(const struct infscan_ruleset *rules, size_t index)
{
    return index < rules->rules.n ? &rules->rules.rules[index]->info : NULL;
}

const struct infscan_rule *
infscan_ruleset_find(const struct infscan_ruleset *rules, const char *id)
{
    for (uint32_t i = 0; i < rules->rules.n; i++) {
        const struct rule *rule = rules->rules.rules[i];
        if (str_equal_fold(str_from(rule->info.id), str_from(id))) {
            return &rule->info;
        }
    }
    return NULL;
}

/* Counts the examples of one list that do not behave. */
static size_t test_examples(struct matcher *matcher, const struct rule *rule,
                            const char *const *examples, int expected,
                            struct infscan_error *error)
{
    size_t failed = 0;

    for (size_t i = 0; examples[i]; i++) {
        if (match_text(matcher, rule, str_from(examples[i])) == expected) {
            continue;
        }
        failed++;
        if (error && !error->message) {
            error_set_at(error, INFSCAN_INVALID, rule->info.source,
                         rule->info.line, 1, "rule %s %s its example: %s",
                         rule->info.id, expected ? "does not match" : "matches",
                         examples[i]);
        }
    }
    return failed;
}

enum infscan_status infscan_ruleset_test(const struct infscan_ruleset *rules,
                                         size_t *failed,
                                         struct infscan_error *error)
{
    struct matcher *matcher = matcher_new(&rules->rules, &limits_default);

    if (!matcher) {
        return no_memory(error);
    }
    *failed = 0;
    for (uint32_t i = 0; i < rules->rules.n; i++) {
        const struct rule *rule = rules->rules.rules[i];
        *failed += test_examples(matcher, rule, rule->match, 1, error);
        *failed += test_examples(matcher, rule, rule->no_match, 0, error);
    }
    matcher_free(matcher);
    return *failed ? INFSCAN_INVALID : INFSCAN_OK;
}
