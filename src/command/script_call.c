/* SPDX-License-Identifier: MIT */
/* Functions and methods of scripts that make texts out of texts. */
#include "base/utf8.h"
#include "command/codec.h"
#include "command/script_value.h"

struct script_arguments {
    struct script_reader *reader;
    const struct script_value *self; /* of a method, else NULL */
    const struct script_value *args;
    uint32_t n;
    struct script_value *out;
};

static bool text_of(const struct script_arguments *a, uint32_t i,
                    struct str *out)
{
    return i < a->n && script_text(a->reader, &a->args[i], out);
}

static bool number_of(const struct script_arguments *a, uint32_t i,
                      int64_t *out)
{
    if (i >= a->n) {
        return false;
    }
    *out = a->args[i].number;
    return a->args[i].kind == SCRIPT_NUMBER ||
           (a->args[i].kind == SCRIPT_TEXT &&
            str_parse_int(str_trim(a->args[i].text), out));
}

static bool give(const struct script_arguments *a, struct str text)
{
    *a->out = (struct script_value){.kind = SCRIPT_TEXT, .text = text};
    return true;
}

static bool give_number(const struct script_arguments *a, int64_t number)
{
    *a->out = (struct script_value){.kind = SCRIPT_NUMBER, .number = number};
    return true;
}

/* Room for a text; NULL: there is none. */
static char *room(const struct script_arguments *a, size_t n)
{
    struct peel *peel = a->reader->peel;

    return peel_fits(peel, n) && peel_spend(peel, n)
               ? arena_alloc(peel->arena, n + 4, 1)
               : NULL;
}

/* Chr(65), String.fromCharCode(65, 66) */
static bool from_codes(const struct script_arguments *a)
{
    char *bytes = room(a, (size_t)a->n * 4);
    size_t n = 0;

    for (uint32_t i = 0; bytes && i < a->n; i++) {
        int64_t code;
        if (!number_of(a, i, &code) || code < 0 || code > 0x10FFFF) {
            return false;
        }
        n += utf8_encode((uint32_t)code, bytes + n);
    }
    return bytes && a->n && give(a, str_of(bytes, n));
}

static bool code_of(const struct script_arguments *a)
{
    struct str text;
    uint32_t code;

    return text_of(a, 0, &text) && utf8_decode(text, &code) &&
           give_number(a, code);
}

static bool reversed_text(const struct script_arguments *a)
{
    struct str text;
    char *bytes = text_of(a, 0, &text) ? room(a, text.len) : NULL;
    size_t n = 0;

    for (size_t i = bytes ? text.len : 0; i-- > 0;) {
        size_t from = i;
        while (from && ((unsigned char)text.bytes[from] & 0xC0) == 0x80) {
            from--;
        }
        memcpy(bytes + n, text.bytes + from, i - from + 1);
        n += i - from + 1;
        i = from;
    }
    return bytes && give(a, str_of(bytes, n));
}

/* Every occurrence, or the first. */
static bool replaced(const struct script_arguments *a, struct str text,
                     struct str old, struct str by, bool every)
{
    struct buf out;
    size_t at = 0;

    if (!peel_spend(a->reader->peel, text.len)) {
        return false;
    }
    buf_init(&out, a->reader->peel->max_bytes);
    while (old.len && !out.failed) {
        size_t found = str_find(text, old, at);
        if (found == STR_NONE) {
            break;
        }
        buf_add(&out, str_sub(text, at, found - at));
        buf_add(&out, by);
        at = found + old.len;
        if (!every) {
            break;
        }
    }
    buf_add(&out, str_sub(text, at, text.len));
    bool known = !out.failed && peel_spend(a->reader->peel, out.len);
    if (known) {
        give(a, arena_copy(a->reader->peel->arena, buf_str(&out)));
    }
    buf_deinit(&out);
    return known;
}

static bool call_replace(const struct script_arguments *a)
{
    struct str text, old, by;

    return text_of(a, 0, &text) && text_of(a, 1, &old) && text_of(a, 2, &by) &&
           replaced(a, text, old, by, true);
}

/* The signs of a pattern that is a plain text; false for any other. */
static bool plain_pattern(const struct script_arguments *a, struct str pattern,
                          struct str *out)
{
    char *bytes = room(a, pattern.len);
    size_t n = 0;

