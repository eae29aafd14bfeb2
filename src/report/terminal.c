/* SPDX-License-Identifier: MIT */
#include "report/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/story.h"

/* The report for a reader: infscan(1), REPORT. */

/* A clean verdict speaks of the content of a file, and says so. */
static const char clean_brief[] = "(content only)";
static const char clean_words[] =
    "\"Clean\" speaks of this file's content: nothing in it that installers of "
    "honest software do not do as well. It says nothing of the files it "
    "installs or of where it came from.";

enum style terminal_verdict_style(enum infscan_verdict verdict)
{
    switch (verdict) {
    case INFSCAN_MALICIOUS:
        return STYLE_BAD;
    case INFSCAN_SUSPICIOUS:
    case INFSCAN_VERDICT_NONE:
        return STYLE_WARNING;
    case INFSCAN_CLEAN:
        return STYLE_GOOD;
    }
    return STYLE_PLAIN;
}

void terminal_verdict(struct page *page, const char *verdict, enum style style,
                      const char *score)
{
    char columns[32];

    snprintf(columns, sizeof columns, "%-10s", verdict);
    page_put(page, style, columns);
    snprintf(columns, sizeof columns, " %3s  ", score);
    page_put(page, STYLE_PLAIN, columns);
}

/* Verdict, score and name: never wrapped, so that it can be searched. */
static void first_line(struct page *page, const char *verdict, enum style style,
                       const char *score, struct infscan_string name,
                       struct infscan_string member)
{
    terminal_verdict(page, verdict, style, score);
    escape_unwrapped(&page->sink->buf, str_of_string(name));
    if (member.len) {
        buf_add_z(&page->sink->buf, ": ");
        escape_unwrapped(&page->sink->buf, str_of_string(member));
    }
}

static void error_report(struct page *page, struct infscan_string path,
                         struct infscan_string member,
                         struct infscan_string message)
{
    first_line(page, "error", STYLE_WARNING, "-", path, member);
    buf_add_z(&page->sink->buf, ": ");
    escape_unwrapped(&page->sink->buf, str_of_string(message));
    page_blank(page);
}

/* note: words behind the name; NULL: none. */
static void verdict_line(struct page *page,
                         const struct infscan_summary *summary,
                         const char *note)
{
    char score[12];

    snprintf(score, sizeof score, "%" PRIu32, summary->score);
    first_line(page, infscan_verdict_name(summary->verdict),
               terminal_verdict_style(summary->verdict), score, summary->path,
               summary->member);
    if (summary->status != INFSCAN_RESULT_OK) {
        buf_add_format(&page->sink->buf, "  [%s]",
                       infscan_result_status_name(summary->status));
    }
    if (note) {
        buf_add_z(&page->sink->buf, "  ");
        page_put(page, STYLE_DIM, note);
    }
    page_blank(page);
}

void terminal_learn_hosts(struct page *page,
                          const struct infscan_result *result)
{
    defang_learn(&page->hosts, result);
}

static void summary_text(struct page *page, struct infscan_string text)
{
    if (text.len) {
        page_add_hostile(page, text);
        page_flush(page, 2, 2,
                   page_is_verbose(page) ? PAGE_ALL_LINES
                                         : TERMINAL_SUMMARY_LINES);
    }
}

/* How many actions there are of each kind. */
static void action_counts(struct page *page,
                          const struct infscan_result *result)
{
    uint64_t counts[INFSCAN_N_ACTION_KINDS] = {0};
    bool any = false;
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < n; i++) {
        counts[actions[i].kind]++;
    }
    for (unsigned kind = 0; kind < INFSCAN_N_ACTION_KINDS; kind++) {
        if (counts[kind]) {
            page_add_format(
                page, "%s%" PRIu64 " %s",
                any ? ", " : "Actions: ", counts[kind],
                infscan_action_kind_name((enum infscan_action_kind)kind));
            any = true;
        }
    }
    if (any) {
        page_add(page, ".");
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
}

/* Whether there are actions that the plans do not show. */
static bool has_more_actions(const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (!actions[i].listed) {
            return true;
        }
    }
    return false;
}

static bool has_findings(const struct infscan_result *result,
                         enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= min_severity) {
            return true;
        }
    }
    return false;
}

/* Where to read on, with the worst rule as an example. */
static void confirm_note(struct page *page, const struct infscan_result *result,
                         enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding **findings =
        story_worst_first(page, result, min_severity, &n);

    if (n) {
        page_blank(page);
        page_add(page, "To confirm a finding on a host:  infscan explain ");
        page_add_hostile_z(page, findings[0]->rule);
        page_flush(page, 0, 2, PAGE_ALL_LINES);
    }
    free(findings);
}

/* Whether something runs that a reader should know of. */
static bool runs_code(const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (actions[i].listed && (actions[i].kind == INFSCAN_RUN_COMMAND ||
                                  actions[i].kind == INFSCAN_LOAD_DLL)) {
            return true;
        }
    }
    return false;
}

