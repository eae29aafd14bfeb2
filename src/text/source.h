/* SPDX-License-Identifier: MIT */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H

#include <infscan/types.h>

#include "text/text.h"

/* One file: its raw bytes, the text they decode to, and where lines start. */
struct source {
    struct str raw;
    const struct text *text;     /* step TEXT_DECODE */
    const uint32_t *line_starts; /* offsets in the text; [0] is 0 */
    uint32_t n_lines;
};

/**
 * source_init - make the line table of a decoded file
 *
 * raw:     borrowed
 * text:    what the raw bytes decode to
 *
 * Only LF ends a line, as for SetupAPI. false when the arena failed.
 */
bool source_init(struct source *source, struct arena *arena, struct str raw,
                 const struct text *text);

/* Line, from 1, of an offset in the decoded text. */
uint32_t source_line(const struct source *source, uint32_t offset);

/* Decoded line without its LF and a CR before that; empty past the end. */
struct slice source_line_text(const struct source *source, uint32_t line);

#endif
