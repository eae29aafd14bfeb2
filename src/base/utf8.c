/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

static bool is_continuation(unsigned char c)
{
    return (c & 0xC0u) == 0x80u;
}

size_t utf8_decode(struct str s, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s.bytes;

    if (s.len == 0) {
        *code = UTF8_REPLACEMENT;
        return 0;
    }
    if (p[0] < 0x80) {
        *code = p[0];
        return 1;
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF && s.len >= 2 && is_continuation(p[1])) {
        *code = (uint32_t)(p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
        return 2;
    }
    if (p[0] >= 0xE0 && p[0] <= 0xEF && s.len >= 3 && is_continuation(p[1]) &&
        is_continuation(p[2]) && !(p[0] == 0xE0 && p[1] < 0xA0)) {
        *code = (uint32_t)(p[0] & 0x0Fu) << 12 | (uint32_t)(p[1] & 0x3Fu) << 6 |
                (p[2] & 0x3Fu);
        return 3;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4 && s.len >= 4 && is_continuation(p[1]) &&
        is_continuation(p[2]) && is_continuation(p[3]) &&
        !(p[0] == 0xF0 && p[1] < 0x90) && !(p[0] == 0xF4 && p[1] > 0x8F)) {
        *code = (uint32_t)(p[0] & 0x07u) << 18 |
                (uint32_t)(p[1] & 0x3Fu) << 12 | (uint32_t)(p[2] & 0x3Fu) << 6 |
                (p[3] & 0x3Fu);
        return 4;
    }
    *code = UTF8_REPLACEMENT;
    return 1;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0u | code >> 6);
        out[1] = (char)(0x80u | (code & 0x3Fu));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0u | code >> 12);
        out[1] = (char)(0x80u | (code >> 6 & 0x3Fu));
        out[2] = (char)(0x80u | (code & 0x3Fu));
        return 3;
    }
    if (code > 0x10FFFF) {
        code = UTF8_REPLACEMENT;
        return utf8_encode(code, out);
    }
    out[0] = (char)(0xF0u | code >> 18);
    out[1] = (char)(0x80u | (code >> 12 & 0x3Fu));
    out[2] = (char)(0x80u | (code >> 6 & 0x3Fu));
    out[3] = (char)(0x80u | (code & 0x3Fu));
    return 4;
}

bool utf8_is_valid(struct str s)
{
    for (;;) {
        uint32_t code;
        size_t n = str_ascii_run(s);
        if (n == s.len) {
            return true;
        }
        s = str_of(s.bytes + n, s.len - n);
        n = utf8_decode(s, &code);
        if ((n == 1 && (unsigned char)s.bytes[0] >= 0x80) ||
            (code >= 0xD800 && code <= 0xDFFF)) {
            return false;
        }
        s = str_of(s.bytes + n, s.len - n);
    }
}

size_t utf8_utf16_units(struct str s)
{
    size_t units = 0;

    while (s.len) {
        uint32_t code = (unsigned char)s.bytes[0];
        size_t n = code < 0x80 ? 1 : utf8_decode(s, &code);
        units += code >= 0x10000 ? 2 : 1;
        s.bytes += n;
        s.len -= n;
    }
    return units;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;

    for (;;) {
        uint32_t code;
        size_t n = str_ascii_run(s);
        count += n;
        s = str_sub(s, n, s.len);
        if (!s.len) {
            return count;
        }
        n = utf8_decode(s, &code);
        s = str_sub(s, n, s.len);
        count++;
    }
}

uint32_t utf8_upper_other(uint32_t code)
{
    if ((code >= 0xE0 && code <= 0xFE && code != 0xF7) ||    /* Latin-1 */
        (code >= 0x3B1 && code <= 0x3C9 && code != 0x3C2) || /* Greek */
        (code >= 0x430 && code <= 0x44F)) {                  /* Cyrillic */
        return code - 0x20;
    }
    if (code == 0xFF) {
        return 0x178;
    }
    if ((code >= 0x100 && code <= 0x137 && code != 0x131) ||
        (code >= 0x14A && code <= 0x177) || (code >= 0x460 && code <= 0x481) ||
        (code >= 0x48A && code <= 0x4BF) || (code >= 0x4D0 && code <= 0x52F) ||
        (code >= 0x1E00 && code <= 0x1E95) ||
        (code >= 0x1EA0 && code <= 0x1EFF)) {
        return code & ~1u; /* pairs, the capital is even */
    }
    if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E) ||
        (code >= 0x4C1 && code <= 0x4CE)) {
        return code & 1u ? code : code - 1; /* pairs, the capital is odd */
    }
    if (code >= 0x450 && code <= 0x45F) {
        return code - 0x50;
    }
    if (code >= 0x561 && code <= 0x586) {
        return code - 0x30; /* Armenian */
    }
    if (code >= 0xFF41 && code <= 0xFF5A) {
        return code - 0x20; /* full-width Latin */
    }
    return code;
}

/* The first character of both, which is taken off where it is the same. */
static bool take_equal(struct str *a, struct str *b)
{
    uint32_t x;
    uint32_t y;
    size_t n = utf8_decode(*a, &x);
    size_t m = utf8_decode(*b, &y);
    bool bad = x == UTF8_REPLACEMENT && n == 1;

    if (utf8_upper(x) != utf8_upper(y) || (bad && a->bytes[0] != b->bytes[0])) {
        return false;
    }
    *a = str_sub(*a, n, a->len);
    *b = str_sub(*b, m, b->len);
    return true;
}

bool utf8_equal_fold(struct str a, struct str b)
{
    if (str_equal(a, b) || str_equal_fold(a, b)) { /* as most that are equal */
        return true;
    }
    while (a.len >= 8 && b.len >= 8) {
        uint64_t x = ascii_load_8(a.bytes);
        uint64_t y = ascii_load_8(b.bytes);
        if ((x | y) & ASCII_HIGH_BITS) {
            break;
        }
        if (ascii_upper_8(x) != ascii_upper_8(y)) {
            return false;
        }
        a = str_of(a.bytes + 8, a.len - 8);
        b = str_of(b.bytes + 8, b.len - 8);
    }
    while (a.len && b.len) {
        if (!take_equal(&a, &b)) {
            return false;
        }
    }
    return a.len == b.len;
}

bool utf8_is_space(uint32_t code)
{
    return code == ' ' || (code >= 0x09 && code <= 0x0D) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool utf8_is_invisible(uint32_t code)
{
    return code == 0xAD || code == 0x34F || code == 0x61C || code == 0x115F ||
           code == 0x1160 || code == 0x17B4 || code == 0x17B5 ||
           (code >= 0x180B && code <= 0x180E) ||
           (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0x3164 ||
           (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF ||
           code == 0xFFA0 || (code >= 0xFFF9 && code <= 0xFFFB) ||
           (code >= 0xE0000 && code <= 0xE0FFF);
}
