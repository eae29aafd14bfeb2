/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/digest.h"
#include "scan/input.h"
#include "unit.h"

static char folder[] = "/tmp/infscan-input-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink("plain");
    unlink("sparse");
    unlink("fifo");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

static void test_reads_a_file(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct str out;

    (void)state;
    write_file("plain", "a\0b", 3);
    assert_int_equal(input_read_file(arena, "plain", 100, &out, NULL),
                     INFSCAN_OK);
    assert_str(out, "a\0b");
    assert_int_equal(input_read_file(arena, "plain", 3, &out, NULL),
                     INFSCAN_OK);
    assert_int_equal(input_read_file(arena, "plain", 2, &out, NULL),
                     INFSCAN_LIMIT);
    arena_free(arena);
}

static void test_refuses_a_huge_file_unread(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct infscan_error error = {0};
    struct str out;

    (void)state;
    write_file("sparse", "", 0);
    assert_int_equal(truncate("sparse", (off_t)3 << 30), 0);
    assert_int_equal(input_read_file(arena, "sparse", 1 << 26, &out, &error),
                     INFSCAN_LIMIT);
    assert_non_null(strstr(error.message, "file_bytes"));
    infscan_error_clear(&error);
    arena_free(arena);
}

static void test_opens_no_fifo(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct infscan_error error = {0};
    struct str out;

    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(input_read_file(arena, "fifo", 100, &out, &error),
                     INFSCAN_IO);
    assert_string_equal(error.message, "not a regular file");
    infscan_error_clear(&error);
    arena_free(arena);
}

static void test_reads_a_pipe_to_its_end(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct str out;
    int ends[2];
    char block[20000];

    (void)state;
    memset(block, 'x', sizeof block);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], block, sizeof block), sizeof block);
    close(ends[1]);
    assert_int_equal(input_read_fd(arena, "-", ends[0], 1 << 20, &out, NULL),
                     INFSCAN_OK);
    assert_int_equal(out.len, sizeof block);
    close(ends[0]);
    arena_free(arena);
}

static void test_digest(void **state)
{
    char hex[65];

    (void)state;
    digest_sha256(STR("abc"), hex); /* FIPS 180-4, appendix */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_file),
        cmocka_unit_test(test_refuses_a_huge_file_unread),
        cmocka_unit_test(test_opens_no_fifo),
        cmocka_unit_test(test_reads_a_pipe_to_its_end),
        cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
