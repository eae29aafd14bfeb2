/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "base/error.h"
#include "rules/load.h"
#include "unit.h"

#define HEAD                                                                   \
    "rules:\n- id: a.b\n  title: t\n  description: d\n  severity: high\n"
#define TAIL "  any: ['foo']\n  match: [foo]\n  no-match: [bar]\n"
#define GOOD HEAD "  target: command\n" TAIL

struct loaded {
    struct arena *arena;
    struct rule_list list;
    uint32_t n_patterns;
    struct infscan_error error;
};

static enum infscan_status load(struct loaded *loaded, const char *yaml)
{
    return rules_load(loaded->arena, "r.yml", str_from(yaml), &loaded->list,
                      &loaded->n_patterns, &loaded->error);
}

static struct loaded begin(void)
{
    return (struct loaded){.arena = arena_new(SIZE_MAX)};
}

static void end(struct loaded *loaded)
{
    infscan_error_clear(&loaded->error);
    arena_free(loaded->arena);
}

static void test_reads_a_rule(void **state)
{
    struct loaded loaded = begin();

    (void)state;
    assert_int_equal(load(&loaded, "rules:\n"
                                   "- id: a.b-c\n"
                                   "  title: t\n"
                                   "  description: >\n"
                                   "    several\n"
                                   "    lines\n"
                                   "  severity: medium\n"
                                   "  attack: [T1218, T1218.003]\n"
                                   "  target: [command, write-registry]\n"
                                   "  all: 'Foo '\n"
                                   "  none:\n"
                                   "  - bar\n"
                                   "  match: ['a foo b']\n"
                                   "  no-match: [foo, foo bar]\n"),
                     INFSCAN_OK);
    assert_int_equal(loaded.list.n, 1);
    assert_int_equal(loaded.n_patterns, 2);
    const struct rule *rule = loaded.list.items[0];
    assert_string_equal(rule->info.id, "a.b-c");
    assert_string_equal(rule->info.description, "several lines");
    assert_string_equal(rule->info.confirm, "");
    assert_int_equal(rule->info.severity, INFSCAN_MEDIUM);
    assert_int_equal(rule->info.score, 30);
    assert_string_equal(rule->info.attack[1], "T1218.003");
    assert_null(rule->info.attack[2]);
    assert_null(rule->info.references[0]);
    assert_string_equal(rule->info.targets[1], "write-registry");
    assert_string_equal(rule->info.source, "r.yml");
    assert_int_equal(rule->info.line, 2);
    assert_int_equal(rule->targets,
                     1u << RULE_COMMAND | 1u << INFSCAN_WRITE_REGISTRY);
    assert_string_equal(rule->all.items[0].regex, "Foo ");
    assert_string_equal(rule->all.items[0].needs, "\x04"
                                                  "foo \x7f");
    assert_int_equal(rule->all.items[0].line, 10);
    assert_int_equal(rule->none.items[0].column, 5);
    end(&loaded);
}

static void test_a_later_file_replaces_a_rule(void **state)
{
    struct loaded loaded = begin();
    struct rule_set set;

    (void)state;
    assert_int_equal(load(&loaded, GOOD "- id: a.a\n  title: t\n"
                                        "  description: d\n  severity: low\n"
                                        "  target: shape\n" TAIL),
                     INFSCAN_OK);
    assert_int_equal(load(&loaded, GOOD "  score: 7\n"), INFSCAN_OK);
    assert_true(
        rules_seal(loaded.arena, &loaded.list, loaded.n_patterns, &set));
    assert_int_equal(set.n, 2);
    assert_string_equal(set.rules[0]->info.id, "a.a");
    assert_int_equal(set.rules[1]->info.score, 7);
    end(&loaded);
}

