/* SPDX-License-Identifier: MIT */
#include "scan/ruleset.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
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
};

static enum infscan_status no_memory(struct infscan_error *error)
{
    return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
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
