/* SPDX-License-Identifier: MIT */
#include "text/text.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct str raw;
    const struct text *file;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    struct text_builder builder;

    fixture.arena = arena_new(SIZE_MAX);
    fixture.raw = STR("key = value ; comment");
    text_build_init(&builder, fixture.arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, fixture.raw, 0);
    fixture.file = text_build_finish(&builder);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    arena_free(fixture->arena);
    return 0;
}

static void test_a_plain_file_is_one_piece_and_no_copy(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(fixture->file->n_pieces, 1);
    assert_ptr_equal(fixture->file->bytes.bytes, fixture->raw.bytes);
    assert_true(text_is_sound(fixture->file, fixture->raw));
}

static void test_neighbouring_copies_coalesce(void **state)
{
    struct fixture *fixture = *state;
    struct text_builder builder;
    struct slice all = slice_all(fixture->file);

    text_build_init(&builder, fixture->arena, TEXT_UNQUOTE, SIZE_MAX);
    text_build_copy(&builder, slice_sub(all, 0, 3));
    text_build_copy(&builder, slice_sub(all, 3, 3));
    text_build_copy(&builder, slice_sub(all, 10, 2));
    const struct text *text = text_build_finish(&builder);
    assert_str(text->bytes, "key = e ");
    assert_int_equal(text->n_pieces, 2);
    assert_true(text_is_sound(text, fixture->raw));
}

static void test_a_fold_keeps_whole_units(void **state)
{
    struct fixture *fixture = *state;
    struct text_builder builder;
    struct slice all = slice_all(fixture->file);

    text_build_init(&builder, fixture->arena, TEXT_PEEL, SIZE_MAX);
    /* seven bytes out of ten characters, as base64 would give them */
    text_build_fold(&builder, STR("ABCDEFG"), slice_sub(all, 0, 10), 3, 4);
    const struct text *text = text_build_finish(&builder);
    assert_int_equal(text->n_pieces, 2);
    assert_int_equal(text->pieces[1].at, 6);
    assert_int_equal(text->pieces[1].from, 8);
    assert_int_equal(text_kind(text, 1)->out_unit, 1);
    assert_int_equal(text_kind(text, 1)->in_unit, 2);
    assert_true(text_is_sound(text, fixture->raw));
}

static void test_an_opaque_fold_is_not_a_copy(void **state)
{
    struct fixture *fixture = *state;
    struct text_builder builder;
    struct slice all = slice_all(fixture->file);

    text_build_init(&builder, fixture->arena, TEXT_JOIN, SIZE_MAX);
    text_build_copy(&builder, slice_sub(all, 0, 1));
    text_build_fold(&builder, STR("#"), slice_sub(all, 1, 1), 0, 0);
    text_build_copy(&builder, slice_sub(all, 2, 1));
    const struct text *text = text_build_finish(&builder);
    assert_str(text->bytes, "k#y");
    assert_int_equal(text->n_pieces, 3);
    assert_true(text_is_sound(text, fixture->raw));
}

static void test_fails_stickily_at_its_maximum(void **state)
{
    struct fixture *fixture = *state;
    struct text_builder builder;

    text_build_init(&builder, fixture->arena, TEXT_JOIN, 5);
    text_build_copy(&builder, slice_all(fixture->file));
    text_build_copy(&builder, slice_sub(slice_all(fixture->file), 0, 1));
    assert_true(builder.too_large);
    assert_null(text_build_finish(&builder));
}

static void test_fails_when_the_arena_is_full(void **state)
{
    struct fixture *fixture = *state;
    struct arena *small = arena_new(64);
    struct text_builder builder;

    text_build_init(&builder, small, TEXT_JOIN, SIZE_MAX);
    for (int i = 0; i < 20; i++) {
        text_build_copy(&builder, slice_all(fixture->file));
    }
    assert_true(builder.failed);
    assert_false(builder.too_large);
    assert_null(text_build_finish(&builder));
    arena_free(small);
}

static void test_unsound_texts_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct piece_kind kind = {
        .origin = fixture->file, .out_unit = 1, .in_unit = 1, .copied = true};
    struct piece piece = {.at = 0, .from = 1};
    struct text text = {STR("key"), &piece, &kind, 1, 1, TEXT_JOIN};

    assert_false(text_is_sound(&text, fixture->raw)); /* not those bytes */
    piece.from = 0;
    assert_true(text_is_sound(&text, fixture->raw));
    piece.at = 1; /* a gap at the start */
    assert_false(text_is_sound(&text, fixture->raw));
    piece.at = 0;
    piece.from = 20; /* beyond the origin */
    assert_false(text_is_sound(&text, fixture->raw));
    piece = (struct piece){0, 0, 1}; /* of no kind that is there */
    assert_false(text_is_sound(&text, fixture->raw));
}

static void test_slices_are_cut_to_what_is_there(void **state)
{
    struct fixture *fixture = *state;
    struct slice all = slice_all(fixture->file);

    assert_str(slice_str(slice_sub(all, 6, 5)), "value");
    assert_str(slice_str(slice_sub(all, 100, 5)), "");
    assert_str(slice_str(slice_trim(slice_sub(all, 5, 7))), "value");
    assert_str(slice_str(SLICE_NONE), "");
    assert_str(slice_str(slice_all(NULL)), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_a_plain_file_is_one_piece_and_no_copy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_neighbouring_copies_coalesce,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_fold_keeps_whole_units, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_an_opaque_fold_is_not_a_copy,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fails_stickily_at_its_maximum,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fails_when_the_arena_is_full,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unsound_texts_are_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_slices_are_cut_to_what_is_there,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
