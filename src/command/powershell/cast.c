/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/inflate.h"
#include "command/powershell/builder.h"
#include "command/powershell/call.h"
#include "command/powershell/collection.h"

/* "System.Text.RegularExpressions.Regex" is "regex" and so on. */
struct str ps_short_type(struct str type)
{
    if (str_starts_fold(type, STR("system."))) {
        type = str_sub(type, 7, type.len);
    }
    struct str regex = STR("text.regularexpressions.regex");
    return str_equal_fold(type, regex) ? STR("regex") : type;
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

    type = ps_short_type(type);
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
        if (str_equal_fold_z(type, numbers[i])) {
            return psv_number(value, &number) ? psv_int(peel, number) : NULL;
        }
    }
    if (str_equal_fold(type, STR("io.memorystream"))) {
        return psv_to_bytes(peel, value, &text) ? psv_stream(peel, text) : NULL;
    }
    if (str_equal_fold(type, STR("type")) && value->kind == PSV_STRING) {
        return psv_kind(peel, PSV_TYPE, ps_short_type(value->text));
    }
    if (str_equal_fold(type, STR("scriptblock"))) {
        return value;
    }
    if (str_equal_fold(type, STR("text.stringbuilder"))) {
        const struct ps_arguments arguments = {&value, 1};
        return ps_builder_new(peel, &arguments);
    }
    if (value->kind == PSV_ARRAY && ps_is_collection(type)) {
        return value;
    }
    if (value->kind == PSV_HASH &&
        (str_ends_fold(type, STR("pscustomobject")) ||
         str_equal_fold(type, STR("ordered")) ||
         str_equal_fold(type, STR("psobject")) ||
         str_equal_fold(type, STR("hashtable")))) {
        return value; /* properties are entries */
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

    type = ps_short_type(type);
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;
    if (str_equal_fold(type, STR("net.webclient"))) {
        return psv_object(peel, STR("net.webclient"), NULL);
    }
    if (str_equal_fold(type, STR("pscredential")) ||
        str_equal_fold(type, STR("management.automation.pscredential"))) {
        return arguments->n == 2
                   ? psv_object(peel, STR("pscredential"), arguments->items[1])
                   : NULL;
    }
    if (str_equal_fold(type, STR("text.stringbuilder"))) {
        return ps_builder_new(peel, arguments);
    }
    if (ps_is_collection(type)) {
        return ps_collection_new(peel, arguments);
    }
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
