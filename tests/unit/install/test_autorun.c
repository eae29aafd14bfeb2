/* SPDX-License-Identifier: MIT */
#include "inf/profile.h"
#include "install/autorun.h"
#include "text/decode.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct inf_document profile;
    struct install install;
};

static void analyse(struct given *given, struct str raw)
{
    struct decoded decoded;

    given->arena = arena_new(SIZE_MAX);
    assert_int_equal(
        decode_as(given->arena, raw, ENCODING_ANSI, 0, 0, NULL, &decoded),
        INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(profile_parse(given->arena, &given->source,
                                   &limits_default, NULL, &given->profile),
                     INFSCAN_OK);
    assert_int_equal(autorun_analyse(given->arena, &given->profile,
                                     &limits_default, &given->install),
                     INFSCAN_OK);
}

static void commands_have_a_chain_and_a_plan(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[AutoRun]\r\nopen=a.exe\r\nlabel=x\r\n"));
    assert_int_equal(given.install.n_actions, 1);
    const struct action *action = &given.install.actions[0];
    assert_str(slice_str(action->command), "a.exe");
    assert_int_equal(action->reach, REACH_LAUNCHER);
    assert_int_equal(action->n_chain, 2);
    assert_str(slice_str(action->chain[0].section), "AutoRun");
    assert_str(slice_str(action->chain[0].directive), "open");
    assert_str(slice_str(action->chain[1].place), "open=a.exe");
    assert_int_equal(given.install.n_plans, 1);
    assert_int_equal(given.install.plans[0].launcher, LAUNCHER_AUTORUN);
    arena_free(given.arena);
}

static void a_plain_disc_has_one_trait(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[autorun]\nopen=setup.exe\nicon=setup.exe,0\n"));
    assert_str(slice_str(given.install.shape), "autorun-open");
    arena_free(given.arena);
}

static void lures_are_traits(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[autorun]\nshellexecute=RECYCLER\\x.vbs\n"
                        "action=Open folder to view files\n"
                        "icon=%SystemRoot%\\system32\\SHELL32.dll,4\n"
                        "shell\\open\\command=wscript.exe .hidden\\x.vbs\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-builtin-verb autorun-hidden-path autorun-lure-action "
               "autorun-lure-icon autorun-open autorun-script-target "
               "autorun-shell-verb");
    arena_free(given.arena);
}

