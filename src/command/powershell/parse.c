/* SPDX-License-Identifier: MIT */
#include "command/powershell/parser.h"

bool parser_ends_element(char c)
{
    return c == '|' || c == ';' || c == '\n' || c == '\r' || c == ')' ||
           c == '}' || c == '\0';
}

static struct ps_node *parse_word(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_WORD);
    size_t end = p->at;
    struct chars out;

    while (end < p->s.len) {
        char c = p->s.bytes[end];
        if (c == '`' && end + 1 < p->s.len) {
            end += 2;
        } else if (parser_ends_element(c) || ascii_is_space(c) || c == '(' ||
                   c == '{' || c == '\'' || c == '"' || c == ',' ||
                   (c == '<' && end + 1 < p->s.len &&
                    p->s.bytes[end + 1] == '#') ||
                   (c == '$' && end > p->at) ||
                   (c == '&' && (end == p->at || p->s.bytes[end - 1] != '>'))) {
            break;
        } else {
            end++;
        }
    }
    if (end == p->at) { /* always get on */
        end++;
    }
    if (!node || !chars_init(&out, p, end - p->at)) {
        return NULL;
    }
    for (size_t i = p->at; i < end; i++) {
        if (p->s.bytes[i] == '`' && i + 1 < end) {
            i++;
            node->noisy = node->noisy || ascii_is_alnum(p->s.bytes[i]) ||
                          p->s.bytes[i] == '-';
        }
        out.bytes[out.n++] = p->s.bytes[i];
    }
    node->text = str_of(out.bytes, out.n);
    p->at = end;
    node->end = (uint32_t)end;
    return node;
}

static struct ps_node *parse_argument(struct parser *p)
{
    char c = parser_peek(p, 0);
    bool operand = c == '\'' || c == '"' || c == '$' || c == '(' || c == '{' ||
                   (c == '@' && parser_peek(p, 1) != '\0');
    struct ps_node *node = NULL;
    size_t start = p->at;

    if (operand) {
        node = parse_postfix(p, parse_primary(p), ARGUMENT);
    } else if (ascii_is_digit(c)) {
        node = parse_number(p);
        if (!parser_ends_element(parser_peek(p, 0)) &&
            !ascii_is_space(parser_peek(p, 0)) && parser_peek(p, 0) != ',') {
            p->at = start;
            node = NULL;
        }
    } else if (c == ',') {
        node = parse_list(p);
    } else if (c == '[') {
        node = parse_postfix(p, parse_type(p), ARGUMENT);
        if (node && node->broken) {
            p->at = start;
            node = NULL;
        }
    }
    return node ? node : parse_word(p);
}

static struct ps_node *parse_argument_list(struct parser *p)
{
    struct ps_node *first = parse_argument(p);
    struct ps_node *list = NULL;

    for (;;) {
        size_t before = p->at;
        parser_skip_blanks(p);
        if (parser_peek(p, 0) != ',' || !first) {
            p->at = before;
            return list ? list : first;
        }
        p->at++;
        parser_skip_blanks(p);
        if (!list) {
            list = parser_wrap(p, PS_LIST, first);
        }
        struct ps_node *next =
            parser_ends_element(parser_peek(p, 0)) ? NULL : parse_argument(p);
        parser_add(list, next);
        if (!next) {
            return list;
        }
    }
}

static struct ps_node *parse_command(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_COMMAND);
    char c = parser_peek(p, 0);

    if (!node) {
        return NULL;
    }
    if (c == '&' || c == '.') {
        node->sign = c;
        p->at++;
        parser_skip_blanks(p);
    }
    while (!p->failed) {
        size_t before = p->at;
        parser_skip_blanks(p);
        c = parser_peek(p, 0);
        if (parser_at_end(p) || parser_ends_element(c) ||
            (c == '&' && node->first)) {
            p->at = before;
            break;
        }
        parser_add(node,
                   node->first ? parse_argument_list(p) : parse_argument(p));
    }
    return node;
}

static struct ps_node *parse_element(struct parser *p)
{
    char c = parser_peek(p, 0);
    size_t start = p->at;
    const struct operator_row *row;
    bool exact;

