/* SPDX-License-Identifier: MIT */
#include "rules/literal.h"
#include "rules/load.h"
#include "rules/match.h"
#include "rules/regex.h"
#include "unit.h"

struct bench {
    struct arena *arena;
    struct rule_list list;
    uint32_t n_patterns;
    struct rule_set set;
    struct matcher *matcher;
    struct limits limits;
    struct findings found;
    limit_set hit;
};

static struct bench *bench_new(const char *yaml)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct bench *bench = ARENA_NEW(arena, struct bench);

    bench->arena = arena;
    bench->limits = limits_default;
    assert_int_equal(rules_load(arena, "r.yml", str_from(yaml), &bench->list,
                                &bench->n_patterns, NULL),
                     INFSCAN_OK);
    assert_true(
        rules_seal(arena, &bench->list, bench->n_patterns, &bench->set));
    return bench;
}

static void bench_free(struct bench *bench)
{
    matcher_free(bench->matcher);
    arena_free(bench->arena);
}

static struct slice text(struct bench *bench, const char *bytes, size_t len)
{
    struct text_builder builder;
    struct str copy = arena_copy(bench->arena, str_of(bytes, len));

    text_build_init(&builder, bench->arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, copy, 0);
    return slice_all(text_build_finish(&builder));
}

static struct slice words(struct bench *bench, const char *z)
{
    return text(bench, z, strlen(z));
}

static void run(struct bench *bench, const struct install *install,
                const struct diag_list *diags)
{
    if (!bench->matcher) {
        bench->matcher = matcher_new(&bench->set, &bench->limits);
        assert_non_null(bench->matcher);
    }
    bench->found = (struct findings){0};
    bench->hit = 0;
    assert_int_equal(match_run(bench->matcher, bench->arena, install, diags,
                               &bench->found, &bench->hit),
                     INFSCAN_OK);
}

static const char rules_for_targets[] =
    "rules:\n"
    "- {id: t.command, title: t, description: d, severity: low,\n"
    "   target: command, any: [foo], match: [foo], no-match: [bar]}\n"
    "- {id: t.registry, title: t, description: d, severity: low,\n"
    "   target: write-registry, any: [foo], match: [foo], no-match: [bar]}\n"
    "- {id: t.shape, title: t, description: d, severity: low,\n"
    "   target: shape, any: [foo], match: [foo], no-match: [bar]}\n"
    "- {id: t.diagnostic, title: t, description: d, severity: low,\n"
    "   target: diagnostic, any: ['^INF0001 .*foo'],\n"
    "   match: [INF0001 foo], no-match: [foo]}\n";

static void test_each_target_sees_its_own_text(void **state)
{
    struct bench *bench = bench_new(rules_for_targets);
    struct action actions[2] = {
        {.kind = INFSCAN_WRITE_REGISTRY, .subject = words(bench, "a foo")},
        {.kind = INFSCAN_RUN_COMMAND,
         .subject = words(bench, "foo"),
         .command = words(bench, "foo")},
    };
    struct install install = {
        .actions = actions, .n_actions = 2, .shape = words(bench, "foo")};
    struct diag_list diags;

    (void)state;
    diag_list_init(&diags, bench->arena, 10);
    diag_add(&diags, DIAG_LONE_CR, words(bench, "a foo"));
    run(bench, &install, &diags);
    assert_int_equal(bench->found.n, 4);
    assert_string_equal(bench->found.items[0].rule->info.id, "t.registry");
    assert_int_equal(bench->found.items[0].match.off, 2);
    assert_string_equal(bench->found.items[1].rule->info.id, "t.command");
    assert_int_equal(bench->found.items[1].action, 1);
    assert_int_equal(bench->found.items[1].layer, INFSCAN_NO_INDEX);
    assert_int_equal(bench->found.items[2].action, INFSCAN_NO_INDEX);
    assert_str(slice_str(bench->found.items[2].match), "a foo");
    assert_int_equal(bench->hit, 0);
    bench_free(bench);
}

static const char rules_for_conditions[] =
    "rules:\n"
    "- {id: t.one, title: t, description: d, severity: low,\n"
    "   target: command, all: [foo, bar], any: [x, y], none: [z],\n"
    "   match: [foo bar y], no-match: [foo bar, foo bar x z, foo x]}\n";

