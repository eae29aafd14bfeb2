/* SPDX-License-Identifier: MIT */
#include <infscan/document.h>

#include "unit.h"

#define INF                                                                    \
    "[Version]\nSignature=$CHICAGO$\n[S]\n%k%=a,%11%,\"b c\"\nlonely\nx,y\n"   \
    "[Strings]\nk=AddReg\n[s]\nlast=1\n"

static struct infscan_document *read_model(enum infscan_substitution mode)
{
    struct infscan_document *document;

    assert_int_equal(infscan_document_bytes("x.inf", INF, sizeof INF - 1, NULL,
                                            mode, &document, NULL),
                     INFSCAN_OK);
    return document;
}

#define assert_string(actual, literal)                                         \
    assert_str(str_of((actual).bytes, (actual).len), literal)

static void test_substituted(void **state)
{
    struct infscan_document *document = read_model(INFSCAN_SUBSTITUTE);
    size_t n;
    const struct infscan_document_section *sections =
        infscan_document_sections(document, &n);

    (void)state;
    assert_int_equal(n, 3);
    assert_string(sections[1].name, "S");
    assert_int_equal(sections[1].n_lines, 4);
    assert_string(sections[1].lines[0].key, "AddReg");
    assert_string(sections[1].lines[0].fields[1], "C:\\Windows\\System32");
    assert_true(sections[1].lines[1].has_key);
    assert_string(sections[1].lines[1].key, "lonely");
    assert_false(sections[1].lines[2].has_key);
    assert_int_equal(sections[1].lines[3].line, 10);
    assert_true(infscan_document_get_summary(document)->accepted);
    infscan_document_free(document);
}

static void test_raw(void **state)
{
    struct infscan_document *document = read_model(INFSCAN_RAW);
    size_t n;
    const struct infscan_document_section *sections =
        infscan_document_sections(document, &n);

    (void)state;
    assert_string(sections[1].lines[0].key, "%k%");
    assert_string(sections[1].lines[0].fields[1], "%11%");
    infscan_document_free(document);
}

static void test_failures_are_statuses(void **state)
{
    struct infscan_options options = {.codepage = 1};
    struct infscan_document *document = NULL;
    struct infscan_error error = {0};

    (void)state;
    assert_int_equal(infscan_document_file("/nonexistent", NULL, INFSCAN_RAW,
                                           &document, &error),
                     INFSCAN_IO);
    assert_string_equal(error.file, "/nonexistent");
    assert_int_equal(infscan_document_bytes("x", "", 0, &options, INFSCAN_RAW,
                                            &document, &error),
                     INFSCAN_INVALID);
    assert_null(document);
    infscan_document_free(NULL);
    infscan_error_clear(&error);
}

static void test_refused_odd_utf16(void **state)
{
    static const char raw[] = "\xFF\xFE[\0A\0]\0\n";
    struct infscan_document *document;

    (void)state;
    assert_int_equal(
        infscan_document_bytes("x", raw, 9, NULL, INFSCAN_RAW, &document, NULL),
        INFSCAN_OK);
    const struct infscan_document_summary *summary =
        infscan_document_get_summary(document);
    assert_false(summary->accepted);
    assert_string_equal(summary->refusal, "ERROR_EXPECTED_SECTION_NAME");
    assert_int_equal(summary->refusal_line, 1);
    infscan_document_free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_substituted),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_failures_are_statuses),
        cmocka_unit_test(test_refused_odd_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
