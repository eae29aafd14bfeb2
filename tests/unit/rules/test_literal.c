/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "rules/literal.h"
#include "unit.h"

/* "a|b & c": literals of a group, groups. */
static void write_needs(const struct literal_needs *needs, struct buf *out)
{
    for (uint32_t g = 0; g < needs->n; g++) {
        buf_add_z(out, g ? " & " : "");
        for (uint32_t i = 0; i < needs->groups[g].n; i++) {
            buf_add_z(out, i ? "|" : "");
            buf_add(out, needs->groups[g].items[i]);
        }
    }
}

static void check(const char *pattern, const char *expected)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct literal_needs needs;
    struct buf buf;

    buf_init(&buf, 4096);
    assert_true(literal_needs_of(arena, str_from(pattern), &needs));
    write_needs(&needs, &buf);
    buf_add_char(&buf, '\0');
    assert_false(buf.failed);
    assert_string_equal(buf.bytes, expected);
    buf_deinit(&buf);
    arena_free(arena);
}

static void test_needs(void **state)
{
    static const struct {
        const char *pattern, *needs;
    } rows[] = {
        {"Foo Bar", "foo bar"},
        {"\\bTaskKill\\b", "taskkill"},
        {"abc+def", "def & abc"},

        {"abc|def", "abc|def"},
        {"abc|d", "abc|d"},
        {"abc|\\w+", ""},
        {"(?:abc|def)gh", "abcgh|defgh"},
        {"x[/\\\\]ab", "x/ab|x\\ab"},
        {"colou?r", "colour|color"},
        {"foo\\b?bar", "foobar"},
        {"abc.*def", "def & abc"},
        {"abcdef\\s+(?:one|two|three)\\b", "one|two|three & abcdef"},
        {"\\bat\\s", "at |at\t|at\n|at\v|at\f|at\r"},
        {"(?:xy)\\d", "xy0|xy1|xy2|xy3|xy4|xy5|xy6|xy7|xy8|xy9"},
        {"[-/\xe2\x80\x93]ec+", "-ec|/ec|\xe2\x80\x93"
                                "ec"},
        {"[\\x{203e}-\\x{2040}!]", "\xe2\x80\xbe|\xe2\x80\xbf|\xe2\x81\x80|!"},
        {"[\xe2\x80\x93-\xe2\x80\x94]", "\xe2\x80\x93|\xe2\x80\x94"},
        {"[\\x{202a}-z]", ""},
        {"[\\x{3042}]", ""}, /* others may have more than one case */
        {"(?:abc\\w*|d)ef", "ef & abc|def"},
        {"[abc]?defg[^]x]h", "h & defg"},
        {"[a-f]defg", "defg"},
        {"[[:alpha:]]defg", "defg"},
        {"\\.evil\\\\x", ".evil\\x"},
        {"ab\\Dcde", "cde & ab"},
        {"(?-i)AbC", "abc"},
        {"(?i:AbC)d", "abcd"},
        {"(?!abcd)efg", "efg"},
        {"(?<!abcd)efg(?=h|i)", "efg"},
        {"(?:abc){2}", "abcabc"},
        {"abc{0,2}", "ab"},
        {"a{x", "a{x"},
        {"(?:abc)*def", "def"},
        {"^hkcu\\\\run$", "hkcu\\run"},
        {"caf\xc3\xa9 bar", " bar & caf"},
        /* what is not understood is not relied on */
        {"(?x)a b c", ""},
        {"a(?x: b c)d", ""},
        {"\\Qa.b\\E", ""},
        {"\\x41bcd", ""},
        {"(?#abc)defg", ""},
        {"(*UCP)defg", ""},
        {"(?|abc|abd)", ""},
        {"(?(1)abc|abd)", ""},
        {"(?:abc", ""},
        {"abc)", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(rows[i].pattern, rows[i].needs);
    }
}

static void test_too_much_is_given_up(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 1u << 16);
    for (unsigned i = 0; i <= LITERAL_MAX_ALTERNATIVES; i++) {
        buf_add_format(&buf, "%sw%03u", i ? "|" : "", i);
    }
    buf_add_char(&buf, '\0');
    check(buf.bytes, "");
    buf_deinit(&buf);
    check("((((((((((((((((((((((((abc))))))))))))))))))))))))", "");
}

static void test_folds_what_matches_ascii_letters(void **state)
{
    char folded[32];
    struct str text = STR("\xe2\x84\xaa"
                          "Ey\xc5\xbf \xe2\x84\xab\xc5\xbe\xc5");

    (void)state;
    size_t n = literal_fold(text, folded);
    assert_memory_equal(folded, "keys \xe2\x84\xab\xc5\xbe\xc5", n);
    assert_int_equal(n, 11);
    text = STR("@AZ[`az{ ABCDEFGH\xc3\x89IJKLMNOP");
    n = literal_fold(text, folded);
    assert_str(str_of(folded, n), "@az[`az{ abcdefgh\xc3\x89ijklmnop");
}

static void check_starts(const char *pattern, uint32_t back,
                         const char *expected)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct literal_starts starts;
    struct buf buf;

    buf_init(&buf, 4096);
    assert_true(literal_starts_of(arena, str_from(pattern), &starts));
    for (uint32_t i = 0; i < starts.n; i++) {
        buf_add_z(&buf, i ? "|" : "");
        buf_add(&buf, starts.items[i]);
    }
    buf_add_char(&buf, '\0');
    assert_string_equal(buf.bytes, expected);
    assert_int_equal(starts.n ? starts.back : back, back);
    buf_deinit(&buf);
    arena_free(arena);
}

static void test_starts(void **state)
{
    (void)state;
    check_starts("\\b(?:Foo|bar\\w*)\\b", 0, "foo|bar");
    check_starts("\\wfoo", 1, "foo");
    check_starts("x?.{0,2}foo.*bar", 3, "foo");
    check_starts("[a-f]{3}foo|bar", 3, "foo|bar");
    check_starts("(?:ab|abc)d?", 0, "ab");
    check_starts("\\Rfoo", 2, "foo");
    check_starts("\\w+foo", 0, "");
    check_starts("\\w{0,20}foo", 0, "");
    check_starts("(?:foo)?bar", 0, "foobar|bar");
    check_starts("(?:foo)*bar", 0, "");
    check_starts("foo|.*bar", 0, "");
    check_starts("foo|b", 0, "");
    check_starts("(?<!x)foo(?=y)", 0, "foo");
    check_starts("(.)\\1foo", 0, "");
    check_starts("\\Kfoo", 0, "");
}

static void test_starts_with_a_string_several_times(void **state)
{
    (void)state;
    check_starts("a{3}b", 0, "aaa");
    check_starts("[ ]{10}\\.exe", 0, "      ");
    check_starts("(?:ab){2,}", 0, "abab");
    check_starts("a{1,2}bc", 2, "bc");
    check_starts("a{0,3}bc", 3, "bc");
}

/* Blanks and quotation marks before a word may be any number. */
static void test_starts_behind_loose_characters(void **state)
{
    (void)state;
    check_starts("(?:^|[&|(]\\s*|/[ck]\\s+[\"']*)foo", 2, "foo");
    check_starts("\\S\\s+foo", 1, "foo");
    check_starts("[\"'x]*foo", 0, "");
    check_starts("(?: x)*foo", 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_needs),
        cmocka_unit_test(test_starts),
        cmocka_unit_test(test_starts_with_a_string_several_times),
        cmocka_unit_test(test_starts_behind_loose_characters),
        cmocka_unit_test(test_too_much_is_given_up),
        cmocka_unit_test(test_folds_what_matches_ascii_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