/* A clean file that runs nothing and leaves nothing open takes one line. */
static bool is_brief(const struct page *page,
                     const struct infscan_result *result,
                     const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);

    return summary->verdict == INFSCAN_CLEAN && !page_is_verbose(page) &&
           !runs_code(result) && !story_has_gaps(result) &&
           !has_findings(result, options->min_severity) && !summary->invocation;
}

/* How somebody started it, where that is known. */
static void started_by(struct page *page,
                       const struct infscan_invocation *invocation)
{
    if (!invocation) {
        return;
    }
    page_add(page, "Started by ");
    page_add_hostile_z(page, invocation->way);
    if (invocation->section.len) {
        page_add(page, ", section ");
        page_add_hostile(page, invocation->section);
    }
    for (size_t i = 0; invocation->facts[i]; i++) {
        page_add_format(page, "%s%s", i ? ", " : " (", invocation->facts[i]);
    }
    page_add(page, invocation->facts[0] ? "): " : ": ");
    page_add_hostile(page, invocation->line);
    page_flush(page, 2, 4, TERMINAL_SUMMARY_LINES);
}

static void report_body(struct page *page, const struct infscan_result *result,
                        const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    bool tells_all = summary->verdict != INFSCAN_CLEAN || page_is_verbose(page);

    if (tells_all || has_findings(result, options->min_severity)) {
        summary_text(page, summary->text);
    }
    started_by(page, summary->invocation);
    if (summary->verdict == INFSCAN_CLEAN) {
        page_add(page, clean_words);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
    if (has_more_actions(result)) {
        action_counts(page, result);
    }
    if (tells_all || runs_code(result)) {
        story_plans(page, result);
    }
    story_findings(page, result, options->min_severity);
    if (tells_all) {
        story_traces(page, result);
        story_processes(page, result);
        story_techniques(page, result, options->min_severity);
    }
    story_gaps(page, result);
    story_basis(page, result);
    if (page_is_verbose(page)) {
        story_all_actions(page, result);
        story_effects(page, result);
        story_diagnostics(page, result);
    }
    confirm_note(page, result, options->min_severity);
    page_blank(page);
}

static void render_result(struct sink *sink,
                          const struct infscan_result *result,
                          const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct page page;

    page_init(&page, sink, options);
    if (summary->status == INFSCAN_RESULT_ERROR) {
        error_report(&page, summary->path, summary->member,
                     summary->error_message);
    } else {
        bool is_quiet = (options->flags & INFSCAN_RENDER_QUIET) != 0;
        bool brief = !is_quiet && is_brief(&page, result, options);
        verdict_line(&page, summary, brief ? clean_brief : NULL);
        if (!is_quiet && !brief) {
            terminal_learn_hosts(&page, result);
            report_body(&page, result, options);
        }
    }
    page_deinit(&page);
}

static void render_totals(struct sink *sink,
                          const struct infscan_totals *totals,
                          const struct infscan_render_options *options)
{
    struct buf *out = &sink->buf;

    (void)options;
    buf_add_format(out, "%" PRIu64 " file%s: ", totals->files,
                   totals->files == 1 ? "" : "s");
    for (unsigned v = INFSCAN_MALICIOUS; v >= INFSCAN_CLEAN; v--) {
        buf_add_format(out, "%s %" PRIu64 " %s",
                       v == INFSCAN_MALICIOUS ? "" : ",", totals->by_verdict[v],
                       infscan_verdict_name((enum infscan_verdict)v));
    }
    buf_add_z(out, "\n  of these");
    for (unsigned s = INFSCAN_RESULT_OK; s <= INFSCAN_RESULT_ERROR; s++) {
        buf_add_format(
            out, "%s %" PRIu64 " %s", s == INFSCAN_RESULT_OK ? "" : ",",
            totals->by_status[s],
            infscan_result_status_name((enum infscan_result_status)s));
    }
    buf_add_char(out, '\n');
    for (unsigned i = 0; i < INFSCAN_N_PASSED_OVER; i++) {
        if (totals->passed_over[i]) {
            buf_add_format(out, "  passed over, %s: %" PRIu64 "\n",
                           passed_over_words[i], totals->passed_over[i]);
        }
    }
}

static void render_failure(struct sink *sink, const char *path,
                           const char *message,
                           const struct infscan_render_options *options)
{
    struct page page;

    page_init(&page, sink, options);
    error_report(&page, string_of_z(path), string_of_z(NULL),
                 string_of_z(message));
    page_deinit(&page);
}

const struct renderer renderer_terminal = {
    .result = render_result,
    .peeled = terminal_peeled,
    .document = terminal_document,
    .totals = render_totals,
    .failure = render_failure,
    .difference = terminal_difference,
    .topic = terminal_topic,
    .rule = terminal_rule,
    .use = terminal_use,
    .problem = terminal_problem,
};