static void an_extension_ends_a_name(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[autorun]\nopen=my.company.exe\n"));
    assert_str(slice_str(given.install.shape), "autorun-open");
    arena_free(given.arena);
    analyse(&given, STR("[autorun]\nopen=my.com\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-open autorun-script-target");
    arena_free(given.arena);
}

static void a_hidden_folder_is_no_parent_folder(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[autorun]\nopen=..\\..\\.\\bin\\a.exe .x\n"));
    assert_str(slice_str(given.install.shape), "autorun-open");
    arena_free(given.arena);
    analyse(&given, STR("[autorun]\nopen=a.exe E:\\.hidden\\b\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-hidden-path autorun-open");
    arena_free(given.arena);
}

static void junk_is_a_trait(void **state)
{
    struct given given;
    char raw[400];

    (void)state;
    memset(raw, '\x03', sizeof raw);
    memcpy(raw + 100, "\n[autorun]\nopen=a.exe\n", 22);
    analyse(&given, str_of(raw, sizeof raw));
    assert_str(slice_str(given.install.shape), "autorun-junk autorun-open");
    arena_free(given.arena);
}

static void without_the_section_there_is_nothing(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[other]\nopen=a.exe\n"));
    assert_int_equal(given.install.n_actions, 0);
    assert_int_equal(given.install.n_plans, 0);
    assert_int_equal(given.install.shape.len, 0);
    arena_free(given.arena);
}

static void templates_of_sticks_are_traits(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, STR("[autorun]\nShellExecute=a.exe\nUseAutoPlay=1\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-bare-autoplay autorun-open");
    arena_free(given.arena);
    analyse(&given, STR("[autorun]\nopen=a.exe\naction=Run A\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-bare-action autorun-open");
    arena_free(given.arena);
    analyse(&given, STR("[autorun]\nopen=a.exe\nicon=a.exe,0\naction=Run A\n"
                        "shell\\setup\\command=a.exe\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-open autorun-shell-verb");
    arena_free(given.arena);
    analyse(&given, STR("[autorun]\nopen=autorun.inf\nicon=x\n"));
    assert_str(slice_str(given.install.shape),
               "autorun-open autorun-runs-itself");
    arena_free(given.arena);
}

static void assert_shape(const char *text, const char *shape)
{
    struct given given;

    analyse(&given, str_from(text));
    assert_true(str_equal(slice_str(given.install.shape), str_from(shape)));
    arena_free(given.arena);
}

static void verbs_that_explorer_has_itself_are_taken_or_left(void **state)
{
    (void)state;
    assert_shape("[autorun]\nicon=x\nshell\\explore\\command=a.exe\n",
                 "autorun-builtin-verb autorun-explore-taken "
                 "autorun-shell-verb");
    assert_shape("[autorun]\nicon=x\n"
                 "shell\\explore\\command=\"C:\\Windows\\explorer.exe\" .\n",
                 "autorun-shell-verb");
    assert_shape("[autorun]\nicon=x\nshell\\open\\command=explorer a.pdf\n",
                 "autorun-shell-verb");
}

static void batch_files_that_set_a_medium_up_are_expected(void **state)
{
    (void)state;
    assert_shape("[autorun]\nopen=cd\\setup.bat\nicon=x\n", "autorun-open");
    assert_shape("[autorun]\nopen=INSTALL.CMD\nicon=x\n", "autorun-open");
    assert_shape("[autorun]\nopen=setup.bat x.vbs\nicon=x\n",
                 "autorun-open autorun-script-target");
    assert_shape("[autorun]\nopen=mysetup.bat\nicon=x\n",
                 "autorun-open autorun-script-target");
}

static void starts_that_no_vendor_writes_are_traits(void **state)
{
    (void)state;
    assert_shape("[autorun]\nopen=a.exe\nshellexecute=a.exe\nicon=x\n",
                 "autorun-double-start autorun-open");
    /* one for each machine is not two */
    assert_shape("[autorun]\nopen=a.exe\nicon=x\n"
                 "[autorun.amd64]\nopen=b.exe\nicon=x\n",
                 "autorun-open");
    assert_shape("[autorun]\nshellexecute a.exe\nicon=x\n",
                 "autorun-broken-start");
    assert_shape("MZ\n[autorun]\nopen=a.exe\nicon=x\n",
                 "autorun-in-program autorun-open");
}

static void words_count_where_they_stand_alone(void **state)
{
    (void)state;
    assert_shape("[autorun]\nopen=a.exe\nicon=x\nlabel=My Virus\n",
                 "autorun-boast autorun-open");
    assert_shape("[autorun]\nopen=tools\\payload.exe\nicon=x\n",
                 "autorun-boast autorun-open");
    assert_shape("[autorun]\nopen=antivirus.exe\nicon=x\n"
                 "label=A Anti-Virus\n",
                 "autorun-open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_have_a_chain_and_a_plan),
        cmocka_unit_test(a_plain_disc_has_one_trait),
        cmocka_unit_test(lures_are_traits),
        cmocka_unit_test(an_extension_ends_a_name),
        cmocka_unit_test(a_hidden_folder_is_no_parent_folder),
        cmocka_unit_test(junk_is_a_trait),
        cmocka_unit_test(without_the_section_there_is_nothing),
        cmocka_unit_test(templates_of_sticks_are_traits),
        cmocka_unit_test(verbs_that_explorer_has_itself_are_taken_or_left),
        cmocka_unit_test(batch_files_that_set_a_medium_up_are_expected),
        cmocka_unit_test(starts_that_no_vendor_writes_are_traits),
        cmocka_unit_test(words_count_where_they_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
