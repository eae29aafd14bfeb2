/* SPDX-License-Identifier: MIT */
#include "inf/append.h"
#include "inf/parser.h"
#include "inf/strings.h"
#include "text/decode.h"
#include "unit.h"

struct file {
    struct source source;
    struct inf_document document;
    const struct inf_strings *strings;
};

static void parse(struct arena *arena, struct str raw, struct file *out)
{
    struct decoded decoded;
    uint32_t n;

    assert_int_equal(decode_bytes(arena, raw, 0, NULL, &decoded), INFSCAN_OK);
    assert_true(source_init(&out->source, arena, raw, decoded.text));
    assert_int_equal(
        inf_parse(arena, &out->source, &limits_default, NULL, &out->document),
        INFSCAN_OK);
    assert_int_equal(inf_strings_list(arena, &out->document, &out->strings, &n),
                     INFSCAN_OK);
}

static const char first_text[] =
    "[Version]\na=1\n[S]\nk=%x%\n[Strings]\nx=one\n";
static const char second_text[] =
    "[Version]\nb=2\n[s]\nk=%x%\n[T]\nm=%x%\n[Strings]\nx=two\n[Strings.0409]\n"
    "x=three\n";

static void test_sections_are_joined(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct file first;
    struct file second;
    struct inf_document all;

    (void)state;
    parse(arena, STR(first_text), &first);
    parse(arena, STR(second_text), &second);
    const struct inf_document *others[] = {&second.document};
    assert_true(inf_append(arena, &first.document, others, 1, &all));
    assert_int_equal(all.n_sections, 4);
    const struct inf_section *section = inf_document_find(&all, STR("S"));
    assert_int_equal(section->n_lines, 2);
    assert_int_equal(section - all.sections,
                     inf_document_find(&first.document, STR("S")) -
                         first.document.sections);
    uint32_t second_line = inf_document_next(&all, section->first);
    assert_int_equal(inf_line_section(&all, &all.lines[second_line]),
                     section - all.sections);
    assert_int_equal(inf_document_next(&all, second_line), INF_NONE);
    /* each file has its own [Version] and [Strings] */
    assert_int_equal(inf_document_find(&all, STR("Version"))->n_lines, 1);
    assert_int_equal(inf_document_find(&all, STR("Strings"))->n_lines, 1);
    assert_null(inf_document_find(&all, STR("Strings.0409")));
    /* what was there is as before */
    assert_int_equal(inf_document_find(&first.document, STR("S"))->n_lines, 1);
    assert_null(inf_document_find(&first.document, STR("T")));
    arena_free(arena);
}

static void test_each_line_has_the_strings_of_its_file(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct file first;
    struct file second;
    struct inf_document all;

    (void)state;
    parse(arena, STR(first_text), &first);
    parse(arena, STR(second_text), &second);
    const struct inf_document *others[] = {&second.document};
    assert_true(inf_append(arena, &first.document, others, 1, &all));
    const struct inf_strings *strings[] = {&second.strings[0]};
    struct inf_expander expander = {.arena = arena,
                                    .strings = &first.strings[0],
                                    .others = strings,
                                    .n_others = 1,
                                    .max_bytes = 100};
    const struct inf_section *section = inf_document_find(&all, STR("S"));
    assert_str(
        slice_str(inf_expand(
            &expander, inf_line_field(&all, &all.lines[section->first], 0))),
        "one");
    assert_str(
        slice_str(inf_expand(
            &expander,
            inf_line_field(
                &all, &all.lines[inf_document_next(&all, section->first)], 0))),
        "two");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_are_joined),
        cmocka_unit_test(test_each_line_has_the_strings_of_its_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
