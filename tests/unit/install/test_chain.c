/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "inf/parser.h"
#include "install/chain.h"
#include "install/directive.h"
#include "text/decode.h"
#include "text/trace.h"
#include "unit.h"

#define VERSION "[Version]\nSignature=$CHICAGO$\n"

struct given {
    struct arena *arena;
    struct str raw;
    struct source source;
    struct inf_document document;
    const struct inf_strings *strings;
    struct diag_list diags;
    struct limits limits;
    struct install install;
    enum infscan_status status;
};

static void read_inf(struct given *given, struct str raw)
{
    struct decoded decoded;
    uint32_t n_strings;

    given->arena = arena_new(SIZE_MAX);
    given->raw = raw;
    given->limits = limits_default;
    diag_list_init(&given->diags, given->arena, 1000);
    assert_int_equal(
        decode_as(given->arena, raw, ENCODING_ANSI, 0, 0, NULL, &decoded),
        INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(inf_parse(given->arena, &given->source, &limits_default,
                               NULL, &given->document),
                     INFSCAN_OK);
    assert_int_equal(inf_strings_list(given->arena, &given->document,
                                      &given->strings, &n_strings),
                     INFSCAN_OK);
}

static void analyse_in(struct given *given, struct arena *arena)
{
    struct install_options options = {.inf_dir = STR("C:\\src")};

    given->status =
        install_analyse(arena, &given->document, given->strings, &options,
                        &given->limits, &given->diags, &given->install);
}

static void analyse(struct given *given, const char *raw)
{
    read_inf(given, str_from(raw));
    analyse_in(given, given->arena);
    assert_int_equal(given->status, INFSCAN_OK);
}

static const struct plan *find_plan(const struct given *given,
                                    enum launcher_id launcher)
{
    for (uint32_t i = 0; i < given->install.n_plans; i++) {
        if (given->install.plans[i].launcher == launcher) {
            return &given->install.plans[i];
        }
    }
    return NULL;
}

/* A line that several launchers get to is one action with one id. */
static void shared_lines_are_one_action(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, VERSION "[DefaultInstall]\nAddReg=A\n"
                            "RunPreSetupCommands=C\n"
                            "[A]\nHKLM,Software\\A,v,,x\n[C]\nc.exe\n");
    const struct plan *advpack = find_plan(&given, LAUNCHER_ADVPACK);
    const struct plan *setupapi = find_plan(&given, LAUNCHER_SETUPAPI);
    assert_non_null(advpack);
    assert_non_null(setupapi);
    assert_int_equal(given.install.n_actions, 2);
    assert_int_equal(advpack->n_actions, 2);
    assert_int_equal(setupapi->n_actions, 1);
    assert_int_equal(advpack->actions[1], setupapi->actions[0]);
    assert_str(advpack->invocation, "rundll32.exe advpack.dll,LaunchINFSection "
                                    "FILE,DefaultInstall,1");
    arena_free(given.arena);
}

static void a_chain_names_each_step(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, VERSION "[DefaultInstall]\nNeeds=N\n"
                            "[N]\nAddReg=A\n[A]\nHKLM,Software\\A,v,,x\n");
    assert_int_equal(given.install.n_actions, 1);
    const struct action *action = &given.install.actions[0];
    assert_int_equal(action->n_chain, 3);
    assert_str(slice_str(action->chain[0].section), "DefaultInstall");
    assert_str(slice_str(action->chain[0].directive), "Needs");
    assert_str(slice_str(action->chain[1].section), "N");
    assert_str(slice_str(action->chain[1].directive), "AddReg");
    assert_str(slice_str(action->chain[2].section), "A");
    assert_int_equal(action->chain[2].directive.len, 0);
    assert_str(slice_str(action->chain[2].place), "HKLM,Software\\A,v,,x");
    arena_free(given.arena);
}

static void members_say_what_a_record_says(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, VERSION "[DefaultInstall]\nAddReg=A\n[A]\n"
                            "hklm,SYSTEM\\ControlSet001\\A,v,0x10001,0x10\n");
    const struct action *action = &given.install.actions[0];
    assert_str(slice_str(action_member_value(action, "root")), "HKLM");
    assert_str(slice_str(action_member_value(action, "key")),
               "SYSTEM\\ControlSet001\\A");
    assert_str(slice_str(action_member_value(action, "value")), "v");
    assert_str(slice_str(action_member_value(action, "type")), "REG_DWORD");
    assert_str(slice_str(action_member_value(action, "data")), "16");
    assert_str(slice_str(action_member_value(action, "normalized")),
               "HKLM\\SYSTEM\\CurrentControlSet\\A");
    assert_null(action_member_value(action, "source").text);
    arena_free(given.arena);
}

