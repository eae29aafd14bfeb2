/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_DOCUMENT_H
#define INFSCAN_DOCUMENT_H

#include <infscan/result.h>
#include <infscan/scanner.h>
#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parsed model of one file, as SetupAPI builds it. Immutable, owns what is
 * reachable from it. */
struct infscan_document;

enum infscan_substitution {
    INFSCAN_SUBSTITUTE, /* fields after % substitution */
    INFSCAN_RAW         /* %tokens% as written */
};

/* One logical line. A line without `=` and with one field has that field as its
 * key, too. */
struct infscan_document_line {
    uint32_t line; /* physical line it starts on, from 1 */
    int has_key;
    struct infscan_string key;
    size_t n_fields; /* infscan_document_field gives them */
};

/* Sections of one name are merged, under the first spelling. */
struct infscan_document_section {
    struct infscan_string name;
    uint32_t line; /* of the first header */
    size_t n_lines;
};

struct infscan_document_summary {
    struct infscan_string path;     /* valid UTF-8, as in infscan_summary */
    struct infscan_string raw_path; /* as named */
    const char *encoding;
    int bom;
    int accepted;
    const char *refusal;   /* NULL when accepted */
    uint32_t refusal_line; /* 0: none */
};

/**
 * infscan_document_file - parse one file into the model
 *
 * path:    a file, or "-" for standard input
 * options: as for a scanner; NULL for the defaults
 * mode:    with or without % substitution
 * out:     released with infscan_document_free; written only on success
 *
 * Status: IO (unreadable), LIMIT (too large), INVALID (code page, an archive),
 * NO_MEMORY. No other content fails: a file that Windows refuses has `accepted`
 * 0 and all the sections that could be read.
 */
INFSCAN_API enum infscan_status
infscan_document_file(const char *path, const struct infscan_options *options,
                      enum infscan_substitution mode,
                      struct infscan_document **out,
                      struct infscan_error *error);

/**
 * infscan_document_bytes - as infscan_document_file, from memory
 */
INFSCAN_API enum infscan_status infscan_document_bytes(
    const char *name, const void *data, size_t size,
    const struct infscan_options *options, enum infscan_substitution mode,
    struct infscan_document **out, struct infscan_error *error);

INFSCAN_API void infscan_document_free(struct infscan_document *document);

INFSCAN_API const struct infscan_document_summary *
infscan_document_get_summary(const struct infscan_document *document);

/**
 * infscan_document_get_section - a section, in file order
 *
 * index:   from 0
 *
 * 1, or 0 past the last one.
 */
INFSCAN_API int
infscan_document_get_section(const struct infscan_document *document,
                             size_t index,
                             struct infscan_document_section *out);

/* Reads lines and fields of a document, one at a time: memory does not grow
 * with the file. */
struct infscan_document_cursor;

/* NULL when memory ran out. The document must live as long. */
INFSCAN_API struct infscan_document_cursor *
infscan_document_cursor_new(const struct infscan_document *document);

/* NULL is allowed. */
INFSCAN_API void
infscan_document_cursor_free(struct infscan_document_cursor *cursor);

/* Go before the first line of a section, by its index. */
INFSCAN_API void
infscan_document_cursor_enter(struct infscan_document_cursor *cursor,
                              size_t section);

/**
 * infscan_document_next - the next line of the section
 *
 * out:     valid up to the next call
 *
 * 1, or 0 after the last line.
 */
INFSCAN_API int infscan_document_next(struct infscan_document_cursor *cursor,
                                      struct infscan_document_line *out);

/**
 * infscan_document_field - a field of the line that infscan_document_next gave
 *
 * index:   from 0; below n_fields
 *
 * Valid up to the next call of this or of infscan_document_next. A field that
 * would grow past the limit expansion_bytes is given as written.
 */
INFSCAN_API struct infscan_string
infscan_document_field(struct infscan_document_cursor *cursor, size_t index);

/**
 * infscan_document_cursor_limits - limits reached so far, and their number
 *
 * By parsing (what lies behind the cut is not in the model) and by the fields
 * that were read.
 */
INFSCAN_API const struct infscan_limit_hit *
infscan_document_cursor_limits(struct infscan_document_cursor *cursor,
                               size_t *n);

#ifdef __cplusplus
}
#endif

#endif
