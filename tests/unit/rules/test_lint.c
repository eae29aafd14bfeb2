/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "rules/lint.h"
#include "rules/load.h"
#include "unit.h"

#define HEAD                                                                   \
    "rules:\n- id: a.b\n  title: t\n  description: d\n  severity: high\n"
#define TAIL "  match: [foo]\n  no-match: [bar]\n"

/* Problems as lines "LINE:COLUMN lint". */
static void note(const struct infscan_rule_problem *problem, void *context)
{
    buf_add_format(context, "%u:%u %s\n", problem->line, problem->column,
                   problem->lint);
    assert_non_null(problem->message);
    assert_string_equal(problem->path, "r.yml");
}

static void assert_problems(const char *yaml, const char *expected)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct rule_list list = {0};
    struct rule_set set;
    uint32_t n_patterns = 0;
    struct buf got;
    struct lint_sink sink = {.report = note, .context = &got};

    buf_init(&got, 1u << 16);
    buf_add(&got, STR(""));
    assert_int_equal(rules_load_all(arena, "r.yml", str_from(yaml), &list,
                                    &n_patterns, &sink),
                     INFSCAN_OK);
    assert_true(rules_seal(arena, &list, n_patterns, &set));
    for (uint32_t i = 0; i < set.n; i++) {
        assert_int_equal(lint_rule(arena, set.rules[i], &set, &sink),
                         INFSCAN_OK);
    }
    assert_string_equal(got.bytes, expected);
    buf_deinit(&got);
    arena_free(arena);
}

static void test_a_good_rule(void **state)
{
    (void)state;
    assert_problems(HEAD "  target: command\n  attack: [T1218.003]\n"
                         "  any: [foo]\n" TAIL,
                    "");
}

static void test_all_complaints_of_a_file(void **state)
{
    (void)state;
    assert_problems("rules:\n"
                    "- id: a.b\n"
                    "  titel: [x, {y: z}]\n"
                    "  severity: very\n"
                    "  target: command\n"
                    "  all: ['foo(']\n"
                    "- nothing\n"
                    "- id: A\n" TAIL "- id: a.c\n"
                    "  title: t\n"
                    "  description: *d\n"
                    "  severity: low\n"
                    "  severity: low\n"
                    "  target: [command, orders]\n"
                    "  any: foo\n"
                    "  ? [a, b]\n"
                    "  : [c]\n" TAIL "- x: ]\n",
                    "3:3 unknown-key\n"
                    "4:13 bad-value\n"
                    "6:14 bad-pattern\n"
                    "2:1 missing-key\n" /* title, description, */
                    "2:1 missing-key\n" /* match, no-match */
                    "2:1 missing-key\n"
                    "2:1 missing-key\n"
                    "7:3 bad-value\n"
                    "8:7 bad-value\n"
                    "8:1 missing-key\n" /* title, description, */
                    "8:1 missing-key\n" /* severity, target, pattern */
                    "8:1 missing-key\n"
                    "8:1 missing-key\n"
                    "8:1 missing-key\n"
                    "13:16 bad-value\n"
                    "15:3 bad-value\n"
                    "16:21 bad-value\n"
                    "18:5 unknown-key\n"
                    "22:3 unknown-key\n"
                    "22:6 yaml\n");
}

static void test_good_rules_behind_bad_ones(void **state)
{
    (void)state;
    assert_problems("rules:\n- id: a.b\n  titel: t\n" TAIL
                    "- id: a.c\n  title: t\n  description: d\n"
                    "  severity: low\n  target: command\n"
                    "  attack: [T0000]\n  any: foo\n" TAIL,
                    "3:3 unknown-key\n"
                    "2:1 missing-key\n"
                    "2:1 missing-key\n"
                    "2:1 missing-key\n"
                    "2:1 missing-key\n"
                    "2:1 missing-key\n"
                    "11:12 unknown-technique\n");
}

