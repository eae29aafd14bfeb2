/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/story.h"
#include "report/terminal.h"

/* The report on one command line: infscan(1), DECODE. */

/* The command in place of a name; only -q keeps it on one line. */
static void peeled_head(struct page *page,
                        const struct infscan_summary *summary,
                        struct infscan_string input)
{
    char score[12];

    snprintf(score, sizeof score, "%" PRIu32, summary->score);
    terminal_verdict(page, infscan_verdict_name(summary->verdict),
                     terminal_verdict_style(summary->verdict), score);
    page_add_hostile(page, input);
    if (page->flags & INFSCAN_RENDER_QUIET) {
        escape_unwrapped(&page->sink->buf, buf_str(&page->text));
        buf_clear(&page->text);
        page_blank(page);
    } else {
        page_flush(page, 0, 4,
                   page_is_verbose(page) ? PAGE_ALL_LINES
                                         : TERMINAL_SUMMARY_LINES);
    }
}

static void final_form(struct page *page, struct infscan_string input,
                       struct infscan_string final)
{
    if (str_equal(str_of_string(input), str_of_string(final))) {
        return;
    }
    page_add(page, "resolved in place:");
    page_flush(page, 2, 2, PAGE_ALL_LINES);
    page_add_hostile(page, final);
    page_flush(page, 4, 4, PAGE_ALL_LINES);
}

/* A finding of a bare command has no line; its match stands for it. */
static void peeled_findings(struct page *page,
                            const struct infscan_result *result,
                            enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding **findings =
        story_worst_first(page, result, min_severity, &n);

    for (size_t i = 0; i < n; i++) {
        page_add_format(page, "%-8s  ",
                        infscan_severity_name(findings[i]->severity));
        if (findings[i]->score) {
            page_add_format(page, "+%" PRIu32 "  ", findings[i]->score);
        }
        page_add_hostile_z(page, findings[i]->rule);
        page_add(page, "  ");
        page_add_hostile_z(page, findings[i]->title);
        struct str match = str_trim(str_of_string(findings[i]->match));
        if (match.len) {
            page_add(page, ": ");
            page_add_hostile(page, string_of_str(match));
        }
        page_flush(page, 2, 12, story_max_lines(page, 3));
    }
    free(findings);
    story_hidden(page, result, min_severity, n);
}

void terminal_peeled(struct sink *sink, const struct infscan_result *result,
                     struct infscan_string final,
                     const struct infscan_render_options *options)
{
    struct page page;
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    struct infscan_string input =
        n ? actions[0].text : (struct infscan_string){"", 0};

    page_init(&page, sink, options);
    terminal_learn_hosts(&page, result);
    peeled_head(&page, infscan_result_summary(result), input);
    if (!(options->flags & INFSCAN_RENDER_QUIET)) {
        for (size_t i = 0; n && i < actions[0].n_layers; i++) {
            story_layer(&page, &actions[0].layers[i], i + 1, 2,
                        (struct infscan_string){"", 0});
        }
        final_form(&page, input, final);
        peeled_findings(&page, result, options->min_severity);
        story_limits(&page, result);
        story_indicators(&page, result);
        page_blank(&page);
    }
    page_deinit(&page);
}
