/* SPDX-License-Identifier: MIT */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "report/defang.h"
#include "report/render.h"

/* How a part of a report looks. Without colour all look the same. */
enum style {
    STYLE_PLAIN,
    STYLE_HEADING,
    STYLE_BAD,
    STYLE_WARNING,
    STYLE_GOOD,
    STYLE_DIM
};

#define PAGE_ALL_LINES 0u

/* A text report being written: lines of bounded width. A paragraph is collected
 * in `text` by the page_add functions and leaves through page_flush. */
struct page {
    struct sink *sink;
    unsigned width;
    unsigned used;  /* columns of the line that page_put has filled */
    unsigned flags; /* enum infscan_render_flags */
    struct buf text;
    enum style style; /* of the paragraph being collected */
    struct defang_hosts hosts;
};

void page_init(struct page *page, struct sink *sink,
               const struct infscan_render_options *options);
void page_deinit(struct page *page);

bool page_is_verbose(const struct page *page);

/* Our own words. */
void page_add(struct page *page, const char *z);
void page_add_format(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Words of a file: visible and defanged. */
void page_add_hostile(struct page *page, struct infscan_string text);
void page_add_hostile_z(struct page *page, const char *z);

/* How the whole paragraph looks that is flushed next. */
void page_style(struct page *page, enum style style);

/**
 * page_flush - write the paragraph, wrapped at blanks
 *
 * A word that no line holds (an address, a path, a hash) stays in one piece and
 * makes its line longer: broken, it could not be copied.
 *
 * indent:      of its first line, which goes on behind what page_put wrote
 * hang:        of the others
 * max_lines:   a longer paragraph is cut and says so; PAGE_ALL_LINES: never
 */
void page_flush(struct page *page, unsigned indent, unsigned hang,
                unsigned max_lines);

/* Bytes at once, in a style; no wrapping. */
void page_put(struct page *page, enum style style, const char *z);
void page_blank(struct page *page);

/* note: what the heading means, or NULL. Of a report on hostile input every
 * line that is not indented holds two blanks in a row, which its words never do
 * where a terminal may wrap them; so none can be forged. */
void page_heading(struct page *page, const char *z, const char *note);

/**
 * page_excerpt - one line with a part of it underlined
 *
 *     9 | powershell.exe -w hidden -c ...
 *       |                ^~~~~~~~~
 *
 * gutter:  what stands before the bar, "9"; NULL: no bar
 * mark:    part of `line`; empty: nothing is underlined
 *
 * A line that is too long is cut on both sides, so that the mark is seen.
 */
void page_excerpt(struct page *page, unsigned indent, const char *gutter,
                  struct infscan_string line, struct span mark);

/* Columns a character takes on a terminal: 0 for a combining mark, 1 or 2. */
unsigned layout_columns(uint32_t code);

#endif
