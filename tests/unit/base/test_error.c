/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/limits.h"
#include "unit.h"

static void test_says_where(void **state)
{
    struct infscan_error error = {0};

    (void)state;
    assert_int_equal(
        error_set_at(&error, INFSCAN_INVALID, "a.yml", 3, 5, "bad %s", "key"),
        INFSCAN_INVALID);
    assert_string_equal(error.message, "bad key");
    assert_string_equal(error.file, "a.yml");
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 5);
    error_set(&error, INFSCAN_IO, "other");
    assert_string_equal(error.message, "other");
    assert_null(error.file);
    infscan_error_clear(&error);
    assert_null(error.message);
    infscan_error_clear(NULL);
    assert_int_equal(error_set(NULL, INFSCAN_LIMIT, "x"), INFSCAN_LIMIT);
}

static void test_every_limit_has_a_name_and_a_value(void **state)
{
    (void)state;
    for (enum limit limit = 0; limit < N_LIMITS; limit++) {
        assert_true(limits_default.value[limit] > 0);
        assert_true(strlen(limit_name(limit)) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_where),
        cmocka_unit_test(test_every_limit_has_a_name_and_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
