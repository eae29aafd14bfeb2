/* SPDX-License-Identifier: MIT */
#include "command/powershell/method.h"

#include "base/utf8.h"
#include "command/codec.h"
#include "command/inflate.h"

/* What a row of the tables below gets. */
struct call {
    struct peel *peel;
    const struct ps_value *self;
    struct str text; /* of self */
    struct str type; /* of a static call */
    const struct ps_value **args;
    uint32_t n;
};

static bool arg_text(const struct call *c, uint32_t i, struct str *out)
{
    return i < c->n && psv_text(c->peel, c->args[i], out);
}

static bool arg_number(const struct call *c, uint32_t i, int64_t *out)
{
    return i < c->n && psv_number(c->args[i], out);
}

/* Byte offset of a character; false past the end. */
static bool char_offset(struct str s, int64_t index, size_t *out)
{
    size_t at = 0;

    if (index < 0) {
        return false;
    }
    for (int64_t i = 0; i < index; i++) {
        uint32_t code;
        size_t len = utf8_decode(str_sub(s, at, s.len), &code);
        if (!len) {
            return false;
        }
        at += len;
    }
    *out = at;
    return true;
}

static const struct ps_value *string_replace(const struct call *c)
{
    struct str old, by;

    if (c->n != 2 || !arg_text(c, 0, &old) || !arg_text(c, 1, &by)) {
        return NULL;
    }
    return ps_replace_literal(c->peel, c->text, old, by);
}

static const struct ps_value *string_substring(const struct call *c)
{
    int64_t from, len = 0;
    size_t start;
    size_t end = c->text.len;

    if (!arg_number(c, 0, &from) || !char_offset(c->text, from, &start)) {
        return NULL;
    }
    if (c->n > 1 && (!arg_number(c, 1, &len) || len < 0 || len > INT32_MAX ||
                     !char_offset(str_sub(c->text, start, end), len, &end))) {
        return NULL;
    }
    return psv_string(c->peel,
                      str_sub(c->text, start, c->n > 1 ? end : c->text.len));
}

static const struct ps_value *concat(struct peel *peel, struct str a,
                                     struct str b, struct str d)
{
    size_t n = a.len + b.len + d.len;
    char *out = n <= peel->max_bytes && peel_spend(peel, n)
                    ? arena_alloc(peel->arena, n + 1, 1)
                    : NULL;

    if (!out) {
        return NULL;
    }
    const struct str parts[] = {a, b, d};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].len) {
            memcpy(out + at, parts[i].bytes, parts[i].len);
        }
        at += parts[i].len;
    }
    return psv_string(peel, str_of(out, n));
}

static const struct ps_value *string_insert(const struct call *c)
{
    int64_t index;
    size_t at;
    struct str text;

    if (!arg_number(c, 0, &index) || !arg_text(c, 1, &text) ||
        !char_offset(c->text, index, &at)) {
        return NULL;
    }
    return concat(c->peel, str_sub(c->text, 0, at), text,
                  str_sub(c->text, at, c->text.len));
}

static const struct ps_value *string_remove(const struct call *c)
{
    int64_t index, len = 0;
    size_t at;
    size_t skip = c->text.len;

    if (!arg_number(c, 0, &index) || !char_offset(c->text, index, &at) ||
        (c->n > 1 &&
         (!arg_number(c, 1, &len) ||
          !char_offset(str_sub(c->text, at, c->text.len), len, &skip)))) {
        return NULL;
    }
    size_t rest = c->n > 1 ? at + skip : c->text.len;
    return concat(c->peel, str_sub(c->text, 0, at),
                  str_sub(c->text, rest, c->text.len), STR(""));
}

static const struct ps_value *string_chars(const struct call *c)
{
    return psv_chars(c->peel, c->text);
}

