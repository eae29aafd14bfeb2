/* SPDX-License-Identifier: MIT */
#include "text/decode.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct diag_list diags;
    struct decoded decoded;
};

static void decode(struct given *given, struct str raw, unsigned codepage)
{
    given->arena = arena_new(SIZE_MAX);
    diag_list_init(&given->diags, given->arena, 100);
    assert_int_equal(decode_bytes(given->arena, raw, codepage, &given->diags,
                                  &given->decoded),
                     INFSCAN_OK);
    assert_true(text_is_sound(given->decoded.text, raw));
}

static bool noted(const struct given *given, enum diag_code code)
{
    for (uint32_t i = 0; i < given->diags.list.n; i++) {
        if (given->diags.list.items[i].code == code) {
            return true;
        }
    }
    return false;
}

static void test_utf16_with_mark(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("\xFF\xFE[\0A\0]\0"), 0);
    assert_str(given.decoded.text->bytes, "[A]");
    assert_string_equal(given.decoded.name, "utf-16le");
    assert_true(given.decoded.bom);
    assert_int_equal(given.decoded.text->n_pieces, 1);
    assert_int_equal(given.decoded.text->pieces[0].from, 2);
    arena_free(given.arena);
}

static void test_utf16_without_mark(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("[\0A\0]\0\n\0"), 0);
    assert_str(given.decoded.text->bytes, "[A]\n");
    assert_true(noted(&given, DIAG_UTF16_WITHOUT_BOM));
    arena_free(given.arena);
}

static void test_utf16_big_endian(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("\xFE\xFF\0[\0A\x20\xAC\0]"), 0);
    assert_str(given.decoded.text->bytes, "[A\xE2\x82\xAC]");
    assert_string_equal(given.decoded.name, "utf-16be");
    assert_true(noted(&given, DIAG_UTF16BE));
    arena_free(given.arena);
}

static void test_surrogates(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("\xFF\xFE\x3D\xD8\x00\xDEx\0\x00\xD8y\0"), 0);
    assert_str(given.decoded.text->bytes, "\xF0\x9F\x98\x80x\xED\xA0\x80y");
    assert_true(noted(&given, DIAG_UNPAIRED_SURROGATE));
    arena_free(given.arena);
}

static void test_truncated_utf16(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("\xFF\xFE[\0A\0]"), 0);
    assert_str(given.decoded.text->bytes, "[A");
    assert_true(noted(&given, DIAG_TRUNCATED_UTF16));
    arena_free(given.arena);
}

static void test_utf8_with_mark(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("\xEF\xBB\xBF[\xC3\xA4]"), 0);
    assert_str(given.decoded.text->bytes, "[\xC3\xA4]");
    assert_string_equal(given.decoded.name, "utf-8");
    arena_free(given.arena);
    decode(&given, STR("\xEF\xBB\xBF[\xC3]"), 0);
    assert_str(given.decoded.text->bytes, "[\xEF\xBF\xBD]");
    assert_true(noted(&given, DIAG_BAD_UTF8));
    arena_free(given.arena);
}

static void test_utf8_without_mark_is_8_bit(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("[\xC3\xA4]"), 0);
    assert_str(given.decoded.text->bytes, "[\xC3\x83\xC2\xA4]");
    assert_string_equal(given.decoded.name, "windows-1252");
    arena_free(given.arena);
}

static void test_code_pages(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("a\x80\x81\xE4"), 1252);
    assert_str(given.decoded.text->bytes, "a\xE2\x82\xAC\xC2\x81\xC3\xA4");
    arena_free(given.arena);
    decode(&given, STR("\xC6x"), 1251);
    assert_str(given.decoded.text->bytes, "\xD0\x96x");
    arena_free(given.arena);
    /* the trail byte of a Shift-JIS character looks like a backslash */
    decode(&given, STR("\x95\x5C-"), 932);
    assert_str(given.decoded.text->bytes, "\xE8\xA1\xA8-");
    arena_free(given.arena);
    assert_null(decode_codepage_name(12345));
    assert_string_equal(decode_codepage_name(0), "windows-1252");
}

static void test_one_nul_does_not_make_utf16(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR("[Version]\r\na=b\0c "), 0);
    assert_string_equal(given.decoded.name, "windows-1252");
    arena_free(given.arena);
}

