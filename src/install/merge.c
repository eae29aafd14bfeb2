/* SPDX-License-Identifier: MIT */
#include "install/merge.h"

/* Room for kind and place in the name of an action. */
#define NAME_HEAD_BYTES 48

struct merge {
    struct arena *arena;
    struct map names; /* of the actions there are, to their ids */
    VEC(struct action) actions;
    VEC(struct plan) plans;
};

/* What makes two actions one: kind, place (of which file) and text. */
static struct str name_of(struct arena *arena, const struct action *action)
{
    struct str text = slice_str(action->text);
    char *name = arena_alloc(arena, text.len + NAME_HEAD_BYTES, 1);

    if (!name) {
        return str_of(NULL, 0);
    }
    int head = snprintf(name, NAME_HEAD_BYTES, "%d:%u:%jx:", (int)action->kind,
                        action->place.off,
                        (uintmax_t)(uintptr_t)text_file(action->place.text));
    if (text.len) {
        memcpy(name + head, text.bytes, text.len);
    }
    return str_of(name, (size_t)head + text.len);
}

/* Id of an action that is there or is added; MAP_NONE without memory. */
static uint32_t add_action(struct merge *merge, const struct action *action)
{
    struct str name = name_of(merge->arena, action);
    uint32_t id = name.bytes ? map_put(&merge->names, merge->arena, name,
                                       merge->actions.n)
                             : MAP_NONE;

    if (id == merge->actions.n &&
        !VEC_PUSH(merge->arena, &merge->actions, *action)) {
        return MAP_NONE;
    }
    return id;
}

static struct slice join_shapes(struct arena *arena, struct slice a,
                                struct slice b)
{
    struct text_builder builder;

    if (!a.len || !b.len || str_equal(slice_str(a), slice_str(b))) {
        return a.len ? a : b;
    }
    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_copy(&builder, a);
    text_build_fold(&builder, STR(" "), slice_sub(a, a.len, 0), 0, 0);
    text_build_copy(&builder, b);
    return slice_all(text_build_finish(&builder));
}

/* Adds a plan with the new ids of its actions, if it brings any. */
static bool add_plan(struct merge *merge, const struct plan *plan,
                     const uint32_t *ids, uint32_t n_known, struct str language)
{
    uint32_t *actions = ARENA_ARRAY(merge->arena, uint32_t, plan->n_actions);
    bool is_new = false;

    if (!actions) {
        return false;
    }
    for (uint32_t i = 0; i < plan->n_actions; i++) {
        actions[i] = ids[plan->actions[i]];
        is_new = is_new || actions[i] >= n_known;
    }
    if (!is_new) {
        return true;
    }
    struct plan copy = *plan;
    copy.actions = actions;
    copy.language = language;
    return VEC_PUSH(merge->arena, &merge->plans, copy);
}

static bool start(struct merge *merge, const struct install *into)
{
    for (uint32_t i = 0; i < into->n_actions; i++) {
        struct str name = name_of(merge->arena, &into->actions[i]);
        if (!name.bytes ||
            map_put(&merge->names, merge->arena, name, i) == MAP_NONE ||
            !VEC_PUSH(merge->arena, &merge->actions, into->actions[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < into->n_plans; i++) {
        if (!VEC_PUSH(merge->arena, &merge->plans, into->plans[i])) {
            return false;
        }
    }
    return true;
}

bool install_merge(struct arena *arena, struct install *into,
                   const struct install *from, struct str language)
{
    struct merge merge = {.arena = arena};
    uint32_t *ids = ARENA_ARRAY(arena, uint32_t, from->n_actions);

    if (!ids || !start(&merge, into)) {
        return false;
    }
    for (uint32_t i = 0; i < from->n_actions; i++) {
        ids[i] = add_action(&merge, &from->actions[i]);
        if (ids[i] == MAP_NONE) {
            return false;
        }
    }
    for (uint32_t i = 0; i < from->n_plans; i++) {
        if (!add_plan(&merge, &from->plans[i], ids, into->n_actions,
                      language)) {
            return false;
        }
    }
    into->actions = merge.actions.items;
    into->n_actions = merge.actions.n;
    into->plans = merge.plans.items;
    into->n_plans = merge.plans.n;
    into->shape = join_shapes(arena, into->shape, from->shape);
    into->limits |= from->limits;
    return !arena_failed(arena);
}