/* A pattern of any one of these characters, or of the whole text. */
static const struct ps_value *string_split(const struct call *c)
{
    struct str set;
    struct str rest = c->text;

    if (!c->n || !psv_join(c->peel, c->args[0], STR(""), &set) || !set.len ||
        !utf8_is_valid(set)) {
        return NULL;
    }
    size_t n = 1;
    for (size_t i = 0; i < rest.len; i++) {
        n += str_find_char(set, rest.bytes[i], 0) != STR_NONE;
    }
    struct ps_value *array = psv_array(c->peel, n);
    size_t from = 0;
    size_t item = 0;
    for (size_t i = 0; array && i <= rest.len; i++) {
        if (i == rest.len || str_find_char(set, rest.bytes[i], 0) != STR_NONE) {
            array->items[item] =
                psv_string(c->peel, str_sub(rest, from, i - from));
            if (!array->items[item++]) {
                return NULL;
            }
            from = i + 1;
        }
    }
    return array;
}

enum trim_ends {
    TRIM_START = 1,
    TRIM_END = 2
};

static const struct ps_value *trim(const struct call *c, int ends)
{
    struct str set = STR(" \t\r\n\v\f");
    struct str s = c->text;

    if (c->n && !psv_join(c->peel, c->args[0], STR(""), &set)) {
        return NULL;
    }
    while ((ends & TRIM_START) && s.len &&
           str_find_char(set, s.bytes[0], 0) != STR_NONE) {
        s = str_sub(s, 1, s.len);
    }
    while ((ends & TRIM_END) && s.len &&
           str_find_char(set, s.bytes[s.len - 1], 0) != STR_NONE) {
        s.len--;
    }
    return psv_string(c->peel, s);
}

static const struct ps_value *string_trim(const struct call *c)
{
    return trim(c, TRIM_START | TRIM_END);
}

static const struct ps_value *string_trim_start(const struct call *c)
{
    return trim(c, TRIM_START);
}

static const struct ps_value *string_trim_end(const struct call *c)
{
    return trim(c, TRIM_END);
}

static const struct ps_value *with_case(const struct call *c,
                                        char (*change)(char))
{
    char *out = peel_spend(c->peel, c->text.len)
                    ? arena_alloc(c->peel->arena, c->text.len + 1, 1)
                    : NULL;

    for (size_t i = 0; out && i < c->text.len; i++) {
        out[i] = change(c->text.bytes[i]);
    }
    return out ? psv_string(c->peel, str_of(out, c->text.len)) : NULL;
}

static const struct ps_value *string_lower(const struct call *c)
{
    return with_case(c, ascii_lower);
}

static const struct ps_value *string_upper(const struct call *c)
{
    return with_case(c, ascii_upper);
}

enum side {
    SIDE_LEFT,
    SIDE_RIGHT
};

static const struct ps_value *pad(const struct call *c, enum side side)
{
    int64_t width;
    struct str fill = STR(" ");
    size_t have = utf8_count(c->text);

    if (!arg_number(c, 0, &width) || width < 0 ||
        (uint64_t)width > c->peel->max_bytes ||
        (c->n > 1 && (!arg_text(c, 1, &fill) || fill.len != 1))) {
        return NULL;
    }
    size_t n = (size_t)width > have ? (size_t)width - have : 0;
    char *out =
        peel_spend(c->peel, n) ? arena_alloc(c->peel->arena, n + 1, 1) : NULL;
    if (!out) {
        return NULL;
    }
    memset(out, fill.bytes[0], n);
    struct str padding = str_of(out, n);
    return side == SIDE_LEFT ? concat(c->peel, padding, c->text, STR(""))
                             : concat(c->peel, c->text, padding, STR(""));
}

static const struct ps_value *string_pad_left(const struct call *c)
{
    return pad(c, SIDE_LEFT);
}

static const struct ps_value *string_pad_right(const struct call *c)
{
    return pad(c, SIDE_RIGHT);
}

