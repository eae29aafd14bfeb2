/* SPDX-License-Identifier: MIT */
#include "command/powershell/parser.h"

bool parser_starts_operand(const struct parser *p)
{
    char c = parser_peek(p, 0);

    return c == '$' || c == '(' || c == '[' || c == '\'' || c == '"' ||
           c == '{' || c == ',' || ascii_is_digit(c) ||
           (c == '@' && parser_peek(p, 1)) || c == '+' || c == '!' ||
           (ps_dash(p->s, p->at) &&
            parser_peek(p, ps_dash(p->s, p->at)) != '\0');
}

/* [type], and a cast where an operand follows. */
struct ps_node *parse_type(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_TYPE);
    size_t end = p->at + 1;
    unsigned open = 1;
    struct chars out;

    while (end < p->s.len && open) {
        char c = p->s.bytes[end++];
        open += c == '[';
        open -= c == ']';
        if (c == '"' || c == '$' || c == '(' || c == ';') {
            break; /* not a type */
        }
    }
    if (!node || !chars_init(&out, p, end - p->at)) {
        return NULL;
    }
    if (open) {
        node->broken = true;
        p->at++;
        node->end = (uint32_t)p->at;
        return node;
    }
    for (size_t i = p->at + 1; i + 1 < end; i++) {
        char c = p->s.bytes[i];
        if (!ascii_is_space(c) && c != '`') {
            out.bytes[out.n++] = c;
        }
    }
    node->text = str_of(out.bytes, out.n);
    p->at = end;
    node->end = (uint32_t)end;
    parser_skip_blanks(p);
    if ((parser_peek(p, 0) != ':' || parser_peek(p, 1) != ':') &&
        parser_starts_operand(p) && p->depth < PARSER_MAX_DEPTH) {
        p->depth++;
        struct ps_node *operand = parse_unary(p);
        p->depth--;
        if (operand) {
            node->kind = PS_CAST;
            parser_add(node, operand);
        }
    } else {
        p->at = end;
    }
    return node;
}

/* The name behind '.' or '::'. */
static struct ps_node *parse_member_name(struct parser *p)
{
    char c = parser_peek(p, 0);

    if (c == '\'') {
        return parse_single(p);
    }
    if (c == '"') {
        return parse_double(p, DOUBLE_QUOTED);
    }
    if (c == '(') {
        return parse_group(p, PS_PAREN, 1, ')');
    }
    if (c == '$') {
        return parse_variable(p);
    }
    struct ps_node *node = parser_node(p, PS_WORD);
    struct chars out;
    size_t end = p->at;
    while (end < p->s.len &&
           (parser_is_name(p->s.bytes[end]) || p->s.bytes[end] == '`')) {
        end++;
    }
    if (!node || !chars_init(&out, p, end - p->at)) {
        return NULL;
    }
    for (size_t i = p->at; i < end; i++) {
        if (p->s.bytes[i] == '`') {
            node->noisy = true;
        } else {
            out.bytes[out.n++] = p->s.bytes[i];
        }
    }
    node->text = str_of(out.bytes, out.n);
    p->at = end;
    node->end = (uint32_t)end;
    return node;
}

static bool starts_member(const struct parser *p, size_t ahead)
{
    char c = parser_peek(p, ahead);

    return ascii_is_alpha(c) || c == '_' || c == '\'' || c == '"' || c == '(' ||
           c == '$' || c == '`';
}

static struct ps_node *parse_member(struct parser *p, struct ps_node *object,
                                    enum ps_node_kind kind)
{
    struct ps_node *member = parser_wrap(p, kind, object);

    p->at += kind == PS_STATIC ? 2 : 1;
    parser_skip_blanks(p);
    parser_add(member, parse_member_name(p));
    if (member && parser_peek(p, 0) == '(') {
        struct ps_node *call = parser_wrap(p, PS_CALL, member);
        p->call = true;
        parser_add(call, parse_group(p, PS_PAREN, 1, ')'));
        return call;
    }
    return member;
}

struct ps_node *parse_postfix(struct parser *p, struct ps_node *node,
                              enum mode mode)
{
    for (unsigned n = 0; node && n < 1000; n++) {
        size_t before = p->at;
        if (mode == EXPRESSION) {
            parser_skip_blanks(p);
        } else if (parser_peek(p, 0) == '<' && parser_peek(p, 1) == '#') {
            parser_skip_comment(p);
        }
        bool blank = p->at != before && p->s.bytes[p->at - 1] != '>';
        if (parser_peek(p, 0) == ':' && parser_peek(p, 1) == ':') {
            node = parse_member(p, node, PS_STATIC);
        } else if (parser_peek(p, 0) == '.' && starts_member(p, 1)) {
            node = parse_member(p, node, PS_MEMBER);
        } else if (parser_peek(p, 0) == '[' && (!blank || mode == EXPRESSION)) {
            struct ps_node *index = parser_wrap(p, PS_INDEX, node);
            parser_add(index, parse_group(p, PS_PAREN, 1, ']'));
            node = index;
        } else if (mode == EXPRESSION &&
                   ((parser_peek(p, 0) == '+' && parser_peek(p, 1) == '+') ||
                    (parser_peek(p, 0) == '-' && parser_peek(p, 1) == '-')) &&
                   node->kind == PS_VARIABLE) {
            node = parser_wrap(p, PS_UNARY, node);
            if (node) {
                node->op = parser_peek(p, 0) == '+' ? PS_OP_INCREMENT
                                                    : PS_OP_DECREMENT;
                node->postfix = true;
                p->at += 2;
                node->end = (uint32_t)p->at;
            }
        } else {
            p->at = before;
            return node;
        }
    }
    return node;
}

