/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include <infscan/ruleset.h>

#include "report/escape.h"
#include "report/technique.h"
#include "report/terminal.h"

/* The page of one rule: infscan explain. */

#define ID_COLUMNS 40u /* in a list of rules */

static void rule_list(struct page *page, const char *heading,
                      const char *const *items)
{
    if (!items || !items[0]) {
        return;
    }
    page_heading(page, heading, NULL);
    for (size_t i = 0; items[i]; i++) {
        page_add_hostile_z(page, items[i]);
        page_flush(page, 2, 4, PAGE_ALL_LINES);
    }
}

static void rule_text(struct page *page, const char *heading, const char *text)
{
    if (text && *text) {
        page_heading(page, heading, NULL);
        page_add_hostile_z(page, text);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
}

static void rule_techniques(struct page *page, const char *const *ids)
{
    if (!ids[0]) {
        return;
    }
    page_heading(page, "ATT&CK", NULL);
    for (size_t i = 0; ids[i]; i++) {
        technique_line(page, ids[i], 2);
    }
}

static void rule_page(struct page *page, const struct infscan_rule *rule)
{
    page_add_hostile_z(page, rule->title);
    page_flush(page, 2, 2, PAGE_ALL_LINES);
    page_add_format(page, "severity %s, %" PRIu32 " points",
                    infscan_severity_name(rule->severity), rule->score);
    page_flush(page, 2, 2, PAGE_ALL_LINES);
    rule_text(page, "Why it matters", rule->description);
    rule_text(page, "How to confirm it", rule->confirm);
    rule_techniques(page, rule->attack);
    rule_list(page, "False positives", rule->falsepositives);
    if (rule->goodware_of) {
        page_heading(page, "Seen in honest files", NULL);
        page_add_format(page, "%" PRIu32 " of %" PRIu32, rule->goodware_seen,
                        rule->goodware_of);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
    rule_list(page, "Looks at", rule->targets);
    rule_list(page, "References", rule->references);
    if (rule->source && *rule->source) {
        page_heading(page, "Defined in", NULL);
        page_add_hostile_z(page, rule->source);
        page_add_format(page, ":%" PRIu32, rule->line);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
    page_blank(page);
}

/* One line a rule; where there is a width, no wider than that. */
static void rule_row(struct page *page, const struct infscan_rule *rule,
                     unsigned width)
{
    size_t from = page->text.len;

    page_add_hostile_z(page, rule->id);
    size_t used = page->text.len - from;
    page_add_format(page, "%*s  %-8s  ",
                    (int)(used < ID_COLUMNS ? ID_COLUMNS - used : 0), "",
                    infscan_severity_name(rule->severity));
    page_add_hostile_z(page, rule->title);
    if (width) {
        page_flush(page, 0, 4, PAGE_ALL_LINES);
        return;
    }
    buf_add(&page->sink->buf, buf_str(&page->text));
    buf_add_char(&page->sink->buf, '\n');
    buf_clear(&page->text);
}

void terminal_rule(struct sink *sink, const struct infscan_rule *rule,
                   const struct infscan_render_options *options)
{
    struct page page;

    page_init(&page, sink, options);
    page.flags |= INFSCAN_RENDER_NO_DEFANG; /* addresses of rules are honest */
    if (options->flags & INFSCAN_RENDER_QUIET) {
        rule_row(&page, rule, options->width);
    } else {
        page_add_hostile_z(&page, rule->id);
        page_style(&page, STYLE_HEADING);
        page_flush(&page, 0, 0, PAGE_ALL_LINES);
        rule_page(&page, rule);
    }
    page_deinit(&page);
}

/* A row of a table whose heading the program prints. */
void terminal_use(struct sink *sink, const struct infscan_rule_use *use,
                  const struct infscan_render_options *options)
{
    (void)options;
    buf_add_format(
        &sink->buf, "%7" PRIu64 " %8" PRIu64 " %9" PRIu64 " %6.2f%%  %s\n",
        use->seen, use->findings, use->texts, 100 * use->time, use->rule->id);
}

/* One line, as compilers write it. */
void terminal_problem(struct sink *sink,
                      const struct infscan_rule_problem *problem,
                      const struct infscan_render_options *options)
{
    struct buf *out = &sink->buf;

    (void)options;
    escape_visible(out, str_from(problem->path));
    if (problem->line) {
        buf_add_format(out, ":%" PRIu32 ":%" PRIu32, problem->line,
                       problem->column);
    }
    buf_add_format(out, ": %s: ", problem->is_error ? "error" : "warning");
    escape_visible(out, str_from(problem->message));
    buf_add_format(out, " [%s]\n", problem->lint);
}
