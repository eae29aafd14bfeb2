/* SPDX-License-Identifier: MIT */
#include "rules/context.h"

#include "install/autorun.h"
#include "install/flag.h"
#include "install/shape.h"

/* The kind of a word, "shape:" and so on. */
static const struct str shape_kind = {"shape:", 6};
static const struct str launcher_kind = {"launcher:", 9};
static const struct str reach_kind = {"reach:", 6};
static const struct str companion_kind = {"companion:", 10};
static const struct str flag_kind = {"flag:", 5};
static const struct str inf_folder = {"place:inf-folder", 16};

static const char *const reach_names[] = {
    [REACH_LAUNCHER] = "launcher",
    [REACH_NAMED] = "named",
    [REACH_REMOVAL] = "removal",
    [REACH_NONE] = "none",
};

/* By bit of enum beside. */
static const char *const companion_names[] = {"present", "missing"};

enum place_how {
    PLACE_INSIDE,
    PLACE_START
};

static const struct place {
    struct str word;
    enum place_how how;
    struct str text;
} places[] = {
#define PLACE(word, how, text, source)                                         \
    {{word, sizeof(word) - 1}, PLACE_##how, {text, sizeof(text) - 1}},
#include "rules/places.def"
#undef PLACE
};

/* What stands behind the kind of a word, or {NULL, 0} for another kind. */
static struct str behind(struct str word, struct str kind)
{
    return str_starts_fold(word, kind)
               ? str_sub(word, kind.len, word.len - kind.len)
               : str_of(NULL, 0);
}

/* Whether a list holds a word. */
static bool list_has(struct str list, char separator, struct str word)
{
    size_t at = 0;

    while (word.len && (at = str_find_fold(list, word, at)) != STR_NONE) {
        size_t end = at + word.len;
        if ((at == 0 || str_at(list, at - 1) == separator) &&
            (end == list.len || str_at(list, end) == separator)) {
            return true;
        }
        at = end;
    }
    return false;
}

static bool is_in(const struct place *place, struct str text)
{
    return place->how == PLACE_START
               ? str_starts_fold(text, place->text)
               : str_find_fold(text, place->text, 0) != STR_NONE;
}

/* A command, and whatever peeling brought out of it. */
static bool command_is_in(const struct place *place,
                          const struct action *action)
{
    if (is_in(place, slice_str(action->command))) {
        return true;
    }
    for (uint32_t i = 0; i < action->peeled.n_layers; i++) {
        if (is_in(place, slice_str(action->peeled.layers[i].text))) {
            return true;
        }
    }
    return false;
}

static bool action_is_in(const struct place *place, const struct action *action)
{
    if (action->command.len) {
        return command_is_in(place, action);
    }
    if (is_in(place, slice_str(action->subject))) {
        return true;
    }
    for (uint32_t i = 0; i < action->n_members; i++) {
        if (is_in(place, slice_str(action->members[i].value))) {
            return true;
        }
    }
    return false;
}

static bool has_place(const struct install *install,
                      const struct action *action, struct str word)
{
    const struct place own = {inf_folder, PLACE_INSIDE, install->inf_dir};

    if (str_equal_fold(word, inf_folder)) {
        return install->inf_dir.len && action_is_in(&own, action);
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (str_equal_fold(places[i].word, word) &&
            action_is_in(&places[i], action)) {
            return true;
        }
    }
    return false;
}

/* Of the file itself: where it lay when somebody started it. */
static bool is_started_in(const struct install *install, struct str word)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (str_equal_fold(places[i].word, word) &&
            is_in(&places[i], install->started_at)) {
            return true;
        }
    }
    return false;
}

static bool has_launcher(uint32_t launchers, struct str name)
{
    for (unsigned i = 0; i < N_LAUNCHERS; i++) {
        if (str_equal_fold(str_from(launcher_name((enum launcher_id)i)),
                           name)) {
            return launchers >> i & 1u;
        }
    }
    return false;
}

