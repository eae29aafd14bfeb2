/* SPDX-License-Identifier: MIT */
#ifndef INF_LEXER_H
#define INF_LEXER_H

#include "base/vec.h"
#include "text/diag.h"
#include "text/source.h"

enum lexer_token_kind {
    LEXER_SECTION,        /* the name between [ and ] */
    LEXER_SECTION_BROKEN, /* header without ]: the rest of the line */
    LEXER_JUNK,           /* a line before the first section */
    LEXER_KEY,            /* text before the first `=` */
    LEXER_FIELD,
    LEXER_LINE_END, /* the logical line is complete */
    LEXER_END       /* end of file or Ctrl-Z */
};

/* How the content of a token stands in the source text. */
enum lexer_form {
    LEXER_PLAIN,  /* from start to end */
    LEXER_QUOTED, /* from start to end without the quotes around it */
    LEXER_PIECED  /* with something left out or replaced: lexer_build */
};

struct lexer_token {
    enum lexer_token_kind kind;
    enum lexer_form form;
    uint32_t start; /* in the decoded text, quotes included */
    uint32_t end;
    struct slice text; /* content; from start to end for LEXER_PIECED */
    size_t n_bytes;    /* of the content */
    size_t n_units;    /* the same in UTF-16, where it may be above n_bytes */
};

/* A run of source text that belongs to the token being read. */
struct lexer_run {
    uint32_t off;
    uint32_t len;
};

/* Where a token comes to stand beside its line's others: the first one is read
 * as a key might be. */
enum lexer_position {
    LEXER_FIRST,
    LEXER_LATER
};

#define LEXER_STACK 4

/* Reads one decoded file. Fields are the lexer's own. */
struct lexer {
    const struct text *text;
    struct diag_list *diags;
    struct str in;
    uint32_t at;         /* next character */
    uint32_t start;      /* source text from here is not in the token yet */
    uint32_t token_from; /* where the token began */
    int state;
    int stack[LEXER_STACK];
    uint32_t n_stack;
    bool in_section;
    bool junk_on_line;
    bool may_hold_nul;      /* false: no NUL in the whole text */
    struct lexer_run first; /* run of the token; empty: none yet */
    bool scattered;         /* the token has more than one run */
    size_t n_bytes;
    size_t n_units;               /* of a scattered token */
    struct text_builder *builder; /* receives the content, or NULL */
    char *out;                    /* receives the content, or NULL */
    size_t max_out;
    struct lexer_token *token; /* being filled */
    bool ready;
};

void lexer_init(struct lexer *lexer, const struct text *text,
                struct diag_list *diags);

/**
 * lexer_next - the next token, after SetupAPI's state machine
 *
 * false at the end of input, when the token is LEXER_END. lexer.at then says
 * where reading stopped. Nothing is allocated, and no content put together.
 * Source: Wine, setupapi/parser.c and its tests.
 */
bool lexer_next(struct lexer *lexer, struct lexer_token *token);

/* Whether a line inside a section starts at lexer.at, of which nothing was read
 * yet. Whoever reads it otherwise moves lexer.at behind its end. */
bool lexer_starts_line(const struct lexer *lexer);

/**
 * lexer_build - the content of a token that was read before
 *
 * arena:   receives it where it is no part of the source text
 * start, end: of the token
 *
 * Content of many pieces and more than LEXER_TRACED_BYTES is traced as a whole
 * and not piece by piece. Text NULL when the arena failed.
 */
struct slice lexer_build(struct arena *arena, const struct text *text,
                         uint32_t start, uint32_t end,
                         enum lexer_position position);

/* Windows reads 4096 characters of a field. */
#define LEXER_TRACED_BYTES 65536u

/* The content as bytes alone; its length, of which at most max_out are
 * written. */
size_t lexer_flatten(const struct text *text, uint32_t start,
                     enum lexer_position position, char *out, size_t max_out);

/* A section's name, each NUL a blank. Text NULL when the arena failed. */
struct slice lexer_build_name(struct arena *arena, struct slice header);

#endif
