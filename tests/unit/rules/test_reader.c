/* SPDX-License-Identifier: MIT */
#include "rules/reader.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct infscan_error error;
    struct rule_reader reader;
};

static void begin(struct fixture *fixture, const char *yaml)
{
    *fixture = (struct fixture){.arena = arena_new(SIZE_MAX)};
    assert_int_equal(reader_open(&fixture->reader, fixture->arena, "r.yml",
                                 str_from(yaml), &fixture->error),
                     INFSCAN_OK);
    assert_int_equal(reader_next(&fixture->reader), INFSCAN_OK);
    assert_int_equal(reader_next(&fixture->reader), INFSCAN_OK);
}

static void end(struct fixture *fixture)
{
    reader_close(&fixture->reader);
    infscan_error_clear(&fixture->error);
    arena_free(fixture->arena);
}

static void test_places_and_texts(void **state)
{
    struct fixture fixture;
    const char *text;

    (void)state;
    begin(&fixture, "- one\n-   'two'\n");
    assert_int_equal(
        reader_expect(&fixture.reader, YAML_SEQUENCE_START_EVENT, ""),
        INFSCAN_OK);
    assert_int_equal(reader_next(&fixture.reader), INFSCAN_OK);
    assert_str(reader_scalar(&fixture.reader), "one");
    assert_int_equal(reader_next(&fixture.reader), INFSCAN_OK);
    assert_int_equal(reader_line(&fixture.reader), 2);
    assert_int_equal(reader_column(&fixture.reader), 5);
    assert_int_equal(reader_take_line(&fixture.reader, "k", &text), INFSCAN_OK);
    assert_string_equal(text, "two");
    end(&fixture);
}

/* What is passed may hold what would be refused. */
static void test_goes_on_behind_a_complaint(void **state)
{
    struct fixture fixture;
    struct rule_reader *reader = &fixture.reader;

    (void)state;
    begin(&fixture, "- &a [x, {y: *a}, [!t z]]\n- last\n");
    assert_int_equal(reader_next(reader), INFSCAN_OK);
    uint32_t depth = reader->depth;
    assert_int_equal(reader_next(reader), INFSCAN_INVALID);
    assert_int_equal(fixture.error.line, 1);
    assert_non_null(strstr(fixture.error.message, "anchors"));
    assert_int_equal(reader_skip_to(reader, depth), INFSCAN_OK);
    assert_int_equal(reader_next(reader), INFSCAN_OK);
    assert_str(reader_scalar(reader), "last");
    end(&fixture);
}

static void test_skips_what_an_event_begins(void **state)
{
    struct fixture fixture;
    struct rule_reader *reader = &fixture.reader;

    (void)state;
    begin(&fixture, "- {a: [b, c], d: {}}\n- last\n- [\n");
    assert_int_equal(reader_next(reader), INFSCAN_OK);
    assert_int_equal(reader_skip(reader), INFSCAN_OK);
    assert_int_equal(reader_skip(reader), INFSCAN_OK);
    assert_str(reader_scalar(reader), "last");
    assert_int_equal(reader_skip(reader), INFSCAN_INVALID);
    assert_false(reader->has_event);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_and_texts),
        cmocka_unit_test(test_goes_on_behind_a_complaint),
        cmocka_unit_test(test_skips_what_an_event_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
