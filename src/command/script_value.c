/* SPDX-License-Identifier: MIT */
#include "command/script_value.h"

#include "base/utf8.h"

#define MAX_NESTING 16
#define MAX_ITEMS 65536u

typedef VEC(struct script_value) script_values;

static bool read_sum(struct script_reader *reader, struct script_value *out);

static void skip_blanks(struct script_reader *reader)
{
    while (ascii_is_space(str_at(reader->s, reader->at))) {
        reader->at++;
    }
}

static bool take(struct script_reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at < reader->s.len && str_at(reader->s, reader->at) == c) {
        reader->at++;
        return true;
    }
    return false;
}

static bool may_nest(struct script_reader *reader)
{
    return peel_may_nest(reader->peel, reader->depth, MAX_NESTING);
}

struct str script_name(struct str s, size_t at)
{
    size_t end = at;

    if (!ascii_is_alpha(str_at(s, at)) && str_at(s, at) != '_' &&
        str_at(s, at) != '$') {
        return STR("");
    }
    while (ascii_is_alnum(str_at(s, end)) || str_at(s, end) == '_' ||
           str_at(s, end) == '$') {
        end++;
    }
    return str_sub(s, at, end - at);
}

void script_set(struct script_reader *reader, struct str name,
                const struct script_value *value)
{
    struct script_variable variable = {.name = name, .known = value != NULL};

    if (value) {
        variable.value = *value;
    }
    if (!peel_spend(reader->peel, (size_t)reader->variables.n * 16 + 16)) {
        return;
    }
    for (uint32_t i = 0; i < reader->variables.n; i++) {
        if (str_equal_fold(reader->variables.items[i].name, name)) {
            reader->variables.items[i] = variable;
            return;
        }
    }
    if (!VEC_PUSH(reader->peel->arena, &reader->variables, variable)) {
        reader->peel->failed = true;
    }
}

const struct script_value *script_get(const struct script_reader *reader,
                                      struct str name)
{
    if (!peel_spend(reader->peel, (size_t)reader->variables.n * 16)) {
        return NULL;
    }
    for (uint32_t i = 0; i < reader->variables.n; i++) {
        const struct script_variable *variable = &reader->variables.items[i];
        if (str_equal_fold(variable->name, name)) {
            return variable->known ? &variable->value : NULL;
        }
    }
    return NULL;
}

/* \x41, \u0041, \n, \\ and the like behind the backslash at reader->at. */
static size_t read_escape(struct script_reader *reader, char *out,
                          bool *escaped)
{
    char next = str_at(reader->s, reader->at);
    size_t digits = next == 'x' ? 2 : next == 'u' ? 4 : 0;
    uint32_t code = 0;
    size_t i = 0;

    while (i < digits) {
        int digit = ascii_hex_value(str_at(reader->s, reader->at + 1 + i));
        if (digit < 0) {
            break;
        }
        code = code * 16 + (uint32_t)digit;
        i++;
    }
    if (digits && i == digits) {
        reader->at += 1 + digits;
        *escaped = true;
        return utf8_encode(code, out);
    }
    reader->at++;
    out[0] = next == 'n'   ? '\n'
             : next == 't' ? '\t'
             : next == 'r' ? '\r'
                           : next;
    return 1;
}

/* Offset of the quote that closes a literal, or STR_NONE. */
static size_t literal_end(const struct script_reader *reader, char quote)
{
    struct str s = reader->s;
    bool doubles = reader->language == SCRIPT_VB && quote == '"';

    for (size_t at = reader->at; at < s.len; at++) {
        char c = str_at(s, at);
        if ((c == '\\' && reader->language == SCRIPT_JS) ||
            (c == quote && doubles && str_at(s, at + 1) == quote)) {
            at++;
        } else if (c == quote) {
            return at;
        }
    }
    return STR_NONE;
}

