/* SPDX-License-Identifier: MIT */
#include "report/json_part.h"

#include "base/utf8.h"

bool json_is_utf8(struct infscan_string text)
{
    return utf8_is_valid(str_of_string(text));
}

bool json_has_text(const char *z)
{
    return z && *z;
}

void json_set_text(struct json_out *out, cJSON *object, const char *name,
                   struct infscan_string text)
{
    json_set(out, object, name, json_text(out, text));
}

void json_set_z(struct json_out *out, cJSON *object, const char *name,
                const char *z)
{
    json_set(out, object, name, json_z(out, z));
}

void json_set_some(struct json_out *out, cJSON *object, const char *name,
                   struct infscan_string text)
{
    if (text.len) {
        json_set_text(out, object, name, text);
    }
}

void json_set_uint(struct json_out *out, cJSON *object, const char *name,
                   uint64_t value)
{
    json_set(out, object, name, json_uint(value));
}

void json_set_bool(struct json_out *out, cJSON *object, const char *name,
                   int value)
{
    json_set(out, object, name, cJSON_CreateBool(value));
}

void json_set_index(struct json_out *out, cJSON *object, const char *name,
                    uint32_t index)
{
    if (index != INFSCAN_NO_INDEX) {
        json_set_uint(out, object, name, index);
    }
}

cJSON *json_make_place(struct json_out *out, struct infscan_place place)
{
    cJSON *object = cJSON_CreateObject();

    json_set_uint(out, object, "line", place.line);
    json_set_uint(out, object, "column", place.column);
    json_set_uint(out, object, "offset", place.offset);
    json_set_uint(out, object, "length", place.length);
    if (place.file) {
        json_set_z(out, object, "file", place.file);
    }
    return object;
}

void json_set_place(struct json_out *out, cJSON *object,
                    struct infscan_place place)
{
    if (place.line) {
        json_set(out, object, "place", json_make_place(out, place));
    }
}

cJSON *json_make_texts(struct json_out *out, const struct infscan_string *texts,
                       size_t n)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < n; i++) {
        json_add(out, list, json_text(out, texts[i]));
    }
    return list;
}

cJSON *json_make_names(struct json_out *out, const char *const *names)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; names && names[i]; i++) {
        json_add(out, list, json_z(out, names[i]));
    }
    return list;
}

cJSON *json_make_goodware(struct json_out *out, uint32_t seen, uint32_t of)
{
    cJSON *object = cJSON_CreateObject();

    json_set_uint(out, object, "seen", seen);
    json_set_uint(out, object, "of", of);
    return object;
}

void json_add_head(struct json_out *out, const char *type)
{
    json_put_z(out, "type", type);
    json_put_z(out, "schema_version", INFSCAN_SCHEMA_VERSION);
}

/* The id that whoever asked for the record gave. */
void json_add_id(struct json_out *out,
                 const struct infscan_render_options *options)
{
    if (options->request_id) {
        json_member(out, "id",
                    options->request_id_is_number
                        ? cJSON_CreateRaw(options->request_id)
                        : json_z(out, options->request_id));
    }
}

void json_add_tool(struct json_out *out, const char *rules_digest)
{
    cJSON *tool = cJSON_CreateObject();

    json_set_z(out, tool, "name", "infscan");
    json_set_z(out, tool, "version", infscan_version());
    if (json_has_text(rules_digest)) {
        json_set_z(out, tool, "rules", rules_digest);
    }
    json_set_z(out, tool, "attack", infscan_attack_version());
    json_member(out, "tool", tool);
}

/* Bytes that are no UTF-8 as they are, beside their readable form. */
void json_add_raw(struct json_out *out, const char *name,
                  struct infscan_string raw)
{
    if (!json_is_utf8(raw)) {
        json_member(out, name, json_base64(out, raw));
    }
}

void json_add_path(struct json_out *out, struct infscan_string path,
                   struct infscan_string raw_path)
{
    json_put_text(out, "path", path);
    json_add_raw(out, "path_b64", raw_path);
}

void json_add_error(struct json_out *out, struct infscan_string message)
{
    cJSON *error = cJSON_CreateObject();

    json_put_z(out, "status", infscan_result_status_name(INFSCAN_RESULT_ERROR));
    json_set_text(out, error, "message", message);
    json_member(out, "error", error);
}

void json_add_encoding(struct json_out *out, const char *name, int bom)
{
    if (json_has_text(name)) {
        cJSON *encoding = cJSON_CreateObject();
        json_set_z(out, encoding, "name", name);
        json_set_bool(out, encoding, "bom", bom);
        json_member(out, "encoding", encoding);
    }
}

void json_add_accepted(struct json_out *out, int accepted, const char *refusal,
                       uint32_t refusal_line)
{
    cJSON *object = cJSON_CreateObject();

    json_set_bool(out, object, "setupapi", accepted);
    if (!accepted && json_has_text(refusal)) {
        json_set_z(out, object, "reason", refusal);
    }
    if (!accepted && refusal_line) {
        json_set_uint(out, object, "line", refusal_line);
    }
    json_member(out, "accepted", object);
}

void json_add_limits(struct json_out *out,
                     const struct infscan_limit_hit *limits, size_t n)
{
    json_list_begin(out, "limits");
    for (size_t i = 0; i < n; i++) {
        cJSON *object = cJSON_CreateObject();
        json_set_z(out, object, "name", limits[i].name);
        json_set_uint(out, object, "value", limits[i].value);
        json_element(out, object);
    }
    json_list_end(out);
}
