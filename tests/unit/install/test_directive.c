/* SPDX-License-Identifier: MIT */
#include "install/directive.h"
#include "install/launcher.h"
#include "unit.h"

static void every_directive_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < N_DIRECTIVES; i++) {
        const struct directive_info *row = directive_info((enum directive_id)i);
        assert_int_equal(directive_find(row->name), i);
        assert_true(row->phase < N_PHASES);
        assert_true(row->class != 0);
        assert_true(strlen(row->effect) > 10);
        assert_true(strlen(row->source) > 3);
    }
}

static void letter_case_does_not_matter_but_the_rest_does(void **state)
{
    (void)state;
    assert_int_equal(directive_find(STR("RUNPRESETUPCOMMANDS")),
                     DIRECTIVE_RUN_PRE_SETUP);
    assert_int_equal(directive_find(STR("addreg")), DIRECTIVE_ADD_REG);
    assert_int_equal(directive_find(STR("AddReg ")), N_DIRECTIVES);
    assert_int_equal(directive_find(STR("RunPostSetupCommandsSecretly")),
                     N_DIRECTIVES);
    assert_int_equal(directive_find(STR("")), N_DIRECTIVES);
}

static void launchers_are_chosen_by_name_and_section(void **state)
{
    struct launcher_choice choice;

    (void)state;
    assert_true(launcher_parse(STR("CMSTP"), &choice));
    assert_int_equal(choice.launcher, LAUNCHER_CMSTP);
    assert_int_equal(choice.section.len, 0);
    assert_true(launcher_parse(STR("advpack:A:1"), &choice));
    assert_int_equal(choice.launcher, LAUNCHER_ADVPACK);
    assert_str(choice.section, "A:1");
    assert_false(launcher_parse(STR("explorer"), &choice));
    assert_false(launcher_parse(STR(""), &choice));
    assert_string_equal(launcher_name(LAUNCHER_NAMED_SECTION), "named-section");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_directive_is_found_by_its_name),
        cmocka_unit_test(letter_case_does_not_matter_but_the_rest_does),
        cmocka_unit_test(launchers_are_chosen_by_name_and_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
