/* SPDX-License-Identifier: MIT */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes whose origin does not matter: table entries, names, output.
 * Bytes of an analysed file are a struct slice (text/text.h). `bytes` may be
 * NULL only where len is 0. Nothing here knows a locale. */
struct str {
    const char *bytes;
    size_t len;
};

#define STR_NONE SIZE_MAX
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

static inline struct str str_of(const char *bytes, size_t len)
{
    return (struct str){bytes, len};
}

static inline struct str str_from(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* blank, TAB, LF, VT, FF, CR */
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* 0 to 15, or -1 */
static inline int ascii_hex_value(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Eight bytes at once. */
static inline uint64_t ascii_load_8(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Up to seven bytes as a word; of one length, words of other bytes differ. */
static inline uint64_t ascii_load_few(const char *bytes, size_t n)
{
    uint32_t head;
    uint32_t tail;

    if (n >= 4) { /* both ends, which may overlap */
        memcpy(&head, bytes, sizeof head);
        memcpy(&tail, bytes + n - 4, sizeof tail);
        return (uint64_t)head << 32 | tail;
    }
    if (n == 0) {
        return 0;
    }
    head = (unsigned char)bytes[0];
    tail = (uint32_t)(unsigned char)bytes[n / 2] << 8 |
           (unsigned char)bytes[n - 1];
    return head << 16 | tail;
}

#define ASCII_HIGH_BITS UINT64_C(0x8080808080808080)

/* Eight bytes with each ASCII letter in upper case; others stay. */
static inline uint64_t ascii_upper_8(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & ~ASCII_HIGH_BITS; /* so that no sum carries over */
    uint64_t from_a = low + ones * (0x80 - 'a');
    uint64_t past_z = low + ones * (0x7F - 'z');

    return word - ((from_a & ~past_z & ~word & ASCII_HIGH_BITS) >> 2);
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len &&
           (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

/* Byte at an offset; NUL behind the end. */
static inline char str_at(struct str s, size_t at)
{
    return s.bytes && at < s.len ? s.bytes[at] : '\0';
}

/* The *_fold functions compare ASCII letters without regard to case. */
bool bytes_equal_fold(const char *a, const char *b, size_t len);

/* Bytes that may be one letter in either case: what most names that are no
 * match fail at. */
static inline bool ascii_may_equal(char a, char b)
{
    return ((a ^ b) & ~0x20) == 0;
}

static inline bool str_equal_fold(struct str a, struct str b)
{
    return a.len == b.len &&
           (a.len == 0 || (ascii_may_equal(str_at(a, 0), str_at(b, 0)) &&
                           bytes_equal_fold(a.bytes, b.bytes, a.len)));
}

/* The same for a word of a table, whose length is asked for last. */
static inline bool str_equal_fold_z(struct str s, const char *z)
{
    return !s.len || !s.bytes ? !*z
                              : ascii_may_equal(*s.bytes, *z) &&
                                    str_equal_fold(s, str_from(z));
}

int str_compare_fold(struct str a, struct str b);

static inline bool str_starts_fold(struct str s, struct str prefix)
{
    return s.len >= prefix.len &&
           str_equal_fold(str_of(s.bytes, prefix.len), prefix);
}

bool str_ends_fold(struct str s, struct str suffix);

/* Offset of the first occurrence at or after `from`, or STR_NONE. An empty
 * needle is found at `from`. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_fold(struct str s, struct str needle, size_t from);

static inline size_t str_find_char(struct str s, char c, size_t from)
{
    if (!s.bytes || from >= s.len) {
        return STR_NONE;
    }
    const char *hit = (const char *)memchr(s.bytes + from, c, s.len - from);
    return hit ? (size_t)(hit - s.bytes) : STR_NONE;
}

/* A part, cut to what is there. */
static inline struct str str_sub(struct str s, size_t from, size_t len)
{
    if (!s.bytes) {
        return (struct str){NULL, 0};
    }
    if (from > s.len) {
        from = s.len;
    }
    if (len > s.len - from) {
        len = s.len - from;
    }
    return (struct str){s.bytes + from, len};
}

/* Length of the ASCII bytes at the start. */
size_t str_ascii_run(struct str s);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);

/**
 * str_next - take the part of *rest before the next separator
 *
 * rest:    what is left; moves past the separator, and becomes {NULL, 0} after
 *          the last part
 * out:     the part, may be empty
 *
 * false when nothing was left (bytes is NULL).
 */
bool str_next(struct str *rest, char separator, struct str *out);

/**
 * str_parse_int - whole string as C-style integer: sign, decimal or 0x
 *
 * Leading and trailing ASCII blanks are allowed; an empty string is refused.
 * false on rubbish or when it does not fit; *out is written only on success.
 */
bool str_parse_int(struct str s, int64_t *out);

#include "base/banned.h"

#endif
