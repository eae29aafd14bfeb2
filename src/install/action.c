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

/* Actions that get their room at once. */
#define ACTIONS_PER_ROOM 32u

bool action_take_room(struct arena *arena, struct action_room *room,
                      const struct action *last, struct action *action)
{
    uint32_t taken = last && last->members == room->next ? last->n_members : 0;
    if (taken) {
        room->next += taken;
        room->left -= taken;
    }
    if (room->left < ACTION_MAX_MEMBERS) {
        room->left = ACTION_MAX_MEMBERS * ACTIONS_PER_ROOM;
        room->next = ARENA_ARRAY(arena, struct action_member, room->left);
    }
    action->members = room->next;
    return room->next != NULL;
}

static struct action_member *room(struct action *action)
{
    return action->members && action->n_members < ACTION_MAX_MEMBERS
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
