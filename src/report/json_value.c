/* SPDX-License-Identifier: MIT */
#include "report/json_value.h"

#include "report/escape.h"

/* What most trees take when they are printed. */
#define PRINT_BYTES 2048

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

static void add_name(struct json_out *out, const char *name)
{
    separate(out, out->depth == 1);
    buf_add_char(&out->sink->buf, '"');
    buf_add_z(&out->sink->buf, name);
    buf_add(&out->sink->buf, STR("\":"));
}

/* Prints a tree and releases it. */
static void add_tree(struct json_out *out, cJSON *value)
{
    char *printed = value ? cJSON_PrintBuffered(value, PRINT_BYTES, 0) : NULL;

    if (printed) {
        buf_add_z(&out->sink->buf, printed);
        cJSON_free(printed);
    } else {
        fail(out);
    }
    cJSON_Delete(value);
    sink_drain(out->sink);
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
    char digits[24];
    size_t at = sizeof digits - 1;

    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    return cJSON_CreateRaw(digits + at);
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