    for (size_t i = 0; bytes && i < pattern.len; i++) {
        char c = pattern.bytes[i];
        bool escaped = c == '\\' && i + 1 < pattern.len;
        if (escaped) {
            c = pattern.bytes[++i];
        }
        if (escaped ? ascii_is_alnum(c)
                    : str_find_char(STR("[](){}*+?.^$|"), c, 0) != STR_NONE) {
            return false;
        }
        bytes[n++] = c;
    }
    *out = str_of(bytes, n);
    return bytes != NULL;
}

static bool method_replace(const struct script_arguments *a)
{
    struct str text, old, by;
    bool pattern = a->n && a->args[0].kind == SCRIPT_PATTERN;

    if (a->n != 2 || !script_text(a->reader, a->self, &text) ||
        !text_of(a, 1, &by) ||
        !(pattern ? plain_pattern(a, a->args[0].text, &old)
                  : text_of(a, 0, &old))) {
        return false;
    }
    return replaced(a, text, old, by, pattern && a->args[0].number);
}

static bool part(const struct script_arguments *a, struct str text,
                 int64_t from, int64_t len)
{
    int64_t have = (int64_t)text.len;

    from = from < 0 ? 0 : from > have ? have : from;
    len = len < 0 ? 0 : len > have - from ? have - from : len;
    return give(a, str_sub(text, (size_t)from, (size_t)len));
}

static bool call_mid(const struct script_arguments *a)
{
    struct str text;
    int64_t from;
    int64_t len = INT32_MAX;

    return text_of(a, 0, &text) && number_of(a, 1, &from) && from > 0 &&
           (a->n < 3 || number_of(a, 2, &len)) && part(a, text, from - 1, len);
}

static bool call_left(const struct script_arguments *a)
{
    struct str text;
    int64_t len;

    return text_of(a, 0, &text) && number_of(a, 1, &len) &&
           part(a, text, 0, len);
}

static bool call_right(const struct script_arguments *a)
{
    struct str text;
    int64_t len;

    return text_of(a, 0, &text) && number_of(a, 1, &len) &&
           part(a, text, (int64_t)text.len - len, len);
}

static bool method_part(const struct script_arguments *a, bool ends)
{
    struct str text;
    int64_t from;
    int64_t second = INT32_MAX;

    if (!script_text(a->reader, a->self, &text) || !number_of(a, 0, &from) ||
        (a->n > 1 && !number_of(a, 1, &second))) {
        return false;
    }
    int64_t have = (int64_t)text.len;
    from += from < 0 ? have : 0;
    if (ends && second < 0) {
        second += have;
    }
    return part(a, text, from, ends ? second - from : second);
}

static bool method_substr(const struct script_arguments *a)
{
    return method_part(a, false);
}

static bool method_slice(const struct script_arguments *a)
{
    return method_part(a, true);
}

static bool method_char_at(const struct script_arguments *a)
{
    struct str text;
    int64_t at;

    return script_text(a->reader, a->self, &text) && number_of(a, 0, &at) &&
           part(a, text, at, 1);
}

static bool method_code_at(const struct script_arguments *a)
{
    struct str text;
    int64_t at = 0;

    return script_text(a->reader, a->self, &text) &&
           (!a->n || number_of(a, 0, &at)) && at >= 0 &&
           at < (int64_t)text.len &&
           give_number(a, (unsigned char)text.bytes[at]);
}

static bool in_case(const struct script_arguments *a, struct str text,
                    char (*change)(char))
{
    char *bytes = room(a, text.len);

    for (size_t i = 0; bytes && i < text.len; i++) {
        bytes[i] = change(text.bytes[i]);
    }
    return bytes && give(a, str_of(bytes, text.len));
}

static bool lower(const struct script_arguments *a)
{
    struct str text;

    return (a->self ? script_text(a->reader, a->self, &text)
                    : text_of(a, 0, &text)) &&
           in_case(a, text, ascii_lower);
}

static bool upper(const struct script_arguments *a)
{
    struct str text;

    return (a->self ? script_text(a->reader, a->self, &text)
                    : text_of(a, 0, &text)) &&
           in_case(a, text, ascii_upper);
}

