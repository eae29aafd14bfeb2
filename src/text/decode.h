/* SPDX-License-Identifier: MIT */
#ifndef TEXT_DECODE_H
#define TEXT_DECODE_H

#include <infscan/types.h>

#include "text/diag.h"
#include "text/text.h"

enum encoding {
    ENCODING_ANSI, /* 8-bit, in a code page */
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE
};

struct decoded {
    const struct text *text;
    enum encoding encoding;
    bool bom;
    const char *name; /* "utf-8", "utf-16le", "utf-16be", "windows-1252" */
};

/**
 * decode_guess - which encoding SetupAPI would read the bytes in
 *
 * bom_bytes:  length of the byte-order mark, 0 if none
 *
 * BOM first; without one UTF-16 by the share of zero bytes, else 8-bit. UTF-8
 * without BOM is 8-bit, as on Windows. Source: Wine,
 * setupapi/parser.c and RtlIsTextUnicode.
 */
enum encoding decode_guess(struct str raw, size_t *bom_bytes);

/* A way to read bytes. */
struct decode_guess {
    enum encoding encoding;
    unsigned codepage; /* as for decode_bytes */
};

/**
 * decode_other_guess - a second way to read the bytes in which they are another
 * file
 *
 * codepage: that was asked for; 0: none, any machine's
 * other:    written only when there is one
 *
 * Without byte-order mark Windows picks an encoding by counting; another
 * Windows, or another reader, may count otherwise: looks for the [Version] or
 * [autorun] header of the reading that decode_guess did not take. In the code
 * pages of East Asia a backslash may be the second half of a character, so that
 * a line ends there that goes on elsewhere.
 */
bool decode_other_guess(struct str raw, unsigned codepage,
                        struct decode_guess *other);

/**
 * decode_codepage_name - name of a code page that decode_bytes knows
 *
 * Static text such as "windows-1251"; NULL for an unknown one. 0 is 1252.
 */
const char *decode_codepage_name(unsigned codepage);

/**
 * decode_bytes - raw bytes to UTF-8 with provenance
 *
 * raw:       at most UINT32_MAX bytes
 * codepage:  of 8-bit bytes; one that decode_codepage_name knows
 * diags:     odd bytes are noted here; may be NULL
 * out:       written only on success
 *
 * Unpaired surrogates stay, in their three-byte form; a bad UTF-8 byte becomes
 * U+FFFD; half a unit at the end of UTF-16 is dropped and noted. Status:
 * NO_MEMORY.
 */
enum infscan_status decode_bytes(struct arena *arena, struct str raw,
                                 unsigned codepage, struct diag_list *diags,
                                 struct decoded *out);

/* As decode_bytes with the encoding given: for a second reading. */
enum infscan_status decode_as(struct arena *arena, struct str raw,
                              enum encoding encoding, size_t bom_bytes,
                              unsigned codepage, struct diag_list *diags,
                              struct decoded *out);

#endif
