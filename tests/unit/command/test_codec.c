/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "command/codec.h"

static void base64_as_dotnet(void **state)
{
    char out[32];

    (void)state;
    assert_int_equal(codec_base64(STR("aGVsbG8="), out), 5);
    assert_memory_equal(out, "hello", 5);
    assert_int_equal(codec_base64(STR("aGVs\r\n bG8"), out), 5);
    assert_int_equal(codec_base64(STR("aGVs*G8="), out), STR_NONE);
    assert_int_equal(codec_base64(STR("aG=VsbG8="), out), STR_NONE);
    assert_int_equal(codec_base64(STR(""), out), 0);
}

static void hexadecimal(void **state)
{
    char out[8];

    (void)state;
    assert_int_equal(codec_hex(STR("6869"), out), 2);
    assert_memory_equal(out, "hi", 2);
    assert_int_equal(codec_hex(STR("686"), out), STR_NONE);
    assert_int_equal(codec_hex(STR("6g"), out), STR_NONE);
}

static void texts_of_the_web(void **state)
{
    char out[64];

    (void)state;
    size_t n = codec_percent(STR("a%41+%4g%"), CODEC_PLUS_SIGN, out);
    assert_true(str_equal(str_of(out, n), STR("aA+%4g%")));
    n = codec_percent(STR("a+b%20"), CODEC_PLUS_BLANK, out);
    assert_true(str_equal(str_of(out, n), STR("a b ")));
    n = codec_entities(STR("&#65;&#x42;&amp;&LT;&nope;&#;&#65"), out);
    assert_true(str_equal(str_of(out, n), STR("AB&<&nope;&#;&#65")));
    n = codec_entities(STR("&#x110000;&"), out);
    assert_true(str_equal(str_of(out, n), STR("&#x110000;&")));
}

static void escapes_of_patterns(void **state)
{
    char out[64];

    (void)state;
    size_t n = codec_escapes(STR("\\x41\\u0042\\.\\n\\\\\\x4\\"), out);
    assert_true(str_equal(str_of(out, n), STR("AB.\n\\x4\\")));
}

static void utf16(void **state)
{
    char out[16];

    (void)state;
    size_t n = codec_utf16le(STR("a\0\xAC\x20\x3D\xD8\x00\xDE\x41"), out);
    assert_int_equal(n, 1 + 3 + 4);
    assert_memory_equal(out, "a\xE2\x82\xAC\xF0\x9F\x98\x80", n);
}

/* The text of an -EncodedCommand names the characters it was made of. */
static void encoded_command_keeps_its_origin(void **state)
{
    struct str raw = STR("powershell -enc dwBoAG8AYQBtAGkA");
    struct arena *arena = arena_new(SIZE_MAX);
    struct text_builder builder;

    (void)state;
    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, raw, 0);
    const struct text *line = text_build_finish(&builder);
    const struct text *text =
        codec_encoded_command(arena, slice_sub(slice_all(line), 16, 16), 1000);
    assert_non_null(text);
    assert_true(str_equal(text->bytes, STR("whoami")));
    assert_true(text_is_sound(text, raw));
    assert_int_equal(text->n_pieces, 1);
    assert_int_equal(text->pieces[0].from, 16);
    assert_int_equal(text_kind(text, 0)->out_unit, 3);
    assert_int_equal(text_kind(text, 0)->in_unit, 8);
    assert_null(codec_encoded_command(arena, slice_all(line), 1000));
    arena_free(arena);
}

static void tells_text_from_bytes(void **state)
{
    (void)state;
    assert_true(codec_is_text(STR("iex 'a'\r\n")));
    assert_false(codec_is_text(STR("a\0b")));
    assert_false(codec_is_text(STR("\x01\x02\x03")));
    assert_false(codec_is_text(STR("\xFF\xFE")));
    assert_false(codec_is_text(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_as_dotnet),
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(utf16),
        cmocka_unit_test(encoded_command_keeps_its_origin),
        cmocka_unit_test(texts_of_the_web),
        cmocka_unit_test(escapes_of_patterns),
        cmocka_unit_test(tells_text_from_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
