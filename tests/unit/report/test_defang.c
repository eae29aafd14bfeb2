/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/defang.h"

static void check(const char *host, const char *in, const char *expected)
{
    struct defang_hosts hosts = {0};
    struct buf out;

    if (host) {
        defang_add_host(&hosts, str_from(host));
    }
    buf_init(&out, SIZE_MAX / 2);
    buf_add(&out, STR(""));
    defang_visible(&out, str_from(in), &hosts, NULL);
    assert_string_equal(out.bytes, expected);
    buf_deinit(&out);
}

static void urls_are_dead(void **state)
{
    (void)state;
    check(NULL, "http://a.example.invalid/x.y",
          "hxxp://a[.]example[.]invalid/x.y");
    check(NULL, "HTTPS://a.b:8080/", "HxxPS://a[.]b:8080/");
    check(NULL, "ftp://u:p@192.0.2.1/", "fxp://u:p@192[.]0[.]2[.]1/");
    check(NULL, "x('http://a.b');y.z", "x('hxxp://a[.]b');y.z");
}

static void other_text_stays(void **state)
{
    (void)state;
    check(NULL, "a.b http.dll ftp.exe 1.2", "a.b http.dll ftp.exe 1.2");
    check(NULL, "C:\\a.b\\c.d", "C:\\a.b\\c.d");
    check(NULL, "\\\\server\\a.b", "\\\\server\\a.b");
}

static void servers_and_known_hosts_are_dead(void **state)
{
    (void)state;
    check(NULL, "\\\\a.b\\c.d", "\\\\a[.]b\\c.d");
    check(NULL, "\\\\a.b@SSL\\c.d", "\\\\a[.]b@SSL\\c.d");
    check("http://a.b/c.d", "get A.B now, xa.b, c.d",
          "get A[.]B now, xa.b, c.d");
    check("plain", "plain.x", "plain.x");
}

static void marks_follow_the_text(void **state)
{
    struct defang_hosts hosts = {0};
    struct span mark = {9, 12};
    struct buf out;

    (void)state;
    buf_init(&out, SIZE_MAX / 2);
    defang_visible(&out, STR("\x1b http://a.b/c"), &hosts, &mark);
    assert_string_equal(out.bytes, "\\x1b hxxp://a[.]b/c");
    assert_int_equal(mark.from, 12);
    assert_int_equal(mark.to, 17);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_dead),
        cmocka_unit_test(other_text_stays),
        cmocka_unit_test(servers_and_known_hosts_are_dead),
        cmocka_unit_test(marks_follow_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
