/* SPDX-License-Identifier: MIT */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/buf.h"
#include "base/str.h"

/* One layer of escaping for each kind of sink. All that a report prints goes
 * through one of these. */

/**
 * escape_visible - bytes as one line of text that cannot steer a terminal
 *
 * C0, DEL and bad bytes become \x1b, C1 and surrogates, bidi marks, characters
 * without width, line separators, blanks that are not U+0020, and the fourth
 * combining mark in a row \u202e or \U000e0001. Nothing else changes; a
 * backslash stays one backslash.
 */
void escape_visible(struct buf *out, struct str s);

/**
 * escape_visible_next - as escape_visible, for the first character of s only
 *
 * The bytes it took; 0 only where s is empty.
 */
size_t escape_visible_next(struct buf *out, struct str s);

/**
 * escape_unwrapped - as escape_visible, for a line that is written unwrapped
 *
 * Where a terminal wraps such a line, what follows stands where lines of the
 * report begin. Each of those holds two blanks in a row; of what is written
 * here the second of two becomes \x20, and the first if it begins the text.
 */
void escape_unwrapped(struct buf *out, struct str s);

/**
 * escape_json - bytes as a JSON string, quotes included
 *
 * Always valid UTF-8: a bad byte or a surrogate becomes U+FFFD. U+0000, and
 * whatever could steer a terminal or end a line somewhere, is written as
 * \uXXXX, which leaves the value as it is.
 */
void escape_json(struct buf *out, struct str s);

#endif
