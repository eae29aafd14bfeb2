/* SPDX-License-Identifier: MIT */
#include "rules/load.h"

#include "base/error.h"
#include "base/limits.h"
#include "rules/loading.h"
#include "rules/match.h"
#include "rules/prefilter.h"

/* Points of a rule that does not say, by enum infscan_severity. */
static const uint32_t default_scores[] = {0, 5, 30, 40, 80};

static const struct key_info {
    const char *name;
    bool needed;
} key_infos[] = {
#define KEY(id, name, needed) {name, needed},
#include "rules/keys.def"
#undef KEY
};

/* What a complaint about the value of a key is called. */
static enum lint about_value(enum key key)
{
    return key == KEY_ALL || key == KEY_ANY || key == KEY_NONE
               ? LINT_BAD_PATTERN
               : LINT_BAD_VALUE;
}

/* One key and its value; the key is the current event. */
static enum infscan_status take_pair(struct loader *loader, struct draft *draft)
{
    enum key key = 0;

    loader->about = LINT_UNKNOWN_KEY;
    if (loader->in.event.type != YAML_SCALAR_EVENT) {
        return READER_BAD(&loader->in,
                          "a key of a rule must be a plain word such as id");
    }
    struct str name = reader_scalar(&loader->in);
    while (key < N_KEYS && !str_equal(str_from(key_infos[key].name), name)) {
        key++;
    }
    if (key == N_KEYS) {
        return READER_BAD(
            &loader->in,
            "unknown key \"%.*s\": infscan-rules(5) lists the keys",
            (int)(name.len < 64 ? name.len : 64), name.bytes);
    }
    loader->about = about_value(key);
    if (draft->keys & 1u << key) {
        return READER_BAD(&loader->in,
                          "the key %s is given twice in one rule: merge them",
                          key_infos[key].name);
    }
    draft->keys |= 1u << key;
    enum infscan_status status = reader_next(&loader->in);
    return status == INFSCAN_OK
               ? load_value(loader, draft, key, key_infos[key].name)
               : status;
}

/* Hands a complaint on, where all are wanted. true: reading may go on. */
static bool is_taken(struct loader *loader, const char *rule)
{
    const struct infscan_error *error = loader->in.error;

    if (!loader->sink) {
        return false;
    }
    lint_report(loader->sink, loader->about, rule, loader->in.name,
                (struct mark){error->line, error->column},
                error->message ? error->message : "out of memory");
    infscan_error_clear(loader->in.error);
    return true;
}

/* As take_pair; where all complaints are wanted, one about this pair ends it,
 * and nothing else. depth: of the rule's keys. */
static enum infscan_status try_pair(struct loader *loader, struct draft *draft,
                                    uint32_t depth)
{
    uint32_t keys = draft->keys;
    enum infscan_status status = take_pair(loader, draft);

    if (status != INFSCAN_INVALID || !loader->in.has_event ||
        !is_taken(loader, draft->rule.info.id)) {
        return status;
    }
    draft->is_bad = true;
    status = INFSCAN_OK;
    if (keys == draft->keys) { /* the value has yet to come */
        status = reader_skip_to(&loader->in, depth);
        if (status == INFSCAN_OK) {
            status = reader_skip(&loader->in);
        }
    }
    return status == INFSCAN_OK ? reader_skip_to(&loader->in, depth) : status;
}

/* A complaint about a rule as a whole. */
static enum infscan_status lacks(struct loader *loader, struct draft *draft,
                                 const char *what, const char *mend)
{
    const struct infscan_rule *info = &draft->rule.info;
    enum infscan_status status = error_set_at(
        loader->in.error, INFSCAN_INVALID, loader->in.name, info->line, 1,
        "the rule %s %s: %s", info->id ? info->id : "without id", what, mend);

    loader->about = LINT_MISSING_KEY;
    if (is_taken(loader, info->id)) {
        draft->is_bad = true;
        return INFSCAN_OK;
    }
    return status;
}

static enum infscan_status check_complete(struct loader *loader,
                                          struct draft *draft)
{
    uint32_t patterns = 1u << KEY_ALL | 1u << KEY_ANY;

    for (unsigned key = 0; key < N_KEYS; key++) {
        if (key_infos[key].needed && !(draft->keys & 1u << key)) {
            char what[64];
            snprintf(what, sizeof what, "lacks the key %s",
                     key_infos[key].name);
            enum infscan_status status = lacks(loader, draft, what, "add it");
            if (status != INFSCAN_OK) {
                return status;
            }
        }
    }
    return draft->keys & patterns
               ? INFSCAN_OK
               : lacks(loader, draft, "has no pattern", "add all or any");
}

/* Up to the end of a rule, whose start is the current event. */
static enum infscan_status take_pairs(struct loader *loader,
                                      struct draft *draft)
{
    uint32_t depth = loader->in.depth;

