/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "install/flag.h"
#include "unit.h"

static void a_bit_has_a_word_of_its_group(void **state)
{
    (void)state;
    assert_string_equal(flag_word(FLAGS_COPY, 0x10), "no-overwrite");
    assert_string_equal(flag_word(FLAGS_SERVICE, 0x800), "started-at-once");
    assert_string_equal(flag_word(FLAGS_REGISTRY, 0x2), "only-if-absent");
    assert_string_equal(flag_word(FLAGS_DELETE, 0x10000), "in-use-at-restart");
}

static void other_bits_have_none(void **state)
{
    (void)state;
    assert_null(flag_word(FLAGS_COPY, 0x800000));
    assert_null(flag_word(FLAGS_REGISTRY, 0x10000)); /* says a type */
    assert_null(flag_word(FLAGS_SERVICE, 0x803));    /* two bits */
}

static void every_group_has_words_that_fit_a_list(void **state)
{
    (void)state;
    for (unsigned group = 0; group < N_FLAG_GROUPS; group++) {
        unsigned n = 0;
        for (uint32_t bit = 1; bit; bit <<= 1) {
            const char *word = flag_word((enum flag_group)group, bit);
            if (word) {
                assert_true(flag_is_word(str_from(word)));
                assert_null(strchr(word, ','));
                n++;
            }
        }
        assert_true(n > 0);
    }
}

static void a_word_is_known_as_it_is_written(void **state)
{
    (void)state;
    assert_true(flag_is_word(STR("only-if-absent")));
    assert_false(flag_is_word(STR("only-if")));
    assert_false(flag_is_word(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bit_has_a_word_of_its_group),
        cmocka_unit_test(other_bits_have_none),
        cmocka_unit_test(a_word_is_known_as_it_is_written),
        cmocka_unit_test(every_group_has_words_that_fit_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