static const struct ps_value *string_index_of(const struct call *c)
{
    struct str needle;

    if (!arg_text(c, 0, &needle)) {
        return NULL;
    }
    size_t at = str_find(c->text, needle, 0);
    return psv_int(c->peel, at == STR_NONE
                                ? -1
                                : (int64_t)utf8_count(str_sub(c->text, 0, at)));
}

static const struct ps_value *to_string(const struct call *c)
{
    if (c->n && c->self->kind == PSV_INT) { /* ToString('X2') */
        return NULL;
    }
    return psv_string(c->peel, c->text);
}

static const struct ps_value *string_chars_at(const struct call *c)
{
    int64_t index;
    size_t at;
    uint32_t code;

    if (!arg_number(c, 0, &index) || !char_offset(c->text, index, &at) ||
        !utf8_decode(str_sub(c->text, at, c->text.len), &code)) {
        return NULL;
    }
    return psv_char(c->peel, code);
}

static const struct ps_value *stream_to_array(const struct call *c)
{
    return c->self->kind == PSV_BYTES ? psv_bytes(c->peel, c->self->text)
                                      : NULL;
}

static const struct ps_value *read_to_end(const struct call *c)
{
    return c->self->kind == PSV_BYTES
               ? ps_decode(c->peel, STR("utf8"), c->self->text)
               : NULL;
}

static const struct ps_value *get_string(const struct call *c)
{
    struct str bytes;

    if (c->self->kind != PSV_TYPE || !c->n ||
        !psv_to_bytes(c->peel, c->args[0], &bytes)) {
        return NULL;
    }
    return ps_decode(c->peel, c->self->text, bytes);
}

static const struct ps_value *get_bytes(const struct call *c)
{
    struct str text;

    if (c->self->kind != PSV_TYPE || !arg_text(c, 0, &text) ||
        str_find_fold(c->self->text, STR("unicode"), 0) != STR_NONE) {
        return NULL;
    }
    return psv_bytes(c->peel, text);
}

struct method_row {
    const char *name;
    const struct ps_value *(*run)(const struct call *call);
};

static const struct method_row methods[] = {
    {"replace", string_replace},
    {"substring", string_substring},
    {"insert", string_insert},
    {"remove", string_remove},
    {"tochararray", string_chars},
    {"split", string_split},
    {"trim", string_trim},
    {"trimstart", string_trim_start},
    {"trimend", string_trim_end},
    {"tolower", string_lower},
    {"tolowerinvariant", string_lower},
    {"toupper", string_upper},
    {"toupperinvariant", string_upper},
    {"padleft", string_pad_left},
    {"padright", string_pad_right},
    {"indexof", string_index_of},
    {"tostring", to_string},
    {"normalize", to_string},
    {"clone", to_string},
    {"chars", string_chars_at},
    {"get_chars", string_chars_at},
    {"toarray", stream_to_array},
    {"readtoend", read_to_end},
    {"getstring", get_string},
    {"getbytes", get_bytes},
};

const struct ps_value *ps_method(struct peel *peel, const struct ps_value *self,
                                 struct str name,
                                 const struct ps_arguments *arguments)
{
    struct call call = {.peel = peel,
                        .self = self,
                        .args = arguments->items,
                        .n = arguments->n};
    bool scalar = self->kind != PSV_ARRAY && self->kind != PSV_BYTES;

    if (scalar && !psv_text(peel, self, &call.text)) {
        return NULL;
    }
    if (!peel_spend(peel, call.text.len)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (str_equal_fold(name, str_from(methods[i].name))) {
            /* Streams and arrays have none of the methods of strings. */
            bool of_stream = methods[i].run == stream_to_array ||
                             methods[i].run == read_to_end;
            return scalar || of_stream ? methods[i].run(&call) : NULL;
        }
    }
    return NULL;
}