static bool has_companion(const struct install *install, uint32_t action,
                          struct str name)
{
    for (unsigned i = 0; i < sizeof companion_names / sizeof(char *); i++) {
        if (str_equal_fold(str_from(companion_names[i]), name)) {
            return install->beside && install->beside[action] >> i & 1u;
        }
    }
    return false;
}

static bool has_flag(const struct action *action, struct str name)
{
    for (uint32_t i = 0; i < action->n_members; i++) {
        const struct action_member *member = &action->members[i];
        if (!member->is_number &&
            str_equal(str_from(member->name), STR("flags"))) {
            return list_has(slice_str(member->value), ',', name);
        }
    }
    return false;
}

static bool has_one(const struct context *context, struct str word)
{
    const struct install *install = context->install;

    if (!install) {
        return list_has(context->words, ' ', word);
    }
    struct str name = behind(word, shape_kind);
    if (name.bytes) {
        return list_has(slice_str(install->shape), ' ', name);
    }
    if (context->action >= install->n_actions) {
        return is_started_in(install, word);
    }
    const struct action *action = &install->actions[context->action];
    name = behind(word, reach_kind);
    if (name.bytes) {
        return str_equal_fold(name, str_from(reach_names[action->reach]));
    }
    name = behind(word, launcher_kind);
    if (name.bytes) {
        return has_launcher(context->launchers[context->action], name);
    }
    name = behind(word, companion_kind);
    if (name.bytes) {
        return has_companion(install, context->action, name);
    }
    name = behind(word, flag_kind);
    if (name.bytes) {
        return has_flag(action, name);
    }
    return has_place(install, action, word);
}

/* Calls `test` for each alternative; true when `wanted` came of one. */
static bool any_alternative(struct str word, const struct context *context,
                            bool (*test)(const struct context *context,
                                         struct str word),
                            bool wanted)
{
    size_t at = 0;

    while (at <= word.len) {
        size_t bar = str_find_char(word, '|', at);
        size_t end = bar == STR_NONE ? word.len : bar;
        if (test(context, str_sub(word, at, end - at)) == wanted) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

bool context_has(const struct context *context, struct str word)
{
    return any_alternative(word, context, has_one, true);
}

static bool is_known(const struct context *context, struct str word)
{
    struct str name = behind(word, shape_kind);

    (void)context;
    if (name.bytes) {
        return shape_is_trait(name) || autorun_is_trait(name);
    }
    name = behind(word, launcher_kind);
    if (name.bytes) {
        return has_launcher(UINT32_MAX, name);
    }
    name = behind(word, companion_kind);
    for (size_t i = 0;
         name.bytes && i < sizeof companion_names / sizeof(char *); i++) {
        if (str_equal_fold(name, str_from(companion_names[i]))) {
            return true;
        }
    }
    name = behind(word, flag_kind);
    if (name.bytes) {
        return flag_is_word(name);
    }
    name = behind(word, reach_kind);
    for (size_t i = 0; name.bytes && i < sizeof reach_names / sizeof(char *);
         i++) {
        if (str_equal_fold(name, str_from(reach_names[i]))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (str_equal_fold(places[i].word, word)) {
            return true;
        }
    }
    return str_equal_fold(word, inf_folder);
}

bool context_is_known(struct str word)
{
    return !any_alternative(word, NULL, is_known, false);
}

static bool is_of_file(const struct context *context, struct str word)
{
    (void)context;
    return behind(word, shape_kind).bytes != NULL;
}

bool context_is_of_file(struct str word)
{
    return any_alternative(word, NULL, is_of_file, true);
}

const uint32_t *context_launchers(struct arena *arena,
                                  const struct install *install)
{
    uint32_t *launchers =
        arena_zalloc(arena, install->n_actions, sizeof *launchers);

    for (uint32_t i = 0; launchers && i < install->n_plans; i++) {
        const struct plan *plan = &install->plans[i];
        for (uint32_t k = 0; k < plan->n_actions; k++) {
            launchers[plan->actions[k]] |= 1u << plan->launcher;
        }
    }
    return launchers;
}