    for (;;) {
        loader->about = LINT_YAML;
        enum infscan_status status = reader_next(&loader->in);
        if (status != INFSCAN_OK) {
            return status;
        }
        if (loader->in.event.type == YAML_MAPPING_END_EVENT) {
            return check_complete(loader, draft);
        }
        status = try_pair(loader, draft, depth);
        if (status != INFSCAN_OK) {
            return status;
        }
    }
}

/* One rule; its mapping's start is the current event. */
static enum infscan_status take_rule(struct loader *loader)
{
    static const char *const nothing[] = {NULL};
    struct draft draft = {.rule = {.info = {.confirm = "",
                                            .attack = nothing,
                                            .references = nothing,
                                            .falsepositives = nothing,
                                            .source = loader->in.name,
                                            .line = reader_line(&loader->in)},
                                   .when = nothing,
                                   .unless = nothing}};

    if (loader->in.event.type != YAML_MAPPING_START_EVENT) {
        loader->about = LINT_BAD_VALUE;
        return READER_BAD(&loader->in,
                          "a rule is a block of keys: begin it with "
                          "\"- id: theme.name\"");
    }
    enum infscan_status status = take_pairs(loader, &draft);
    if (status != INFSCAN_OK || draft.is_bad) {
        return status;
    }
    if (!(draft.keys & 1u << KEY_SCORE)) {
        draft.rule.info.score = default_scores[draft.rule.info.severity];
    }
    struct rule *rule = ARENA_NEW(loader->in.arena, struct rule);
    if (!rule || !VEC_PUSH(loader->in.arena, &loader->rules, rule)) {
        return reader_no_memory(&loader->in);
    }
    *rule = draft.rule;
    return prefilter_gate(loader->in.arena, rule)
               ? INFSCAN_OK
               : reader_no_memory(&loader->in);
}

/* As take_rule; where all complaints are wanted, goes on behind a bad one. */
static enum infscan_status try_rule(struct loader *loader)
{
    uint32_t depth = loader->in.depth;
    bool is_block = loader->in.event.type == YAML_MAPPING_START_EVENT ||
                    loader->in.event.type == YAML_SEQUENCE_START_EVENT;
    enum infscan_status status = take_rule(loader);

    if (status != INFSCAN_INVALID || !loader->in.has_event ||
        !is_taken(loader, NULL)) {
        return status;
    }
    return reader_skip_to(&loader->in, depth - is_block);
}

static enum infscan_status take_rules(struct loader *loader)
{
    static const char mend[] = "a rule file begins with the line \"rules:\", "
                               "under it a list of rules and nothing else";
    enum infscan_status status =
        reader_expect(&loader->in, YAML_STREAM_START_EVENT, mend);

    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_DOCUMENT_START_EVENT, mend);
    }
    if (status == INFSCAN_OK &&
        (loader->in.event.data.document_start.version_directive ||
         loader->in.event.data.document_start.tag_directives.start !=
             loader->in.event.data.document_start.tag_directives.end)) {
        return READER_BAD(&loader->in,
                          "directives (%%YAML, %%TAG) are not allowed in rule "
                          "files: remove the line");
    }
    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_MAPPING_START_EVENT, mend);
    }
    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_SCALAR_EVENT, mend);
    }
    if (status == INFSCAN_OK &&
        !str_equal(reader_scalar(&loader->in), STR("rules"))) {
        return READER_BAD(&loader->in, "%s", mend);
    }
    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_SEQUENCE_START_EVENT, mend);
    }
    while (status == INFSCAN_OK) {
        status = reader_next(&loader->in);
        if (status == INFSCAN_OK) {
            if (loader->in.event.type == YAML_SEQUENCE_END_EVENT) {
                break;
            }
            status = try_rule(loader);
        }
    }
    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_MAPPING_END_EVENT, mend);
    }
    if (status == INFSCAN_OK) {
        status = reader_expect(&loader->in, YAML_DOCUMENT_END_EVENT, mend);
    }
    return status != INFSCAN_OK
               ? status
               : reader_expect(
                     &loader->in, YAML_STREAM_END_EVENT,
                     "one document a file: remove what follows ---, or "
                     "move it to a file of its own");
}

static enum infscan_status
check_examples(struct loader *loader, struct matcher *matcher,
               const struct rule *rule, const char *const *examples,
               const struct mark *marks, int expected)
{
    for (size_t i = 0; examples[i]; i++) {
        int got = match_text(matcher, rule, str_from(examples[i]));
        if (got == expected) {
            continue;
        }
        enum infscan_status status = error_set_at(
            loader->in.error, INFSCAN_INVALID, loader->in.name, marks[i].line,
            marks[i].column, "the rule %s %s the example that it %s: %s",
            rule->info.id,
            got < 0 ? "takes too many steps for"
                    : (got ? "matches" : "does not match"),
            expected ? "should match" : "should not match", examples[i]);
        loader->about = LINT_BAD_EXAMPLE;
        if (!is_taken(loader, rule->info.id)) {
            return status;
        }
    }
    return INFSCAN_OK;
}

