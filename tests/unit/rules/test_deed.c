/* SPDX-License-Identifier: MIT */
#include "rules/deed.h"
#include "rules/rule.h"
#include "unit.h"

static struct slice words(struct arena *arena, const char *z)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, arena_copy(arena, str_from(z)), 0);
    return slice_all(text_build_finish(&builder));
}

/* All deeds of a command, one a line behind the kind of action. */
static void assert_deeds(const char *command, const char *expected)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct slice text = words(arena, command);
    struct buf out;
    struct deed deed;
    size_t at = 0;

    buf_init(&out, 1u << 16);
    while (deed_next(arena, text, &at, &deed) == DEED_FOUND) {
        const char *kind = deed.target == INFSCAN_WRITE_REGISTRY    ? "write "
                           : deed.target == INFSCAN_DELETE_REGISTRY ? "unset "
                           : deed.target == INFSCAN_INSTALL_SERVICE ? "service "
                           : deed.target == INFSCAN_DELETE_SERVICE  ? "remove "
                                                                    : "? ";
        buf_add(&out, str_from(kind));
        buf_add(&out, slice_str(deed.text));
        buf_add_char(&out, '\n');
        assert_ptr_equal(deed.from.text, text.text);
    }
    if (!str_equal(buf_str(&out), str_from(expected))) {
        fail_msg("%s\ngives\n%.*s", command, (int)out.len, out.bytes);
    }
    buf_deinit(&out);
    arena_free(arena);
}

static void test_reg_is_addreg_and_delreg(void **state)
{
    (void)state;
    assert_deeds(
        "reg add \"HKLM\\Software\\A B\" /v \"c d\" /t REG_SZ /d \"e f\" /f",
        "write HKLM\\Software\\A B -> c d = e f\n");
    assert_deeds(
        "REG.EXE ADD HKEY_LOCAL_MACHINE\\System\\ControlSet001\\A -v b -d 1",
        "write HKLM\\System\\CurrentControlSet\\A -> b = 1\n");
    assert_deeds("reg add hkcu\\a /ve /d x",
                 "write HKCU\\a -> (default) = x\n");
    assert_deeds("reg add \\\\host\\HKLM\\a /v b /d x",
                 "write HKLM\\a -> b = x\n");
    assert_deeds("reg delete HKLM\\a /v b /f", "unset HKLM\\a -> b\n");
    assert_deeds("reg delete HKLM\\a /f", "unset HKLM\\a -> \n");
    /* what is quoted within quotes keeps those of its own */
    assert_deeds("reg add HKLM\\a /v b /d \"\\\"C:\\p q\\r.exe\\\" /s\" /f",
                 "write HKLM\\a -> b = \\\"C:\\p q\\r.exe\\\" /s\n");
}

static void test_commands_are_found_within_a_line(void **state)
{
    (void)state;
    assert_deeds(
        "cmd /c \"reg add HKLM\\a /v b /d 1 & reg add HKLM\\a /v c /d 2\"",
        "write HKLM\\a -> b = 1\nwrite HKLM\\a -> c = 2\n");
    assert_deeds("\"C:\\Windows\\System32\\reg.exe\" add HKCU\\a /v b /d 1",
                 "write HKCU\\a -> b = 1\n");
    assert_deeds("powershell -c \"reg add 'HKLM\\a b' /v c /d 1\"",
                 "write HKLM\\a b -> c = 1\n");
}

static void test_other_words_are_no_deeds(void **state)
{
    (void)state;
    assert_deeds("reg query HKLM\\a /v b", "");
    assert_deeds("reg add /?", "");
    assert_deeds("reg add NoRoot\\a /v b", "");
    assert_deeds("reg add", "");
    assert_deeds("myreg add HKLM\\a /v b", "");
    assert_deeds("sc query a", "");
    assert_deeds("disc create a", "");
    assert_deeds("regedit add HKLM\\a", "");
    assert_deeds("Set-ItemProperty C:\\a -Name IsReadOnly -Value 1", "");
}

static void test_sc_is_addservice(void **state)
{
    (void)state;
    assert_deeds("sc create a binPath= \"C:\\b c.exe\" start= auto",
                 "service a | C:\\b c.exe | type=16 | start=2\n");
    assert_deeds("sc.exe \\\\host create a type=kernel binpath=b.sys",
                 "service a | b.sys | type=1 | start=3\n");
    assert_deeds(
        "sc config a start= disabled",
        "write HKLM\\SYSTEM\\CurrentControlSet\\Services\\a -> Start = 4\n");
    assert_deeds("sc config a binPath= c.exe",
                 "write HKLM\\SYSTEM\\CurrentControlSet\\Services\\a -> "
                 "ImagePath = c.exe\n");
    assert_deeds("sc failure a command= \"c d\"",
                 "write HKLM\\SYSTEM\\CurrentControlSet\\Services\\a -> "
                 "FailureCommand = c d\n");
    assert_deeds("sc delete a", "remove a\n");
    assert_deeds("sc create", "");
}

static void test_cmdlets_and_scripts(void **state)
{
    (void)state;
    assert_deeds("Set-ItemProperty -Path 'HKLM:\\a b' -Name c -Value 0 -Force",
                 "write HKLM\\a b -> c = 0\n");
    assert_deeds(
        "New-ItemProperty HKCU:\\a c -PropertyType String -Val 'd e'; x",
        "write HKCU\\a -> c = d e\n");
    assert_deeds("sp Registry::HKEY_LOCAL_MACHINE\\a c 1",
                 "write HKLM\\a -> c = 1\n");
    assert_deeds("Remove-ItemProperty HKLM:\\a -Name c",
                 "unset HKLM\\a -> c\n");
    assert_deeds("Remove-Item HKLM:\\a\\b -Recurse", "unset HKLM\\a\\b -> \n");
    assert_deeds("New-Service -Name a -BinaryPathName 'C:\\b c.exe' "
                 "-StartupType Automatic",
                 "service a | C:\\b c.exe | type=16 | start=2\n");
    assert_deeds("CreateObject(\"WScript.Shell\").RegWrite \"HKCU\\a\\b\", \"c "
                 "d\", \"REG_SZ\"",
                 "write HKCU\\a -> b = c d\n");
    assert_deeds("s.RegWrite(\"HKCU\\a\\\", 'c')",
                 "write HKCU\\a -> (default) = c\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reg_is_addreg_and_delreg),
        cmocka_unit_test(test_commands_are_found_within_a_line),
        cmocka_unit_test(test_other_words_are_no_deeds),
        cmocka_unit_test(test_sc_is_addservice),
        cmocka_unit_test(test_cmdlets_and_scripts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
