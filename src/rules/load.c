/* SPDX-License-Identifier: MIT */
#include "rules/load.h"

#include <yaml.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "rules/context.h"
#include "rules/literal.h"
#include "rules/match.h"
#include "rules/prefilter.h"
#include "rules/regex.h"

/* More than hand-written rules need, few enough to fit every count. */
#define MAX_LIST 256
#define MAX_SCALAR_BYTES ((size_t)8192)
#define MAX_PATTERN_BYTES ((size_t)4096)
#define MAX_SCORE 100

/* Points of a rule that does not say, by enum infscan_severity. */
static const uint32_t default_scores[] = {0, 5, 30, 40, 80};

struct loader {
    struct arena *arena;
    struct infscan_error *error;
    const char *name; /* in the arena */
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    uint32_t next_pattern;
    struct rule_list rules; /* of this file */
};

/* One rule while its keys are read. */
struct draft {
    struct rule rule;
    uint32_t keys; /* seen, bit 1 << enum key */
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

static enum infscan_status no_memory(struct loader *loader)
{
    return error_set(loader->error, INFSCAN_NO_MEMORY, "out of memory");
}

/* INVALID at the current event, or at an offset into a one-line scalar. */
#define BAD_AT(loader, offset, ...)                                            \
    error_set_at((loader)->error, INFSCAN_INVALID, (loader)->name,             \
                 event_line(loader),                                           \
                 event_column(loader) + (uint32_t)(offset), __VA_ARGS__)
#define BAD(loader, ...) BAD_AT(loader, 0, __VA_ARGS__)

static uint32_t event_line(const struct loader *loader)
{
    return (uint32_t)loader->event.start_mark.line + 1;
}

static uint32_t event_column(const struct loader *loader)
{
    return (uint32_t)loader->event.start_mark.column + 1;
}

static void drop_event(struct loader *loader)
{
    if (loader->has_event) {
        yaml_event_delete(&loader->event);
        loader->has_event = false;
    }
}

static enum infscan_status refuse_extras(struct loader *loader)
{
    const yaml_event_t *event = &loader->event;
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT) {
        return BAD(loader, "aliases (*name) are not allowed in rule files: "
                           "write the value out, or quote a leading *");
    }
    if (anchor) {
        return BAD(loader, "anchors (&name) are not allowed in rule files: "
                           "remove it, or quote a leading &");
    }
    if (tag) {
        return BAD(loader, "tags (!name) are not allowed in rule files: "
                           "remove it, or quote a leading !");
    }
    return INFSCAN_OK;
}

/* The next event into loader->event. */
static enum infscan_status next(struct loader *loader)
{
    drop_event(loader);
    if (!yaml_parser_parse(&loader->parser, &loader->event)) {
        const yaml_parser_t *parser = &loader->parser;
        if (parser->error == YAML_MEMORY_ERROR) {
            return no_memory(loader);
        }
        if (parser->error == YAML_READER_ERROR) {
            return error_set_at(loader->error, INFSCAN_INVALID, loader->name, 1,
                                1, "not UTF-8 at byte %zu: %s",
                                parser->problem_offset, parser->problem);
        }
        return error_set_at(loader->error, INFSCAN_INVALID, loader->name,
                            (uint32_t)parser->problem_mark.line + 1,
                            (uint32_t)parser->problem_mark.column + 1,
                            "not YAML: %s%s%s", parser->problem,
                            parser->context ? " " : "",
                            parser->context ? parser->context : "");
    }
    loader->has_event = true;
    return refuse_extras(loader);
}

static struct str event_scalar(const struct loader *loader)
{
    return str_of((const char *)loader->event.data.scalar.value,
                  loader->event.data.scalar.length);
}

/* The current event as text in the arena. */
static enum infscan_status take_text(struct loader *loader, const char *key,
                                     const char **out)
{
    if (loader->event.type != YAML_SCALAR_EVENT) {
        return BAD(loader, "%s takes plain text: quote it, and do not nest",
                   key);
    }
    struct str s = event_scalar(loader);
    while (s.len && s.bytes[s.len - 1] == '\n') {
        s.len--; /* of a block scalar; blanks may be part of a pattern */
    }
    if (str_trim(s).len == 0) {
        return BAD(loader, "%s is empty: write something, or leave the key out",
                   key);
    }
    if (s.len > MAX_SCALAR_BYTES || memchr(s.bytes, '\0', s.len)) {
        return BAD(loader, "%s is longer than %zu bytes or holds a NUL", key,
                   MAX_SCALAR_BYTES);
    }
    *out = arena_copy_z(loader->arena, s);
    return *out ? INFSCAN_OK : no_memory(loader);
}

