/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/limits.h"
#include "rules/literal.h"
#include "rules/match.h"
#include "rules/prefilter.h"
#include "rules/rule.h"
#include "unit.h"

/* Every rule. */
static uint64_t all[64];

static int set_up(void **state)
{
    (void)state;
    memset(all, 0xFF, sizeof all);
    return 0;
}

/* Whether the filter lets the rule have a look at the text. */
static bool lets_through(uint32_t position, struct str text)
{
    const struct prefilter *filter = rules_builtin.filter;
    uint64_t found[64] = {0};
    uint64_t bit = UINT64_C(1) << position % 64;

    assert_true(prefilter_words(rules_builtin.n) <= 64);
    if (!prefilter_run(filter, text, all, found)) {
        char *folded = malloc(text.len);
        assert_non_null(folded);
        size_t n = literal_fold(text, folded);
        prefilter_run(filter, str_of(folded, n), all, found);
        free(folded);
    }
    return ((found[position / 64] | filter->always[position / 64]) & bit) != 0;
}

/* A text without what an example says about its surroundings. */
static struct str text_of(const char *example)
{
    struct str text = str_from(example);
    size_t mark = str_find(text, STR(" @@ "), 0);

    return mark == STR_NONE ? text : str_sub(text, 0, mark);
}

/* Every example of every rule against every rule: what matches passes. */
static void test_nothing_that_matches_is_held_back(void **state)
{
    struct matcher *matcher = matcher_new(&rules_builtin, &limits_default);
    size_t held_back = 0;
    size_t matches = 0;

    (void)state;
    assert_non_null(matcher);
    for (uint32_t i = 0; i < rules_builtin.n; i++) {
        const struct rule *rule = rules_builtin.rules[i];
        for (uint32_t k = 0; k < rules_builtin.n; k++) {
            const char *const *example = rules_builtin.rules[k]->match;
            for (; *example; example++) {
                bool passes = lets_through(i, text_of(*example));
                held_back += !passes;
                if (match_text(matcher, rule, str_from(*example)) == 1) {
                    matches++;
                    assert_true(passes);
                }
            }
        }
    }
    matcher_free(matcher);
    assert_true(matches >= rules_builtin.n);
    assert_true(held_back > 20 * matches); /* it filters, too */
}

static void test_letters_that_look_like_ascii_pass(void **state)
{
    struct matcher *matcher = matcher_new(&rules_builtin, &limits_default);
    struct str text = STR("C:\\Tools\\Process\xe2\x84\xaa"
                          "ill -> \xc5\xbf");
    unsigned checked = 0;

    (void)state;
    assert_non_null(matcher);
    for (uint32_t i = 0; i < rules_builtin.n; i++) {
        const struct rule *rule = rules_builtin.rules[i];
        for (uint32_t k = 0; rule->match[k]; k++) {
            /* the example, its first k or s written otherwise */
            struct str example = text_of(rule->match[k]);
            char other[4096];
            size_t at = 0;
            while (at < example.len && ascii_lower(example.bytes[at]) != 'k' &&
                   ascii_lower(example.bytes[at]) != 's') {
                at++;
            }
            if (at == example.len || example.len + 4 > sizeof other) {
                continue;
            }
            bool is_k = ascii_lower(example.bytes[at]) == 'k';
            struct str letter = is_k ? STR("\xe2\x84\xaa") : STR("\xc5\xbf");
            memcpy(other, example.bytes, at);
            memcpy(other + at, letter.bytes, letter.len);
            memcpy(other + at + letter.len, example.bytes + at + 1,
                   example.len - at - 1);
            struct str changed = str_of(other, example.len - 1 + letter.len);
            if (match_text(matcher, rule, changed) == 1) {
                assert_true(lets_through(i, changed));
                checked++;
            }
        }
    }
    assert_true(checked > 20);
    assert_false(
        prefilter_run(rules_builtin.filter, text, all, (uint64_t[64]){0}));
    matcher_free(matcher);
}

static void test_short_texts(void **state)
{
    uint64_t found[64] = {0};

    (void)state;
    for (size_t n = 0; n < 4; n++) {
        assert_true(prefilter_run(rules_builtin.filter,
                                  str_sub(STR("abc"), 0, n), all, found));
    }
    assert_false(prefilter_run(rules_builtin.filter, STR("\xc3"), all, found));
    assert_false(
        prefilter_run(rules_builtin.filter, STR("ab\xc3"), all, found));
}

static void test_only_what_is_wanted(void **state)
{
    struct str text = STR("powershell -w hidden -enc x");
    uint64_t found[64] = {0};
    uint64_t none[64] = {0};

    (void)state;
    prefilter_run(rules_builtin.filter, text, none, found);
    assert_memory_equal(found, none, sizeof none);
    prefilter_run(rules_builtin.filter, text, all, found);
    assert_memory_not_equal(found, none, sizeof none);
}

static void test_what_a_text_is_made_of(void **state)
{
    static char long_text[2000];
    struct prefilter_seen seen;

    (void)state;
    prefilter_look(STR("a powershell b"), &seen);
    assert_true(prefilter_may_hold(&seen, STR("powershell")));
    assert_true(prefilter_may_hold(&seen, STR("")));
    assert_false(prefilter_may_hold(&seen, STR("xy")));
    assert_false(prefilter_may_hold(&seen, STR("powershell.exe")));
    memset(long_text, 'x', sizeof long_text);
    memcpy(long_text + 1900, "powershell", 10);
    prefilter_look(str_of(long_text, sizeof long_text), &seen);
    assert_true(prefilter_may_hold(&seen, STR("powershell")));
    assert_true(prefilter_may_hold(&seen, STR("zy"))); /* has no window */
    assert_false(prefilter_may_hold(&seen, STR("pwsh")));
    assert_false(prefilter_may_hold(&seen, STR("powershells")));
    prefilter_look(STR("b"), &seen); /* nothing stays from the one before */
    assert_true(prefilter_may_hold(&seen, STR("b")));
    assert_false(prefilter_may_hold(&seen, STR("powershell")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_that_matches_is_held_back),
        cmocka_unit_test(test_letters_that_look_like_ascii_pass),
        cmocka_unit_test(test_short_texts),
        cmocka_unit_test(test_only_what_is_wanted),
        cmocka_unit_test(test_what_a_text_is_made_of),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
