/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_CODEC_H
#define COMMAND_CODEC_H

#include "text/text.h"

/* Pure functions from one spelling of bytes to the bytes. */

/**
 * codec_base64 - decode base64 as .NET does: white space is skipped
 *
 * out:     at least 3 * (in.len / 4) + 3 bytes
 *
 * Padding may be missing (certutil and others pad it). Bytes written, or
 * STR_NONE where something else than base64 stands in it.
 */
size_t codec_base64(struct str in, char *out);

/* Bytes of hexadecimal digits; STR_NONE for other characters or an odd number.
 * out: at least in.len / 2 bytes. */
size_t codec_hex(struct str in, char *out);

/* What + stands for in an address: itself, or a blank as forms write it. */
enum codec_plus {
    CODEC_PLUS_SIGN,
    CODEC_PLUS_BLANK
};

/* %41 and the like; what is none stays. out: at least in.len bytes. */
size_t codec_percent(struct str in, enum codec_plus plus, char *out);

/* &#65; &#x41; and the five names of XML; what is none stays. out: at least
 * in.len bytes. */
size_t codec_entities(struct str in, char *out);

/* \x41 \u0041 \n and \. as .NET's Regex.Unescape; a sign behind a backslash
 * is itself. out: at least in.len bytes. */
size_t codec_escapes(struct str in, char *out);

/**
 * codec_utf16le - UTF-16LE to UTF-8
 *
 * out:     at least 3 * (in.len / 2) bytes
 *
 * Unpaired surrogates come out in their three-byte form. An odd last byte is
 * dropped. Bytes written.
 */
size_t codec_utf16le(struct str in, char *out);

/* As codec_utf16le for windows-1252 (out: 3 * in.len bytes). */
size_t codec_latin1(struct str in, char *out);

/**
 * codec_encoded_command - the text of an -EncodedCommand argument
 *
 * arena:   receives the text; its pieces name the base64 characters
 * base64:  the argument
 *
 * NULL when it is not base64, is empty, is past max_bytes, or memory ran out.
 */
const struct text *codec_encoded_command(struct arena *arena,
                                         struct slice base64, size_t max_bytes);

/* Whether a text looks like a script rather than like random bytes: mostly
 * printable, no NUL. */
bool codec_is_text(struct str s);

#endif