/* As take_text for what is one line. */
static enum infscan_status take_line(struct loader *loader, const char *key,
                                     const char **out)
{
    enum infscan_status status = take_text(loader, key, out);

    if (status == INFSCAN_OK && *out && strpbrk(*out, "\r\n")) {
        return BAD(loader, "%s must be one line", key);
    }
    return status;
}

/* Called for each scalar of a list, with the event in place. */
typedef enum infscan_status item_fn(struct loader *loader, const char *key,
                                    void *context);

/* A scalar, or a sequence of scalars. */
static enum infscan_status each_item(struct loader *loader, const char *key,
                                     item_fn *item, void *context)
{
    uint32_t n = 0;

    if (loader->event.type == YAML_SCALAR_EVENT) {
        return item(loader, key, context);
    }
    if (loader->event.type != YAML_SEQUENCE_START_EVENT) {
        return BAD(loader,
                   "%s takes a list: put each item on a line of its "
                   "own behind \"- \", quoted",
                   key);
    }
    for (;;) {
        enum infscan_status status = next(loader);
        if (status != INFSCAN_OK) {
            return status;
        }
        if (loader->event.type == YAML_SEQUENCE_END_EVENT) {
            break;
        }
        if (++n > MAX_LIST) {
            return BAD(loader, "%s has more than %d items: split the rule", key,
                       MAX_LIST);
        }
        status = item(loader, key, context);
        if (status != INFSCAN_OK) {
            return status;
        }
    }
    return n ? INFSCAN_OK
             : BAD(loader, "%s is empty: add an item, or leave the key out",
                   key);
}

struct text_list {
    const char **items;
    uint32_t n, capacity;
};

static enum infscan_status item_line(struct loader *loader, const char *key,
                                     void *context)
{
    struct text_list *list = context;
    const char *text = NULL;
    enum infscan_status status = take_text(loader, key, &text);

    if (status != INFSCAN_OK) {
        return status;
    }
    return VEC_PUSH(loader->arena, list, text) ? INFSCAN_OK : no_memory(loader);
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

static enum infscan_status item_attack(struct loader *loader, const char *key,
                                       void *context)
{
    if (loader->event.type == YAML_SCALAR_EVENT &&
        !is_attack_id(event_scalar(loader))) {
        return BAD(loader, "not an ATT&CK technique id: write T1059 or "
                           "T1059.001");
    }
    return item_line(loader, key, context);
}

static enum infscan_status item_context(struct loader *loader, const char *key,
                                        void *context)
{
    if (loader->event.type == YAML_SCALAR_EVENT &&
        !context_is_known(event_scalar(loader))) {
        return BAD(loader,
                   "%s takes words such as launcher:cmstp, reach:named, "
                   "shape:driver-package or place:network, alternatives with "
                   "| between them",
                   key);
    }
    return item_line(loader, key, context);
}

/* NULL-terminated, never NULL on success. */
static enum infscan_status take_list(struct loader *loader, const char *key,
                                     item_fn *item, const char *const **out)
{
    struct text_list list = {0};
    enum infscan_status status = each_item(loader, key, item, &list);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!VEC_PUSH(loader->arena, &list, NULL)) {
        return no_memory(loader);
    }
    *out = list.items;
    return INFSCAN_OK;
}

struct target_list {
    struct text_list names;
    uint32_t bits;
};

static enum infscan_status item_target(struct loader *loader, const char *key,
                                       void *context)
{
    struct target_list *targets = context;
    const char *name = NULL;
    enum infscan_status status = take_line(loader, key, &name);

    if (status != INFSCAN_OK) {
        return status;
    }
    for (unsigned i = 0; i < RULE_N_TARGETS; i++) {
        if (!str_equal(str_from(rule_target_name(i)), str_from(name))) {
            continue;
        }
        if (targets->bits & 1u << i) {
            return BAD(loader, "the target %s is given twice", name);
        }
        targets->bits |= 1u << i;
        return VEC_PUSH(loader->arena, &targets->names, rule_target_name(i))
                   ? INFSCAN_OK
                   : no_memory(loader);
    }
    return BAD(loader,
               "unknown target \"%s\": use command, shape, diagnostic, "
               "findings or an action kind such as write-registry",
               name);
}

