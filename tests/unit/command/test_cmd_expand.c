/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

/* A text where x is "net user"; whether anything was hidden in it. */
static void check(const char *text, enum cmd_delayed delayed,
                  const char *expected, bool is_hidden)
{
    struct peeling peeling = peeling_begin(text);
    struct cmd cmd = {.peel = &peeling.peel,
                      .delayed = delayed == CMD_DELAYED_ON};
    struct slice from = slice_sub(peeling.command, 0, 1);

    peel_set(&peeling.peel, peel_fold(&peeling.peel, STR("x"), from),
             peel_fold(&peeling.peel, STR("net user"), from));
    assert_text(cmd_expand(&cmd, peeling.command), expected);
    assert_int_equal(cmd.hidden, is_hidden);
    peeling_end(&peeling);
}

static void test_variables(void **state)
{
    (void)state;
    check("a %x% b", CMD_DELAYED_OFF, "a net user b", true);
    check("%X:~4%", CMD_DELAYED_OFF, "user", true);
    check("%x:~-4,2%", CMD_DELAYED_OFF, "us", true);
    check("%x:~0,-5%", CMD_DELAYED_OFF, "net", true);
    check("%x:net=sc%", CMD_DELAYED_OFF, "sc user", true);
    check("%x:* =%", CMD_DELAYED_OFF, "user", true);
    check("%unknown%", CMD_DELAYED_OFF, "%unknown%", false);
    check("100%", CMD_DELAYED_OFF, "100%", false);
}

static void test_delayed(void **state)
{
    (void)state;
    check("!x:~4!", CMD_DELAYED_ON, "user", true);
    check("!x!", CMD_DELAYED_OFF, "!x!", false);
}

static void test_carets(void **state)
{
    (void)state;
    check("w^ho", CMD_DELAYED_OFF, "who", true);
    check("\"w^ho\"", CMD_DELAYED_OFF, "\"w^ho\"", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_delayed),
        cmocka_unit_test(test_carets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
