/* SPDX-License-Identifier: MIT */
#include "command/powershell/parser.h"

/* The bare word at p->at, if it is this one; its length or 0. */
static size_t word_at(const struct parser *p, const char *name)
{
    struct str word = str_from(name);
    struct str rest = str_sub(p->s, p->at, p->s.len - p->at);

    return str_starts_fold(rest, word) &&
                   !parser_is_name(parser_peek(p, word.len)) &&
                   parser_peek(p, word.len) != '-'
               ? word.len
               : 0;
}

/* Blanks and line ends: between the parts of one statement. */
static void skip_lines(struct parser *p)
{
    unsigned parens = p->parens++;

    parser_skip_blanks(p);
    p->parens = parens;
}

static bool parse_block(struct parser *p, struct ps_node *node)
{
    skip_lines(p);
    if (parser_peek(p, 0) != '{') {
        return false;
    }
    struct ps_node *block = parse_group(p, PS_SCRIPT, 1, '}');
    parser_add(node, block);
    return block != NULL;
}

static bool parse_condition(struct parser *p, struct ps_node *node)
{
    skip_lines(p);
    if (parser_peek(p, 0) != '(') {
        return false;
    }
    struct ps_node *condition = parse_group(p, PS_PAREN, 1, ')');
    parser_add(node, condition);
    return condition != NULL;
}

/* A word that goes on with the statement, behind line ends. */
static bool take_word(struct parser *p, const char *name)
{
    size_t before = p->at;

    skip_lines(p);
    size_t len = word_at(p, name);
    p->at = len ? p->at + len : before;
    return len != 0;
}

/* if (condition) {block} elseif (condition) {block} else {block} */
static bool parse_if(struct parser *p, struct ps_node *node)
{
    do {
        if (!parse_condition(p, node) || !parse_block(p, node)) {
            return false;
        }
    } while (take_word(p, "elseif"));
    return !take_word(p, "else") || parse_block(p, node);
}

/* while (condition) {block} */
static bool parse_while(struct parser *p, struct ps_node *node)
{
    return parse_condition(p, node) && parse_block(p, node);
}

/* do {block} while (condition), do {block} until (condition) */
static bool parse_do(struct parser *p, struct ps_node *node)
{
    if (!parse_block(p, node)) {
        return false;
    }
    if (take_word(p, "until")) {
        node->sign = 'u';
    } else if (!take_word(p, "while")) {
        return false;
    }
    return parse_condition(p, node);
}

/* One of the three parts of for (start; condition; step). */
static void parse_for_part(struct parser *p, struct ps_node *node)
{
    struct ps_node *part = parser_node(p, PS_BLOCK);

    while (part && !parser_at_end(p) && !p->failed) {
        size_t before = p->at;
        parser_skip_blanks(p);
        char c = parser_peek(p, 0);
        if (c == ';' || c == ')') {
            break;
        }
        p->at += c == ',';
        parser_add(part, parse_statement(p));
        if (p->at == before) {
            break;
        }
    }
    parser_add(node, part);
}

/* for (start; condition; step) {block} */
static bool parse_for(struct parser *p, struct ps_node *node)
{
    parser_skip_blanks(p);
    if (parser_peek(p, 0) != '(') {
        return false;
    }
    unsigned parens = p->parens++;
    for (unsigned i = 0; i < 3; i++) {
        if (i == 0 || parser_peek(p, 0) == ';') {
            p->at++;
        }
        parse_for_part(p, node);
    }
    p->parens = parens;
    if (parser_peek(p, 0) != ')') {
        return false;
    }
    p->at++;
    return parse_block(p, node);
}

/* foreach ($x in list) {block} */
static bool parse_foreach(struct parser *p, struct ps_node *node)
{
    parser_skip_blanks(p);
    if (parser_peek(p, 0) != '(') {
        return false;
    }
    unsigned parens = p->parens++;
    p->at++;
    parser_skip_blanks(p);
    struct ps_node *variable =
        parser_peek(p, 0) == '$' ? parse_variable(p) : NULL;
    parser_add(node, variable);
    bool fits = variable && take_word(p, "in");
    if (fits) {
        parser_skip_blanks(p);
        struct ps_node *list = parse_statement(p);
        parser_add(node, list);
        parser_skip_blanks(p);
        fits = list && parser_peek(p, 0) == ')';
    }
    p->parens = parens;
    p->at += fits;
    return fits && parse_block(p, node);
}