static void test_second_guesses(void **state)
{
    struct decode_guess other = {ENCODING_UTF8, 7};

    (void)state;
    assert_false(decode_other_guess(STR("[Version]\n"), 0, &other));
    assert_false(decode_other_guess(STR("\xFF\xFE[Version]\n"), 0, &other));
    assert_int_equal(other.encoding, ENCODING_UTF8);
    /* UTF-16 by count, with a header that only bytes show */
    assert_true(decode_other_guess(
        STR("x\0x\0x\0x\0x\0x\0x\0x\0x\0x\0x\0[Version]\n"), 0, &other));
    assert_int_equal(other.encoding, ENCODING_ANSI);
    assert_true(decode_other_guess(
        STR("x\0x\0x\0x\0x\0x\0x\0x\0x\0x\0x\0[ AutoRun\n"), 0, &other));
    /* 8-bit by count, with a header that only units show */
    assert_true(decode_other_guess(
        STR("xxxxxxxxxxxxxxxxxxxxxxxx[\0A\0u\0t\0o\0R\0u\0n\0]\0"), 0, &other));
    assert_int_equal(other.encoding, ENCODING_UTF16LE);
    assert_false(decode_other_guess(
        STR("xxxxxxxxxxxxxxxxxxxxxxxxx[\0A\0u\0t\0o\0R\0u\0n\0]\0"), 0,
        &other));
    assert_false(decode_other_guess(STR("["), 0, &other));
}

/* A backslash that ends a line, or is half of a character. */
static void test_a_second_code_page(void **state)
{
    struct decode_guess other = {ENCODING_UTF8, 7};
    struct given given;

    (void)state;
    assert_false(decode_other_guess(STR("k=a\\\nb\n"), 0, &other));
    assert_false(decode_other_guess(STR("k=\xE9\\x\nb\n"), 0, &other));
    assert_false(decode_other_guess(STR("k=\x83\x5C"), 0, &other));
    assert_false(decode_other_guess(STR("k=\x81\x83\\\nb\n"), 0, &other));
    assert_int_equal(other.encoding, ENCODING_UTF8);
    assert_true(decode_other_guess(STR("k=\x83\\ \r\nb\n"), 0, &other));
    assert_int_equal(other.encoding, ENCODING_ANSI);
    assert_int_equal(other.codepage, 936);
    assert_true(decode_other_guess(STR("k=\x81\x81\xE9\\;c\nb\n"), 0, &other));
    /* the user knows the machine's code page */
    assert_false(decode_other_guess(STR("k=\x83\\\nb\n"), 1252, &other));
    /* two halves are one character, known or not */
    decode(&given, STR("a\x83\\b\xFE\\c\x83"), 936);
    assert_true(text_is_sound(given.decoded.text, STR("a\x83\\b\xFE\\c\x83")));
    assert_int_equal(str_find_char(given.decoded.text->bytes, '\\', 0),
                     STR_NONE);
    arena_free(given.arena);
}

static void test_empty(void **state)
{
    struct given given;

    (void)state;
    decode(&given, STR(""), 0);
    assert_int_equal(given.decoded.text->bytes.len, 0);
    arena_free(given.arena);
    decode(&given, STR("\xFF\xFE"), 0);
    assert_int_equal(given.decoded.text->bytes.len, 0);
    arena_free(given.arena);
}

static void test_full_arena_is_a_status(void **state)
{
    struct arena *arena = arena_new(128);
    struct decoded decoded;
    char raw[1000];

    (void)state;
    memset(raw, '\xE4', sizeof raw);
    assert_int_equal(
        decode_bytes(arena, str_of(raw, sizeof raw), 0, NULL, &decoded),
        INFSCAN_NO_MEMORY);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf16_with_mark),
        cmocka_unit_test(test_utf16_without_mark),
        cmocka_unit_test(test_utf16_big_endian),
        cmocka_unit_test(test_surrogates),
        cmocka_unit_test(test_truncated_utf16),
        cmocka_unit_test(test_utf8_with_mark),
        cmocka_unit_test(test_utf8_without_mark_is_8_bit),
        cmocka_unit_test(test_code_pages),
        cmocka_unit_test(test_one_nul_does_not_make_utf16),
        cmocka_unit_test(test_second_guesses),
        cmocka_unit_test(test_a_second_code_page),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_full_arena_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