    if (c == '&' || (c == '.' && !parser_is_name(parser_peek(p, 1)) &&
                     parser_peek(p, 1) != '\\' && parser_peek(p, 1) != '.')) {
        return parse_command(p);
    }
    size_t dash = ps_dash(p->s, p->at);
    char operand = parser_peek(p, dash);
    bool unary_word =
        dash && (parser_operator(p, &row, &exact) || ascii_is_digit(operand) ||
                 operand == '$' || operand == '(');
    if (!(parser_starts_operand(p) && !dash) && !unary_word) {
        return parse_command(p);
    }
    if (ascii_is_digit(c)) { /* 7z.exe is a command */
        size_t n = 0;
        while (ascii_is_alnum(parser_peek(p, n))) {
            n++;
        }
        if (ascii_hex_value(parser_peek(p, n - 1)) < 0 &&
            parser_peek(p, n) == '.') {
            return parse_command(p);
        }
    }
    struct ps_node *node = parse_expression(p, 1);
    if (!node) {
        p->at = start;
        return parse_command(p);
    }
    return node;
}

/* = += and the like behind a target */
static struct ps_node *parse_assignment(struct parser *p,
                                        struct ps_node *target)
{
    size_t before = p->at;
    parser_skip_blanks(p);
    char c = parser_peek(p, 0);
    bool compound = c && strchr("+-*/%", c) && parser_peek(p, 1) == '=';

    if ((c != '=' && !compound) || p->depth >= PARSER_MAX_DEPTH) {
        p->at = before;
        return target;
    }
    struct ps_node *node = parser_wrap(p, PS_ASSIGN, target);
    if (!node) {
        return NULL;
    }
    node->sign = c;
    p->at += compound ? 2 : 1;
    unsigned parens = p->parens++;
    parser_skip_blanks(p);
    p->parens = parens;
    p->depth++;
    parser_add(node, parse_statement(p));
    p->depth--;
    return node;
}

/* A statement that ends with its block: another may follow at once. */
static bool ends_with_block(const struct ps_node *node)
{
    switch (node->kind) {
    case PS_IF:
    case PS_FOR:
    case PS_FOREACH:
    case PS_WHILE:
    case PS_SWITCH:
    case PS_TRY:
    case PS_FUNCTION:
    case PS_PARAMS:
        return true;
    default:
        return false;
    }
}

struct ps_node *parse_statement(struct parser *p)
{
    struct ps_node *flow = parse_flow(p);
    struct ps_node *element = flow ? NULL : parse_element(p);
    struct ps_node *pipeline = NULL;

    if (element && (element->kind == PS_VARIABLE || element->kind == PS_CAST ||
                    element->kind == PS_INDEX || element->kind == PS_MEMBER ||
                    element->kind == PS_LIST)) {
        struct ps_node *assign = parse_assignment(p, element);
        if (assign != element) {
            return assign;
        }
    }
    while (element) {
        size_t before = p->at;
        parser_skip_blanks(p);
        if (parser_peek(p, 0) != '|' || parser_peek(p, 1) == '|') {
            p->at = before;
            break;
        }
        p->at++;
        unsigned parens = p->parens++;
        parser_skip_blanks(p);
        p->parens = parens;
        if (!pipeline) {
            pipeline = parser_wrap(p, PS_PIPELINE, element);
        }
        element = parser_at_end(p) ? NULL : parse_element(p);
        parser_add(pipeline, element);
    }
    return flow ? flow : pipeline ? pipeline : element;
}

void parse_statements(struct parser *p, struct ps_node *block, char close)
{
    while (!parser_at_end(p) && !p->failed) {
        parser_skip_blanks(p);
        char c = parser_peek(p, 0);
        if (parser_at_end(p) || c == close) {
            return;
        }
        size_t before = p->at;
        if (c == ';' || c == '\n' || c == '\r') {
            p->at++;
            continue;
        }
        if ((c == '&' && parser_peek(p, 1) == '&') || (c == '|')) {
            p->at += parser_peek(p, 1) == c ? 2 : 1;
            continue;
        }
        parser_add(block, parse_statement(p));
        if (p->at == before) {
            p->at++; /* not understood: on with the next character */
            block->broken = true;
        } else if (!block->last || !ends_with_block(block->last)) {
            parser_skip_blanks(p);
            c = parser_peek(p, 0);
            /* Two statements side by side are one that was misread. */
            if (!parser_at_end(p) && !parser_ends_element(c) && c != '&' &&
                c != close) {
                block->broken = true;
            }
        }
    }
}

struct ps_node *ps_parse(struct peel *peel, struct str script)
{
    struct parser p = {.peel = peel, .s = script};
    struct ps_node *root = parser_node(&p, PS_BLOCK);

    if (root) {
        parse_statements(&p, root, '\0');
        root->end = (uint32_t)script.len;
    }
    return p.failed ? NULL : root;
}
