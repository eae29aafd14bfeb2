/* SPDX-License-Identifier: MIT */
#include "peeling.h"

static void test_the_budget_is_spent_once(void **state)
{
    struct peeling peeling = peeling_begin("x");
    struct peel *peel = &peeling.peel;

    (void)state;
    peel->steps_left = 3;
    assert_true(peel_spend(peel, 16)); /* two steps */
    assert_false(peel_spend(peel, 16));
    assert_int_equal(peel->steps_left, 0);
    assert_int_equal(peel->hit, 1u << LIMIT_peel_steps);
    peeling_end(&peeling);
}

static void test_depth_and_size_are_told(void **state)
{
    struct peeling peeling = peeling_begin("x");
    struct peel *peel = &peeling.peel;

    (void)state;
    assert_true(peel_may_nest(peel, 3, 4));
    assert_true(peel_fits(peel, peel->max_bytes));
    assert_int_equal(peel->hit, 0);
    assert_false(peel_may_nest(peel, 4, 4));
    assert_int_equal(peel->hit, 1u << LIMIT_peel_depth);
    assert_false(peel_fits(peel, peel->max_bytes + (uint64_t)1));
    assert_int_equal(peel->hit,
                     1u << LIMIT_peel_depth | 1u << LIMIT_layer_bytes);
    peeling_end(&peeling);
}

static void test_a_layer_is_noted_once(void **state)
{
    struct peeling peeling = peeling_begin("  abc  abc");
    struct peel *peel = &peeling.peel;

    (void)state;
    peel->max_layers = 3;
    peel_add(peel, "a", slice_sub(peeling.command, 0, 6), NULL);
    peel_add(peel, "b", slice_sub(peeling.command, 7, 3), NULL);
    peel_add(peel, "c", slice_sub(peeling.command, 0, 2), NULL); /* blank */
    assert_int_equal(peel->layers.n, 1);
    assert_text(peel->layers.items[0].text, "abc");
    peel_add(peel, "b", slice_sub(peeling.command, 7, 3), "why");
    assert_string_equal(peel->layers.items[1].gave_up, "why");
    peel_add(peel, "d", slice_sub(peeling.command, 7, 2), NULL);
    peel_add(peel, "e", slice_sub(peeling.command, 7, 1), NULL);
    assert_int_equal(peel->layers.n, 3);
    assert_int_equal(peel->hit, 1u << LIMIT_layers);
    peeling_end(&peeling);
}

static void test_rewriting(void **state)
{
    struct peeling peeling = peeling_begin("one two three");
    struct slice command = peeling.command;
    struct rewrite out;

    (void)state;
    rewrite_init(&out, &peeling.peel, command);
    rewrite_put(&out, 4, 3, slice_sub(command, 4, 3)); /* the same */
    assert_ptr_equal(rewrite_finish(&out).text, command.text);
    rewrite_init(&out, &peeling.peel, command);
    rewrite_put_str(&out, 0, 3, STR("1"));
    rewrite_put(&out, 4, 3, slice_sub(command, 8, 5));
    assert_text(rewrite_finish(&out), "1 three three");
    peeling.peel.max_bytes = 4;
    rewrite_init(&out, &peeling.peel, command);
    rewrite_put_str(&out, 0, 3, STR("1"));
    assert_ptr_equal(rewrite_finish(&out).text, command.text);
    assert_int_equal(peeling.peel.hit, 1u << LIMIT_layer_bytes);
    peeling_end(&peeling);
}

static void test_variables(void **state)
{
    struct peeling peeling = peeling_begin("name NAME one two");
    struct slice command = peeling.command;
    struct slice value;

    (void)state;
    assert_false(peel_get(&peeling.peel, STR("name"), &value));
    peel_set(&peeling.peel, slice_sub(command, 0, 4),
             slice_sub(command, 10, 3));
    assert_variable(&peeling.peel, "Name", "one");
    peel_set(&peeling.peel, slice_sub(command, 5, 4),
             slice_sub(command, 14, 3));
    assert_variable(&peeling.peel, "name", "two");
    peel_set(&peeling.peel, slice_sub(command, 0, 4), SLICE_NONE);
    assert_false(peel_get(&peeling.peel, STR("name"), &value));
    assert_string_equal(peel_default(STR("os")), "Windows_NT");
    assert_null(peel_default(STR("nowhere")));
    peeling_end(&peeling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_budget_is_spent_once),
        cmocka_unit_test(test_depth_and_size_are_told),
        cmocka_unit_test(test_a_layer_is_noted_once),
        cmocka_unit_test(test_rewriting),
        cmocka_unit_test(test_variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
