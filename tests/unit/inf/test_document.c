/* SPDX-License-Identifier: MIT */
#include "inf/append.h"
#include "inf/parser.h"
#include "text/decode.h"
#include "text/trace.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct inf_document document;
};

static void parse(struct given *given, struct arena *arena, struct str raw,
                  const struct limits *limits)
{
    struct decoded decoded;

    given->arena = arena;
    assert_int_equal(decode_bytes(arena, raw, 0, NULL, &decoded), INFSCAN_OK);
    assert_true(source_init(&given->source, arena, raw, decoded.text));
    assert_int_equal(
        inf_parse(arena, &given->source, limits, NULL, &given->document),
        INFSCAN_OK);
}

static struct slice field(const struct given *given, uint32_t line,
                          uint32_t index)
{
    return inf_line_field(&given->document, &given->document.lines[line],
                          index);
}

static struct slice key(const struct given *given, uint32_t line)
{
    return inf_line_key(&given->document, &given->document.lines[line]);
}

static const char forms[] = "[A]\n"
                            "plain = \"in quotes\" , \"\", x\n"
                            "a\"b\"c = d\"e\"f, on\\\n  ward,g\0h\n"
                            "al\"one\"\n"
                            "\"one\" , \"two\"\n";

static void test_tokens_of_every_form(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    parse(&given, arena, str_of(forms, sizeof forms - 1), &limits_default);
    assert_int_equal(given.document.n_lines, 4);
    assert_str(slice_str(key(&given, 0)), "plain");
    assert_str(slice_str(field(&given, 0, 0)), "in quotes");
    assert_str(slice_str(field(&given, 0, 1)), "");
    assert_str(slice_str(field(&given, 0, 2)), "x");
    assert_null(field(&given, 0, 3).text);
    assert_str(slice_str(key(&given, 1)), "abc");
    assert_str(slice_str(field(&given, 1, 0)), "def");
    assert_str(slice_str(field(&given, 1, 1)), "onward");
    assert_str(slice_str(field(&given, 1, 2)), "g h");
    assert_str(slice_str(key(&given, 2)), "alone");
    assert_str(slice_str(field(&given, 2, 0)), "alone");
    assert_int_equal(
        inf_line_has_key(&given.document, &given.document.lines[2]),
        INF_KEY_IMPLIED);
    assert_int_equal(
        inf_line_has_key(&given.document, &given.document.lines[3]),
        INF_KEY_NONE);
    assert_null(key(&given, 3).text);
    arena_free(arena);
}

static void test_pieces_are_put_together_once(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);
    struct arena *other = arena_new(SIZE_MAX);
    char room[INF_SHORT_KEY];

    (void)state;
    parse(&given, arena, str_of(forms, sizeof forms - 1), &limits_default);
    const struct inf_line *line = &given.document.lines[1];
    struct slice place = inf_line_place(&given.document, line);
    assert_str(inf_line_short_key(&given.document, line, room), "abc");
    assert_str(inf_line_key_bytes(arena, &given.document, line), "abc");
    /* in another arena the document stays as it is */
    struct slice apart = inf_line_key_in(other, &given.document, line);
    assert_str(slice_str(apart), "abc");
    struct slice first = key(&given, 1);
    assert_ptr_not_equal(apart.text, first.text);
    assert_ptr_equal(first.text, key(&given, 1).text);
    assert_ptr_equal(inf_line_key_in(other, &given.document, line).text,
                     first.text);
    /* and the line stands where it did */
    struct slice after = inf_line_place(&given.document, line);
    assert_int_equal(after.off, place.off);
    assert_int_equal(after.len, place.len);
    assert_true(text_is_sound(first.text, given.source.raw));
    arena_free(other);
    arena_free(arena);
}

static void test_a_long_key_is_cut_only_to_compare(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);
    char raw[512] = "[A]\nk\"";
    char room[INF_SHORT_KEY];

    (void)state;
    memset(raw + 6, 'x', 400);
    memcpy(raw + 406, "\"y=1\n", 5);
    parse(&given, arena, str_of(raw, 411), &limits_default);
    const struct inf_line *line = &given.document.lines[0];
    assert_int_equal(inf_line_short_key(&given.document, line, room).len,
                     INF_SHORT_KEY);
    assert_int_equal(inf_line_key_bytes(arena, &given.document, line).len, 402);
    assert_int_equal(key(&given, 0).len, 402);
    arena_free(arena);
}

