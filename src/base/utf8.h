/* SPDX-License-Identifier: MIT */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define UTF8_REPLACEMENT 0xFFFDu

/**
 * utf8_decode - the code point at the start of s
 *
 * code:    the code point, or U+FFFD for a bad byte. Surrogates U+D800 to
 *          U+DFFF in their three-byte form are given as they are: text from
 *          UTF-16 may hold unpaired ones.
 *
 * Bytes taken: 1 for a bad byte, 0 only where s is empty.
 */
size_t utf8_decode(struct str s, uint32_t *code);

/**
 * utf8_encode - a code point up to U+10FFFF as 1 to 4 bytes
 *
 * Bytes written. Surrogates are written in the three-byte form.
 */
size_t utf8_encode(uint32_t code, char out[4]);

/* Strict UTF-8: no surrogates, no overlong forms. */
bool utf8_is_valid(struct str s);

/* Number of code points; a bad byte counts as one. */
size_t utf8_count(struct str s);

/* Length in UTF-16 units, as Windows counts; a bad byte counts as one. */
size_t utf8_utf16_units(struct str s);

/* Simple upper case for Latin, Greek, Cyrillic and Armenian letters; other
 * code points are their own. Enough to compare section and key names. */
uint32_t utf8_upper_other(uint32_t code); /* past ASCII */

static inline uint32_t utf8_upper(uint32_t code)
{
    if (code < 0x80) {
        return code >= 'a' && code <= 'z' ? code - 0x20 : code;
    }
    return utf8_upper_other(code);
}

/* Comparison without regard to case by utf8_upper. */
bool utf8_equal_fold(struct str a, struct str b);

/* What SetupAPI's iswspace takes for white space. */
bool utf8_is_space(uint32_t code);

/* Characters without width, bidi marks and the like, which make two names look
 * alike that are not: U+200B..U+200F, U+202A..U+202E, U+2060..U+2069, U+FEFF,
 * U+00AD and their kin. */
bool utf8_is_invisible(uint32_t code);

#endif