bool script_read_literal(struct script_reader *reader, struct str *out,
                         bool *escaped)
{
    struct str s = reader->s;
    char quote = str_at(s, reader->at++);
    size_t end = literal_end(reader, quote);
    size_t n = 0;

    *escaped = false;
    *out = STR("");
    if (end == STR_NONE) {
        peel_spend(reader->peel, s.len - reader->at);
        return false;
    }
    if (!peel_spend(reader->peel, end - reader->at)) {
        return false;
    }
    char *bytes = arena_alloc(reader->peel->arena, end - reader->at + 4, 1);
    if (!bytes) {
        reader->peel->failed = true;
        return false;
    }
    while (reader->at < end) {
        char c = str_at(s, reader->at++);
        if (c == '\\' && reader->language == SCRIPT_JS) {
            n += read_escape(reader, bytes + n, escaped);
        } else {
            bytes[n++] = c;
            reader->at += c == quote; /* doubled */
        }
    }
    reader->at = end + 1;
    *out = str_of(bytes, n);
    return true;
}

struct str script_quote(struct script_reader *reader, struct str text)
{
    char *bytes = peel_fits(reader->peel, text.len * 2u) &&
                          peel_spend(reader->peel, text.len)
                      ? arena_alloc(reader->peel->arena, text.len * 2 + 2, 1)
                      : NULL;
    size_t n = 0;

    if (!bytes) {
        return STR("");
    }
    bytes[n++] = '"';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.bytes[i];
        if (reader->language == SCRIPT_JS && (c == '\\' || c == '"')) {
            bytes[n++] = '\\';
        } else if (reader->language == SCRIPT_VB && c == '"') {
            bytes[n++] = '"';
        }
        bytes[n++] = c;
    }
    bytes[n++] = '"';
    return str_of(bytes, n);
}

bool script_text(struct script_reader *reader, const struct script_value *value,
                 struct str *out)
{
    struct buf text;

    if (value->kind == SCRIPT_TEXT) {
        *out = value->text;
        return true;
    }
    if (value->kind == SCRIPT_PATTERN || !may_nest(reader)) {
        return false;
    }
    buf_init(&text, reader->peel->max_bytes);
    if (value->kind == SCRIPT_NUMBER) {
        buf_add_format(&text, "%lld", (long long)value->number);
    }
    bool known = true;
    reader->depth++;
    for (uint32_t i = 0; value->kind == SCRIPT_LIST && known && i < value->n;
         i++) {
        struct str item;
        known = script_text(reader, &value->items[i], &item);
        if (known) {
            buf_add(&text, i ? STR(",") : STR(""));
            buf_add(&text, item);
        }
    }
    reader->depth--;
    known = known && !text.failed && peel_spend(reader->peel, text.len);
    *out = known ? arena_copy(reader->peel->arena, buf_str(&text)) : STR("");
    buf_deinit(&text);
    return known;
}

static bool read_number(struct script_reader *reader, struct script_value *out)
{
    struct str s = reader->s;
    struct str prefix = str_sub(s, reader->at, 2);
    bool hex = str_starts_fold(prefix, STR("&h")) ||
               str_starts_fold(prefix, STR("0x"));
    int base = hex ? 16 : 10;
    size_t start = reader->at + (hex ? 2 : 0);
    size_t at = start;

    out->kind = SCRIPT_NUMBER;
    out->number = 0;
    while (at - start < 12) {
        int digit = ascii_hex_value(str_at(s, at));
        if (digit < 0 || digit >= base) {
            break;
        }
        out->number = out->number * base + digit;
        at++;
    }
    reader->at = at + (hex && str_at(s, at) == '&');
    return at > start;
}

/* What stands between ( or [, which has been read, and its end. */
static bool read_items(struct script_reader *reader, char close,
                       script_values *items)
{
    if (take(reader, close)) {
        return true;
    }
    if (!may_nest(reader)) {
        return false;
    }
    bool known = true;
    reader->depth++;
    do {
        struct script_value value = {0};
        known = items->n < MAX_ITEMS && read_sum(reader, &value) &&
                VEC_PUSH(reader->peel->arena, items, value);
    } while (known && take(reader, ','));
    reader->depth--;
    return known && take(reader, close);
}