const struct ps_value *ps_property(struct peel *peel,
                                   const struct ps_value *self, struct str name)
{
    if (str_equal_fold(name, STR("length")) ||
        str_equal_fold(name, STR("count"))) {
        return psv_int(peel, self->kind == PSV_STRING
                                 ? (int64_t)utf8_count(self->text)
                                 : (int64_t)psv_count(self));
    }
    if (self->kind == PSV_ITEM) {
        if (str_equal_fold(name, STR("name")) ||
            str_equal_fold(name, STR("key"))) {
            return psv_string(peel, self->text);
        }
        return str_equal_fold(name, STR("value")) && self->n ? self->items[0]
                                                             : NULL;
    }
    /* Regex matches and environment items are kept as their strings. */
    if (self->kind == PSV_STRING && (str_equal_fold(name, STR("value")) ||
                                     str_equal_fold(name, STR("name")))) {
        return self;
    }
    return NULL;
}

static const struct ps_value *from_base64(const struct call *c)
{
    struct str text;

    if (!arg_text(c, 0, &text) || !peel_spend(c->peel, text.len)) {
        return NULL;
    }
    char *out = arena_alloc(c->peel->arena, text.len / 4 * 3 + 3, 1);
    size_t n = out ? codec_base64(text, out) : STR_NONE;
    return n == STR_NONE ? NULL : psv_bytes(c->peel, str_of(out, n));
}

static bool parse_radix(struct str s, int64_t base, int64_t *out)
{
    int64_t value = 0;

    s = str_trim(s);
    if (base == 16 && str_starts_fold(s, STR("0x"))) {
        s = str_sub(s, 2, s.len);
    }
    for (size_t i = 0; i < s.len; i++) {
        int digit = ascii_hex_value(s.bytes[i]);
        if (digit < 0 || digit >= base || value > INT32_MAX) {
            return false;
        }
        value = value * base + digit;
    }
    *out = value;
    return s.len != 0;
}

static const struct ps_value *convert_to_int(const struct call *c)
{
    int64_t number;
    int64_t base;
    struct str text;

    if (c->n == 2) {
        if (!arg_text(c, 0, &text) || !arg_number(c, 1, &base) ||
            !parse_radix(text, base, &number)) {
            return NULL;
        }
    } else if (!arg_number(c, 0, &number)) {
        return NULL;
    }
    return psv_int(c->peel, number);
}

static const struct ps_value *convert_to_char(const struct call *c)
{
    return c->n ? ps_cast(c->peel, STR("char"), c->args[0]) : NULL;
}

static const struct ps_value *convert_to_string(const struct call *c)
{
    struct str text;

    return arg_text(c, 0, &text) ? psv_string(c->peel, text) : NULL;
}

static const struct ps_value *string_join(const struct call *c)
{
    struct str separator, text;

    if (c->n < 2 || !arg_text(c, 0, &separator)) {
        return NULL;
    }
    const struct ps_value *items = c->args[1];
    struct ps_value rest = {
        .kind = PSV_ARRAY, .items = c->args + 1, .n = c->n - 1};
    if (c->n > 2) {
        items = &rest;
    }
    return psv_join(c->peel, items, separator, &text)
               ? psv_string(c->peel, text)
               : NULL;
}

static const struct ps_value *string_concat(const struct call *c)
{
    struct ps_value all = {.kind = PSV_ARRAY, .items = c->args, .n = c->n};
    const struct ps_value *items = c->n == 1 ? c->args[0] : &all;
    struct str text;

    return psv_join(c->peel, items, STR(""), &text) ? psv_string(c->peel, text)
                                                    : NULL;
}

static const struct ps_value *string_format(const struct call *c)
{
    struct str pattern;
    struct ps_value rest = {
        .kind = PSV_ARRAY, .items = c->args + 1, .n = c->n ? c->n - 1 : 0};

    if (c->n < 2 || !arg_text(c, 0, &pattern)) {
        return NULL;
    }
    return ps_format(c->peel, pattern, c->n == 2 ? c->args[1] : &rest);
}

