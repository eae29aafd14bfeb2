/* SPDX-License-Identifier: MIT */
#include "inf/profile.h"
#include "text/decode.h"
#include "unit.h"

struct given {
    struct arena *arena;
    struct source source;
    struct diag_list diags;
    struct inf_document document;
};

static void parse(struct given *given, struct str raw)
{
    struct decoded decoded;

    given->arena = arena_new(SIZE_MAX);
    diag_list_init(&given->diags, given->arena, 1000);
    assert_int_equal(decode_bytes(given->arena, raw, 0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(source_init(&given->source, given->arena, raw, decoded.text));
    assert_int_equal(profile_parse(given->arena, &given->source,
                                   &limits_default, &given->diags,
                                   &given->document),
                     INFSCAN_OK);
}

/* Value of the first key of that name in the first section of that name. */
static struct str value_of(const struct given *given, struct str section_name,
                           struct str key)
{
    const struct inf_section *section =
        inf_document_find(&given->document, section_name);

    for (uint32_t i = section ? section->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(&given->document, i)) {
        const struct inf_line *line = &given->document.lines[i];
        if (str_equal_fold(slice_str(inf_line_key(&given->document, line)),
                           key)) {
            return inf_line_n_fields(&given->document, line)
                       ? slice_str(inf_line_field(&given->document, line, 0))
                       : STR("<none>");
        }
    }
    return STR("<missing>");
}

#define OPEN(given) value_of((given), STR("autorun"), STR("open"))

static void test_there_are_no_inline_comments(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[AutoRun]\nopen=a.exe -x ; y\n;open=c.exe\n"));
    assert_str(OPEN(&given), "a.exe -x ; y");
    assert_int_equal(given.document.n_lines, 1);
    arena_free(given.arena);
}

static void test_cr_ends_a_line(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[autorun]\ropen=a.exe\r"));
    assert_str(OPEN(&given), "a.exe");
    arena_free(given.arena);
}

static void test_ctrl_z_is_a_blank(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("junk\x1a\n\x1a[AUTORUN]\n oPEn = b.vbs\x1a\n"));
    assert_str(OPEN(&given), "b.vbs");
    arena_free(given.arena);
}

static void test_only_the_first_section_counts(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[autorun]\nicon=x\n[autorun]\nopen=e.exe\n"));
    assert_str(OPEN(&given), "<missing>");
    assert_int_equal(given.diags.of_code[DIAG_DUPLICATE_AUTORUN], 1);
    assert_int_equal(given.document.n_sections, 2);
    arena_free(given.arena);
}

static void test_headers(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[ autorun ]\nopen=\"a b.exe\"\n[x][y] z\nk='v'\n"));
    assert_str(OPEN(&given), "a b.exe");
    assert_str(value_of(&given, STR("x][y"), STR("k")), "v");
    arena_free(given.arena);
    parse(&given, STR("[other\nk=v\n"));
    assert_str(value_of(&given, STR("other"), STR("k")), "<missing>");
    arena_free(given.arena);
    /* published worms leave the bracket out, and are run */
    parse(&given, STR("[AUTorUN\nopen=e.exe\n"));
    assert_str(OPEN(&given), "e.exe");
    arena_free(given.arena);
    parse(&given, STR("[]\nk=v\n"));
    assert_str(value_of(&given, STR(""), STR("k")), "v");
    arena_free(given.arena);
}

static void test_nothing_is_continued_or_substituted(void **state)
{
    struct given given;

    (void)state;
    parse(&given, STR("[autorun]\nopen=a\\\nb.exe\nicon=%11%,4\nlabel\n"));
    assert_str(OPEN(&given), "a\\");
    assert_str(value_of(&given, STR("autorun"), STR("icon")), "%11%,4");
    assert_str(value_of(&given, STR("autorun"), STR("label")), "<none>");
    arena_free(given.arena);
}

static void test_mentions(void **state)
{
    (void)state;
    assert_true(profile_mentions_autorun(STR("x\n[ AUToRUN]")));
    assert_false(profile_mentions_autorun(STR("autorun [Version]")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_are_no_inline_comments),
        cmocka_unit_test(test_cr_ends_a_line),
        cmocka_unit_test(test_ctrl_z_is_a_blank),
        cmocka_unit_test(test_only_the_first_section_counts),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_nothing_is_continued_or_substituted),
        cmocka_unit_test(test_mentions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