static void test_examples_one_by_one(void **state)
{
    (void)state;
    assert_problems(HEAD "  target: command\n  any: foo\n"
                         "  match: [foo, bar]\n  no-match: [x, afoo]\n",
                    "8:16 bad-example\n9:17 bad-example\n");
}

static void test_techniques(void **state)
{
    (void)state;
    assert_problems(HEAD "  target: command\n  any: foo\n"
                         "  attack: [T1059, T1562.001, T9999]\n" TAIL,
                    "8:19 retired-technique\n8:30 unknown-technique\n");
}

static void test_patterns_without_a_word(void **state)
{
    (void)state;
    assert_problems(HEAD "  target: command\n  any: ['f\\w+', foo]\n" TAIL,
                    "7:9 no-literal\n");
    assert_problems(HEAD "  target: command\n  any: ['f\\w+', foo]\n"
                         "  allow: no-literal\n" TAIL,
                    "");
    assert_problems(HEAD "  target: command\n  any: ['f\\w+', foo]\n"
                         "  all: foo\n" TAIL,
                    "");
    assert_problems(HEAD "  target: command\n  any: ['^f\\w+']\n" TAIL, "");
    assert_problems(HEAD "  target: command\n  any: ['^f\\w+|o']\n" TAIL,
                    "7:9 no-literal\n");
    assert_problems(HEAD "  target: command\n  any: foo\n"
                         "  allow: [slow-pattern]\n" TAIL,
                    "8:11 bad-value\n");
}

static void test_patterns_that_take_ages(void **state)
{
    (void)state;
    assert_problems(HEAD "  target: command\n  any: [foo, 'foo(\\w+ ?)*!']\n"
                         "  none: '(a|a)*b'\n" TAIL,
                    "7:14 slow-pattern\n8:9 slow-pattern\n");
}

#define NEVER(target, rest) HEAD "  target: " target "\n" rest

static void test_rules_that_never_match(void **state)
{
    (void)state;
    assert_problems(NEVER("shape", "  all: no-such-fact\n"
                                   "  match: no-such-fact\n  no-match: x\n"),
                    "7:8 never-matches\n");
    assert_problems(NEVER("shape", "  all: autorun-boast|cm-strings\n"
                                   "  match: cm-strings\n  no-match: x\n"),
                    "");
    assert_problems(NEVER("diagnostic", "  all: '^INF9999'\n"
                                        "  match: INF9999\n  no-match: x\n"),
                    "7:8 never-matches\n");
    assert_problems(NEVER("findings", "  all: ' x\\.y'\n"
                                      "  match: 'file: x.y'\n  no-match: x\n"),
                    "7:8 never-matches\n");
    assert_problems(NEVER("write-registry", "  all: '^HKEY_LOCAL_MACHINE'\n"
                                            "  match: HKEY_LOCAL_MACHINE\n"
                                            "  no-match: x\n"),
                    "7:8 never-matches\n");
    /* the other target holds it */
    assert_problems(NEVER("[write-registry, command]",
                          "  all: '^HKEY_LOCAL_MACHINE'\n"
                          "  match: HKEY_LOCAL_MACHINE\n  no-match: x\n"),
                    "");
    assert_problems(NEVER("shape", "  all: cm-strings\n"
                                   "  when: 'launcher:cmstp'\n"
                                   "  match: cm-strings @@ launcher:cmstp\n"
                                   "  no-match: x\n"),
                    "8:9 never-matches\n");
    assert_problems(NEVER("command", "  all: foo\n  none: foo\n"
                                     "  match: x\n  no-match: x\n"),
                    "9:10 bad-example\n8:9 never-matches\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_rule),
        cmocka_unit_test(test_all_complaints_of_a_file),
        cmocka_unit_test(test_good_rules_behind_bad_ones),
        cmocka_unit_test(test_examples_one_by_one),
        cmocka_unit_test(test_techniques),
        cmocka_unit_test(test_patterns_without_a_word),
        cmocka_unit_test(test_patterns_that_take_ages),
        cmocka_unit_test(test_rules_that_never_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
