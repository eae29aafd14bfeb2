/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "unit.h"

static void test_grows(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 10000);
    for (int i = 0; i < 100; i++) {
        buf_add_format(&buf, "%02d", i);
    }
    assert_int_equal(buf.len, 200);
    assert_string_equal(buf.bytes + 194, "979899");
    assert_false(buf.failed);
    buf_deinit(&buf);
}

static void test_fails_stickily_at_its_maximum(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 4);
    buf_add_z(&buf, "abc");
    buf_add_z(&buf, "de");
    assert_true(buf.failed);
    buf_add_char(&buf, 'x');
    assert_str(buf_str(&buf), "abc");
    buf_clear(&buf);
    buf_add_z(&buf, "abcd");
    assert_false(buf.failed);
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows),
        cmocka_unit_test(test_fails_stickily_at_its_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
