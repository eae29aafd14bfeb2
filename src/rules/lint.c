/* SPDX-License-Identifier: MIT */
#include "rules/lint.h"

#include <infscan/attack.h>

#include "base/buf.h"
#include "install/autorun.h"
#include "install/shape.h"
#include "rules/context.h"
#include "rules/literal.h"
#include "rules/pump.h"
#include "text/diag.h"

#define MAX_MESSAGE_BYTES ((size_t)4096)

static const struct lint_info {
    const char *name;
    bool is_error;
} lints[] = {
#define LINT(id, name, is_error, what) {name, is_error},
#include "rules/lints.def"
#undef LINT
};

static const struct never {
    unsigned target;
    const char *literal;
    const char *mend;
} nevers[] = {
#define NEVER(target, literal, mend) {target, literal, mend},
#include "rules/never.def"
#undef NEVER
};

struct linting {
    struct arena *arena;
    const struct rule *rule;
    const struct rule_set *known;
    struct lint_sink *sink;
    struct buf message;
    bool no_memory;
};

enum lint lint_warning(struct str name)
{
    unsigned i = 0;

    while (i < N_LINTS &&
           (lints[i].is_error || !str_equal(str_from(lints[i].name), name))) {
        i++;
    }
    return (enum lint)i;
}

void lint_report(struct lint_sink *sink, enum lint lint, const char *rule,
                 const char *path, struct mark mark, const char *message)
{
    const struct infscan_rule_problem problem = {
        .is_error = lints[lint].is_error,
        .lint = lints[lint].name,
        .rule = rule,
        .path = path,
        .line = mark.line,
        .column = mark.column,
        .message = message,
    };

    sink->n_errors += lints[lint].is_error;
    sink->report(&problem, sink->context);
}

/* Reports what stands in linting->message. */
static void complain(struct linting *linting, enum lint lint, struct mark mark)
{
    const struct infscan_rule *info = &linting->rule->info;

    if (linting->rule->allowed >> lint & 1u) {
        return;
    }
    if (linting->message.failed) {
        linting->no_memory = true;
        return;
    }
    lint_report(linting->sink, lint, info->id, info->source, mark,
                linting->message.bytes);
}

#define COMPLAIN(linting, lint, mark, ...)                                     \
    do {                                                                       \
        buf_clear(&(linting)->message);                                        \
        buf_add_format(&(linting)->message, __VA_ARGS__);                      \
        complain(linting, lint, mark);                                         \
    } while (0)

static struct mark of_rule(const struct rule *rule)
{
    return (struct mark){rule->info.line, 1};
}

static struct mark of_pattern(const struct pattern *pattern)
{
    return (struct mark){pattern->line, pattern->column};
}

static void lint_techniques(struct linting *linting)
{
    const struct rule *rule = linting->rule;

    for (size_t i = 0; rule->info.attack[i]; i++) {
        const char *id = rule->info.attack[i];
        const char *now = infscan_attack_moved(id);
        struct mark mark =
            rule->attack_marks ? rule->attack_marks[i] : of_rule(rule);
        if (now) {
            COMPLAIN(linting, LINT_RETIRED_TECHNIQUE, mark,
                     "ATT&CK retired %s: write %s", id, now);
        } else if (!infscan_attack_find(id)) {
            COMPLAIN(linting, LINT_UNKNOWN_TECHNIQUE, mark,
                     "%s is no technique that ATT&CK %s has for Windows: look "
                     "it up, or leave it out",
                     id, infscan_attack_version());
        }
    }
}

static void lint_speed(struct linting *linting, const struct pattern_list *list)
{
    for (uint32_t i = 0; i < list->n && !linting->no_memory; i++) {
        const struct pattern *pattern = &list->items[i];
        struct pump pump = {{NULL, 0}, {NULL, 0}};
        switch (pump_find(linting->arena, str_from(pattern->regex), &pump)) {
        case PUMP_FOUND:
            COMPLAIN(linting, LINT_SLOW_PATTERN, of_pattern(pattern),
                     "the pattern takes ages over \"%.*s\" with \"%.*s\" "
                     "behind it again and again: let what is repeated match "
                     "in one way only, or make it possessive: %s",
                     (int)pump.before.len, pump.before.bytes,
                     (int)pump.body.len, pump.body.bytes, pattern->regex);
            break;
        case PUMP_NO_MEMORY:
            linting->no_memory = true;
            break;
        case PUMP_NONE:
            break;
        }
    }
}

/* Whether every alternative of a pattern can only begin where the text does:
 * that is soon known. */
