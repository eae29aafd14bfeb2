/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <infscan/infscan.h>

#include "small_zip.h"
#include "unit.h"

#define HEAD "[Version]\r\nSignature=\"$Windows NT$\"\r\n[DefaultInstall]\r\n"

/* What a receiver got, in order. */
struct got {
    struct infscan_result *results[64];
    size_t n;
    size_t most; /* after so many it wants no more */
};

static struct infscan_ruleset *rules;

static int set_up(void **state)
{
    (void)state;
    return infscan_ruleset_new(INFSCAN_RULESET_EMPTY, NULL, 0, &rules, NULL) !=
           INFSCAN_OK;
}

static int tear_down(void **state)
{
    (void)state;
    infscan_ruleset_free(rules);
    return 0;
}

static int take(void *context, struct infscan_result *result)
{
    struct got *got = context;

    assert_true(got->n < 64);
    got->results[got->n++] = result;
    return got->n == got->most;
}

static void scan(struct small_zip *zip, const struct infscan_options *options,
                 struct got *got)
{
    struct infscan_scanner *scanner = NULL;
    struct str bytes = zip_end(zip);

    assert_int_equal(infscan_scanner_new(rules, options, &scanner, NULL),
                     INFSCAN_OK);
    assert_int_equal(infscan_scan_bytes_each(scanner, "a.zip", bytes.bytes,
                                             bytes.len, take, got),
                     INFSCAN_OK);
    infscan_scanner_free(scanner); /* results do not need it */
    buf_deinit(&zip->bytes);
}

static void release(struct got *got)
{
    for (size_t i = 0; i < got->n; i++) {
        infscan_result_free(got->results[i]);
    }
    *got = (struct got){0};
}

static const struct infscan_summary *summary(const struct got *got, size_t i)
{
    assert_true(i < got->n);
    return infscan_result_summary(got->results[i]);
}

#define assert_member(got, i, literal)                                         \
    do {                                                                       \
        struct infscan_string member = summary(got, i)->member;                \
        assert_str(str_of(member.bytes, member.len), literal);                 \
    } while (0)

static void test_members_come_before_the_archive(void **state)
{
    struct got got = {0};
    struct small_zip inner;
    struct small_zip outer;

    (void)state;
    zip_begin(&inner);
    zip_add(&inner, STR("x.inf"), STR(HEAD));
    zip_begin(&outer);
    zip_add(&outer, STR("b.inf"), STR(HEAD));
    zip_add(&outer, STR("text"), STR("text"));
    zip_add(&outer, STR("n/inner"), zip_end(&inner));
    zip_add(&outer, STR("a.inf"), STR(HEAD));
    scan(&outer, NULL, &got);
    buf_deinit(&inner.bytes);
    assert_int_equal(got.n, 5);
    assert_member(&got, 0, "b.inf");
    assert_member(&got, 1, "n/inner/x.inf");
    assert_member(&got, 2, "n/inner");
    assert_member(&got, 3, "a.inf");
    assert_member(&got, 4, "");
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(summary(&got, i)->path.bytes, "a.zip");
        assert_int_equal(summary(&got, i)->status, INFSCAN_RESULT_OK);
        assert_int_equal(infscan_result_archive(got.results[i]) != NULL,
                         i == 2 || i == 4);
    }
    const struct infscan_archive *archive =
        infscan_result_archive(got.results[4]);
    assert_string_equal(archive->format, "zip");
    assert_int_equal(archive->members, 4);
    assert_int_equal(archive->analysed, 2);
    assert_int_equal(archive->archives, 1);
    assert_int_equal(archive->not_inf, 1);
    release(&got);
}

static void test_a_member_without_name_has_one(void **state)
{
    struct got got = {0};
    struct small_zip zip;

    (void)state;
    zip_begin(&zip);
    zip_add(&zip, STR("a"), STR(HEAD));
    zip_add(&zip, STR(""), STR(HEAD));
    scan(&zip, NULL, &got);
    assert_int_equal(got.n, 3);
    assert_member(&got, 1, "unnamed-2");
    release(&got);
}

static void test_a_receiver_may_stop(void **state)
{
    struct got got = {.most = 2};
    struct small_zip zip;

    (void)state;
    zip_begin(&zip);
    zip_add(&zip, STR("1.inf"), STR(HEAD));
    zip_add(&zip, STR("2.inf"), STR(HEAD));
    zip_add(&zip, STR("3.inf"), STR(HEAD));
    scan(&zip, NULL, &got);
    assert_int_equal(got.n, 2);
    release(&got);
}