static enum infscan_status check_all_examples(struct loader *loader)
{
    const struct rule_set set = {.rules = loader->rules.items,
                                 .n = loader->rules.n,
                                 .n_patterns = loader->next_pattern};
    struct matcher *matcher = matcher_new(&set, &limits_default);
    enum infscan_status status = INFSCAN_OK;

    if (!matcher) {
        return reader_no_memory(&loader->in);
    }
    for (uint32_t i = 0; i < set.n && status == INFSCAN_OK; i++) {
        const struct rule *rule = set.rules[i];
        status = check_examples(loader, matcher, rule, rule->match,
                                rule->match_marks, 1);
        if (status == INFSCAN_OK) {
            status = check_examples(loader, matcher, rule, rule->no_match,
                                    rule->no_match_marks, 0);
        }
    }
    matcher_free(matcher);
    return status;
}

bool rule_list_find(struct arena *arena, struct rule_list *list, const char *id,
                    uint32_t *out)
{
    while (list->ids.n < list->n) {
        uint32_t i = list->ids.n;
        struct str known = str_from(list->items[i]->info.id);
        if (map_put(&list->ids, arena, known, i) != i) {
            return false;
        }
    }
    *out = map_get(&list->ids, str_from(id));
    return true;
}

/* Adds a file's rules; one with a known id takes the earlier one's place. */
static bool merge(struct arena *arena, const struct rule_list *from,
                  struct rule_list *into)
{
    for (uint32_t i = 0; i < from->n; i++) {
        uint32_t k;
        if (!rule_list_find(arena, into, from->items[i]->info.id, &k)) {
            return false;
        }
        if (k != MAP_NONE) {
            into->items[k] = from->items[i];
        } else if (!VEC_PUSH(arena, into, from->items[i])) {
            return false;
        }
    }
    return true;
}

/* As rules_load; with a sink, complaints that reading goes on after end there,
 * and so does the last one. */
static enum infscan_status load(struct loader *loader, struct rule_list *list,
                                uint32_t *next_pattern)
{
    enum infscan_status status = take_rules(loader);

    reader_close(&loader->in);
    if (status == INFSCAN_INVALID) {
        loader->about = LINT_YAML;
        status = is_taken(loader, NULL) ? INFSCAN_OK : status;
    }
    if (status == INFSCAN_OK) {
        status = check_all_examples(loader);
    }
    if (status == INFSCAN_OK &&
        !merge(loader->in.arena, &loader->rules, list)) {
        status = reader_no_memory(&loader->in);
    }
    if (status == INFSCAN_OK) {
        *next_pattern = loader->next_pattern;
    }
    return status;
}

enum infscan_status rules_load(struct arena *arena, const char *name,
                               struct str yaml, struct rule_list *list,
                               uint32_t *next_pattern,
                               struct infscan_error *error)
{
    struct loader loader = {.next_pattern = *next_pattern};
    enum infscan_status status =
        reader_open(&loader.in, arena, name, yaml, error);

    return status == INFSCAN_OK ? load(&loader, list, next_pattern) : status;
}

enum infscan_status rules_load_all(struct arena *arena, const char *name,
                                   struct str yaml, struct rule_list *list,
                                   uint32_t *next_pattern,
                                   struct lint_sink *sink)
{
    struct infscan_error error = {0};
    struct loader loader = {.next_pattern = *next_pattern, .sink = sink};
    enum infscan_status status =
        reader_open(&loader.in, arena, name, yaml, &error);

    if (status == INFSCAN_OK) {
        status = load(&loader, list, next_pattern);
    }
    infscan_error_clear(&error);
    return status;
}

static int compare_ids(const void *a, const void *b)
{
    const struct rule *const *left = a;
    const struct rule *const *right = b;

    return strcmp((*left)->info.id, (*right)->info.id);
}

bool rules_seal(struct arena *arena, const struct rule_list *list,
                uint32_t n_patterns, struct rule_set *out)
{
    const struct rule **sorted =
        ARENA_ARRAY(arena, const struct rule *, list->n);

    if (!sorted) {
        return false;
    }
    if (list->n) {
        memcpy(sorted, list->items, list->n * sizeof(const struct rule *));
        qsort(sorted, list->n, sizeof(const struct rule *), compare_ids);
    }
    out->rules = sorted;
    out->n = list->n;
    out->n_patterns = n_patterns;
    out->filter = prefilter_new(arena, out);
    return out->filter != NULL;
}
