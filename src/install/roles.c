/* SPDX-License-Identifier: MIT */
#include "install/roles.h"

#include "install/path.h"
#include "install/roles_reader.h"

#define NAME(literal)                                                          \
    {                                                                          \
        literal, sizeof(literal) - 1                                           \
    }
static const struct role roles[] = {
#define ROLE(launcher, guard, section, key, effect, source)                    \
    {LAUNCHER_##launcher, NAME(guard), NAME(section), NAME(key), ROLE_##effect},
#include "install/roles.def"
#undef ROLE
};
#define N_ROLES (sizeof roles / sizeof *roles)

/* A name against a pattern that may end in "*". */
static bool name_matches(struct str pattern, struct str name)
{
    if (pattern.len && pattern.bytes[pattern.len - 1] == '*') {
        return str_starts_fold(name, str_sub(pattern, 0, pattern.len - 1));
    }
    return str_equal_fold(str_trim(name), pattern);
}

struct slice role_value(struct reader *reader, const struct inf_line *line,
                        uint32_t first)
{
    return slice_trim(
        inf_line_text(&reader->expander, reader->document, line, first));
}

/* The line of a role's guard that names a section: [Setup Hooks] hook = it. */
static const struct inf_line *find_hook(struct reader *reader,
                                        const struct role *role,
                                        const struct inf_section *section)
{
    const struct inf_document *document = reader->document;
    const struct inf_section *guard =
        role->guard.len && str_equal(role->section, STR("*"))
            ? inf_document_find(document, role->guard)
            : NULL;

    for (uint32_t i = guard ? guard->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_n_fields(document, line) &&
            str_equal_fold(
                slice_str(slice_trim(inf_expand(
                    &reader->expander, inf_line_field(document, line, 0)))),
                slice_str(section->name))) {
            return line;
        }
    }
    return NULL;
}

/* Whether another reading has acted on the line; if not, this one has. */
static bool is_seen(struct reader *reader, const struct inf_line *line)
{
    const struct inf_document *document = reader->document;
    uint32_t number =
        source_line(document->source, inf_line_place(document, line).off);

    if (!reader->seen) {
        return false;
    }
    bool before = reader->seen[number] && reader->last != line;
    reader->seen[number] = true;
    reader->last = line;
    return before;
}

struct action *role_action(struct reader *reader, const struct role *role,
                           const struct inf_section *section,
                           const struct inf_line *line,
                           enum infscan_action_kind kind)
{
    struct chain_link *chain = ARENA_ARRAY(reader->arena, struct chain_link, 2);
    const struct inf_line *hook = find_hook(reader, role, section);
    uint32_t id = reader->actions.n;

    if (is_seen(reader, line)) {
        return NULL;
    }
    if (id >= reader->limits->value[LIMIT_actions]) {
        limit_hit(&reader->hit, LIMIT_actions);
        return NULL;
    }
    struct action action = {.kind = kind,
                            .place = inf_line_place(reader->document, line),
                            .chain = chain,
                            .n_chain = hook ? 2 : 1,
                            .reach = REACH_LAUNCHER,
                            .directive = UINT32_MAX};
    const struct action *last =
        reader->actions.n ? &reader->actions.items[reader->actions.n - 1]
                          : NULL;
    if (!chain ||
        !action_take_room(reader->arena, &reader->members, last, &action) ||
        !VEC_PUSH(reader->arena, &reader->actions, action) ||
        !VEC_PUSH(reader->arena, &reader->ids[role->launcher], id)) {
        reader->failed = true;
        return NULL;
    }
    if (hook) {
        chain[0] = (struct chain_link){
            inf_document_find(reader->document, role->guard)->name,
            inf_line_key(reader->document, hook),
            inf_line_place(reader->document, hook)};
    }
    chain[hook ? 1 : 0] =
        (struct chain_link){section->name, SLICE_NONE, action.place};
    return &reader->actions.items[id];
}

void role_finish(struct reader *reader, struct action *action,
                 const struct text *text)
{
    if (!text) {
        reader->failed = true;
        return;
    }
    action->subject = slice_all(text);
    action->text = action->subject;
}

void role_command(struct reader *reader, struct action *action,
                  struct slice command)
{
    action->text = action->subject = action->command = command;
    if (!command_peel(reader->arena, command, reader->limits,
                      &action->peeled)) {
        reader->failed = true;
    }
}

/* "C:\a.exe, /x y" runs C:\a.exe with /x y: the comma is not part of it. */
static struct slice without_comma(struct reader *reader, struct slice value)
{
    size_t comma = str_find_char(slice_str(value), ',', 0);
    struct text_builder builder;

    if (comma == STR_NONE) {
        return value;
    }
    text_build_init(&builder, reader->arena, TEXT_JOIN, SIZE_MAX);
    text_build_copy(&builder, slice_trim(slice_sub(value, 0, comma)));
    text_build_fold(&builder, STR(" "), slice_sub(value, comma, 1), 0, 0);
    text_build_copy(&builder,
                    slice_trim(slice_sub(value, comma + 1, value.len)));
    const struct text *text = text_build_finish(&builder);
    reader->failed = reader->failed || !text;
    return text ? slice_all(text) : value;
}