struct ps_node *parse_primary(struct parser *p)
{
    char c = parser_peek(p, 0);

    if (!peel_may_nest(p->peel, p->depth, PARSER_MAX_DEPTH)) {
        return NULL;
    }
    if (c == '\'') {
        return parse_single(p);
    }
    if (c == '"') {
        return parse_double(p, DOUBLE_QUOTED);
    }
    if (c == '@' && (parser_peek(p, 1) == '\'' || parser_peek(p, 1) == '"')) {
        return parse_here(p);
    }
    if (c == '@' && parser_peek(p, 1) == '(') {
        return parse_group(p, PS_ARRAY, 2, ')');
    }
    if (c == '@' && parser_peek(p, 1) == '{') {
        return parse_hash(p);
    }
    if (c == '$' && parser_peek(p, 1) == '(') {
        return parse_group(p, PS_SUBEXPR, 2, ')');
    }
    if (c == '$') {
        return parse_variable(p);
    }
    if (c == '(') {
        return parse_group(p, PS_PAREN, 1, ')');
    }
    if (c == '{') {
        return parse_group(p, PS_SCRIPT, 1, '}');
    }
    if (c == '[') {
        return parse_type(p);
    }
    return ascii_is_digit(c) ? parse_number(p) : NULL;
}

static const struct operator_row operators[] = {
    {"and", PS_OP_AND, 1},
    {"or", PS_OP_OR, 1},
    {"xor", PS_OP_XOR, 1},
    {"band", PS_OP_BAND, 2},
    {"bor", PS_OP_BOR, 2},
    {"bxor", PS_OP_BXOR, 2},
    {"shl", PS_OP_SHL, 2},
    {"shr", PS_OP_SHR, 2},
    {"join", PS_OP_JOIN, 3},
    {"split", PS_OP_SPLIT, 3},
    {"replace", PS_OP_REPLACE, 3},
    {"as", PS_OP_AS, 3},
    {"eq", PS_OP_EQ, 3},
    {"ne", PS_OP_NE, 3},
    {"gt", PS_OP_GT, 3},
    {"ge", PS_OP_GE, 3},
    {"lt", PS_OP_LT, 3},
    {"le", PS_OP_LE, 3},
    {"like", PS_OP_LIKE, 3},
    {"notlike", PS_OP_NOTLIKE, 3},
    {"match", PS_OP_MATCH, 3},
    {"notmatch", PS_OP_NOTMATCH, 3},
    {"contains", PS_OP_CONTAINS, 3},
    {"notcontains", PS_OP_NOTCONTAINS, 3},
    {"in", PS_OP_IN, 3},
    {"notin", PS_OP_NOTIN, 3},
    {"is", PS_OP_OTHER, 3},
    {"isnot", PS_OP_OTHER, 3},
    {"f", PS_OP_FORMAT, 6},
    {"not", PS_OP_NOT, 0},
    {"bnot", PS_OP_BNOT, 0},
};

/* A word operator after the dash at p->at; its length with the dash. */
size_t parser_operator(const struct parser *p, const struct operator_row **out,
                       bool *exact)
{
    size_t dash = ps_dash(p->s, p->at);
    size_t n = 0;

    while (dash && ascii_is_alpha(parser_peek(p, dash + n))) {
        n++;
    }
    struct str word = str_sub(p->s, p->at + dash, n);
    for (size_t cut = 0; n && cut < 2; cut++) {
        /* -creplace and -ireplace are -replace */
        if (cut && ascii_lower(word.bytes[0]) != 'c' &&
            ascii_lower(word.bytes[0]) != 'i') {
            break;
        }
        struct str name = str_sub(word, cut, n - cut);
        for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
            if (str_equal_fold_z(name, operators[i].name)) {
                *out = &operators[i];
                *exact = cut && ascii_lower(word.bytes[0]) == 'c';
                return dash + n;
            }
        }
    }
    return 0;
}

static struct ps_node *unary(struct parser *p, enum ps_op op, size_t len,
                             size_t start)
{
    p->at += len;
    parser_skip_blanks(p);
    struct ps_node *operand = parse_unary(p);
    struct ps_node *node = operand ? parser_wrap(p, PS_UNARY, operand) : NULL;
    if (node) {
        node->off = (uint32_t)start;
        node->op = op;
    } else {
        p->at = start;
    }
    return node;
}

struct ps_node *parse_unary(struct parser *p)
{
    const struct operator_row *row;
    size_t start = p->at;
    bool exact;

