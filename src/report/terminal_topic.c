/* SPDX-License-Identifier: MIT */
#include <infscan/reference.h>

#include "report/terminal.h"

/* The page of a launcher, directive, section or key: infscan explain. */

static void paragraph(struct page *page, const char *heading, const char *text)
{
    page_heading(page, heading, NULL);
    page_add(page, text);
    page_flush(page, 2, 2, PAGE_ALL_LINES);
}

void terminal_topic(struct sink *sink, const struct infscan_topic *topic,
                    const struct infscan_render_options *options)
{
    struct page page;

    page_init(&page, sink, options);
    page_put(&page, STYLE_HEADING, topic->name);
    page_blank(&page);
    page_add_format(&page, "%s: %s", topic->kind, topic->effect);
    page_flush(&page, 2, 2, PAGE_ALL_LINES);
    for (size_t i = 0; i < topic->n_facts; i++) {
        paragraph(&page, topic->facts[i].label, topic->facts[i].text);
    }
    paragraph(&page, "Source", topic->source);
    page_blank(&page);
    page_deinit(&page);
}