/* What is wrong, where it is told, and a word of the mend. */
static void test_refuses(void **state)
{
    static const struct {
        const char *yaml;
        uint32_t line;
        uint32_t column;
        const char *word;
    } rows[] = {
        {"", 1, 1, "rules:"},
        {"rule: []\n", 1, 1, "rules:"},
        {"rules: 5\n", 1, 8, "list"},
        {"rules:\n- 5\n", 2, 3, "id:"},
        {"rules:\n- [1, 2]\n", 2, 3, "id:"},
        {"rules: []\nmore: []\n", 2, 1, "nothing else"},
        {"rules: []\n---\nrules: []\n", 2, 1, "one document"},
        {"%YAML 1.1\n---\nrules: []\n", 1, 1, "directives"},
        {"rules: [\n", 2, 1, "YAML"},
        {"rules: [\x80]\n", 1, 1, "UTF-8"},
        {"rules: &a []\n", 1, 8, "anchors"},
        {"rules: !x []\n", 1, 8, "tags"},
        {"rules: *a\n", 1, 8, "aliases"},
        {HEAD "  target: *x\n", 6, 11, "aliases"},
        {HEAD "  title: u\n" TAIL, 6, 3, "twice"},
        {HEAD "  colour: red\n" TAIL, 6, 3, "unknown key"},
        {HEAD TAIL, 2, 1, "target"},
        {HEAD "  target: [command, command]\n" TAIL, 6, 21, "twice"},
        {HEAD "  target: comand\n" TAIL, 6, 11, "unknown target"},
        {HEAD "  target: []\n" TAIL, 6, 12, "empty"},
        {HEAD "  target: {a: b}\n" TAIL, 6, 11, "list"},
        {HEAD "  target: command\n  attack: [T12]\n" TAIL, 7, 12, "T1059"},
        {HEAD "  target: command\n  score: 101\n" TAIL, 7, 10, "0 to 100"},
        {HEAD "  target: command\n  score: x\n" TAIL, 7, 10, "0 to 100"},
        {HEAD "  target: command\n  all: ['ab(c']\n" TAIL, 7, 14, "pattern"},
        {HEAD "  target: command\n  match: [foo]\n  no-match: [bar]\n", 2, 1,
         "all or any"},
        {HEAD "  target: command\n  any: [foo]\n  match: [foo]\n", 2, 1,
         "no-match"},
        {HEAD "  target: command\n  any: [foo]\n  match: [fo]\n"
              "  no-match: [bar]\n",
         8, 11, "does not match"},
        {HEAD "  target: command\n  any: [foo]\n  match: [foo]\n"
              "  no-match: [food]\n",
         9, 14, "should not match"},
        {"rules:\n- id: Bad\n", 2, 7, "bad id"},
        {"rules:\n- id: a\n", 2, 7, "bad id"},
        {"rules:\n- id: a..b\n", 2, 7, "bad id"},
        {"rules:\n- title: ''\n", 2, 10, "empty"},
        {"rules:\n- title: \"a\\nb\"\n", 2, 10, "one line"},
        {"rules:\n- title: [a]\n", 2, 10, "plain text"},
        {"rules:\n- severity: bad\n", 2, 13, "unknown severity"},
        {GOOD "- id: a.b\n", 10, 7, "taken"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct loaded loaded = begin();
        assert_int_equal(load(&loaded, rows[i].yaml), INFSCAN_INVALID);
        assert_string_equal(loaded.error.file, "r.yml");
        if (!strstr(loaded.error.message, rows[i].word) ||
            loaded.error.line != rows[i].line ||
            loaded.error.column != rows[i].column) {
            fail_msg("%s: %u:%u: %s", rows[i].yaml, loaded.error.line,
                     loaded.error.column, loaded.error.message);
        }
        assert_int_equal(loaded.list.n, 0);
        assert_int_equal(loaded.n_patterns, 0);
        end(&loaded);
    }
}

static void test_deep_nesting_is_refused_early(void **state)
{
    static char yaml[100001];
    struct loaded loaded = begin();

    (void)state;
    memset(yaml, '[', sizeof yaml - 1);
    assert_int_equal(load(&loaded, yaml), INFSCAN_INVALID);
    end(&loaded);
}

static void test_a_slow_example_is_told(void **state)
{
    struct loaded loaded = begin();

    (void)state;
    assert_int_equal(
        load(&loaded, HEAD
             "  target: command\n  any: ['(?:a|aa)+[d-f]']\n  match: [ad]\n"
             "  no-match: ["
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac]\n"),
        INFSCAN_INVALID);
    assert_non_null(strstr(loaded.error.message, "too many steps"));
    end(&loaded);
}

static void test_every_shipped_rule_is_complete(void **state)
{
    (void)state;
    assert_true(rules_builtin.n >= 60);
    assert_int_equal(strlen(rules_builtin_digest), 64);
    for (uint32_t i = 0; i < rules_builtin.n; i++) {
        const struct rule *rule = rules_builtin.rules[i];
        const struct infscan_rule *info = &rule->info;
        if (!info->confirm[0] || !info->attack[0] || !info->references[0] ||
            !info->falsepositives[0] || !rule->targets) {
            fail_msg("%s lacks something", info->id);
        }
        assert_true(!i ||
                    strcmp(rules_builtin.rules[i - 1]->info.id, info->id) < 0);
        for (uint32_t k = 0; k < rule->any.n; k++) {
            assert_true(rule->any.items[k].id < rules_builtin.n_patterns);
        }
    }
}

/* One that PCRE2 has room for alone, but not with its steps counted, would make
 * each long text a failure. */
static void test_patterns_of_too_many_parts(void **state)
{
    static const char *const parts[] = {"(?:ab){20}", "(?:ab){4000}"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct loaded loaded = begin();
        struct buf yaml;
        buf_init(&yaml, 1 << 16);
        buf_add_format(&yaml,
                       HEAD "  target: command\n  any: ['foo|%s']\n"
                            "  match: [foo]\n  no-match: [bar]\n",
                       parts[i]);
        buf_add_char(&yaml, '\0');
        assert_int_equal(load(&loaded, yaml.bytes),
                         i ? INFSCAN_INVALID : INFSCAN_OK);
        if (i) {
            assert_non_null(strstr(loaded.error.message, "too many parts"));
        }
        buf_deinit(&yaml);
        end(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_rule),
        cmocka_unit_test(test_a_later_file_replaces_a_rule),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_deep_nesting_is_refused_early),
        cmocka_unit_test(test_a_slow_example_is_told),
        cmocka_unit_test(test_patterns_of_too_many_parts),
        cmocka_unit_test(test_every_shipped_rule_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
