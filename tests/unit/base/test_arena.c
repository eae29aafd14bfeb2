/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/vec.h"
#include "unit.h"

static void test_hands_out_separate_objects(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    char *a = arena_alloc(arena, 1, 3);
    char *b = arena_alloc(arena, 1, 3);

    (void)state;
    memset(a, 'a', 3);
    memset(b, 'b', 3);
    assert_memory_equal(a, "aaa", 3);
    assert_int_equal((uintptr_t)b % sizeof(void *), 0);
    assert_non_null(arena_alloc(arena, 0, 8));
    arena_free(arena);
    arena_free(NULL);
}

static void test_fails_for_good_past_its_cap(void **state)
{
    struct arena *arena = arena_new(4096);

    (void)state;
    assert_non_null(arena_alloc(arena, 1, 1000));
    assert_null(arena_alloc(arena, 1, 4000));
    assert_true(arena_failed(arena));
    assert_null(arena_alloc(arena, 1, 1));
    arena_free(arena);
}

static void test_refuses_an_overflow(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    assert_null(arena_alloc(arena, SIZE_MAX / 2, 4));
    arena_free(arena);
}

static void test_rewinds(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    (void)state;
    arena_alloc(arena, 1, 100);
    struct arena_mark mark = arena_get_mark(arena);
    size_t used = arena_used(arena);
    for (int i = 0; i < 100; i++) {
        assert_non_null(arena_alloc(arena, 1, 10000));
    }
    arena_rewind(arena, mark);
    assert_int_equal(arena_used(arena), used);
    assert_non_null(arena_alloc(arena, 1, 100));
    arena_free(arena);
}

static void test_growing_keeps_what_was_there(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    size_t size = 16;
    char *bytes = arena_grow(arena, NULL, 0, size);

    (void)state;
    memset(bytes, 'x', size);
    for (int i = 0; i < 17; i++) { /* past what chunks hold */
        bytes = arena_grow(arena, bytes, size, size * 2);
        assert_non_null(bytes);
        assert_int_equal(bytes[size - 1], 'x');
        size *= 2;
        memset(bytes, 'x', size);
        arena_alloc(arena, 1, 8);
    }
    arena_free(arena);
}

static void test_a_large_object_leaves_nothing_behind(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    size_t size = (size_t)1 << 20;
    char *bytes = arena_alloc(arena, size, 1);

    (void)state;
    assert_non_null(bytes);
    bytes = arena_grow(arena, bytes, size, 4 * size);
    assert_non_null(bytes);
    assert_int_equal(arena_used(arena), 4 * size);
    assert_ptr_equal(arena_grow(arena, bytes, 4 * size, size), bytes);
    arena_free(arena);
}

static void test_growing_stops_at_the_cap(void **state)
{
    size_t size = (size_t)1 << 20;
    struct arena *arena = arena_new(3 * size);
    char *bytes = arena_alloc(arena, size, 1);

    (void)state;
    bytes = arena_grow(arena, bytes, size, 2 * size);
    assert_non_null(bytes);
    assert_null(arena_grow(arena, bytes, 2 * size, 4 * size));
    assert_true(arena_failed(arena));
    arena_free(arena);
}

static void test_rewinding_keeps_older_large_objects(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    size_t size = (size_t)1 << 20;
    char *old = arena_alloc(arena, size, 1);

    (void)state;
    memset(old, 'x', size);
    struct arena_mark mark = arena_get_mark(arena);
    assert_non_null(arena_alloc(arena, size, 1));
    old = arena_grow(arena, old, size, 2 * size);
    assert_non_null(old);
    arena_rewind(arena, mark);
    assert_int_equal(arena_used(arena), 2 * size);
    assert_int_equal(old[size - 1], 'x');
    assert_non_null(arena_alloc(arena, size, 1));
    arena_free(arena);
}

static void test_copies_with_a_nul(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct str copy = arena_copy(arena, STR("a\0b"));

    (void)state;
    assert_str(copy, "a\0b");
    assert_int_equal(copy.bytes[3], '\0');
    assert_string_equal(arena_copy_z(arena, STR("xy")), "xy");
    arena_free(arena);
}

static void test_vec_keeps_its_elements(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    VEC(uint32_t) vec = {0};

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(VEC_PUSH(arena, &vec, i));
        arena_alloc(arena, 1, i % 7); /* so that growing has to move */
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(vec.items[i], i);
    }
    arena_free(arena);
}

static void test_vec_reports_a_full_arena(void **state)
{
    struct arena *arena = arena_new(256);
    VEC(uint64_t) vec = {0};
    uint32_t n = 0;

    (void)state;
    while (VEC_PUSH(arena, &vec, n)) {
        n++;
        assert_true(n < 100);
    }
    assert_int_equal(vec.n, n);
    arena_free(arena);
}

static void test_deadline(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    assert_false(arena_is_late(arena)); /* none is set */
    arena_set_deadline(arena, 100000);
    assert_non_null(arena_alloc(arena, 1, 1 << 20));
    assert_false(arena_is_late(arena));
    assert_false(arena_failed(arena));
    arena_set_deadline(arena, 0);
    assert_null(arena_alloc(arena, 1, 1 << 20));
    assert_true(arena_is_late(arena));
    assert_true(arena_failed(arena));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_hands_out_separate_objects),
        cmocka_unit_test(test_fails_for_good_past_its_cap),
        cmocka_unit_test(test_refuses_an_overflow),
        cmocka_unit_test(test_rewinds),
        cmocka_unit_test(test_growing_keeps_what_was_there),
        cmocka_unit_test(test_a_large_object_leaves_nothing_behind),
        cmocka_unit_test(test_growing_stops_at_the_cap),
        cmocka_unit_test(test_rewinding_keeps_older_large_objects),
        cmocka_unit_test(test_copies_with_a_nul),
        cmocka_unit_test(test_vec_keeps_its_elements),
        cmocka_unit_test(test_vec_reports_a_full_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
