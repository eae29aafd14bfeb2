/* SPDX-License-Identifier: MIT */
#include <infscan/attack.h>
#include <infscan/ruleset.h>

#include "unit.h"

static const char *const known[] = {
#define ATTACK(id, name, tactics) id,
#include "rules/attack.def"
#undef ATTACK
};

static const char *const retired[][2] = {
#define MOVED(id, now) {id, now},
#include "rules/attack_moved.def"
#undef MOVED
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_every_row_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct infscan_technique *technique =
            infscan_attack_find(known[i]);
        assert_non_null(technique);
        assert_string_equal(technique->id, known[i]);
        assert_true(technique->name[0] != '\0');
        assert_true(technique->tactics != 0);
        assert_true(i == 0 || strcmp(known[i - 1], known[i]) < 0);
        assert_null(infscan_attack_moved(known[i]));
    }
    assert_null(infscan_attack_find("T0000"));
    assert_null(infscan_attack_find("T9999"));
    assert_null(infscan_attack_find(""));
}

static void test_a_part_has_its_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        char whole[6];
        if (strlen(known[i]) > 5) {
            memcpy(whole, known[i], 5);
            whole[5] = '\0';
            assert_non_null(infscan_attack_find(whole));
        }
    }
}

static void test_what_moved_is_gone_and_leads_somewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(retired); i++) {
        assert_null(infscan_attack_find(retired[i][0]));
        assert_non_null(infscan_attack_find(retired[i][1]));
        assert_string_equal(infscan_attack_moved(retired[i][0]), retired[i][1]);
    }
    assert_string_equal(infscan_attack_moved("T1562.001"), "T1685");
    assert_null(infscan_attack_moved("T1218.003"));
}

static void test_tactics_of_version_19(void **state)
{
    const struct infscan_technique *tools = infscan_attack_find("T1685");
    bool found = false;

    (void)state;
    for (unsigned i = 0; infscan_attack_tactic(i); i++) {
        const struct infscan_tactic *tactic = infscan_attack_tactic(i);
        assert_string_not_equal(tactic->name, "Defense Evasion");
        if (tools->tactics & 1u << i) {
            assert_string_equal(tactic->id, "TA0112");
            assert_string_equal(tactic->name, "Defense Impairment");
            found = true;
        }
    }
    assert_true(found);
    assert_null(infscan_attack_tactic(32));
}

/* What a shipped rule says of ATT&CK is in the data, and not retired. */
static void test_shipped_rules_name_what_exists(void **state)
{
    struct infscan_error error = {0};
    struct infscan_ruleset *rules;

    (void)state;
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, &error),
        INFSCAN_OK);
    for (size_t i = 0; i < infscan_ruleset_count(rules); i++) {
        const struct infscan_rule *rule = infscan_ruleset_rule(rules, i);
        for (size_t k = 0; rule->attack[k]; k++) {
            if (!infscan_attack_find(rule->attack[k])) {
                fail_msg("%s names %s, which is not in attack.def", rule->id,
                         rule->attack[k]);
            }
        }
    }
    infscan_ruleset_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_found),
        cmocka_unit_test(test_a_part_has_its_whole),
        cmocka_unit_test(test_what_moved_is_gone_and_leads_somewhere),
        cmocka_unit_test(test_tactics_of_version_19),
        cmocka_unit_test(test_shipped_rules_name_what_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
