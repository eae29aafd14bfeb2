/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/powershell/ast.h"

#define MAX_DEPTH 120

struct parser {
    struct peel *peel;
    struct str s;
    size_t at;
    unsigned depth;
    unsigned parens; /* inside them a line end is a blank */
    bool failed;
};

static struct ps_node *parse_expression(struct parser *p, unsigned level);
static struct ps_node *parse_unary(struct parser *p);
static void parse_statements(struct parser *p, struct ps_node *block,
                             char close);

size_t ps_dash(struct str s, size_t at)
{
    if (at < s.len && s.bytes[at] == '-') {
        return 1;
    }
    if (at + 2 < s.len && (unsigned char)s.bytes[at] == 0xE2 &&
        (unsigned char)s.bytes[at + 1] == 0x80 &&
        (unsigned char)s.bytes[at + 2] >= 0x93 &&
        (unsigned char)s.bytes[at + 2] <= 0x95) {
        return 3;
    }
    return 0;
}

static char peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->s.len ? p->s.bytes[p->at + ahead] : '\0';
}

static bool at_end(const struct parser *p)
{
    return p->at >= p->s.len;
}

static struct ps_node *new_node(struct parser *p, enum ps_node_kind kind)
{
    struct ps_node *node = NULL;

    if (!p->failed && peel_spend(p->peel, 16)) {
        node = ARENA_NEW(p->peel->arena, struct ps_node);
    }
    if (!node) {
        p->failed = true;
        return NULL;
    }
    node->kind = kind;
    node->off = (uint32_t)p->at;
    node->end = (uint32_t)p->at;
    return node;
}

static void add_child(struct ps_node *node, struct ps_node *child)
{
    if (!node || !child) {
        return;
    }
    if (node->last) {
        node->last->next = child;
    } else {
        node->first = child;
    }
    node->last = child;
    if (child->end > node->end) {
        node->end = child->end;
    }
}

/* A node around one that is there already. */
static struct ps_node *wrap(struct parser *p, enum ps_node_kind kind,
                            struct ps_node *child)
{
    struct ps_node *node = child ? new_node(p, kind) : NULL;

    if (node) {
        node->off = child->off;
        node->end = child->end;
        add_child(node, child);
    }
    return node;
}

static void skip_comment(struct parser *p)
{
    if (peek(p, 0) == '<') {
        size_t end = str_find(p->s, STR("#>"), p->at + 2);
        p->at = end == STR_NONE ? p->s.len : end + 2;
        return;
    }
    while (!at_end(p) && peek(p, 0) != '\n') {
        p->at++;
    }
}

/* Blanks, comments, escaped line ends; inside parentheses all line ends. */
static void skip_blanks(struct parser *p)
{
    for (;;) {
        char c = peek(p, 0);
        if (at_end(p)) {
            return;
        }
        if (c == ' ' || c == '\t' || c == '\v' || c == '\f' ||
            (p->parens && (c == '\n' || c == '\r'))) {
            p->at++;
        } else if (c == '`' && (peek(p, 1) == '\n' || peek(p, 1) == '\r')) {
            p->at += 2;
        } else if ((c == '<' && peek(p, 1) == '#') || c == '#') {
            skip_comment(p);
        } else {
            return;
        }
    }
}