/* /pattern/flags, where an argument begins with it. */
static bool read_pattern(struct script_reader *reader, struct script_value *out)
{
    struct str s = reader->s;
    size_t end = reader->at + 1;

    while (end < s.len && str_at(s, end) != '/') {
        end += str_at(s, end) == '\\' ? 2 : 1;
    }
    if (end >= s.len) {
        return false;
    }
    out->kind = SCRIPT_PATTERN;
    out->text = str_sub(s, reader->at + 1, end - reader->at - 1);
    struct str flags = script_name(s, end + 1);
    out->number = str_find_char(flags, 'g', 0) != STR_NONE;
    reader->at = end + 1 + flags.len;
    return true;
}

static bool read_named(struct script_reader *reader, struct script_value *out)
{
    struct str name = script_name(reader->s, reader->at);
    struct str code = STR("String.fromCharCode");
    script_values args = {0};

    if (str_starts_fold(str_sub(reader->s, reader->at, code.len), code)) {
        name = str_sub(reader->s, reader->at, code.len);
    }
    reader->at += name.len;
    if (!name.len) {
        return false;
    }
    size_t behind = reader->at;
    if (!take(reader, '(')) {
        const struct script_value *value = script_get(reader, name);
        reader->at = behind;
        if (value) {
            *out = *value;
        }
        return value != NULL;
    }
    if (!read_items(reader, ')', &args) ||
        !script_call(reader, name, args.items, args.n, out)) {
        return false;
    }
    out->hidden = true;
    return true;
}

static bool read_primary(struct script_reader *reader, struct script_value *out)
{
    script_values items = {0};

    skip_blanks(reader);
    char c = str_at(reader->s, reader->at);
    *out = (struct script_value){.kind = SCRIPT_TEXT};
    if (c == '"' || c == '\'') {
        return script_read_literal(reader, &out->text, &out->hidden);
    }
    if (ascii_is_digit(c) || c == '&') {
        return read_number(reader, out);
    }
    if (c == '/' && reader->language == SCRIPT_JS && reader->depth) {
        return read_pattern(reader, out);
    }
    if (c == '(' && may_nest(reader)) {
        reader->at++;
        reader->depth++;
        bool known = read_sum(reader, out);
        reader->depth--;
        return known && take(reader, ')');
    }
    if (c == '[' && reader->language == SCRIPT_JS) {
        reader->at++;
        out->kind = SCRIPT_LIST;
        bool known = read_items(reader, ']', &items);
        out->items = items.items;
        out->n = items.n;
        return known;
    }
    return read_named(reader, out);
}

static bool index_value(const struct script_value *value, int64_t at,
                        struct script_value *out)
{
    if (value->kind == SCRIPT_LIST && at >= 0 && at < (int64_t)value->n) {
        *out = value->items[at];
        return true;
    }
    if (value->kind == SCRIPT_TEXT && at >= 0 &&
        at < (int64_t)value->text.len) {
        *out = (struct script_value){
            .kind = SCRIPT_TEXT, .text = str_sub(value->text, (size_t)at, 1)};
        return true;
    }
    return false;
}

/* .name(...), .length and [n] behind a value; false, and nothing read, for
 * anything else. */
static bool read_member(struct script_reader *reader,
                        struct script_value *value)
{
    size_t before = reader->at;
    script_values args = {0};
    struct script_value out = {.kind = SCRIPT_TEXT};
    bool known = false;

