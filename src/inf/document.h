/* SPDX-License-Identifier: MIT */
#ifndef INF_DOCUMENT_H
#define INF_DOCUMENT_H

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "text/diag.h"
#include "text/source.h"

#define INF_NONE UINT32_MAX

enum inf_key {
    INF_KEY_NONE,    /* several fields, no `=` before the first comma */
    INF_KEY_WRITTEN, /* key = ... */
    INF_KEY_IMPLIED  /* the only field is the key, too */
};

/* How a token stands in the decoded text. */
enum inf_form {
    INF_PLAIN,  /* as it is; 0, its quotes */
    INF_QUOTED, /* between two quotes; 1, each side's */
    INF_PIECED, /* quotes, continuations or NULs inside: put together by reading
                 * it again */
    INF_BUILT   /* that was done: `off` is an index into inf_built */
};

/* Key or field, quotes included. A file may be made of tokens of one byte, so
 * this is kept small. */
struct inf_token {
    uint32_t off; /* in the decoded text */
    uint32_t len : 29;
    uint32_t form : 2;   /* enum inf_form */
    uint32_t is_key : 1; /* it stands before a `=` */
};

/* Largest text that a document is made of. */
#define INF_MAX_TEXT ((1u << 29) - 1)

/* One logical line: the tokens from `first` up to those of the next line. Use
 * the functions below; its number is its place in the document's array. */
struct inf_line {
    uint32_t first : 31;
    uint32_t ends_run : 1; /* the next line is another section's */
};

/* Lines of one section that stand together. */
struct inf_run {
    uint32_t first; /* line */
    uint32_t section;
    uint32_t next; /* run of the same section, INF_NONE after the last */
};

/* Sections of one name are one, under the first spelling. */
struct inf_section {
    struct slice name;
    uint32_t first; /* line, or INF_NONE */
    uint32_t n_lines;
};

/* The decoded text that lines from `first_line` on are read from. */
struct inf_part {
    uint32_t first_line;
    const struct text *text;
};

/* Why SetupOpenInfFile would refuse the file. */
enum inf_refusal {
    INF_ACCEPTED,
    INF_WRONG_STYLE,           /* ERROR_WRONG_INF_STYLE */
    INF_EXPECTED_SECTION_NAME, /* ERROR_EXPECTED_SECTION_NAME */
    INF_BAD_SECTION_NAME,      /* ERROR_BAD_SECTION_NAME_LINE */
    INF_SECTION_NAME_TOO_LONG  /* ERROR_SECTION_NAME_TOO_LONG */
};

struct inf_document {
    const struct source *source;
    struct inf_section *sections; /* in file order */
    uint32_t n_sections;
    struct inf_line *lines; /* in file order, and one more that ends them */
    uint32_t n_lines;
    struct inf_token *tokens;
    struct inf_run *runs; /* by first line */
    uint32_t n_runs;
    const struct inf_part *parts; /* of files appended to it */
    uint32_t n_parts;
    struct inf_cache *cache; /* tokens put together so far */
    struct map names;
    struct map aliases; /* names cut at a NUL, where no section has that name */
    bool has_signature; /* that SetupAPI accepts */
    enum inf_refusal refusal;
    uint32_t refusal_line;  /* from 1; 0: none given */
    struct slice after_end; /* text behind Ctrl-Z */
    limit_set limits;
};

/* Section by name, letter case aside, or NULL. The name is taken as it is:
 * trim a reference first. */
const struct inf_section *inf_document_find(const struct inf_document *document,
                                            struct str name);

/* Static name of a refusal ("ERROR_WRONG_INF_STYLE"); NULL for INF_ACCEPTED. */
const char *inf_refusal_name(enum inf_refusal refusal);

/* Where a section's first header names it, in the decoded text. */
uint32_t inf_section_offset(const struct inf_section *section);

/* Number of the section that a line belongs to. */
uint32_t inf_line_section(const struct inf_document *document,
                          const struct inf_line *line);

/* inf_document_next where another run follows. */
uint32_t inf_document_next_run(const struct inf_document *document,
                               uint32_t line);

/* The line behind a line of the same section, or INF_NONE. Walks a section:
 * for (i = section->first; i != INF_NONE; i = inf_document_next(document, i)).
 */
static inline uint32_t inf_document_next(const struct inf_document *document,
                                         uint32_t line)
{
    return document->lines[line].ends_run
               ? inf_document_next_run(document, line)
               : line + 1;
}

