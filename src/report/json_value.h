/* SPDX-License-Identifier: MIT */
#ifndef REPORT_JSON_VALUE_H
#define REPORT_JSON_VALUE_H

#include <cjson/cJSON.h>

#include <infscan/types.h>

#include "report/render.h"

#define JSON_MAX_DEPTH 8u

/* One record on its way out. Members of the record and elements of its lists
 * are cJSON trees that are printed and released one by one, so that memory does
 * not grow with the record. */
struct json_out {
    struct sink *sink;
    enum infscan_format format; /* ndjson: one line; json: a line for each
                                 * member and element */
    unsigned depth;
    bool has_items[JSON_MAX_DEPTH];
    struct buf scratch;
};

void json_begin(struct json_out *out, struct sink *sink,
                enum infscan_format format);
void json_end(struct json_out *out); /* with a line end */

/* A member of the object that is open. Takes `value`; NULL is out of memory. */
void json_member(struct json_out *out, const char *name, cJSON *value);

/* The same of a scalar, for which no tree is made. */
void json_put_text(struct json_out *out, const char *name,
                   struct infscan_string text);
void json_put_z(struct json_out *out, const char *name, const char *z);
void json_put_bool(struct json_out *out, const char *name, int value);
void json_put_uint(struct json_out *out, const char *name, uint64_t value);

/* A list, or an object, that is filled piece by piece. */
void json_list_begin(struct json_out *out, const char *name);
void json_list_end(struct json_out *out);
void json_element(struct json_out *out, cJSON *value);
void json_object_begin(struct json_out *out); /* as an element */
void json_object_end(struct json_out *out);

/**
 * json_text - any bytes as a JSON string
 *
 * cJSON strings end at a NUL and are not checked for bad UTF-8, so every string
 * is escaped here (escape_json) and goes in raw. NULL when memory ran out, as
 * for the functions below.
 */
cJSON *json_text(struct json_out *out, struct infscan_string text);
cJSON *json_z(struct json_out *out, const char *z);
cJSON *json_base64(struct json_out *out, struct infscan_string bytes);
cJSON *json_uint(uint64_t value); /* cJSON's own numbers are doubles */

/* Put `value` under `name` (static text) or at the end of a list; takes it. A
 * failure goes to the sink. */
void json_set(struct json_out *out, cJSON *object, const char *name,
              cJSON *value);
void json_add(struct json_out *out, cJSON *list, cJSON *value);

#endif
