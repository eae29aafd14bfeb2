/* SPDX-License-Identifier: MIT */
#include <infscan/attack.h>

#include "base/str.h"

#define ATTACK_VERSION "19.0" /* of the three tables below */

enum tactic_number {
#define TACTIC(id, key, name) NUMBER_##id,
#include "rules/attack_tactics.def"
#undef TACTIC
    N_TACTICS
};

enum tactic_bit {
#define TACTIC(id, key, name) id = 1 << NUMBER_##id,
#include "rules/attack_tactics.def"
#undef TACTIC
};

static const struct infscan_tactic tactics[N_TACTICS] = {
#define TACTIC(id, key, name) {key, name},
#include "rules/attack_tactics.def"
#undef TACTIC
};

static const struct infscan_technique techniques[] = {
#define ATTACK(id, name, tactics) {id, name, tactics},
#include "rules/attack.def"
#undef ATTACK
};

struct moved {
    const char *id;
    const char *now;
};

static const struct moved moved[] = {
#define MOVED(id, now) {id, now},
#include "rules/attack_moved.def"
#undef MOVED
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *infscan_attack_version(void)
{
    return ATTACK_VERSION;
}

const struct infscan_technique *infscan_attack_find(const char *id)
{
    size_t from = 0;
    size_t to = COUNT(techniques);

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(id, techniques[middle].id);
        if (order == 0) {
            return &techniques[middle];
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}

const char *infscan_attack_moved(const char *id)
{
    for (size_t i = 0; i < COUNT(moved); i++) {
        if (strcmp(moved[i].id, id) == 0) {
            return moved[i].now;
        }
    }
    return NULL;
}

const struct infscan_tactic *infscan_attack_tactic(unsigned number)
{
    return number < N_TACTICS ? &tactics[number] : NULL;
}
