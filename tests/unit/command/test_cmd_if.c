/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

static void check_condition(const char *text, enum cmd_truth expected,
                            const char *rest)
{
    struct peeling peeling = peeling_begin(text);
    struct cmd cmd = {.peel = &peeling.peel, .delayed = true};
    size_t at = 0;

    peel_set(&peeling.peel, slice_sub(peeling.command, 0, 1),
             slice_sub(peeling.command, 1, 1));
    assert_int_equal(cmd_condition(&cmd, peeling.command, &at), expected);
    assert_text(slice_sub(peeling.command, at, peeling.command.len), rest);
    peeling_end(&peeling);
}

static void test_conditions(void **state)
{
    (void)state;
    check_condition("a==a x", CMD_TRUE, " x");
    check_condition("a == A x", CMD_TRUE, " x");
    check_condition("\"a b\"==\"a b\" x", CMD_TRUE, " x");
    check_condition("not 1 equ 1 x", CMD_FALSE, " x");
    check_condition("/i not a neq b x", CMD_FALSE, " x");
    check_condition("10 gtr 9 x", CMD_TRUE, " x");
    check_condition("10 lss 9 x", CMD_FALSE, " x");
    check_condition("9 leq 9 x", CMD_TRUE, " x");
    check_condition("8 geq 9 x", CMD_FALSE, " x");
    check_condition("exist c:\\x y", CMD_UNKNOWN, " y");
    check_condition("not exist c:\\x y", CMD_UNKNOWN, " y");
    check_condition("errorlevel 1 y", CMD_UNKNOWN, " y");
    check_condition("defined comspec y", CMD_TRUE, " y");
    check_condition("defined nowhere y", CMD_UNKNOWN, " y");
    check_condition("%nowhere%==1 y", CMD_UNKNOWN, " y");
    check_condition("!nowhere!==1 y", CMD_UNKNOWN, " y");
    check_condition("a what b y", CMD_UNKNOWN, " y");
    check_condition("", CMD_UNKNOWN, "");
}

static void check_branches(const char *text, const char *yes, const char *no)
{
    struct peeling peeling = peeling_begin(text);
    struct cmd_branches b = cmd_find_branches(peeling.command, 0);

    assert_text(slice_sub(peeling.command, b.yes, b.yes_end - b.yes), yes);
    assert_text(slice_sub(peeling.command, b.no, b.no_end - b.no), no);
    peeling_end(&peeling);
}

static void test_branches(void **state)
{
    (void)state;
    check_branches(" a b & c", "a b & c", "");
    check_branches(" (a) & c", "(a)", "");
    check_branches(" (a) else (b) & c", "(a)", "(b)");
    check_branches(" (a (x) \")\" ^)) else b & c\nd", "(a (x) \")\" ^))",
                   "b & c");
    check_branches(" (a) elsewhere", "(a)", "");
    check_branches(" (a", "(a", "");
    check_branches("", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_branches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