static enum infscan_status take_targets(struct loader *loader,
                                        struct rule *rule)
{
    struct target_list targets = {{0}, 0};
    enum infscan_status status =
        each_item(loader, "target", item_target, &targets);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!VEC_PUSH(loader->arena, &targets.names, NULL)) {
        return no_memory(loader);
    }
    rule->info.targets = targets.names.items;
    rule->targets = targets.bits;
    return INFSCAN_OK;
}

struct patterns {
    struct pattern *items;
    uint32_t n, capacity;
};

/* Columns inside a scalar can be told only where it is spelled as it is. */
static size_t column_shift(const struct loader *loader, size_t offset)
{
    yaml_scalar_style_t style = loader->event.data.scalar.style;

    if (loader->event.start_mark.line != loader->event.end_mark.line) {
        return 0;
    }
    return offset + (style != YAML_PLAIN_SCALAR_STYLE);
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
            struct str literal = needs.groups[g].items[i];
            buf_add_char(&buf, (char)literal.len);
            buf_add(&buf, literal);
        }
        buf_add_char(&buf, NEEDS_GROUP_END);
    }
    const char *copy = buf.failed ? NULL : arena_copy_z(arena, buf_str(&buf));
    buf_deinit(&buf);
    return copy;
}

static enum infscan_status item_pattern(struct loader *loader, const char *key,
                                        void *context)
{
    struct patterns *patterns = context;
    struct regex_error bad = {0};
    struct pattern pattern = {.id = loader->next_pattern};
    enum infscan_status status = take_line(loader, key, &pattern.regex);

    if (status != INFSCAN_OK) {
        return status;
    }
    struct str source = str_from(pattern.regex);
    if (source.len > MAX_PATTERN_BYTES) {
        return BAD(loader, "the pattern is longer than %zu bytes",
                   MAX_PATTERN_BYTES);
    }
    struct regex *regex = regex_compile(source, REGEX_FAST, &bad);
    if (!regex) {
        return BAD_AT(loader, column_shift(loader, bad.offset),
                      "bad pattern, %s, at character %zu of: %s", bad.message,
                      bad.offset + 1, pattern.regex);
    }
    regex_free(regex);
    pattern.needs = needs_of(loader->arena, source);
    pattern.line = event_line(loader);
    pattern.column = event_column(loader);
    loader->next_pattern++;
    return pattern.needs && VEC_PUSH(loader->arena, patterns, pattern)
               ? INFSCAN_OK
               : no_memory(loader);
}

static enum infscan_status take_patterns(struct loader *loader, const char *key,
                                         struct pattern_list *out)
{
    struct patterns patterns = {0};
    enum infscan_status status =
        each_item(loader, key, item_pattern, &patterns);

    out->items = patterns.items;
    out->n = patterns.n;
    return status;
}

static enum infscan_status take_severity(struct loader *loader,
                                         enum infscan_severity *out)
{
    const char *name = NULL;
    enum infscan_status status = take_line(loader, "severity", &name);

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
    return BAD(loader,
               "unknown severity \"%s\": use info, low, medium, high "
               "or critical",
               name);
}

static enum infscan_status take_score(struct loader *loader, uint32_t *out)
{
    int64_t score;

