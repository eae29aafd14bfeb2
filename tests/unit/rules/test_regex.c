/* SPDX-License-Identifier: MIT */
#include "rules/regex.h"
#include "unit.h"

#define STEPS 10000u

static enum regex_result match(const char *pattern, enum regex_mode mode,
                               struct str text, size_t *at, size_t *len)
{
    struct regex_error error;
    struct regex *regex = regex_compile(str_from(pattern), mode, &error);
    struct regex_scratch *scratch = regex_scratch_new(2000);

    assert_non_null(regex);
    assert_non_null(scratch);
    enum regex_result result =
        regex_match(regex, scratch, text, STEPS, at, len);
    regex_scratch_free(scratch);
    regex_free(regex);
    return result;
}

static void test_letter_case_and_line_ends(void **state)
{
    size_t at;
    size_t len;

    (void)state;
    assert_int_equal(
        match("POWER.shell", REGEX_FAST, STR("a power\nSHELL"), &at, &len),
        REGEX_MATCH);
    assert_int_equal(at, 2);
    assert_int_equal(len, 11);
    assert_int_equal(match("(?-i)POWER", REGEX_FAST, STR("power"), &at, &len),
                     REGEX_NO_MATCH);
}

static void test_bad_utf8_is_no_obstacle(void **state)
{
    size_t at;
    size_t len;

    (void)state;
    assert_int_equal(
        match("cmd", REGEX_FAST, STR("\xff\xfe cmd \x80"), &at, &len),
        REGEX_MATCH);
    assert_int_equal(at, 3);
    assert_int_equal(match("a.b", REGEX_COUNTED, str_of("a\0b", 3), &at, &len),
                     REGEX_MATCH);
    assert_int_equal(match("x", REGEX_FAST, str_of(NULL, 0), &at, &len),
                     REGEX_NO_MATCH);
}

/* A nested repetition tries every way to cut the text up. */
static void test_a_limit_is_not_taken_for_no_match(void **state)
{
    size_t at;
    size_t len;
    struct str text = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac");

    (void)state;
    assert_int_equal(match("(?:a+)+b", REGEX_FAST, text, &at, &len),
                     REGEX_NO_MATCH); /* no b anywhere: seen beforehand */
    assert_int_equal(match("(?:a|aa)+[bd]", REGEX_FAST, text, &at, &len),
                     REGEX_LIMIT);
    assert_int_equal(match("(?:a|aa)+[bd]", REGEX_COUNTED, text, &at, &len),
                     REGEX_LIMIT);
}

/* Each beginning alone is within the limit; together they are not. */
static void test_counted_patterns_count_every_beginning(void **state)
{
    static char text[2000];
    size_t at;
    size_t len;

    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(
        match("a.*?[bc]", REGEX_FAST, str_of(text, sizeof text), &at, &len),
        REGEX_NO_MATCH);
    assert_int_equal(
        match("a.*?[bc]", REGEX_COUNTED, str_of(text, sizeof text), &at, &len),
        REGEX_LIMIT);
}

static void test_says_where_a_pattern_is_bad(void **state)
{
    struct regex_error error = {0};

    (void)state;
    assert_null(regex_compile(STR("ab(c"), REGEX_FAST, &error));
    assert_int_equal(error.offset, 4);
    assert_true(strlen(error.message) > 0);
    assert_null(regex_compile(STR("a\\Cb"), REGEX_FAST, &error));
}

static void test_ascii_texts(void **state)
{
    struct regex_scratch *scratch = regex_scratch_new(2000);
    static const char *const patterns[] = {
        "(?<=a)b\xc3\xa9?", /* of two bytes, one character */
        "(?<=a)b[^\\x{202a}]?",
    };
    struct regex_error error;
    size_t until = 4;
    size_t at;
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct regex *regex =
            regex_compile(str_from(patterns[i]), REGEX_ASCII, &error);
        assert_non_null(regex);
        assert_int_equal(regex_match_here(regex, scratch, STR("xab"), 2, &until,
                                          STEPS, &at, &len),
                         REGEX_MATCH);
        assert_int_equal(at, 2);
        assert_int_equal(len, 1);
        assert_int_equal(regex_match_here(regex, scratch, STR("xab"), 1, &until,
                                          STEPS, &at, &len),
                         REGEX_NO_MATCH);
        regex_free(regex);
    }
    assert_null(regex_compile(STR("ab("), REGEX_ASCII, &error));
    regex_scratch_free(scratch);
}