static bool trimmed(const struct script_arguments *a)
{
    struct str text;

    return (a->self ? script_text(a->reader, a->self, &text)
                    : text_of(a, 0, &text)) &&
           give(a, str_trim(text));
}

static bool joined(const struct script_arguments *a,
                   const struct script_value *list, struct str separator)
{
    struct buf out;
    bool known = list->kind == SCRIPT_LIST;

    buf_init(&out, a->reader->peel->max_bytes);
    for (uint32_t i = 0; known && i < list->n; i++) {
        struct str item;
        known = script_text(a->reader, &list->items[i], &item);
        if (known) {
            buf_add(&out, i ? separator : STR(""));
            buf_add(&out, item);
        }
    }
    known = known && !out.failed && peel_spend(a->reader->peel, out.len);
    if (known) {
        give(a, arena_copy(a->reader->peel->arena, buf_str(&out)));
    }
    buf_deinit(&out);
    return known;
}

static bool call_join(const struct script_arguments *a)
{
    struct str separator = STR(" ");

    return a->n && (a->n < 2 || text_of(a, 1, &separator)) &&
           joined(a, &a->args[0], separator);
}

static bool method_join(const struct script_arguments *a)
{
    struct str separator = STR(",");

    return (!a->n || text_of(a, 0, &separator)) &&
           joined(a, a->self, separator);
}

/* Without a separator every character is an item. */
static bool split(const struct script_arguments *a, struct str text,
                  struct str separator)
{
    VEC(struct script_value) items = {0};
    size_t at = 0;
    bool known = peel_spend(a->reader->peel, text.len);

    while (known && at <= text.len) {
        size_t end = separator.len ? str_find(text, separator, at) : at + 1;
        if (!separator.len && at == text.len) {
            break;
        }
        end = end == STR_NONE ? text.len : end;
        const struct script_value item = {.kind = SCRIPT_TEXT,
                                          .text = str_sub(text, at, end - at)};
        known = peel_spend(a->reader->peel, 64) &&
                VEC_PUSH(a->reader->peel->arena, &items, item);
        at = separator.len ? end + separator.len : end;
        if (end == text.len) {
            break;
        }
    }
    *a->out = (struct script_value){
        .kind = SCRIPT_LIST, .items = items.items, .n = items.n};
    return known;
}

static bool call_split(const struct script_arguments *a)
{
    struct str text;
    struct str separator = STR(" ");

    return text_of(a, 0, &text) && (a->n < 2 || text_of(a, 1, &separator)) &&
           split(a, text, separator);
}

static bool method_split(const struct script_arguments *a)
{
    struct str text, separator;

    return script_text(a->reader, a->self, &text) &&
           text_of(a, 0, &separator) && split(a, text, separator);
}

static bool call_array(const struct script_arguments *a)
{
    *a->out =
        (struct script_value){.kind = SCRIPT_LIST, .items = a->args, .n = a->n};
    return true;
}

static bool method_reverse(const struct script_arguments *a)
{
    struct script_value *items =
        a->self->kind == SCRIPT_LIST &&
                peel_spend(a->reader->peel, (size_t)a->self->n * 16)
            ? ARENA_ARRAY(a->reader->peel->arena, struct script_value,
                          a->self->n)
            : NULL;

    for (uint32_t i = 0; items && i < a->self->n; i++) {
        items[i] = a->self->items[a->self->n - 1 - i];
    }
    *a->out = (struct script_value){
        .kind = SCRIPT_LIST, .items = items, .n = a->self->n};
    return items != NULL;
}

static bool method_concat(const struct script_arguments *a)
{
    struct script_value list = {
        .kind = SCRIPT_LIST, .items = a->args, .n = a->n};
    struct script_value rest;
    struct script_arguments behind = *a;
    struct str text;

    behind.out = &rest;
    if (!script_text(a->reader, a->self, &text) ||
        !joined(&behind, &list, STR(""))) {
        return false;
    }
    const struct script_value both[] = {*a->self, rest};
    list = (struct script_value){.kind = SCRIPT_LIST, .items = both, .n = 2};
    return joined(a, &list, STR(""));
}

