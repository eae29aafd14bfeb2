/* SPDX-License-Identifier: MIT */
#include <infscan/scanner.h>

#include "unit.h"

static void test_recognises_inf_in_any_encoding(void **state)
{
    static const struct str heads[] = {
        {"; c\r\n[Version]\r\n", 16},  {"\xFF\xFE[\0V\0]\0", 8},
        {"\xFE\xFF\0[\0V\0]", 8},      {"[\0V\0]\0\n\0", 8},
        {"\xEF\xBB\xBF  [V]", 8},      {"junk\x01\r[autorun]\r", 15},
        {"MZ\x90\0\n[autorun]\n", 15},
    };

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        assert_int_equal(infscan_looks_like_inf(heads[i].bytes, heads[i].len),
                         1);
    }
}

static void test_passes_over_the_rest(void **state)
{
    (void)state;
    assert_int_equal(infscan_looks_like_inf("", 0), 0);
    assert_int_equal(infscan_looks_like_inf("int main(void)\n", 15), 0);
    assert_int_equal(infscan_looks_like_inf("[no end\n]", 9), 0);
    assert_int_equal(infscan_looks_like_inf("\x7f"
                                            "ELF\n[a]\n",
                                            9),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recognises_inf_in_any_encoding),
        cmocka_unit_test(test_passes_over_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
