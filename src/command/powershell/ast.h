/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_AST_H
#define COMMAND_POWERSHELL_AST_H

#include "command/peel.h"

enum ps_node_kind {
    PS_BLOCK,    /* statements */
    PS_PIPELINE, /* elements */
    PS_COMMAND,  /* name, then arguments; op '&' or '.' where invoked so */
    PS_ASSIGN,   /* target, value; op is the character before '=' */
    PS_WORD,     /* bare word; text without backticks */
    PS_STRING,   /* text: the value */
    PS_EXPAND,   /* "..." with parts: PS_STRING, PS_VARIABLE, PS_SUBEXPR */
    PS_NUMBER,
    PS_VARIABLE, /* text: the name */
    PS_TYPE,     /* text: the name */
    PS_CAST,     /* operand; text: the type */
    PS_UNARY,    /* op, operand */
    PS_BINARY,   /* op, left, right */
    PS_LIST,     /* comma list */
    PS_PAREN,    /* statements in ( ) */
    PS_SUBEXPR,  /* statements in $( ) */
    PS_ARRAY,    /* statements in @( ) */
    PS_SCRIPT,   /* statements in { } */
    PS_HASH,     /* PS_ASSIGN of keys in @{ } */
    PS_MEMBER,   /* object, name */
    PS_STATIC,   /* object, name */
    PS_CALL,     /* callee (PS_MEMBER or PS_STATIC), arguments */
    PS_INDEX,    /* object, index */
    PS_IF,       /* condition, block, condition, block, ..., block */
    PS_FOR,      /* PS_BLOCK start, condition, step; body */
    PS_FOREACH,  /* variable, list, body */
    PS_WHILE,    /* condition, body */
    PS_DO,       /* body, condition; sign 'u': until it holds */
    PS_SWITCH,   /* value, then pattern, block, ... */
    PS_TRY,      /* block, catch blocks; sign 'f' on a finally block */
    PS_FUNCTION, /* text: name; PS_PARAMS or nothing, body */
    PS_PARAMS,   /* PS_PARAM */
    PS_PARAM,    /* text: name; default or nothing */
    PS_LEAVE     /* sign: 'b'reak, 'c'ontinue, 'r'eturn, 't'hrow, 'e'xit;
                  * value or nothing */
};

enum ps_op {
    PS_OP_NONE,
    PS_OP_ADD,
    PS_OP_SUB,
    PS_OP_MUL,
    PS_OP_DIV,
    PS_OP_MOD,
    PS_OP_RANGE,
    PS_OP_FORMAT,
    PS_OP_JOIN,
    PS_OP_SPLIT,
    PS_OP_REPLACE,
    PS_OP_BXOR,
    PS_OP_BAND,
    PS_OP_BOR,
    PS_OP_BNOT,
    PS_OP_SHL,
    PS_OP_SHR,
    PS_OP_AS,
    PS_OP_NOT,
    PS_OP_NEGATE,
    PS_OP_PLUS,
    PS_OP_INCREMENT,
    PS_OP_DECREMENT,
    PS_OP_AND,
    PS_OP_OR,
    PS_OP_XOR,
    PS_OP_EQ,
    PS_OP_NE,
    PS_OP_GT,
    PS_OP_GE,
    PS_OP_LT,
    PS_OP_LE,
    PS_OP_LIKE,
    PS_OP_NOTLIKE,
    PS_OP_MATCH,
    PS_OP_NOTMATCH,
    PS_OP_CONTAINS,
    PS_OP_NOTCONTAINS,
    PS_OP_IN,
    PS_OP_NOTIN,
    PS_OP_OTHER /* -is: not evaluated */
};

struct ps_value;

struct ps_node {
    enum ps_node_kind kind;
    enum ps_op op;
    char sign;    /* & . = + and so on */
    bool noisy;   /* spelled with backticks that mean nothing */
    bool exact;   /* operator spelled -c...: letter case counts */
    bool postfix; /* $x++ */
    bool broken;  /* something in it was not understood */
    uint32_t off; /* in the script */
    uint32_t end;
    struct str text;
    int64_t number;
    struct ps_node *first;
    struct ps_node *last;
    struct ps_node *next;
    const struct ps_value *value; /* what evaluation found, or NULL */
    struct slice run;             /* resolved script that it runs, if any */
    bool run_hidden;              /* that script was not spelled in the open */
};

/**
 * ps_parse - read PowerShell source
 *
 * The tree; NULL when memory ran out or the budget is spent. Never refuses a
 * text: what it does not understand becomes broken nodes.
 * Source: Microsoft, "PowerShell language specification".
 */
struct ps_node *ps_parse(struct peel *peel, struct str script);

/* Bytes of a dash at `at`: 1 for '-', 3 for U+2013 to U+2015, 0 for none. */
size_t ps_dash(struct str s, size_t at);

#endif
