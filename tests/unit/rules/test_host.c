/* SPDX-License-Identifier: MIT */
#include "rules/host.h"
#include "unit.h"

static void test_of_ip6(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        unsigned groups;
    } rows[] = {
        {"2001:db8::1", 11, 3},
        {"2001:db8::1]:80", 11, 3},
        {"2001:db8:0:0:0:0:0:1", 20, 8},
        {"1:2:3:4:5:6:192.0.2.1", 21, 8},
        {"::ffff:192.0.2.1", 16, 3},
        {"fe80::", 6, 1},
        {"2001:db8::1:", 11, 3},
        {"::", 0, 0},
        {"12:30:45", 0, 3},
        {"aa:bb:cc:dd:ee:ff", 0, 6},
        {"1:2:3:4:5:6:7:8::", 0, 8},
        {"1:2:3:4:5:6:7", 0, 7},
        {"2001:db8::12345", 10, 2},
        {"1::2::3", 4, 2},
        {"", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned groups;
        size_t n = host_ip6_length(str_from(rows[i].text), 0, &groups);
        if (n != rows[i].length || (n && groups != rows[i].groups)) {
            fail_msg("%s: %zu bytes, %u groups", rows[i].text, n, groups);
        }
    }
}

static void test_of_unusual_ip4(void **state)
{
    static const struct {
        const char *text;
        const char *address; /* NULL: none, or the usual spelling */
    } rows[] = {
        {"3221225985", "192.0.2.1"},
        {"0xC0000201", "192.0.2.1"},
        {"0xc0.0.2.1", "192.0.2.1"},
        {"0300.0.02.01", "192.0.2.1"},
        {"192.0.513", "192.0.2.1"},
        {"192.513", "192.0.2.1"},
        {"0xC0.0x0.0x2.01", "192.0.2.1"},
        {"192.0.2.1", NULL},
        {"192.0.2.256", NULL},
        {"4294967296", NULL},
        {"256.1.1", NULL},
        {"09.0.0.1", NULL},
        {"1.2.3.4.5", NULL},
        {"0x", NULL},
        {"1234", NULL},
        {"a.b", NULL},
        {"", NULL},
        {"192.0.2.", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[HOST_IP4_BYTES] = "";
        bool found = host_unusual_ip4(str_from(rows[i].text), out);
        if (found != (rows[i].address != NULL)) {
            fail_msg("%s: %s", rows[i].text, found ? out : "none");
        }
        if (found) {
            assert_string_equal(out, rows[i].address);
        }
    }
}

static void test_of_literals(void **state)
{
    char out[64];

    (void)state;
    assert_int_equal(
        host_ip6_of_literal(STR("2001-db8--1.ipv6-literal.net"), out), 11);
    assert_memory_equal(out, "2001:db8::1", 11);
    assert_int_equal(
        host_ip6_of_literal(STR("fe80--1-2s4.IPv6-Literal.net"), out), 9);
    assert_memory_equal(out, "fe80::1:2", 9);
    assert_int_equal(host_ip6_of_literal(STR("a.example.invalid"), out), 0);
    assert_int_equal(host_ip6_of_literal(STR(".ipv6-literal.net"), out), 0);
}

static void test_of_names(void **state)
{
    (void)state;
    assert_true(host_has_domain(STR("a.example.com")));
    assert_true(host_has_domain(STR("a.ru")));
    assert_false(host_has_domain(STR("setup.exe")));
    assert_false(host_has_domain(STR("run.js")));
    assert_false(host_has_domain(STR("com")));
    assert_false(host_has_domain(STR(".com")));
    assert_false(host_has_domain(STR("1.2.3.4")));
    assert_true(host_is_loopback(STR("LocalHost")));
    assert_true(host_is_loopback(STR("127.0.0.5")));
    assert_false(host_is_loopback(STR("127.example.com")));
    assert_true(host_is_namespace(STR("www.W3.org")));
    assert_false(host_is_namespace(STR("w3.org")));
}

static void test_of_ports(void **state)
{
    (void)state;
    assert_int_equal(host_port(STR("a:8080/"), 1, ':'), 8080);
    assert_int_equal(host_port(STR("a:65536"), 1, ':'), 0);
    assert_int_equal(host_port(STR("a:123456"), 1, ':'), 0);
    assert_int_equal(host_port(STR("a:"), 1, ':'), 0);
    assert_int_equal(host_port(STR("a@443"), 1, ':'), 0);
    assert_int_equal(host_port(STR("a"), 1, ':'), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_ip6),
        cmocka_unit_test(test_of_unusual_ip4),
        cmocka_unit_test(test_of_literals),
        cmocka_unit_test(test_of_names),
        cmocka_unit_test(test_of_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
