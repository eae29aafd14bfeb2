/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "install/invocation.h"
#include "unit.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new(SIZE_MAX);
    return arena ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* What a command line comes to, in one text: way, section, INF and facts; or
 * why it comes to nothing. */
static const char *read(const char *line)
{
    struct invocation out;
    struct infscan_error error = {0};
    struct buf buf;

    buf_init(&buf, 4096);
    if (invocation_parse(arena, str_from(line), &out, &error) != INFSCAN_OK) {
        buf_add_z(&buf, error.message);
        infscan_error_clear(&error);
    } else {
        buf_add_format(&buf, "%s [", out.way);
        buf_add(&buf, out.section);
        buf_add_z(&buf, "] ");
        buf_add(&buf, out.inf);
        for (uint32_t i = 0; i < out.n_facts; i++) {
            buf_add_format(&buf, " %s", out.facts[i]);
        }
    }
    const char *text = arena_copy_z(arena, buf_str(&buf));
    buf_deinit(&buf);
    return text;
}

static unsigned cases_of(const char *line)
{
    struct invocation out = {0};

    assert_int_equal(invocation_parse(arena, str_from(line), &out, NULL),
                     INFSCAN_OK);
    return out.cases;
}

static void cmstp_takes_switches_in_any_spelling(void **state)
{
    (void)state;
    assert_string_equal(read("cmstp.exe /s /ni C:\\p\\a.inf"),
                        "cmstp [] C:\\p\\a.inf silent no-icon");
    assert_string_equal(
        read("\"C:\\Windows\\System32\\CMSTP.EXE\" -NS -S \"C:\\a b\\a.inf\""),
        "cmstp [] C:\\a b\\a.inf no-shortcut silent");
    assert_string_equal(read("  cmstp /x C:\\p\\a.inf"),
                        "cmstp [] C:\\p\\a.inf unknown-switch");
}

static void switches_of_cmstp_choose_the_sections(void **state)
{
    (void)state;
    assert_int_equal(cases_of("cmstp a.inf"), CASE_INSTALL);
    assert_int_equal(cases_of("cmstp /s /su a.inf"), CASE_SINGLE_USER);
    assert_int_equal(cases_of("cmstp /au a.inf"), CASE_ALL_USERS);
    assert_int_equal(cases_of("cmstp /u /su a.inf"), CASE_REMOVAL);
}

static void a_path_with_blanks_needs_no_quotes(void **state)
{
    (void)state;
    assert_string_equal(read("cmstp C:\\a b c\\d.inf /s"),
                        "cmstp [] C:\\a b c\\d.inf silent");
    assert_string_equal(read("cmstp C:\\a /s b.inf"),
                        "cmstp [] C:\\a silent odd-extension");
}

static void advpack_takes_parts_between_commas(void **state)
{
    (void)state;
    assert_string_equal(
        read("rundll32.exe advpack.dll,LaunchINFSection C:\\a.inf,,1,"),
        "advpack.LaunchINFSection [DefaultInstall] C:\\a.inf silent");
    assert_string_equal(
        read("RUNDLL32 ieadvpack,LaunchINFSectionExW "
             "\"C:\\a, b\\x.inf\",\"Sec\",\"c:,m.cab\",\"12\",N"),
        "ieadvpack.LaunchINFSectionEx [Sec] C:\\a, b\\x.inf silent no-grpconv "
        "no-reboot");
}

/* Source: Microsoft, LaunchINFSection: a cabinet may stand where flags do. */
static void a_cabinet_in_third_place_moves_the_flags(void **state)
{
    (void)state;
    assert_string_equal(
        read("rundll32 advpack.dll,LaunchINFSection C:\\a.inf,S,C:\\m.cab,4,N"),
        "advpack.LaunchINFSection [S] C:\\a.inf silent no-reboot");
    assert_string_equal(
        read("rundll32 advpack.dll,LaunchINFSection C:\\a.inf,S,,4"),
        "advpack.LaunchINFSection [S] C:\\a.inf silent");
}

static void functions_may_be_called_by_number(void **state)
{
    static const char *const lines[] = {
        "rundll32 advpack.dll,#44 C:\\a.inf,S",
        "rundll32 advpack.dll,#+0044 C:\\a.inf,S",
        "rundll32 advpack.dll , # 44 C:\\a.inf,S",
        "rundll32 advpack.dll #-4294967252 C:\\a.inf,S",
        "rundll32 advpack.dll,#65580 C:\\a.inf,S",
        "rundll32 advpack.dll,#46 C:\\a.inf,S"};

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_string_equal(read(lines[i]),
                            "advpack.LaunchINFSection [S] C:\\a.inf ordinal");
    }
    assert_string_equal(read("rundll32 advpack.dll,#12 cmd.exe"),
                        "invocation: rundll32 is not told to install: "
                        "rundll32 advpack.dll,#12 cmd.exe");
}

static void other_names_of_the_files_do_not_hide_a_call(void **state)
{
    (void)state;
    assert_string_equal(
        read("r.exe C:\\b\\x.txt,LaunchINFSection C:\\a.inf,S"),
        "advpack.LaunchINFSection [S] C:\\a.inf renamed-program "
        "renamed-library");
    assert_string_equal(read("C:\\Users\\Public\\cmstp.exe /s C:\\a.inf"),
                        "cmstp [] C:\\a.inf foreign-program silent");
}

