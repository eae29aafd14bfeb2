/* SPDX-License-Identifier: MIT */
#include "install/registry.h"
#include "unit.h"

static struct slice slice_of(struct arena *arena, const char *z)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, str_from(z), 0);
    return slice_all(text_build_finish(&builder));
}

static struct str spell(struct arena *arena, enum registry_root root,
                        const struct registry_base *base, const char *key)
{
    struct slice written = slice_of(arena, key);
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    registry_build_key(&builder, root, base, written, written);
    return slice_str(slice_all(text_build_finish(&builder)));
}

static void roots_have_short_and_long_names(void **state)
{
    (void)state;
    assert_int_equal(registry_root_parse(STR("HKLM")), REGISTRY_HKLM);
    assert_int_equal(registry_root_parse(STR(" hkcu ")), REGISTRY_HKCU);
    assert_int_equal(registry_root_parse(STR("HKEY_CLASSES_ROOT")),
                     REGISTRY_HKCR);
    assert_int_equal(registry_root_parse(STR("HKR")), REGISTRY_HKR);
    assert_int_equal(registry_root_parse(STR("HKLX")), REGISTRY_NO_ROOT);
    assert_int_equal(registry_root_parse(STR("")), REGISTRY_NO_ROOT);
    assert_string_equal(registry_root_name(REGISTRY_HKU), "HKU");
}

static void flags_name_types(void **state)
{
    (void)state;
    assert_string_equal(registry_type_name(0), "REG_SZ");
    assert_string_equal(registry_type_name(2), "REG_SZ");
    assert_string_equal(registry_type_name(0x10001), "REG_DWORD");
    assert_string_equal(registry_type_name(0x1), "REG_BINARY");
    assert_string_equal(registry_type_name(0x10008), "REG_MULTI_SZ");
    assert_string_equal(registry_type_name(0x20000), "REG_EXPAND_SZ");
    assert_string_equal(registry_type_name(0xB0001), "REG_QWORD");
    assert_string_equal(registry_type_name(0x70001), "REG_OTHER");
}

static void a_key_has_one_spelling(void **state)
{
    static const struct {
        enum registry_root root;
        const char *written;
        const char *plain;
    } rows[] = {
        {REGISTRY_HKLM, "\\Software\\\\A\\", "HKLM\\Software\\A"},
        {REGISTRY_HKLM, "SYSTEM\\ControlSet002\\X",
         "HKLM\\SYSTEM\\CurrentControlSet\\X"},
        {REGISTRY_HKLM, "system\\controlset001\\X",
         "HKLM\\system\\CurrentControlSet\\X"},
        {REGISTRY_HKLM, "SYSTEM\\ControlSet01\\X",
         "HKLM\\SYSTEM\\ControlSet01\\X"},
        {REGISTRY_HKLM, "Software\\ControlSet002\\X",
         "HKLM\\Software\\ControlSet002\\X"},
        {REGISTRY_HKCU, "SYSTEM\\ControlSet001\\X",
         "HKCU\\SYSTEM\\ControlSet001\\X"},
        {REGISTRY_HKLM, "SOFTWARE\\WOW6432Node\\A\\B", "HKLM\\SOFTWARE\\A\\B"},
        {REGISTRY_HKLM, "SOFTWARE\\WowAA32Node\\A", "HKLM\\SOFTWARE\\A"},
        {REGISTRY_HKLM, "Software\\Classes\\.txt", "HKCR\\.txt"},
        {REGISTRY_HKLM, "Software\\Classes", "HKCR"},
        {REGISTRY_HKLM, "Software\\ClassesX", "HKLM\\Software\\ClassesX"},
        {REGISTRY_HKLM, "Software\\Classes\\Wow6432Node\\CLSID", "HKCR\\CLSID"},
        {REGISTRY_HKLM, "Software\\Wow6432Node\\Classes\\CLSID", "HKCR\\CLSID"},
        {REGISTRY_HKCR, "Wow6432Node\\CLSID\\{1}", "HKCR\\CLSID\\{1}"},
        {REGISTRY_HKCU, "Software\\Classes\\.txt",
         "HKCU\\Software\\Classes\\.txt"},
        {REGISTRY_HKCR, "", "HKCR"},
        {REGISTRY_HKU, ".DEFAULT\\Software", "HKU\\.DEFAULT\\Software"},
        {REGISTRY_HKU, "S-1-5-18\\Software", "HKU\\.DEFAULT\\Software"},
        {REGISTRY_HKU, "s-1-5-18", "HKU\\.DEFAULT"},
        {REGISTRY_HKU, "S-1-5-19\\Software", "HKU\\S-1-5-19\\Software"},
        {REGISTRY_HKU, "S-1-5-21-1-2-3-500_Classes\\CLSID",
         "HKU\\S-1-5-21-1-2-3-500\\Software\\Classes\\CLSID"},
        {REGISTRY_HKU, "A\\S-1-5-18", "HKU\\A\\S-1-5-18"},
    };
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str plain = spell(arena, rows[i].root, NULL, rows[i].written);
        if (!str_equal(plain, str_from(rows[i].plain))) {
            fail_msg("%s became %.*s", rows[i].written, (int)plain.len,
                     plain.bytes);
        }
    }
    arena_free(arena);
}

