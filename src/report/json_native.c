/* SPDX-License-Identifier: MIT */
#include <infscan/document.h>

#include "report/json_part.h"

/* Most fields of a line that are held as one tree. */
#define MOST_FIELDS_AT_ONCE 1000u

/* The records of infscan-json(5). Members stand in the order of that page. */

static void add_file(struct json_out *out,
                     const struct infscan_summary *summary)
{
    json_add_path(out, summary->path, summary->raw_path);
    if (summary->member.len) {
        json_put_text(out, "member", summary->member);
        json_add_raw(out, "member_b64", summary->raw_member);
    }
}

static void add_archive(struct json_out *out,
                        const struct infscan_result *result)
{
    const struct infscan_archive *archive = infscan_result_archive(result);
    cJSON *object = archive ? cJSON_CreateObject() : NULL;
    cJSON *passed = archive ? cJSON_CreateObject() : NULL;

    if (!archive) {
        return;
    }
    json_set_z(out, object, "format", archive->format);
    json_set_uint(out, object, "members", archive->members);
    json_set_uint(out, object, "analysed", archive->analysed);
    json_set_uint(out, object, "archives", archive->archives);
    json_set_uint(out, object, "failed", archive->failed);
    json_set_uint(out, object, "encrypted", archive->encrypted);
    json_set_uint(out, object, "unsafe_names", archive->unsafe_names);
    json_set_uint(out, passed, passed_over_names[INFSCAN_PASSED_NOT_INF],
                  archive->not_inf);
    json_set_uint(out, passed, passed_over_names[INFSCAN_PASSED_LINK],
                  archive->link);
    json_set_uint(out, passed, passed_over_names[INFSCAN_PASSED_SPECIAL],
                  archive->special);
    json_set(out, object, "passed_over", passed);
    json_member(out, "archive", object);
}

static void add_result_limits(struct json_out *out,
                              const struct infscan_result *result)
{
    size_t n;
    const struct infscan_limit_hit *limits = infscan_result_limits(result, &n);

    json_add_limits(out, limits, n);
}

static void render_error(struct sink *sink, const struct infscan_result *result,
                         const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "error");
    json_add_tool(&out, summary->rules_digest);
    json_add_id(&out, options);
    add_file(&out, summary);
    if (summary->size) {
        json_put_uint(&out, "size", summary->size);
    }
    if (summary->sha256[0]) {
        json_put_z(&out, "sha256", summary->sha256);
    }
    json_add_error(&out, summary->error_message);
    add_archive(&out, result);
    json_end(&out);
}

static void add_invocation(struct json_out *out,
                           const struct infscan_invocation *invocation)
{
    if (!invocation) {
        return;
    }
    cJSON *object = cJSON_CreateObject();
    json_set_text(out, object, "line", invocation->line);
    json_set_z(out, object, "launcher", invocation->launcher);
    json_set_z(out, object, "way", invocation->way);
    json_set_text(out, object, "inf", invocation->inf);
    if (invocation->section.len) {
        json_set_text(out, object, "section", invocation->section);
    }
    json_set(out, object, "facts", json_make_names(out, invocation->facts));
    json_member(out, "invocation", object);
}

static void render_result(struct sink *sink,
                          const struct infscan_result *result,
                          const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct json_out out;

    if (summary->status == INFSCAN_RESULT_ERROR) {
        render_error(sink, result, options);
        return;
    }
    json_begin(&out, sink, options->format);
    json_add_head(&out, "result");
    json_add_tool(&out, summary->rules_digest);
    json_add_id(&out, options);
    add_file(&out, summary);
    json_put_uint(&out, "size", summary->size);
    json_put_z(&out, "sha256", summary->sha256);
    json_put_z(&out, "status", infscan_result_status_name(summary->status));
    json_add_encoding(&out, summary->encoding, summary->bom);
    json_put_z(&out, "dialect", summary->dialect);
    json_add_accepted(&out, summary->accepted, summary->refusal,
                      summary->refusal_line);
    json_add_verdict(&out, summary);
    json_put_text(&out, "summary", summary->text);
    add_invocation(&out, summary->invocation);
    json_add_plans(&out, result, options);
    json_add_actions(&out, result, options);
    json_add_findings(&out, result, options);
    json_add_companions(&out, result);
    json_add_effects(&out, result, options);
    json_add_counts(&out, result);
    json_add_indicators(&out, result);
    json_add_diagnostics(&out, result);
    add_result_limits(&out, result);
    add_archive(&out, result);
    json_end(&out);
}

static void render_peeled(struct sink *sink,
                          const struct infscan_result *result,
                          struct infscan_string final,
                          const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "decoded");
    json_put_text(&out, "input", n ? actions[0].text : string_of_z(NULL));
    json_list_begin(&out, "layers");
    for (size_t i = 0; n && i < actions[0].n_layers; i++) {
        json_element(&out, json_make_layer(&out, &actions[0].layers[i]));
    }
    json_list_end(&out);
    json_put_text(&out, "final", final);
    json_add_verdict(&out, infscan_result_summary(result));
    json_add_findings(&out, result, options);
    json_add_indicators(&out, result);
    add_result_limits(&out, result);
    json_end(&out);
}