    if (p->failed || !peel_may_nest(p->peel, p->depth, PARSER_MAX_DEPTH)) {
        return NULL;
    }
    p->depth++;
    struct ps_node *node = NULL;
    size_t dash = ps_dash(p->s, p->at);
    char c = parser_peek(p, 0);
    size_t len = dash ? parser_operator(p, &row, &exact) : 0;
    if (len &&
        (row->op == PS_OP_JOIN || row->op == PS_OP_SPLIT || row->level == 0)) {
        node = unary(p, row->op, len, start);
    } else if (c == '+' && parser_peek(p, 1) == '+') {
        node = unary(p, PS_OP_INCREMENT, 2, start);
    } else if (c == '-' && parser_peek(p, 1) == '-') {
        node = unary(p, PS_OP_DECREMENT, 2, start);
    } else if (dash && !ascii_is_alpha(parser_peek(p, dash))) {
        node = unary(p, PS_OP_NEGATE, dash, start);
    } else if (c == '+' || c == '!') {
        node = unary(p, c == '+' ? PS_OP_PLUS : PS_OP_NOT, 1, start);
    } else {
        node = parse_postfix(p, parse_primary(p), EXPRESSION);
    }
    p->depth--;
    return node;
}

/* Operator of exactly `level` at p->at; its length or 0. */
static size_t binary_operator(const struct parser *p, unsigned level,
                              enum ps_op *op, bool *exact)
{
    const struct operator_row *row;
    char c = parser_peek(p, 0);

    *exact = false;
    size_t len = parser_operator(p, &row, exact);
    if (len) {
        *op = row->op;
        return row->level == level ? len : 0;
    }
    size_t dash = ps_dash(p->s, p->at);
    if (level == 4 && (c == '+' || dash) &&
        parser_peek(p, dash ? dash : 1) != '=') {
        *op = dash ? PS_OP_SUB : PS_OP_ADD;
        return dash ? dash : 1;
    }
    if (level == 5 && (c == '*' || c == '/' || c == '%') &&
        parser_peek(p, 1) != '=') {
        *op = c == '*' ? PS_OP_MUL : c == '/' ? PS_OP_DIV : PS_OP_MOD;
        return 1;
    }
    if (level == 7 && c == '.' && parser_peek(p, 1) == '.') {
        *op = PS_OP_RANGE;
        return 2;
    }
    return 0;
}

#define LEVEL_COMMA 8

struct ps_node *parse_list(struct parser *p)
{
    struct ps_node *list = NULL;
    struct ps_node *item = NULL;

    if (parser_peek(p, 0) == ',') { /* unary comma */
        list = parser_node(p, PS_LIST);
    } else {
        item = parse_unary(p);
    }
    for (;;) {
        size_t before = p->at;
        parser_skip_blanks(p);
        if (parser_peek(p, 0) != ',' || p->failed || (!item && !list)) {
            p->at = before;
            return list ? list : item;
        }
        p->at++;
        unsigned parens = p->parens++; /* a line may end behind a comma */
        parser_skip_blanks(p);
        p->parens = parens;
        if (!list) {
            list = parser_wrap(p, PS_LIST, item);
        }
        struct ps_node *next = parse_unary(p);
        parser_add(list, next);
        if (!next) {
            return list;
        }
    }
}

/* a + b, c: between the parentheses of a method a comma binds least. */
static struct ps_node *parse_arguments(struct parser *p)
{
    struct ps_node *list = NULL;

    p->arguments = false;
    if (parser_peek(p, 0) == ',') { /* unary comma */
        return parse_expression(p, 1);
    }
    p->no_list = true;
    struct ps_node *item = parse_expression(p, 1);
    while (item && !p->failed) {
        size_t before = p->at;
        parser_skip_blanks(p);
        if (parser_peek(p, 0) != ',') {
            p->at = before;
            break;
        }
        p->at++;
        parser_skip_blanks(p);
        list = list ? list : parser_wrap(p, PS_LIST, item);
        item = parse_expression(p, 1);
        parser_add(list, item);
    }
    p->no_list = false;
    return list ? list : item;
}

struct ps_node *parse_expression(struct parser *p, unsigned level)
{
    if (p->arguments && level == 1) {
        return parse_arguments(p);
    }
    if (level >= LEVEL_COMMA) {
        return p->no_list ? parse_unary(p) : parse_list(p);
    }
    struct ps_node *left = parse_expression(p, level + 1);
    while (left && !p->failed) {
        size_t before = p->at;
        enum ps_op op = PS_OP_NONE;
        bool exact;
        parser_skip_blanks(p);
        size_t len = binary_operator(p, level, &op, &exact);
        if (!len) {
            p->at = before;
            break;
        }
        p->at += len;
        unsigned parens = p->parens++; /* a line may end behind an operator */
        parser_skip_blanks(p);
        p->parens = parens;
        struct ps_node *right = parse_expression(p, level + 1);
        if (!right) {
            p->at = before;
            break;
        }
        left = parser_wrap(p, PS_BINARY, left);
        if (left) {
            left->op = op;
            left->exact = exact;
            parser_add(left, right);
        }
    }
    return left;
}