static const struct ps_value *string_new(const struct call *c)
{
    int64_t n;
    struct str text;

    if (c->n == 2 && c->args[0]->kind == PSV_CHAR && arg_number(c, 1, &n) &&
        n >= 0 && (uint64_t)n <= c->peel->max_bytes) {
        struct call empty = *c;
        empty.text = STR("");
        const struct ps_value *args[] = {c->args[1], c->args[0]};
        empty.args = args;
        return pad(&empty, SIDE_LEFT);
    }
    if (c->n != 1) {
        return NULL;
    }
    const struct ps_value *chars = ps_cast(c->peel, STR("char[]"), c->args[0]);
    return chars && psv_join(c->peel, chars, STR(""), &text)
               ? psv_string(c->peel, text)
               : NULL;
}

static const struct ps_value *regex_replace(const struct call *c)
{
    struct str text, pattern, by;

    if (c->n < 3 || !arg_text(c, 0, &text) || !arg_text(c, 1, &pattern) ||
        !arg_text(c, 2, &by)) {
        return NULL;
    }
    return ps_replace(c->peel, text, pattern, by, PATTERN_EXACT);
}

static const struct ps_value *regex_split(const struct call *c)
{
    struct str pattern;

    return c->n >= 2 && arg_text(c, 1, &pattern)
               ? ps_split(c->peel, c->args[0], pattern, PATTERN_EXACT)
               : NULL;
}

static void reverse(struct ps_value *array)
{
    for (uint32_t i = 0, j = array->n; i + 1 < j; i++) {
        const struct ps_value *swap = array->items[i];
        array->items[i] = array->items[--j];
        array->items[j] = swap;
    }
}

/* All matches as strings; with RightToLeft the last comes first. */
static const struct ps_value *regex_matches(const struct call *c)
{
    struct str text, pattern, options = STR("");
    struct pattern_match match;
    VEC(const struct ps_value *) list = {0};
    size_t from = 0;
    int found = 0;

    if (c->n < 2 || !arg_text(c, 0, &text) || !arg_text(c, 1, &pattern) ||
        (c->n > 2 && !arg_text(c, 2, &options))) {
        return NULL;
    }
    while (from <= text.len &&
           (found = pattern_find(c->peel, pattern, text, from, PATTERN_EXACT,
                                 &match)) == 1) {
        const struct ps_value *value =
            psv_string(c->peel, str_sub(text, match.start[0],
                                        match.end[0] - match.start[0]));
        if (!value || !VEC_PUSH(c->peel->arena, &list, value)) {
            return NULL;
        }
        from = match.end[0] + (match.end[0] == match.start[0]);
    }
    struct ps_value *array = found < 0 ? NULL : psv_array(c->peel, 0);
    if (array) {
        array->items = list.items;
        array->n = list.n;
        if (str_find_fold(options, STR("righttoleft"), 0) != STR_NONE) {
            reverse(array);
        }
    }
    return array;
}

static const struct ps_value *environment_get(const struct call *c)
{
    struct str name;
    struct slice value;

    if (!arg_text(c, 0, &name)) {
        return NULL;
    }
    if (peel_get(c->peel, name, &value)) {
        return psv_string(c->peel, slice_str(value));
    }
    const char *stock = peel_default(name);
    return stock ? psv_string(c->peel, str_from(stock)) : NULL;
}

static const struct ps_value *encoding_by_name(const struct call *c)
{
    struct str name;

    if (!arg_text(c, 0, &name)) {
        return NULL;
    }
    struct str type = str_find_fold(name, STR("1200"), 0) != STR_NONE ||
                              str_find_fold(name, STR("utf-16"), 0) != STR_NONE
                          ? STR("text.unicodeencoding")
                      : str_equal(name, STR("20127"))
                          ? STR("text.asciiencoding")
                          : STR("text.utf8encoding");
    return psv_kind(c->peel, PSV_TYPE, type);
}

