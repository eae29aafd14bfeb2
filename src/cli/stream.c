/* SPDX-License-Identifier: MIT */
#include "cli/stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <nettle/base64.h>

#include "cli/lines.h"
#include "cli/say.h"

/* Numbers up to here are the same in every JSON reader (RFC 8259, 6). */
#define LARGEST_EXACT 9007199254740991.0

/* What a request takes beside its bytes: names and ids. */
#define REQUEST_EXTRA_BYTES ((size_t)1 << 20)

static const char no_memory[] = "out of memory";

/* A member that is a text; NULL where it is not there. */
static const char *text_of(const cJSON *object, const char *name,
                           struct request *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (item && !cJSON_IsString(item)) {
        out->fault = "path, name and data_b64 are texts";
    }
    return item ? cJSON_GetStringValue(item) : NULL;
}

static void keep(char **target, const char *text, struct request *out)
{
    *target = strdup(text);
    if (!*target) {
        out->fault = no_memory;
    }
}

static void read_id(const cJSON *object, struct request *out)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "id");
    char spelling[32];

    if (cJSON_IsNumber(id)) {
        double value = cJSON_GetNumberValue(id);
        if (value >= -LARGEST_EXACT && value <= LARGEST_EXACT &&
            value == (double)(int64_t)value) {
            snprintf(spelling, sizeof spelling, "%" PRId64, (int64_t)value);
            out->id_is_number = 1;
            keep(&out->id, spelling, out);
            return;
        }
    }
    if (cJSON_IsString(id)) {
        keep(&out->id, cJSON_GetStringValue(id), out);
    } else if (id && !cJSON_IsNull(id)) {
        out->fault = "an id is a text or a whole number up to 2^53";
    }
}

static void read_data(const char *base64, struct request *out)
{
    struct base64_decode_ctx context;
    size_t len = strlen(base64);

    out->data = malloc(BASE64_DECODE_LENGTH(len) + 1);
    out->size = BASE64_DECODE_LENGTH(len);
    if (!out->data) {
        out->fault = no_memory;
        return;
    }
    base64_decode_init(&context);
    if (!base64_decode_update(&context, &out->size, out->data, len, base64) ||
        !base64_decode_final(&context)) {
        out->fault = "data_b64 is not base64";
    }
}

static void read_object(const cJSON *object, struct request *out)
{
    read_id(object, out);
    const char *path = text_of(object, "path", out);
    const char *name = text_of(object, "name", out);
    const char *data = text_of(object, "data_b64", out);

    if (path || name) {
        keep(&out->name, path ? path : name, out);
    }
    if (out->fault) {
        return;
    }
    if (!path == !data) {
        out->fault = path ? "a request has either path or data_b64, not both"
                          : "a request needs path or data_b64";
    } else if (path && name) {
        out->fault = "name goes with data_b64; a path is its own name";
    } else if (data) {
        read_data(data, out);
    }
}

/* cJSON's texts end at the first NUL, where a name or id would lose its rest.
 * Replaces each one, escaped or not, and tells whether there was any. */
static int replace_nul(char *line, size_t len)
{
    static const char escape[] = "\\u0000";
    int found = 0;

    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\0') {
            line[i] = '?';
            found = 1;
        } else if (line[i] == '\\') {
            if (len - i >= sizeof escape - 1 &&
                memcmp(line + i, escape, sizeof escape - 1) == 0) {
                memcpy(line + i + 2, "fffd", 4);
                found = 1;
            }
            i++; /* the second of two backslashes escapes nothing */
        }
    }
    return found;
}

void request_parse(char *line, size_t len, struct request *out)
{
    const char *end = NULL;
    int had_nul = replace_nul(line, len);
    cJSON *object = cJSON_ParseWithLengthOpts(line, len + 1, &end, 1);

    *out = (struct request){.id = NULL};
    if (cJSON_IsObject(object)) {
        read_object(object, out);
    } else {
        out->fault = "a request is one JSON object on one line";
    }
    if (had_nul && out->fault != no_memory) {
        out->fault = "NUL character in the request";
    }
    cJSON_Delete(object);
    if (!out->name) {
        keep(&out->name, "-", out);
    }
}

void request_deinit(struct request *request)
{
    free(request->id);
    free(request->name);
    free(request->data);
    *request = (struct request){.id = NULL};
}

static void submit(struct pool *pool, enum task_kind kind, const char *line,
                   size_t len, const char *message)
{
    struct task task = {.kind = kind, .subject = malloc(len + 1), .len = len};

    if (task.subject) {
        memcpy(task.subject, line, len);
        task.subject[len] = '\0';
    }
    task.message = message ? strdup(message) : NULL;
    pool_submit(pool, task);
}

static int is_blank(const char *line, size_t len)
{
    return strspn(line, " \t\r") == len;
}

/* The longest request: a file of the largest size in base64. */
static size_t longest_line(const struct options *options)
{
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);
    uint64_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(limits[i].name, "file_bytes") == 0) {
            bytes = limits[i].value;
        }
    }
    for (size_t i = 0; i < options->n_limits; i++) {
        if (strcmp(options->limits[i].name, "file_bytes") == 0) {
            bytes = options->limits[i].value;
        }
    }
    return (size_t)(bytes + bytes / 3) + REQUEST_EXTRA_BYTES;
}

void stream_feed(const struct options *options, struct pool *pool)
{
    struct lines lines;
    const char *line;
    size_t len;

    lines_init(&lines, STDIN_FILENO, '\n', longest_line(options));
    for (;;) {
        switch (lines_next(&lines, &line, &len)) {
        case LINES_LINE:
            if (!is_blank(line, len)) {
                submit(pool, TASK_REQUEST, line, len, NULL);
            }
            continue;
        case LINES_TOO_LONG:
            submit(pool, TASK_FAILED, "-", 1,
                   "a request is longer than the limit file_bytes allows");
            continue;
        case LINES_FAILED:
            submit(pool, TASK_FAILED, "-", 1, strerror(errno));
            break;
        case LINES_END:
            break;
        }
        break;
    }
    lines_deinit(&lines);
}

int stream_check(const struct options *options)
{
    if (options->operands.n || options->files_from || options->name) {
        say("--stream reads its requests from standard input; name no files");
        return -1;
    }
    if (options->format != INFSCAN_FORMAT_NDJSON) {
        say("--stream answers in ndjson only");
        return -1;
    }
    if (options->only_findings) {
        say("--stream answers every request; it cannot go with "
            "--only-findings");
        return -1;
    }
    return 0;
}