static bool to_text(const struct script_arguments *a)
{
    struct str text;

    return (a->self ? !a->n && script_text(a->reader, a->self, &text)
                    : text_of(a, 0, &text)) &&
           give(a, text);
}

static bool to_number(const struct script_arguments *a)
{
    struct str text;
    int64_t base = 10;
    int64_t number;

    if (a->n == 2 && number_of(a, 1, &base) && base == 16 &&
        text_of(a, 0, &text) && text.len && text.len < 12) {
        int64_t value = 0;
        for (size_t i = 0; i < text.len; i++) {
            int digit = ascii_hex_value(text.bytes[i]);
            if (digit < 0) {
                return false;
            }
            value = value * 16 + digit;
        }
        return give_number(a, value);
    }
    if (text_of(a, 0, &text) && str_starts_fold(text, STR("&h")) &&
        text.len < 12) { /* CLng("&H41") */
        int64_t value = 0;
        for (size_t i = 2; i < text.len; i++) {
            int digit = ascii_hex_value(text.bytes[i]);
            if (digit < 0) {
                return false;
            }
            value = value * 16 + digit;
        }
        return give_number(a, value);
    }
    return base == 10 && number_of(a, 0, &number) && give_number(a, number);
}

static bool unescaped(const struct script_arguments *a)
{
    struct str text;
    char *bytes = text_of(a, 0, &text) ? room(a, text.len) : NULL;

    return bytes &&
           give(a, str_of(bytes, codec_percent(text, CODEC_PLUS_SIGN, bytes)));
}

static bool from_base64(const struct script_arguments *a)
{
    struct str text;
    char *bytes = text_of(a, 0, &text) ? room(a, text.len + 4) : NULL;
    size_t n = bytes ? codec_base64(text, bytes) : STR_NONE;

    return n != STR_NONE && give(a, str_of(bytes, n));
}

struct row {
    const char *name;
    bool (*run)(const struct script_arguments *arguments);
};

static const struct row calls[] = {
    {"chr", from_codes},
    {"chrw", from_codes},
    {"chr$", from_codes},
    {"string.fromcharcode", from_codes},
    {"asc", code_of},
    {"ascw", code_of},
    {"strreverse", reversed_text},
    {"replace", call_replace},
    {"mid", call_mid},
    {"left", call_left},
    {"right", call_right},
    {"lcase", lower},
    {"ucase", upper},
    {"trim", trimmed},
    {"join", call_join},
    {"split", call_split},
    {"array", call_array},
    {"cstr", to_text},
    {"string", to_text},
    {"cint", to_number},
    {"clng", to_number},
    {"cbyte", to_number},
    {"int", to_number},
    {"parseint", to_number},
    {"number", to_number},
    {"unescape", unescaped},
    {"decodeuri", unescaped},
    {"decodeuricomponent", unescaped},
    {"atob", from_base64},
};

static const struct row methods[] = {
    {"split", method_split},        {"reverse", method_reverse},
    {"join", method_join},          {"replace", method_replace},
    {"substr", method_substr},      {"substring", method_slice},
    {"slice", method_slice},        {"charat", method_char_at},
    {"charcodeat", method_code_at}, {"concat", method_concat},
    {"tolowercase", lower},         {"touppercase", upper},
    {"tostring", to_text},          {"trim", trimmed},
};

static bool run(const struct row *rows, size_t n, struct str name,
                const struct script_arguments *arguments)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal_fold(name, str_from(rows[i].name))) {
            return rows[i].run(arguments);
        }
    }
    return false;
}

bool script_call(struct script_reader *reader, struct str name,
                 const struct script_value *args, uint32_t n,
                 struct script_value *out)
{
    const struct script_arguments arguments = {
        .reader = reader, .args = args, .n = n, .out = out};

    return run(calls, sizeof calls / sizeof *calls, name, &arguments);
}

bool script_method(struct script_reader *reader,
                   const struct script_value *self, struct str name,
                   const struct script_value *args, uint32_t n,
                   struct script_value *out)
{
    const struct script_value before = *self; /* out may be the same */
    const struct script_arguments arguments = {
        .reader = reader, .self = &before, .args = args, .n = n, .out = out};

    return run(methods, sizeof methods / sizeof *methods, name, &arguments);
}