    if (loader->event.type != YAML_SCALAR_EVENT ||
        !str_parse_int(event_scalar(loader), &score) || score < 0 ||
        score > MAX_SCORE) {
        return BAD(loader, "score takes a whole number from 0 to %d",
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
    enum infscan_status status = take_line(loader, "id", out);

    if (status != INFSCAN_OK) {
        return status;
    }
    if (!is_rule_id(str_from(*out))) {
        return BAD(loader,
                   "bad id \"%s\": write theme.name in lower-case "
                   "letters, digits, hyphens and dots",
                   *out);
    }
    for (uint32_t i = 0; i < loader->rules.n; i++) {
        const struct infscan_rule *other = &loader->rules.items[i]->info;
        if (str_equal(str_from(other->id), str_from(*out))) {
            return BAD(loader, "the id %s is taken by the rule in line %u",
                       *out, other->line);
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
        return take_line(loader, name, &info->title);
    case KEY_DESCRIPTION:
        return take_text(loader, name, &info->description);
    case KEY_CONFIRM:
        return take_text(loader, name, &info->confirm);
    case KEY_SEVERITY:
        return take_severity(loader, &info->severity);
    case KEY_SCORE:
        return take_score(loader, &info->score);
    case KEY_ATTACK:
        return take_list(loader, name, item_attack, &info->attack);
    case KEY_REFERENCES:
        return take_list(loader, name, item_line, &info->references);
    case KEY_FALSEPOSITIVES:
        return take_list(loader, name, item_line, &info->falsepositives);
    case KEY_TARGET:
        return take_targets(loader, rule);
    case KEY_ALL:
        return take_patterns(loader, name, &rule->all);
    case KEY_ANY:
        return take_patterns(loader, name, &rule->any);
    case KEY_NONE:
        return take_patterns(loader, name, &rule->none);
    case KEY_WHEN:
        return take_list(loader, name, item_context, &rule->when);
    case KEY_UNLESS:
        return take_list(loader, name, item_context, &rule->unless);
    case KEY_MATCH:
        return take_list(loader, name, item_line, &rule->match);
    case KEY_NO_MATCH:
        return take_list(loader, name, item_line, &rule->no_match);
    case N_KEYS:
        break;
    }
    return INFSCAN_OK;
}

/* One key and its value; the key is the current event. */
static enum infscan_status take_pair(struct loader *loader, struct draft *draft)
{
    enum key key = 0;

    if (loader->event.type != YAML_SCALAR_EVENT) {
        return BAD(loader, "a key of a rule must be a plain word such as id");
    }
    struct str name = event_scalar(loader);
    while (key < N_KEYS && !str_equal(str_from(key_infos[key].name), name)) {
        key++;
    }
    if (key == N_KEYS) {
        return BAD(loader,
                   "unknown key \"%.*s\": infscan-rules(5) lists the keys",
                   (int)(name.len < 64 ? name.len : 64), name.bytes);
    }
    if (draft->keys & 1u << key) {
        return BAD(loader, "the key %s is given twice in one rule: merge them",
                   key_infos[key].name);
    }
    draft->keys |= 1u << key;
    enum infscan_status status = next(loader);
    return status == INFSCAN_OK ? take_value(loader, draft, key) : status;
}

static enum infscan_status check_complete(struct loader *loader,
                                          const struct draft *draft)
{
    const struct infscan_rule *info = &draft->rule.info;
    const char *id = info->id ? info->id : "without id";

    for (unsigned key = 0; key < N_KEYS; key++) {
        if (key_infos[key].needed && !(draft->keys & 1u << key)) {
            return error_set_at(loader->error, INFSCAN_INVALID, loader->name,
                                info->line, 1,
                                "the rule %s lacks the key %s: add it", id,
                                key_infos[key].name);
        }
    }
    if (!draft->rule.all.n && !draft->rule.any.n) {
        return error_set_at(loader->error, INFSCAN_INVALID, loader->name,
                            info->line, 1,
                            "the rule %s has no pattern: add all or any", id);
    }
    return INFSCAN_OK;
}

/* One rule; its mapping's start is the current event. */
static enum infscan_status take_rule(struct loader *loader)
{
    static const char *const nothing[] = {NULL};
    struct draft draft = {.rule = {.info = {.confirm = "",
                                            .attack = nothing,
                                            .references = nothing,
                                            .falsepositives = nothing,
                                            .source = loader->name,
                                            .line = event_line(loader)},
                                   .when = nothing,
                                   .unless = nothing}};
    enum infscan_status status;

    if (loader->event.type != YAML_MAPPING_START_EVENT) {
        return BAD(loader, "a rule is a block of keys: begin it with "
                           "\"- id: theme.name\"");
    }
    for (;;) {
        status = next(loader);
        if (status != INFSCAN_OK) {
            return status;
        }
        if (loader->event.type == YAML_MAPPING_END_EVENT) {
            break;
        }
        status = take_pair(loader, &draft);
        if (status != INFSCAN_OK) {
            return status;
        }
    }
    status = check_complete(loader, &draft);
    if (status != INFSCAN_OK) {
        return status;
    }
    if (!(draft.keys & 1u << KEY_SCORE)) {
        draft.rule.info.score = default_scores[draft.rule.info.severity];
    }
    struct rule *rule = ARENA_NEW(loader->arena, struct rule);
    if (!rule || !VEC_PUSH(loader->arena, &loader->rules, rule)) {
        return no_memory(loader);
    }
    *rule = draft.rule;
    return prefilter_gate(loader->arena, rule) ? INFSCAN_OK : no_memory(loader);
}

/* Next event, which must be of that type. */
static enum infscan_status expect(struct loader *loader, yaml_event_type_t type,
                                  const char *mend)
{
    enum infscan_status status = next(loader);

    if (status != INFSCAN_OK || loader->event.type == type) {
        return status;
    }
    return BAD(loader, "%s", mend);
}

static enum infscan_status take_rules(struct loader *loader)
{
    static const char mend[] = "a rule file begins with the line \"rules:\", "
                               "under it a list of rules and nothing else";
    enum infscan_status status = expect(loader, YAML_STREAM_START_EVENT, mend);

    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_DOCUMENT_START_EVENT, mend);
    }
    if (status == INFSCAN_OK &&
        (loader->event.data.document_start.version_directive ||
         loader->event.data.document_start.tag_directives.start !=
             loader->event.data.document_start.tag_directives.end)) {
        return BAD(loader, "directives (%%YAML, %%TAG) are not allowed in rule "
                           "files: remove the line");
    }
    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_MAPPING_START_EVENT, mend);
    }
    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_SCALAR_EVENT, mend);
    }
    if (status == INFSCAN_OK &&
        !str_equal(event_scalar(loader), STR("rules"))) {
        return BAD(loader, "%s", mend);
    }
    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_SEQUENCE_START_EVENT, mend);
    }
    while (status == INFSCAN_OK) {
        status = next(loader);
        if (status == INFSCAN_OK) {
            if (loader->event.type == YAML_SEQUENCE_END_EVENT) {
                break;
            }
            status = take_rule(loader);
        }
    }
    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_MAPPING_END_EVENT, mend);
    }
    if (status == INFSCAN_OK) {
        status = expect(loader, YAML_DOCUMENT_END_EVENT, mend);
    }
    return status != INFSCAN_OK
               ? status
               : expect(loader, YAML_STREAM_END_EVENT,
                        "one document a file: remove what follows ---, or "
                        "move it to a file of its own");
}

