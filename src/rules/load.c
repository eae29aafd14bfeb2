/* SPDX-License-Identifier: MIT */
#include "rules/load.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "rules/context.h"
#include "rules/lint.h"
#include "rules/literal.h"
#include "rules/match.h"
#include "rules/prefilter.h"
#include "rules/reader.h"
#include "rules/regex.h"

#define MAX_PATTERN_BYTES ((size_t)4096)
#define MAX_SCORE 100

/* Points of a rule that does not say, by enum infscan_severity. */
static const uint32_t default_scores[] = {0, 5, 30, 40, 80};

struct loader {
    struct rule_reader in;
    uint32_t next_pattern;
    struct rule_list rules; /* of this file */
    struct lint_sink *sink; /* NULL: the first complaint ends it */
    enum lint about;        /* what a complaint would be called */
};

/* One rule while its keys are read. */
struct draft {
    struct rule rule;
    uint32_t keys; /* seen, bit 1 << enum key */
    bool is_bad;   /* something in it was complained about */
};

enum key {
#define KEY(id, name, needed) KEY_##id,
#include "rules/keys.def"
#undef KEY
    N_KEYS
};

static const struct key_info {
    const char *name;
    bool needed;
} key_infos[] = {
#define KEY(id, name, needed) {name, needed},
#include "rules/keys.def"
#undef KEY
};

struct text_list {
    const char **items;
    uint32_t n, capacity;
    VEC(struct mark) marks; /* where each stands */
};

static enum infscan_status item_line(struct rule_reader *reader,
                                     const char *key, void *context)
{
    struct text_list *list = context;
    const char *text = NULL;
    enum infscan_status status = reader_take_text(reader, key, &text);

    if (status != INFSCAN_OK) {
        return status;
    }
    const struct mark mark = {reader_line(reader), reader_column(reader)};
    return VEC_PUSH(reader->arena, list, text) &&
                   VEC_PUSH(reader->arena, &list->marks, mark)
               ? INFSCAN_OK
               : reader_no_memory(reader);
}

/* T1234 or T1234.001 */
static bool is_attack_id(struct str s)
{
    if ((s.len != 5 && s.len != 9) || s.bytes[0] != 'T') {
        return false;
    }
    for (size_t i = 1; i < s.len; i++) {
        if (i == 5 ? s.bytes[i] != '.' : !ascii_is_digit(s.bytes[i])) {
            return false;
        }
    }
    return true;
}

static enum infscan_status item_attack(struct rule_reader *reader,
                                       const char *key, void *context)
{
    if (reader->event.type == YAML_SCALAR_EVENT &&
        !is_attack_id(reader_scalar(reader))) {
        return READER_BAD(reader, "not an ATT&CK technique id: write T1059 or "
                                  "T1059.001");
    }
    return item_line(reader, key, context);
}

static enum infscan_status item_context(struct rule_reader *reader,
                                        const char *key, void *context)
{
    if (reader->event.type == YAML_SCALAR_EVENT &&
        !context_is_known(reader_scalar(reader))) {
        return READER_BAD(
            reader,
            "%s takes words such as launcher:cmstp, reach:named, "
            "shape:driver-package or place:network, alternatives with "
            "| between them",
            key);
    }
    return item_line(reader, key, context);
}

/* NULL-terminated, never NULL on success; `marks` may be NULL. */
static enum infscan_status take_list(struct rule_reader *reader,
                                     const char *key, reader_item_fn *item,
                                     const char *const **out,
                                     const struct mark **marks)
{
    struct text_list list = {0};
    enum infscan_status status = reader_each_item(reader, key, item, &list);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!VEC_PUSH(reader->arena, &list, NULL)) {
        return reader_no_memory(reader);
    }
    *out = list.items;
    if (marks) {
        *marks = list.marks.items;
    }
    return INFSCAN_OK;
}

struct target_list {
    struct text_list names;
    uint32_t bits;
};

static enum infscan_status item_target(struct rule_reader *reader,
                                       const char *key, void *context)
{
    struct target_list *targets = context;
    const char *name = NULL;
    enum infscan_status status = reader_take_line(reader, key, &name);

    if (status != INFSCAN_OK) {
        return status;
    }
    for (unsigned i = 0; i < RULE_N_TARGETS; i++) {
        if (!str_equal(str_from(rule_target_name(i)), str_from(name))) {
            continue;
        }
        if (targets->bits & 1u << i) {
            return READER_BAD(reader, "the target %s is given twice", name);
        }
        targets->bits |= 1u << i;
        return VEC_PUSH(reader->arena, &targets->names, rule_target_name(i))
                   ? INFSCAN_OK
                   : reader_no_memory(reader);
    }
    return READER_BAD(reader,
                      "unknown target \"%s\": use command, shape, diagnostic, "
                      "findings or an action kind such as write-registry",
                      name);
}

