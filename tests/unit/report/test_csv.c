/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake_result.h"

static const struct infscan_render_options csv = {.format = INFSCAN_FORMAT_CSV};

/* Cells of a row of which no cell holds a quote. */
static unsigned count_cells(const char *row)
{
    unsigned quotes = 0;

    for (const char *c = row; *c; c++) {
        quotes += *c == '"';
    }
    assert_int_equal(quotes % 2, 0);
    return quotes / 2;
}

static char *header(void)
{
    struct fake_text text = {NULL, 0};

    assert_int_equal(infscan_render_header(&csv, fake_write, &text),
                     INFSCAN_OK);
    return text.bytes;
}

static void a_row_has_a_cell_for_each_column(void **state)
{
    char *names = header();
    char *row = fake_render(fake_malicious(), &csv);
    char *error = fake_render(fake_error(), &csv);

    (void)state;
    assert_int_equal(strncmp(names, "\"path\",\"status\",\"verdict\",", 26), 0);
    assert_int_equal(count_cells(names), count_cells(row));
    assert_int_equal(count_cells(names), count_cells(error));
    assert_int_equal(
        strncmp(row, "\"evil.inf\",\"partial\",\"malicious\",\"92\"", 37), 0);
    assert_int_equal(strchr(row, '\n') - row, strlen(row) - 1);
    free(names);
    free(row);
    free(error);
}

static void other_formats_have_no_header(void **state)
{
    struct infscan_render_options text = {.format = INFSCAN_FORMAT_NDJSON};
    struct fake_text out = {NULL, 0};

    (void)state;
    assert_int_equal(infscan_render_header(&text, fake_write, &out),
                     INFSCAN_OK);
    assert_int_equal(out.len, 0);
    free(out.bytes);
}

static void addresses_are_defanged_unless_asked_for(void **state)
{
    struct infscan_render_options live = csv;
    char *row = fake_render(fake_malicious(), &csv);

    (void)state;
    live.flags = INFSCAN_RENDER_NO_DEFANG;
    char *other = fake_render(fake_malicious(), &live);
    assert_null(strstr(row, "http://"));
    assert_non_null(strstr(row, "hxxp://"));
    assert_non_null(strstr(other, "http://"));
    free(row);
    free(other);
}

static void a_failure_is_a_row(void **state)
{
    struct fake_text text = {NULL, 0};
    char *names = header();

    (void)state;
    assert_int_equal(
        infscan_render_failure("a\"b", "no such file", &csv, fake_write, &text),
        INFSCAN_OK);
    assert_int_equal(strncmp(text.bytes, "\"a\"\"b\",\"error\",\"\",", 18), 0);
    assert_int_equal(count_cells(text.bytes), count_cells(names) + 1);
    free(text.bytes);
    free(names);
}

static void no_cell_is_a_formula(void **state)
{
    static const char *const names[] = {"=1+1",
                                        "+1",
                                        "-1",
                                        "@SUM(A1)",
                                        "  =cmd|x",
                                        "\xef\xbc\x9d"
                                        "1",
                                        "\xef\xbc\xa0"
                                        "x"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct fake_text text = {NULL, 0};
        assert_int_equal(
            infscan_render_failure(names[i], "x", &csv, fake_write, &text),
            INFSCAN_OK);
        assert_int_equal(strncmp(text.bytes, "\"'", 2), 0);
        free(text.bytes);
    }
}

static void nothing_steers_a_terminal(void **state)
{
    char *row = fake_render(fake_hostile(), &csv);

    (void)state;
    for (const char *c = row; *c; c++) {
        assert_true((*c >= ' ' || *c == '\n') && *c != 0x7f);
    }
    assert_int_equal(strchr(row, '\n') - row, strlen(row) - 1);
    free(row);
}

static void other_records_have_no_form(void **state)
{
    struct infscan_totals totals = {.files = 1};
    struct fake_text text = {NULL, 0};

    (void)state;
    assert_int_equal(infscan_render_totals(&totals, &csv, fake_write, &text),
                     INFSCAN_INVALID);
    assert_int_equal(
        infscan_render_document(fake_document(), &csv, fake_write, &text),
        INFSCAN_INVALID);
    assert_int_equal(text.len, 0);
    free(text.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_a_cell_for_each_column),
        cmocka_unit_test(other_formats_have_no_header),
        cmocka_unit_test(addresses_are_defanged_unless_asked_for),
        cmocka_unit_test(a_failure_is_a_row),
        cmocka_unit_test(no_cell_is_a_formula),
        cmocka_unit_test(nothing_steers_a_terminal),
        cmocka_unit_test(other_records_have_no_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
