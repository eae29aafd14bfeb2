/* SPDX-License-Identifier: MIT */
#include "command/program.h"

static const struct program programs[] = {
#define P(name, how, option) {name, PROGRAM_##how, option},
#include "command/programs.def"
#undef P
};

const struct program *program_find(struct str name)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (str_equal_fold(name, str_from(programs[i].name))) {
            return &programs[i];
        }
    }
    return NULL;
}