static bool is_name(char c)
{
    return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Growing bytes of a string value. */
struct chars {
    struct parser *p;
    char *bytes;
    size_t n;
    size_t capacity;
};

static bool chars_init(struct chars *chars, struct parser *p, size_t max)
{
    chars->p = p;
    chars->n = 0;
    chars->capacity = max + 1;
    chars->bytes = arena_alloc(p->peel->arena, max + 1, 1);
    if (!chars->bytes || !peel_spend(p->peel, max)) {
        p->failed = true;
        return false;
    }
    return true;
}

/* The bytes so far stay where they are when there is no room left: parts that
 * were cut out of them still name them. */
static void chars_add(struct chars *chars, char c)
{
    if (chars->n == chars->capacity) {
        struct chars larger;
        if (!chars_init(&larger, chars->p, chars->capacity * 2)) {
            chars->n = 0;
            return;
        }
        memcpy(larger.bytes, chars->bytes, chars->n);
        larger.n = chars->n;
        *chars = larger;
    }
    chars->bytes[chars->n++] = c;
}

static struct ps_node *parse_single(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_STRING);
    size_t end = ++p->at;

    while (end < p->s.len &&
           (p->s.bytes[end] != '\'' ||
            (end + 1 < p->s.len && p->s.bytes[end + 1] == '\''))) {
        end += p->s.bytes[end] == '\'' ? 2 : 1;
    }
    struct chars out;
    if (!node || !chars_init(&out, p, end - p->at)) {
        return NULL;
    }
    for (size_t i = p->at; i < end; i++) {
        out.bytes[out.n++] = p->s.bytes[i];
        i += p->s.bytes[i] == '\''; /* '' is one quote */
    }
    node->text = str_of(out.bytes, out.n);
    node->broken = end >= p->s.len;
    p->at = end < p->s.len ? end + 1 : end;
    node->end = (uint32_t)p->at;
    return node;
}

/* What a backtick makes of the character behind it. */
static char escaped(char c, bool *noise)
{
    static const char from[] = "0abefnrtv";
    static const char to[] = "\0\a\b\033\f\n\r\t\v";
    const char *found = c ? strchr(from, c) : NULL;

    if (found) {
        return to[found - from];
    }
    *noise = *noise || ascii_is_alnum(c) || c == '-';
    return c;
}

static struct ps_node *parse_variable(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_VARIABLE);
    size_t start = ++p->at;
    bool braced = peek(p, 0) == '{';
    struct chars out;

    if (!node) {
        return NULL;
    }
    size_t end = start;
    if (braced) {
        end = ++start;
        while (end < p->s.len && p->s.bytes[end] != '}') {
            end += p->s.bytes[end] == '`' ? 2 : 1;
        }
        end = end < p->s.len ? end : p->s.len;
    } else {
        while (end < p->s.len &&
               (is_name(p->s.bytes[end]) ||
                (p->s.bytes[end] == ':' && end + 1 < p->s.len &&
                 p->s.bytes[end + 1] != ':' && is_name(p->s.bytes[end + 1]) &&
                 end > start && p->s.bytes[end - 1] != ':'))) {
            end++;
        }
        if (end == start && end < p->s.len && strchr("?$^", p->s.bytes[end])) {
            end++;
        }
    }
    if (!chars_init(&out, p, end - start)) {
        return NULL;
    }
    for (size_t i = start; i < end; i++) {
        if (braced && p->s.bytes[i] == '`' && i + 1 < end) {
            i++;
            node->noisy = node->noisy || is_name(p->s.bytes[i]);
        }
        out.bytes[out.n++] = p->s.bytes[i];
    }
    node->text = str_of(out.bytes, out.n);
    p->at = braced && end < p->s.len ? end + 1 : end;
    node->end = (uint32_t)p->at;
    return node;
}

static struct ps_node *parse_group(struct parser *p, enum ps_node_kind kind,
                                   size_t open, char close)
{
    struct ps_node *node = new_node(p, kind);

    if (!node || p->depth >= MAX_DEPTH) {
        p->at = p->s.len;
        return NULL;
    }
    unsigned parens = p->parens;
    p->depth++;
    p->parens = close == ')' ? parens + 1 : 0;
    p->at += open;
    parse_statements(p, node, close);
    p->parens = parens;
    p->depth--;
    if (peek(p, 0) == close) {
        p->at++;
    } else {
        node->broken = true;
    }
    node->end = (uint32_t)p->at;
    return node;
}

static void flush(struct parser *p, struct ps_node *node, struct chars *out,
                  size_t *from)
{
    if (out->n > *from) {
        struct ps_node *part = new_node(p, PS_STRING);
        if (part) {
            part->text = str_of(out->bytes + *from, out->n - *from);
            add_child(node, part);
        }
        *from = out->n;
    }
}