static void test_one_result_is_that_of_the_archive(void **state)
{
    struct infscan_scanner *scanner = NULL;
    struct infscan_result *result = NULL;
    struct small_zip zip;

    (void)state;
    zip_begin(&zip);
    zip_add(&zip, STR("1.inf"), STR(HEAD));
    struct str bytes = zip_end(&zip);
    assert_int_equal(infscan_scanner_new(rules, NULL, &scanner, NULL),
                     INFSCAN_OK);
    assert_int_equal(
        infscan_scan_bytes(scanner, "a.zip", bytes.bytes, bytes.len, &result),
        INFSCAN_OK);
    assert_non_null(infscan_result_archive(result));
    assert_int_equal(infscan_result_summary(result)->member.len, 0);
    infscan_result_free(result);
    infscan_scanner_free(scanner);
    buf_deinit(&zip.bytes);
}

/* The limit that cut a result, and that it does not read as clean. */
static void expect_limit(const struct got *got, size_t i, const char *name)
{
    size_t n;
    const struct infscan_limit_hit *limits =
        infscan_result_limits(got->results[i], &n);

    assert_int_equal(n, 1);
    assert_string_equal(limits[0].name, name);
    assert_int_equal(summary(got, i)->status, INFSCAN_RESULT_PARTIAL);
    assert_int_equal(summary(got, i)->verdict, INFSCAN_SUSPICIOUS);
}

static void test_limits_are_said(void **state)
{
    static const struct {
        struct infscan_limit_value limit;
        size_t n; /* of results */
    } rows[] = {
        {{"archive_members", 1}, 2},
        {{"archive_bytes", 100}, 3},
        {{"archive_depth", 1}, 4},
        {{"archive_member_bytes", 50}, 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct infscan_options options = {.limits = &rows[i].limit,
                                                .n_limits = 1};
        struct got got = {0};
        struct small_zip inner;
        struct small_zip outer;
        zip_begin(&inner);
        zip_add(&inner, STR("x.inf"), STR(HEAD));
        zip_begin(&outer);
        zip_add(&outer, STR("a.inf"), STR(HEAD));
        zip_add(&outer, STR("b.inf"), STR(HEAD));
        zip_add(&outer, STR("inner"), zip_end(&inner));
        scan(&outer, &options, &got);
        buf_deinit(&inner.bytes);
        assert_int_equal(got.n, rows[i].n);
        expect_limit(&got, got.n - 1, rows[i].limit.name);
        release(&got);
    }
}

/* More than is kept: the members are read a second time, and what one includes
 * by itself. */
static void test_members_that_are_not_kept(void **state)
{
    enum {
        BYTES = 1 << 20,
        N = 18
    };
    char *bytes = malloc(BYTES);
    struct got got = {0};
    struct small_zip zip;
    size_t n;

    (void)state;
    assert_non_null(bytes);
    memset(bytes, ' ', BYTES);
    memcpy(bytes, HEAD, sizeof HEAD - 1);
    zip_begin(&zip);
    for (char i = 0; i < N; i++) {
        const char name[] = {'i', (char)('a' + i), '.', 'i', 'n', 'f'};
        zip_add(&zip, str_of(name, sizeof name), str_of(bytes, BYTES));
    }
    zip_add(&zip, STR("m.inf"),
            STR(HEAD "Include=I"
                     "R.INF,ib.inf\r\n"));
    scan(&zip, NULL, &got);
    free(bytes);
    assert_int_equal(got.n, N + 2);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(summary(&got, i)->size, BYTES);
        assert_int_equal(summary(&got, i)->status, INFSCAN_RESULT_OK);
    }
    const struct infscan_companion *companions =
        infscan_result_companions(got.results[N], &n);
    assert_int_equal(n, 2);
    assert_true(companions[0].present && companions[1].present);
    assert_string_equal(companions[0].sha256, companions[1].sha256);
    release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_come_before_the_archive),
        cmocka_unit_test(test_a_member_without_name_has_one),
        cmocka_unit_test(test_a_receiver_may_stop),
        cmocka_unit_test(test_one_result_is_that_of_the_archive),
        cmocka_unit_test(test_limits_are_said),
        cmocka_unit_test(test_members_that_are_not_kept),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
