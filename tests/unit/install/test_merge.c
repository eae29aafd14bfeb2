/* SPDX-License-Identifier: MIT */
/* Two readings of one file, and readers other than SetupAPI's. */
#include "inf/parser.h"
#include "install/merge.h"
#include "install/roles.h"
#include "text/decode.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct inf_document document;
    const struct inf_strings *strings;
    uint32_t n_strings;
};

static void parse(struct given *given, struct str raw)
{
    struct decoded decoded;

    given->arena = arena_new(SIZE_MAX);
    assert_int_equal(decode_bytes(given->arena, raw, 0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(inf_parse(given->arena, &given->source, &limits_default,
                               NULL, &given->document),
                     INFSCAN_OK);
    assert_int_equal(inf_strings_list(given->arena, &given->document,
                                      &given->strings, &given->n_strings),
                     INFSCAN_OK);
}

static void read_with(struct given *given, uint32_t language,
                      struct install *out)
{
    struct install_options options = {.inf_dir = STR("C:\\src")};

    assert_int_equal(install_analyse(given->arena, &given->document,
                                     &given->strings[language], &options,
                                     &limits_default, NULL, out),
                     INFSCAN_OK);
}

#define TWO_LANGUAGES                                                          \
    "[Version]\nSignature=$CHICAGO$\nAdvancedINF=2.5\n"                        \
    "[DefaultInstall]\nRunPreSetupCommands=R\nAddReg=A\n"                      \
    "[R]\nsame.exe\n%c%\n[A]\nHKLM,Software\\C,v,,x\n"                         \
    "[Strings]\nc=one.exe\n[Strings.0407]\nc=two.exe\n"

static void test_a_language_adds_only_what_differs(void **state)
{
    struct given given;
    struct install base;
    struct install other;

    (void)state;
    parse(&given, STR(TWO_LANGUAGES));
    read_with(&given, 0, &base);
    read_with(&given, 1, &other);
    uint32_t actions = base.n_actions;
    uint32_t plans = base.n_plans;
    assert_true(
        install_merge(given.arena, &base, &other, given.strings[1].language));
    assert_int_equal(base.n_actions, actions + 1);
    assert_str(slice_str(base.actions[actions].text), "two.exe");
    /* cmstp and advpack run commands; setupapi has nothing new to do */
    assert_int_equal(base.n_plans, plans + 2);
    const struct plan *plan = &base.plans[plans];
    assert_str(plan->language, "0407");
    assert_int_equal(plan->actions[0], base.plans[0].actions[0]);
    assert_int_equal(plan->actions[1], actions);
    arena_free(given.arena);
}

static void test_the_same_reading_adds_nothing(void **state)
{
    struct given given;
    struct install base;
    struct install other;

    (void)state;
    parse(&given, STR(TWO_LANGUAGES));
    read_with(&given, 0, &base);
    read_with(&given, 0, &other);
    uint32_t actions = base.n_actions;
    uint32_t plans = base.n_plans;
    assert_true(install_merge(given.arena, &base, &other, STR("0407")));
    assert_int_equal(base.n_actions, actions);
    assert_int_equal(base.n_plans, plans);
    arena_free(given.arena);
}

static void read_roles(struct given *given, struct str raw, struct install *out)
{
    struct install_options options = {.inf_dir = STR("C:\\src")};

    parse(given, raw);
    assert_int_equal(roles_analyse(given->arena, &given->document,
                                   given->strings, &options, &limits_default,
                                   NULL, out),
                     INFSCAN_OK);
}

static void test_answer_file(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[GuiRunOnce]\nCommand0=\"cmd /c a\"\n\"b.exe /s\"\n"
                   "[SetupParams]\nUserExecute=c.exe\nOther=d.exe\n"),
               &install);
    assert_int_equal(install.n_actions, 3);
    assert_str(slice_str(install.actions[0].text), "cmd /c a");
    assert_str(slice_str(install.actions[1].text), "b.exe /s");
    assert_str(slice_str(install.actions[2].text), "c.exe");
    assert_int_equal(install.n_plans, 1);
    assert_int_equal(install.plans[0].launcher, LAUNCHER_WINDOWS_SETUP);
    arena_free(given.arena);
}

static void test_iexpress(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[Version]\nClass=IEXPRESS\n[Options]\n"
                   "AppLaunched=%AppLaunched%\nPostInstallCmd=%Post%\n"
                   "[Strings]\nAppLaunched=\"cmd /c go.bat\"\nPost=<None>\n"),
               &install);
    assert_int_equal(install.n_actions, 1);
    assert_str(slice_str(install.actions[0].text), "cmd /c go.bat");
    arena_free(given.arena);
}