/* What Windows would never read whole is traced as a whole. */
static void test_a_huge_field_of_pieces(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);
    enum {
        N = 40000
    };
    char *raw = test_malloc(6 + 4 * N + 1);
    struct regions regions;

    (void)state;
    memcpy(raw, "[A]\nk=", 6);
    for (size_t i = 0; i < N; i++) {
        memcpy(raw + 6 + 4 * i, "\"v\"x", 4);
    }
    parse(&given, arena, str_of(raw, 6 + 4 * N), &limits_default);
    struct slice value = field(&given, 0, 0);
    assert_int_equal(value.len, 2 * N);
    assert_memory_equal(slice_str(value).bytes, "vxvxvx", 6);
    assert_int_equal(value.text->n_pieces, 1);
    assert_true(
        trace_regions(arena, slice_sub(value, 100, 2), TRACE_SITE, &regions));
    assert_int_equal(regions.n, 1);
    assert_int_equal(regions.items[0].raw_off, 6);
    assert_int_equal(regions.items[0].raw_len, 4 * N);
    arena_free(arena);
    test_free(raw);
}

static void test_lines_of_a_section_that_comes_again(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);
    static const uint32_t expected[] = {0, 1, 3, 5};

    (void)state;
    parse(&given, arena,
          STR("[A]\na\n[a]\nb\n[B]\nc\n[A]\nd\n[C]\n[B]\ne\n[A]\nf\n"),
          &limits_default);
    uint32_t at = given.document.sections[0].first;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(at, expected[i]);
        assert_int_equal(
            inf_line_section(&given.document, &given.document.lines[at]), 0);
        at = inf_document_next(&given.document, at);
    }
    assert_int_equal(at, INF_NONE);
    assert_int_equal(given.document.sections[0].n_lines, 4);
    assert_int_equal(given.document.sections[2].first, INF_NONE);
    assert_int_equal(
        inf_line_section(&given.document, &given.document.lines[4]), 1);
    arena_free(arena);
}

static void test_too_many_fields_are_a_limit(void **state)
{
    struct given given;
    struct arena *arena = arena_new(SIZE_MAX);
    struct limits limits = limits_default;

    (void)state;
    limits.value[LIMIT_fields] = 4;
    parse(&given, arena, STR("[A]\nk=a,b\nj=c,d\ni=e\n"), &limits);
    assert_int_equal(given.document.limits, 1u << LIMIT_fields);
    assert_int_equal(given.document.n_lines, 2);
    assert_int_equal(
        inf_line_n_fields(&given.document, &given.document.lines[1]), 0);
    arena_free(arena);
}

static void test_pieces_of_an_appended_file(void **state)
{
    struct given one;
    struct given two;
    struct arena *arena = arena_new(SIZE_MAX);
    struct inf_document all;

    (void)state;
    parse(&one, arena, STR("[A]\na\"b\"=c\"d\"\n"), &limits_default);
    parse(&two, arena, STR("; behind\n[A]\nx\"y\"=z\"0\"\n"), &limits_default);
    assert_str(slice_str(key(&one, 0)), "ab"); /* put together before */
    const struct inf_document *others[] = {&two.document};
    assert_true(inf_append(arena, &one.document, others, 1, &all));
    assert_int_equal(all.n_lines, 2);
    assert_str(slice_str(inf_line_key(&all, &all.lines[0])), "ab");
    assert_str(slice_str(inf_line_field(&all, &all.lines[0], 0)), "cd");
    assert_str(slice_str(inf_line_key(&all, &all.lines[1])), "xy");
    assert_str(slice_str(inf_line_field(&all, &all.lines[1], 0)), "z0");
    assert_str(slice_str(inf_line_place(&all, &all.lines[1])), "x\"y\"=z\"0\"");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_of_every_form),
        cmocka_unit_test(test_pieces_are_put_together_once),
        cmocka_unit_test(test_a_long_key_is_cut_only_to_compare),
        cmocka_unit_test(test_a_huge_field_of_pieces),
        cmocka_unit_test(test_lines_of_a_section_that_comes_again),
        cmocka_unit_test(test_too_many_fields_are_a_limit),
        cmocka_unit_test(test_pieces_of_an_appended_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
