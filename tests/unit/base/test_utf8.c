/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "unit.h"

static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += 37) {
        char bytes[4];
        uint32_t back;
        size_t n = utf8_encode(code, bytes);
        assert_int_equal(utf8_decode(str_of(bytes, n), &back), n);
        assert_int_equal(back, code);
    }
}

static void test_bad_bytes_cost_one(void **state)
{
    static const struct str bad[] = {
        {"\x80", 1},
        {"\xC0\x80", 2},
        {"\xE0\x80\x80", 3},
        {"\xC3", 1},
        {"\xF5\x80\x80\x80", 4},
        {"\xF0\x80\x80\x80", 4},
        {"\xF4\x90\x80\x80", 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t code;
        assert_int_equal(utf8_decode(bad[i], &code), 1);
        assert_int_equal(code, UTF8_REPLACEMENT);
        assert_false(utf8_is_valid(bad[i]));
    }
}

static void test_surrogates_are_text_but_not_valid(void **state)
{
    uint32_t code;

    (void)state;
    assert_int_equal(utf8_decode(STR("\xED\xA0\x80"), &code), 3);
    assert_int_equal(code, 0xD800);
    assert_false(utf8_is_valid(STR("\xED\xA0\x80")));
    assert_int_equal(utf8_count(STR("a\xED\xA0\x80\xC3\xA4")), 3);
}

static void test_folds(void **state)
{
    (void)state;
    assert_true(
        utf8_equal_fold(STR("\xC3\xA9t\xC3\xA9"), STR("\xC3\x89T\xC3\x89")));
    assert_true(utf8_equal_fold(STR("\xD0\xB6"), STR("\xD0\x96")));
    assert_false(utf8_equal_fold(STR("\xFF"), STR("\xFE")));
    assert_int_equal(utf8_upper(0xF7), 0xF7);
}

static void test_knows_blanks_and_invisible_characters(void **state)
{
    (void)state;
    assert_true(utf8_is_space(0xA0));
    assert_false(utf8_is_space(0x200B));
    assert_true(utf8_is_invisible(0x200B));
    assert_true(utf8_is_invisible(0x202E));
    assert_false(utf8_is_invisible('a'));
}

static void test_utf16_units(void **state)
{
    (void)state;
    assert_int_equal(utf8_utf16_units(STR("")), 0);
    assert_int_equal(utf8_utf16_units(STR("a\xC3\xA4\xE2\x82\xAC")), 3);
    assert_int_equal(utf8_utf16_units(STR("\xF0\x9F\x98\x80\xFF")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf16_units),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_bad_bytes_cost_one),
        cmocka_unit_test(test_surrogates_are_text_but_not_valid),
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_knows_blanks_and_invisible_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
