/* SPDX-License-Identifier: MIT */
#include "command/program.h"

static const struct program programs[] = {
#define P(name, how, option, source)                                           \
    {{name, sizeof(name) - 1}, PROGRAM_##how, {option, sizeof(option) - 1}},
#include "command/programs.def"
#undef P
};

#define N_PROGRAMS (sizeof programs / sizeof *programs)

const struct program *program_find(struct str name)
{
    for (size_t i = 0; i < N_PROGRAMS; i++) {
        if (str_equal_fold(name, programs[i].name)) {
            return &programs[i];
        }
    }
    return NULL;
}

const struct program *program_next(const struct program *program)
{
    const struct program *next = program + 1;

    return next < programs + N_PROGRAMS && str_equal(next->name, program->name)
               ? next
               : NULL;
}
