/* SPDX-License-Identifier: MIT */
#include "scan/reading.h"

#include "inf/parser.h"

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

struct reading *reading_make(struct arena *arena, struct str raw,
                             unsigned codepage, const struct limits *limits,
                             struct diag_list *diags)
{
    struct reading *reading = ARENA_NEW(arena, struct reading);

    if (!reading ||
        decode_bytes(arena, raw, codepage, diags, &reading->decoded) !=
            INFSCAN_OK ||
        !source_init(&reading->source, arena, raw, reading->decoded.text) ||
        inf_parse(arena, &reading->source, limits, diags, &reading->document) !=
            INFSCAN_OK) {
        return NULL;
    }
    refuse_odd_utf16(reading, raw);
    return reading;
}
