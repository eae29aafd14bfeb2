/* SPDX-License-Identifier: MIT */
#include "peeling.h"

static void check(const char *source, const char *expected)
{
    struct peeling peeling = peeling_begin(source);

    assert_text(script_peel_source(&peeling.peel, peeling.command), expected);
    assert_false(peeling.peel.failed);
    peeling_end(&peeling);
}

static void test_sums_are_folded(void **state)
{
    (void)state;
    check("x = \"a\" & \"b\"", "x = \"ab\"");
    check("x = 'a' + ('b' + 'c')", "x = \"abc\"");
    check("x = Chr(97) & chrw(&H62)", "x = \"ab\"");
    check("x = String.fromCharCode(97, 0x62)", "x = \"ab\"");
    check("x = StrReverse(\"cba\")", "x = \"abc\"");
    check("x = unescape('%61b')", "x = \"ab\"");
    check("x = Replace(\"aXb\", \"X\", \"-\")", "x = \"a-b\"");
    check("x = \"a\" & y", "x = \"a\" & y");
    check("x = \"a\"", "x = \"a\"");
    check("x = Foo(\"a\" & \"b\")", "x = Foo(\"ab\")");
    check("x = \"a", "x = \"a");
}

static void check_layers(const char *source, const char *step, const char *text)
{
    struct peeling peeling = peeling_begin(source);

    script_peel_source(&peeling.peel, peeling.command);
    assert_int_equal(peeling.peel.layers.n, 1);
    assert_string_equal(peeling.peel.layers.items[0].step, step);
    assert_text(peeling.peel.layers.items[0].text, text);
    peeling_end(&peeling);
}

static void test_what_calls_are_given(void **state)
{
    (void)state;
    check_layers("sh.Run \"notepad x\"", "script.run", "notepad x");
    check_layers("os.system('notepad x')", "script.run", "notepad x");
    check_layers("Execute(\"x = 1\")", "script.execute", "x = 1");
}

static void test_only_source_behind_its_scheme(void **state)
{
    struct peeling peeling = peeling_begin("x = \"a\" & \"b\"");

    (void)state;
    assert_text(script_peel(&peeling.peel, peeling.command),
                "x = \"a\" & \"b\"");
    assert_int_equal(peeling.peel.layers.n, 0);
    peeling_end(&peeling);
}

static void test_longer_names_are_others(void **state)
{
    struct peeling peeling = peeling_begin("filesystem('notepad')");

    (void)state;
    script_peel_source(&peeling.peel, peeling.command);
    assert_int_equal(peeling.peel.layers.n, 0);
    peeling_end(&peeling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_folded),
        cmocka_unit_test(test_what_calls_are_given),
        cmocka_unit_test(test_only_source_behind_its_scheme),
        cmocka_unit_test(test_longer_names_are_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