/* "..." or @"..."@. */
enum double_form {
    DOUBLE_QUOTED,
    DOUBLE_HERE
};

/* The inside of either, up to its end. */
static void parse_expandable(struct parser *p, struct ps_node *node,
                             struct chars *out, enum double_form form)
{
    bool here = form == DOUBLE_HERE;
    size_t from = 0;

    while (!at_end(p) && !p->failed) {
        char c = peek(p, 0);
        if (here && c == '\n' && peek(p, 1) == '"' && peek(p, 2) == '@') {
            p->at += 3;
            break;
        }
        if (!here && c == '"') {
            p->at++;
            if (peek(p, 0) != '"') {
                break;
            }
        } else if (c == '`' && p->at + 1 < p->s.len) {
            p->at++;
            chars_add(out, escaped(peek(p, 0), &node->noisy));
            p->at++;
            continue;
        } else if (c == '$' && peek(p, 1) == '(') {
            flush(p, node, out, &from);
            add_child(node, parse_group(p, PS_SUBEXPR, 2, ')'));
            continue;
        } else if (c == '$' && (is_name(peek(p, 1)) || peek(p, 1) == '{' ||
                                peek(p, 1) == '?')) {
            flush(p, node, out, &from);
            add_child(node, parse_variable(p));
            continue;
        }
        chars_add(out, c);
        p->at++;
    }
    flush(p, node, out, &from);
}

static struct ps_node *parse_double(struct parser *p, enum double_form form)
{
    bool here = form == DOUBLE_HERE;
    struct ps_node *node = new_node(p, PS_EXPAND);
    struct chars out;

    if (!node || !chars_init(&out, p, 63)) {
        return NULL;
    }
    p->at += here ? 2 : 1;
    if (here) {
        size_t line = str_find_char(p->s, '\n', p->at);
        p->at = line == STR_NONE ? p->s.len : line + 1;
    }
    parse_expandable(p, node, &out, form);
    node->end = (uint32_t)p->at;
    if (!node->first ||
        (node->first == node->last && node->first->kind == PS_STRING)) {
        node->kind = PS_STRING;
        node->text = node->first ? node->first->text : STR("");
        node->first = node->last = NULL;
    }
    return node;
}

static struct ps_node *parse_here(struct parser *p)
{
    if (peek(p, 1) == '"') {
        return parse_double(p, DOUBLE_HERE);
    }
    struct ps_node *node = new_node(p, PS_STRING);
    size_t line = str_find_char(p->s, '\n', p->at);
    size_t start = line == STR_NONE ? p->s.len : line + 1;
    size_t end = str_find(p->s, STR("\n'@"), line == STR_NONE ? start : line);

    if (node) {
        size_t stop = end == STR_NONE ? p->s.len : end;
        node->text =
            stop > start ? str_sub(p->s, start, stop - start) : STR("");
        p->at = end == STR_NONE ? p->s.len : end + 3;
        node->end = (uint32_t)p->at;
    }
    return node;
}

static struct ps_node *parse_number(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_NUMBER);
    uint64_t value = 0;
    bool hex = peek(p, 0) == '0' && (peek(p, 1) == 'x' || peek(p, 1) == 'X');

    if (!node) {
        return NULL;
    }
    p->at += hex ? 2 : 0;
    for (;; p->at++) {
        int digit = ascii_hex_value(peek(p, 0));
        if (at_end(p) || digit < 0 || (!hex && digit > 9)) {
            break;
        }
        if (value > (uint64_t)INT64_MAX / 32) {
            node->broken = true;
            value = 0;
        }
        value = value * (hex ? 16 : 10) + (uint64_t)digit;
    }
    if (!hex && peek(p, 0) == '.' && ascii_is_digit(peek(p, 1))) {
        node->broken = true; /* a fraction: nothing hides in one */
        for (p->at++; ascii_is_digit(peek(p, 0)); p->at++) {
        }
    }
    node->number = (int64_t)value;
    node->end = (uint32_t)p->at;
    return node;
}