/* switch (value) { pattern {block} ... } */
static bool parse_switch(struct parser *p, struct ps_node *node)
{
    if (!parse_condition(p, node)) {
        return false;
    }
    skip_lines(p);
    if (parser_peek(p, 0) != '{') {
        return false;
    }
    p->at++;
    for (;;) {
        skip_lines(p);
        while (parser_peek(p, 0) == ';') {
            p->at++;
            skip_lines(p);
        }
        if (parser_peek(p, 0) == '}') {
            p->at++;
            return true;
        }
        struct ps_node *pattern = parser_at_end(p) ? NULL : parse_primary(p);
        if (!pattern) { /* a bare word */
            pattern = parser_node(p, PS_WORD);
            size_t start = p->at;
            while (parser_is_name(parser_peek(p, 0))) {
                p->at++;
            }
            if (!pattern || p->at == start) {
                return false;
            }
            pattern->text = str_sub(p->s, start, p->at - start);
            pattern->end = (uint32_t)p->at;
        }
        parser_add(node, pattern);
        if (!parse_block(p, node)) {
            return false;
        }
    }
}

/* try {block} catch [type] {block} finally {block} */
static bool parse_try(struct parser *p, struct ps_node *node)
{
    if (!parse_block(p, node)) {
        return false;
    }
    while (take_word(p, "catch")) {
        skip_lines(p);
        while (parser_peek(p, 0) == '[' || parser_peek(p, 0) == ',') {
            size_t close = str_find_char(p->s, ']', p->at);
            p->at = parser_peek(p, 0) == ',' ? p->at + 1
                    : close == STR_NONE      ? p->s.len
                                             : close + 1;
            skip_lines(p);
        }
        if (!parse_block(p, node)) {
            return false;
        }
    }
    if (take_word(p, "finally")) {
        if (!parse_block(p, node)) {
            return false;
        }
        node->last->sign = 'f';
    }
    return true;
}

/* ([type]$a = 1, [Parameter(...)]$b) up to the parenthesis that closes it */
static bool parse_param_list(struct parser *p, struct ps_node *params)
{
    unsigned parens = p->parens++;
    bool fits = false;

    p->at++;
    while (!parser_at_end(p) && !p->failed) {
        parser_skip_blanks(p);
        char c = parser_peek(p, 0);
        if (c == ')') {
            p->at++;
            fits = true;
            break;
        }
        if (c == ',') {
            p->at++;
        } else if (c == '[') { /* a type or an attribute */
            unsigned open = 0;
            do {
                open += parser_peek(p, 0) == '[';
                open -= parser_peek(p, 0) == ']';
                p->at++;
            } while (open && !parser_at_end(p));
        } else if (c == '$') {
            struct ps_node *param = parse_variable(p);
            parser_skip_blanks(p);
            if (param) {
                param->kind = PS_PARAM;
            }
            if (param && parser_peek(p, 0) == '=') {
                p->at++;
                parser_skip_blanks(p);
                parser_add(param, parse_expression(p, 1));
            }
            parser_add(params, param);
        } else {
            break;
        }
    }
    p->parens = parens;
    return fits;
}

/* function name(params) {block} */
static bool parse_function(struct parser *p, struct ps_node *node)
{
    parser_skip_blanks(p);
    size_t start = p->at;
    while (parser_is_name(parser_peek(p, 0)) || parser_peek(p, 0) == '-' ||
           parser_peek(p, 0) == ':') {
        p->at++;
    }
    node->text = str_sub(p->s, start, p->at - start);
    parser_skip_blanks(p);
    if (parser_peek(p, 0) == '(') {
        struct ps_node *params = parser_node(p, PS_PARAMS);
        if (!params || !parse_param_list(p, params)) {
            return false;
        }
        parser_add(node, params);
    }
    return node->text.len && parse_block(p, node);
}

/* return value, break, ... */
static bool parse_leave(struct parser *p, struct ps_node *node)
{
    parser_skip_blanks(p);
    if (!parser_at_end(p) && !parser_ends_element(parser_peek(p, 0)) &&
        p->depth < PARSER_MAX_DEPTH) {
        p->depth++;
        parser_add(node, parse_statement(p));
        p->depth--;
    }
    return true;
}

