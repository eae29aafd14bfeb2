/* SPDX-License-Identifier: MIT */
#include "base/str.h"

bool bytes_equal_fold(const char *a, const char *b, size_t len)
{
    if (len < 8) {
        return ascii_upper_8(ascii_load_few(a, len)) ==
               ascii_upper_8(ascii_load_few(b, len));
    }
    for (size_t i = 0; i + 8 < len; i += 8) {
        if (ascii_upper_8(ascii_load_8(a + i)) !=
            ascii_upper_8(ascii_load_8(b + i))) {
            return false;
        }
    }
    return ascii_upper_8(ascii_load_8(a + len - 8)) ==
           ascii_upper_8(ascii_load_8(b + len - 8));
}

/* Of fewer than eight bytes. */
static size_t ascii_run_of_few(const char *bytes, size_t len)
{
    size_t i = 0;

    if (!(ascii_load_few(bytes, len) & ASCII_HIGH_BITS)) {
        return len;
    }
    while ((unsigned char)bytes[i] < 0x80) {
        i++;
    }
    return i;
}

size_t str_ascii_run(struct str s)
{
    size_t i = 0;

    while (i + 32 <= s.len &&
           !((ascii_load_8(s.bytes + i) | ascii_load_8(s.bytes + i + 8) |
              ascii_load_8(s.bytes + i + 16) | ascii_load_8(s.bytes + i + 24)) &
             ASCII_HIGH_BITS)) {
        i += 32;
    }
    while (i + 8 <= s.len && !(ascii_load_8(s.bytes + i) & ASCII_HIGH_BITS)) {
        i += 8;
    }
    if (i == s.len) {
        return i;
    }
    /* in a word that is not all ASCII, one of the eight ends the run */
    return i + ascii_run_of_few(s.bytes + i, s.len - i < 8 ? s.len - i : 7);
}

int str_compare_fold(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < n; i++) {
        unsigned char x = (unsigned char)ascii_lower(a.bytes[i]);
        unsigned char y = (unsigned char)ascii_lower(b.bytes[i]);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

bool str_ends_fold(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_equal_fold(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from) {
        return STR_NONE;
    }
    if (needle.len == 0) {
        return from;
    }
    for (size_t i = from; i <= s.len - needle.len; i++) {
        const char *hit =
            memchr(s.bytes + i, needle.bytes[0], s.len - needle.len - i + 1);
        if (!hit) {
            return STR_NONE;
        }
        i = (size_t)(hit - s.bytes);
        if (memcmp(hit, needle.bytes, needle.len) == 0) {
            return i;
        }
    }
    return STR_NONE;
}

/* The same where the needle's first character has no case. */
static size_t find_fold_from_sign(struct str s, struct str needle, size_t from)
{
    size_t end = s.len - needle.len + 1;
    const char *hit = memchr(s.bytes + from, needle.bytes[0], end - from);

    while (hit && !bytes_equal_fold(hit, needle.bytes, needle.len)) {
        hit =
            memchr(hit + 1, needle.bytes[0], end - (size_t)(hit + 1 - s.bytes));
    }
    return hit ? (size_t)(hit - s.bytes) : STR_NONE;
}

/* The first place, from there on, of a letter in either case. */
static size_t find_letter(struct str s, char lower, size_t from)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t wanted = ones * (unsigned char)lower;

    for (; from + 8 <= s.len; from += 8) {
        uint64_t word = ascii_load_8(s.bytes + from) | ones * 0x20;
        uint64_t other = word ^ wanted;
        if ((other - ones) & ~other & ASCII_HIGH_BITS) { /* a zero byte */
            break;
        }
    }
    while (from < s.len && (s.bytes[from] | 0x20) != lower) {
        from++;
    }
    return from < s.len ? from : STR_NONE;
}

size_t str_find_fold(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from) {
        return STR_NONE;
    }
    if (needle.len == 0) {
        return from;
    }
    char first = ascii_lower(needle.bytes[0]);
    if (!ascii_is_alpha(first)) {
        return find_fold_from_sign(s, needle, from);
    }
    struct str starts = str_of(s.bytes, s.len - needle.len + 1);
    size_t at = find_letter(starts, first, from);
    while (at != STR_NONE &&
           !bytes_equal_fold(s.bytes + at, needle.bytes, needle.len)) {
        at = find_letter(starts, first, at + 1);
    }
    return at;
}

struct str str_trim(struct str s)
{
    while (s.len && ascii_is_space(s.bytes[0])) {
        s.bytes++;
        s.len--;
    }
    while (s.len && ascii_is_space(s.bytes[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool str_next(struct str *rest, char separator, struct str *out)
{
    if (!rest->bytes) {
        return false;
    }
    size_t at = str_find_char(*rest, separator, 0);
    if (at == STR_NONE) {
        *out = *rest;
        *rest = (struct str){NULL, 0};
    } else {
        *out = str_of(rest->bytes, at);
        *rest = str_of(rest->bytes + at + 1, rest->len - at - 1);
    }
    return true;
}

bool str_parse_int(struct str s, int64_t *out)
{
    bool negative = false;
    int64_t value = 0;
    int base = 10;

    s = str_trim(s);
    if (s.len && (s.bytes[0] == '-' || s.bytes[0] == '+')) {
        negative = s.bytes[0] == '-';
        s = str_sub(s, 1, s.len);
    }
    if (s.len > 2 && s.bytes[0] == '0' && ascii_lower(s.bytes[1]) == 'x') {
        base = 16;
        s = str_sub(s, 2, s.len);
    }
    if (s.len == 0) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        int digit = ascii_hex_value(s.bytes[i]);
        if (digit < 0 || digit >= base || value > (INT64_MAX - digit) / base) {
            return false;
        }
        value = value * base + digit;
    }
    *out = negative ? -value : value;
    return true;
}