static void test_connection_manager_actions(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[Connection Manager]\nServiceName=x\n"
                   "[Pre-Connect Actions]\n0=C:\\W\\cmd.exe, /c start x\n"
                   "0&Flags=4\n"),
               &install);
    assert_int_equal(install.n_actions, 1);
    assert_str(slice_str(install.actions[0].text), "C:\\W\\cmd.exe /c start x");
    arena_free(given.arena);
    read_roles(&given, STR("[Pre-Connect Actions]\n0=x.exe\n"), &install);
    assert_int_equal(install.n_actions, 0); /* no service profile */
    arena_free(given.arena);
}

static void test_code_download(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[Add.Code]\nx.ocx=x.ocx\n[x.ocx]\n"
                   "file-win32-x86=http://example.invalid/x.cab\n"
                   "file=thiscab\n[h]\nrun=\"%EXTRACT_DIR%\\s.exe\"\n"),
               &install);
    assert_int_equal(install.n_actions, 2);
    assert_str(slice_str(install.actions[0].text), "%EXTRACT_DIR%\\s.exe");
    assert_str(slice_str(install.actions[1].subject),
               "http://example.invalid/x.cab -> x.ocx");
    arena_free(given.arena);
}

/* A line that code-download INFs have in a section of that name, and a list of
 * files, name no library and function. */
static void test_optional_components(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[Components]\nA=a.dll,AOcEntry,a.inf,,7\n"
                   "B=b.cpl,BOcEntry\nhook=hook1\nc.dll,d.dll=\nE=e,f\n"),
               &install);
    assert_int_equal(install.n_actions, 3);
    assert_str(slice_str(install.actions[0].subject), "a.dll | AOcEntry | ");
    assert_str(slice_str(action_member_value(&install.actions[0], "entry")),
               "AOcEntry");
    assert_int_equal(install.actions[1].kind, INFSCAN_INCLUDE_INF);
    assert_str(slice_str(install.actions[1].text), "a.inf");
    assert_str(slice_str(install.actions[2].subject), "b.cpl | BOcEntry | ");
    assert_int_equal(install.plans[0].launcher, LAUNCHER_OC_MANAGER);
    arena_free(given.arena);
}

static void test_branding_names_infs(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(&given,
               STR("[Branding]\nType=1\n"
                   "[ExtRegInf]\na=*,a.inf,IeakInstall\nb=*\n"
                   "[ExtRegInf.HKCU]\nc=*,%n%\n[Strings]\nn=\"c.inf\"\n"),
               &install);
    assert_int_equal(install.n_actions, 2);
    assert_str(slice_str(install.actions[0].text), "a.inf");
    assert_str(slice_str(action_member_value(&install.actions[1], "name")),
               "c.inf");
    assert_int_equal(install.plans[0].launcher, LAUNCHER_IE_BRANDING);
    arena_free(given.arena);
}

static void test_security_template(void **state)
{
    struct given given;
    struct install install;

    (void)state;
    read_roles(
        &given,
        STR("[Privilege Rights]\nSeDebugPrivilege = *S-1-1-0,*S-1-5-6\n"
            "[Registry Values]\n"
            "MACHINE\\System\\ControlSet001\\Control\\Lsa\\Limit=4,1\n"
            "MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\"
            "Up=1,\"cmd /c x\"\nELSEWHERE\\a\\b=4,1\n"
            "[File Security]\n\"C:\\Windows\",0,\"D:(A;;GA;;;WD)\"\n"
            "[System Access]\nMinimumPasswordLength = 0\n"),
        &install);
    assert_int_equal(install.n_actions, 5);
    assert_str(slice_str(install.actions[3].subject),
               "System Access: MinimumPasswordLength = 0");
    assert_str(slice_str(install.actions[4].subject),
               "File Security: C:\\Windows,0,D:(A;;GA;;;WD)");
    assert_int_equal(install.actions[0].kind, INFSCAN_SET_SECURITY);
    assert_str(slice_str(install.actions[0].subject),
               "HKLM\\System\\CurrentControlSet\\Control\\Lsa -> Limit = 1");
    assert_int_equal(install.actions[1].kind, INFSCAN_WRITE_REGISTRY);
    assert_str(slice_str(install.actions[1].command), "cmd /c x");
    assert_str(slice_str(install.actions[2].subject),
               "Privilege Rights: SeDebugPrivilege = *S-1-1-0,*S-1-5-6");
    arena_free(given.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_language_adds_only_what_differs),
        cmocka_unit_test(test_the_same_reading_adds_nothing),
        cmocka_unit_test(test_answer_file),
        cmocka_unit_test(test_iexpress),
        cmocka_unit_test(test_connection_manager_actions),
        cmocka_unit_test(test_code_download),
        cmocka_unit_test(test_security_template),
        cmocka_unit_test(test_optional_components),
        cmocka_unit_test(test_branding_names_infs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