static bool starts_operand(const struct parser *p)
{
    char c = peek(p, 0);

    return c == '$' || c == '(' || c == '[' || c == '\'' || c == '"' ||
           c == '{' || c == ',' || ascii_is_digit(c) ||
           (c == '@' && peek(p, 1)) || c == '+' || c == '!' ||
           (ps_dash(p->s, p->at) && peek(p, ps_dash(p->s, p->at)) != '\0');
}

/* [type], and a cast where an operand follows. */
static struct ps_node *parse_type(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_TYPE);
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
    skip_blanks(p);
    if ((peek(p, 0) != ':' || peek(p, 1) != ':') && starts_operand(p) &&
        p->depth < MAX_DEPTH) {
        p->depth++;
        struct ps_node *operand = parse_unary(p);
        p->depth--;
        if (operand) {
            node->kind = PS_CAST;
            add_child(node, operand);
        }
    } else {
        p->at = end;
    }
    return node;
}

/* The name behind '.' or '::'. */
static struct ps_node *parse_member_name(struct parser *p)
{
    char c = peek(p, 0);

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
    struct ps_node *node = new_node(p, PS_WORD);
    struct chars out;
    size_t end = p->at;
    while (end < p->s.len &&
           (is_name(p->s.bytes[end]) || p->s.bytes[end] == '`')) {
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
    char c = peek(p, ahead);

    return ascii_is_alpha(c) || c == '_' || c == '\'' || c == '"' || c == '(' ||
           c == '$' || c == '`';
}

static struct ps_node *parse_member(struct parser *p, struct ps_node *object,
                                    enum ps_node_kind kind)
{
    struct ps_node *member = wrap(p, kind, object);

