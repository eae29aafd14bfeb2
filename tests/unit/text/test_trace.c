/* SPDX-License-Identifier: MIT */
#include "text/decode.h"
#include "text/trace.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct str raw;
    struct source source;
};

static void set_up_raw(struct fixture *fixture, struct str raw)
{
    struct decoded decoded;

    fixture->arena = arena_new(SIZE_MAX);
    fixture->raw = raw;
    assert_int_equal(decode_bytes(fixture->arena, raw, 0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(
        source_init(&fixture->source, fixture->arena, raw, decoded.text));
}

static struct slice in_file(const struct fixture *fixture, size_t off,
                            size_t len)
{
    return slice_sub(slice_all(fixture->source.text), off, len);
}

static void test_lines_and_columns(void **state)
{
    struct fixture fixture;
    struct infscan_place place;

    (void)state;
    set_up_raw(&fixture, STR("ab\r\n\xE4\xE4\x63\n\nz"));
    place = trace_slice(&fixture.source, fixture.arena,
                        in_file(&fixture, 8, 1)); /* c, two bytes each before */
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 3);
    assert_int_equal(place.offset, 6);
    assert_int_equal(place.length, 1);
    assert_int_equal(fixture.source.n_lines, 4);
    assert_str(slice_str(source_line_text(&fixture.source, 1)), "ab");
    assert_str(slice_str(source_line_text(&fixture.source, 3)), "");
    assert_str(slice_str(source_line_text(&fixture.source, 5)), "");
    place = trace_slice(&fixture.source, fixture.arena, SLICE_NONE);
    assert_int_equal(place.line, 0);
    arena_free(fixture.arena);
}

/* Lines shorter and longer than the strides of the line table, and line ends
 * on their borders. */
static void test_lines_of_every_length(void **state)
{
    struct fixture fixture;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1 << 20);
    for (uint32_t i = 0; i < 600; i++) {
        buf_add_format(&raw, "%u", i);
        for (uint32_t k = 0; i % 3 == 0 && k < i; k++) {
            buf_add_char(&raw, '.');
        }
        buf_add_char(&raw, '\n');
    }
    set_up_raw(&fixture, buf_str(&raw));
    assert_int_equal(fixture.source.n_lines, 601);
    for (uint32_t line = 1; line <= 600; line++) {
        uint32_t start = source_line_start(&fixture.source, line);
        struct slice text = source_line_text(&fixture.source, line);
        int64_t number;
        assert_int_equal(text.off, start);
        assert_int_equal(source_line(&fixture.source, start), line);
        assert_int_equal(source_line(&fixture.source, start + text.len), line);
        struct str digits = slice_str(text);
        size_t dot = str_find_char(digits, '.', 0);
        assert_true(str_parse_int(str_sub(digits, 0, dot), &number));
        assert_int_equal(number, line - 1);
    }
    assert_int_equal(source_line_text(&fixture.source, 601).len, 0);
    arena_free(fixture.arena);
    buf_deinit(&raw);
}

/* The column of each character, counted one by one. */
static void check_columns(const struct fixture *fixture)
{
    struct str bytes = fixture->source.text->bytes;
    uint32_t column = 0;

    for (uint32_t i = 0; i < bytes.len; i++) {
        if (((unsigned char)bytes.bytes[i] & 0xC0) != 0x80) {
            column++;
            assert_int_equal(source_column(&fixture->source, i), column);
        }
        if (bytes.bytes[i] == '\n') {
            column = 0;
        }
    }
}

/* Long lines have a table of their own. */
static void test_columns_of_long_lines(void **state)
{
    static const size_t lengths[] = {0, 1, 255, 256, 257, 4095, 5000, 9000};
    struct fixture fixture;
    struct buf raw;

    (void)state;
    buf_init(&raw, 1 << 20);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (size_t k = 0; k < lengths[i]; k++) {
            buf_add_char(&raw, k % 3 ? 'x' : '\xE4');
        }
        buf_add_char(&raw, '\n');
        set_up_raw(&fixture, buf_str(&raw));
        assert_int_equal(fixture.source.chars_before != NULL,
                         lengths[i] >= 4095);
        check_columns(&fixture);
        arena_free(fixture.arena);
    }
    buf_deinit(&raw);
}

static void test_utf16_offsets_are_raw_bytes(void **state)
{
    struct fixture fixture;

    (void)state;
    set_up_raw(&fixture, STR("\xFF\xFE"
                             "a\0\n\0b\0c\0"));
    struct infscan_place place =
        trace_slice(&fixture.source, fixture.arena, in_file(&fixture, 2, 2));
    assert_int_equal(place.offset, 6);
    assert_int_equal(place.length, 4);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 1);
    arena_free(fixture.arena);
}

