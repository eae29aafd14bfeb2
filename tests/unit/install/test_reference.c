/* SPDX-License-Identifier: MIT */
#include "install/reference.h"
#include "unit.h"

static void names_are_found(void **state)
{
    enum topic_kind kind;
    size_t row;

    (void)state;
    assert_true(reference_find(STR("addREG"), &kind, &row));
    assert_int_equal(kind, TOPIC_DIRECTIVE);
    assert_str(reference_name(kind, row), "AddReg");
    assert_true(reference_find(STR("InstallHinfSection"), &kind, &row));
    assert_int_equal(kind, TOPIC_WAY);
    assert_true(reference_find(STR("CustomEvent"), &kind, &row));
    assert_int_equal(kind, TOPIC_KEY);
    assert_true(reference_find(STR("GuiRunOnce"), &kind, &row));
    assert_int_equal(kind, TOPIC_OTHER);
    assert_false(reference_find(STR("AddReg,"), &kind, &row));
    assert_false(reference_find(STR(""), &kind, &row));
}

static void every_row_says_what_it_does_and_where_that_is_from(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct reference_topic topic;

    (void)state;
    for (unsigned kind = 0; kind < N_TOPIC_KINDS; kind++) {
        size_t n = reference_count((enum topic_kind)kind);
        assert_true(n > 5);
        for (size_t i = 0; i < n; i++) {
            assert_true(
                reference_topic((enum topic_kind)kind, i, arena, &topic));
            assert_true(topic.name.len > 0);
            assert_true(topic.effect.len > 10);
            assert_true(topic.source.len > 3);
            assert_true(topic.n_facts <= REFERENCE_MAX_FACTS);
        }
    }
    arena_free(arena);
}

static void facts_come_from_the_tables(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct reference_topic topic;
    enum topic_kind kind;
    size_t row;

    (void)state;
    assert_true(reference_find(STR("DelService"), &kind, &row));
    assert_true(reference_topic(kind, row, arena, &topic));
    assert_string_equal(topic.facts[0].label, "Launchers");
    assert_string_equal(topic.facts[1].label, "Stands in");
    assert_str(topic.facts[0].text, "setupapi, pnp, named-section");
    assert_str(topic.facts[1].text, ".Services");
    assert_string_equal(topic.facts[5].label, "Flags that records name");
    assert_str(topic.facts[5].text,
               "event-log-entry-deleted (0x4), stopped-first (0x200)");
    arena_free(arena);
}

static void a_launcher_tells_its_order_and_its_lines(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct reference_topic topic;
    enum topic_kind kind;
    size_t row;

    (void)state;
    assert_true(reference_find(STR("ie4uinit"), &kind, &row));
    assert_int_equal(kind, TOPIC_LAUNCHER);
    assert_true(reference_topic(kind, row, arena, &topic));
    assert_string_equal(topic.facts[3].label, "Order");
    assert_true(str_starts_fold(topic.facts[3].text, STR("BeginPrompt, ")));
    assert_string_equal(topic.facts[4].label, "Command lines");
    assert_str(topic.facts[4].text, "ie4uinit");
    arena_free(arena);
}

static void memory_that_runs_out_is_told(void **state)
{
    struct arena *arena = arena_new(1);
    struct reference_topic topic;

    (void)state;
    assert_false(reference_topic(TOPIC_DIRECTIVE, 0, arena, &topic));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(every_row_says_what_it_does_and_where_that_is_from),
        cmocka_unit_test(facts_come_from_the_tables),
        cmocka_unit_test(a_launcher_tells_its_order_and_its_lines),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
