/* SPDX-License-Identifier: MIT */
#include "command/program.h"
#include "unit.h"

static void rows_are_found_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(program_find(STR("cmd"))->how, PROGRAM_CMD);
    assert_int_equal(program_find(STR("PowerShell"))->how, PROGRAM_POWERSHELL);
    assert_int_equal(program_find(STR("pwsh"))->how, PROGRAM_POWERSHELL);
    assert_string_equal(program_find(STR("FORFILES"))->option, "/c");
}

static void others_are_not(void **state)
{
    (void)state;
    assert_null(program_find(STR("")));
    assert_null(program_find(STR("cmd.exe")));
    assert_null(program_find(STR("cm")));
    assert_null(program_find(STR("cmdx")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_in_any_case),
        cmocka_unit_test(others_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
