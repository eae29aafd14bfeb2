/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

static void check(const char *line, enum cmd_delayed delayed,
                  const char *expected)
{
    struct peeling peeling = peeling_begin(line);

    assert_text(cmd_peel_line(&peeling.peel, peeling.command, delayed),
                expected);
    assert_false(peeling.peel.failed);
    peeling_end(&peeling);
}

static void test_commands_of_a_line(void **state)
{
    (void)state;
    check("dir & w^hoami", CMD_DELAYED_OFF, "dir & whoami");
    check("(w^hoami) && (d^ir)", CMD_DELAYED_OFF, "(whoami) && (dir)");
    check("@w^hoami > x 2>&1", CMD_DELAYED_OFF, "@whoami > x 2>&1");
    check("set a=who&call %a%ami", CMD_DELAYED_OFF, "set a=who&call whoami");
    check("set a=who&!a!ami", CMD_DELAYED_OFF, "set a=who&!a!ami");
    check("set a=who&!a!ami", CMD_DELAYED_ON, "set a=who&whoami");
    check("echo \"a^b\"", CMD_DELAYED_OFF, "echo \"a^b\"");
    check("echo(x", CMD_DELAYED_OFF, "echo(x");
    check("echo,", CMD_DELAYED_OFF, "echo,");
    check("start;w^hoami", CMD_DELAYED_OFF, "start whoami");
    check("unknown,a", CMD_DELAYED_OFF, "unknown,a");
}

static void test_set(void **state)
{
    struct peeling peeling =
        peeling_begin("set a=1&set \"b=x y\" z&set c=&set d&set /p e=?&set /a "
                      "f=2+3&set g=a=b");

    (void)state;
    cmd_peel_line(&peeling.peel, peeling.command, CMD_DELAYED_OFF);
    assert_variable(&peeling.peel, "A", "1");
    assert_variable(&peeling.peel, "b", "x y");
    assert_variable(&peeling.peel, "c", "");
    assert_variable(&peeling.peel, "d", "");
    assert_variable(&peeling.peel, "e", "");
    assert_variable(&peeling.peel, "f", "5");
    assert_variable(&peeling.peel, "g", "a=b");
    peeling_end(&peeling);
}

static void test_jumps(void **state)
{
    (void)state;
    check("set a=foo\ngoto :on\nset a=bar\n:on\ncall %a%x", CMD_DELAYED_OFF,
          "set a=foo\ngoto :on\nset a=bar\n:on\ncall foox");
    check("set a=foo\ngoto eof\ncall %a%x", CMD_DELAYED_OFF,
          "set a=foo\ngoto eof\ncall %a%x");
    /* backwards: read once already */
    check(":back\nw^hoami\ngoto back", CMD_DELAYED_OFF,
          ":back\nwhoami\ngoto back");
    check("goto nowhere\nw^hoami", CMD_DELAYED_OFF, "goto nowhere\nwhoami");
}

static void test_conditions(void **state)
{
    (void)state;
    check("if 1==1 w^hoami", CMD_DELAYED_OFF, "if 1==1 whoami");
    check("if 1==2 w^hoami", CMD_DELAYED_OFF, "if 1==2 w^hoami");
    check("if 1==2 (a^b) else (c^d)&e^f", CMD_DELAYED_OFF,
          "if 1==2 (a^b) else (cd)&ef");
    check("if exist x (a^b) else c^d", CMD_DELAYED_OFF,
          "if exist x (ab) else cd");
    check("if 1==1 if 2==3 (a^b) else (c^d)", CMD_DELAYED_OFF,
          "if 1==1 if 2==3 (a^b) else (cd)");
}

/* Nothing that is nested without end may use up the stack. */
static void test_depth_is_bounded(void **state)
{
    enum {
        N = 20000
    };
    char *line = malloc(N * 8 + 1);

    (void)state;
    assert_non_null(line);
    for (size_t i = 0; i < N; i++) {
        memcpy(line + i * 8, "if 1==1 ", 8);
    }
    line[(size_t)N * 8] = '\0';
    check(line, CMD_DELAYED_OFF, line);
    memset(line, '(', (size_t)N * 8);
    check(line, CMD_DELAYED_OFF, line);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_of_a_line),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_jumps),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