/* A part of a subject traces to the field that it was read from. */
static void subjects_trace_to_the_file(void **state)
{
    struct given given;
    struct regions regions;

    (void)state;
    analyse(&given, VERSION "[DefaultInstall]\nAddReg=A\n[A]\n"
                            "HKLM,Software\\A,v,,%p%\n[Strings]\np=evil.exe\n");
    struct slice subject = given.install.actions[0].subject;
    assert_true(text_is_sound(subject.text, given.raw));
    size_t at = str_find(slice_str(subject), STR("evil.exe"), 0);
    assert_true(at != STR_NONE);
    struct slice match = slice_sub(subject, at, 8);
    assert_true(trace_regions(given.arena, match, TRACE_SPELLING, &regions));
    assert_int_equal(regions.n, 1);
    assert_str(
        str_sub(given.raw, regions.items[0].raw_off, regions.items[0].raw_len),
        "evil.exe");
    assert_true(trace_regions(given.arena, match, TRACE_SITE, &regions));
    assert_str(
        str_sub(given.raw, regions.items[0].raw_off, regions.items[0].raw_len),
        "%p%");
    arena_free(given.arena);
}

static void commands_left_behind_are_marked(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, VERSION
            "[DefaultInstall]\nAddReg=A\n[A]\nHKCU,Software\\Microsoft\\"
            "Windows\\CurrentVersion\\Run,v,,run.exe\n"
            "HKCU,Software\\Vendor,v,,other.exe\n");
    assert_str(slice_str(given.install.actions[0].command), "run.exe");
    assert_int_equal(given.install.actions[1].command.len, 0);
    arena_free(given.arena);
}

static void the_shape_lists_traits(void **state)
{
    struct given given;

    (void)state;
    analyse(&given, "[Version]\nSignature=$CHICAGO$\nAdvancedINF=2.5\n"
                    "[DefaultInstall]\nCustomDestination=D\n"
                    "RunPreSetupCommands=R\n"
                    "[D]\n49000,49001=L,7\n"
                    "[L]\n\"HKLM\",\"SOFTWARE\\Microsoft\\Windows\\"
                    "CurrentVersion\\App Paths\\CMMGR32.EXE\","
                    "\"ProfileInstallPath\",\"%UnexpectedError%\",\"\"\n"
                    "[R]\na.exe\n"
                    "[Strings]\nServiceName=\"a\"\nShortSvcName=\"a\"\n");
    assert_str(slice_str(given.install.shape),
               "advanced-inf cm-app-paths cm-strings cm-undefined-error "
               "default-install only-commands runs-pre strings");
    arena_free(given.arena);
}

