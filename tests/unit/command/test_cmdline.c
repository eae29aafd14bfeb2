/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "command/cmdline.h"

static const struct text *text_of(struct arena *arena, struct str bytes)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, bytes, 0);
    return text_build_finish(&builder);
}

static void check(const char *command, const char *const *expected, uint32_t n)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct cmdline line;

    assert_true(cmdline_split(
        arena, slice_all(text_of(arena, str_from(command))), &line));
    assert_int_equal(line.n, n);
    for (uint32_t i = 0; i < n; i++) {
        struct str value = slice_str(line.arguments[i].value);
        assert_int_equal(value.len, strlen(expected[i]));
        assert_memory_equal(value.bytes, expected[i], value.len);
    }
    arena_free(arena);
}

static void splits_as_the_c_runtime(void **state)
{
    (void)state;
    check("a b\tc", (const char *const[]){"a", "b", "c"}, 3);
    check("x \"a b\" c", (const char *const[]){"x", "a b", "c"}, 3);
    check("x a\\\\\\\"b c", (const char *const[]){"x", "a\\\"b", "c"}, 3);
    check("x \"a\\\\\" b", (const char *const[]){"x", "a\\", "b"}, 3);
    check("x \"a\"\"b c\"", (const char *const[]){"x", "a\"b c"}, 2);
    check("x \"\" y", (const char *const[]){"x", "", "y"}, 3);
    check("x \"open end", (const char *const[]){"x", "open end"}, 2);
}

static void program_has_its_own_rule(void **state)
{
    (void)state;
    check("\"C:\\a b\\\"c d", (const char *const[]){"C:\\a b\\c", "d"}, 2);
    check("C:\\dir\\\\x.exe", (const char *const[]){"C:\\dir\\\\x.exe"}, 1);
}

static void blank_has_no_arguments(void **state)
{
    (void)state;
    check("  \t", NULL, 0);
    check("", NULL, 0);
}

static void names_programs(void **state)
{
    static const char *const cases[][2] = {
        {"C:\\Windows\\System32\\CMD.EXE", "CMD"},
        {"cmd", "cmd"},
        {"C:/x/Power.exe", "Power"},
        {"c:calc.exe", "calc"},
        {"x.com", "x.com"},
        {"cmd.exe. ", "cmd"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str name = cmdline_program(str_from(cases[i][0]));
        assert_true(str_equal(name, str_from(cases[i][1])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_as_the_c_runtime),
        cmocka_unit_test(program_has_its_own_rule),
        cmocka_unit_test(blank_has_no_arguments),
        cmocka_unit_test(names_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