static enum infscan_status check_examples(struct loader *loader,
                                          struct matcher *matcher,
                                          const struct rule *rule,
                                          const char *const *examples,
                                          int expected)
{
    for (size_t i = 0; examples[i]; i++) {
        int got = match_text(matcher, rule, str_from(examples[i]));
        if (got == expected) {
            continue;
        }
        return error_set_at(
            loader->error, INFSCAN_INVALID, loader->name, rule->info.line, 1,
            "the rule %s %s the example that it %s: %s", rule->info.id,
            got < 0 ? "takes too many steps for"
                    : (got ? "matches" : "does not match"),
            expected ? "should match" : "should not match", examples[i]);
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
        return no_memory(loader);
    }
    for (uint32_t i = 0; i < set.n && status == INFSCAN_OK; i++) {
        const struct rule *rule = set.rules[i];
        status = check_examples(loader, matcher, rule, rule->match, 1);
        if (status == INFSCAN_OK) {
            status = check_examples(loader, matcher, rule, rule->no_match, 0);
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

enum infscan_status rules_load(struct arena *arena, const char *name,
                               struct str yaml, struct rule_list *list,
                               uint32_t *next_pattern,
                               struct infscan_error *error)
{
    struct loader loader = {
        .arena = arena, .error = error, .next_pattern = *next_pattern};

    loader.name = arena_copy_z(arena, str_from(name));
    if (!loader.name || !yaml_parser_initialize(&loader.parser)) {
        return no_memory(&loader);
    }
    yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&loader.parser,
                                 (const unsigned char *)yaml.bytes, yaml.len);
    enum infscan_status status = take_rules(&loader);
    drop_event(&loader);
    yaml_parser_delete(&loader.parser);
    if (status == INFSCAN_OK) {
        status = check_all_examples(&loader);
    }
    if (status == INFSCAN_OK && !merge(arena, &loader.rules, list)) {
        status = no_memory(&loader);
    }
    if (status == INFSCAN_OK) {
        *next_pattern = loader.next_pattern;
    }
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
