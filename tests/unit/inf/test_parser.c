/* SPDX-License-Identifier: MIT */
/* What parse.spec cannot say: places, diagnostics, limits. */
#include "inf/parser.h"
#include "text/decode.h"
#include "text/trace.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct diag_list diags;
    struct inf_document document;
};

static void parse_with(struct given *given, struct str raw,
                       const struct limits *limits)
{
    struct decoded decoded;

    given->arena = arena_new(SIZE_MAX);
    diag_list_init(&given->diags, given->arena, 1000);
    assert_int_equal(
        decode_bytes(given->arena, raw, 0, &given->diags, &decoded),
        INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(inf_parse(given->arena, &given->source, limits,
                               &given->diags, &given->document),
                     INFSCAN_OK);
}

static void parse(struct given *given, struct str raw)
{
    parse_with(given, raw, &limits_default);
}

static const struct diag *noted(const struct given *given, enum diag_code code)
{
    for (uint32_t i = 0; i < given->diags.list.n; i++) {
        if (given->diags.list.items[i].code == code) {
            return &given->diags.list.items[i];
        }
    }
    return NULL;
}

#define assert_noted(given, code, text)                                        \
    do {                                                                       \
        const struct diag *diag = noted((given), (code));                      \
        assert_non_null(diag);                                                 \
        assert_str(slice_str(diag->place), text);                              \
    } while (0)

static void test_lines_know_their_place(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\n  k = \"a b\" , c ; note\n\nx\\\n y\n"));
    assert_int_equal(given.document.n_lines, 2);
    assert_str(
        slice_str(inf_line_place(&given.document, &given.document.lines[0])),
        "k = \"a b\" , c");
    struct infscan_place place =
        trace_slice(&given.source, given.arena,
                    inf_line_place(&given.document, &given.document.lines[1]));
    assert_int_equal(place.line, 4);
    assert_int_equal(place.column, 1);
    /* a continued field comes from two runs */
    struct regions regions;
    assert_true(trace_regions(
        given.arena,
        inf_line_field(&given.document, &given.document.lines[1], 0),
        TRACE_SITE, &regions));
    assert_int_equal(regions.n, 2);
    arena_free(given.arena);
}

static void test_clean_fields_are_slices_of_the_file(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\nk=abc,\"d e\"\n"));
    assert_ptr_equal(
        inf_line_field(&given.document, &given.document.lines[0], 0).text,
        given.source.text);
    assert_ptr_equal(
        inf_line_field(&given.document, &given.document.lines[0], 1).text,
        given.source.text);
    arena_free(given.arena);
}

static void test_lone_cr(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\r\nk=1\r\r\nz=2\r\n"));
    assert_null(noted(&given, DIAG_LONE_CR));
    arena_free(given.arena);
    parse(&given, STR("[A]\r\nk=1\rz=2\r\n"));
    assert_noted(&given, DIAG_LONE_CR, "\r");
    arena_free(given.arena);
}

static void test_only_carriage_returns(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR(";c\r[Version]\rSignature=x\r"));
    assert_noted(&given, DIAG_ONLY_CR, "[Version]");
    arena_free(given.arena);
    parse(&given, STR(";c\r[Version]\rSignature=x\r\n"));
    assert_null(noted(&given, DIAG_ONLY_CR));
    arena_free(given.arena);
    parse(&given, STR(";c\r[Version\r"));
    assert_null(noted(&given, DIAG_ONLY_CR));
    arena_free(given.arena);
}

static void test_text_behind_ctrl_z(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\nk=1\n\x1a\r\n [B]\n"));
    assert_noted(&given, DIAG_TEXT_AFTER_CTRL_Z, "[B]");
    assert_str(slice_str(given.document.after_end), "[B]");
    assert_int_equal(given.document.n_sections, 1);
    arena_free(given.arena);
    parse(&given, STR("[A]\nk=1\n\x1a\r\n"));
    assert_null(noted(&given, DIAG_TEXT_AFTER_CTRL_Z));
    arena_free(given.arena);
}

static void test_swallowed_header_and_line(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\nk=1\\\n[B]\nz=C:\\\nq=2\nl=a, \\\n  b\n"));
    assert_noted(&given, DIAG_SECTION_SWALLOWED, "[B]");
    assert_noted(&given, DIAG_LINE_SWALLOWED, "q=2");
    assert_int_equal(given.diags.of_code[DIAG_LINE_SWALLOWED], 1);
    arena_free(given.arena);
}