    if (take(reader, '[')) {
        known = reader->language == SCRIPT_JS &&
                read_items(reader, ']', &args) && args.n == 1 &&
                args.items[0].kind == SCRIPT_NUMBER &&
                index_value(value, args.items[0].number, &out);
    } else if (take(reader, '.')) {
        struct str name = script_name(reader->s, reader->at);
        reader->at += name.len;
        if (str_equal(name, STR("length"))) {
            out.kind = SCRIPT_NUMBER;
            out.number = value->kind == SCRIPT_LIST ? value->n
                                                    : (int64_t)value->text.len;
            known = value->kind != SCRIPT_NUMBER;
        } else {
            known =
                name.len && take(reader, '(') &&
                read_items(reader, ')', &args) &&
                script_method(reader, value, name, args.items, args.n, &out);
        }
    }
    if (!known) {
        reader->at = before;
        return false;
    }
    *value = out;
    value->hidden = true;
    return true;
}

static bool read_term(struct script_reader *reader, struct script_value *out)
{
    if (!peel_spend(reader->peel, 16) || !read_primary(reader, out)) {
        return false;
    }
    while (peel_spend(reader->peel, 16) && read_member(reader, out)) {
    }
    return true;
}

/* An operator at reader->at, which is passed; 0: none. */
static char read_operator(struct script_reader *reader)
{
    skip_blanks(reader);
    char c = str_at(reader->s, reader->at);
    char next = str_at(reader->s, reader->at + 1);
    struct str word = script_name(reader->s, reader->at);
    bool vb = reader->language == SCRIPT_VB;

    if (vb && str_equal_fold(word, STR("xor"))) {
        reader->at += 3;
        return '^';
    }
    bool known =
        c == '+' || c == '-' || c == '*' || c == '&' || (c == '^' && !vb);
    if (!known || next == '=' || next == c) {
        return 0;
    }
    reader->at++;
    return c;
}

/* The text of a sum while it grows: nobody else's yet, so that a sum of many
 * texts is copied a few times only. */
struct growing {
    char *bytes;
    size_t room;
};

static bool append(struct script_reader *reader, struct str a, struct str b,
                   struct growing *sum, struct script_value *left)
{
    size_t len = a.len + b.len;
    bool fits = sum->room >= len;

    if (!peel_fits(reader->peel, len) ||
        !peel_spend(reader->peel, fits ? b.len : len)) {
        return false;
    }
    if (!fits) {
        sum->room = 2 * len + 1;
        sum->bytes = arena_alloc(reader->peel->arena, sum->room, 1);
        if (!sum->bytes) {
            reader->peel->failed = true;
            return false;
        }
        if (a.len) {
            memcpy(sum->bytes, a.bytes, a.len);
        }
    }
    if (b.len && sum->bytes) {
        memcpy(sum->bytes + a.len, b.bytes, b.len);
    }
    *left = (struct script_value){.kind = SCRIPT_TEXT,
                                  .text = str_of(sum->bytes, len)};
    return true;
}

static bool combine(struct script_reader *reader, char sign,
                    struct script_value *left, const struct script_value *right,
                    struct growing *sum)
{
    struct str a, b;

    if (left->kind == SCRIPT_NUMBER && right->kind == SCRIPT_NUMBER &&
        sign != '&') {
        uint64_t x = (uint64_t)left->number;
        uint64_t y = (uint64_t)right->number;
        left->number = (int64_t)(sign == '+'   ? x + y
                                 : sign == '-' ? x - y
                                 : sign == '*' ? x * y
                                               : x ^ y);
        return true;
    }
    return (sign == '+' || sign == '&') && script_text(reader, left, &a) &&
           script_text(reader, right, &b) && append(reader, a, b, sum, left);
}

/* Operators bind from left to right; * among sums is rare enough. */
static bool read_sum(struct script_reader *reader, struct script_value *out)
{
    struct growing sum = {0};

    if (!read_term(reader, out)) {
        return false;
    }
    for (;;) {
        size_t before = reader->at;
        struct script_value right = {0};
        char sign = read_operator(reader);
        if (!sign || !read_term(reader, &right) ||
            !combine(reader, sign, out, &right, &sum)) {
            reader->at = before;
            return true;
        }
        out->hidden = true;
    }
}

bool script_read(struct script_reader *reader, struct script_value *out)
{
    return read_sum(reader, out);
}
