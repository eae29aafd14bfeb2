/* SPDX-License-Identifier: MIT */
#ifndef INF_STRINGS_H
#define INF_STRINGS_H

#include "inf/document.h"

/* One [Strings] or [Strings.LANGID] section. */
struct inf_strings {
    const struct inf_document *document;
    struct str language; /* "" for the undecorated one, else "0409" */
    struct map keys;     /* to a line's index */
};

/**
 * inf_strings_list - the strings sections of a document
 *
 * out:     the undecorated one first (empty when the file has none), then the
 *          decorated ones in file order
 *
 * Status: NO_MEMORY.
 */
enum infscan_status inf_strings_list(struct arena *arena,
                                     const struct inf_document *document,
                                     const struct inf_strings **out,
                                     uint32_t *n_out);

/* Gives the path of a directory number, or a str with bytes NULL where nothing
 * defines it. Row install/ implements it with the dirids table. */
typedef struct str inf_directory_fn(const void *context, int64_t dirid);

/* Replaces %tokens% of one document. Each file that was appended to it has its
 * own strings. */
struct inf_expander {
    struct arena *arena;
    const struct inf_strings *strings;
    const struct inf_strings *const *others; /* of files appended to it */
    uint32_t n_others;
    inf_directory_fn *directory;
    const void *context; /* for directory */
    size_t max_bytes;
    struct diag_list *diags; /* may be NULL */
    limit_set limits;
};

/* inf_expand for a value with a percent sign in it. */
struct slice inf_expand_percent(struct inf_expander *expander,
                                struct slice value);

/**
 * inf_expand - replace %token% references in one value
 *
 * value:   a field or key of the expander's document
 *
 * One pass, left to right: "%%" is "%"; a [Strings] key wins over a directory
 * number; an unknown name stays as written, percent signs included. The value
 * of a string is its first field and is not read again. Returns `value` itself
 * when nothing changed. Past max_bytes the value stays as it is and limits
 * says so. Source: Microsoft, INF Strings Section; Wine, setupapi/parser.c.
 */
static inline struct slice inf_expand(struct inf_expander *expander,
                                      struct slice value)
{
    struct str text = slice_str(value);

    return text.len && memchr(text.bytes, '%', text.len)
               ? inf_expand_percent(expander, value)
               : value;
}

/**
 * inf_line_text - a line's fields after substitution, joined by commas
 *
 * What SetupGetLineText gives: no key, no quotes, no blanks around commas.
 * first:   number of fields to leave out at the start, usually 0
 */
struct slice inf_line_text(struct inf_expander *expander,
                           const struct inf_document *document,
                           const struct inf_line *line, uint32_t first);

#endif
