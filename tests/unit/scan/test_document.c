/* SPDX-License-Identifier: MIT */
#include <infscan/document.h>

#include "base/buf.h"
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
    struct infscan_document_section section;
    size_t n;

    (void)state;
    assert_false(infscan_document_get_section(document, 3, &section));
    assert_true(infscan_document_get_section(document, 1, &section));
    assert_string(section.name, "S");
    assert_int_equal(section.n_lines, 4);
    assert_true(infscan_document_get_summary(document)->accepted);
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);
    struct infscan_document_line line;
    infscan_document_cursor_enter(cursor, 1);
    assert_true(infscan_document_next(cursor, &line));
    assert_string(line.key, "AddReg");
    assert_string(infscan_document_field(cursor, 1), "C:\\Windows\\System32");
    assert_string(line.key, "AddReg");
    assert_true(infscan_document_next(cursor, &line));
    assert_true(line.has_key);
    assert_string(line.key, "lonely");
    assert_true(infscan_document_next(cursor, &line));
    assert_false(line.has_key);
    assert_true(infscan_document_next(cursor, &line));
    assert_int_equal(line.line, 10);
    assert_false(infscan_document_next(cursor, &line));
    assert_string(infscan_document_field(cursor, 0), "");
    infscan_document_cursor_limits(cursor, &n);
    assert_int_equal(n, 0);
    infscan_document_cursor_enter(cursor, 99);
    assert_false(infscan_document_next(cursor, &line));
    infscan_document_cursor_free(cursor);
    infscan_document_free(document);
}

static void test_raw(void **state)
{
    struct infscan_document *document = read_model(INFSCAN_RAW);
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);
    struct infscan_document_line line;

    (void)state;
    infscan_document_cursor_enter(cursor, 1);
    assert_true(infscan_document_next(cursor, &line));
    assert_string(line.key, "%k%");
    assert_string(infscan_document_field(cursor, 1), "%11%");
    infscan_document_cursor_free(cursor);
    infscan_document_free(document);
}

/* 2000 tokens of 4 KB each: more than one line may grow to. */
static void test_a_limit_on_the_way_is_told(void **state)
{
    struct infscan_document *document;
    struct infscan_document_line line;
    struct buf inf;
    size_t n;

    (void)state;
    buf_init(&inf, 1 << 20);
    buf_add_z(&inf, "[Version]\nSignature=$CHICAGO$\n[Strings]\ns=");
    for (int i = 0; i < 4096; i++) {
        buf_add_char(&inf, 'x');
    }
    buf_add_z(&inf, "\n[S]\nk=");
    for (int i = 0; i < 2000; i++) {
        buf_add_z(&inf, "%s%");
    }
    assert_int_equal(infscan_document_bytes("x.inf", inf.bytes, inf.len, NULL,
                                            INFSCAN_SUBSTITUTE, &document,
                                            NULL),
                     INFSCAN_OK);
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);
    infscan_document_cursor_enter(cursor, 2);
    assert_true(infscan_document_next(cursor, &line));
    assert_int_equal(infscan_document_field(cursor, 0).len, 6000);
    const struct infscan_limit_hit *limits =
        infscan_document_cursor_limits(cursor, &n);
    assert_int_equal(n, 1);
    assert_string_equal(limits[0].name, "expansion_bytes");
    infscan_document_cursor_free(cursor);
    infscan_document_free(document);
    buf_deinit(&inf);
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
        cmocka_unit_test(test_a_limit_on_the_way_is_told),
        cmocka_unit_test(test_failures_are_statuses),
        cmocka_unit_test(test_refused_odd_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
