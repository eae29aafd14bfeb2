/* SPDX-License-Identifier: MIT */
#include "base/map.h"
#include "unit.h"

static void test_ignores_case_and_keeps_the_first(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct map map = {0};

    (void)state;
    assert_int_equal(map_get(&map, STR("a")), MAP_NONE);
    assert_int_equal(map_put(&map, arena, STR("Version"), 1), 1);
    assert_int_equal(map_put(&map, arena, STR("VERSION"), 2), 1);
    assert_int_equal(map_put(&map, arena, STR("\xC3\x84"), 3), 3);
    assert_int_equal(map_get(&map, STR("version")), 1);
    assert_int_equal(map_get(&map, STR("\xC3\xA4")), 3);
    assert_int_equal(map_put(&map, arena, STR(""), 4), 4);
    assert_int_equal(map_get(&map, STR("")), 4);
    arena_free(arena);
}

static void test_ignores_case_in_any_place(void **state)
{
    static const struct str names[][2] = {
        {{"default.ntamd64", 15}, {"DEFAULT.NTAMD64", 15}},
        {{"default.", 8}, {"Default.", 8}},
        {{"abcdefg\xC3\xA4", 9}, {"ABCDEFG\xC3\x84", 9}},
        {{"abcdef\xC3\xA4hi", 10}, {"ABCDEF\xC3\x84HI", 10}},
        {{"\xC3\xA4"
          "abcdefghijkl",
          14},
         {"\xC3\x84"
          "ABCDEFGHIJKL",
          14}},
        {{"a\0", 2}, {"A\0", 2}},
        {{"a", 1}, {"A", 1}},
    };
    struct arena *arena = arena_new(SIZE_MAX);
    struct map map = {0};

    (void)state;
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(map_put(&map, arena, names[i][0], i), i);
    }
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(map_get(&map, names[i][1]), i);
    }
    arena_free(arena);
}

static void test_keeps_bad_bytes_apart(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct map map = {0};

    (void)state;
    map_put(&map, arena, STR("\xFF"), 1);
    map_put(&map, arena, STR("\xFE"), 2);
    assert_int_equal(map_get(&map, STR("\xFE")), 2);
    arena_free(arena);
}

static void test_holds_many(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct map map = {0};
    char name[16];

    (void)state;
    for (uint32_t i = 0; i < 5000; i++) {
        int len = snprintf(name, sizeof name, "name%u", i);
        struct str copy = arena_copy(arena, str_of(name, (size_t)len));
        assert_int_equal(map_put(&map, arena, copy, i), i);
    }
    assert_int_equal(map_get(&map, STR("NAME4321")), 4321);
    assert_int_equal(map_get(&map, STR("name5000")), MAP_NONE);
    arena_free(arena);
}

/* Names that differ in one byte alone, of each length: none is lost, and each
 * is found in capitals. */
static void test_tells_names_of_one_length_apart(void **state)
{
    enum {
        LONGEST = 40
    };
    struct arena *arena = arena_new(SIZE_MAX);
    struct map map = {0};
    char lower[LONGEST];
    char upper[LONGEST];
    uint32_t n = 0;

    (void)state;
    memset(lower, 'q', sizeof lower);
    memset(upper, 'Q', sizeof upper);
    for (size_t len = 1; len <= LONGEST; len++) {
        for (size_t at = 0; at < len; at++, n++) {
            lower[at] = 'x';
            struct str name = arena_copy(arena, str_of(lower, len));
            assert_int_equal(map_put(&map, arena, name, n), n);
            lower[at] = 'q';
        }
    }
    n = 0;
    for (size_t len = 1; len <= LONGEST; len++) {
        for (size_t at = 0; at < len; at++, n++) {
            upper[at] = 'X';
            assert_int_equal(map_get(&map, str_of(upper, len)), n);
            upper[at] = 'Q';
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ignores_case_and_keeps_the_first),
        cmocka_unit_test(test_ignores_case_in_any_place),
        cmocka_unit_test(test_keeps_bad_bytes_apart),
        cmocka_unit_test(test_holds_many),
        cmocka_unit_test(test_tells_names_of_one_length_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