static void add_source(struct reader *reader, const struct role *role,
                       const struct inf_section *section,
                       const struct inf_line *line, struct slice value)
{
    /* "thiscab" and "ignore" are no places. */
    if (str_find(slice_str(value), STR("/"), 0) == STR_NONE &&
        str_find(slice_str(value), STR("\\"), 0) == STR_NONE) {
        return;
    }
    struct action *action =
        role_action(reader, role, section, line, INFSCAN_COPY_FILE);
    struct text_builder builder;
    if (!action) {
        return;
    }
    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_copy(&builder, value);
    text_build_fold(&builder, STR(" -> "), slice_sub(value, value.len, 0), 0,
                    0);
    text_build_copy(&builder, section->name);
    action_add(action, "source", value);
    action_add(action, "destination", section->name);
    role_finish(reader, action, text_build_finish(&builder));
}

static void add_command(struct reader *reader, const struct role *role,
                        const struct inf_section *section,
                        const struct inf_line *line, struct slice value)
{
    struct action *action;

    /* "<None>" is how IExpress writes that nothing is run. */
    if (!value.len || str_equal_fold(slice_str(value), STR("<None>"))) {
        return;
    }
    if (role->effect == ROLE_ACTION) {
        value = without_comma(reader, value);
    }
    action = role_action(reader, role, section, line, INFSCAN_RUN_COMMAND);
    if (action) {
        role_command(reader, action, value);
    }
}

static void take_line(struct reader *reader, const struct role *role,
                      const struct inf_section *section,
                      const struct inf_line *line)
{
    struct slice value = role_value(reader, line, 0);

    switch (role->effect) {
    case ROLE_ACTION:
        /* "0&Flags" and "0&Description" go with entry 0 */
        if (str_find_char(slice_str(inf_line_key(reader->document, line)), '&',
                          0) != STR_NONE) {
            break;
        }
        add_command(reader, role, section, line, value);
        break;
    case ROLE_COMMAND:
        add_command(reader, role, section, line, value);
        break;
    case ROLE_LIBRARY:
        role_library(reader, role, section, line, value);
        break;
    case ROLE_SOURCE:
        add_source(reader, role, section, line, value);
        break;
    case ROLE_REGISTRY:
        role_registry(reader, role, section, line);
        break;
    case ROLE_RIGHT:
        role_right(reader, role, section, line);
        break;
    case ROLE_COMPONENT:
        role_component(reader, role, section, line);
        break;
    case ROLE_INF:
        role_inf(reader, role, section, line);
        break;
    }
}

static void take_section(struct reader *reader, const struct role *role,
                         const struct inf_section *section)
{
    for (uint32_t i = section->first; i != INF_NONE && !reader->failed;
         i = inf_document_next(reader->document, i)) {
        const struct inf_line *line = &reader->document->lines[i];
        char room[INF_SHORT_KEY];
        struct str key = inf_line_short_key(reader->document, line, room);
        /* A command alone on its line is its own key. */
        if (name_matches(role->key, key)) {
            take_line(reader, role, section, line);
        }
    }
}

static void take_role(struct reader *reader, const struct role *role)
{
    const struct inf_document *document = reader->document;

    if (role->guard.len && !inf_document_find(document, role->guard)) {
        return;
    }
    if (str_equal(role->section, STR("*"))) {
        for (uint32_t i = 0; i < document->n_sections; i++) {
            take_section(reader, role, &document->sections[i]);
        }
        return;
    }
    const struct inf_section *section =
        inf_document_find(document, role->section);
    if (section) {
        take_section(reader, role, section);
    }
}

static struct plan *make_plans(struct reader *reader, uint32_t *n)
{
    VEC(struct plan) plans = {0};

    for (unsigned i = 0; i < N_LAUNCHERS; i++) {
        if (!reader->ids[i].n) {
            continue;
        }
        const struct action *first =
            &reader->actions.items[reader->ids[i].items[0]];
        const struct chain_link *link = &first->chain[first->n_chain - 1];
        struct plan plan = {
            .launcher = (enum launcher_id)i,
            .section = link->section,
            .targets = INFSCAN_TARGET_ALL,
            .invocation = launcher_invocation((enum launcher_id)i),
            .actions = reader->ids[i].items,
            .n_actions = reader->ids[i].n,
        };
        if (!VEC_PUSH(reader->arena, &plans, plan)) {
            reader->failed = true;
        }
    }
    *n = plans.n;
    return plans.items;
}

enum infscan_status roles_analyse(struct arena *arena,
                                  const struct inf_document *document,
                                  const struct inf_strings *strings,
                                  const struct install_options *options,
                                  const struct limits *limits, bool *seen,
                                  struct install *out)
{
    struct reader reader = {
        .arena = arena,
        .document = document,
        .seen = seen,
        .limits = limits,
        .expander = {.arena = arena,
                     .strings = strings,
                     .max_bytes =
                         (size_t)limits->value[LIMIT_expansion_bytes]}};

    *out = (struct install){.shape = SLICE_NONE};
    for (size_t i = 0; i < N_ROLES && !reader.failed; i++) {
        if (launcher_is_chosen(options->choices, options->n_choices,
                               roles[i].launcher)) {
            take_role(&reader, &roles[i]);
        }
    }
    out->plans = make_plans(&reader, &out->n_plans);
    out->actions = reader.actions.items;
    out->n_actions = reader.actions.n;
    out->limits = reader.hit | reader.expander.limits;
    return reader.failed ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
