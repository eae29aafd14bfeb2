/* SPDX-License-Identifier: MIT */
#include "command/program.h"
#include "unit.h"

static void rows_are_found_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(program_find(STR("cmd"))->how, PROGRAM_CMD);
    assert_int_equal(program_find(STR("PowerShell"))->how, PROGRAM_POWERSHELL);
    assert_int_equal(program_find(STR("pwsh"))->how, PROGRAM_POWERSHELL);
    assert_str(program_find(STR("FORFILES"))->option, "/c");
}

static void others_are_not(void **state)
{
    (void)state;
    assert_null(program_find(STR("")));
    assert_null(program_find(STR("cmd.exe")));
    assert_null(program_find(STR("cm")));
    assert_null(program_find(STR("cmdx")));
}

static void rows_of_one_program_follow_each_other(void **state)
{
    const struct program *row = program_find(STR("wmic"));

    (void)state;
    assert_int_equal(row->how, PROGRAM_OPTION);
    row = program_next(row);
    assert_int_equal(row->how, PROGRAM_ADDRESS);
    assert_str(row->option, "/format:");
    assert_null(program_next(row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_in_any_case),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(rows_of_one_program_follow_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