/* Installers name what they start by directory number or beside the INF. */
static void a_command_spelled_for_one_computer_is_a_trait(void **state)
{
    static const struct {
        const char *command;
        bool is_fixed;
    } rows[] = {{"C:\\a\\b.exe", true},     {"\"\"\"D:/a b.exe\"\"\"", true},
                {"cmd.exe /c a", true},     {"%Run%", true},
                {"%11%\\a.exe", false},     {"setup.exe /q", false},
                {"cmdkey.exe /list", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct given given;
        char inf[400];
        snprintf(inf, sizeof inf,
                 VERSION "[DefaultInstall]\nRunPreSetupCommands=R\n[R]\n%s\n"
                         "[Strings]\nRun=\"powershell -c a\"\n",
                 rows[i].command);
        analyse(&given, inf);
        assert_int_equal(str_find(slice_str(given.install.shape),
                                  STR("fixed-command"), 0) != STR_NONE,
                         rows[i].is_fixed);
        arena_free(given.arena);
    }
}

static void a_program_that_starts_with_windows_is_a_trait(void **state)
{
    static const struct {
        const char *keys;
        bool is_own;
    } rows[] = {{"ServiceType=0x10\nStartType=2\n", true},
                {"ServiceType=0x20\nStartType=3\n", false},
                {"ServiceType=1\nStartType=2\n", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct given given;
        char inf[400];
        snprintf(inf, sizeof inf,
                 VERSION "[DefaultInstall]\n[DefaultInstall.Services]\n"
                         "AddService=a,,S\n[S]\n%sErrorControl=1\n"
                         "ServiceBinary=%%11%%\\a.exe\n",
                 rows[i].keys);
        analyse(&given, inf);
        assert_int_equal(str_find(slice_str(given.install.shape),
                                  STR("own-service"), 0) != STR_NONE,
                         rows[i].is_own);
        arena_free(given.arena);
    }
}

static void actions_are_limited(void **state)
{
    struct given given;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[DefaultInstall]\nAddReg=A\n[A]\n");
    for (unsigned i = 0; i < 100; i++) {
        buf_add_z(&raw, "HKLM,Software\\A,v,,x\n");
    }
    read_inf(&given, buf_str(&raw));
    given.limits.value[LIMIT_actions] = 10;
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_int_equal(given.install.n_actions, 10);
    assert_true(limit_is_hit(given.install.limits, LIMIT_actions));
    arena_free(given.arena);
    buf_deinit(&raw);
}

/* As many as a large package has, and each in the plan that reaches it. */
static void ten_thousand_actions_are_all_there(void **state)
{
    struct given given;
    struct buf raw;
    uint32_t planned = 0;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[DefaultInstall]\nAddReg=A\n[A]\n");
    for (unsigned i = 0; i < 10000; i++) {
        buf_add_format(&raw, "HKLM,Software\\A,v%u,,x\n", i);
    }
    read_inf(&given, buf_str(&raw));
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_int_equal(given.install.n_actions, 10000);
    assert_false(given.install.limits);
    for (uint32_t i = 0; i < given.install.n_plans; i++) {
        planned += given.install.plans[i].launcher == LAUNCHER_SETUPAPI
                       ? given.install.plans[i].n_actions
                       : 0;
    }
    assert_int_equal(planned, 10000);
    arena_free(given.arena);
    buf_deinit(&raw);
}

/* A section whose directives all name the section itself. */
static void a_section_that_names_itself_comes_to_an_end(void **state)
{
    struct given given;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[Manufacturer]\nDefaultInstall=DefaultInstall\n"
                            "[DefaultInstall]\n");
    for (unsigned i = 0; i < N_DIRECTIVES; i++) {
        struct str name = directive_info((enum directive_id)i)->name;
        buf_add(&raw, name);
        buf_add_z(&raw, "=DefaultInstall,DefaultInstall,DefaultInstall\n");
    }
    buf_add_z(&raw, "[DefaultInstall.Services]\n"
                    "AddService=DefaultInstall,0,DefaultInstall.Services\n"
                    "Needs=DefaultInstall.Services\n");
    read_inf(&given, buf_str(&raw));
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_true(given.install.n_actions > 0);
    assert_true(given.install.n_actions < 10000);
    arena_free(given.arena);
    buf_deinit(&raw);
}

static void a_deep_chain_is_followed(void **state)
{
    struct given given;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[DefaultInstall]\nNeeds=N0\n");
    for (unsigned i = 0; i < 50; i++) {
        buf_add_format(&raw, "[N%u]\nNeeds=N%u\n", i, i + 1);
    }
    buf_add_z(&raw, "[N50]\nAddReg=A\n[A]\nHKLM,Software\\A,v,,x\n");
    read_inf(&given, buf_str(&raw));
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_int_equal(given.install.limits, 0);
    assert_int_equal(given.install.n_actions, 1);
    assert_int_equal(given.install.actions[0].reach, REACH_LAUNCHER);
    arena_free(given.arena);
    buf_deinit(&raw);
}

static void depth_is_limited(void **state)
{
    struct given given;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[DefaultInstall]\nNeeds=N0\n");
    for (unsigned i = 0; i < 100; i++) {
        buf_add_format(&raw, "[N%u]\nNeeds=N%u\n", i, i + 1);
    }
    buf_add_z(&raw, "[N100]\nAddReg=A\n[A]\nHKLM,Software\\A,v,,x\n");
    read_inf(&given, buf_str(&raw));
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_true(limit_is_hit(given.install.limits, LIMIT_chain_depth));
    /* what lies behind it is not lost: somebody may name it */
    assert_int_equal(given.install.n_actions, 1);
    assert_int_equal(given.install.actions[0].reach, REACH_NAMED);
    arena_free(given.arena);
    buf_deinit(&raw);
}

/* Long directories times many files: short texts, but every file is there. */
static void texts_are_limited_together(void **state)
{
    struct given given;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1u << 20);
    buf_add_z(&raw, VERSION "[DestinationDirs]\nA=10,");
    for (unsigned i = 0; i < 4000; i++) {
        buf_add_z(&raw, "abcdefgh");
    }
    buf_add_z(&raw, "\n[DefaultInstall]\nCopyFiles=A\n[A]\n");
    for (unsigned i = 0; i < 1000; i++) {
        buf_add_format(&raw, "file%u\n", i);
    }
    read_inf(&given, buf_str(&raw));
    given.limits.value[LIMIT_expansion_bytes] = 40000;
    size_t before = arena_used(given.arena);
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_int_equal(given.install.n_actions, 1000);
    assert_true(limit_is_hit(given.install.limits, LIMIT_expansion_bytes));
    assert_true(arena_used(given.arena) - before < 16u << 20);
    arena_free(given.arena);
    buf_deinit(&raw);
}

