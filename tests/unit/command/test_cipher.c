/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "command/cipher.h"

#define IV "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"

/* Encrypted with OpenSSL: "iex" in UTF-16LE, keys 0, 1, 2, ... and this start
 * vector. */
#define KEY IV

static int setup(void **state)
{
    static struct peel peel;

    peel = (struct peel){.arena = arena_new(SIZE_MAX),
                         .max_bytes = 1 << 20,
                         .steps_left = 1000000};
    *state = &peel;
    return peel.arena ? 0 : 1;
}

static int teardown(void **state)
{
    struct peel *peel = *state;

    arena_free(peel->arena);
    return 0;
}

static void each_key_size(void **state)
{
    static const struct {
        size_t key;
        const char *text;
    } rows[] = {
        {16, "76492d1116743f0423413b16050a5345"
             "MgB8AEEAQQBFAEMAQQB3AFEARgBCAGcAYwBJAEMAUQBvAEwARABBADAATwBE"
             "AHcAPQA9AHwAMwA5ADIAYQA4ADYAMAAwAGQANAA1ADMAZQA5AGQAZAA0AGQA"
             "OAA2ADAAMwAwADgAMAAyAGUAZAA3ADIANwBiAA=="},
        {24, "76492d1116743f0423413b16050a5345"
             "MgB8AEEAQQBFAEMAQQB3AFEARgBCAGcAYwBJAEMAUQBvAEwARABBADAATwBE"
             "AHcAPQA9AHwAZQAxAGMANQBhAGIAOQAzADgANgA5ADEAOQBlAGEAMgA3AGIA"
             "ZABlADUAZgA1AGYAOABkAGMANwA5AGQAOABmAA=="},
        {32, "76492d1116743f0423413b16050a5345"
             "MgB8AEEAQQBFAEMAQQB3AFEARgBCAGcAYwBJAEMAUQBvAEwARABBADAATwBE"
             "AHcAPQA9AHwAOQA5AGEAOQA1ADUAZABhAGEAMgBmAGMAYgA5ADgAMQBiAGMA"
             "NABiAGQAYwA2ADcAOQA0AGEAZQA2AGMAOQAyAA=="},
    };
    char key[32];
    struct str out;

    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (char)i;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = str_from(rows[i].text);
        assert_true(
            cipher_secure_string(*state, text, str_of(key, rows[i].key), &out));
        assert_true(str_equal(out, STR("iex")));
        assert_false(cipher_secure_string(
            *state, text, str_of(key + 1, rows[i].key == 32 ? 16 : rows[i].key),
            &out));
    }
}

static void padding_is_checked(void **state)
{
    struct str out;

    /* sixteen bytes that decrypt to something, but not to a padded text */
    assert_false(cipher_aes_cbc(*state, STR(KEY), STR(IV),
                                STR("0123456789abcdef"), &out));
    assert_false(cipher_aes_cbc(*state, STR(KEY), STR(IV), STR("short"), &out));
    assert_false(cipher_aes_cbc(*state, STR(KEY), STR(IV), STR(""), &out));
    assert_false(cipher_aes_cbc(*state, STR(KEY), STR("short"), STR(IV), &out));
    assert_false(cipher_aes_cbc(*state, STR("short"), STR(IV), STR(IV), &out));
}

static void other_forms_are_refused(void **state)
{
    struct str out;

    assert_false(cipher_secure_string(*state, STR(""), STR(KEY), &out));
    assert_false(cipher_secure_string(
        *state, STR("76492d1116743f0423413b16050a5345"), STR(KEY), &out));
    assert_false(cipher_secure_string(
        *state, STR("76492d1116743f0423413b16050a5345MgB8AA=="), STR(KEY),
        &out));
    assert_false(cipher_secure_string(
        *state, STR("76492d1116743f0423413b16050a5345*"), STR(KEY), &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_key_size, setup, teardown),
        cmocka_unit_test_setup_teardown(padding_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(other_forms_are_refused, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
