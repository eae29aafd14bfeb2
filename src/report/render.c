/* SPDX-License-Identifier: MIT */
#include "report/render.h"

#include <infscan/difference.h>
#include <infscan/document.h>
#include <infscan/ruleset.h>

#include "report/escape.h"

#define DRAIN_BYTES 65536u

/* By enum infscan_format. */
static const struct renderer *const renderers[] = {
    [INFSCAN_FORMAT_TEXT] = &renderer_terminal,
    [INFSCAN_FORMAT_JSON] = &renderer_json,
    [INFSCAN_FORMAT_NDJSON] = &renderer_json,
    [INFSCAN_FORMAT_CSV] = &renderer_csv,
};

const char *const passed_over_names[INFSCAN_N_PASSED_OVER] = {
    [INFSCAN_PASSED_NOT_INF] = "not_inf",
    [INFSCAN_PASSED_EXCLUDED] = "excluded",
    [INFSCAN_PASSED_TOO_DEEP] = "too_deep",
    [INFSCAN_PASSED_LINK] = "link",
    [INFSCAN_PASSED_SPECIAL] = "special",
};

const char *const passed_over_words[INFSCAN_N_PASSED_OVER] = {
    [INFSCAN_PASSED_NOT_INF] = "not like an INF",
    [INFSCAN_PASSED_EXCLUDED] = "by --include or --exclude",
    [INFSCAN_PASSED_TOO_DEEP] = "folder below --max-depth",
    [INFSCAN_PASSED_LINK] = "symbolic link to a folder or to nothing",
    [INFSCAN_PASSED_SPECIAL] = "pipe, socket or device",
};

static const struct infscan_render_options plain_options = {0};

static void sink_flush(struct sink *sink)
{
    if (sink->buf.failed && sink->status == INFSCAN_OK) {
        sink->status = INFSCAN_NO_MEMORY;
    }
    if (sink->status == INFSCAN_OK && sink->buf.len &&
        sink->write(sink->context, sink->buf.bytes, sink->buf.len) != 0) {
        sink->status = INFSCAN_IO;
    }
    buf_clear(&sink->buf);
}

void sink_drain(struct sink *sink)
{
    if (sink->buf.len >= DRAIN_BYTES || sink->buf.failed) {
        sink_flush(sink);
    }
}

static struct sink sink_start(infscan_write_fn *write, void *context)
{
    struct sink sink = {.write = write, .context = context};

    buf_init(&sink.buf, SIZE_MAX / 2);
    return sink;
}

static enum infscan_status sink_finish(struct sink *sink)
{
    sink_flush(sink);
    buf_deinit(&sink->buf);
    return sink->status;
}

static const struct renderer *
renderer_of(const struct infscan_render_options **options)
{
    if (!*options) {
        *options = &plain_options;
    }
    return renderers[(*options)->format];
}

/* Nothing worth a report under --only-findings. A file that could not be
 * analysed is never dropped in silence. */
static bool is_left_out(const struct infscan_result *result,
                        const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    if (!(options->flags & INFSCAN_RENDER_ONLY_FINDINGS) ||
        infscan_result_summary(result)->status == INFSCAN_RESULT_ERROR) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= options->min_severity) {
            return false;
        }
    }
    return true;
}

enum infscan_status
infscan_render_header(const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (renderer->header) {
        renderer->header(&sink);
    }
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_result(const struct infscan_result *result,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!is_left_out(result, options)) {
        renderer->result(&sink, result, options);
    }
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_peeled(const struct infscan_result *result,
                      struct infscan_string final,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->peeled) {
        return INFSCAN_INVALID;
    }
    renderer->peeled(&sink, result, final, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_document(const struct infscan_document *document,
                        const struct infscan_render_options *options,
                        infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->document) {
        return INFSCAN_INVALID;
    }
    renderer->document(&sink, document, options);
    enum infscan_status status = sink_finish(&sink);
    return status == INFSCAN_OK && sink.is_cut ? INFSCAN_LIMIT : status;
}

enum infscan_status
infscan_render_totals(const struct infscan_totals *totals,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->totals) {
        return INFSCAN_INVALID;
    }
    renderer->totals(&sink, totals, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_failure(const char *path, const char *message,
                       const struct infscan_render_options *options,
                       infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    renderer->failure(&sink, path, message, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_rule(const struct infscan_rule *rule,
                    const struct infscan_render_options *options,
                    infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->rule) {
        return INFSCAN_INVALID;
    }
    renderer->rule(&sink, rule, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_difference(const struct infscan_difference *difference,
                          const struct infscan_render_options *options,
                          infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->difference) {
        return INFSCAN_INVALID;
    }
    renderer->difference(&sink, difference, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_topic(const struct infscan_topic *topic,
                     const struct infscan_render_options *options,
                     infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    if (!renderer->topic) {
        return INFSCAN_INVALID;
    }
    renderer->topic(&sink, topic, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_rule_problem(const struct infscan_rule_problem *problem,
                            const struct infscan_render_options *options,
                            infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    renderer->problem(&sink, problem, options);
    return sink_finish(&sink);
}

enum infscan_status
infscan_render_rule_use(const struct infscan_rule_use *use,
                        const struct infscan_render_options *options,
                        infscan_write_fn *write, void *context)
{
    const struct renderer *renderer = renderer_of(&options);
    struct sink sink = sink_start(write, context);

    renderer->use(&sink, use, options);
    return sink_finish(&sink);
}

const char *infscan_schema(void)
{
    return report_schema_text;
}

char *infscan_visible(const char *bytes, size_t len)
{
    struct buf buf;

    buf_init(&buf, SIZE_MAX / 2);
    buf_add(&buf, STR("")); /* so that an empty text is not NULL */
    escape_visible(&buf, str_of(bytes, len));
    if (buf.failed) {
        buf_deinit(&buf);
        return NULL;
    }
    return buf.bytes;
}
