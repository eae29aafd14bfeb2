/* SPDX-License-Identifier: MIT */
#include "install/action.h"

struct slice action_member_value(const struct action *action, const char *name)
{
    for (uint32_t i = 0; i < action->n_members; i++) {
        if (strcmp(action->members[i].name, name) == 0) {
            return action->members[i].value;
        }
    }
    return SLICE_NONE;
}

static struct action_member *room(struct action *action)
{
    return action->n_members < ACTION_MAX_MEMBERS
               ? &action->members[action->n_members++]
               : NULL;
}

void action_add(struct action *action, const char *name, struct slice value)
{
    struct action_member *member = value.len ? room(action) : NULL;
    if (member) {
        *member = (struct action_member){name, value, false, 0};
    }
}

void action_add_number(struct action *action, const char *name,
                       struct slice value, uint64_t number)
{
    struct action_member *member = room(action);
    if (member) {
        *member = (struct action_member){name, value, true, number};
    }
}

/* Commands that may each cost the full limits. */
#define MANY_COMMANDS 64

bool action_peel(struct arena *arena, struct slice command,
                 const struct limits *limits, struct peel_budget *budget,
                 struct peeled *out)
{
    struct limits left = *limits;
    uint64_t share = budget->n / MANY_COMMANDS;
    *out = (struct peeled){.final = command};
    if (arena_used(arena) > limits->value[LIMIT_memory_bytes] / 2) {
        limit_hit(&budget->hit, LIMIT_memory_bytes);
        return true;
    }
    left.value[LIMIT_peel_steps] /= share * share + 1;
    left.value[LIMIT_layer_bytes] /= share + 1;
    budget->n++;
    return command_peel(arena, command, &left, out);
}
