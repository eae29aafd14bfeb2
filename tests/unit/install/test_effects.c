/* SPDX-License-Identifier: MIT */
/* What effects.spec cannot show. */
#include "inf/parser.h"
#include "install/effects.h"
#include "install/roles.h"
#include "text/decode.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct inf_document document;
    const struct inf_strings *strings;
    struct install install;
    struct effects effects;
};

static const struct install_options options = {.inf_dir = {"C:\\src", 6}};

static void read_inf(struct given *given, struct str raw)
{
    struct decoded decoded;
    uint32_t n_strings;

    given->arena = arena_new(SIZE_MAX);
    assert_int_equal(decode_bytes(given->arena, raw, 0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(inf_parse(given->arena, &given->source, &limits_default,
                               NULL, &given->document),
                     INFSCAN_OK);
    assert_int_equal(inf_strings_list(given->arena, &given->document,
                                      &given->strings, &n_strings),
                     INFSCAN_OK);
}

static void list(struct given *given)
{
    assert_true(effects_list(given->arena, &given->install, &given->effects));
}

static void analyse(struct given *given, struct str raw)
{
    read_inf(given, raw);
    assert_int_equal(install_analyse(given->arena, &given->document,
                                     given->strings, &options, &limits_default,
                                     NULL, &given->install),
                     INFSCAN_OK);
    list(given);
}

static void test_all_actions_of_a_thing_are_named(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[Version]\nSignature=$CHICAGO$\n"
                        "[DefaultInstall]\nAddReg=A\n"
                        "[A]\nHKLM,K,v,,x\nHKLM,Z,v,,x\nHKLM,k,V,,x\n"));
    assert_int_equal(given.effects.n, 2);
    const struct effect *effect = &given.effects.items[0];
    assert_int_equal(effect->n_actions, 2);
    assert_int_equal(effect->actions[0], 0);
    assert_int_equal(effect->actions[1], 2);
    assert_str(slice_str(effect->target), "HKLM\\K");
    assert_int_equal(given.effects.items[1].actions[0], 1);
    arena_free(given.arena);
}

static void test_values_of_a_template_are_set(void **state)
{
    struct given given;

    (void)state;
    read_inf(&given,
             STR("[Version]\nSignature=$CHICAGO$\n"
                 "[Registry Values]\n"
                 "MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\X=4,1\n"
                 "MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion"
                 "\\Winlogon\\Shell=1,explorer.exe\n"
                 "[Privilege Rights]\nSeDebugPrivilege=*S-1-1-0\n"));
    assert_int_equal(roles_analyse(given.arena, &given.document, given.strings,
                                   &options, &limits_default, NULL,
                                   &given.install),
                     INFSCAN_OK);
    list(&given);
    assert_int_equal(given.effects.n, 3);
    const struct effect *shell = &given.effects.items[0];
    assert_int_equal(shell->kind, EFFECT_VALUE_SET);
    assert_str(slice_str(shell->name), "Shell");
    assert_string_equal(shell->autostart, "logon");
    assert_int_equal(shell->launchers, 1u << LAUNCHER_SECEDIT);
    assert_int_equal(given.effects.items[1].kind, EFFECT_VALUE_SET);
    assert_int_equal(given.effects.items[2].kind, EFFECT_SECURITY_SET);
    arena_free(given.arena);
}

static void test_nothing_leaves_nothing(void **state)
{
    struct given given = {.arena = arena_new(SIZE_MAX)};

    (void)state;
    list(&given);
    assert_int_equal(given.effects.n, 0);
    arena_free(given.arena);
}

static void test_memory_that_runs_out_is_told(void **state)
{
    struct given given;
    struct arena *small = arena_new(1);

    (void)state;
    analyse(&given, STR("[Version]\nSignature=$CHICAGO$\n"
                        "[DefaultInstall]\nAddReg=A\n[A]\nHKLM,K,v,,x\n"));
    assert_false(effects_list(small, &given.install, &given.effects));
    arena_free(small);
    arena_free(given.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_actions_of_a_thing_are_named),
        cmocka_unit_test(test_values_of_a_template_are_set),
        cmocka_unit_test(test_nothing_leaves_nothing),
        cmocka_unit_test(test_memory_that_runs_out_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