struct ps_node *parse_params(struct parser *p)
{
    size_t before = p->at;
    size_t len = word_at(p, "param");
    struct ps_node *params = NULL;

    p->at += len;
    parser_skip_blanks(p);
    if (len && parser_peek(p, 0) == '(') {
        params = parser_node(p, PS_PARAMS);
        if (params && !parse_param_list(p, params)) {
            params = NULL;
        }
    }
    if (params) {
        params->off = (uint32_t)before;
        params->end = (uint32_t)p->at;
    } else {
        p->at = before;
    }
    return params;
}

/* The key of a hash table: a literal, or a bare word. */
static struct ps_node *parse_key(struct parser *p)
{
    char c = parser_peek(p, 0);
    size_t start = p->at;

    if (c == '\'' || c == '"' || c == '$' || c == '(' || ascii_is_digit(c)) {
        return parse_primary(p);
    }
    struct ps_node *key = parser_node(p, PS_WORD);
    while (parser_is_name(parser_peek(p, 0)) || parser_peek(p, 0) == '-') {
        p->at++;
    }
    if (key) {
        key->text = str_sub(p->s, start, p->at - start);
        key->end = (uint32_t)p->at;
    }
    return key && key->text.len ? key : NULL;
}

struct ps_node *parse_hash(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_HASH);

    if (!node || !peel_may_nest(p->peel, p->depth, PARSER_MAX_DEPTH)) {
        return NULL;
    }
    unsigned parens = p->parens;
    bool no_list = p->no_list;
    p->parens = 0;
    p->no_list = false;
    p->depth++;
    p->at += 2;
    while (!p->failed) {
        skip_lines(p);
        if (parser_peek(p, 0) == ';') {
            p->at++;
            continue;
        }
        struct ps_node *key = parse_key(p);
        struct ps_node *entry = parser_wrap(p, PS_ASSIGN, key);
        parser_skip_blanks(p);
        if (!entry || parser_peek(p, 0) != '=') {
            break;
        }
        entry->sign = '=';
        p->at++;
        skip_lines(p);
        parser_add(entry, parse_statement(p));
        parser_add(node, entry);
    }
    p->depth--;
    p->parens = parens;
    p->no_list = no_list;
    node->broken = parser_peek(p, 0) != '}';
    p->at += !node->broken;
    node->end = (uint32_t)p->at;
    return node;
}

static const struct {
    const char *word;
    enum ps_node_kind kind;
    char sign;
    bool (*parse)(struct parser *p, struct ps_node *node);
} statements[] = {
    {"if", PS_IF, 0, parse_if},
    {"for", PS_FOR, 0, parse_for},
    {"foreach", PS_FOREACH, 0, parse_foreach},
    {"while", PS_WHILE, 0, parse_while},
    {"do", PS_DO, 0, parse_do},
    {"switch", PS_SWITCH, 0, parse_switch},
    {"try", PS_TRY, 0, parse_try},
    {"function", PS_FUNCTION, 0, parse_function},
    {"filter", PS_FUNCTION, 0, parse_function},
    {"return", PS_LEAVE, 'r', parse_leave},
    {"break", PS_LEAVE, 'b', parse_leave},
    {"continue", PS_LEAVE, 'c', parse_leave},
    {"throw", PS_LEAVE, 't', parse_leave},
    {"exit", PS_LEAVE, 'e', parse_leave},
};

struct ps_node *parse_flow(struct parser *p)
{
    size_t start = p->at;

    if (!ascii_is_alpha(parser_peek(p, 0)) || p->depth >= PARSER_MAX_DEPTH) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        size_t len = word_at(p, statements[i].word);
        if (!len) {
            continue;
        }
        struct ps_node *node = parser_node(p, statements[i].kind);
        if (!node) {
            return NULL;
        }
        node->sign = statements[i].sign;
        p->at += len;
        p->depth++;
        bool fits = statements[i].parse(p, node);
        p->depth--;
        if (!fits && !node->first) { /* a command of that name */
            p->at = start;
            return NULL;
        }
        node->broken = !fits;
        node->end = (uint32_t)p->at;
        return node;
    }
    return parse_params(p);
}