static void test_all_any_none_of_one_text(void **state)
{
    struct bench *bench = bench_new(rules_for_conditions);
    struct layer layers[2] = {{.step = "a", .text = words(bench, "foo x")},
                              {.step = "b", .text = words(bench, "bar y foo")}};
    struct action action = {.kind = INFSCAN_RUN_COMMAND,
                            .command = words(bench, "foo bar x z"),
                            .peeled = {.layers = layers, .n_layers = 2}};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 1);
    assert_int_equal(bench->found.items[0].layer, 1);
    assert_str(slice_str(bench->found.items[0].match), "foo");
    bench_free(bench);
}

static void test_the_outermost_text_counts(void **state)
{
    struct bench *bench = bench_new(rules_for_targets);
    struct layer layer = {.step = "a", .text = words(bench, "foo inside")};
    struct slice other = words(bench, "another foo");
    struct action actions[2] = {
        {.kind = INFSCAN_RUN_COMMAND,
         .command = words(bench, "foo outside"),
         .peeled = {.layers = &layer, .n_layers = 1}},
        {.kind = INFSCAN_RUN_COMMAND,
         .command = words(bench, "bar"),
         .alternatives = &other,
         .n_alternatives = 1},
    };
    struct install install = {.actions = actions, .n_actions = 2};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 2);
    assert_int_equal(bench->found.items[0].layer, INFSCAN_NO_INDEX);
    assert_true(bench->found.items[1].repeated);
    assert_int_equal(bench->found.items[1].action, 1);
    bench_free(bench);
}

static void test_a_limit_becomes_a_finding(void **state)
{
    struct bench *bench =
        bench_new("rules:\n"
                  "- {id: t.slow, title: t, description: d, severity: low,\n"
                  "   target: command, any: ['(?:a|aa)+[d-f]'],\n"
                  "   match: [ad], no-match: [c]}\n");
    struct action action = {
        .kind = INFSCAN_RUN_COMMAND,
        .command =
            words(bench, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->hit, 1u << LIMIT_regex_match);
    assert_int_equal(bench->found.n, 1);
    assert_null(bench->found.items[0].rule);
    bench_free(bench);
}

/* A flood of one finding must hide neither another rule nor a better reach. */
static void test_a_flood_hides_nothing(void **state)
{
    struct bench *bench = bench_new(rules_for_targets);
    struct action *actions = arena_zalloc(bench->arena, 100, sizeof *actions);
    struct install install = {.actions = actions, .n_actions = 100};

    (void)state;
    bench->limits.value[LIMIT_findings] = 5;
    for (uint32_t i = 0; i < 100; i++) {
        actions[i].kind = INFSCAN_RUN_COMMAND;
        actions[i].command = words(bench, "foo");
        actions[i].reach = REACH_NONE;
    }
    actions[98].reach = REACH_LAUNCHER;
    actions[99].kind = INFSCAN_WRITE_REGISTRY;
    actions[99].command = SLICE_NONE;
    actions[99].subject = words(bench, "foo");
    run(bench, &install, NULL);
    assert_int_equal(bench->hit, 1u << LIMIT_findings);
    assert_int_equal(bench->found.n, 8); /* and one says that it was too many */
    assert_int_equal(bench->found.items[5].action, 98);
    assert_false(bench->found.items[5].repeated);
    assert_true(bench->found.items[0].repeated);
    assert_int_equal(bench->found.items[6].action, 99);
    assert_null(bench->found.items[7].rule);
    bench_free(bench);
}

static const char rules_with_context[] =
    "rules:\n"
    "- {id: t.when, title: t, description: d, severity: low,\n"
    "   target: command, any: [foo],\n"
    "   when: ['launcher:cmstp|launcher:autorun', 'shape:cm-strings'],\n"
    "   unless: ['place:program-files'],\n"
    "   match: [foo @@ launcher:cmstp shape:cm-strings],\n"
    "   no-match: [foo, foo @@ launcher:cmstp,\n"
    "     foo @@ launcher:cmstp shape:cm-strings place:program-files]}\n"
    "- {id: t.folder, title: t, description: d, severity: low,\n"
    "   target: load-dll, any: [foo], when: ['place:inf-folder'],\n"
    "   match: [foo @@ place:inf-folder], no-match: [foo]}\n"
    "- {id: t.named, title: t, description: d, severity: low,\n"
    "   target: command, any: [foo], when: ['reach:named'],\n"
    "   match: [foo @@ reach:named], no-match: [foo]}\n";

static void test_context_decides(void **state)
{
    struct bench *bench = bench_new(rules_with_context);
    struct action actions[4] = {
        {.kind = INFSCAN_RUN_COMMAND, .command = words(bench, "foo")},
        {.kind = INFSCAN_RUN_COMMAND,
         .command = words(bench, "C:\\Program Files\\foo")},
        {.kind = INFSCAN_RUN_COMMAND,
         .command = words(bench, "foo"),
         .reach = REACH_NAMED},
        {.kind = INFSCAN_LOAD_DLL,
         .subject = words(bench, "C:\\In\\foo.dll | DllInstall | ")}};
    const uint32_t ids[] = {0, 1, 3};
    struct plan plan = {
        .launcher = LAUNCHER_CMSTP, .actions = ids, .n_actions = 3};
    struct install install = {.actions = actions,
                              .n_actions = 4,
                              .plans = &plan,
                              .n_plans = 1,
                              .shape = words(bench, "a cm-strings"),
                              .inf_dir = STR("c:\\in\\")};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 3);
    assert_string_equal(bench->found.items[0].rule->info.id, "t.when");
    assert_int_equal(bench->found.items[0].action, 0);
    assert_string_equal(bench->found.items[1].rule->info.id, "t.named");
    assert_int_equal(bench->found.items[1].action, 2);
    assert_string_equal(bench->found.items[2].rule->info.id, "t.folder");
    bench_free(bench);
}