static bool is_anchored(struct str pattern)
{
    uint32_t depth = 0;
    bool in_class = false;

    if (!pattern.len || pattern.bytes[0] != '^') {
        return false;
    }
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.bytes[i];
        if (c == '\\') {
            i++;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
            i += i + 1 < pattern.len &&
                 (pattern.bytes[i + 1] == ']' || pattern.bytes[i + 1] == '^');
        } else if (c == '|' && depth == 0 &&
                   (i + 1 == pattern.len || pattern.bytes[i + 1] != '^')) {
            return false;
        }
        depth += c == '(' && !in_class;
        depth -= c == ')' && !in_class;
    }
    return true;
}

/* What a pattern cannot match without; nothing where memory ran out. */
static struct literal_needs needs_of(struct linting *linting,
                                     const struct pattern *pattern)
{
    struct literal_needs needs = {.n = 0};

    if (!literal_needs_of(linting->arena, str_from(pattern->regex), &needs)) {
        linting->no_memory = true;
        needs.n = 0;
    }
    return needs;
}

/* Whether one of the groups that a pattern needs has literals only that the
 * prefilter can look for. */
static bool has_word(struct linting *linting, const struct pattern *pattern)
{
    const struct literal_needs needs = needs_of(linting, pattern);

    for (uint32_t g = 0; g < needs.n; g++) {
        const struct literal_group *group = &needs.groups[g];
        uint32_t i = 0;
        while (i < group->n && group->items[i].len >= LITERAL_GATE_BYTES) {
            i++;
        }
        if (i == group->n) {
            return true;
        }
    }
    return false;
}

/* A rule is tried only on texts that hold a literal of it, if it has any: of
 * one pattern in `all`, or of each in `any`. */
static void lint_literals(struct linting *linting)
{
    const struct rule *rule = linting->rule;
    const struct pattern_list *list = rule->any.n ? &rule->any : &rule->all;
    uint32_t n_without = 0;

    if (rule->n_gate) {
        return;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        if (!has_word(linting, &list->items[i]) &&
            !is_anchored(str_from(list->items[i].regex))) {
            COMPLAIN(linting, LINT_NO_LITERAL, of_pattern(&list->items[i]),
                     "nothing that every match must hold, so the rule is tried "
                     "on every text: write a word of three letters or more, "
                     "or add a pattern with one to all: %s",
                     list->items[i].regex);
            return;
        }
        n_without += !has_word(linting, &list->items[i]);
    }
    if (n_without) {
        return;
    }
    COMPLAIN(linting, LINT_NO_LITERAL, of_rule(rule),
             "too many words of which one must be there, so the rule is tried "
             "on every text: split it, or add a pattern to all");
}

static bool is_never(unsigned target, struct str literal, const char **mend)
{
    for (size_t i = 0; i < sizeof nevers / sizeof *nevers; i++) {
        if (nevers[i].target == target &&
            str_find(literal, str_from(nevers[i].literal), 0) != STR_NONE) {
            *mend = nevers[i].mend;
            return true;
        }
    }
    return false;
}

