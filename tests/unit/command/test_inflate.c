/* SPDX-License-Identifier: MIT */
#include "command/inflate.h"
#include "unit.h"

/* "abc" in one stored block, RFC 1951 3.2.4. */
#define STORED                                                                 \
    "\x01\x03\x00\xfc\xff"                                                     \
    "abc"

static struct peel peel_of(struct arena *arena, size_t max_bytes)
{
    struct peel peel = {.arena = arena,
                        .max_layers = 10,
                        .max_bytes = max_bytes,
                        .steps_left = 1000000};
    return peel;
}

static void stored_block_comes_out(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct peel peel = peel_of(arena, 4096);
    struct str out;

    (void)state;
    assert_true(inflate_bytes(&peel, STR(STORED), INFLATE_RAW, &out));
    assert_str(out, "abc");
    assert_int_equal(peel.hit, 0);
    arena_free(arena);
}

static void rubbish_and_nothing_fail(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct peel peel = peel_of(arena, 4096);
    struct str out;

    (void)state;
    assert_false(inflate_bytes(&peel, STR("\xff\xff"), INFLATE_RAW, &out));
    assert_false(inflate_bytes(&peel, STR(""), INFLATE_RAW, &out));
    assert_false(inflate_bytes(&peel, STR(STORED), INFLATE_GZIP, &out));
    arena_free(arena);
}

/* One fixed-code block, RFC 1951 3.2.6, bit by bit: final (1), its type (10),
 * literal 'a' (10010001), then over and over length 258 (11000101) at distance
 * 1 (00000). It has no end. */
static size_t bomb(char *to, size_t pairs)
{
    static const char head[] = "11010010001";
    static const char pair[] = "1100010100000";
    size_t n = 0;

    for (size_t i = 0; i < pairs * 13 + 11; i++) {
        char bit = i < 11 ? head[i] : pair[(i - 11) % 13];
        if (i % 8 == 0) {
            to[n++] = 0;
        }
        if (bit == '1') {
            to[n - 1] = (char)(to[n - 1] | (1 << (i % 8)));
        }
    }
    return n;
}

static void bomb_stops_at_its_limit(void **state)
{
    static char packed[4096];
    size_t n = bomb(packed, 2000); /* half a megabyte */
    struct arena *arena = arena_new(SIZE_MAX);
    struct peel peel = peel_of(arena, 65536);
    struct str out = {0};

    (void)state;
    assert_true(inflate_bytes(&peel, str_of(packed, n), INFLATE_RAW, &out));
    assert_true(out.len >= 258 && out.len <= 65536);
    for (size_t i = 0; i < out.len; i++) {
        assert_int_equal(out.bytes[i], 'a');
    }
    assert_int_equal(peel.hit, 1u << LIMIT_layer_bytes);
    assert_true(arena_used(arena) <= 4 * 65536);
    arena_free(arena);
}

static void budget_stops_the_work(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct peel peel = peel_of(arena, 4096);
    struct str out;

    (void)state;
    peel.steps_left = 0;
    assert_false(inflate_bytes(&peel, STR(STORED), INFLATE_RAW, &out));
    assert_int_equal(peel.hit, 1u << LIMIT_peel_steps);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_block_comes_out),
        cmocka_unit_test(rubbish_and_nothing_fail),
        cmocka_unit_test(bomb_stops_at_its_limit),
        cmocka_unit_test(budget_stops_the_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
