/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include <infscan/document.h>

#include "report/escape.h"
#include "report/terminal.h"

/* The parsed model for a reader: infscan(1), DUMP. */

static void add_visible(struct sink *sink, struct infscan_string text)
{
    escape_visible(&sink->buf, str_of(text.bytes, text.len));
}

static void document_line(struct sink *sink,
                          const struct infscan_document_line *line)
{
    buf_add_format(&sink->buf, "%6" PRIu32 "  ", line->line);
    /* A single field is its own key and is not said twice. */
    if (line->has_key &&
        !(line->n_fields == 1 &&
          str_equal(str_of(line->key.bytes, line->key.len),
                    str_of(line->fields[0].bytes, line->fields[0].len)))) {
        add_visible(sink, line->key);
        buf_add_z(&sink->buf, " = ");
    }
    for (size_t i = 0; i < line->n_fields; i++) {
        buf_add_z(&sink->buf, i ? " | " : "");
        add_visible(sink, line->fields[i]);
    }
    buf_add_char(&sink->buf, '\n');
    sink_drain(sink);
}

void terminal_document(struct sink *sink,
                       const struct infscan_document *document,
                       const struct infscan_render_options *options)
{
    const struct infscan_document_summary *summary =
        infscan_document_get_summary(document);
    size_t n;
    const struct infscan_document_section *sections =
        infscan_document_sections(document, &n);

    add_visible(sink, summary->path);
    buf_add_format(&sink->buf, "  %s%s  ", summary->encoding,
                   summary->bom ? " with byte-order mark" : "");
    if (summary->accepted) {
        buf_add_z(&sink->buf, "accepted by SetupAPI\n");
    } else {
        buf_add_format(&sink->buf, "refused by SetupAPI: %s\n",
                       summary->refusal ? summary->refusal : "");
    }
    for (size_t i = 0; i < n; i++) {
        buf_add_format(&sink->buf, "%6" PRIu32 "  [", sections[i].line);
        add_visible(sink, sections[i].name);
        buf_add_z(&sink->buf, "]\n");
        for (size_t k = 0; k < sections[i].n_lines &&
                           !(options->flags & INFSCAN_RENDER_QUIET);
             k++) {
            document_line(sink, &sections[i].lines[k]);
        }
    }
    buf_add_char(&sink->buf, '\n');
}
