/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_PARSER_H
#define COMMAND_POWERSHELL_PARSER_H

#include "command/powershell/ast.h"

/* What the files of the parser share: token.c reads literals, variables and
 * groups, expression.c operators, parse.c commands and statements. Each
 * parse_* function starts at p->at and leaves it behind what it read; NULL
 * when there was nothing of the kind, memory ran out or the budget is spent. */

#define PARSER_MAX_DEPTH 120

struct parser {
    struct peel *peel;
    struct str s;
    size_t at;
    unsigned depth;
    unsigned parens; /* inside them a line end is a blank */
    bool call;       /* the next group holds arguments of a method */
    bool arguments;  /* their first expression begins here */
    bool no_list;    /* a comma ends an argument */
    bool failed;
};

/* The byte so many behind p->at; 0 past the end. */
static inline char parser_peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->s.len ? p->s.bytes[p->at + ahead] : '\0';
}

static inline bool parser_at_end(const struct parser *p)
{
    return p->at >= p->s.len;
}

static inline bool parser_is_name(char c)
{
    return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* An empty node at p->at. */
struct ps_node *parser_node(struct parser *p, enum ps_node_kind kind);

/* Makes a node the last child; either may be NULL. */
void parser_add(struct ps_node *node, struct ps_node *child);

/* A node around one that is there already. */
struct ps_node *parser_wrap(struct parser *p, enum ps_node_kind kind,
                            struct ps_node *child);

void parser_skip_comment(struct parser *p);

/* Blanks, comments, escaped line ends; inside parentheses all line ends. */
void parser_skip_blanks(struct parser *p);

/* Growing bytes of a string value. */
struct chars {
    struct parser *p;
    char *bytes;
    size_t n;
    size_t capacity;
};

bool chars_init(struct chars *chars, struct parser *p, size_t max);
void chars_add(struct chars *chars, char c);

/* "..." or @"..."@. */
enum double_form {
    DOUBLE_QUOTED,
    DOUBLE_HERE
};

struct ps_node *parse_single(struct parser *p);
struct ps_node *parse_double(struct parser *p, enum double_form form);
struct ps_node *parse_here(struct parser *p);
struct ps_node *parse_variable(struct parser *p);
struct ps_node *parse_number(struct parser *p);

/* Statements between an opening of `open` bytes and `close`. */
struct ps_node *parse_group(struct parser *p, enum ps_node_kind kind,
                            size_t open, char close);

/* Blanks may stand before [ and . in an expression, not in an argument. */
enum mode {
    EXPRESSION,
    ARGUMENT
};

bool parser_starts_operand(const struct parser *p);
struct ps_node *parse_type(struct parser *p);
struct ps_node *parse_primary(struct parser *p);
struct ps_node *parse_postfix(struct parser *p, struct ps_node *node,
                              enum mode mode);
struct ps_node *parse_unary(struct parser *p);
struct ps_node *parse_list(struct parser *p);

/* Binary operators from `level` (1: the weakest) up. */
struct ps_node *parse_expression(struct parser *p, unsigned level);

struct operator_row {
    const char *name;
    enum ps_op op;
    unsigned level; /* 0: unary only */
};

/* A word operator after the dash at p->at; its length with the dash, or 0. */
size_t parser_operator(const struct parser *p, const struct operator_row **out,
                       bool *exact);

/* Whether c cannot stand inside a bare word of a pipeline. */
bool parser_ends_element(char c);

struct ps_node *parse_statement(struct parser *p);

/* if, for, function and the like; NULL, and nothing read, for other words. */
struct ps_node *parse_flow(struct parser *p);

/* @{ key = value; ... } */
struct ps_node *parse_hash(struct parser *p);

/* param(...) at the start of a block, or NULL. */
struct ps_node *parse_params(struct parser *p);

/* Statements up to `close`, which stays. */
void parse_statements(struct parser *p, struct ps_node *block, char close);

#endif
