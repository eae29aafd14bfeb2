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

/* Letters in upper case, and no other byte touched, wherever in eight bytes
 * it stands. */
static void test_folds_eight_bytes_as_one_by_one(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        for (unsigned at = 0; at < 8; at++) {
            char bytes[8] = {'z', 'a', '`', '{', '\xFF', '@', '[', 'Z'};
            char upper[8] = {'Z', 'A', '`', '{', '\xFF', '@', '[', 'Z'};
            bytes[at] = (char)c;
            upper[at] = ascii_upper((char)c);
            assert_int_equal(ascii_upper_8(ascii_load_8(bytes)),
                             ascii_load_8(upper));
        }
    }
}

static void test_compares_long_names_without_case(void **state)
{
    (void)state;
    assert_true(str_equal_fold(STR("DefaultInstall.NTamd64"),
                               STR("dEFAULTiNSTALL.ntAMD64")));
    assert_false(
        str_equal_fold(STR("0123456789abcdef"), STR("0123456789abcdeg")));
    assert_false(str_equal_fold(STR("01234567@"), STR("01234567`")));
    assert_false(str_equal_fold(STR("0123\xC4"
                                    "567"),
                                STR("0123\xE4"
                                    "567")));
}

/* A difference in any place of a name of any length is seen. */
static void test_compares_each_byte(void **state)
{
    char a[33];
    char b[33];

    (void)state;
    memset(a, 'k', sizeof a);
    memset(b, 'K', sizeof b);
    for (size_t len = 0; len <= sizeof a; len++) {
        assert_true(str_equal_fold(str_of(a, len), str_of(b, len)));
        assert_true(str_starts_fold(str_of(a, sizeof a), str_of(b, len)));
        for (size_t at = 0; at < len; at++) {
            b[at] = '+';
            assert_false(str_equal_fold(str_of(a, len), str_of(b, len)));
            assert_false(str_starts_fold(str_of(a, sizeof a), str_of(b, len)));
            b[at] = 'K';
        }
    }
}

static void test_measures_ascii_runs(void **state)
{
    char bytes[100];

    (void)state;
    memset(bytes, 'a', sizeof bytes);
    assert_int_equal(str_ascii_run(str_of(bytes, 0)), 0);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = '\x80';
        for (size_t len = i + 1; len <= sizeof bytes; len++) {
            assert_int_equal(str_ascii_run(str_of(bytes, len)), i);
        }
        assert_int_equal(str_ascii_run(str_of(bytes, i)), i);
        bytes[i] = '\x7F';
    }
    assert_int_equal(str_ascii_run(str_of(bytes, sizeof bytes)), sizeof bytes);
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
    assert_int_equal(str_find_fold(STR("ab"), STR(""), 1), 1);
    assert_int_equal(str_find_fold(STR("\\a\\B"), STR("\\b"), 0), 2);
    assert_int_equal(str_find_fold(STR("\\a\\"), STR("\\b"), 0), STR_NONE);
    assert_int_equal(str_find_fold(STR("\\\\"), STR("\\"), 1), 1);
    assert_int_equal(str_find_char(STR("a\0b"), 'b', 0), 2);
}

/* In each place of a text, whose other bytes are one bit away from a match. */
static void test_finds_letters_of_either_case(void **state)
{
    static const char others[] = "`{@[\xF1qQ\x11";
    char bytes[40];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = others[i % (sizeof others - 1)];
    }
    for (size_t i = 0; i + 1 < sizeof bytes; i++) {
        char kept[2] = {bytes[i], bytes[i + 1]};
        bytes[i] = i % 2 ? 'a' : 'A';
        bytes[i + 1] = '-';
        for (size_t from = 0; from < sizeof bytes; from++) {
            assert_int_equal(
                str_find_fold(str_of(bytes, sizeof bytes), STR("a-"), from),
                from <= i ? i : STR_NONE);
        }
        assert_int_equal(str_find_fold(str_of(bytes, i + 1), STR("A-"), 0),
                         STR_NONE);
        memcpy(bytes + i, kept, sizeof kept);
    }
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
        cmocka_unit_test(test_folds_eight_bytes_as_one_by_one),
        cmocka_unit_test(test_compares_long_names_without_case),
        cmocka_unit_test(test_compares_each_byte),
        cmocka_unit_test(test_measures_ascii_runs),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_finds_letters_of_either_case),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_parses_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
