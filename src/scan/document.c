/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include <infscan/document.h>

#include "base/error.h"
#include "inf/strings.h"
#include "install/path.h"
#include "scan/archive.h"
#include "scan/input.h"
#include "scan/options.h"
#include "scan/reading.h"
#include "scan/result.h"

struct infscan_document {
    struct arena *arena;
    struct limits limits;
    struct infscan_document_summary summary;
    enum infscan_substitution mode;
    const struct inf_document *inf;
    const struct inf_strings *strings; /* the section that substitution uses */
    struct path_context paths;
};

struct infscan_document_cursor {
    const struct infscan_document *document;
    struct arena *arena; /* rewound for each line and field */
    struct arena_mark before_line;
    struct arena_mark before_field;
    struct inf_expander expander;
    uint32_t next;
    const struct inf_line *line;
    struct infscan_limit_hit limits[N_LIMITS];
};

static enum infscan_status build(struct infscan_document *document,
                                 struct str raw,
                                 const struct infscan_options *options)
{
    uint32_t n_strings;
    struct reading *reading = reading_make(
        document->arena, raw, options->codepage, &document->limits, NULL);

    if (!reading) {
        return INFSCAN_NO_MEMORY;
    }
    document->inf = &reading->document;
    if (!path_context_init(&document->paths, document->arena,
                           str_from(options->inf_dir)) ||
        inf_strings_list(document->arena, document->inf, &document->strings,
                         &n_strings) != INFSCAN_OK) {
        return INFSCAN_NO_MEMORY;
    }
    document->summary.encoding = reading->decoded.name;
    document->summary.bom = reading->decoded.bom;
    document->summary.accepted = document->inf->refusal == INF_ACCEPTED;
    document->summary.refusal = inf_refusal_name(document->inf->refusal);
    document->summary.refusal_line = document->inf->refusal_line;
    return INFSCAN_OK;
}

/* Checks the options and makes an empty document. */
static enum infscan_status begin(const char *name,
                                 const struct infscan_options *options,
                                 struct infscan_document **out,
                                 struct infscan_error *error)
{
    if (!decode_codepage_name(options->codepage)) {
        return error_set(error, INFSCAN_INVALID, "unknown code page %u",
                         options->codepage);
    }
    struct limits limits;
    enum infscan_status status = options_limits(options, &limits, error);
    if (status != INFSCAN_OK) {
        return status;
    }
    struct arena *arena = arena_new((size_t)limits.value[LIMIT_memory_bytes]);
    struct infscan_document *document =
        arena ? ARENA_NEW(arena, struct infscan_document) : NULL;
    struct str path =
        document ? arena_copy(arena, str_from(name)) : str_of(NULL, 0);
    if (!path.bytes) {
        arena_free(arena);
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    document->arena = arena;
    document->limits = limits;
    document->summary.path = result_string(result_valid_utf8(arena, path));
    document->summary.raw_path = result_string(path);
    *out = document;
    return INFSCAN_OK;
}

static enum infscan_status
finish(struct infscan_document *document, struct str raw,
       const struct infscan_options *options, enum infscan_substitution mode,
       struct infscan_document **out, struct infscan_error *error)
{
    document->mode = mode;
    if (build(document, raw, options) != INFSCAN_OK) {
        infscan_document_free(document);
        return error_set(error, INFSCAN_NO_MEMORY,
                         "the limit memory_bytes was reached");
    }
    *out = document;
    return INFSCAN_OK;
}

enum infscan_status infscan_document_file(const char *path,
                                          const struct infscan_options *options,
                                          enum infscan_substitution mode,
                                          struct infscan_document **out,
                                          struct infscan_error *error)
{
    static const struct infscan_options defaults;
    struct infscan_document *document = NULL;
    struct str raw;

    options = options ? options : &defaults;
    enum infscan_status status = begin(path, options, &document, error);
    if (status != INFSCAN_OK || !document) {
        return status;
    }
    size_t max_bytes = (size_t)document->limits.value[LIMIT_file_bytes];
    if (strcmp(path, "-") == 0) {
        status = input_read_fd(document->arena, path, STDIN_FILENO, max_bytes,
                               &raw, error);
    } else {
        status = input_read_file(document->arena, path, max_bytes, &raw, error);
    }
    if (status == INFSCAN_OK && archive_kind_of(raw)) {
        status = error_set_at(error, INFSCAN_INVALID, path, 0, 0,
                              "an archive: the INFs in it have to be unpacked");
    }
    if (status != INFSCAN_OK) {
        infscan_document_free(document);
        return status;
    }
    return finish(document, raw, options, mode, out, error);
}

enum infscan_status infscan_document_bytes(
    const char *name, const void *data, size_t size,
    const struct infscan_options *options, enum infscan_substitution mode,
    struct infscan_document **out, struct infscan_error *error)
{
    static const struct infscan_options defaults;
    struct infscan_document *document = NULL;

