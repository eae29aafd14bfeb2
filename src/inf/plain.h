/* SPDX-License-Identifier: MIT */
#ifndef INF_PLAIN_H
#define INF_PLAIN_H

#include "inf/document.h"

/* Fields of one line that are read here; longer lines are the lexer's. */
#define PLAIN_TOKENS 1024

/* What plain_read makes of a line. */
enum plain_result {
    PLAIN_LINE,    /* tokens, or none: a blank line or a comment */
    PLAIN_SECTION, /* a header, and tokens[0] is its name */
    PLAIN_OTHER    /* the lexer has to read it */
};

/* Reads lines that hold nothing but keys, fields, quotes around whole fields
 * and comments, and section headers: nearly all lines of nearly all files.
 * Fields are its own. */
struct plain_reader {
    struct str in;  /* up to its last line end */
    uint32_t block; /* the 64 bytes that `all` is about */
    uint64_t all;   /* a bit for each byte that may mean something */
    uint32_t n;
    struct inf_token tokens[PLAIN_TOKENS];
};

void plain_init(struct plain_reader *reader, struct str in);

/**
 * plain_read - the line that starts at *at, where it is plain
 *
 * at:      start of a line inside a section; behind the line end afterwards,
 *          unchanged for PLAIN_OTHER
 *
 * What it leaves in tokens[0..n) is what lexer_next tells of that line, and no
 * diagnostic is due. Anything that the lexer's states are needed for is
 * PLAIN_OTHER: continuations inside a field, quotes inside a field, NUL,
 * Ctrl-Z, characters beyond ASCII outside of quotes and names, the last line
 * without an end.
 */
enum plain_result plain_read(struct plain_reader *reader, uint32_t *at);

#endif
