/* SPDX-License-Identifier: MIT */
/* Differences as a user of the library sees them. */
#include <infscan/infscan.h>

#include "unit.h"

#define HEAD "[Version]\nSignature=$CHICAGO$\nAdvancedINF=2.5\n"

struct pair {
    struct infscan_options options;
    struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
    struct infscan_result *before;
    struct infscan_result *after;
    struct infscan_difference *difference;
    const struct infscan_change *changes;
    size_t n;
};

static struct infscan_result *scan(struct pair *pair, const char *text)
{
    struct infscan_result *result = NULL;

    assert_int_equal(
        infscan_scan_bytes(pair->scanner, "x.inf", text, strlen(text), &result),
        INFSCAN_OK);
    return result;
}

static void compare(struct pair *pair, const char *before, const char *after)
{
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, NULL, 0, &pair->rules, NULL),
        INFSCAN_OK);
    assert_int_equal(
        infscan_scanner_new(pair->rules, &pair->options, &pair->scanner, NULL),
        INFSCAN_OK);
    pair->before = scan(pair, before);
    pair->after = scan(pair, after);
    assert_int_equal(
        infscan_difference_new(pair->before, pair->after, &pair->difference),
        INFSCAN_OK);
    pair->changes = infscan_difference_changes(pair->difference, &pair->n);
}

static void release(struct pair *pair)
{
    infscan_difference_free(pair->difference);
    infscan_result_free(pair->before);
    infscan_result_free(pair->after);
    infscan_scanner_free(pair->scanner);
    infscan_ruleset_free(pair->rules);
}

static void names_and_spelling_make_no_difference(void **state)
{
    struct pair pair = {.options = {.effects = 1}};

    (void)state;
    compare(&pair,
            HEAD "[DefaultInstall]\nRunPreSetupCommands=A\n"
                 "[A]\ncmd /c echo x\n",
            HEAD "[DefaultInstall]\nRunPreSetupCommands=Other\n"
                 "[Other]\ncmd /c e^c^ho x\ncmd /c echo x\n");
    assert_int_equal(pair.n, 0);
    release(&pair);
}

static void each_side_has_its_own(void **state)
{
    struct pair pair = {.options = {.effects = 1}};

    (void)state;
    compare(&pair, HEAD "[DefaultInstall]\nAddReg=A\n[A]\nHKLM,K,v,,1\n",
            HEAD "[DefaultInstall]\nAddReg=A\n[A]\nHKLM,k,V,,2\n");
    assert_int_equal(pair.n, 2);
    assert_null(pair.changes[0].after);
    assert_null(pair.changes[1].before);
    assert_string_equal(pair.changes[1].after->kind, "value-set");
    assert_int_equal(pair.changes[1].after->detail.bytes[0], '2');
    assert_ptr_equal(infscan_difference_before(pair.difference), pair.before);
    assert_ptr_equal(infscan_difference_after(pair.difference), pair.after);
    release(&pair);
}

static void another_way_there_has_both_sides(void **state)
{
    struct pair pair = {.options = {.effects = 1}};

    (void)state;
    compare(&pair, HEAD "[DefaultInstall]\nAddReg=A\n[A]\nHKLM,K,v,,1\n",
            HEAD "[Named]\nAddReg=A\n[A]\nHKLM,K,v,,1\n");
    assert_int_equal(pair.n, 1);
    assert_string_equal(pair.changes[0].before->launchers[0], "cmstp");
    assert_string_equal(pair.changes[0].after->launchers[0], "named-section");
    release(&pair);
}

static void a_registered_library_is_told_once(void **state)
{
    struct pair pair = {.options = {.effects = 1}};

    (void)state;
    compare(&pair, HEAD,
            HEAD "[DefaultInstall]\nRegisterDlls=R\n[R]\n11,,a.dll,1\n");
    assert_int_equal(pair.n, 1);
    assert_string_equal(pair.changes[0].after->kind, "load-dll");
    release(&pair);
}

static void without_a_ledger_nothing_is_called_equal(void **state)
{
    struct pair pair = {.options = {.effects = 1}};
    struct infscan_scanner *plain = NULL;
    struct infscan_result *result = NULL;
    struct infscan_difference *difference = NULL;
    size_t n;

    (void)state;
    compare(&pair, HEAD, HEAD);
    assert_int_equal(infscan_scanner_new(pair.rules, NULL, &plain, NULL),
                     INFSCAN_OK);
    assert_int_equal(
        infscan_scan_bytes(plain, "x.inf", HEAD, strlen(HEAD), &result),
        INFSCAN_OK);
    infscan_result_effects(result, &n);
    assert_int_equal(n, 0);
    assert_int_equal(infscan_difference_new(pair.before, result, &difference),
                     INFSCAN_INVALID);
    infscan_result_free(result);
    infscan_scanner_free(plain);
    release(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_spelling_make_no_difference),
        cmocka_unit_test(each_side_has_its_own),
        cmocka_unit_test(another_way_there_has_both_sides),
        cmocka_unit_test(a_registered_library_is_told_once),
        cmocka_unit_test(without_a_ledger_nothing_is_called_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
