/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

static void check(const char *text, const char *expected)
{
    struct peeling peeling = peeling_begin(text);
    struct cmd cmd = {.peel = &peeling.peel};

    cmd_set_arithmetic(&cmd, peeling.command);
    assert_variable(&peeling.peel, "x", expected);
    peeling_end(&peeling);
}

static void test_expressions(void **state)
{
    static const struct {
        const char *text, *value;
    } rows[] = {
        {" x=1+2*3", "7"},
        {" \"x = (1 + 2) * 3\"", "9"},
        {"x=7-2-1", "4"},
        {"x=17%5", "2"},
        {"x=17%%5", "2"},
        {"x=1<<4|3", "19"},
        {"x=6^3", "5"},
        {"x=6&3", "2"},
        {"x=-8>>1", "-4"},
        {"x=~0", "-1"},
        {"x=!5", "0"},
        {"x=!0", "1"},
        {"x=0x1f", "31"},
        {"x=017", "15"},
        {"x=2147483647+1", "-2147483648"},
        {"y=5,x=y*y", "25"},
        {"x=y=3", "3"},
        {"x=4,x+=2,x*=3,x-=1,x/=2,x%=5", "3"},
        {"x=1,x<<=5,x|=1", "33"},
        {"x=unset+2", "2"},
        {"x=1<<40", "0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(rows[i].text, rows[i].value);
    }
}

static void test_what_cmd_refuses_sets_nothing(void **state)
{
    static const char *const rows[] = {
        "x=1/0",
        "x=5%0",
        "x=(1",
        "x=",
        "x=08",
        "x=0xg",
        "5=x",
        "",
        "x=1+",
        "((",
        "x=(-2147483647-1)/-1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(rows[i], "");
    }
}

static void test_nesting_is_bounded(void **state)
{
    char text[4096];

    (void)state;
    memset(text, '(', sizeof text);
    memcpy(text, "x=", 2);
    text[sizeof text - 1] = '\0';
    check(text, "");
    memset(text + 2, '-', sizeof text - 3);
    check(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_what_cmd_refuses_sets_nothing),
        cmocka_unit_test(test_nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
