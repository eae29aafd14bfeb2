/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/codec.h"
#include "command/powershell/call.h"

static const struct ps_value *from_base64(const struct call *c)
{
    struct str text;

    if (!call_text(c, 0, &text) || !peel_spend(c->peel, text.len)) {
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
        if (!call_text(c, 0, &text) || !call_number(c, 1, &base) ||
            !parse_radix(text, base, &number)) {
            return NULL;
        }
    } else if (!call_number(c, 0, &number)) {
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

    return call_text(c, 0, &text) ? psv_string(c->peel, text) : NULL;
}

static const struct ps_value *string_join(const struct call *c)
{
    struct str separator, text;

    if (c->n < 2 || !call_text(c, 0, &separator)) {
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

    if (c->n < 2 || !call_text(c, 0, &pattern)) {
        return NULL;
    }
    return ps_format(c->peel, pattern, c->n == 2 ? c->args[1] : &rest);
}

static const struct ps_value *string_new(const struct call *c)
{
    int64_t n;
    struct str text;

    if (c->n == 2 && c->args[0]->kind == PSV_CHAR && call_number(c, 1, &n) &&
        n >= 0 && peel_fits(c->peel, (uint64_t)n)) {
        struct call empty = *c;
        empty.text = STR("");
        const struct ps_value *args[] = {c->args[1], c->args[0]};
        empty.args = args;
        return ps_pad(&empty, SIDE_LEFT);
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

    if (c->n < 3 || !call_text(c, 0, &text) || !call_text(c, 1, &pattern) ||
        !call_text(c, 2, &by)) {
        return NULL;
    }
    return ps_replace(c->peel, text, pattern, by, PATTERN_EXACT);
}

static const struct ps_value *regex_split(const struct call *c)
{
    struct str pattern;

    return c->n >= 2 && call_text(c, 1, &pattern)
               ? ps_split(c->peel, c->args[0], pattern, PATTERN_EXACT)
               : NULL;
}

/* A text out of a text that is not longer. */
static const struct ps_value *
decoded(const struct call *c, size_t (*decode)(struct str in, char *out))
{
    struct str text;

    if (!call_text(c, 0, &text) || !peel_spend(c->peel, text.len)) {
        return NULL;
    }
    char *out = arena_alloc(c->peel->arena, text.len + 1, 1);
    return out ? psv_string(c->peel, str_of(out, decode(text, out))) : NULL;
}

static size_t percent_of_form(struct str in, char *out)
{
    return codec_percent(in, CODEC_PLUS_BLANK, out);
}

static size_t percent_of_address(struct str in, char *out)
{
    return codec_percent(in, CODEC_PLUS_SIGN, out);
}

static const struct ps_value *html_decode(const struct call *c)
{
    return decoded(c, codec_entities);
}

static const struct ps_value *url_decode(const struct call *c)
{
    return decoded(c, percent_of_form);
}

static const struct ps_value *uri_unescape(const struct call *c)
{
    return decoded(c, percent_of_address);
}

static const struct ps_value *regex_unescape(const struct call *c)
{
    return decoded(c, codec_escapes);
}

/* A backslash before each sign that a pattern would take for its own. */
static const struct ps_value *regex_escape(const struct call *c)
{
    struct str signs = STR("\\*+?|{[()^$.# ");
    struct str text;

    if (!call_text(c, 0, &text) || !peel_fits(c->peel, text.len * 2u) ||
        !peel_spend(c->peel, text.len)) {
        return NULL;
    }
    char *out = arena_alloc(c->peel->arena, text.len * 2 + 1, 1);
    size_t n = 0;
    for (size_t i = 0; out && i < text.len; i++) {
        if (str_find_char(signs, text.bytes[i], 0) != STR_NONE) {
            out[n++] = '\\';
        }
        out[n++] = text.bytes[i];
    }
    return out ? psv_string(c->peel, str_of(out, n)) : NULL;
}

static const struct ps_value *from_hex(const struct call *c)
{
    struct str text;

    if (!call_text(c, 0, &text) || !peel_spend(c->peel, text.len)) {
        return NULL;
    }
    char *out = arena_alloc(c->peel->arena, text.len / 2 + 1, 1);
    size_t n = out ? codec_hex(text, out) : STR_NONE;
    return n == STR_NONE ? NULL : psv_bytes(c->peel, str_of(out, n));
}

/* [int]::Parse('41', 'HexNumber') */
static const struct ps_value *parse_number(const struct call *c)
{
    struct str text, style = STR("");
    int64_t number;

    if (!call_text(c, 0, &text) || (c->n > 1 && !call_text(c, 1, &style))) {
        return NULL;
    }
    bool hex = str_find_fold(style, STR("hex"), 0) != STR_NONE;
    return parse_radix(text, hex ? 16 : 10, &number) ? psv_int(c->peel, number)
                                                     : NULL;
}

static const struct ps_value *math_abs(const struct call *c)
{
    int64_t number;

    return call_number(c, 0, &number) && number > INT64_MIN
               ? psv_int(c->peel, number < 0 ? -number : number)
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

    if (c->n < 2 || !call_text(c, 0, &text) || !call_text(c, 1, &pattern) ||
        (c->n > 2 && !call_text(c, 2, &options))) {
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

    if (!call_text(c, 0, &name)) {
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

    if (!call_text(c, 0, &name)) {
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

/* SecureStringToBSTR and the like give what PtrToString* takes. */
static const struct ps_value *reveal(const struct call *c)
{
    const struct ps_value *first = c->n ? c->args[0] : NULL;
    bool secure = first && first->kind == PSV_OBJECT && first->n &&
                  str_equal(first->text, STR("security.securestring"));

    return secure ? first->items[0] : NULL;
}

static const struct ps_value *text_of_pointer(const struct call *c)
{
    return c->n && c->args[0]->kind == PSV_STRING ? c->args[0] : NULL;
}

#define MARSHAL "runtime.interopservices.marshal"

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
    {"regex", "unescape", regex_unescape},
    {"regex", "escape", regex_escape},
    {"convert", "fromhexstring", from_hex},
    {"net.webutility", "htmldecode", html_decode},
    {"net.webutility", "urldecode", url_decode},
    {"web.httputility", "htmldecode", html_decode},
    {"web.httputility", "urldecode", url_decode},
    {"uri", "unescapedatastring", uri_unescape},
    {"int", "parse", parse_number},
    {"int32", "parse", parse_number},
    {"int16", "parse", parse_number},
    {"byte", "parse", parse_number},
    {"math", "abs", math_abs},
    {"environment", "getenvironmentvariable", environment_get},
    {"environment", "expandenvironmentvariables", NULL},
    {"text.encoding", "getencoding", encoding_by_name},
    {"char", "convertfromutf32", convert_to_char},
    {MARSHAL, "securestringtobstr", reveal},
    {MARSHAL, "securestringtoglobalallocunicode", reveal},
    {MARSHAL, "securestringtoglobalallocansi", reveal},
    {MARSHAL, "securestringtocotaskmemunicode", reveal},
    {MARSHAL, "securestringtocotaskmemansi", reveal},
    {MARSHAL, "ptrtostringauto", text_of_pointer},
    {MARSHAL, "ptrtostringuni", text_of_pointer},
    {MARSHAL, "ptrtostringansi", text_of_pointer},
    {MARSHAL, "ptrtostringbstr", text_of_pointer},
    {"*", "new", static_new},
};

const struct ps_value *ps_static(struct peel *peel, struct str type,
                                 struct str name,
                                 const struct ps_arguments *arguments)
{
    struct call call = {.peel = peel,
                        .type = ps_short_type(type),
                        .args = arguments->items,
                        .n = arguments->n};

    for (size_t i = 0; i < sizeof statics / sizeof *statics; i++) {
        if ((statics[i].type[0] == '*' ||
             str_equal_fold_z(call.type, statics[i].type)) &&
            str_equal_fold_z(name, statics[i].name)) {
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

    type = ps_short_type(type);
    if (str_ends_fold(type, STR("encoding"))) {
        for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
            if (str_equal_fold_z(name, encodings[i][0])) {
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