static const char rules_of_writable[] =
    "rules:\n"
    "- {id: t.writable, title: t, description: d, severity: low,\n"
    "   target: command, any: [foo], when: ['place:user-writable'],\n"
    "   match: [foo @@ place:user-writable], no-match: [foo]}\n"
    "- {id: t.value, title: t, description: d, severity: low,\n"
    "   target: write-registry, all: ['^HKLM.Software.foo -> a = b$'],\n"
    "   match: ['HKLM\\Software\\foo -> a = b'], no-match: [foo]}\n";

/* The folder itself, without anything below it, is such a place, too. */
static void test_temporary_folder_is_writable(void **state)
{
    struct bench *bench = bench_new(rules_of_writable);
    struct action action = {.kind = INFSCAN_RUN_COMMAND,
                            .command = words(bench, "foo C:\\Windows\\Temp")};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 1);
    assert_string_equal(bench->found.items[0].rule->info.id, "t.writable");
    bench_free(bench);
}

/* What a command writes is seen by rules about registry values; the finding
 * points at the command. */
static void test_commands_are_seen_as_what_they_do(void **state)
{
    struct bench *bench = bench_new(rules_of_writable);
    struct action action = {
        .kind = INFSCAN_RUN_COMMAND,
        .command = words(bench, "reg add HKLM\\Software\\foo /v a /d b")};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 1);
    assert_string_equal(bench->found.items[0].rule->info.id, "t.value");
    assert_ptr_equal(bench->found.items[0].match.text, action.command.text);
    bench_free(bench);
}

static const char rules_of_rules[] =
    "rules:\n"
    "- {id: t.a, title: t, description: d, severity: low, target: command,\n"
    "   any: [foo], match: [foo], no-match: [x]}\n"
    "- {id: t.b, title: t, description: d, severity: high, target: command,\n"
    "   any: [bar], match: [bar], no-match: [x]}\n"
    "- {id: t.both, title: t, description: d, severity: high,\n"
    "   target: findings, all: ['^action:', ' t\\.a\\b', ' t\\.b\\b'],\n"
    "   match: ['action: t.a t.b'], no-match: ['action: t.a']}\n"
    "- {id: t.file, title: t, description: d, severity: high,\n"
    "   target: findings, all: ['^file:', ' t\\.a\\b', ' t\\.b\\b'],\n"
    "   match: ['file: t.a t.b'], no-match: ['file: t.both']}\n";

