/* SPDX-License-Identifier: MIT */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H

#include <infscan/types.h>

#include "text/text.h"

#define SOURCE_STRIDE 256u

/* One file: its raw bytes, the text they decode to, and where its lines are. */
struct source {
    struct str raw;
    const struct text *text;      /* step TEXT_DECODE */
    const uint32_t *lines_before; /* line ends before each SOURCE_STRIDE-th
                                   * byte; a sixtieth of the text, however short
                                   * its lines */
    /* Characters before each SOURCE_STRIDE-th byte; NULL where no line is so
     * long that counting its characters for each place takes time. */
    const uint32_t *chars_before;
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

/* Column, from 1 and in characters, of the character at an offset in the
 * decoded text. */
uint32_t source_column(const struct source *source, uint32_t offset);

/* Offset in the decoded text where a line, from 1 to n_lines, starts. */
uint32_t source_line_start(const struct source *source, uint32_t line);

/* Decoded line without its LF and a CR before that; empty past the end. */
struct slice source_line_text(const struct source *source, uint32_t line);

#endif
