/* SPDX-License-Identifier: MIT */
#include "scan/reading.h"

#include "base/utf8.h"
#include "inf/parser.h"

#define BINARY_HEAD_BYTES ((size_t)64 * 1024)

/* RtlIsTextUnicode says no to an odd number of bytes whatever the mark at its
 * start, so SetupAPI takes such a file for 8-bit text, meets the mark as junk
 * before the first section and refuses it. What it would do if accepted is
 * read as UTF-16 all the same. */
static void refuse_odd_utf16(struct reading *reading, struct str raw)
{
    bool is_odd_utf16 = reading->decoded.encoding == ENCODING_UTF16LE &&
                        reading->decoded.bom && raw.len % 2;

    if (is_odd_utf16 && reading->document.n_sections) {
        reading->document.refusal = INF_EXPECTED_SECTION_NAME;
        reading->document.refusal_line = 1;
    }
}

/* A backslash that is half of a character is not to be seen in the text. */
static bool has_half(const struct text *text, uint32_t index, struct str raw,
                     struct slice *out)
{
    const struct piece *piece = &text->pieces[index];
    const struct piece_kind *kind = text_kind(text, index);
    uint32_t end = index + 1 < text->n_pieces ? text->pieces[index + 1].at
                                              : (uint32_t)text->bytes.len;

    if (kind->in_unit != 2) {
        return false;
    }
    uint32_t from = piece->from + 1; /* second half of a character */
    for (uint32_t i = piece->at; i < end; from += 2) {
        uint32_t code;
        size_t n =
            utf8_decode(str_sub(text->bytes, i, text->bytes.len - i), &code);
        if (raw.bytes[from] == '\\') {
            *out = (struct slice){text, i, (uint32_t)n};
            return true;
        }
        i += (uint32_t)n;
    }
    return false;
}

static void note_halves(const struct reading *reading, struct str raw,
                        struct diag_list *diags)
{
    const struct text *text = reading->decoded.text;
    struct slice half;

    if (reading->decoded.encoding != ENCODING_ANSI) {
        return;
    }
    for (uint32_t i = 0; i < text->n_pieces; i++) {
        if (has_half(text, i, raw, &half)) {
            diag_add(diags, DIAG_CODEPAGE_DEPENDENT, half);
            return;
        }
    }
}

/* An 8-bit file that is ASCII is its own text. */
static bool is_all_copied(const struct text *text)
{
    return text->n_pieces == 1 && text_kind(text, 0)->copied;
}

/* In double-byte code pages a byte of 0x81 and up takes a backslash behind it
 * as its second half, so that what is a path here is none there. */
static void note_codepage(const struct reading *reading,
                          struct diag_list *diags)
{
    const struct text *text = reading->decoded.text;

    if (reading->decoded.encoding != ENCODING_ANSI || is_all_copied(text)) {
        return;
    }
    for (size_t at = 0; (at = str_find_char(text->bytes, '\\', at)) != STR_NONE;
         at++) {
        if (at > 0 && (unsigned char)text->bytes.bytes[at - 1] >= 0x80) {
            diag_add(diags, DIAG_CODEPAGE_DEPENDENT,
                     (struct slice){text, (uint32_t)at, 1});
            return;
        }
    }
}

static unsigned char is_odd(char c)
{
    unsigned char byte = (unsigned char)c;

    return (unsigned char)((byte < 0x20) & ((byte < 0x09) | (byte > 0x0D)) &
                           (byte != 0x1A));
}

/* Control characters that are no white space; few enough at a time that a byte
 * counts them, which compilers turn into vector instructions. */
static size_t count_odd(struct str bytes)
{
    size_t n = 0;
    size_t i = 0;

    for (; i + 64 <= bytes.len; i += 64) {
        unsigned char few = 0;
        for (size_t k = i; k < i + 64; k++) {
            few = (unsigned char)(few + is_odd(bytes.bytes[k]));
        }
        n += few;
    }
    for (; i < bytes.len; i++) {
        n += is_odd(bytes.bytes[i]);
    }
    return n;
}

/* A tenth of control characters is more than any text has. */
static void note_binary(const struct reading *reading, struct diag_list *diags)
{
    const struct text *text = reading->decoded.text;
    struct str head = str_sub(text->bytes, 0, BINARY_HEAD_BYTES);

    if (count_odd(head) * 10 > head.len) {
        diag_add(diags, DIAG_BINARY, slice_sub(slice_all(text), 0, 1));
    }
}

/* Parses what reading->decoded holds. */
static struct reading *parse(struct reading *reading, struct arena *arena,
                             struct str raw, const struct limits *limits,
                             struct diag_list *diags)
{
    if (!source_init(&reading->source, arena, raw, reading->decoded.text) ||
        inf_parse(arena, &reading->source, limits, diags, &reading->document) !=
            INFSCAN_OK) {
        return NULL;
    }
    refuse_odd_utf16(reading, raw);
    note_codepage(reading, diags);
    note_halves(reading, raw, diags);
    note_binary(reading, diags);
    return reading;
}

struct reading *reading_make(struct arena *arena, struct str raw,
                             unsigned codepage, const struct limits *limits,
                             struct diag_list *diags)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);

    if (!reading || decode_bytes(arena, raw, codepage, diags,
                                 &reading->decoded) != INFSCAN_OK) {
        return NULL;
    }
    return parse(reading, arena, raw, limits, diags);
}

struct reading *reading_make_as(struct arena *arena, struct str raw,
                                struct decode_guess as,
                                const struct limits *limits,
                                struct diag_list *diags)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);

    if (!reading || decode_as(arena, raw, as.encoding, 0, as.codepage, diags,
                              &reading->decoded) != INFSCAN_OK) {
        return NULL;
    }
    return parse(reading, arena, raw, limits, diags);
}
