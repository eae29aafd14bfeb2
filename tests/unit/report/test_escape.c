/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/escape.h"

typedef void escape_fn(struct buf *out, struct str s);

static void check(escape_fn *escape, struct str in, const char *expected)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 2);
    buf_add(&out, STR(""));
    escape(&out, in);
    assert_false(out.failed);
    assert_string_equal(out.bytes, expected);
    buf_deinit(&out);
}

static void plain_text_stays(void **state)
{
    (void)state;
    check(escape_visible, STR("C:\\dir\\a b.exe"), "C:\\dir\\a b.exe");
    check(escape_visible,
          STR("gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x98\x80"),
          "gr\xc3\xbc\xc3\x9f \xe6\xbc\xa2 \xf0\x9f\x98\x80");
    check(escape_visible, STR(""), "");
}

static void controls_become_visible(void **state)
{
    (void)state;
    check(escape_visible, STR("a\x1b[2J\tb\n\x7f"),
          "a\\x1b[2J\\x09b\\x0a\\x7f");
    check(escape_visible, STR("a\0b"), "a\\x00b");
    check(escape_visible, STR("\xc2\x9b"), "\\u009b");
}

static void bad_bytes_become_visible(void **state)
{
    (void)state;
    check(escape_visible, STR("a\xff\xc3"), "a\\xff\\xc3");
    check(escape_visible, STR("\xed\xa0\xbd"), "\\ud83d");
    check(escape_visible, STR("\xc0\x9b"), "\\xc0\\x9b");
    check(escape_visible, STR("\xef\xbf\xbd"), "\xef\xbf\xbd");
}

static void misleading_characters_become_visible(void **state)
{
    (void)state;
    check(escape_visible, STR("\xe2\x80\xae"), "\\u202e");
    check(escape_visible, STR("\xe2\x80\x8b"), "\\u200b");
    check(escape_visible, STR("\xe2\x80\xa8"), "\\u2028");
    check(escape_visible, STR("\xef\xbb\xbf"), "\\ufeff");
    check(escape_visible, STR("\xf3\xa0\x80\x81"), "\\U000e0001");
}

static void json_keeps_the_value(void **state)
{
    (void)state;
    check(escape_json, STR("a\"\\/\b\f\n\r\t"),
          "\"a\\\"\\\\/\\b\\f\\n\\r\\t\"");
    check(escape_json, STR("a\0b\x1b\x7f"), "\"a\\u0000b\\u001b\\u007f\"");
    check(escape_json, STR("\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81"),
          "\"\\u009b\\u202e\\udb40\\udc01\"");
    check(escape_json, STR("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

/* Eight bytes are looked at together. */
static void json_finds_odd_bytes_anywhere(void **state)
{
    static const unsigned char odd[] = {0x00, 0x1F, '"', '\\', 0x7F, 0xFF};

    (void)state;
    for (size_t i = 0; i < sizeof odd * 20; i++) {
        char text[] = " !#[]~AZ az09 !#[]~z";
        struct buf buf;
        text[i % 20] = (char)odd[i / 20];
        buf_init(&buf, 100);
        escape_json(&buf, str_of(text, 20));
        struct str out = buf_str(&buf);
        assert_memory_equal(out.bytes + 1, text, i % 20);
        assert_true(out.bytes[1 + i % 20] == '\\' || odd[i / 20] == 0xFF);
        assert_memory_equal(out.bytes + out.len - 1 - (19 - i % 20),
                            text + 1 + i % 20, 19 - i % 20);
        buf_deinit(&buf);
    }
}

static void json_replaces_what_is_not_text(void **state)
{
    (void)state;
    check(escape_json, STR("a\xff"), "\"a\xef\xbf\xbd\"");
    check(escape_json, STR("\xed\xa0\xbd"), "\"\xef\xbf\xbd\"");
    check(escape_json, STR("\xed\xa0\xbd\xed\xb8\x80"),
          "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    check(escape_json, STR("\xf0\x9f\x98"),
          "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void blanks_in_a_row_are_visible(void **state)
{
    (void)state;
    check(escape_unwrapped, STR("a b  c    d\x1b"),
          "a b \\x20c \\x20\\x20\\x20d\\x1b");
    check(escape_unwrapped, STR("  a"), "\\x20\\x20a");
}

static void odd_blanks_are_visible(void **state)
{
    (void)state;
    check(escape_visible,
          STR("a\xc2\xa0"
              "b\xe3\x80\x80"
              "c\xe2\xa0\x80"),
          "a\\u00a0b\\u3000c\\u2800");
}

static void marks_do_not_pile_up(void **state)
{
    (void)state;
    check(escape_visible,
          STR("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
              "a\xcc\x81"),
          "e\xcc\x81\xcc\x81\xcc\x81\\u0301"
          "a\xcc\x81");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_in_a_row_are_visible),
        cmocka_unit_test(odd_blanks_are_visible),
        cmocka_unit_test(marks_do_not_pile_up),
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(controls_become_visible),
        cmocka_unit_test(bad_bytes_become_visible),
        cmocka_unit_test(misleading_characters_become_visible),
        cmocka_unit_test(json_keeps_the_value),
        cmocka_unit_test(json_finds_odd_bytes_anywhere),
        cmocka_unit_test(json_replaces_what_is_not_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
