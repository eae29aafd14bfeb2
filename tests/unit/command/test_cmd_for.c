/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"
#include "peeling.h"

/* What the rounds ran, as the layer of the loop; "" where there is none. */
static void check_rounds(const char *line, const char *expected)
{
    struct peeling peeling = peeling_begin(line);
    struct slice rounds = SLICE_NONE;

    cmd_peel_line(&peeling.peel, peeling.command, CMD_DELAYED_ON);
    for (uint32_t i = 0; i < peeling.peel.layers.n; i++) {
        if (strcmp(peeling.peel.layers.items[i].step, "cmd.for") == 0) {
            rounds = peeling.peel.layers.items[i].text;
        }
    }
    assert_text(rounds, expected);
    assert_false(peeling.peel.failed);
    peeling_end(&peeling);
}

static void test_lists(void **state)
{
    (void)state;
    check_rounds("for %i in (a b,c) do echo %i", "echo a & echo b & echo c");
    check_rounds("for %%i in (a) do echo %%i", "echo a");
    check_rounds("for %i in (*.exe) do echo %i", ""); /* files of the host */
    check_rounds("for %i in () do echo %i", "");
}

static void test_counters(void **state)
{
    (void)state;
    check_rounds("for /l %i in (1,2,5) do echo %i", "echo 1 & echo 3 & echo 5");
    check_rounds("for /L %i in (2,-1,0) do echo %i",
                 "echo 2 & echo 1 & echo 0");
    check_rounds("for /l %i in (3,1,2) do echo %i", "");
    check_rounds("for /l %i in (a,1,2) do echo %i", "");
}

static void test_tokens_of_texts(void **state)
{
    (void)state;
    check_rounds("for /f \"tokens=1,3 delims=;\" %i in (\"a;b;c\") do "
                 "echo %i-%j",
                 "echo a-c");
    check_rounds("for /f \"tokens=1*\" %i in (\"a b c\") do echo %j",
                 "echo b c");
    check_rounds("for /f \"usebackq tokens=2\" %i in ('a b') do echo %i",
                 "echo b");
    check_rounds("for /f %i in (names.txt) do echo %i", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_counters),
        cmocka_unit_test(test_tokens_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