/* Of classes the bytes are members, of strings they stay characters. */
static void test_wide_characters_in_ascii_texts(void **state)
{
    static const struct {
        const char *pattern;
        size_t len;
    } rows[] = {
        {"[-\xe2\x80\x93]a+", 3},              /* an en dash */
        {"[\xe2\x80\x93-\xe2\x80\x95-]aa", 3}, /* a range of dashes */
        {"-\xe2\x80\x93?aa", 3},
        {"-a[\xc5\xbf]?a", 3},
    };
    struct regex_scratch *scratch = regex_scratch_new(2000);
    struct regex_error error;
    size_t until = 5;
    size_t at;
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct regex *regex =
            regex_compile(str_from(rows[i].pattern), REGEX_ASCII, &error);
        assert_non_null(regex);
        assert_int_equal(regex_match_here(regex, scratch, STR("x-aa"), 1,
                                          &until, STEPS, &at, &len),
                         REGEX_MATCH);
        assert_int_equal(len, rows[i].len);
        regex_free(regex);
    }
    struct regex *letter =
        regex_compile(STR("[\xc5\xbf]x"), REGEX_ASCII, &error);
    assert_int_equal(regex_match_here(letter, scratch, STR("sx"), 0, &until,
                                      STEPS, &at, &len),
                     REGEX_MATCH); /* the long s is an s */
    regex_free(letter);
    regex_scratch_free(scratch);
}

/* From where on a pattern cannot begin to match, seen when it did not match
 * from `from`. */
static size_t until_of(const char *pattern, const char *text, size_t from)
{
    struct regex_scratch *scratch = regex_scratch_new(2000);
    struct regex_error error;
    struct regex *regex = regex_compile(str_from(pattern), REGEX_ASCII, &error);
    size_t until = strlen(text) + 1;
    size_t at;
    size_t len;

    assert_non_null(regex);
    assert_int_equal(regex_match_here(regex, scratch, str_from(text), from,
                                      &until, STEPS, &at, &len),
                     REGEX_NO_MATCH);
    regex_free(regex);
    regex_scratch_free(scratch);
    return until;
}

static void test_where_nothing_can_begin(void **state)
{
    (void)state;
    assert_int_equal(until_of("(?:ab|c).*?bx", "cababcx", 1), 3);
    assert_int_equal(until_of("a[]b.|(]*.*cx", "abababcbx", 0), 1);
    assert_int_equal(until_of("ab.*x", "cababc", 0), 7); /* not ab */
    /* Where the rest is not the same from everywhere. */
    assert_int_equal(until_of("(a).*?\\1x", "aba", 0), 4);
    assert_int_equal(until_of("ab.*?x|b", "abb", 0), 4);
    assert_int_equal(until_of("a.*+x", "abb", 0), 4);
    assert_int_equal(until_of("(?:a.*?x)", "abb", 0), 4);
    assert_int_equal(until_of("a(?(?=b)c).*?x", "abb", 0), 4);
    assert_int_equal(until_of("a.{0,9}x", "abb", 0), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letter_case_and_line_ends),
        cmocka_unit_test(test_bad_utf8_is_no_obstacle),
        cmocka_unit_test(test_ascii_texts),
        cmocka_unit_test(test_wide_characters_in_ascii_texts),
        cmocka_unit_test(test_where_nothing_can_begin),
        cmocka_unit_test(test_a_limit_is_not_taken_for_no_match),
        cmocka_unit_test(test_counted_patterns_count_every_beginning),
        cmocka_unit_test(test_says_where_a_pattern_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
