/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/powershell/call.h"

bool call_text(const struct call *c, uint32_t i, struct str *out)
{
    return i < c->n && psv_text(c->peel, c->args[i], out);
}

bool call_number(const struct call *c, uint32_t i, int64_t *out)
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

    if (c->n != 2 || !call_text(c, 0, &old) || !call_text(c, 1, &by)) {
        return NULL;
    }
    return ps_replace_literal(c->peel, c->text, old, by);
}

static const struct ps_value *string_substring(const struct call *c)
{
    int64_t from, len = 0;
    size_t start;
    size_t end = c->text.len;

    if (!call_number(c, 0, &from) || !char_offset(c->text, from, &start)) {
        return NULL;
    }
    if (c->n > 1 && (!call_number(c, 1, &len) || len < 0 || len > INT32_MAX ||
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
    char *out = peel_fits(peel, n) && peel_spend(peel, n)
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

    if (!call_number(c, 0, &index) || !call_text(c, 1, &text) ||
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

    if (!call_number(c, 0, &index) || !char_offset(c->text, index, &at) ||
        (c->n > 1 &&
         (!call_number(c, 1, &len) ||
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

const struct ps_value *ps_pad(const struct call *c, enum side side)
{
    int64_t width;
    struct str fill = STR(" ");
    size_t have = utf8_count(c->text);

    if (!call_number(c, 0, &width) || width < 0 ||
        !peel_fits(c->peel, (uint64_t)width) ||
        (c->n > 1 && (!call_text(c, 1, &fill) || fill.len != 1))) {
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
    return ps_pad(c, SIDE_LEFT);
}

static const struct ps_value *string_pad_right(const struct call *c)
{
    return ps_pad(c, SIDE_RIGHT);
}

static const struct ps_value *string_index_of(const struct call *c)
{
    struct str needle;

    if (!call_text(c, 0, &needle)) {
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

    if (!call_number(c, 0, &index) || !char_offset(c->text, index, &at) ||
        !utf8_decode(str_sub(c->text, at, c->text.len), &code)) {
        return NULL;
    }
    return psv_char(c->peel, code);
}

static const struct ps_value *stream_to_array(const struct call *c)
{
    return c->self->kind == PSV_BYTES   ? psv_bytes(c->peel, c->self->text)
           : c->self->kind == PSV_ARRAY ? c->self
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

    if (c->self->kind != PSV_TYPE || !call_text(c, 0, &text) ||
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

/* The few objects whose data is known. */
static const struct ps_value *object_method(const struct ps_value *self,
                                            struct str name)
{
    bool credential = str_equal(self->text, STR("pscredential"));

    return credential && str_equal_fold(name, STR("getnetworkcredential"))
               ? self
               : NULL;
}

static const struct ps_value *
object_property(struct peel *peel, const struct ps_value *self, struct str name)
{
    const struct ps_value *data = self->n ? self->items[0] : NULL;

    if (str_equal(self->text, STR("pscredential")) &&
        str_equal_fold(name, STR("password")) && data &&
        data->kind == PSV_OBJECT) {
        return data->n ? data->items[0] : NULL;
    }
    if (str_equal_fold(name, STR("invokecommand"))) {
        return psv_object(
            peel, STR("management.automation.commandinvocationintrinsics"),
            NULL);
    }
    return NULL;
}

const struct ps_value *ps_method(struct peel *peel, const struct ps_value *self,
                                 struct str name,
                                 const struct ps_arguments *arguments)
{
    struct call call = {.peel = peel,
                        .self = self,
                        .args = arguments->items,
                        .n = arguments->n};
    bool scalar = self->kind != PSV_ARRAY && self->kind != PSV_BYTES &&
                  self->kind != PSV_HASH && self->kind != PSV_OBJECT;

    if (self->kind == PSV_OBJECT) {
        return object_method(self, name);
    }
    if (scalar && !psv_text(peel, self, &call.text)) {
        return NULL;
    }
    if (!peel_spend(peel, call.text.len)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (str_equal_fold_z(name, methods[i].name)) {
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
    if (self->kind == PSV_OBJECT) {
        return object_property(peel, self, name);
    }
    if (self->kind == PSV_ARRAY && self->n) { /* of each of its items */
        struct ps_value *each = psv_array(peel, self->n);
        for (uint32_t i = 0; each && i < self->n; i++) {
            const struct ps_value *item = self->items[i];
            each->items[i] =
                item->kind == PSV_ARRAY ? NULL : ps_property(peel, item, name);
            if (!each->items[i]) {
                return NULL;
            }
        }
        return each;
    }
    if (self->kind == PSV_HASH) {
        bool keys = str_equal_fold(name, STR("keys"));
        bool values = str_equal_fold(name, STR("values"));
        struct ps_value *list =
            keys || values ? psv_array(peel, self->n / 2) : NULL;
        for (uint32_t i = 0; list && i < list->n; i++) {
            list->items[i] = self->items[i * 2 + values];
        }
        return list;
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
