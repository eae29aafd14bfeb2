/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include <infscan/document.h>

#include "report/escape.h"
#include "report/terminal.h"

/* The parsed model for a reader: infscan(1), DUMP. */

static void add_visible(struct sink *sink, struct infscan_string text)
{
    escape_unwrapped(&sink->buf, str_of_string(text));
}

static void document_line(struct sink *sink,
                          struct infscan_document_cursor *cursor,
                          const struct infscan_document_line *line)
{
    buf_add_format(&sink->buf, "%6" PRIu32 "  ", line->line);
    for (size_t i = 0; i < line->n_fields; i++) {
        struct infscan_string field = infscan_document_field(cursor, i);
        /* A single field is its own key and is not said twice. */
        if (i == 0 && line->has_key &&
            !(line->n_fields == 1 &&
              str_equal(str_of_string(line->key), str_of_string(field)))) {
            add_visible(sink, line->key);
            buf_add_z(&sink->buf, " = ");
        }
        buf_add_z(&sink->buf, i ? " | " : "");
        add_visible(sink, field);
        sink_drain(sink);
    }
    buf_add_char(&sink->buf, '\n');
    sink_drain(sink);
}

static void document_lines(struct sink *sink,
                           struct infscan_document_cursor *cursor,
                           size_t section)
{
    struct infscan_document_line line;

    infscan_document_cursor_enter(cursor, section);
    while (infscan_document_next(cursor, &line)) {
        document_line(sink, cursor, &line);
    }
}

static void document_limits(struct sink *sink,
                            struct infscan_document_cursor *cursor)
{
    size_t n;
    const struct infscan_limit_hit *limits =
        infscan_document_cursor_limits(cursor, &n);

    sink->is_cut = n != 0;
    for (size_t i = 0; i < n; i++) {
        buf_add_format(&sink->buf,
                       "The limit %s (%" PRIu64
                       ") was reached; the model is not complete.\n",
                       limits[i].name, limits[i].value);
    }
}

void terminal_document(struct sink *sink,
                       const struct infscan_document *document,
                       const struct infscan_render_options *options)
{
    const struct infscan_document_summary *summary =
        infscan_document_get_summary(document);
    struct infscan_document_section section;
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);

    if (!cursor) {
        sink->status = INFSCAN_NO_MEMORY;
        return;
    }
    add_visible(sink, summary->path);
    buf_add_format(&sink->buf, "  %s%s  ", summary->encoding,
                   summary->bom ? " with byte-order mark" : "");
    if (summary->accepted) {
        buf_add_z(&sink->buf, "accepted by SetupAPI\n");
    } else {
        buf_add_format(&sink->buf, "refused by SetupAPI: %s\n",
                       summary->refusal ? summary->refusal : "");
    }
    for (size_t i = 0; infscan_document_get_section(document, i, &section);
         i++) {
        buf_add_format(&sink->buf, "%6" PRIu32 "  [", section.line);
        add_visible(sink, section.name);
        buf_add_z(&sink->buf, "]\n");
        if (!(options->flags & INFSCAN_RENDER_QUIET)) {
            document_lines(sink, cursor, i);
        }
    }
    document_limits(sink, cursor);
    infscan_document_cursor_free(cursor);
    buf_add_char(&sink->buf, '\n');
}
