/* SPDX-License-Identifier: MIT */
#include "text/diag.h"
#include "unit.h"

static void test_codes_are_unique_and_in_order(void **state)
{
    (void)state;
    for (enum diag_code code = 0; code < N_DIAGS; code++) {
        const struct diag_info *info = diag_info(code);
        char expected[16];
        snprintf(expected, sizeof expected, "INF%04u", (unsigned)code + 1);
        assert_string_equal(info->code, expected);
        assert_true(strlen(info->message) > 5 && strlen(info->why) > 5 &&
                    strlen(info->source) > 5);
    }
    assert_ptr_equal(diag_find(STR("inf0012")),
                     diag_info(DIAG_TEXT_BEFORE_SECTION));
    assert_null(diag_find(STR("INF9999")));
}

static void test_keeps_a_bounded_number(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct diag_list diags;

    (void)state;
    diag_list_init(&diags, arena, 30);
    for (uint32_t i = 0; i < 1000; i++) {
        diag_add(&diags, DIAG_NUL, (struct slice){NULL, i, 1});
    }
    assert_int_equal(diags.list.n, DIAG_MAX_OF_ONE_CODE);
    assert_int_equal(diags.list.n + diags.dropped, 1000);
    diag_add(&diags, DIAG_LONE_CR, SLICE_NONE);
    assert_int_equal(diags.list.items[diags.list.n - 1].code, DIAG_LONE_CR);
    for (uint32_t i = 0; i < 100; i++) {
        diag_add(&diags, (enum diag_code)(i % N_DIAGS),
                 (struct slice){NULL, i, 2});
    }
    assert_int_equal(diags.list.n, 30);
    diag_add(NULL, DIAG_NUL, SLICE_NONE);
    arena_free(arena);
}

static void test_a_place_is_noted_once(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct diag_list diags;

    (void)state;
    diag_list_init(&diags, arena, 30);
    for (uint32_t i = 0; i < 10; i++) {
        diag_add(&diags, DIAG_STRING_UNDEFINED, (struct slice){NULL, 7, 2});
        diag_add(&diags, DIAG_DIRID_REDEFINED, (struct slice){NULL, 7, 2});
    }
    diag_add(&diags, DIAG_STRING_UNDEFINED, (struct slice){NULL, 8, 2});
    assert_int_equal(diags.list.n, 3);
    assert_int_equal(diags.dropped, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_unique_and_in_order),
        cmocka_unit_test(test_keeps_a_bounded_number),
        cmocka_unit_test(test_a_place_is_noted_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