/* A line as one tree; its fields one by one where they are many, so that memory
 * does not grow with them. */
static void add_line(struct json_out *out,
                     struct infscan_document_cursor *cursor,
                     const struct infscan_document_line *line)
{
    if (line->n_fields > MOST_FIELDS_AT_ONCE) {
        json_object_begin(out);
        json_put_uint(out, "line", line->line);
        if (line->has_key) {
            json_put_text(out, "key", line->key);
        }
        json_list_begin(out, "fields");
        for (size_t i = 0; i < line->n_fields; i++) {
            json_element(out,
                         json_text(out, infscan_document_field(cursor, i)));
        }
        json_list_end(out);
        json_object_end(out);
        return;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON *fields = cJSON_CreateArray();
    json_set_uint(out, object, "line", line->line);
    if (line->has_key) {
        json_set_text(out, object, "key", line->key);
    }
    for (size_t i = 0; i < line->n_fields; i++) {
        json_add(out, fields,
                 json_text(out, infscan_document_field(cursor, i)));
    }
    json_set(out, object, "fields", fields);
    json_element(out, object);
}

static void add_sections(struct json_out *out,
                         const struct infscan_document *document,
                         struct infscan_document_cursor *cursor)
{
    struct infscan_document_section section;
    struct infscan_document_line line;

    json_list_begin(out, "sections");
    for (size_t i = 0; infscan_document_get_section(document, i, &section);
         i++) {
        json_object_begin(out);
        json_put_text(out, "name", section.name);
        json_put_uint(out, "line", section.line);
        json_list_begin(out, "lines");
        infscan_document_cursor_enter(cursor, i);
        while (infscan_document_next(cursor, &line)) {
            add_line(out, cursor, &line);
        }
        json_list_end(out);
        json_object_end(out);
    }
    json_list_end(out);
}

static void render_document(struct sink *sink,
                            const struct infscan_document *document,
                            const struct infscan_render_options *options)
{
    const struct infscan_document_summary *summary =
        infscan_document_get_summary(document);
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);
    struct json_out out;
    size_t n;

    if (!cursor) {
        sink->status = INFSCAN_NO_MEMORY;
        return;
    }
    json_begin(&out, sink, options->format);
    json_add_head(&out, "document");
    json_add_id(&out, options);
    json_add_path(&out, summary->path, summary->raw_path);
    json_add_encoding(&out, summary->encoding, summary->bom);
    json_add_accepted(&out, summary->accepted, summary->refusal,
                      summary->refusal_line);
    add_sections(&out, document, cursor);
    const struct infscan_limit_hit *limits =
        infscan_document_cursor_limits(cursor, &n);
    if (n) {
        json_add_limits(&out, limits, n);
        sink->is_cut = true;
    }
    json_end(&out);
    infscan_document_cursor_free(cursor);
}

static void render_totals(struct sink *sink,
                          const struct infscan_totals *totals,
                          const struct infscan_render_options *options)
{
    struct json_out out;
    cJSON *verdicts = cJSON_CreateObject();
    cJSON *statuses = cJSON_CreateObject();
    cJSON *passed = cJSON_CreateObject();

    json_begin(&out, sink, options->format);
    json_add_head(&out, "summary");
    json_put_uint(&out, "files", totals->files);
    for (unsigned v = INFSCAN_MALICIOUS; v >= INFSCAN_CLEAN; v--) {
        json_set_uint(&out, verdicts,
                      infscan_verdict_name((enum infscan_verdict)v),
                      totals->by_verdict[v]);
    }
    json_member(&out, "verdicts", verdicts);
    for (unsigned s = INFSCAN_RESULT_OK; s <= INFSCAN_RESULT_ERROR; s++) {
        json_set_uint(&out, statuses,
                      infscan_result_status_name((enum infscan_result_status)s),
                      totals->by_status[s]);
    }
    json_member(&out, "statuses", statuses);
    for (unsigned i = 0; i < INFSCAN_N_PASSED_OVER; i++) {
        json_set_uint(&out, passed, passed_over_names[i],
                      totals->passed_over[i]);
    }
    json_member(&out, "passed_over", passed);
    json_end(&out);
}

static void render_failure(struct sink *sink, const char *path,
                           const char *message,
                           const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "error");
    json_add_tool(&out, NULL);
    json_add_id(&out, options);
    json_add_path(&out, string_of_z(path), string_of_z(path));
    json_add_error(&out, string_of_z(message));
    json_end(&out);
}

const struct renderer renderer_json = {
    .result = render_result,
    .peeled = render_peeled,
    .document = render_document,
    .totals = render_totals,
    .failure = render_failure,
    .difference = json_render_difference,
    .topic = json_render_topic,
    .rule = json_render_rule,
    .use = json_render_use,
    .problem = json_render_problem,
};
