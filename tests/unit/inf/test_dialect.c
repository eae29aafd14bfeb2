/* SPDX-License-Identifier: MIT */
#include "inf/dialect.h"
#include "inf/parser.h"
#include "inf/profile.h"
#include "text/decode.h"
#include "unit.h"

static const char *name_of(struct str raw)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct decoded decoded;
    struct source source;
    struct inf_document document;
    struct inf_document profile;

    assert_int_equal(decode_bytes(arena, raw, 0, NULL, &decoded), INFSCAN_OK);
    assert_true(source_init(&source, arena, raw, decoded.text));
    assert_int_equal(
        inf_parse(arena, &source, &limits_default, NULL, &document),
        INFSCAN_OK);
    assert_int_equal(
        profile_parse(arena, &source, &limits_default, NULL, &profile),
        INFSCAN_OK);
    const char *name = dialect_name(dialect_of(raw, &document, &profile));
    arena_free(arena);
    return name;
}

#define TEXT(literal) literal, sizeof(literal) - 1
#define SIGNED "[Version]\nSignature=$CHICAGO$\n"

static void test_by_content(void **state)
{
    static const struct {
        const char *raw;
        size_t len;
        const char *name;
    } cases[] = {
        {TEXT(SIGNED "[Manufacturer]\n%m%=M\n"), "driver"},
        {TEXT(SIGNED "[DefaultInstall]\nAddReg=A\n"), "setup"},
        {TEXT(SIGNED "AdvancedINF=2.5\n[DefaultInstall]\n"), "advanced-inf"},
        {TEXT(SIGNED "[X]\nRegisterOCXs=Y\n"), "advanced-inf"},
        {TEXT("[X]\nRegisterOCXs=Y\n"), "advanced-inf"},
        {TEXT(SIGNED "[CMAK Status]\nInfVersion=1\n"), "connection-manager"},
        {TEXT("[autorun]\nopen=a.exe\n"), "autorun"},
        {TEXT("junk\x1a\r\n\x1a[AUTORUN]\nopen=a.exe\n"), "autorun"},
        {TEXT("[Unicode]\nUnicode=yes\n[Privilege Rights]\nSeX=*S-1\n"),
         "security-template"},
        {TEXT("[Unattended]\nUnattendMode=x\n"), "answer-file"},
        {TEXT("[Version]\nClass=IEXPRESS\nSEDVersion=3\n"), "iexpress"},
        {TEXT(SIGNED "[Add.Code]\nx=x\n"), "code-download"},
        {TEXT("# x\n[Defines]\n  INF_VERSION = 1\n  BASE_NAME = X\n"), "edk2"},
        {TEXT("[Version]\nSignature=\"$Windows CE$\"\n[CEDevice]\n"),
         "windows-ce"},
        {TEXT("[Identification]\nOptionType=NetCard\n"), "legacy-nt"},
        {TEXT("[General]\nname=value\n"), "ini"},
        {TEXT("no sections here\n"), "unknown"},
        {TEXT("MZ\x90\0[General]\nname=value\n"), "unknown"},
        {TEXT("\3\3\2\0[General]\nname=value\n"), "unknown"},
        {TEXT("\1\1\2\0[General]\nname=value\n"), "unknown"},
        {TEXT("\3\3\3\0[General]\nname=value\n"), "ini"},
        {TEXT(""), "unknown"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(name_of(str_of(cases[i].raw, cases[i].len)),
                            cases[i].name);
    }
}

static void test_foreign_files_are_not_inf(void **state)
{
    (void)state;
    assert_false(dialect_is_inf(DIALECT_EDK2));
    assert_false(dialect_is_inf(DIALECT_UNKNOWN));
    assert_true(dialect_is_inf(DIALECT_DRIVER));
    assert_true(dialect_is_inf(DIALECT_AUTORUN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_content),
        cmocka_unit_test(test_foreign_files_are_not_inf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
