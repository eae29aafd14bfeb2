/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "rules/context.h"
#include "rules/literal.h"
#include "rules/loading.h"
#include "rules/regex.h"

#define MAX_PATTERN_BYTES ((size_t)4096)
#define MAX_SCORE 100

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

/* Those that are told to be missing with the least look-ups come first. */
static void sort_groups(struct literal_needs *needs)
{
    for (uint32_t i = 1; i < needs->n; i++) {
        for (uint32_t k = i; k && needs->groups[k].n < needs->groups[k - 1].n;
             k--) {
            struct literal_group group = needs->groups[k];
            needs->groups[k] = needs->groups[k - 1];
            needs->groups[k - 1] = group;
        }
    }
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
    sort_groups(&needs);
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

/* Long texts take the pattern with a callout before each item, which PCRE2 may
 * have no room for although the pattern alone is fine. */
static bool can_be_counted(struct str pattern)
{
    struct regex_error bad = {0};
    struct regex *regex = regex_compile(pattern, REGEX_COUNTED, &bad);

    regex_free(regex);
    return regex != NULL;
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
    if (!can_be_counted(source)) {
        return READER_BAD(reader, "bad pattern, it has too many parts");
    }
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
    uint32_t other;
    if (!rule_list_find(loader->in.arena, &loader->rules, *out, &other)) {
        return reader_no_memory(&loader->in);
    }
    if (other == MAP_NONE) {
        return INFSCAN_OK;
    }
    loader->about = LINT_DUPLICATE_ID;
    return READER_BAD(&loader->in, "the id %s is taken by the rule in line %u",
                      *out, loader->rules.items[other]->info.line);
}

enum infscan_status load_value(struct loader *loader, struct draft *draft,
                               enum key key, const char *name)
{
    struct rule *rule = &draft->rule;
    struct infscan_rule *info = &rule->info;

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