static enum infscan_status take_targets(struct rule_reader *reader,
                                        struct rule *rule)
{
    struct target_list targets = {{0}, 0};
    enum infscan_status status =
        reader_each_item(reader, "target", item_target, &targets);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!VEC_PUSH(reader->arena, &targets.names, NULL)) {
        return reader_no_memory(reader);
    }
    rule->info.targets = targets.names.items;
    rule->targets = targets.bits;
    return INFSCAN_OK;
}

static enum infscan_status item_allow(struct rule_reader *reader,
                                      const char *key, void *context)
{
    uint32_t *allowed = context;
    const char *name = NULL;
    enum infscan_status status = reader_take_line(reader, key, &name);

    if (status != INFSCAN_OK) {
        return status;
    }
    enum lint lint = lint_warning(str_from(name));
    if (lint == N_LINTS) {
        return READER_BAD(reader,
                          "\"%s\" is no warning of rules check: errors cannot "
                          "be allowed",
                          name);
    }
    *allowed |= 1u << lint;
    return INFSCAN_OK;
}

struct patterns {
    struct pattern *items;
    uint32_t n, capacity;
    uint32_t *next_pattern;
};

/* Columns inside a scalar can be told only where it is spelled as it is. */
static size_t column_shift(const struct rule_reader *reader, size_t offset)
{
    yaml_scalar_style_t style = reader->event.data.scalar.style;

    if (reader->event.start_mark.line != reader->event.end_mark.line) {
        return 0;
    }
    return offset + (style != YAML_PLAIN_SCALAR_STYLE);
}

static void add_literal(struct buf *buf, struct str literal)
{
    buf_add_char(buf, (char)literal.len);
    buf_add(buf, literal);
}

/* rule.h says how. */
static bool add_starts(struct arena *arena, struct pattern *pattern)
{
    struct literal_starts *starts = ARENA_NEW(arena, struct literal_starts);
    struct buf buf;

    if (!starts ||
        !literal_starts_of(arena, str_from(pattern->regex), starts)) {
        return false;
    }
    buf_init(&buf, 1u << 16);
    for (uint32_t i = 0; i < starts->n; i++) {
        add_literal(&buf, starts->items[i]);
    }
    pattern->back = starts->back;
    pattern->starts = buf.failed ? NULL : arena_copy_z(arena, buf_str(&buf));
    buf_deinit(&buf);
    return pattern->starts != NULL;
}

/* rule.h says how; NULL when the arena failed. */
static const char *needs_of(struct arena *arena, struct str pattern)
{
    struct literal_needs needs;
    struct buf buf;

    if (!literal_needs_of(arena, pattern, &needs)) {
        return NULL;
    }
    buf_init(&buf, 1u << 16);
    for (uint32_t g = 0; g < needs.n; g++) {
        for (uint32_t i = 0; i < needs.groups[g].n; i++) {
            add_literal(&buf, needs.groups[g].items[i]);
        }
        buf_add_char(&buf, NEEDS_GROUP_END);
    }
    const char *copy = buf.failed ? NULL : arena_copy_z(arena, buf_str(&buf));
    buf_deinit(&buf);
    return copy;
}

static enum infscan_status item_pattern(struct rule_reader *reader,
                                        const char *key, void *context)
{
    struct patterns *patterns = context;
    struct regex_error bad = {0};
    struct pattern pattern = {.id = *patterns->next_pattern};
    enum infscan_status status = reader_take_line(reader, key, &pattern.regex);

    if (status != INFSCAN_OK) {
        return status;
    }
    struct str source = str_from(pattern.regex);
    if (source.len > MAX_PATTERN_BYTES) {
        return READER_BAD(reader, "the pattern is longer than %zu bytes",
                          MAX_PATTERN_BYTES);
    }
    struct regex *regex = regex_compile(source, REGEX_FAST, &bad);
    if (!regex) {
        return READER_BAD_AT(reader, column_shift(reader, bad.offset),
                             "bad pattern, %s, at character %zu of: %s",
                             bad.message, bad.offset + 1, pattern.regex);
    }
    regex_free(regex);
    pattern.needs = needs_of(reader->arena, source);
    pattern.line = reader_line(reader);
    pattern.column = reader_column(reader);
    ++*patterns->next_pattern;
    return pattern.needs && add_starts(reader->arena, &pattern) &&
                   VEC_PUSH(reader->arena, patterns, pattern)
               ? INFSCAN_OK
               : reader_no_memory(reader);
}

static enum infscan_status take_patterns(struct loader *loader, const char *key,
                                         struct pattern_list *out)
{
    struct patterns patterns = {.next_pattern = &loader->next_pattern};
    enum infscan_status status =
        reader_each_item(&loader->in, key, item_pattern, &patterns);

    out->items = patterns.items;
    out->n = patterns.n;
    return status;
}

static enum infscan_status take_severity(struct rule_reader *reader,
                                         enum infscan_severity *out)
{
    const char *name = NULL;
    enum infscan_status status = reader_take_line(reader, "severity", &name);

