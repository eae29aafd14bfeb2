/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "fake_result.h"

static const struct infscan_render_options ndjson = {.format =
                                                         INFSCAN_FORMAT_NDJSON};
static const struct infscan_render_options json = {.format =
                                                       INFSCAN_FORMAT_JSON};

static cJSON *parse(char *text)
{
    cJSON *record = cJSON_Parse(text);

    assert_non_null(record);
    assert_true(utf8_is_valid(str_from(text)));
    free(text);
    return record;
}

static const cJSON *get(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    assert_non_null(item);
    return item;
}

static const char *text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(get(object, name));
}

static int number(const cJSON *object, const char *name)
{
    return (int)cJSON_GetNumberValue(get(object, name));
}

static void members_stand_in_order(void **state)
{
    static const char *const names[] = {
        "type",    "schema_version", "tool",     "path",       "size",
        "sha256",  "status",         "encoding", "dialect",    "accepted",
        "verdict", "score",          "basis",    "summary",    "plans",
        "actions", "findings",       "counts",   "indicators", "diagnostics",
        "limits"};
    cJSON *record = parse(fake_render(fake_malicious(), &ndjson));
    const cJSON *member = record->child;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_non_null(member);
        assert_string_equal(member->string, names[i]);
        member = member->next;
    }
    assert_null(member);
    cJSON_Delete(record);
}

static void a_record_is_one_line(void **state)
{
    char *line = fake_render(fake_malicious(), &ndjson);

    (void)state;
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    free(line);
}

static void json_and_ndjson_say_the_same(void **state)
{
    cJSON *a = parse(fake_render(fake_malicious(), &ndjson));
    cJSON *b = parse(fake_render(fake_malicious(), &json));

    (void)state;
    assert_true(cJSON_Compare(a, b, 1));
    cJSON_Delete(a);
    cJSON_Delete(b);
}

static void actions_are_thinned(void **state)
{
    struct infscan_render_options all = ndjson;
    cJSON *record = parse(fake_render(fake_malicious(), &ndjson));
    const cJSON *plan = get(record, "plans")->child;

    (void)state;
    assert_int_equal(cJSON_GetArraySize(get(record, "actions")), 2);
    assert_int_equal(cJSON_GetArraySize(get(plan, "actions")), 2);
    assert_int_equal(number(get(record, "counts"), "write-registry"), 1);
    assert_null(cJSON_GetObjectItemCaseSensitive(plan, "targets"));
    assert_string_equal(get(plan->next, "targets")->child->valuestring, "x86");
    assert_null(cJSON_GetObjectItemCaseSensitive(plan, "strings"));
    assert_string_equal(text(plan->next, "strings"), "0407");
    cJSON_Delete(record);

    all.flags = INFSCAN_RENDER_ALL_ACTIONS;
    record = parse(fake_render(fake_malicious(), &all));
    assert_int_equal(cJSON_GetArraySize(get(record, "actions")), 3);
    plan = get(record, "plans")->child;
    assert_int_equal(cJSON_GetArraySize(get(plan, "actions")), 3);
    assert_int_equal(get(plan, "actions")->child->valueint, 2);
    const cJSON *registry = get(record, "actions")->child->next;
    assert_string_equal(text(registry, "root"), "HKCU");
    assert_int_equal(number(registry, "data"), 7);
    cJSON_Delete(record);
}

