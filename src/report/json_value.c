/* SPDX-License-Identifier: MIT */
#include "report/json_value.h"

#include "report/escape.h"

static void fail(struct json_out *out)
{
    if (out->sink->status == INFSCAN_OK) {
        out->sink->status = INFSCAN_NO_MEMORY;
    }
}

static void open_level(struct json_out *out, char bracket)
{
    buf_add_char(&out->sink->buf, bracket);
    if (out->depth + 1 < JSON_MAX_DEPTH) {
        out->depth++;
    }
    out->has_items[out->depth] = false;
}

static void close_level(struct json_out *out, char bracket)
{
    buf_add_char(&out->sink->buf, bracket);
    if (out->depth) {
        out->depth--;
    }
    sink_drain(out->sink);
}

/* The comma before an item, and the line end before those that get a line. */
static void separate(struct json_out *out, bool own_line)
{
    bool first = !out->has_items[out->depth];

    if (!first) {
        buf_add_char(&out->sink->buf, ',');
    }
    if (own_line && out->format == INFSCAN_FORMAT_JSON &&
        !(first && out->depth == 1)) {
        buf_add_format(&out->sink->buf, "\n%*s", (int)out->depth, "");
    }
    out->has_items[out->depth] = true;
}

#define TYPE_OF(value) ((value)->type & 0xFF)

/* Names are static text of this module: plain ASCII. */
static void print_name(struct buf *buf, const char *name)
{
    buf_add_char(buf, '"');
    buf_add_z(buf, name);
    buf_add(buf, STR("\":"));
}

static void add_name(struct json_out *out, const char *name)
{
    separate(out, out->depth == 1);
    print_name(&out->sink->buf, name);
}

/* Fractions and the like, which are rare. */
static void print_other(struct buf *buf, const cJSON *value)
{
    char *printed = cJSON_PrintUnformatted(value);

    if (printed) {
        buf_add_z(buf, printed);
    }
    buf->failed = buf->failed || !printed;
    cJSON_free(printed);
}

/* Prints a value, or the beginning of one that holds others: true then. */
static bool open_value(struct buf *buf, const cJSON *value)
{
    if (value->string) {
        print_name(buf, value->string);
    }
    switch (TYPE_OF(value)) {
    case cJSON_Object:
        buf_add_char(buf, '{');
        return true;
    case cJSON_Array:
        buf_add_char(buf, '[');
        return true;
    case cJSON_Raw:
        buf_add_z(buf, value->valuestring);
        return false;
    case cJSON_True:
    case cJSON_False:
        buf_add_z(buf, TYPE_OF(value) == cJSON_True ? "true" : "false");
        return false;
    default:
        print_other(buf, value);
        return false;
    }
}

/* cJSON's own printer takes memory for each tree and gives it back. There is
 * little in these but objects, lists, raw values and booleans. false: the tree
 * is too deep. */
static bool print_tree(struct buf *buf, const cJSON *value)
{
    const cJSON *open[JSON_MAX_DEPTH];
    unsigned depth = 0;

    for (;;) {
        if (open_value(buf, value)) {
            if (depth == JSON_MAX_DEPTH) {
                return false;
            }
            open[depth++] = value;
            value = value->child;
        } else {
            value = value->next;
        }
        while (depth && !value) {
            value = open[--depth];
            buf_add_char(buf, TYPE_OF(value) == cJSON_Object ? '}' : ']');
            value = value->next;
        }
        if (!depth) {
            return true;
        }
        if (value->prev && value->prev->next) { /* as of no first child */
            buf_add_char(buf, ',');
        }
    }
}

/* Prints a tree and releases it. */
static void add_tree(struct json_out *out, cJSON *value)
{
    if (!value || !print_tree(&out->sink->buf, value)) {
        fail(out);
    }
    cJSON_Delete(value);
    sink_drain(out->sink);
}

struct digits {
    char bytes[24];
};

static const char *digits_of(uint64_t value, struct digits *out)
{
    size_t at = sizeof out->bytes - 1;

    out->bytes[at] = '\0';
    do {
        out->bytes[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return out->bytes + at;
}

void json_begin(struct json_out *out, struct sink *sink,
                enum infscan_format format)
{
    *out = (struct json_out){.sink = sink, .format = format};
    buf_init(&out->scratch, SIZE_MAX / 2);
    open_level(out, '{');
}

void json_end(struct json_out *out)
{
    close_level(out, '}');
    buf_add_char(&out->sink->buf, '\n');
    buf_deinit(&out->scratch);
}

void json_member(struct json_out *out, const char *name, cJSON *value)
{
    add_name(out, name);
    add_tree(out, value);
}

void json_put_text(struct json_out *out, const char *name,
                   struct infscan_string text)
{
    add_name(out, name);
    escape_json(&out->sink->buf, str_of(text.bytes, text.len));
}

void json_put_z(struct json_out *out, const char *name, const char *z)
{
    add_name(out, name);
    escape_json(&out->sink->buf, str_from(z));
}

void json_put_bool(struct json_out *out, const char *name, int value)
{
    add_name(out, name);
    buf_add_z(&out->sink->buf, value ? "true" : "false");
}

void json_put_uint(struct json_out *out, const char *name, uint64_t value)
{
    struct digits digits;

    add_name(out, name);
    buf_add_z(&out->sink->buf, digits_of(value, &digits));
}

void json_list_begin(struct json_out *out, const char *name)
{
    add_name(out, name);
    open_level(out, '[');
}

void json_list_end(struct json_out *out)
{
    close_level(out, ']');
}

void json_element(struct json_out *out, cJSON *value)
{
    separate(out, true);
    add_tree(out, value);
}

void json_object_begin(struct json_out *out)
{
    separate(out, true);
    open_level(out, '{');
}

void json_object_end(struct json_out *out)
{
    close_level(out, '}');
}

static cJSON *take_scratch(struct json_out *out)
{
    cJSON *value =
        out->scratch.failed ? NULL : cJSON_CreateRaw(out->scratch.bytes);

    buf_clear(&out->scratch);
    return value;
}

cJSON *json_text(struct json_out *out, struct infscan_string text)
{
    escape_json(&out->scratch, str_of_string(text));
    return take_scratch(out);
}

cJSON *json_z(struct json_out *out, const char *z)
{
    escape_json(&out->scratch, str_from(z));
    return take_scratch(out);
}

cJSON *json_base64(struct json_out *out, struct infscan_string bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)bytes.bytes;

    buf_add_char(&out->scratch, '"');
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)p[i] << 16;
        bits |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        bits |= left > 2 ? p[i + 2] : 0;
        buf_add_char(&out->scratch, digits[bits >> 18]);
        buf_add_char(&out->scratch, digits[bits >> 12 & 63]);
        buf_add_char(&out->scratch, left > 1 ? digits[bits >> 6 & 63] : '=');
        buf_add_char(&out->scratch, left > 2 ? digits[bits & 63] : '=');
    }
    buf_add_char(&out->scratch, '"');
    return take_scratch(out);
}

cJSON *json_uint(uint64_t value)
{
    struct digits digits;

    return cJSON_CreateRaw(digits_of(value, &digits));
}

void json_set(struct json_out *out, cJSON *object, const char *name,
              cJSON *value)
{
    if (!object || !value || !cJSON_AddItemToObjectCS(object, name, value)) {
        cJSON_Delete(value);
        fail(out);
    }
}

void json_add(struct json_out *out, cJSON *list, cJSON *value)
{
    if (!list || !value || !cJSON_AddItemToArray(list, value)) {
        cJSON_Delete(value);
        fail(out);
    }
}
