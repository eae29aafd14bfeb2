/* SPDX-License-Identifier: MIT */
#ifndef UNIT_COMMAND_PEELING_H
#define UNIT_COMMAND_PEELING_H

#include <stdio.h>

#include "command/peel.h"
#include "unit.h"

/* One command line and what became of it. */
struct peeling {
    struct arena *arena;
    struct slice command;
    struct peel peel;
};

static inline struct peeling peeling_begin(const char *text)
{
    struct peeling out = {.arena = arena_new(SIZE_MAX)};
    struct text_builder builder;

    assert_non_null(out.arena);
    text_build_init(&builder, out.arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, str_from(text), 0);
    out.command = slice_all(text_build_finish(&builder));
    out.peel = (struct peel){
        .arena = out.arena,
        .max_layers = limits_default.value[LIMIT_layers],
        .max_bytes = (size_t)limits_default.value[LIMIT_layer_bytes],
        .max_depth = (unsigned)limits_default.value[LIMIT_peel_depth],
        .steps_left = limits_default.value[LIMIT_peel_steps],
    };
    return out;
}

static inline void peeling_end(struct peeling *peeling)
{
    arena_free(peeling->arena);
}

static inline void assert_text(struct slice got, const char *expected)
{
    if (!str_equal(slice_str(got), str_from(expected))) {
        print_error("%s\n  expected: %s\n  got:      %.*s\n", "texts differ",
                    expected, (int)got.len,
                    got.text ? slice_str(got).bytes : "");
        fail();
    }
}

/* Value of a variable of the line; "" where it has none. */
static inline void assert_variable(struct peel *peel, const char *name,
                                   const char *expected)
{
    struct slice value;

    if (!peel_get(peel, str_from(name), &value)) {
        value = SLICE_NONE;
    }
    assert_text(value, expected);
}

#endif
