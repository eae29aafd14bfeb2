/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include "base/utf8.h"
#include "report/layout.h"

#define MAX_MARKS 3u /* on one letter */

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* utf8_decode gives U+FFFD for a bad byte and for the character itself. */
static bool is_bad_byte(uint32_t code, size_t taken)
{
    return taken == 1 && code >= 0x80;
}

/* Looks like a blank and is none. Source: Unicode 15, class Zs, and U+2800. */
static bool is_odd_blank(uint32_t code)
{
    return code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
           code == 0x205F || code == 0x2800 || code == 0x3000;
}

static bool is_unprintable(uint32_t code)
{
    return code < 0x20 || is_odd_blank(code) || (code >= 0x7F && code < 0xA0) ||
           code == 0x2028 || code == 0x2029 || is_surrogate(code) ||
           utf8_is_invisible(code) || (code & 0xFFFEu) == 0xFFFEu;
}

/* Whether a text ends in as many combining marks as any script puts on a
 * letter. More of them reach into the lines above. */
static bool is_full_of_marks(struct str s)
{
    unsigned marks = 0;

    while (s.len && marks < MAX_MARKS) {
        uint32_t code;
        size_t at = s.len - 1;
        while (at > 0 && ((unsigned char)s.bytes[at] & 0xC0u) == 0x80) {
            at--;
        }
        utf8_decode(str_sub(s, at, s.len), &code);
        if (layout_columns(code) != 0) {
            return false;
        }
        s.len = at;
        marks++;
    }
    return marks == MAX_MARKS;
}

size_t escape_visible_next(struct buf *out, struct str s)
{
    uint32_t code;
    size_t taken = utf8_decode(s, &code);

    if (taken == 0) {
        return 0;
    }
    if (is_bad_byte(code, taken) || code < 0x20 || code == 0x7F) {
        buf_add_format(out, "\\x%02x", (unsigned)(unsigned char)s.bytes[0]);
    } else if (!is_unprintable(code) &&
               (layout_columns(code) != 0 || !is_full_of_marks(buf_str(out)))) {
        buf_add(out, str_of(s.bytes, taken));
    } else if (code > 0xFFFF) {
        buf_add_format(out, "\\U%08x", (unsigned)code);
    } else {
        buf_add_format(out, "\\u%04x", (unsigned)code);
    }
    return taken;
}

void escape_visible(struct buf *out, struct str s)
{
    while (s.len) {
        s = str_sub(s, escape_visible_next(out, s), s.len);
    }
}

void escape_unwrapped(struct buf *out, struct str s)
{
    bool is_behind_blank = true;

    while (s.len) {
        bool is_blank = s.bytes[0] == ' ';
        if (is_blank && is_behind_blank) {
            buf_add_z(out, "\\x20");
            s = str_sub(s, 1, s.len);
        } else {
            s = str_sub(s, escape_visible_next(out, s), s.len);
        }
        is_behind_blank = is_blank;
    }
}

static void add_json_code(struct buf *out, uint32_t code)
{
    if (code > 0xFFFF) {
        code -= 0x10000;
        buf_add_format(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (code >> 10)),
                       (unsigned)(0xDC00 + (code & 0x3FFu)));
    } else {
        buf_add_format(out, "\\u%04x", (unsigned)code);
    }
}

static void add_json_ascii(struct buf *out, char c)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i + 1 < sizeof short_escapes; i += 2) {
        if (short_escapes[i] == c) {
            buf_add_char(out, '\\');
            buf_add_char(out, short_escapes[i + 1]);
            return;
        }
    }
    add_json_code(out, (unsigned char)c);
}

/* Whether each of eight bytes is one that JSON takes as it is: from blank to ~,
 * but neither quote nor backslash. */
static bool is_plain_8(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quote = word ^ ones * '"';
    uint64_t slash = word ^ ones * '\\';

    /* A byte too much is looked at again, none too few: what borrows is odd. */
    uint64_t odd = (word - ones * 0x20) | (word + ones) | word |
                   (quote - ones) | (slash - ones);
    return !(odd & ASCII_HIGH_BITS);
}

/* Length of the run at the start of s that JSON takes as it is. */
static size_t plain_run(struct str s)
{
    size_t n = 0;

    while (n + 8 <= s.len && is_plain_8(ascii_load_8(s.bytes + n))) {
        n += 8;
    }
    while (n < s.len && s.bytes[n] >= 0x20 && s.bytes[n] < 0x7F &&
           s.bytes[n] != '"' && s.bytes[n] != '\\') {
        n++;
    }
    return n;
}

void escape_json(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    while (s.len) {
        uint32_t code;
        size_t taken = plain_run(s);
        if (taken) {
            buf_add(out, str_of(s.bytes, taken));
        } else {
            taken = utf8_decode(s, &code);
            if (is_bad_byte(code, taken) || is_surrogate(code)) {
                buf_add_z(out, "\xEF\xBF\xBD");
            } else if (code < 0x80) {
                add_json_ascii(out, (char)code);
            } else if (is_unprintable(code)) {
                add_json_code(out, code);
            } else {
                buf_add(out, str_of(s.bytes, taken));
            }
        }
        s = str_sub(s, taken, s.len);
    }
    buf_add_char(out, '"');
}