static void test_invisible_characters_in_names(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("\xEF\xBB\xBF[Default\xE2\x80\x8BInstall]\n"
                      "Add\xEF\xBB\xBFReg=a\n"));
    assert_int_equal(given.diags.of_code[DIAG_INVISIBLE_IN_NAME], 2);
    assert_null(inf_document_find(&given.document, STR("DefaultInstall")));
    arena_free(given.arena);
}

static void test_semicolon_in_a_token(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\nk=%a;b%\nj=x ; 100%\n"));
    assert_noted(&given, DIAG_SEMICOLON_IN_TOKEN, "%a;b%");
    assert_int_equal(given.diags.of_code[DIAG_SEMICOLON_IN_TOKEN], 1);
    arena_free(given.arena);
}

static void test_unclosed_quote(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A]\nk=\"abc\r\nj=1\r\n"));
    assert_noted(&given, DIAG_QUOTE_UNCLOSED, "\"abc");
    assert_str(
        slice_str(inf_line_field(&given.document, &given.document.lines[0], 0)),
        "abc");
    arena_free(given.arena);
}

static void test_long_field(void **state)
{
    struct given given;
    char raw[5000] = "[A]\nk=";

    (void)state;
    memset(raw + 6, 'x', 4095);
    parse(&given, str_of(raw, 6 + 4095));
    assert_null(noted(&given, DIAG_FIELD_TOO_LONG));
    arena_free(given.arena);
    memset(raw + 6, 'x', 4096);
    parse(&given, str_of(raw, 6 + 4096));
    assert_non_null(noted(&given, DIAG_FIELD_TOO_LONG));
    assert_int_equal(
        inf_line_field(&given.document, &given.document.lines[0], 0).len, 4096);
    arena_free(given.arena);
}

static void test_limits_are_reported(void **state)
{
    struct given given;
    struct limits limits = limits_default;

    (void)state;
    limits.value[LIMIT_sections] = 2;
    limits.value[LIMIT_lines] = 3;
    parse_with(&given, STR("[A]\na\nb\n[B]\nc\n[a]\nd\n"), &limits);
    assert_int_equal(given.document.limits, 1u << LIMIT_lines);
    assert_int_equal(given.document.n_lines, 3);
    arena_free(given.arena);
    parse_with(&given, STR("[A]\na\n[B]\n[C]\nc\n"), &limits);
    assert_int_equal(given.document.limits, 1u << LIMIT_sections);
    assert_int_equal(given.document.n_lines, 1); /* c belongs to no section */
    arena_free(given.arena);
}

static void test_a_nul_in_a_section_name_is_a_blank(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[A\0B]\nk=1\n"));
    assert_non_null(inf_document_find(&given.document, STR("a b")));
    /* or Windows cuts it there: both readings are found */
    assert_ptr_equal(inf_document_find(&given.document, STR("a")),
                     inf_document_find(&given.document, STR("a b")));
    assert_non_null(noted(&given, DIAG_NUL));
    arena_free(given.arena);
}

static void test_full_arena_is_a_status(void **state)
{
    static const char raw[] = "[A]\nk=a\"b\"c,\\\n d\n[B]\nx\ny\nz\n";

    (void)state;
    for (size_t cap = 64; cap < 4096; cap += 48) {
        struct arena *arena = arena_new(cap);
        struct decoded decoded;
        struct source source;
        struct inf_document document;
        struct str bytes = str_of(raw, sizeof raw - 1);
        if (decode_bytes(arena, bytes, 0, NULL, &decoded) == INFSCAN_OK &&
            source_init(&source, arena, bytes, decoded.text)) {
            enum infscan_status status =
                inf_parse(arena, &source, &limits_default, NULL, &document);
            assert_true(status == INFSCAN_OK || status == INFSCAN_NO_MEMORY);
            assert_true(status == INFSCAN_NO_MEMORY || document.n_lines == 4);
        }
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_know_their_place),
        cmocka_unit_test(test_clean_fields_are_slices_of_the_file),
        cmocka_unit_test(test_lone_cr),
        cmocka_unit_test(test_only_carriage_returns),
        cmocka_unit_test(test_text_behind_ctrl_z),
        cmocka_unit_test(test_swallowed_header_and_line),
        cmocka_unit_test(test_invisible_characters_in_names),
        cmocka_unit_test(test_semicolon_in_a_token),
        cmocka_unit_test(test_unclosed_quote),
        cmocka_unit_test(test_long_field),
        cmocka_unit_test(test_limits_are_reported),
        cmocka_unit_test(test_a_nul_in_a_section_name_is_a_blank),
        cmocka_unit_test(test_full_arena_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
