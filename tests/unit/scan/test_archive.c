/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "scan/archive.h"
#include "small_zip.h"
#include "unit.h"

static void test_kinds_by_their_bytes(void **state)
{
    static const struct {
        const char *name;
        size_t at;
        struct str magic;
    } rows[] = {
        {"zip", 0, {"PK\3\4", 4}},
        {"zip", 0, {"PK\5\6", 4}},
        {"cab", 0, {"MSCF\0\0\0\0", 8}},
        {"7z", 0, {"7z\xbc\xaf\x27\x1c", 6}},
        {"gzip", 0, {"\x1f\x8b\x08", 3}},
        {"bzip2", 0, {"BZh91AY&SY", 10}},
        {"xz",
         0,
         {"\xfd"
          "7zXZ\0",
          6}},
        {"tar", 257, {"ustar", 5}},
        {"iso", 32769, {"CD001", 5}},
        {"rar", 0, {"Rar!\x1a\x07", 6}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *bytes = calloc(1, ARCHIVE_HEAD_BYTES);
        assert_non_null(bytes);
        memcpy(bytes + rows[i].at, rows[i].magic.bytes, rows[i].magic.len);
        const struct archive_kind *kind =
            archive_kind_of(str_of(bytes, ARCHIVE_HEAD_BYTES));
        assert_non_null(kind);
        assert_string_equal(kind->name, rows[i].name);
        size_t whole = rows[i].at + rows[i].magic.len;
        assert_non_null(archive_kind_of(str_of(bytes, whole)));
        assert_null(archive_kind_of(str_of(bytes, whole - 1)));
        free(bytes);
    }
    assert_null(archive_kind_of(STR("[Version]\r\nSignature=$chicago$\r\n")));
    assert_null(archive_kind_of(STR("BZh is how a text may start")));
    assert_null(archive_kind_of(STR("MSCF and so may this one")));
    assert_null(archive_kind_of(STR("")));
}

static void test_a_disc_starts_with_zeros_or_a_boot_sector(void **state)
{
    char bytes[4096] = {0};
    struct str head = str_of(bytes, sizeof bytes);

    (void)state;
    assert_true(archive_may_be_disc(head));
    bytes[100] = 'x';
    assert_false(archive_may_be_disc(head));
    bytes[510] = '\x55';
    bytes[511] = '\xaa';
    assert_true(archive_may_be_disc(head));
    assert_false(archive_may_be_disc(STR("")));
}

struct fixture {
    struct libarchive *library;
    struct small_zip zip;
    struct archive_bytes bytes;
    struct unpacker *unpacker;
};

static struct fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture.library = libarchive_open();
    zip_begin(&fixture.zip);
    zip_add(&fixture.zip, STR("a/gr\xc3\xbc\xc3\x9f.inf"), STR("first"));
    zip_add(&fixture.zip, STR("b"), STR(""));
    zip_add(&fixture.zip, STR("folder/"), STR(""));
    zip_add(&fixture.zip, STR("../c"), STR("third"));
    fixture.bytes.fd = -1;
    fixture.bytes.memory = zip_end(&fixture.zip);
    fixture.unpacker = NULL;
    return fixture.library == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    unpacker_free(fixture.unpacker);
    libarchive_close(fixture.library);
    buf_deinit(&fixture.zip.bytes);
    return 0;
}

static void unpack(void)
{
    const struct unpacker_options options = {.reading = READING_ZIP};

    fixture.unpacker = unpacker_new(fixture.library, &fixture.bytes, &options);
    assert_non_null(fixture.unpacker);
}

static void expect_member(const char *name, enum member_type type,
                          const char *data)
{
    char read[100];
    struct member member;
    size_t n = 0;

    assert_int_equal(unpacker_next(fixture.unpacker, &member), UNPACK_MEMBER);
    assert_int_equal(member.name.len, strlen(name));
    assert_memory_equal(member.name.bytes, name, member.name.len);
    assert_int_equal(member.type, type);
    assert_int_equal(member.size, strlen(data));
    assert_false(member.is_encrypted);
    for (int64_t k; (k = unpacker_read(fixture.unpacker, read + n, 3)) != 0;) {
        assert_true(k > 0 && k <= 3);
        n += (size_t)k;
    }
    assert_int_equal(n, strlen(data));
    assert_memory_equal(read, data, n);
    assert_int_equal(unpacker_read(fixture.unpacker, read, 3), 0);
}