    options = options ? options : &defaults;
    enum infscan_status status = begin(name, options, &document, error);
    if (status != INFSCAN_OK || !document) {
        return status;
    }
    if (size > document->limits.value[LIMIT_file_bytes]) {
        infscan_document_free(document);
        return error_set_at(error, INFSCAN_LIMIT, name, 0, 0,
                            "larger than the limit file_bytes");
    }
    struct str raw = arena_copy(document->arena, str_of(data, size));
    if (!raw.bytes) {
        infscan_document_free(document);
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    return finish(document, raw, options, mode, out, error);
}

void infscan_document_free(struct infscan_document *document)
{
    if (document) {
        arena_free(document->arena);
    }
}

const struct infscan_document_summary *
infscan_document_get_summary(const struct infscan_document *document)
{
    return &document->summary;
}

int infscan_document_get_section(const struct infscan_document *document,
                                 size_t index,
                                 struct infscan_document_section *out)
{
    const struct inf_document *inf = document->inf;

    if (index >= inf->n_sections) {
        return 0;
    }
    const struct inf_section *section = &inf->sections[index];
    *out = (struct infscan_document_section){
        .name = result_string(slice_str(section->name)),
        .line = source_line(inf->source, inf_section_offset(section)),
        .n_lines = section->n_lines,
    };
    return 1;
}

struct infscan_document_cursor *
infscan_document_cursor_new(const struct infscan_document *document)
{
    struct arena *arena =
        arena_new((size_t)document->limits.value[LIMIT_memory_bytes]);
    struct infscan_document_cursor *cursor =
        arena ? ARENA_NEW(arena, struct infscan_document_cursor) : NULL;

    if (!cursor) {
        arena_free(arena);
        return NULL;
    }
    *cursor = (struct infscan_document_cursor){
        .document = document,
        .arena = arena,
        .before_line = arena_get_mark(arena),
        .before_field = arena_get_mark(arena),
        .next = INF_NONE,
        .expander = {.arena = arena,
                     .strings = document->strings,
                     .directory = path_directory,
                     .context = &document->paths,
                     .max_bytes =
                         (size_t)document->limits.value[LIMIT_expansion_bytes]},
    };
    return cursor;
}

void infscan_document_cursor_free(struct infscan_document_cursor *cursor)
{
    if (cursor) {
        arena_free(cursor->arena);
    }
}

void infscan_document_cursor_enter(struct infscan_document_cursor *cursor,
                                   size_t section)
{
    const struct inf_document *inf = cursor->document->inf;

    cursor->line = NULL;
    cursor->next =
        section < inf->n_sections ? inf->sections[section].first : INF_NONE;
}

static struct infscan_string text_of(struct infscan_document_cursor *cursor,
                                     struct slice written)
{
    struct slice value = cursor->document->mode == INFSCAN_SUBSTITUTE
                             ? inf_expand(&cursor->expander, written)
                             : written;

    return result_string(slice_str(value));
}

int infscan_document_next(struct infscan_document_cursor *cursor,
                          struct infscan_document_line *out)
{
    const struct inf_document *inf = cursor->document->inf;

    arena_rewind(cursor->arena, cursor->before_line);
    if (cursor->next == INF_NONE) {
        cursor->line = NULL;
        return 0;
    }
    const struct inf_line *line = &inf->lines[cursor->next];
    cursor->line = line;
    cursor->next = inf_document_next(inf, cursor->next);
    *out = (struct infscan_document_line){
        .line = source_line(inf->source, inf_line_place(inf, line).off),
        .has_key = inf_line_has_key(inf, line) != INF_KEY_NONE,
        .key = text_of(cursor, inf_line_key_in(cursor->arena, inf, line)),
        .n_fields = inf_line_n_fields(inf, line),
    };
    cursor->before_field = arena_get_mark(cursor->arena);
    return 1;
}

struct infscan_string
infscan_document_field(struct infscan_document_cursor *cursor, size_t index)
{
    arena_rewind(cursor->arena, cursor->before_field);
    return cursor->line && index < UINT32_MAX
               ? text_of(cursor,
                         inf_line_field_in(cursor->arena, cursor->document->inf,
                                           cursor->line, (uint32_t)index))
               : result_string(STR(""));
}

const struct infscan_limit_hit *
infscan_document_cursor_limits(struct infscan_document_cursor *cursor,
                               size_t *n)
{
    limit_set reached = cursor->document->inf->limits | cursor->expander.limits;

    *n = 0;
    for (enum limit limit = 0; limit < N_LIMITS; limit++) {
        if (limit_is_hit(reached, limit)) {
            cursor->limits[(*n)++] = (struct infscan_limit_hit){
                limit_name(limit), cursor->document->limits.value[limit]};
        }
    }
    return cursor->limits;
}
