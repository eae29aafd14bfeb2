/* SPDX-License-Identifier: MIT */
#include "unit.h"

static void test_compares_without_case(void **state)
{
    (void)state;
    assert_true(str_equal_fold(STR("DefaultInstall"), STR("defaultINSTALL")));
    assert_false(str_equal_fold(STR("a"), STR("ab")));
    assert_true(str_compare_fold(STR("abc"), STR("ABD")) < 0);
    assert_true(str_compare_fold(STR("ab"), STR("ABC")) < 0);
    assert_int_equal(str_compare_fold(STR("x"), STR("X")), 0);
    assert_true(str_starts_fold(STR("Strings.0409"), STR("strings")));
    assert_true(str_ends_fold(STR("a.DLL"), STR(".dll")));
    assert_false(str_ends_fold(STR("l"), STR(".dll")));
}

static void test_finds(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("aaab"), STR("ab"), 0), 2);
    assert_int_equal(str_find(STR("abab"), STR("ab"), 1), 2);
    assert_int_equal(str_find(STR("ab"), STR("abc"), 0), STR_NONE);
    assert_int_equal(str_find(STR("ab"), STR(""), 2), 2);
    assert_int_equal(str_find(STR("ab"), STR("a"), 3), STR_NONE);
    assert_int_equal(str_find_fold(STR("xCMD.exe"), STR("cmd"), 0), 1);
    assert_int_equal(str_find_char(STR("a\0b"), 'b', 0), 2);
}

static void test_cuts(void **state)
{
    (void)state;
    assert_str(str_sub(STR("abc"), 1, 9), "bc");
    assert_str(str_sub(STR("abc"), 9, 1), "");
    assert_str(str_trim(STR(" \t a b\r\n")), "a b");
    assert_str(str_trim(STR("  ")), "");
}

static void test_splits(void **state)
{
    struct str rest = STR("a,,b");
    struct str part;

    (void)state;
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_next(&rest, ',', &part));
    assert_str(part, "b");
    assert_false(str_next(&rest, ',', &part));
}

static void test_parses_integers(void **state)
{
    int64_t n = 7;

    (void)state;
    assert_true(str_parse_int(STR(" -12 "), &n));
    assert_int_equal(n, -12);
    assert_true(str_parse_int(STR("0x10001"), &n));
    assert_int_equal(n, 0x10001);
    assert_false(str_parse_int(STR(""), &n));
    assert_false(str_parse_int(STR("12a"), &n));
    assert_false(str_parse_int(STR("99999999999999999999"), &n));
    assert_int_equal(n, 0x10001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compares_without_case),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_parses_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
