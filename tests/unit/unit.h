/* SPDX-License-Identifier: MIT */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

/* cmocka wants these four before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* A str or slice against a literal. */
#define assert_str(s, literal)                                                 \
    do {                                                                       \
        struct str str_actual = (s);                                           \
        assert_int_equal(str_actual.len, sizeof(literal) - 1);                 \
        assert_memory_equal(str_actual.bytes ? str_actual.bytes : "", literal, \
                            sizeof(literal) - 1);                              \
    } while (0)

#endif
