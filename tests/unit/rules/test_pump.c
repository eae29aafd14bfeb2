/* SPDX-License-Identifier: MIT */
#include "rules/pump.h"
#include "unit.h"

struct row {
    const char *pattern;
    const char *before; /* NULL: nothing is found */
    const char *body;
};

static void check(const struct row *row)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct pump pump;
    enum pump_result result = pump_find(arena, str_from(row->pattern), &pump);

    if (!row->before) {
        assert_int_equal(result, PUMP_NONE);
    } else {
        assert_int_equal(result, PUMP_FOUND);
        assert_true(str_equal(pump.before, str_from(row->before)));
        assert_true(str_equal(pump.body, str_from(row->body)));
    }
    arena_free(arena);
}

static void test_patterns_that_repeat_what_repeats(void **state)
{
    static const struct row rows[] = {
        {"(a+)+b", "", "a"},
        {"^x(?:foo|f|o)*bar$", "x", "foo"},
        {"cmd (?:\\w+\\s?)*!", "cmd ", "a"},
        {"q([a-z]|\\w)*!", "q", "a"},
        {"n(?:[a-z]|\\d|0)*!", "n", "0"}, /* letters first, then digits */
        {"(?=(?:a|a)*b)c", "", "a"},
        {"(?:one|two(?:x+)+y)z", "two", "x"},
        {"(?:(?:ab){1,}c?){2,}d", "", "ab"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(&rows[i]);
    }
}

static void test_patterns_with_one_way_to_match(void **state)
{
    static const struct row rows[] = {
        {"powershell", NULL, NULL},
        {"(?:ab+)+c", NULL, NULL},
        {"(a++)+b", NULL, NULL},
        {"(?>a+)+b", NULL, NULL},
        {"(?:a+){1,3}b", NULL, NULL}, /* counted: not without end */
        {"a.*b.*c.*d", NULL, NULL},
        {"[^|]*\\|[^|]*\\|x", NULL, NULL},
        {"(?<name>a+)+b", NULL, NULL}, /* not read */
        {"", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(&rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns_that_repeat_what_repeats),
        cmocka_unit_test(test_patterns_with_one_way_to_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
