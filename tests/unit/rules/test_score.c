/* SPDX-License-Identifier: MIT */
#include "rules/score.h"
#include "unit.h"

static struct rule rule(enum infscan_severity severity, uint32_t score)
{
    static const char *const ids[] = {"i.t", "l.t", "m.t", "h.t", "c.t"};

    return (struct rule){
        .info = {.id = ids[severity], .severity = severity, .score = score}};
}

static struct score score(struct finding *items, uint32_t n,
                          const struct install *install, limit_set limits)
{
    struct findings findings = {.items = items, .n = n};
    struct arena *arena = arena_new(SIZE_MAX);
    struct score out;

    assert_int_equal(score_findings(arena, &findings, install, limits, &out),
                     INFSCAN_OK);
    arena_free(arena);
    out.decisive = NULL;
    return out;
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
    } rows[] = {{REACH_LAUNCHER, 60, INFSCAN_SUSPICIOUS},
                {REACH_NAMED, 42, INFSCAN_SUSPICIOUS},
                {REACH_REMOVAL, 42, INFSCAN_SUSPICIOUS},
                {REACH_NONE, 30, INFSCAN_SUSPICIOUS}};
    struct rule high = rule(INFSCAN_HIGH, 60);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct action action = {.reach = rows[i].reach};
        struct install install = {.actions = &action, .n_actions = 1};
        struct finding finding = {.rule = &high, .action = 0};
        struct score out = score(&finding, 1, &install, 0);
        assert_int_equal(out.points, rows[i].points);
        assert_int_equal(out.verdict, rows[i].verdict);
    }
}

/* Whoever hands a file out names the section as well. */
static void test_a_name_excuses_nothing_malicious(void **state)
{
    struct rule rules[] = {rule(INFSCAN_CRITICAL, 10), rule(INFSCAN_HIGH, 70)};
    struct action action = {.reach = REACH_NAMED};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct finding finding = {.rule = &rules[i], .action = 0};
        action.reach = REACH_NAMED;
        assert_int_equal(score(&finding, 1, &install, 0).verdict,
                         INFSCAN_MALICIOUS);
        action.reach = REACH_REMOVAL;
        assert_true(score(&finding, 1, &install, 0).verdict <
                    INFSCAN_MALICIOUS);
    }
}