static const struct ps_value *static_new(const struct call *c)
{
    struct ps_arguments arguments = {c->args, c->n};

    return ps_new_object(c->peel, c->type, &arguments);
}

static const struct ps_value *pass_first(const struct call *c)
{
    return c->n ? c->args[0] : NULL;
}

struct static_row {
    const char *type;
    const char *name;
    const struct ps_value *(*run)(const struct call *call);
};

static const struct static_row statics[] = {
    {"convert", "frombase64string", from_base64},
    {"convert", "tochar", convert_to_char},
    {"convert", "tostring", convert_to_string},
    {"convert", "toint16", convert_to_int},
    {"convert", "toint32", convert_to_int},
    {"convert", "toint64", convert_to_int},
    {"convert", "touint16", convert_to_int},
    {"convert", "touint32", convert_to_int},
    {"convert", "tobyte", convert_to_int},
    {"string", "join", string_join},
    {"string", "concat", string_concat},
    {"string", "format", string_format},
    {"string", "new", string_new},
    {"string", "copy", convert_to_string},
    {"regex", "replace", regex_replace},
    {"regex", "split", regex_split},
    {"regex", "matches", regex_matches},
    {"regex", "match", regex_matches},
    {"regex", "unescape", pass_first},
    {"environment", "getenvironmentvariable", environment_get},
    {"environment", "expandenvironmentvariables", NULL},
    {"text.encoding", "getencoding", encoding_by_name},
    {"char", "convertfromutf32", convert_to_char},
    {"*", "new", static_new},
};

/* "System.Text.RegularExpressions.Regex" is "regex" and so on. */
static struct str short_type(struct str type)
{
    if (str_starts_fold(type, STR("system."))) {
        type = str_sub(type, 7, type.len);
    }
    struct str regex = STR("text.regularexpressions.regex");
    return str_equal_fold(type, regex) ? STR("regex") : type;
}

const struct ps_value *ps_static(struct peel *peel, struct str type,
                                 struct str name,
                                 const struct ps_arguments *arguments)
{
    struct call call = {.peel = peel,
                        .type = short_type(type),
                        .args = arguments->items,
                        .n = arguments->n};

    for (size_t i = 0; i < sizeof statics / sizeof *statics; i++) {
        if ((statics[i].type[0] == '*' ||
             str_equal_fold(call.type, str_from(statics[i].type))) &&
            str_equal_fold(name, str_from(statics[i].name))) {
            return statics[i].run ? statics[i].run(&call) : NULL;
        }
    }
    return NULL;
}

const struct ps_value *ps_static_property(struct peel *peel, struct str type,
                                          struct str name)
{
    static const char *const encodings[][2] = {
        {"ascii", "text.asciiencoding"},
        {"utf8", "text.utf8encoding"},
        {"unicode", "text.unicodeencoding"},
        {"bigendianunicode", "text.bigendianunicodeencoding"},
        {"default", "text.defaultencoding"},
        {"latin1", "text.latin1encoding"},
        {"utf7", "text.utf7encoding"},
    };

    type = short_type(type);
    if (str_ends_fold(type, STR("encoding"))) {
        for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
            if (str_equal_fold(name, str_from(encodings[i][0]))) {
                return psv_kind(peel, PSV_TYPE, str_from(encodings[i][1]));
            }
        }
    }
    if (str_equal_fold(type, STR("string")) &&
        str_equal_fold(name, STR("empty"))) {
        return psv_string(peel, STR(""));
    }
    if (str_ends_fold(type, STR("compressionmode")) ||
        str_ends_fold(type, STR("regexoptions"))) {
        return psv_kind(peel, PSV_TYPE, name);
    }
    return NULL;
}

