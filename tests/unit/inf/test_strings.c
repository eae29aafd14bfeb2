/* SPDX-License-Identifier: MIT */
#include "inf/parser.h"
#include "inf/strings.h"
#include "text/decode.h"
#include "text/trace.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct diag_list diags;
    struct inf_document document;
    const struct inf_strings *strings;
    uint32_t n_strings;
    struct inf_expander expander;
};

static struct str directory(const void *context, int64_t dirid)
{
    (void)context;
    switch (dirid) {
    case 11:
        return STR("C:\\S");
    case 24:
        return STR("C:\\");
    default:
        return str_of(NULL, 0);
    }
}

static void set_up(struct given *given, struct str raw)
{
    struct decoded decoded;

    given->arena = arena_new(SIZE_MAX);
    diag_list_init(&given->diags, given->arena, 1000);
    assert_int_equal(decode_bytes(given->arena, raw, 0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(inf_parse(given->arena, &given->source, &limits_default,
                               NULL, &given->document),
                     INFSCAN_OK);
    assert_int_equal(inf_strings_list(given->arena, &given->document,
                                      &given->strings, &given->n_strings),
                     INFSCAN_OK);
    given->expander = (struct inf_expander){.arena = given->arena,
                                            .strings = given->strings,
                                            .directory = directory,
                                            .max_bytes = 100,
                                            .diags = &given->diags};
}

static struct slice first_field(struct given *given)
{
    return inf_expand(
        &given->expander,
        inf_line_field(&given->document, &given->document.lines[0], 0));
}

static void test_languages(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nk=%s%\n[Strings.0407]\ns=de\n[Strings]\ns=any\n"
                       "[Strings.XYZ]\ns=no\n[StringsX]\ns=no\n"));
    assert_int_equal(given.n_strings, 2);
    assert_str(given.strings[0].language, "");
    assert_str(given.strings[1].language, "0407");
    assert_str(slice_str(first_field(&given)), "any");
    given.expander.strings = &given.strings[1];
    assert_str(slice_str(first_field(&given)), "de");
    arena_free(given.arena);
}

static void test_a_plain_value_is_not_copied(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nk=abc\nj=%u%\n"));
    struct slice field =
        inf_line_field(&given.document, &given.document.lines[0], 0);
    struct slice expanded = inf_expand(&given.expander, field);
    assert_ptr_equal(expanded.text, field.text);
    field = inf_line_field(&given.document, &given.document.lines[1], 0);
    assert_ptr_equal(inf_expand(&given.expander, field).text, field.text);
    arena_free(given.arena);
}

static void test_a_string_points_to_use_and_spelling(void **state)
{
    struct given given;
    struct regions regions;

    (void)state;
    set_up(&given, STR("[A]\nk=a%s%b\n[Strings]\ns=\"XY\"\n"));
    struct slice expanded = first_field(&given);
    assert_str(slice_str(expanded), "aXYb");
    assert_true(text_is_sound(expanded.text, given.source.raw));
    assert_true(trace_regions(given.arena, slice_sub(expanded, 1, 2),
                              TRACE_SITE, &regions));
    assert_int_equal(regions.items[0].raw_off, 7);
    assert_int_equal(regions.items[0].raw_len, 3);
    assert_true(trace_regions(given.arena, slice_sub(expanded, 1, 2),
                              TRACE_SPELLING, &regions));
    assert_int_equal(regions.items[0].raw_off, 25);
    assert_int_equal(regions.items[0].raw_len, 2);
    arena_free(given.arena);
}

static void test_redefined_directory_is_noted(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nk=%11%\\x\n[Strings]\n11=Z:\n"));
    assert_str(slice_str(first_field(&given)), "Z:\\x");
    assert_int_equal(given.diags.of_code[DIAG_DIRID_REDEFINED], 1);
    arena_free(given.arena);
}

static void test_numbers_are_read_as_c_does(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nk=\"% 11%,%+011%,%11 %,%0xb%,%99%\"\n"));
    assert_str(slice_str(first_field(&given)), "C:\\S,C:\\S,%11 %,%0xb%,%99%");
    arena_free(given.arena);
}

static void test_line_text_joins_with_bare_commas(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nkey = a , \"b, c\" , %24%\\d\nx\n"));
    assert_str(slice_str(inf_line_text(&given.expander, &given.document,
                                       &given.document.lines[0], 0)),
               "a,b, c,C:\\d");
    assert_str(slice_str(inf_line_text(&given.expander, &given.document,
                                       &given.document.lines[0], 2)),
               "C:\\d");
    assert_str(slice_str(inf_line_text(&given.expander, &given.document,
                                       &given.document.lines[0], 3)),
               "");
    assert_str(slice_str(inf_line_text(&given.expander, &given.document,
                                       &given.document.lines[1], 0)),
               "x");
    arena_free(given.arena);
}

static void test_expansion_is_bounded(void **state)
{
    struct given given;

    (void)state;
    set_up(&given, STR("[A]\nk=%s%%s%%s%%s%\n[Strings]\n"
                       "s=012345678901234567890123456789\n"));
    assert_str(slice_str(first_field(&given)), "%s%%s%%s%%s%");
    assert_int_equal(given.expander.limits, 1u << LIMIT_expansion_bytes);
    arena_free(given.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_a_plain_value_is_not_copied),
        cmocka_unit_test(test_a_string_points_to_use_and_spelling),
        cmocka_unit_test(test_redefined_directory_is_noted),
        cmocka_unit_test(test_numbers_are_read_as_c_does),
        cmocka_unit_test(test_line_text_joins_with_bare_commas),
        cmocka_unit_test(test_expansion_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