static void effects_go_with_all_actions(void **state)
{
    struct infscan_render_options all = ndjson;
    cJSON *record = parse(fake_render(fake_malicious(), &ndjson));

    (void)state;
    assert_null(cJSON_GetObjectItemCaseSensitive(record, "effects"));
    cJSON_Delete(record);

    all.flags = INFSCAN_RENDER_ALL_ACTIONS;
    record = parse(fake_render(fake_malicious(), &all));
    const cJSON *effect = get(record, "effects")->child;
    assert_string_equal(text(effect, "kind"), "file-written");
    assert_string_equal(text(effect, "detail"), "a.dll");
    assert_null(cJSON_GetObjectItemCaseSensitive(effect, "name"));
    assert_null(cJSON_GetObjectItemCaseSensitive(effect, "autostart"));
    effect = effect->next;
    assert_string_equal(text(effect, "name"), "Run");
    assert_string_equal(text(effect, "type"), "REG_DWORD");
    assert_string_equal(text(effect, "flags"), "only-if-absent");
    assert_string_equal(text(effect, "autostart"), "logon");
    assert_int_equal(cJSON_GetArraySize(get(effect, "launchers")), 2);
    assert_int_equal(get(effect, "actions")->child->valueint, 1);
    assert_string_equal(text(get(effect, "place"), "file"), "other.inf");
    cJSON_Delete(record);
}

static void a_difference_has_three_lists(void **state)
{
    cJSON *record = parse(fake_render_difference(fake_difference(), &ndjson));

    (void)state;
    assert_string_equal(text(record, "type"), "difference");
    assert_true(cJSON_IsFalse(get(record, "equal")));
    assert_string_equal(text(get(record, "before"), "path"), "evil.inf");
    assert_non_null(get(get(record, "after"), "path_b64"));
    assert_string_equal(text(get(record, "removed")->child, "kind"),
                        "file-written");
    assert_string_equal(text(get(record, "added")->child, "kind"),
                        "run-command");
    assert_string_equal(
        get(get(record, "added")->child, "targets")->child->valuestring,
        "amd64");
    const cJSON *changed = get(record, "changed")->child;
    assert_string_equal(text(get(changed, "before"), "name"), "Run");
    assert_string_equal(text(get(changed, "after"), "kind"), "file-written");
    assert_null(changed->next);
    cJSON_Delete(record);

    record = parse(fake_render_difference(fake_equal(), &json));
    assert_true(cJSON_IsTrue(get(record, "equal")));
    assert_int_equal(cJSON_GetArraySize(get(record, "added")), 0);
    cJSON_Delete(record);
}

static void findings_are_thinned_by_severity(void **state)
{
    struct infscan_render_options high = ndjson;
    cJSON *record;

    (void)state;
    high.min_severity = INFSCAN_HIGH;
    record = parse(fake_render(fake_malicious(), &high));
    assert_int_equal(cJSON_GetArraySize(get(record, "findings")), 1);
    assert_string_equal(text(record, "verdict"), "malicious");
    assert_int_equal(number(record, "score"), 92);
    cJSON_Delete(record);
}

static void finding_says_where(void **state)
{
    cJSON *record = parse(fake_render(fake_malicious(), &ndjson));
    const cJSON *first = get(record, "findings")->child;

    (void)state;
    assert_int_equal(number(get(first, "place"), "offset"), 102);
    assert_int_equal(number(get(first, "place"), "column"), 16);
    assert_int_equal(number(get(first, "related")->child, "line"), 2);
    assert_null(cJSON_GetObjectItemCaseSensitive(first, "layer"));
    assert_int_equal(number(first->next, "layer"), 0);
    cJSON_Delete(record);
}

static void hostile_bytes_stay_text(void **state)
{
    char *line = fake_render(fake_hostile(), &ndjson);
    cJSON *record;

    (void)state;
    assert_null(strchr(line, '\x1b'));
    assert_null(strstr(line, "\xc2\x9b"));
    assert_non_null(strstr(line, "a\\u001b[2J\\u0000b"));
    record = parse(line);
    assert_string_equal(text(record, "path"),
                        "bad\x1b]0;x\x07\xef\xbf\xbd.inf");
    assert_string_equal(text(record, "path_b64"), "YmFkG10wO3gH/i5pbmY=");
    cJSON_Delete(record);
}

static void error_record_has_no_verdict(void **state)
{
    cJSON *record = parse(fake_render(fake_error(), &ndjson));

    (void)state;
    assert_string_equal(text(record, "type"), "error");
    assert_string_equal(text(record, "status"), "error");
    assert_string_equal(text(get(record, "error"), "message"),
                        "No such file or directory");
    assert_null(cJSON_GetObjectItemCaseSensitive(record, "verdict"));
    assert_null(cJSON_GetObjectItemCaseSensitive(record, "sha256"));
    cJSON_Delete(record);
}

