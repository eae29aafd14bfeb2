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

struct lexer_token {
    enum lexer_token_kind kind;
    struct slice text; /* unquoted, continuations joined */
    uint32_t start;    /* of the token, in the decoded text */
    uint32_t end;
};

/* A run of source text that belongs to the token being read. */
struct lexer_run {
    uint32_t off;
    uint32_t len;
};

#define LEXER_STACK 4

/* Reads one decoded file. Fields are the lexer's own. */
struct lexer {
    struct arena *arena;
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
    bool failed;            /* the arena failed */
    struct lexer_run first; /* run of the token; empty: none yet */
    struct text_builder builder;
    bool building;             /* the token has more than one run */
    struct lexer_token *token; /* being filled; kind set: complete */
    bool ready;
};

void lexer_init(struct lexer *lexer, struct arena *arena,
                const struct text *text, struct diag_list *diags);

/**
 * lexer_next - the next token, after SetupAPI's state machine
 *
 * false at the end of input, when the token is LEXER_END, and when the arena
 * failed (lexer.failed). lexer.at then says where reading stopped.
 * Source: inf-format, part 2.1; Wine's setupapi tests.
 */
bool lexer_next(struct lexer *lexer, struct lexer_token *token);

#endif
