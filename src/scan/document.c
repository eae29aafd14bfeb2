/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include <infscan/document.h>

#include "base/error.h"
#include "inf/strings.h"
#include "install/path.h"
#include "scan/input.h"
#include "scan/reading.h"
#include "scan/result.h"

struct infscan_document {
    struct arena *arena;
    struct infscan_document_summary summary;
    struct infscan_document_section *sections;
    size_t n_sections;
};

/* What goes into one model. */
struct model {
    struct infscan_document *document;
    const struct infscan_options *options;
    enum infscan_substitution mode;
    const struct inf_document *inf;
    struct inf_expander expander;
};

static struct infscan_string field_text(struct model *model, struct slice field)
{
    struct slice value = model->mode == INFSCAN_SUBSTITUTE
                             ? inf_expand(&model->expander, field)
                             : field;

    return result_string(slice_str(value));
}

static bool fill_line(struct model *model, const struct inf_line *line,
                      struct infscan_document_line *out)
{
    struct arena *arena = model->document->arena;
    struct infscan_string *fields =
        ARENA_ARRAY(arena, struct infscan_string, line->n_fields);

    if (!fields) {
        return false;
    }
    for (uint32_t i = 0; i < line->n_fields; i++) {
        fields[i] = field_text(model, line->fields[i]);
    }
    *out = (struct infscan_document_line){
        .line = source_line(model->inf->source, line->place.off),
        .has_key = line->has_key != INF_KEY_NONE,
        .key = line->has_key == INF_KEY_NONE ? result_string(STR(""))
                                             : field_text(model, line->key),
        .fields = fields,
        .n_fields = line->n_fields,
    };
    return true;
}

static bool fill_section(struct model *model, const struct inf_section *section,
                         struct infscan_document_section *out)
{
    struct infscan_document_line *lines = ARENA_ARRAY(
        model->document->arena, struct infscan_document_line, section->n_lines);
    uint32_t n = 0;

    if (!lines) {
        return false;
    }
    for (uint32_t i = section->first; i != INF_NONE;
         i = model->inf->lines[i].next) {
        if (!fill_line(model, &model->inf->lines[i], &lines[n++])) {
            return false;
        }
    }
    *out = (struct infscan_document_section){
        .name = result_string(slice_str(section->name)),
        .line = source_line(model->inf->source, section->header.off),
        .lines = lines,
        .n_lines = n,
    };
    return true;
}

static bool fill_sections(struct model *model)
{
    struct infscan_document *document = model->document;

    document->sections =
        ARENA_ARRAY(document->arena, struct infscan_document_section,
                    model->inf->n_sections);
    if (!document->sections) {
        return false;
    }
    document->n_sections = model->inf->n_sections;
    for (uint32_t i = 0; i < model->inf->n_sections; i++) {
        if (!fill_section(model, &model->inf->sections[i],
                          &document->sections[i])) {
            return false;
        }
    }
    return true;
}

/* The strings section and directories that substitution uses. */
static bool prepare_expander(struct model *model, struct path_context *paths)
{
    struct arena *arena = model->document->arena;
    const struct inf_strings *strings;
    uint32_t n_strings;
    const char *inf_dir = model->options->inf_dir;

    if (!path_context_init(paths, arena, str_from(inf_dir)) ||
        inf_strings_list(arena, model->inf, &strings, &n_strings) !=
            INFSCAN_OK) {
        return false;
    }
    model->expander = (struct inf_expander){
        .arena = arena,
        .strings = &strings[0],
        .directory = path_directory,
        .context = paths,
        .max_bytes = (size_t)limits_default.value[LIMIT_expansion_bytes],
    };
    return true;
}

static enum infscan_status build(struct model *model, struct str raw)
{
    struct infscan_document *document = model->document;
    struct path_context paths;
    struct reading *reading = reading_make(
        document->arena, raw, model->options->codepage, &limits_default, NULL);

    if (!reading) {
        return INFSCAN_NO_MEMORY;
    }
    model->inf = &reading->document;
    if (!prepare_expander(model, &paths) || !fill_sections(model)) {
        return INFSCAN_NO_MEMORY;
    }
    document->summary.encoding = reading->decoded.name;
    document->summary.bom = reading->decoded.bom;
    document->summary.accepted = model->inf->refusal == INF_ACCEPTED;
    document->summary.refusal = inf_refusal_name(model->inf->refusal);
    document->summary.refusal_line = model->inf->refusal_line;
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
    struct arena *arena =
        arena_new((size_t)limits_default.value[LIMIT_memory_bytes]);
    struct infscan_document *document =
        arena ? ARENA_NEW(arena, struct infscan_document) : NULL;
    struct str path =
        document ? arena_copy(arena, str_from(name)) : str_of(NULL, 0);
    if (!path.bytes) {
        arena_free(arena);
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    document->arena = arena;
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
    struct model model = {
        .document = document, .options = options, .mode = mode};

    if (build(&model, raw) != INFSCAN_OK) {
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
    size_t max_bytes = (size_t)limits_default.value[LIMIT_file_bytes];
    struct infscan_document *document = NULL;
    struct str raw;

    options = options ? options : &defaults;
    enum infscan_status status = begin(path, options, &document, error);
    if (status != INFSCAN_OK || !document) {
        return status;
    }
    if (strcmp(path, "-") == 0) {
        status = input_read_fd(document->arena, path, STDIN_FILENO, max_bytes,
                               &raw, error);
    } else {
        status = input_read_file(document->arena, path, max_bytes, &raw, error);
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
    if (size > limits_default.value[LIMIT_file_bytes]) {
        return error_set_at(error, INFSCAN_LIMIT, name, 0, 0,
                            "larger than the limit file_bytes");
    }
    enum infscan_status status = begin(name, options, &document, error);
    if (status != INFSCAN_OK || !document) {
        return status;
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

const struct infscan_document_section *
infscan_document_sections(const struct infscan_document *document, size_t *n)
{
    *n = document->n_sections;
    return document->sections;
}