/* "x%t%y" with t = "AB" at another place, and a fold of the middle of that. */
static void test_site_and_spelling(void **state)
{
    struct fixture fixture;
    struct text_builder builder;
    struct regions regions;

    (void)state;
    set_up_raw(&fixture, STR("x%t%y\nt=AB"));
    text_build_init(&builder, fixture.arena, TEXT_TOKEN, SIZE_MAX);
    text_build_copy(&builder, in_file(&fixture, 0, 1));
    text_build_via(&builder, in_file(&fixture, 8, 2), in_file(&fixture, 1, 3));
    text_build_copy(&builder, in_file(&fixture, 4, 1));
    const struct text *token = text_build_finish(&builder);
    assert_str(token->bytes, "xABy");
    text_build_init(&builder, fixture.arena, TEXT_PEEL, SIZE_MAX);
    text_build_fold(&builder, STR("!"), (struct slice){token, 1, 2}, 0, 0);
    const struct text *peeled = text_build_finish(&builder);

    assert_true(trace_regions(fixture.arena, slice_all(peeled), TRACE_SPELLING,
                              &regions));
    assert_int_equal(regions.n, 1);
    assert_int_equal(regions.items[0].raw_off, 8);
    assert_int_equal(regions.items[0].raw_len, 2);
    assert_true(
        trace_regions(fixture.arena, slice_all(peeled), TRACE_SITE, &regions));
    assert_int_equal(regions.n, 1);
    assert_int_equal(regions.items[0].raw_off, 1);
    assert_int_equal(regions.items[0].raw_len, 3);
    /* across the token: spelled in two places, used in one run */
    assert_true(trace_regions(fixture.arena, slice_all(token), TRACE_SPELLING,
                              &regions));
    assert_int_equal(regions.n, 3);
    assert_true(
        trace_regions(fixture.arena, slice_all(token), TRACE_SITE, &regions));
    assert_int_equal(regions.n, 1);
    assert_int_equal(regions.items[0].raw_len, 5);
    arena_free(fixture.arena);
}

static void test_base64_in_utf16_traces_to_its_characters(void **state)
{
    struct fixture fixture;
    struct text_builder builder;

    (void)state;
    set_up_raw(&fixture, STR("\xFF\xFEQ\0U\0J\0D\0R\0E\0U\0=\0"));
    text_build_init(&builder, fixture.arena, TEXT_PEEL, SIZE_MAX);
    text_build_fold(&builder, STR("ABCDE"), in_file(&fixture, 0, 8), 3, 4);
    const struct text *layer = text_build_finish(&builder);
    struct infscan_place place = trace_slice(&fixture.source, fixture.arena,
                                             (struct slice){layer, 3, 1});
    assert_int_equal(place.offset, 2 + 8);
    assert_int_equal(place.length, 8);
    place = trace_slice(&fixture.source, fixture.arena,
                        (struct slice){layer, 1, 1});
    assert_int_equal(place.offset, 2);
    assert_int_equal(place.length, 8);
    arena_free(fixture.arena);
}

/* Raw bytes of each character, however long its UTF-8 is. */
static void check_characters(const struct fixture *fixture, size_t in_unit,
                             size_t first)
{
    const struct text *text = fixture->source.text;
    size_t at = 0;

    for (size_t raw = first; raw < fixture->raw.len; raw += in_unit) {
        struct regions regions;
        size_t n = 1;
        while (at + n < text->bytes.len &&
               ((unsigned char)text->bytes.bytes[at + n] & 0xC0) == 0x80) {
            n++;
        }
        for (size_t k = 0; k < n; k++) { /* a part of it is all of it */
            assert_true(trace_regions(fixture->arena,
                                      in_file(fixture, at + k, n - k),
                                      TRACE_SITE, &regions));
            assert_int_equal(regions.n, 1);
            assert_int_equal(regions.items[0].raw_off, raw);
            assert_int_equal(regions.items[0].raw_len, in_unit);
        }
        at += n;
    }
    assert_int_equal(at, text->bytes.len);
}

static void test_each_character_has_its_bytes(void **state)
{
    static const char mixed[] = "a\xE4z\x80\x80nm\xFF";
    struct fixture fixture;
    char raw[8000];
    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof raw; i++) {
        seed = seed * 1103515245 + 12345;
        /* long runs of ASCII, too */
        raw[i] = i / 500 % 3 == 1 ? 'k' : mixed[(seed >> 16) & 7];
    }
    set_up_raw(&fixture, str_of(raw, sizeof raw));
    assert_true(text_is_sound(fixture.source.text, fixture.raw));
    assert_true(fixture.source.text->n_pieces < 60);
    check_characters(&fixture, 1, 0);
    arena_free(fixture.arena);
    raw[0] = '\xFF';
    raw[1] = '\xFE';
    for (size_t i = 2; i < sizeof raw; i += 2) { /* U+0000 to U+1AFF */
        seed = seed * 1103515245 + 12345;
        raw[i] = (char)(seed >> 16);
        raw[i + 1] = seed & 0x100000 ? (char)((seed >> 24) % 0x1B) : '\0';
    }
    set_up_raw(&fixture, str_of(raw, sizeof raw));
    assert_true(text_is_sound(fixture.source.text, fixture.raw));
    assert_true(fixture.source.text->n_pieces < 60);
    check_characters(&fixture, 2, 2);
    arena_free(fixture.arena);
}

static void test_an_empty_slice_has_a_place(void **state)
{
    struct fixture fixture;

    (void)state;
    set_up_raw(&fixture, STR("ab\ncd"));
    struct infscan_place place =
        trace_slice(&fixture.source, fixture.arena, in_file(&fixture, 4, 0));
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 2);
    assert_int_equal(place.length, 0);
    arena_free(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_and_columns),
        cmocka_unit_test(test_lines_of_every_length),
        cmocka_unit_test(test_columns_of_long_lines),
        cmocka_unit_test(test_utf16_offsets_are_raw_bytes),
        cmocka_unit_test(test_site_and_spelling),
        cmocka_unit_test(test_base64_in_utf16_traces_to_its_characters),
        cmocka_unit_test(test_each_character_has_its_bytes),
        cmocka_unit_test(test_an_empty_slice_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