/* Whether a word is part of the name of a fact about a file. */
static bool is_in_traits(struct str word)
{
    const char *name;

    for (unsigned i = 0; (name = shape_trait_name(i)) != NULL; i++) {
        if (str_find(str_from(name), word, 0) != STR_NONE) {
            return true;
        }
    }
    for (unsigned i = 0; (name = autorun_trait_name(i)) != NULL; i++) {
        if (str_find(str_from(name), word, 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static bool is_in_ids(const struct rule_set *known, struct str word)
{
    if (str_find(STR("action:"), word, 0) != STR_NONE ||
        str_find(STR("file:"), word, 0) != STR_NONE) {
        return true;
    }
    for (uint32_t i = 0; i < known->n; i++) {
        const struct rule *rule = known->rules[i];
        if (!(rule->targets >> RULE_FINDINGS & 1u) &&
            str_find(str_from(rule->info.id), word, 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

/* Whether no text of a target holds a literal. */
static bool is_impossible(const struct linting *linting, unsigned target,
                          struct str literal, const char **mend)
{
    struct str word = str_trim(literal);
    bool is_word = str_find_char(word, ' ', 0) == STR_NONE;

    switch (target) {
    case RULE_SHAPE:
        *mend = "the file has no fact of that name";
        return is_word && !is_in_traits(word);
    case RULE_FINDINGS:
        *mend = "no rule that looks at actions or files has such an id";
        return is_word && !is_in_ids(linting->known, word);
    case RULE_DIAGNOSTIC:
        *mend = "there is no such diagnostic";
        return word.len == 7 && str_starts_fold(word, STR("inf")) &&
               ascii_is_digit(word.bytes[3]) && !diag_find(word);
    default:
        return is_never(target, literal, mend);
    }
}

/* Whether a pattern needs one of a group of literals, all impossible. */
static bool is_dead(struct linting *linting, unsigned target,
                    const struct pattern *pattern, const char **mend)
{
    const struct literal_needs needs = needs_of(linting, pattern);

    for (uint32_t g = 0; g < needs.n; g++) {
        const struct literal_group *group = &needs.groups[g];
        uint32_t i = 0;
        while (i < group->n &&
               is_impossible(linting, target, group->items[i], mend)) {
            i++;
        }
        if (group->n && i == group->n) {
            return true;
        }
    }
    return false;
}

/* The pattern for which a rule matches no text of a target; NULL: it may. */
static const struct pattern *dead_pattern(struct linting *linting,
                                          unsigned target, const char **mend)
{
    const struct rule *rule = linting->rule;
    uint32_t n_dead = 0;

    for (uint32_t i = 0; i < rule->all.n; i++) {
        if (is_dead(linting, target, &rule->all.items[i], mend)) {
            return &rule->all.items[i];
        }
    }
    for (uint32_t i = 0; i < rule->any.n; i++) {
        n_dead += is_dead(linting, target, &rule->any.items[i], mend);
    }
    return rule->any.n && n_dead == rule->any.n ? &rule->any.items[0] : NULL;
}

static void lint_patterns_against_targets(struct linting *linting)
{
    const struct rule *rule = linting->rule;
    const struct pattern *dead = NULL;
    const char *mend = "";
    unsigned target_of_dead = 0;

    for (unsigned target = 0; target < RULE_N_TARGETS; target++) {
        if (rule->targets >> target & 1u) {
            dead = dead_pattern(linting, target, &mend);
            target_of_dead = target;
            if (!dead) {
                return;
            }
        }
    }
    if (dead) {
        COMPLAIN(linting, LINT_NEVER_MATCHES, of_pattern(dead),
                 "no text of the target %s holds this, %s: %s",
                 rule_target_name(target_of_dead), mend, dead->regex);
    }
}

static bool has_text(const char *const *list, const char *text)
{
    for (size_t i = 0; list[i]; i++) {
        if (str_equal_fold(str_from(list[i]), str_from(text))) {
            return true;
        }
    }
    return false;
}

/* Of a file, and of its diagnostics, only its facts are known. */
static void lint_context(struct linting *linting)
{
    const struct rule *rule = linting->rule;
    uint32_t of_file = 1u << RULE_SHAPE | 1u << RULE_DIAGNOSTIC;

    for (size_t i = 0; rule->when[i]; i++) {
        const char *word = rule->when[i];
        struct mark mark =
            rule->when_marks ? rule->when_marks[i] : of_rule(rule);
        if (has_text(rule->unless, word)) {
            COMPLAIN(linting, LINT_NEVER_MATCHES, mark,
                     "%s is in when and in unless: take it out of one", word);
        } else if (!(rule->targets & ~of_file) &&
                   !context_is_of_file(str_from(word))) {
            COMPLAIN(linting, LINT_NEVER_MATCHES, mark,
                     "%s is known of actions alone, and the rule looks at "
                     "none: use a word such as shape:driver-package, or "
                     "another target",
                     word);
        }
    }
}

/* What must not match and what must. */
static void lint_contradiction(struct linting *linting)
{
    const struct rule *rule = linting->rule;

    for (uint32_t i = 0; i < rule->none.n; i++) {
        for (uint32_t k = 0; k < rule->all.n; k++) {
            if (strcmp(rule->none.items[i].regex, rule->all.items[k].regex) ==
                0) {
                COMPLAIN(linting, LINT_NEVER_MATCHES,
                         of_pattern(&rule->none.items[i]),
                         "the pattern is in all and in none: take it out of "
                         "one");
            }
        }
    }
}

enum infscan_status lint_rule(struct arena *arena, const struct rule *rule,
                              const struct rule_set *known,
                              struct lint_sink *sink)
{
    struct linting linting = {
        .arena = arena, .rule = rule, .known = known, .sink = sink};

    buf_init(&linting.message, MAX_MESSAGE_BYTES);
    lint_techniques(&linting);
    lint_speed(&linting, &rule->all);
    lint_speed(&linting, &rule->any);
    lint_speed(&linting, &rule->none);
    lint_literals(&linting);
    lint_patterns_against_targets(&linting);
    lint_context(&linting);
    lint_contradiction(&linting);
    buf_deinit(&linting.message);
    return linting.no_memory ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
