/* SPDX-License-Identifier: MIT */
#include "rules/score.h"
#include "unit.h"

static struct rule rule(enum infscan_severity severity, uint32_t score)
{
    return (struct rule){
        .info = {.id = "t.t", .severity = severity, .score = score}};
}

static struct score score(struct finding *items, uint32_t n,
                          const struct install *install, limit_set limits)
{
    struct findings findings = {.items = items, .n = n};

    return score_findings(&findings, install, limits);
}

static const struct install nothing = {.n_actions = 0};

static void test_nothing_is_clean(void **state)
{
    (void)state;
    struct score out = score(NULL, 0, &nothing, 0);
    assert_int_equal(out.points, 0);
    assert_int_equal(out.verdict, INFSCAN_CLEAN);
}

static void test_thresholds(void **state)
{
    static const struct {
        uint32_t points;
        enum infscan_verdict verdict;
    } rows[] = {{29, INFSCAN_CLEAN},
                {30, INFSCAN_SUSPICIOUS},
                {69, INFSCAN_SUSPICIOUS},
                {70, INFSCAN_MALICIOUS},
                {100, INFSCAN_MALICIOUS}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rule high = rule(INFSCAN_HIGH, rows[i].points);
        struct finding finding = {.rule = &high, .action = INFSCAN_NO_INDEX};
        struct score out = score(&finding, 1, &nothing, 0);
        assert_int_equal(out.points, rows[i].points);
        assert_int_equal(out.verdict, rows[i].verdict);
        assert_int_equal(finding.score, rows[i].points);
    }
}

static void test_small_things_do_not_add_up(void **state)
{
    struct rule low = rule(INFSCAN_LOW, 20);
    struct rule info = rule(INFSCAN_INFO, 20);
    struct rule medium = rule(INFSCAN_MEDIUM, 60);
    struct rule high = rule(INFSCAN_HIGH, 10);
    struct finding items[] = {
        {.rule = &low, .action = INFSCAN_NO_INDEX},
        {.rule = &info, .action = INFSCAN_NO_INDEX},
        {.rule = &medium, .action = INFSCAN_NO_INDEX},
        {.rule = &high, .action = INFSCAN_NO_INDEX},
    };

    (void)state;
    assert_int_equal(score(items, 2, &nothing, 0).points, 25);
    assert_int_equal(score(items, 3, &nothing, 0).points, 65);
    assert_int_equal(score(items, 4, &nothing, 0).points, 75);
}

static void test_repetitions_add_nothing(void **state)
{
    struct rule high = rule(INFSCAN_HIGH, 40);
    struct finding items[] = {
        {.rule = &high, .action = INFSCAN_NO_INDEX},
        {.rule = &high, .action = INFSCAN_NO_INDEX, .repeated = true},
    };

    (void)state;
    assert_int_equal(score(items, 2, &nothing, 0).points, 40);
    assert_int_equal(items[1].score, 0);
}

static void test_reach_weighs(void **state)
{
    static const struct {
        enum reach reach;
        uint32_t points;
        enum infscan_verdict verdict;
    } rows[] = {{REACH_LAUNCHER, 75, INFSCAN_MALICIOUS},
                {REACH_NAMED, 52, INFSCAN_SUSPICIOUS},
                {REACH_REMOVAL, 52, INFSCAN_SUSPICIOUS},
                {REACH_NONE, 37, INFSCAN_SUSPICIOUS}};
    struct rule critical = rule(INFSCAN_CRITICAL, 75);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct action action = {.reach = rows[i].reach};
        struct install install = {.actions = &action, .n_actions = 1};
        struct finding finding = {.rule = &critical, .action = 0};
        struct score out = score(&finding, 1, &install, 0);
        assert_int_equal(out.points, rows[i].points);
        assert_int_equal(out.verdict, rows[i].verdict);
    }
}

static void test_unreached_code_does_not_add_up(void **state)
{
    struct rule critical = rule(INFSCAN_CRITICAL, 60);
    struct rule high = rule(INFSCAN_HIGH, 60);
    struct action action = {.reach = REACH_NAMED};
    struct install install = {.actions = &action, .n_actions = 1};
    struct finding items[] = {{.rule = &critical, .action = 0},
                              {.rule = &high, .action = 0}};

    (void)state;
    struct score out = score(items, 2, &install, 0);
    assert_int_equal(out.points, 65);
    assert_int_equal(out.verdict, INFSCAN_SUSPICIOUS);
    critical.info.score = 100;
    assert_int_equal(score(items, 2, &install, 0).points, 70);
}

static void test_critical_alone_is_malicious(void **state)
{
    struct rule critical = rule(INFSCAN_CRITICAL, 10);
    struct action action = {.reach = REACH_LAUNCHER};
    struct install install = {.actions = &action, .n_actions = 1};
    struct finding finding = {.rule = &critical, .action = 0};

    (void)state;
    assert_int_equal(score(&finding, 1, &install, 0).points, 70);
    action.reach = REACH_NAMED;
    assert_int_equal(score(&finding, 1, &install, 0).points, 7);
}

static void test_a_limit_is_never_clean(void **state)
{
    struct finding finding = {.rule = NULL, .action = INFSCAN_NO_INDEX};
    struct score out = score(&finding, 1, &nothing, 1u << LIMIT_layers);

    (void)state;
    assert_int_equal(out.verdict, INFSCAN_SUSPICIOUS);
    assert_int_equal(out.points, 30);
    assert_int_equal(finding.score, 30);
}

static void test_the_sum_stops_at_100(void **state)
{
    struct rule critical = rule(INFSCAN_CRITICAL, 100);
    struct rule high = rule(INFSCAN_HIGH, 100);
    struct finding items[] = {{.rule = &critical, .action = INFSCAN_NO_INDEX},
                              {.rule = &high, .action = INFSCAN_NO_INDEX}};

    (void)state;
    assert_int_equal(score(items, 2, &nothing, 0).points, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_clean),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_small_things_do_not_add_up),
        cmocka_unit_test(test_repetitions_add_nothing),
        cmocka_unit_test(test_reach_weighs),
        cmocka_unit_test(test_unreached_code_does_not_add_up),
        cmocka_unit_test(test_critical_alone_is_malicious),
        cmocka_unit_test(test_a_limit_is_never_clean),
        cmocka_unit_test(test_the_sum_stops_at_100),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