static void test_findings_are_matched_together(void **state)
{
    struct bench *bench = bench_new(rules_of_rules);
    struct action actions[3] = {
        {.kind = INFSCAN_RUN_COMMAND, .command = words(bench, "foo")},
        {.kind = INFSCAN_RUN_COMMAND, .command = words(bench, "a foo bar")},
        {.kind = INFSCAN_RUN_COMMAND, .command = words(bench, "bar")}};
    struct install install = {.actions = actions, .n_actions = 3};

    (void)state;
    run(bench, &install, NULL);
    assert_int_equal(bench->found.n, 6);
    assert_int_equal(bench->found.items[3].action, 1);
    assert_string_equal(bench->found.items[3].rule->info.id, "t.both");
    assert_str(slice_str(bench->found.items[3].match), "bar");
    assert_int_equal(bench->found.items[5].action, INFSCAN_NO_INDEX);
    assert_string_equal(bench->found.items[5].rule->info.id, "t.file");
    bench_free(bench);
}

static void test_runs_are_independent(void **state)
{
    struct bench *bench = bench_new(rules_for_targets);
    struct action action = {.kind = INFSCAN_RUN_COMMAND,
                            .command = text(bench, "a\0foo\xff", 6)};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    for (int i = 0; i < 3; i++) {
        run(bench, &install, NULL);
        assert_int_equal(bench->found.n, 1);
        assert_false(bench->found.items[0].repeated);
    }
    bench_free(bench);
}

/* Many words that begin matches in a text of half a megabyte: the work is
 * bounded, and what was left out is told. */
static void test_a_long_text_is_bounded(void **state)
{
    struct bench *bench =
        bench_new("rules:\n"
                  "- {id: t.slow, title: t, description: d, severity: low,\n"
                  "   target: command, any: ['foo.*?[x-z]'],\n"
                  "   match: [foo y], no-match: [bar]}\n");
    size_t n = 500000;
    char *bytes = arena_alloc(bench->arena, n, 1);
    struct action action = {.kind = INFSCAN_RUN_COMMAND};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    for (size_t i = 0; i < n; i++) {
        bytes[i] = "foo "[i % 4];
    }
    action.command = text(bench, bytes, n);
    run(bench, &install, NULL);
    assert_int_equal(bench->hit, 1u << LIMIT_regex_match);
    bench_free(bench);
}

/* Only the few places of a long text where a match may begin cost anything. */
static void test_a_long_text_is_matched_at_its_places(void **state)
{
    struct bench *bench = bench_new(
        "rules:\n"
        "- {id: t.names, title: t, description: d, severity: low,\n"
        "   target: command,\n"
        "   any: ['\\b(?:ab|cd|ef|gh|ij|kl|mn|op|qr|st|uv|wx)\\d\\b'],\n"
        "   match: [ab1], no-match: [bar]}\n");
    size_t n = 400000;
    char *bytes = arena_alloc(bench->arena, n, 1);
    struct action action = {.kind = INFSCAN_RUN_COMMAND};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    memset(bytes, 'a', n);
    memcpy(bytes + n / 2, "ab3 ", 4); /* no boundary before it */
    action.command = text(bench, bytes, n);
    run(bench, &install, NULL);
    assert_int_equal(bench->hit, 0);
    assert_int_equal(bench->found.n, 0);
    bench_free(bench);
}

/* A place that needs more steps than a text of its length gives each is tried
 * again with all steps counted. */
static void test_a_long_match_is_found(void **state)
{
    struct bench *bench =
        bench_new("rules:\n"
                  "- {id: t.far, title: t, description: d, severity: low,\n"
                  "   target: command, any: ['foo.*?[x-z]'],\n"
                  "   match: [foo y], no-match: [bar]}\n");
    size_t n = 8000;
    char *bytes = arena_alloc(bench->arena, n, 1);
    struct action action = {.kind = INFSCAN_RUN_COMMAND};
    struct install install = {.actions = &action, .n_actions = 1};

    (void)state;
    memset(bytes, '-', n);
    memcpy(bytes, "foo", 3);
    bytes[n - 1] = 'y';
    action.command = text(bench, bytes, n);
    run(bench, &install, NULL);
    assert_int_equal(bench->hit, 0);
    assert_int_equal(bench->found.n, 1);
    assert_int_equal(bench->found.items[0].match.len, n);
    bench_free(bench);
}

