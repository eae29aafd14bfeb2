/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include <infscan/difference.h>

#include "report/escape.h"
#include "report/story.h"
#include "report/terminal.h"

/* The report of infscan diff. */

/* "--- clean        0  a.inf" */
static void file_line(struct page *page, const char *mark,
                      const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    char score[12];

    snprintf(score, sizeof score, "%" PRIu32, summary->score);
    page_put(page, STYLE_PLAIN, mark);
    terminal_verdict(page, infscan_verdict_name(summary->verdict),
                     terminal_verdict_style(summary->verdict), score);
    escape_unwrapped(&page->sink->buf, str_of_string(summary->path));
    if (summary->status != INFSCAN_RESULT_OK) {
        buf_add_format(&page->sink->buf, "  [%s]",
                       infscan_result_status_name(summary->status));
    }
    page_blank(page);
}

static void one_line(struct page *page, const struct infscan_change *changes,
                     size_t n, unsigned indent)
{
    size_t removed = 0;
    size_t added = 0;

    for (size_t i = 0; i < n; i++) {
        removed += !changes[i].after;
        added += !changes[i].before;
    }
    if (n == 0) {
        page_add(page, "Both would do the same.");
    } else {
        page_add_format(page,
                        "Only the first would do %zu, only the second %zu",
                        removed, added);
        if (n > removed + added) {
            page_add_format(page, "; %zu reached in another way",
                            n - removed - added);
        }
        page_add(page, ".");
    }
    page_flush(page, indent, indent + 2, PAGE_ALL_LINES);
}

static void one_side(struct page *page, const char *mark, enum style style,
                     const struct infscan_effect *effect)
{
    page_put(page, style, mark);
    story_effect(page, effect, 0);
    story_effect_reach(page, effect, 6);
}

static void one_change(struct page *page, const struct infscan_change *change)
{
    if (!change->after) {
        one_side(page, "-  ", STYLE_DIM, change->before);
    } else if (!change->before) {
        one_side(page, "+  ", STYLE_WARNING, change->after);
    } else {
        one_side(page, "~  ", STYLE_WARNING, change->before);
        page_put(page, STYLE_PLAIN, "    > ");
        story_effect_reach(page, change->after, 0);
    }
}

void terminal_difference(struct sink *sink,
                         const struct infscan_difference *difference,
                         const struct infscan_render_options *options)
{
    const struct infscan_result *before = infscan_difference_before(difference);
    const struct infscan_result *after = infscan_difference_after(difference);
    struct page page;
    size_t n;
    const struct infscan_change *changes =
        infscan_difference_changes(difference, &n);

    page_init(&page, sink, options);
    if (options->flags & INFSCAN_RENDER_QUIET) {
        one_line(&page, changes, n, 0);
        page_deinit(&page);
        return;
    }
    terminal_learn_hosts(&page, before);
    terminal_learn_hosts(&page, after);
    file_line(&page, "--- ", before);
    file_line(&page, "+++ ", after);
    one_line(&page, changes, n, 2);
    for (size_t i = 0; i < n; i++) {
        one_change(&page, &changes[i]);
    }
    page_deinit(&page);
}