/* The path is all that is left, with or without quotes. */
static void setupapi_takes_section_mode_and_the_rest(void **state)
{
    (void)state;
    assert_string_equal(
        read("rundll32 setupapi.dll,InstallHinfSection S 132 C:\\a b\\c.inf"),
        "setupapi.InstallHinfSection [S] C:\\a b\\c.inf files-beside "
        "reboot-asked-if-needed");
    assert_string_equal(
        read("rundll32 setupapi,InstallHinfSection  S  4  \"C:\\a b\\c.inf\""),
        "setupapi.InstallHinfSection [S] C:\\a b\\c.inf "
        "reboot-asked-if-needed");
    assert_string_equal(
        read("rundll32 syssetup,SetupInfObjectInstallAction S 128 .\\c.inf"),
        "syssetup.SetupInfObjectInstallAction [S] .\\c.inf files-beside "
        "relative-inf");
    assert_string_equal(read("InfDefaultInstall.exe C:\\a b\\c.inf"),
                        "InfDefaultInstall [DefaultInstall] C:\\a b\\c.inf");
}

static void device_installers_name_a_driver(void **state)
{
    (void)state;
    assert_string_equal(read("pnputil /add-driver C:\\d\\a.inf /install"),
                        "pnputil [] C:\\d\\a.inf add-driver install");
    assert_string_equal(read("pnputil -i -a C:\\d\\a.inf"),
                        "pnputil [] C:\\d\\a.inf install add-driver");
    assert_string_equal(read("devcon64 -r install C:\\d\\a.inf ROOT\\X"),
                        "devcon [] C:\\d\\a.inf reboot install");
    assert_string_equal(read("rundll32 printui.dll,PrintUIEntry /ia /m \"A B\" "
                             "/f C:\\d\\a.inf"),
                        "printui.PrintUIEntry [] C:\\d\\a.inf install");
    assert_string_equal(read("dism /Image:C:\\m /Add-Driver /Driver:C:\\a.inf"),
                        "dism [] C:\\a.inf unknown-switch add-driver");
}

static void sysocmgr_names_its_master_file(void **state)
{
    (void)state;
    assert_string_equal(read("sysocmgr /i:C:\\d\\a.inf /u:C:\\d\\u.txt /q /r"),
                        "sysocmgr [] C:\\d\\a.inf unattended silent no-reboot");
}

static void what_a_shell_carries_is_read(void **state)
{
    (void)state;
    assert_string_equal(read("cmd /c c^mstp /s C:\\a.inf"),
                        "cmstp [] C:\\a.inf silent");
    assert_string_equal(
        read("cmd.exe /c start \"\" /min cmstp.exe /s C:\\a.inf"),
        "cmstp [] C:\\a.inf silent");
}

static void a_line_that_installs_nothing_says_why(void **state)
{
    (void)state;
    assert_string_equal(read("calc.exe"),
                        "invocation: no launcher of INF files: calc");
    assert_string_equal(read("cmstp /s"),
                        "invocation: no INF file is named: cmstp /s");
    assert_string_equal(read("devcon status *"),
                        "invocation: no INF file is named: devcon status *");
    assert_string_equal(read("ie4uinit -show"),
                        "invocation: no INF file is named: ie4uinit -show");
    assert_string_equal(read(" \t"), "invocation: empty command line");
    assert_string_equal(read("\""), "invocation: no launcher of INF files: ");
}

static void the_folder_comes_from_the_path(void **state)
{
    struct invocation out;

    (void)state;
    assert_int_equal(
        invocation_parse(arena, STR("cmstp %TEMP%\\x\\..\\a.inf"), &out, NULL),
        INFSCAN_OK);
    assert_str(out.folder, "C:\\Users\\User\\AppData\\Local\\Temp");
    assert_int_equal(
        invocation_parse(arena, STR("cmstp C:/p//a.inf"), &out, NULL),
        INFSCAN_OK);
    assert_str(out.folder, "C:\\p");
    assert_int_equal(invocation_parse(arena,
                                      STR("cmstp https://a.example.invalid/"
                                          "a.inf"),
                                      &out, NULL),
                     INFSCAN_OK);
    assert_str(out.folder, "");
}

static void rules_get_one_line(void **state)
{
    struct invocation out;

    (void)state;
    assert_int_equal(
        invocation_parse(arena, STR("cmstp /s /su C:/p/a.inf"), &out, NULL),
        INFSCAN_OK);
    assert_str(slice_str(invocation_subject(arena, &out)),
               "cmstp | silent,single-user |  | C:\\p\\a.inf | "
               "cmstp /s /su C:/p/a.inf");
    char *line = arena_alloc(arena, 200001, 1);
    memset(line, 'x', 200000);
    line[200000] = '\0';
    memcpy(line, "cmstp ", 6);
    assert_int_equal(invocation_parse(arena, str_from(line), &out, NULL),
                     INFSCAN_OK);
    assert_true(invocation_subject(arena, &out).len > 400000 - 20);
    assert_true(invocation_of_folder(arena, STR("C:/Users/Public/"), &out));
    assert_str(slice_str(invocation_subject(arena, &out)),
               " |  |  | C:\\Users\\Public\\ | ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cmstp_takes_switches_in_any_spelling,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(switches_of_cmstp_choose_the_sections,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_path_with_blanks_needs_no_quotes,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(advpack_takes_parts_between_commas,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(
            a_cabinet_in_third_place_moves_the_flags, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(functions_may_be_called_by_number,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(
            other_names_of_the_files_do_not_hide_a_call, open_arena,
            close_arena),
        cmocka_unit_test_setup_teardown(
            setupapi_takes_section_mode_and_the_rest, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(device_installers_name_a_driver,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(sysocmgr_names_its_master_file,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_a_shell_carries_is_read,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_line_that_installs_nothing_says_why,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(the_folder_comes_from_the_path,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(rules_get_one_line, open_arena,
                                        close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
