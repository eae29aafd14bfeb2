/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

static void check(const char *text, enum cmd_delayed delayed,
                  const char *expected)
{
    struct peeling peeling = peeling_begin(text);

    assert_text(cmd_peel_line(&peeling.peel, peeling.command, delayed),
                expected);
    peeling_end(&peeling);
}

static void test_labels(void **state)
{
    struct str s = STR("a\n :One x\n:two\nb\n:onemore");

    (void)state;
    assert_int_equal(cmd_find_label(s, STR("one")), 9);
    assert_int_equal(cmd_find_label(s, STR("TWO")), 14);
    assert_true(cmd_find_label(s, STR("three")) == STR_NONE);
}

static void test_ends_of_statements(void **state)
{
    (void)state;
    assert_int_equal(cmd_statement_end(STR("a (b\nc) d\ne"), 0), 9);
    assert_int_equal(cmd_statement_end(STR("a \"(\" ^( b\ne"), 0), 10);
    assert_int_equal(cmd_statement_end(STR("a ) \"b\n(c"), 0), 6);
    assert_int_equal(cmd_statement_end(STR("a (b\nc"), 0), 6);
    assert_int_equal(cmd_line_end(STR("a (b\nc"), 1), 4);
    assert_int_equal(cmd_line_end(STR("a (b\nc"), 5), 6);
}

/* Each round is run, what comes out of the last one is a layer. */
static void test_loops_of_jumps(void **state)
{
    struct peeling peeling = peeling_begin("set r=\nset i=0\n:loop\n"
                                           "set r=%r%who\nset /a i+=1\n"
                                           "if %i% lss 3 goto loop\n%r%ami");

    (void)state;
    assert_text(cmd_peel_line(&peeling.peel, peeling.command, CMD_DELAYED_OFF),
                "set r=\nset i=0\n:loop\nset r=who\nset /a i+=1\n"
                "if %i% lss 3 goto loop\nwhowhowhoami");
    assert_variable(&peeling.peel, "i", "3");
    assert_int_equal(peeling.peel.hit, 0);
    peeling_end(&peeling);
    /* out of a block, out of a loop, and over what is not run */
    check("set a=1\n:x\nif %a%==2 (goto y) else set a=2\ngoto x\nw^rong\n:y\n"
          "r^ight",
          CMD_DELAYED_OFF,
          "set a=1\n:x\nif %a%==2 (goto y) else set a=2\ngoto x\nw^rong\n"
          ":y\nright");
    check("for %i in (1 2 3) do set a=%i&if %i==2 goto on\nset a=9\n:on\n"
          "call n^et%a%",
          CMD_DELAYED_OFF,
          "for %i in (1 2 3) do set a=%i&if %i==2 goto on\nset a=9\n:on\n"
          "call net2");
    /* a for takes no more than its line */
    check("for %i in (1 2) do set a=%i\ncall n^et%a%", CMD_DELAYED_OFF,
          "for %i in (1 2) do set a=%i\ncall net2");
}

static unsigned layers_of(const char *text, limit_set *hit)
{
    struct peeling peeling = peeling_begin(text);

    cmd_peel_line(&peeling.peel, peeling.command, CMD_DELAYED_OFF);
    unsigned n = peeling.peel.layers.n;
    *hit = peeling.peel.hit;
    peeling_end(&peeling);
    return n;
}

/* What never ends, or only when the host says so, is read once. */
static void test_loops_without_an_end(void **state)
{
    limit_set hit;

    (void)state;
    assert_int_equal(layers_of(":a\nn^et%x%\ngoto a", &hit), 1);
    assert_int_equal(hit, 0);
    assert_int_equal(layers_of("set n=0\n:a\nset /a n+=1\n"
                               "if exist x goto b\necho a^b%n%\ngoto a\n:b",
                               &hit),
                     1);
    assert_int_equal(hit, 0);
    /* but one that is sure to go on is cut, and that is said */
    layers_of("set n=0\n:a\nset /a n+=1\ngoto a", &hit);
    assert_true(limit_is_hit(hit, LIMIT_peel_steps));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_ends_of_statements),
        cmocka_unit_test(test_loops_of_jumps),
        cmocka_unit_test(test_loops_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
