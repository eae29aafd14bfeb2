/* SPDX-License-Identifier: MIT */
#include "inf/parser.h"
#include "install/decoration.h"
#include "text/decode.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct source source;
    struct inf_document document;
    struct name_tails tails;
};

static struct name_finder finder_of(const struct fixture *fixture)
{
    return (struct name_finder){&fixture->document, &fixture->tails,
                                fixture->arena};
}

static void open_inf(struct fixture *fixture, const char *text)
{
    struct decoded decoded;

    fixture->arena = arena_new(SIZE_MAX);
    assert_int_equal(decode_as(fixture->arena, str_from(text), ENCODING_ANSI, 0,
                               0, NULL, &decoded),
                     INFSCAN_OK);
    assert_true(source_init(&fixture->source, fixture->arena, str_from(text),
                            decoded.text));
    assert_int_equal(inf_parse(fixture->arena, &fixture->source,
                               &limits_default, NULL, &fixture->document),
                     INFSCAN_OK);
    decoration_read_tails(&fixture->document, &fixture->tails);
}

static struct str name_of(const struct fixture *fixture, uint32_t section)
{
    return slice_str(fixture->document.sections[section].name);
}

static void each_target_takes_the_closest_form(void **state)
{
    struct fixture fixture;
    struct decorated out[DECORATION_MAX_FORMS];

    (void)state;
    open_inf(&fixture, "[I]\nk=1\n[I.NT]\nk=2\n[i.ntAMD64]\nk=3\n");
    unsigned n = decoration_select(finder_of(&fixture), STR("I"), out);
    assert_int_equal(n, 2);
    assert_str(name_of(&fixture, out[0].section), "i.ntAMD64");
    assert_int_equal(out[0].targets, INFSCAN_TARGET_AMD64);
    assert_str(name_of(&fixture, out[1].section), "I.NT");
    assert_int_equal(out[1].targets, INFSCAN_TARGET_X86 | INFSCAN_TARGET_ARM64);
    arena_free(fixture.arena);
}

static void a_name_without_any_form_is_nothing(void **state)
{
    struct fixture fixture;
    struct decorated out[DECORATION_MAX_FORMS];

    (void)state;
    open_inf(&fixture, "[I.NTia64]\nk=1\n");
    assert_int_equal(decoration_select(finder_of(&fixture), STR("I"), out), 0);
    assert_int_equal(decoration_forms(finder_of(&fixture), STR("I"), out), 0);
    arena_free(fixture.arena);
}

static void all_forms_are_listed_the_plain_one_first(void **state)
{
    struct fixture fixture;
    struct decorated out[DECORATION_MAX_FORMS];

    (void)state;
    open_inf(&fixture, "[I.NTarm64]\nk=1\n[I]\nk=1\n");
    unsigned n = decoration_forms(finder_of(&fixture), STR("I"), out);
    assert_int_equal(n, 2);
    assert_str(name_of(&fixture, out[0].section), "I");
    assert_int_equal(out[0].targets, INFSCAN_TARGET_ALL);
    assert_int_equal(out[1].targets, INFSCAN_TARGET_ARM64);
    arena_free(fixture.arena);
}

static void suffixes_tell_targets(void **state)
{
    (void)state;
    assert_int_equal(decoration_targets(STR("A.ntx86")), INFSCAN_TARGET_X86);
    assert_int_equal(decoration_targets(STR("A.NT")), INFSCAN_TARGET_ALL);
    assert_int_equal(decoration_targets(STR("A")), INFSCAN_TARGET_ALL);
    assert_int_equal(decoration_targets(STR("A.NTia64")), 0);
    assert_true(decoration_has_architecture(STR("A.NTamd64")));
    assert_false(decoration_has_architecture(STR("A.NT")));
}

static void models_without_architecture_are_for_x86(void **state)
{
    (void)state;
    assert_int_equal(decoration_models_targets(STR("")), INFSCAN_TARGET_X86);
    assert_int_equal(decoration_models_targets(STR("NT.5.1")),
                     INFSCAN_TARGET_X86);
    assert_int_equal(decoration_models_targets(STR("NTamd64.10.0...14310")),
                     INFSCAN_TARGET_AMD64);
    assert_int_equal(decoration_models_targets(STR(" ntARM64 ")),
                     INFSCAN_TARGET_ARM64);
    assert_int_equal(decoration_models_targets(STR("NTia64")), 0);
    assert_int_equal(decoration_models_targets(STR("Mac")), 0);
}

static void a_suffix_is_found_behind_a_name(void **state)
{
    struct fixture fixture;

    (void)state;
    open_inf(&fixture, "[I]\nk=1\n[I.Services]\nk=1\n");
    assert_int_equal(
        decoration_find(finder_of(&fixture), STR("i"), ".services"), 1);
    assert_int_equal(decoration_find(finder_of(&fixture), STR("i"), ".HW"),
                     INF_NONE);
    arena_free(fixture.arena);
}

/* The tails tell most names that are not there, and none that is. */
static void no_name_is_lost_by_its_tail(void **state)
{
    struct fixture fixture;

    (void)state;
    open_inf(&fixture, "[a]\n[Ab]\n[ABC]\n[x.\xC9]\n[\xE9tat.NT]\n"
                       "[Long Name.NTAMD64]\n");
    assert_int_equal(fixture.document.n_sections, 6);
    for (uint32_t i = 0; i < 6; i++) {
        struct str name = name_of(&fixture, i);
        assert_int_equal(decoration_find(finder_of(&fixture), name, ""), i);
        for (size_t cut = 0; cut < name.len; cut++) {
            char suffix[32] = "";
            memcpy(suffix, name.bytes + cut, name.len - cut);
            assert_int_equal(decoration_find(finder_of(&fixture),
                                             str_sub(name, 0, cut), suffix),
                             i);
        }
    }
    assert_int_equal(
        decoration_find(finder_of(&fixture), STR("LONG"), " nAME.ntamd64"), 5);
    assert_int_equal(
        decoration_find(finder_of(&fixture), STR("\xC3\x89TAT"), ".nt"), 4);
    assert_int_equal(
        decoration_find(finder_of(&fixture), STR("X"), ".\xC3\xA9"), 3);
    fixture.tails = (struct name_tails){.is_known = false};
    assert_int_equal(decoration_find(finder_of(&fixture), STR("a"), "B"), 1);
    arena_free(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_target_takes_the_closest_form),
        cmocka_unit_test(a_name_without_any_form_is_nothing),
        cmocka_unit_test(all_forms_are_listed_the_plain_one_first),
        cmocka_unit_test(suffixes_tell_targets),
        cmocka_unit_test(models_without_architecture_are_for_x86),
        cmocka_unit_test(a_suffix_is_found_behind_a_name),
        cmocka_unit_test(no_name_is_lost_by_its_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