/* Whether a literal that a pattern's matches begin with is where it says. */
static bool begins_at(const struct pattern *pattern, struct str text, size_t at)
{
    for (const char *p = pattern->starts; *p; p += *p + 1) {
        size_t hit = str_find_fold(text, str_of(p + 1, (size_t)*p), at);
        uint32_t n = 0;
        for (size_t i = at; hit != STR_NONE && i < hit; i++) {
            n += !literal_is_loose(text.bytes[i]);
        }
        if (hit != STR_NONE && n <= pattern->back) {
            return true;
        }
    }
    return false;
}

/* From one place after the other, until none is left. */
static enum regex_result match_from_each(const struct regex *regex,
                                         struct regex_scratch *scratch,
                                         struct str text, size_t *at,
                                         size_t *len)
{
    enum regex_result result = REGEX_NO_MATCH;
    size_t until = text.len + 1;

    for (size_t i = 0; i < until && result == REGEX_NO_MATCH; i++) {
        result =
            regex_match_here(regex, scratch, text, i, &until, 100000, at, len);
    }
    return result;
}

static unsigned check_patterns(const struct pattern_list *list,
                               struct regex_scratch *scratch, struct str text)
{
    struct regex_error error;
    unsigned n = 0;
    size_t at;
    size_t len;

    for (uint32_t i = 0; i < list->n; i++) {
        const struct pattern *pattern = &list->items[i];
        struct regex *fast =
            regex_compile(str_from(pattern->regex), REGEX_FAST, &error);
        struct regex *ascii =
            regex_compile(str_from(pattern->regex), REGEX_ASCII, &error);
        assert_true(fast && ascii);
        if (*pattern->starts && regex_is_ascii(text) &&
            regex_match(fast, scratch, text, 100000, &at, &len) ==
                REGEX_MATCH) {
            size_t at_here;
            size_t len_here;
            assert_true(begins_at(pattern, text, at));
            assert_int_equal(
                match_from_each(ascii, scratch, text, &at_here, &len_here),
                REGEX_MATCH);
            assert_int_equal(at_here, at);
            assert_int_equal(len_here, len);
            n++;
        }
        regex_free(fast);
        regex_free(ascii);
    }
    return n;
}

/* In every example of every rule that is shipped. */
static void test_matches_begin_where_they_are_looked_for(void **state)
{
    struct regex_scratch *scratch = regex_scratch_new(2000);
    unsigned n = 0;

    (void)state;
    for (uint32_t i = 0; i < rules_builtin.n; i++) {
        const struct rule *rule = rules_builtin.rules[i];
        for (uint32_t k = 0; rule->match[k]; k++) {
            struct str text = str_from(rule->match[k]);
            n += check_patterns(&rule->all, scratch, text);
            n += check_patterns(&rule->any, scratch, text);
        }
    }
    assert_true(n > rules_builtin.n);
    regex_scratch_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_target_sees_its_own_text),
        cmocka_unit_test(test_all_any_none_of_one_text),
        cmocka_unit_test(test_the_outermost_text_counts),
        cmocka_unit_test(test_a_limit_becomes_a_finding),
        cmocka_unit_test(test_a_flood_hides_nothing),
        cmocka_unit_test(test_context_decides),
        cmocka_unit_test(test_temporary_folder_is_writable),
        cmocka_unit_test(test_commands_are_seen_as_what_they_do),
        cmocka_unit_test(test_findings_are_matched_together),
        cmocka_unit_test(test_runs_are_independent),
        cmocka_unit_test(test_a_long_text_is_bounded),
        cmocka_unit_test(test_a_long_text_is_matched_at_its_places),
        cmocka_unit_test(test_a_long_match_is_found),
        cmocka_unit_test(test_matches_begin_where_they_are_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
