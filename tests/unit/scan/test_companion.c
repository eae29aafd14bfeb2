/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/scanner.h"
#include "unit.h"

static void assert_name(const char *written, const char *expected)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct str name = companion_name(arena, str_from(written));

    if (expected) {
        assert_true(str_equal(name, str_from(expected)));
    } else {
        assert_null(name.bytes);
    }
    arena_free(arena);
}

static void test_names_that_stay_inside(void **state)
{
    (void)state;
    assert_name("a.inf", "a.inf");
    assert_name(" .\\a.inf ", "a.inf");
    assert_name("sub/./b.dll", "sub\\b.dll");
    assert_name("sub\\\\b.dll", "sub\\b.dll");
}

static void test_names_that_lead_out(void **state)
{
    (void)state;
    assert_name("", NULL);
    assert_name("..\\a.inf", NULL);
    assert_name("sub\\..\\..\\a.inf", NULL);
    assert_name("\\a.inf", NULL);
    assert_name("/etc/passwd", NULL);
    assert_name("\\\\host\\share\\a.inf", NULL);
    assert_name("C:\\a.inf", NULL);
    assert_name("c:a.inf", NULL);
    assert_name("a.inf:stream", NULL);
    assert_name("http://example.invalid/a.inf", NULL);
    assert_name("*.inf", NULL);
    assert_name("sub\\", NULL);
    assert_name("a\nb", NULL);
}

struct scratch {
    char path[64];
    char inf[80];
    struct folder_names *names;
    struct folder folder;
    struct companion_source source;
};

static void put(const struct scratch *scratch, const char *name,
                const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", scratch->path, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void begin(struct scratch *scratch)
{
    snprintf(scratch->path, sizeof scratch->path, "/tmp/infscan-XXXXXX");
    assert_non_null(mkdtemp(scratch->path));
    snprintf(scratch->inf, sizeof scratch->inf, "%s/main.inf", scratch->path);
    scratch->names = folder_names_new(1000);
    scratch->source =
        folder_source(&scratch->folder, scratch->inf, scratch->names);
}

static void end(struct scratch *scratch)
{
    char command[96];

    folder_close(&scratch->folder);
    folder_names_free(scratch->names);
    snprintf(command, sizeof command, "rm -rf %s", scratch->path);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static bool read_name(struct scratch *scratch, const char *name,
                      struct arena *arena, struct companion_file *out)
{
    struct companion_request request = {str_from(name), 100, arena};

    return scratch->source.read(scratch->source.context, &request, out);
}

static void test_a_name_in_any_letter_case(void **state)
{
    struct scratch scratch;
    struct companion_file file;
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    begin(&scratch);
    put(&scratch, "b.INF", "second");
    put(&scratch, "B.inf", "first");
    assert_true(read_name(&scratch, "B.INF", arena, &file));
    assert_str(file.bytes, "first"); /* of two the one that sorts first */
    assert_true(read_name(&scratch, "b.INF", arena, &file));
    assert_str(file.bytes, "second"); /* the very spelling wins */
    assert_false(read_name(&scratch, "c.inf", arena, &file));
    end(&scratch);
    arena_free(arena);
}

static void test_digests(void **state)
{
    struct scratch scratch;
    struct companion_file file;

    (void)state;
    begin(&scratch);
    put(&scratch, "abc", "abc");
    put(&scratch, "large",
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "01234567890123456789012345678901234567890123456789");
    assert_true(read_name(&scratch, "abc", NULL, &file));
    assert_int_equal(file.size, 3);
    assert_string_equal(
        file.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(read_name(&scratch, "large", NULL, &file));
    assert_int_equal(file.size, 120);
    assert_string_equal(file.sha256, "");
    end(&scratch);
}

static void test_what_is_no_plain_file_is_not_opened(void **state)
{
    struct scratch scratch;
    struct companion_file file;
    char path[160];

    (void)state;
    begin(&scratch);
    snprintf(path, sizeof path, "%s/link", scratch.path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/out", scratch.path);
    assert_int_equal(symlink("/etc", path), 0);
    snprintf(path, sizeof path, "%s/pipe", scratch.path);
    assert_int_equal(mkfifo(path, 0600), 0);
    snprintf(path, sizeof path, "%s/dir", scratch.path);
    assert_int_equal(mkdir(path, 0700), 0);
    put(&scratch, "dir/In.txt", "in");
    assert_false(read_name(&scratch, "link", NULL, &file));
    assert_false(read_name(&scratch, "out\\passwd", NULL, &file));
    assert_false(read_name(&scratch, "pipe", NULL, &file));
    assert_false(read_name(&scratch, "dir", NULL, &file));
    assert_true(read_name(&scratch, "DIR\\in.TXT", NULL, &file));
    end(&scratch);
}

static void test_bytes_that_stand_alone_have_none(void **state)
{
    struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    size_t n;
    struct str raw = STR("[Version]\nSignature=$CHICAGO$\n[DefaultInstall]\n"
                         "Include=b.inf\n");

    (void)state;
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, NULL, 0, &rules, NULL),
        INFSCAN_OK);
    assert_int_equal(infscan_scanner_new(rules, NULL, &scanner, NULL),
                     INFSCAN_OK);
    assert_int_equal(
        infscan_scan_bytes(scanner, "x.inf", raw.bytes, raw.len, &result),
        INFSCAN_OK);
    infscan_result_companions(result, &n);
    assert_int_equal(n, 0);
    infscan_result_free(result);
    infscan_scanner_free(scanner);
    infscan_ruleset_free(rules);
}

/* A chain of files, each of which includes the next: cut at the limit. */
static void test_a_long_chain_is_cut_and_said(void **state)
{
    struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    struct scratch scratch;
    const struct infscan_limit_value depth = {"chain_depth", 16};
    const struct infscan_options options = {.limits = &depth, .n_limits = 1};
    size_t n;

    (void)state;
    begin(&scratch);
    for (unsigned i = 0; i < 40; i++) {
        char name[16];
        char text[120];
        snprintf(name, sizeof name, i ? "%u.inf" : "main.inf", i);
        snprintf(text, sizeof text,
                 "[Version]\nSignature=$CHICAGO$\n[DefaultInstall]\n"
                 "Include=%u.inf\n",
                 i + 1);
        put(&scratch, name, text);
    }
    assert_int_equal(
        infscan_ruleset_new(INFSCAN_RULESET_EMPTY, NULL, 0, &rules, NULL),
        INFSCAN_OK);
    assert_int_equal(infscan_scanner_new(rules, &options, &scanner, NULL),
                     INFSCAN_OK);
    assert_int_equal(infscan_scan_file(scanner, scratch.inf, &result),
                     INFSCAN_OK);
    const struct infscan_limit_hit *limits = infscan_result_limits(result, &n);
    assert_int_equal(n, 1);
    assert_string_equal(limits[0].name, "chain_depth");
    assert_int_equal(infscan_result_summary(result)->status,
                     INFSCAN_RESULT_PARTIAL);
    assert_int_not_equal(infscan_result_summary(result)->verdict,
                         INFSCAN_CLEAN);
    infscan_result_free(result);
    infscan_scanner_free(scanner);
    infscan_ruleset_free(rules);
    end(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_that_stay_inside),
        cmocka_unit_test(test_names_that_lead_out),
        cmocka_unit_test(test_a_name_in_any_letter_case),
        cmocka_unit_test(test_digests),
        cmocka_unit_test(test_what_is_no_plain_file_is_not_opened),
        cmocka_unit_test(test_bytes_that_stand_alone_have_none),
        cmocka_unit_test(test_a_long_chain_is_cut_and_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