    p->at += kind == PS_STATIC ? 2 : 1;
    skip_blanks(p);
    add_child(member, parse_member_name(p));
    if (member && peek(p, 0) == '(') {
        struct ps_node *call = wrap(p, PS_CALL, member);
        add_child(call, parse_group(p, PS_PAREN, 1, ')'));
        return call;
    }
    return member;
}

enum mode {
    EXPRESSION,
    ARGUMENT
};

static struct ps_node *parse_postfix(struct parser *p, struct ps_node *node,
                                     enum mode mode)
{
    for (unsigned n = 0; node && n < 1000; n++) {
        size_t before = p->at;
        if (mode == EXPRESSION) {
            skip_blanks(p);
        } else if (peek(p, 0) == '<' && peek(p, 1) == '#') {
            skip_comment(p);
        }
        bool blank = p->at != before && p->s.bytes[p->at - 1] != '>';
        if (peek(p, 0) == ':' && peek(p, 1) == ':') {
            node = parse_member(p, node, PS_STATIC);
        } else if (peek(p, 0) == '.' && starts_member(p, 1)) {
            node = parse_member(p, node, PS_MEMBER);
        } else if (peek(p, 0) == '[' && (!blank || mode == EXPRESSION)) {
            struct ps_node *index = wrap(p, PS_INDEX, node);
            add_child(index, parse_group(p, PS_PAREN, 1, ']'));
            node = index;
        } else if (mode == EXPRESSION &&
                   ((peek(p, 0) == '+' && peek(p, 1) == '+') ||
                    (peek(p, 0) == '-' && peek(p, 1) == '-')) &&
                   node->kind == PS_VARIABLE) {
            node = wrap(p, PS_UNARY, node);
            if (node) {
                node->op =
                    peek(p, 0) == '+' ? PS_OP_INCREMENT : PS_OP_DECREMENT;
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

static struct ps_node *parse_primary(struct parser *p)
{
    char c = peek(p, 0);

    if (p->depth >= MAX_DEPTH) {
        return NULL;
    }
    if (c == '\'') {
        return parse_single(p);
    }
    if (c == '"') {
        return parse_double(p, DOUBLE_QUOTED);
    }
    if (c == '@' && (peek(p, 1) == '\'' || peek(p, 1) == '"')) {
        return parse_here(p);
    }
    if (c == '@' && peek(p, 1) == '(') {
        return parse_group(p, PS_ARRAY, 2, ')');
    }
    if (c == '@' && peek(p, 1) == '{') {
        return parse_group(p, PS_HASH, 2, '}');
    }
    if (c == '$' && peek(p, 1) == '(') {
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

struct operator_row {
    const char *name;
    enum ps_op op;
    unsigned level; /* 0: unary only */
};

static const struct operator_row operators[] = {
    {"and", PS_OP_OTHER, 1},       {"or", PS_OP_OTHER, 1},
    {"xor", PS_OP_OTHER, 1},       {"band", PS_OP_BAND, 2},
    {"bor", PS_OP_BOR, 2},         {"bxor", PS_OP_BXOR, 2},
    {"shl", PS_OP_SHL, 2},         {"shr", PS_OP_SHR, 2},
    {"join", PS_OP_JOIN, 3},       {"split", PS_OP_SPLIT, 3},
    {"replace", PS_OP_REPLACE, 3}, {"as", PS_OP_AS, 3},
    {"eq", PS_OP_OTHER, 3},        {"ne", PS_OP_OTHER, 3},
    {"gt", PS_OP_OTHER, 3},        {"ge", PS_OP_OTHER, 3},
    {"lt", PS_OP_OTHER, 3},        {"le", PS_OP_OTHER, 3},
    {"like", PS_OP_OTHER, 3},      {"notlike", PS_OP_OTHER, 3},
    {"match", PS_OP_OTHER, 3},     {"notmatch", PS_OP_OTHER, 3},
    {"contains", PS_OP_OTHER, 3},  {"in", PS_OP_OTHER, 3},
    {"notin", PS_OP_OTHER, 3},     {"is", PS_OP_OTHER, 3},
    {"isnot", PS_OP_OTHER, 3},     {"f", PS_OP_FORMAT, 6},
    {"not", PS_OP_NOT, 0},         {"bnot", PS_OP_BNOT, 0},
};

/* A word operator after the dash at p->at; its length with the dash. */
static size_t match_operator(const struct parser *p,
                             const struct operator_row **out, bool *exact)
{
    size_t dash = ps_dash(p->s, p->at);
    size_t n = 0;

    while (dash && ascii_is_alpha(peek(p, dash + n))) {
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
            if (str_equal_fold(name, str_from(operators[i].name))) {
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
    skip_blanks(p);
    struct ps_node *operand = parse_unary(p);
    struct ps_node *node = operand ? wrap(p, PS_UNARY, operand) : NULL;
    if (node) {
        node->off = (uint32_t)start;
        node->op = op;
    } else {
        p->at = start;
    }
    return node;
}

static struct ps_node *parse_unary(struct parser *p)
{
    const struct operator_row *row;
    size_t start = p->at;
    bool exact;

    if (p->failed || p->depth >= MAX_DEPTH) {
        return NULL;
    }
    p->depth++;
    struct ps_node *node = NULL;
    size_t dash = ps_dash(p->s, p->at);
    char c = peek(p, 0);
    size_t len = dash ? match_operator(p, &row, &exact) : 0;
    if (len &&
        (row->op == PS_OP_JOIN || row->op == PS_OP_SPLIT || row->level == 0)) {
        node = unary(p, row->op, len, start);
    } else if (c == '+' && peek(p, 1) == '+') {
        node = unary(p, PS_OP_INCREMENT, 2, start);
    } else if (c == '-' && peek(p, 1) == '-') {
        node = unary(p, PS_OP_DECREMENT, 2, start);
    } else if (dash && !ascii_is_alpha(peek(p, dash))) {
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
    char c = peek(p, 0);

    *exact = false;
    size_t len = match_operator(p, &row, exact);
    if (len) {
        *op = row->op;
        return row->level == level ? len : 0;
    }
    size_t dash = ps_dash(p->s, p->at);
    if (level == 4 && (c == '+' || dash) && peek(p, dash ? dash : 1) != '=') {
        *op = dash ? PS_OP_SUB : PS_OP_ADD;
        return dash ? dash : 1;
    }
    if (level == 5 && (c == '*' || c == '/' || c == '%') && peek(p, 1) != '=') {
        *op = c == '*' ? PS_OP_MUL : c == '/' ? PS_OP_DIV : PS_OP_MOD;
        return 1;
    }
    if (level == 7 && c == '.' && peek(p, 1) == '.') {
        *op = PS_OP_RANGE;
        return 2;
    }
    return 0;
}

#define LEVEL_COMMA 8

static struct ps_node *parse_list(struct parser *p)
{
    struct ps_node *list = NULL;
    struct ps_node *item = NULL;

    if (peek(p, 0) == ',') { /* unary comma */
        list = new_node(p, PS_LIST);
    } else {
        item = parse_unary(p);
    }
    for (;;) {
        size_t before = p->at;
        skip_blanks(p);
        if (peek(p, 0) != ',' || p->failed || (!item && !list)) {
            p->at = before;
            return list ? list : item;
        }
        p->at++;
        unsigned parens = p->parens++; /* a line may end behind a comma */
        skip_blanks(p);
        p->parens = parens;
        if (!list) {
            list = wrap(p, PS_LIST, item);
        }
        struct ps_node *next = parse_unary(p);
        add_child(list, next);
        if (!next) {
            return list;
        }
    }
}

static struct ps_node *parse_expression(struct parser *p, unsigned level)
{
    if (level >= LEVEL_COMMA) {
        return parse_list(p);
    }
    struct ps_node *left = parse_expression(p, level + 1);
    while (left && !p->failed) {
        size_t before = p->at;
        enum ps_op op = PS_OP_NONE;
        bool exact;
        skip_blanks(p);
        size_t len = binary_operator(p, level, &op, &exact);
        if (!len) {
            p->at = before;
            break;
        }
        p->at += len;
        unsigned parens = p->parens++; /* a line may end behind an operator */
        skip_blanks(p);
        p->parens = parens;
        struct ps_node *right = parse_expression(p, level + 1);
        if (!right) {
            p->at = before;
            break;
        }
        left = wrap(p, PS_BINARY, left);
        if (left) {
            left->op = op;
            left->exact = exact;
            add_child(left, right);
        }
    }
    return left;
}

static bool ends_element(char c)
{
    return c == '|' || c == ';' || c == '\n' || c == '\r' || c == ')' ||
           c == '}' || c == '\0';
}

static struct ps_node *parse_word(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_WORD);
    size_t end = p->at;
    struct chars out;

    while (end < p->s.len) {
        char c = p->s.bytes[end];
        if (c == '`' && end + 1 < p->s.len) {
            end += 2;
        } else if (ends_element(c) || ascii_is_space(c) || c == '(' ||
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
    char c = peek(p, 0);
    bool operand = c == '\'' || c == '"' || c == '$' || c == '(' || c == '{' ||
                   (c == '@' && peek(p, 1) != '\0');
    struct ps_node *node = NULL;
    size_t start = p->at;

    if (operand) {
        node = parse_postfix(p, parse_primary(p), ARGUMENT);
    } else if (ascii_is_digit(c)) {
        node = parse_number(p);
        if (!ends_element(peek(p, 0)) && !ascii_is_space(peek(p, 0)) &&
            peek(p, 0) != ',') {
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
        skip_blanks(p);
        if (peek(p, 0) != ',' || !first) {
            p->at = before;
            return list ? list : first;
        }
        p->at++;
        skip_blanks(p);
        if (!list) {
            list = wrap(p, PS_LIST, first);
        }
        struct ps_node *next =
            ends_element(peek(p, 0)) ? NULL : parse_argument(p);
        add_child(list, next);
        if (!next) {
            return list;
        }
    }
}

static struct ps_node *parse_command(struct parser *p)
{
    struct ps_node *node = new_node(p, PS_COMMAND);
    char c = peek(p, 0);

    if (!node) {
        return NULL;
    }
    if (c == '&' || c == '.') {
        node->sign = c;
        p->at++;
        skip_blanks(p);
    }
    while (!p->failed) {
        size_t before = p->at;
        skip_blanks(p);
        c = peek(p, 0);
        if (at_end(p) || ends_element(c) || (c == '&' && node->first)) {
            p->at = before;
            break;
        }
        add_child(node,
                  node->first ? parse_argument_list(p) : parse_argument(p));
    }
    return node;
}

static struct ps_node *parse_element(struct parser *p)
{
    char c = peek(p, 0);
    size_t start = p->at;
    const struct operator_row *row;
    bool exact;

    if (c == '&' || (c == '.' && !is_name(peek(p, 1)) && peek(p, 1) != '\\' &&
                     peek(p, 1) != '.')) {
        return parse_command(p);
    }
    size_t dash = ps_dash(p->s, p->at);
    char operand = peek(p, dash);
    bool unary_word =
        dash && (match_operator(p, &row, &exact) || ascii_is_digit(operand) ||
                 operand == '$' || operand == '(');
    if (!(starts_operand(p) && !dash) && !unary_word) {
        return parse_command(p);
    }
    if (ascii_is_digit(c)) { /* 7z.exe is a command */
        size_t n = 0;
        while (ascii_is_alnum(peek(p, n))) {
            n++;
        }
        if (ascii_hex_value(peek(p, n - 1)) < 0 && peek(p, n) == '.') {
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

static struct ps_node *parse_statement(struct parser *p);

/* = += and the like behind a target */
static struct ps_node *parse_assignment(struct parser *p,
                                        struct ps_node *target)
{
    size_t before = p->at;
    skip_blanks(p);
    char c = peek(p, 0);
    bool compound = c && strchr("+-*/%", c) && peek(p, 1) == '=';

    if ((c != '=' && !compound) || p->depth >= MAX_DEPTH) {
        p->at = before;
        return target;
    }
    struct ps_node *node = wrap(p, PS_ASSIGN, target);
    if (!node) {
        return NULL;
    }
    node->sign = c;
    p->at += compound ? 2 : 1;
    unsigned parens = p->parens++;
    skip_blanks(p);
    p->parens = parens;
    p->depth++;
    add_child(node, parse_statement(p));
    p->depth--;
    return node;
}

static struct ps_node *parse_statement(struct parser *p)
{
    struct ps_node *element = parse_element(p);
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
        skip_blanks(p);
        if (peek(p, 0) != '|' || peek(p, 1) == '|') {
            p->at = before;
            break;
        }
        p->at++;
        unsigned parens = p->parens++;
        skip_blanks(p);
        p->parens = parens;
        if (!pipeline) {
            pipeline = wrap(p, PS_PIPELINE, element);
        }
        element = at_end(p) ? NULL : parse_element(p);
        add_child(pipeline, element);
    }
    return pipeline ? pipeline : element;
}

static void parse_statements(struct parser *p, struct ps_node *block,
                             char close)
{
    while (!at_end(p) && !p->failed) {
        skip_blanks(p);
        char c = peek(p, 0);
        if (at_end(p) || c == close) {
            return;
        }
        size_t before = p->at;
        if (c == ';' || c == '\n' || c == '\r') {
            p->at++;
            continue;
        }
        if ((c == '&' && peek(p, 1) == '&') || (c == '|')) {
            p->at += peek(p, 1) == c ? 2 : 1;
            continue;
        }
        add_child(block, parse_statement(p));
        if (p->at == before) {
            p->at++; /* not understood: on with the next character */
            block->broken = true;
        } else {
            skip_blanks(p);
            c = peek(p, 0);
            /* Two statements side by side are one that was misread. */
            if (!at_end(p) && !ends_element(c) && c != '&' && c != close) {
                block->broken = true;
            }
        }
    }
}

struct ps_node *ps_parse(struct peel *peel, struct str script)
{
    struct parser p = {.peel = peel, .s = script};
    struct ps_node *root = new_node(&p, PS_BLOCK);

    if (root) {
        parse_statements(&p, root, '\0');
        root->end = (uint32_t)script.len;
    }
    return p.failed ? NULL : root;
}