static void refusal_is_told(void **state)
{
    cJSON *record = parse(fake_render(fake_clean(), &ndjson));
    const cJSON *accepted = get(record, "accepted");

    (void)state;
    assert_true(cJSON_IsFalse(get(accepted, "setupapi")));
    assert_string_equal(text(accepted, "reason"), "ERROR_WRONG_INF_STYLE");
    assert_int_equal(number(accepted, "line"), 3);
    cJSON_Delete(record);
}

static void only_findings_leaves_clean_files_out(void **state)
{
    struct infscan_render_options options = ndjson;
    char *line;

    (void)state;
    options.flags = INFSCAN_RENDER_ONLY_FINDINGS;
    line = fake_render(fake_clean(), &options);
    assert_string_equal(line, "");
    free(line);
    line = fake_render(fake_error(), &options);
    assert_non_null(strstr(line, "\"error\""));
    free(line);
    options.min_severity = INFSCAN_CRITICAL;
    line = fake_render(fake_malicious(), &options);
    assert_string_equal(line, "");
    free(line);
}

static void document_keeps_nul_and_keys(void **state)
{
    char *line = fake_render_document(fake_document(), &ndjson);
    cJSON *record;

    (void)state;
    assert_non_null(strstr(line, "[\"a\\u0000b\",\"c\"]"));
    record = parse(line);
    const cJSON *section = get(record, "sections")->child;
    const cJSON *first = get(section, "lines")->child;
    assert_string_equal(text(record, "path_b64"), "bf8uaW5m");
    assert_string_equal(text(section, "name"), "Version");
    assert_string_equal(text(first, "key"), "Key");
    assert_null(cJSON_GetObjectItemCaseSensitive(first->next, "key"));
    assert_string_equal(text(first->next->next, "key"), "c");
    assert_int_equal(cJSON_GetArraySize(get(section->next, "lines")), 0);
    cJSON_Delete(record);
}

static int refuse(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    ++*(int *)context;
    return 1;
}

static void a_sink_that_stops_is_told(void **state)
{
    int calls = 0;

    (void)state;
    assert_int_equal(
        infscan_render_result(fake_malicious(), &ndjson, refuse, &calls),
        INFSCAN_IO);
    assert_int_equal(calls, 1);
}

static void peeled_is_a_decoded_record(void **state)
{
    struct fake_text out = {0};
    struct infscan_string final = {"IEX $x", 6};

    (void)state;
    assert_int_equal(infscan_render_peeled(fake_malicious(), final, &ndjson,
                                           fake_write, &out),
                     INFSCAN_OK);
    cJSON *record = parse(out.bytes);
    assert_string_equal(text(record, "type"), "decoded");
    assert_string_equal(text(record, "input"),
                        "powershell.exe -w hidden -enc SQBFAFgA");
    assert_string_equal(text(record, "final"), "IEX $x");
    assert_string_equal(text(get(record, "layers")->child->next, "gave_up"),
                        "the variable is never set");
    cJSON_Delete(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_in_order),
        cmocka_unit_test(a_record_is_one_line),
        cmocka_unit_test(json_and_ndjson_say_the_same),
        cmocka_unit_test(actions_are_thinned),
        cmocka_unit_test(effects_go_with_all_actions),
        cmocka_unit_test(a_difference_has_three_lists),
        cmocka_unit_test(findings_are_thinned_by_severity),
        cmocka_unit_test(finding_says_where),
        cmocka_unit_test(hostile_bytes_stay_text),
        cmocka_unit_test(error_record_has_no_verdict),
        cmocka_unit_test(refusal_is_told),
        cmocka_unit_test(only_findings_leaves_clean_files_out),
        cmocka_unit_test(document_keeps_nul_and_keys),
        cmocka_unit_test(a_sink_that_stops_is_told),
        cmocka_unit_test(peeled_is_a_decoded_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
