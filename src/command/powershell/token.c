/* SPDX-License-Identifier: MIT */
#include "command/powershell/parser.h"

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

struct ps_node *parser_node(struct parser *p, enum ps_node_kind kind)
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

void parser_add(struct ps_node *node, struct ps_node *child)
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
struct ps_node *parser_wrap(struct parser *p, enum ps_node_kind kind,
                            struct ps_node *child)
{
    struct ps_node *node = child ? parser_node(p, kind) : NULL;

    if (node) {
        node->off = child->off;
        node->end = child->end;
        parser_add(node, child);
    }
    return node;
}

void parser_skip_comment(struct parser *p)
{
    if (parser_peek(p, 0) == '<') {
        size_t end = str_find(p->s, STR("#>"), p->at + 2);
        p->at = end == STR_NONE ? p->s.len : end + 2;
        return;
    }
    while (!parser_at_end(p) && parser_peek(p, 0) != '\n') {
        p->at++;
    }
}

/* Blanks, comments, escaped line ends; inside parentheses all line ends. */
void parser_skip_blanks(struct parser *p)
{
    for (;;) {
        char c = parser_peek(p, 0);
        if (parser_at_end(p)) {
            return;
        }
        if (c == ' ' || c == '\t' || c == '\v' || c == '\f' ||
            (p->parens && (c == '\n' || c == '\r'))) {
            p->at++;
        } else if (c == '`' &&
                   (parser_peek(p, 1) == '\n' || parser_peek(p, 1) == '\r')) {
            p->at += 2;
        } else if ((c == '<' && parser_peek(p, 1) == '#') || c == '#') {
            parser_skip_comment(p);
        } else {
            return;
        }
    }
}

bool chars_init(struct chars *chars, struct parser *p, size_t max)
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
void chars_add(struct chars *chars, char c)
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

struct ps_node *parse_single(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_STRING);
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
    /* `e came with PowerShell 6: in the one of Windows it is an e. */
    static const char from[] = "0abfnrtv";
    static const char to[] = "\0\a\b\f\n\r\t\v";
    const char *found = c ? strchr(from, c) : NULL;

    if (found) {
        return to[found - from];
    }
    *noise = *noise || ascii_is_alnum(c) || c == '-';
    return c;
}

struct ps_node *parse_variable(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_VARIABLE);
    size_t start = ++p->at;
    bool braced = parser_peek(p, 0) == '{';
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
               (parser_is_name(p->s.bytes[end]) ||
                (p->s.bytes[end] == ':' && end + 1 < p->s.len &&
                 p->s.bytes[end + 1] != ':' &&
                 parser_is_name(p->s.bytes[end + 1]) && end > start &&
                 p->s.bytes[end - 1] != ':'))) {
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
            node->noisy = node->noisy || parser_is_name(p->s.bytes[i]);
        }
        out.bytes[out.n++] = p->s.bytes[i];
    }
    node->text = str_of(out.bytes, out.n);
    p->at = braced && end < p->s.len ? end + 1 : end;
    node->end = (uint32_t)p->at;
    return node;
}

struct ps_node *parse_group(struct parser *p, enum ps_node_kind kind,
                            size_t open, char close)
{
    struct ps_node *node = parser_node(p, kind);

    if (!node || !peel_may_nest(p->peel, p->depth, PARSER_MAX_DEPTH)) {
        p->at = p->s.len;
        return NULL;
    }
    unsigned parens = p->parens;
    bool arguments = p->arguments;
    bool no_list = p->no_list;
    p->depth++;
    p->parens = close == ')' ? parens + 1 : 0;
    p->arguments = p->call;
    p->call = false;
    p->no_list = false;
    p->at += open;
    parse_statements(p, node, close);
    p->parens = parens;
    p->arguments = arguments;
    p->no_list = no_list;
    p->depth--;
    if (parser_peek(p, 0) == close) {
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
        struct ps_node *part = parser_node(p, PS_STRING);
        if (part) {
            part->text = str_of(out->bytes + *from, out->n - *from);
            parser_add(node, part);
        }
        *from = out->n;
    }
}

/* The inside of either, up to its end. */
static void parse_expandable(struct parser *p, struct ps_node *node,
                             struct chars *out, enum double_form form)
{
    bool here = form == DOUBLE_HERE;
    size_t from = 0;

    while (!parser_at_end(p) && !p->failed) {
        char c = parser_peek(p, 0);
        if (here && c == '\n' && parser_peek(p, 1) == '"' &&
            parser_peek(p, 2) == '@') {
            p->at += 3;
            break;
        }
        if (!here && c == '"') {
            p->at++;
            if (parser_peek(p, 0) != '"') {
                break;
            }
        } else if (c == '`' && p->at + 1 < p->s.len) {
            p->at++;
            chars_add(out, escaped(parser_peek(p, 0), &node->noisy));
            p->at++;
            continue;
        } else if (c == '$' && parser_peek(p, 1) == '(') {
            flush(p, node, out, &from);
            parser_add(node, parse_group(p, PS_SUBEXPR, 2, ')'));
            continue;
        } else if (c == '$' &&
                   (parser_is_name(parser_peek(p, 1)) ||
                    parser_peek(p, 1) == '{' || parser_peek(p, 1) == '?')) {
            flush(p, node, out, &from);
            parser_add(node, parse_variable(p));
            continue;
        }
        chars_add(out, c);
        p->at++;
    }
    flush(p, node, out, &from);
}

struct ps_node *parse_double(struct parser *p, enum double_form form)
{
    bool here = form == DOUBLE_HERE;
    struct ps_node *node = parser_node(p, PS_EXPAND);
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

struct ps_node *parse_here(struct parser *p)
{
    if (parser_peek(p, 1) == '"') {
        return parse_double(p, DOUBLE_HERE);
    }
    struct ps_node *node = parser_node(p, PS_STRING);
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

struct ps_node *parse_number(struct parser *p)
{
    struct ps_node *node = parser_node(p, PS_NUMBER);
    uint64_t value = 0;
    bool hex = parser_peek(p, 0) == '0' &&
               (parser_peek(p, 1) == 'x' || parser_peek(p, 1) == 'X');

    if (!node) {
        return NULL;
    }
    p->at += hex ? 2 : 0;
    for (;; p->at++) {
        int digit = ascii_hex_value(parser_peek(p, 0));
        if (parser_at_end(p) || digit < 0 || (!hex && digit > 9)) {
            break;
        }
        if (value > (uint64_t)INT64_MAX / 32) {
            node->broken = true;
            value = 0;
        }
        value = value * (hex ? 16 : 10) + (uint64_t)digit;
    }
    if (!hex && parser_peek(p, 0) == '.' && ascii_is_digit(parser_peek(p, 1))) {
        node->broken = true; /* a fraction: nothing hides in one */
        for (p->at++; ascii_is_digit(parser_peek(p, 0)); p->at++) {
        }
    }
    node->number = (int64_t)value;
    node->end = (uint32_t)p->at;
    return node;
}