static void test_unreached_code_does_not_add_up(void **state)
{
    struct rule critical = rule(INFSCAN_CRITICAL, 60);
    struct rule high = rule(INFSCAN_HIGH, 60);
    struct action action = {.reach = REACH_REMOVAL};
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
    action.reach = REACH_REMOVAL;
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

static void test_themes_are_capped(void **state)
{
    struct rule a = {
        .info = {.id = "cmd.a", .severity = INFSCAN_HIGH, .score = 60}};
    struct rule b = {
        .info = {.id = "cmd.b", .severity = INFSCAN_HIGH, .score = 50}};
    struct rule c = {
        .info = {.id = "lolbins.c", .severity = INFSCAN_HIGH, .score = 5}};
    struct rule d = {
        .info = {.id = "evasion.d", .severity = INFSCAN_HIGH, .score = 40}};
    struct rule e = {
        .info = {.id = "evasion.e", .severity = INFSCAN_HIGH, .score = 40}};
    struct finding items[] = {{.rule = &b, .action = INFSCAN_NO_INDEX},
                              {.rule = &a, .action = INFSCAN_NO_INDEX},
                              {.rule = &c, .action = INFSCAN_NO_INDEX}};
    struct finding tricks[] = {{.rule = &d, .action = INFSCAN_NO_INDEX},
                               {.rule = &e, .action = INFSCAN_NO_INDEX}};

    (void)state;
    assert_int_equal(score(items, 3, &nothing, 0).points, 95);
    assert_int_equal(items[0].score, 30); /* what the heavier one left */
    assert_int_equal(items[1].score, 60);
    /* tricks without a payload */
    assert_int_equal(score(tricks, 2, &nothing, 0).verdict, INFSCAN_SUSPICIOUS);
    a.info.score = 100;
    assert_int_equal(score(items, 3, &nothing, 0).points, 100);
}

static void test_an_administrators_launcher_weighs_less(void **state)
{
    struct rule high = rule(INFSCAN_HIGH, 100);
    struct action action = {.reach = REACH_LAUNCHER};
    struct install install = {.actions = &action, .n_actions = 1};
    struct finding finding = {.rule = &high, .action = 0};
    uint32_t launchers = 1u << LAUNCHER_PNP | 1u << LAUNCHER_NAMED_SECTION;
    struct findings findings = {
        .items = &finding, .n = 1, .launchers = &launchers};
    struct arena *arena = arena_new(SIZE_MAX);
    struct score out;

    (void)state;
    assert_int_equal(score_findings(arena, &findings, &install, 0, &out),
                     INFSCAN_OK);
    assert_int_equal(out.points, 95);
    launchers |= 1u << LAUNCHER_SETUPAPI;
    assert_int_equal(score_findings(arena, &findings, &install, 0, &out),
                     INFSCAN_OK);
    assert_int_equal(out.points, 100);
    arena_free(arena);
}

static void test_honest_shapes_lower_lesser_findings(void **state)
{
    static const char shape[] = "catalog driver-package";
    struct text text = {.bytes = {shape, sizeof shape - 1}};
    struct rule medium = rule(INFSCAN_MEDIUM, 50);
    struct rule info = rule(INFSCAN_INFO, 1);
    struct rule high = rule(INFSCAN_HIGH, 50);
    struct action action = {.reach = REACH_LAUNCHER};
    struct install install = {
        .actions = &action, .n_actions = 1, .shape = slice_all(&text)};
    struct finding items[] = {{.rule = &medium, .action = 0},
                              {.rule = &info, .action = 0},
                              {.rule = &high, .action = 0}};

    (void)state;
    struct score out = score(items, 3, &install, 0);
    assert_string_equal(out.honest, "driver-package");
    assert_int_equal(items[0].score, 40);
    assert_int_equal(items[1].score, 1); /* never nothing */
    assert_int_equal(items[2].score, 50);
    assert_null(score(items, 3, &nothing, 0).honest);
}

/* The fewest rules that hold the verdict up, and what it would be without. */
static void test_decisive_rules_are_named(void **state)
{
    struct rule a = {
        .info = {.id = "a.a", .severity = INFSCAN_HIGH, .score = 60}};
    struct rule b = {
        .info = {.id = "b.b", .severity = INFSCAN_HIGH, .score = 20}};
    struct rule c = {
        .info = {.id = "c.c", .severity = INFSCAN_CRITICAL, .score = 10}};
    struct finding items[] = {{.rule = &b, .action = INFSCAN_NO_INDEX},
                              {.rule = &a, .action = INFSCAN_NO_INDEX},
                              {.rule = &c, .action = INFSCAN_NO_INDEX}};
    struct findings findings = {.items = items, .n = 2};
    struct arena *arena = arena_new(SIZE_MAX);
    struct score out;

    (void)state;
    score_findings(arena, &findings, &nothing, 0, &out);
    assert_int_equal(out.margin, 10);
    assert_int_equal(out.missing, 0);
    assert_string_equal(out.decisive[0], "a.a");
    assert_null(out.decisive[1]);
    assert_int_equal(out.otherwise, INFSCAN_CLEAN);
    findings.n = 3; /* now the critical one lifts, and has to go as well */
    score_findings(arena, &findings, &nothing, 0, &out);
    assert_string_equal(out.decisive[0], "a.a");
    assert_string_equal(out.decisive[1], "c.c");
    assert_null(out.decisive[2]);
    findings.n = 1;
    score_findings(arena, &findings, &nothing, 0, &out);
    assert_int_equal(out.verdict, INFSCAN_CLEAN);
    assert_int_equal(out.missing, 10);
    assert_null(out.decisive[0]);
    score_findings(arena, &findings, &nothing, 1u << LIMIT_layers, &out);
    assert_string_equal(out.decisive[0], "infscan.limit");
    assert_int_equal(out.otherwise, INFSCAN_CLEAN);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_clean),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_small_things_do_not_add_up),
        cmocka_unit_test(test_repetitions_add_nothing),
        cmocka_unit_test(test_reach_weighs),
        cmocka_unit_test(test_a_name_excuses_nothing_malicious),
        cmocka_unit_test(test_unreached_code_does_not_add_up),
        cmocka_unit_test(test_critical_alone_is_malicious),
        cmocka_unit_test(test_a_limit_is_never_clean),
        cmocka_unit_test(test_the_sum_stops_at_100),
        cmocka_unit_test(test_themes_are_capped),
        cmocka_unit_test(test_an_administrators_launcher_weighs_less),
        cmocka_unit_test(test_honest_shapes_lower_lesser_findings),
        cmocka_unit_test(test_decisive_rules_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