static void hkr_is_spelled_by_what_it_stands_for(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct registry_base open = {REGISTRY_BASE_OPEN, {NULL, 0}, SLICE_NONE};
    struct registry_base service = {
        REGISTRY_BASE_KEY, STR("SYSTEM\\Services\\"), slice_of(arena, "Svc")};

    (void)state;
    assert_str(spell(arena, REGISTRY_HKR, &open, ""), "HKR");
    assert_str(spell(arena, REGISTRY_HKR, &open, "A"), "HKR\\A");
    assert_str(spell(arena, REGISTRY_HKR, &service, "Parameters"),
               "HKLM\\SYSTEM\\Services\\Svc\\Parameters");
    arena_free(arena);
}

static void values_that_hold_commands(void **state)
{
    (void)state;
    assert_true(registry_is_command(
        STR("HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"),
        STR("anything")));
    assert_true(registry_is_command(
        STR("HKLM\\software\\microsoft\\windows nt\\currentversion\\winlogon"),
        STR("userinit")));
    assert_true(
        registry_is_command(STR("HKCR\\Drive\\shell\\cmd\\command"), STR("")));
    assert_true(registry_is_command(
        STR("HKLM\\SYSTEM\\CurrentControlSet\\Services\\X"), STR("ImagePath")));
    assert_false(registry_is_command(STR("HKCR\\Drive\\shell\\cmd\\command"),
                                     STR("DelegateExecute")));
    assert_false(registry_is_command(
        STR("HKLM\\SYSTEM\\CurrentControlSet\\Services\\X"), STR("Start")));
    assert_false(
        registry_is_command(STR("HKLM\\Software\\Vendor\\Run"), STR("x")));
    assert_true(registry_is_command(STR("HKCR\\a\\SHELL\\b\\shell\\c\\Command"),
                                    STR("")));
    assert_false(registry_is_command(STR("HKCR\\a\\shell\\command"), STR("")));
    assert_false(
        registry_is_command(STR("HKCR\\a\\shell\\b\\command\\c"), STR("")));
    assert_true(registry_is_command(
        STR("HKLM\\x\\Microsoft\\Windows\\CurrentVersion\\RunOnceEx\\1"),
        STR("")));
    assert_false(registry_is_command(STR(""), STR("")));
}

/* The look-up parts rows by the value that they name, and by the last letter of
 * the key. */
static void values_are_a_name_or_a_star(void **state)
{
    static const char *const rows[][2] = {
#define COMMAND(key, value, when, source) {key, value},
#include "install/registry_commands.def"
#undef COMMAND
#define LOADS(key, value, role, when, source) {key, value},
#include "install/registry_loads.def"
#undef LOADS
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!*rows[i][0] ||
            (strlen(rows[i][1]) != 1 && strchr(rows[i][1], '*'))) {
            fail_msg("%s %s", rows[i][0], rows[i][1]);
        }
    }
}

static void values_that_name_code(void **state)
{
    (void)state;
    assert_string_equal(registry_loads(STR("HKR"), STR("CoInstallers32")),
                        "co-installer");
    assert_string_equal(
        registry_loads(
            STR("HKLM\\SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\X"),
            STR("driver")),
        "print-monitor");
    assert_string_equal(registry_loads(STR("HKLM\\SYSTEM\\CurrentControlSet\\Se"
                                           "rvices\\X\\NetworkProvider"),
                                       STR("ProviderPath")),
                        "network-provider");
    assert_null(registry_loads(STR("HKR\\Sub"), STR("CoInstallers32")));
    assert_null(registry_loads(STR("HKLM\\Software\\X"), STR("Driver")));
}

static void values_that_start_by_themselves(void **state)
{
    (void)state;
    assert_string_equal(
        registry_autostart(
            STR("HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"),
            STR("any")),
        "logon");
    assert_string_equal(
        registry_autostart(STR("HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"),
                           STR("Security Packages")),
        "boot");
    assert_null(
        registry_autostart(STR("HKCR\\Drive\\shell\\cmd\\command"), STR("")));
    assert_null(registry_autostart(STR("HKLM\\Software\\X"), STR("Driver")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_have_short_and_long_names),
        cmocka_unit_test(flags_name_types),
        cmocka_unit_test(a_key_has_one_spelling),
        cmocka_unit_test(hkr_is_spelled_by_what_it_stands_for),
        cmocka_unit_test(values_that_hold_commands),
        cmocka_unit_test(values_are_a_name_or_a_star),
        cmocka_unit_test(values_that_name_code),
        cmocka_unit_test(values_that_start_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