/* Whatever the allocation that fails: a status, and no crash. */
static void every_failed_allocation_is_survived(void **state)
{
    struct given given;
    bool done = false;

    (void)state;
    read_inf(
        &given,
        STR(VERSION
            "[DefaultInstall]\nAddReg=A\nRunPreSetupCommands=C\nCopyFiles=F\n"
            "CustomDestination=D\nProfileItems=P\nRegisterOCXs=O\n"
            "[DefaultInstall.Services]\nAddService=S,,I\n"
            "[A]\nHKLM,Software\\A,%v%,0x10001,7\n[C]\na=b\n[F]\nx\n"
            "[D]\n49000=L\n[L]\nHKLM,a,b,,c\n[P]\nName=n\nCmdLine=11,,x\n"
            "[O]\no.ocx,NI,x\n[I]\nServiceType=1\nStartType=1\n"
            "ErrorControl=1\nServiceBinary=%12%\\x\nAddReg=R\n"
            "[R]\nHKR,a,b,,c\n[H]\nAddReg=A\n[RunPostSetupCommands]\nx\n"
            "[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=H,x\n"
            "[Strings]\nv=w\n"));
    for (size_t bytes = 0; !done && bytes < 1u << 20; bytes += 97) {
        struct arena *arena = arena_new(bytes);
        analyse_in(&given, arena);
        done = given.status == INFSCAN_OK;
        assert_true(done || given.status == INFSCAN_NO_MEMORY);
        arena_free(arena);
    }
    assert_true(done);
    arena_free(given.arena);
}

/* Numbers past the limit stay as they are written, and the result says so. */
static void too_many_directory_numbers(void **state)
{
    struct given given;

    (void)state;
    read_inf(&given, STR(VERSION "[DefaultInstall]\nCustomDestination=D\n"
                                 "RunPreSetupCommands=C\n"
                                 "[D]\n49000=L\n49001=L\n49002=L\n"
                                 "[L]\nHKLM,Software\\A,P,,C:\\P\n"
                                 "[C]\n%49001%\\a.exe\n%49002%\\b.exe\n"));
    given.limits.value[LIMIT_directory_numbers] = 2;
    analyse_in(&given, given.arena);
    assert_int_equal(given.status, INFSCAN_OK);
    assert_true(limit_is_hit(given.install.limits, LIMIT_directory_numbers));
    assert_int_equal(given.install.n_actions, 2);
    assert_str(slice_str(given.install.actions[0].text), "C:\\P\\a.exe");
    assert_str(slice_str(given.install.actions[1].text), "%49002%\\b.exe");
    arena_free(given.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_lines_are_one_action),
        cmocka_unit_test(a_chain_names_each_step),
        cmocka_unit_test(members_say_what_a_record_says),
        cmocka_unit_test(subjects_trace_to_the_file),
        cmocka_unit_test(commands_left_behind_are_marked),
        cmocka_unit_test(the_shape_lists_traits),
        cmocka_unit_test(a_command_spelled_for_one_computer_is_a_trait),
        cmocka_unit_test(a_program_that_starts_with_windows_is_a_trait),
        cmocka_unit_test(actions_are_limited),
        cmocka_unit_test(ten_thousand_actions_are_all_there),
        cmocka_unit_test(a_section_that_names_itself_comes_to_an_end),
        cmocka_unit_test(a_deep_chain_is_followed),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(texts_are_limited_together),
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(too_many_directory_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
