/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <infscan/ruleset.h>

#include "unit.h"

static char folder[] = "/tmp/infscan-rules-XXXXXX";

#define RULE(id, title, pattern)                                               \
    "rules:\n"                                                                 \
    "  - id: " id "\n"                                                         \
    "    title: " title "\n"                                                   \
    "    description: Own rule.\n"                                             \
    "    severity: high\n"                                                     \
    "    attack: [T1059.001]\n"                                                \
    "    references: [Contoso]\n"                                              \
    "    falsepositives: [None]\n"                                             \
    "    target: command\n"                                                    \
    "    all:\n"                                                               \
    "      - '" pattern "'\n"                                                  \
    "    match:\n"                                                             \
    "      - 'contoso --evil'\n"                                               \
    "    no-match:\n"                                                          \
    "      - 'contoso'\n"

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink("own.yml");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_rules(const char *yaml)
{
    int fd = open("own.yml", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), strlen(yaml));
    close(fd);
}

static void test_built_in_rules_behave(void **state)
{
    struct infscan_ruleset *rules;
    size_t failed = 99;

    (void)state;
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, NULL),
        INFSCAN_OK);
    assert_true(infscan_ruleset_count(rules) >= 40);
    assert_int_equal(strlen(infscan_ruleset_digest(rules)), 64);
    assert_int_equal(infscan_ruleset_test(rules, &failed, NULL), INFSCAN_OK);
    assert_int_equal(failed, 0);
    for (size_t i = 1; i < infscan_ruleset_count(rules); i++) {
        assert_true(strcmp(infscan_ruleset_rule(rules, i - 1)->id,
                           infscan_ruleset_rule(rules, i)->id) < 0);
    }
    assert_null(infscan_ruleset_rule(rules, infscan_ruleset_count(rules)));
    infscan_ruleset_free(rules);
}

static void test_own_rules_add_to_the_built_in_ones(void **state)
{
    static const char *const paths[] = {"own.yml"};
    static const char *const folders[] = {"."};
    struct infscan_ruleset *rules;
    struct infscan_ruleset *alone;

    (void)state;
    write_rules(RULE("own.contoso", "Own", "--evil"));
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, paths, 1, &rules, NULL),
        INFSCAN_OK);
    assert_non_null(infscan_ruleset_find(rules, "OWN.contoso"));
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, folders, 1, &alone, NULL),
        INFSCAN_OK);
    assert_int_equal(infscan_ruleset_count(alone), 1);
    assert_string_not_equal(infscan_ruleset_digest(rules),
                            infscan_ruleset_digest(alone));
    infscan_ruleset_free(rules);
    infscan_ruleset_free(alone);
}

static void test_bad_rules_say_where(void **state)
{
    static const char *const paths[] = {"own.yml"};
    static const char *const missing[] = {"missing.yml"};
    struct infscan_ruleset *rules = NULL;
    struct infscan_error error = {0};

    (void)state;
    write_rules(RULE("own.bad", "Bad", "(unclosed"));
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, paths, 1, &rules, &error),
        INFSCAN_INVALID);
    assert_string_equal(error.file, "own.yml");
    assert_int_equal(error.line, 11);
    assert_true(error.column > 0);
    write_rules("rules:\n  - id: own.a\n    colour: red\n");
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, paths, 1, &rules, &error),
        INFSCAN_INVALID);
    assert_int_equal(error.line, 3);
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, missing, 1, &rules, &error),
        INFSCAN_IO);
    assert_null(rules);
    infscan_error_clear(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_rules_behave),
        cmocka_unit_test(test_own_rules_add_to_the_built_in_ones),
        cmocka_unit_test(test_bad_rules_say_where),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