static void test_members_in_order(void **state)
{
    struct member member;

    (void)state;
    unpack();
    expect_member("a/gr\xc3\xbc\xc3\x9f.inf", MEMBER_FILE, "first");
    expect_member("b", MEMBER_FILE, "");
    expect_member("folder/", MEMBER_FOLDER, "");
    expect_member("../c", MEMBER_FILE, "third");
    assert_int_equal(unpacker_next(fixture.unpacker, &member), UNPACK_END);
}

static void test_a_member_that_is_not_read_is_skipped(void **state)
{
    struct member member;

    (void)state;
    unpack();
    for (int i = 0; i < 3; i++) {
        assert_int_equal(unpacker_next(fixture.unpacker, &member),
                         UNPACK_MEMBER);
    }
    expect_member("../c", MEMBER_FILE, "third");
}

static void test_a_wrong_sum_shows_behind_the_data(void **state)
{
    char read[100];
    struct member member;

    (void)state;
    size_t at = str_find(fixture.bytes.memory, STR("first"), 0);
    fixture.zip.bytes.bytes[at] = 'F';
    unpack();
    assert_int_equal(unpacker_next(fixture.unpacker, &member), UNPACK_MEMBER);
    assert_int_equal(unpacker_read(fixture.unpacker, read, sizeof read), 5);
    assert_memory_equal(read, "First", 5);
    assert_int_equal(unpacker_read(fixture.unpacker, read, sizeof read), -1);
    assert_int_equal(unpacker_read(fixture.unpacker, read, sizeof read), -1);
    assert_true(strlen(unpacker_message(fixture.unpacker)) > 0);
    assert_int_equal(unpacker_next(fixture.unpacker, &member), UNPACK_MEMBER);
}

static void test_without_its_directory_it_is_broken(void **state)
{
    struct member member;

    (void)state;
    fixture.bytes.memory.len -= 30;
    unpack();
    assert_int_equal(unpacker_next(fixture.unpacker, &member), UNPACK_BROKEN);
    assert_true(strlen(unpacker_message(fixture.unpacker)) > 0);
}

static void test_every_cut_ends(void **state)
{
    size_t len = fixture.bytes.memory.len;

    (void)state;
    for (size_t cut = 1; cut < len; cut++) {
        static const enum archive_reading readings[] = {
            READING_ZIP, READING_ZIP_STREAM, READING_CAB, READING_7ZIP,
            READING_TAR, READING_ISO,        READING_GZIP};
        /* A block of its own, so that a sanitizer sees what is read behind. */
        char *copy = malloc(cut);
        assert_non_null(copy);
        memcpy(copy, fixture.bytes.memory.bytes, cut);
        const struct archive_bytes bytes = {{copy, cut}, -1, cut};
        for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
            const struct unpacker_options options = {.reading = readings[i]};
            struct unpacker *unpacker =
                unpacker_new(fixture.library, &bytes, &options);
            struct member member;
            char read[10];
            assert_non_null(unpacker);
            int n = 0;
            while (unpacker_next(unpacker, &member) == UNPACK_MEMBER) {
                while (unpacker_read(unpacker, read, sizeof read) > 0) {
                }
                assert_true(++n < 10);
            }
            unpacker_free(unpacker);
        }
        free(copy);
    }
}

int main(void)
{
#define ZIP_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_by_their_bytes),
        cmocka_unit_test(test_a_disc_starts_with_zeros_or_a_boot_sector),
        ZIP_TEST(test_members_in_order),
        ZIP_TEST(test_a_member_that_is_not_read_is_skipped),
        ZIP_TEST(test_a_wrong_sum_shows_behind_the_data),
        ZIP_TEST(test_without_its_directory_it_is_broken),
        ZIP_TEST(test_every_cut_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