    if (status != INFSCAN_OK) {
        return status;
    }
    for (int i = INFSCAN_INFO; i <= INFSCAN_CRITICAL; i++) {
        enum infscan_severity severity = (enum infscan_severity)i;
        if (str_equal(str_from(infscan_severity_name(severity)),
                      str_from(name))) {
            *out = severity;
            return INFSCAN_OK;
        }
    }
    return READER_BAD(reader,
                      "unknown severity \"%s\": use info, low, medium, high "
                      "or critical",
                      name);
}

static enum infscan_status take_score(struct rule_reader *reader, uint32_t *out)
{
    int64_t score;

    if (reader->event.type != YAML_SCALAR_EVENT ||
        !str_parse_int(reader_scalar(reader), &score) || score < 0 ||
        score > MAX_SCORE) {
        return READER_BAD(reader, "score takes a whole number from 0 to %d",
                          MAX_SCORE);
    }
    *out = (uint32_t)score;
    return INFSCAN_OK;
}

/* Lower-case words of letters, digits and hyphens, joined by dots. */
static bool is_rule_id(struct str s)
{
    bool in_word = false;
    bool has_dot = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.bytes[i];
        if (c == '.') {
            if (!in_word) {
                return false;
            }
            has_dot = true;
            in_word = false;
        } else if (ascii_is_digit(c) || (c >= 'a' && c <= 'z') ||
                   (c == '-' && in_word)) {
            in_word = true;
        } else {
            return false;
        }
    }
    return in_word && has_dot;
}

static enum infscan_status take_id(struct loader *loader, const char **out)
{
    enum infscan_status status = reader_take_line(&loader->in, "id", out);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!is_rule_id(str_from(*out))) {
        return READER_BAD(&loader->in,
                          "bad id \"%s\": write theme.name in lower-case "
                          "letters, digits, hyphens and dots",
                          *out);
    }
    for (uint32_t i = 0; i < loader->rules.n; i++) {
        const struct infscan_rule *other = &loader->rules.items[i]->info;
        if (str_equal(str_from(other->id), str_from(*out))) {
            loader->about = LINT_DUPLICATE_ID;
            return READER_BAD(&loader->in,
                              "the id %s is taken by the rule in line %u", *out,
                              other->line);
        }
    }
    return INFSCAN_OK;
}

/* The value of one key, whose first event is in place. */
static enum infscan_status take_value(struct loader *loader,
                                      struct draft *draft, enum key key)
{
    struct rule *rule = &draft->rule;
    struct infscan_rule *info = &rule->info;
    const char *name = key_infos[key].name;

    switch (key) {
    case KEY_ID:
        return take_id(loader, &info->id);
    case KEY_TITLE:
        return reader_take_line(&loader->in, name, &info->title);
    case KEY_DESCRIPTION:
        return reader_take_text(&loader->in, name, &info->description);
    case KEY_CONFIRM:
        return reader_take_text(&loader->in, name, &info->confirm);
    case KEY_SEVERITY:
        return take_severity(&loader->in, &info->severity);
    case KEY_SCORE:
        return take_score(&loader->in, &info->score);
    case KEY_ATTACK:
        return take_list(&loader->in, name, item_attack, &info->attack,
                         &rule->attack_marks);
    case KEY_REFERENCES:
        return take_list(&loader->in, name, item_line, &info->references, NULL);
    case KEY_FALSEPOSITIVES:
        return take_list(&loader->in, name, item_line, &info->falsepositives,
                         NULL);
    case KEY_TARGET:
        return take_targets(&loader->in, rule);
    case KEY_ALL:
        return take_patterns(loader, name, &rule->all);
    case KEY_ANY:
        return take_patterns(loader, name, &rule->any);
    case KEY_NONE:
        return take_patterns(loader, name, &rule->none);
    case KEY_WHEN:
        return take_list(&loader->in, name, item_context, &rule->when,
                         &rule->when_marks);
    case KEY_UNLESS:
        return take_list(&loader->in, name, item_context, &rule->unless, NULL);
    case KEY_ALLOW:
        return reader_each_item(&loader->in, name, item_allow, &rule->allowed);
    case KEY_MATCH:
        return take_list(&loader->in, name, item_line, &rule->match,
                         &rule->match_marks);
    case KEY_NO_MATCH:
        return take_list(&loader->in, name, item_line, &rule->no_match,
                         &rule->no_match_marks);
    case N_KEYS:
        break;
    }
    return INFSCAN_OK;
}

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
    return status == INFSCAN_OK ? take_value(loader, draft, key) : status;
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

/* Adds a file's rules; one with a known id takes the earlier one's place. */
static bool merge(struct arena *arena, const struct rule_list *from,
                  struct rule_list *into)
{
    uint32_t n_old = into->n;

    for (uint32_t i = 0; i < from->n; i++) {
        struct str id = str_from(from->items[i]->info.id);
        uint32_t k = 0;
        while (k < n_old && !str_equal(str_from(into->items[k]->info.id), id)) {
            k++;
        }
        if (k < n_old) {
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