/* Where a line's key comes from. */
static inline enum inf_key inf_line_has_key(const struct inf_document *document,
                                            const struct inf_line *line)
{
    if (document->tokens[line->first].is_key) {
        return INF_KEY_WRITTEN;
    }
    return line[1].first - line->first == 1 ? INF_KEY_IMPLIED : INF_KEY_NONE;
}

/* Fields, without a key that is written. */
static inline uint32_t inf_line_n_fields(const struct inf_document *document,
                                         const struct inf_line *line)
{
    uint32_t n_keys = document->tokens[line->first].is_key;

    return line[1].first - line->first - n_keys;
}

/* From the first token to the last, comment left out. */
struct slice inf_line_place(const struct inf_document *document,
                            const struct inf_line *line);

/* The content of a token that is put together, or stands in a file that was
 * appended. */
struct slice inf_token_put_together(const struct inf_document *document,
                                    const struct inf_line *line,
                                    uint32_t index);

/* The content of a line's token. */
static inline struct slice
inf_token_content(const struct inf_document *document,
                  const struct inf_line *line, uint32_t index)
{
    const struct inf_token *token = &document->tokens[index];

    if (document->n_parts || token->form > INF_QUOTED) {
        return inf_token_put_together(document, line, index);
    }
    uint32_t n_quotes = token->form;
    return (struct slice){document->source->text, token->off + n_quotes,
                          token->len - 2 * n_quotes};
}

/**
 * inf_line_key, inf_line_field - as written: unquoted, continuations joined,
 * %tokens% not yet substituted
 *
 * index:   0 is SetupAPI's field 1
 *
 * Empty where there is none (INF_KEY_NONE). A token of several pieces is put
 * together once and kept in the document's arena. Text NULL when that failed.
 */
static inline struct slice inf_line_key(const struct inf_document *document,
                                        const struct inf_line *line)
{
    return inf_line_has_key(document, line) == INF_KEY_NONE
               ? SLICE_NONE
               : inf_token_content(document, line, line->first);
}

static inline struct slice inf_line_field(const struct inf_document *document,
                                          const struct inf_line *line,
                                          uint32_t index)
{
    return index < inf_line_n_fields(document, line)
               ? inf_token_content(document, line,
                                   line->first + index +
                                       document->tokens[line->first].is_key)
               : SLICE_NONE;
}

/* The same in another arena, which leaves the document as it is. */
struct slice inf_line_key_in(struct arena *arena,
                             const struct inf_document *document,
                             const struct inf_line *line);
struct slice inf_line_field_in(struct arena *arena,
                               const struct inf_document *document,
                               const struct inf_line *line, uint32_t index);

/* Longest key that inf_line_short_key gives whole. */
#define INF_SHORT_KEY 128

/* A key as bytes alone, to compare it: where it must be put together, in `room`
 * and cut to its size. */
struct str inf_line_short_key(const struct inf_document *document,
                              const struct inf_line *line,
                              char room[INF_SHORT_KEY]);

/* A key as bytes that live as long as the document or the arena; bytes NULL
 * when the arena failed. */
struct str inf_line_key_bytes(struct arena *arena,
                              const struct inf_document *document,
                              const struct inf_line *line);

/* A token as it was read, to put it into another document. */
struct inf_token inf_document_token(const struct inf_document *document,
                                    uint32_t index);

/* --- to make one: parser.c, profile.c, append.c --- */

/* Grows a document; its arrays become the document's at the end. */
struct inf_builder {
    struct arena *arena;
    const struct limits *limits;
    struct inf_document *document;
    VEC(struct inf_section) sections;
    VEC(struct inf_line) lines;
    VEC(struct inf_token) tokens;
    VEC(struct inf_run) runs;
    uint32_t section;   /* that lines go to; INF_NONE: they are dropped */
    uint32_t line_from; /* first token of the line that is being made */
    bool failed;
};

/* Add a section and make it the one that lines go to. */
void inf_build_section(struct inf_builder *builder, struct slice name);

/* Add a token to the line that is being made. */
void inf_build_token(struct inf_builder *builder, struct inf_token token);

/* Tokens of the line that is being made. */
uint32_t inf_build_n_tokens(const struct inf_builder *builder);

/* The tokens since the last line are a line. */
void inf_build_line(struct inf_builder *builder);

/* Whether so many tokens more are within the limit. */
bool inf_build_has_room(const struct inf_builder *builder, uint32_t n);

/* A whole line at once, for which there is room. */
void inf_build_whole_line(struct inf_builder *builder,
                          const struct inf_token *tokens, uint32_t n);

/* Hands the arrays over. false when memory ran out. */
bool inf_build_finish(struct inf_builder *builder);

#endif