static const struct ps_value *cast_array(struct peel *peel, struct str type,
                                         const struct ps_value *value)
{
    struct str chars = STR("char[]");

    if (str_equal_fold(type, chars) && value->kind == PSV_STRING) {
        return psv_chars(peel, value->text);
    }
    struct ps_value *array = psv_array(peel, psv_count(value));
    struct str one = str_sub(type, 0, type.len - 2);
    for (uint32_t i = 0; array && i < array->n; i++) {
        const struct ps_value *item = psv_item(peel, value, i);
        array->items[i] = item ? ps_cast(peel, one, item) : NULL;
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

const struct ps_value *ps_cast(struct peel *peel, struct str type,
                               const struct ps_value *value)
{
    static const char *const numbers[] = {"int",    "int16",  "int32", "int64",
                                          "uint16", "uint32", "long",  "short",
                                          "byte",   "uint64"};
    struct str text;
    int64_t number;

    type = short_type(type);
    if (str_equal_fold(type, STR("byte[]"))) {
        return psv_to_bytes(peel, value, &text) ? psv_bytes(peel, text) : NULL;
    }
    if (type.len > 2 && str_ends_fold(type, STR("[]"))) {
        return cast_array(peel, type, value);
    }
    if (str_equal_fold(type, STR("string"))) {
        return psv_text(peel, value, &text) ? psv_string(peel, text) : NULL;
    }
    if (str_equal_fold(type, STR("char"))) {
        if (value->kind == PSV_STRING && utf8_count(value->text) == 1) {
            uint32_t code;
            utf8_decode(value->text, &code);
            return psv_char(peel, code);
        }
        return psv_number(value, &number) && number >= 0 && number <= 0xFFFF
                   ? psv_char(peel, (uint32_t)number)
                   : NULL;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (str_equal_fold(type, str_from(numbers[i]))) {
            return psv_number(value, &number) ? psv_int(peel, number) : NULL;
        }
    }
    if (str_equal_fold(type, STR("io.memorystream"))) {
        return psv_to_bytes(peel, value, &text) ? psv_stream(peel, text) : NULL;
    }
    if (str_equal_fold(type, STR("type")) && value->kind == PSV_STRING) {
        return psv_kind(peel, PSV_TYPE, short_type(value->text));
    }
    if (str_equal_fold(type, STR("scriptblock"))) {
        return value;
    }
    if (str_equal_fold(type, STR("array")) ||
        str_equal_fold(type, STR("object[]")) ||
        str_equal_fold(type, STR("regex"))) {
        return value;
    }
    return NULL;
}

const struct ps_value *ps_new_object(struct peel *peel, struct str type,
                                     const struct ps_arguments *arguments)
{
    struct str bytes;
    struct str out;

    type = short_type(type);
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;
    if (str_ends_fold(type, STR("encoding")) && !arguments->n) {
        return psv_kind(peel, PSV_TYPE, type);
    }
    if (str_equal_fold(type, STR("string"))) {
        return ps_static(peel, type, STR("new"), arguments);
    }
    bool gzip = str_equal_fold(type, STR("io.compression.gzipstream"));
    bool deflate = str_equal_fold(type, STR("io.compression.deflatestream"));
    bool stream = str_equal_fold(type, STR("io.memorystream"));
    bool reader = str_equal_fold(type, STR("io.streamreader"));
    if (!first || !(gzip || deflate || stream || reader)) {
        return NULL;
    }
    if (arguments->n == 1 && first->kind == PSV_ARRAY && first->n == 1) {
        first = first->items[0]; /* (,$bytes) keeps an array whole */
    }
    if (!psv_to_bytes(peel, first, &bytes)) {
        return NULL;
    }
    if (gzip || deflate) {
        return inflate_bytes(peel, bytes, gzip ? INFLATE_GZIP : INFLATE_RAW,
                             &out)
                   ? psv_stream(peel, out)
                   : NULL;
    }
    if (reader && arguments->n > 1 && arguments->items[1]->kind == PSV_TYPE) {
        const struct ps_value *text =
            ps_decode(peel, arguments->items[1]->text, bytes);
        return text ? psv_stream(peel, text->text) : NULL;
    }
    return psv_stream(peel, bytes);
}
