/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include <infscan/document.h>
#include <infscan/ruleset.h>

#include "report/escape.h"
#include "report/story.h"

/* The report for a reader: infscan(1), REPORT. */

static enum style verdict_style(enum infscan_verdict verdict)
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

static void verdict_columns(struct page *page, const char *verdict,
                            enum style style, const char *score)
{
    char columns[32];

    snprintf(columns, sizeof columns, "%-10s", verdict);
    page_put(page, style, columns);
    snprintf(columns, sizeof columns, " %3s  ", score);
    page_put(page, STYLE_PLAIN, columns);
}

/* Verdict, score and name: never wrapped, so that it can be searched. */
static void first_line(struct page *page, const char *verdict, enum style style,
                       const char *score, struct infscan_string name)
{
    verdict_columns(page, verdict, style, score);
    escape_visible(&page->sink->buf, str_of(name.bytes, name.len));
}

static void error_report(struct page *page, struct infscan_string path,
                         struct infscan_string message)
{
    first_line(page, "error", STYLE_WARNING, "-", path);
    buf_add_z(&page->sink->buf, ": ");
    escape_visible(&page->sink->buf, str_of(message.bytes, message.len));
    page_blank(page);
}

static void verdict_line(struct page *page,
                         const struct infscan_summary *summary,
                         struct infscan_string name)
{
    char score[12];

    snprintf(score, sizeof score, "%" PRIu32, summary->score);
    first_line(page, infscan_verdict_name(summary->verdict),
               verdict_style(summary->verdict), score, name);
    if (summary->status != INFSCAN_RESULT_OK) {
        buf_add_format(&page->sink->buf, "  [%s]",
                       infscan_result_status_name(summary->status));
    }
    page_blank(page);
}

/* Addresses that the text must not show live anywhere. */
static void learn_hosts(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    for (size_t i = 0; i < n; i++) {
        const char *type = indicators[i].type;
        if (strcmp(type, "url") == 0 || strcmp(type, "domain") == 0 ||
            strcmp(type, "ip") == 0) {
            defang_add_host(&page->hosts, str_of(indicators[i].value.bytes,
                                                 indicators[i].value.len));
        }
    }
}

#define MAX_SUMMARY_LINES 5u /* without -v */

static void summary_text(struct page *page, struct infscan_string text)
{
    if (text.len) {
        page_add_hostile(page, text);
        page_flush(page, 2, 2,
                   page_is_verbose(page) ? PAGE_ALL_LINES : MAX_SUMMARY_LINES);
    }
}

static void clean_note(struct page *page)
{
    page_add(page,
             "\"Clean\" speaks of this file's content: nothing in it that "
             "installers of honest software do not do as well. It says "
             "nothing of the files it installs or of where it came from.");
    page_flush(page, 2, 2, PAGE_ALL_LINES);
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

/* Where to read on, with the first rule as an example. */
static void confirm_note(struct page *page, const struct infscan_result *result,
                         enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= min_severity) {
            page_blank(page);
            page_add(page, "To confirm a finding on a host: infscan explain ");
            page_add_hostile_z(page, findings[i].rule);
            page_flush(page, 0, 2, PAGE_ALL_LINES);
            return;
        }
    }
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

static void report_body(struct page *page, const struct infscan_result *result,
                        const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    bool is_clean = summary->verdict == INFSCAN_CLEAN;
    bool tells_all = !is_clean || page_is_verbose(page);

    summary_text(page, summary->text);
    if (is_clean) {
        clean_note(page);
    }
    action_counts(page, result);
    if (tells_all || runs_code(result)) {
        story_plans(page, result);
    }
    story_findings(page, result, options->min_severity);
    if (tells_all) {
        story_indicators(page, result);
        story_hunt(page, result);
        story_processes(page, result);
    }
    story_gaps(page, result);
    if (page_is_verbose(page)) {
        story_all_actions(page, result);
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
        error_report(&page, summary->path, summary->error_message);
    } else {
        verdict_line(&page, summary, summary->path);
        if (!(options->flags & INFSCAN_RENDER_QUIET)) {
            learn_hosts(&page, result);
            report_body(&page, result, options);
        }
    }
    page_deinit(&page);
}

/* The command in place of a name; only -q keeps it on one line. */
static void peeled_head(struct page *page,
                        const struct infscan_summary *summary,
                        struct infscan_string input)
{
    char score[12];

    snprintf(score, sizeof score, "%" PRIu32, summary->score);
    verdict_columns(page, infscan_verdict_name(summary->verdict),
                    verdict_style(summary->verdict), score);
    page_add_hostile(page, input);
    if (page->flags & INFSCAN_RENDER_QUIET) {
        buf_add(&page->sink->buf, buf_str(&page->text));
        buf_clear(&page->text);
        page_blank(page);
    } else {
        page_flush(page, 0, 4,
                   page_is_verbose(page) ? PAGE_ALL_LINES : MAX_SUMMARY_LINES);
    }
}

static void final_form(struct page *page, struct infscan_string input,
                       struct infscan_string final)
{
    if (str_equal(str_of(input.bytes, input.len),
                  str_of(final.bytes, final.len))) {
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
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity < min_severity) {
            continue;
        }
        page_add_format(page, "%-8s  +%" PRIu32 "  ",
                        infscan_severity_name(findings[i].severity),
                        findings[i].score);
        page_add_hostile_z(page, findings[i].rule);
        page_add(page, "  ");
        page_add_hostile_z(page, findings[i].title);
        page_add(page, ": ");
        page_add_hostile(page, findings[i].match);
        page_flush(page, 2, 12, page_is_verbose(page) ? PAGE_ALL_LINES : 3);
    }
}

static void render_peeled(struct sink *sink,
                          const struct infscan_result *result,
                          struct infscan_string final,
                          const struct infscan_render_options *options)
{
    struct page page;
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    struct infscan_string input =
        n ? actions[0].text : (struct infscan_string){"", 0};

    page_init(&page, sink, options);
    learn_hosts(&page, result);
    peeled_head(&page, infscan_result_summary(result), input);
    if (!(options->flags & INFSCAN_RENDER_QUIET)) {
        for (size_t i = 0; n && i < actions[0].n_layers; i++) {
            story_layer(&page, &actions[0].layers[i], i + 1, 2,
                        (struct infscan_string){"", 0});
        }
        final_form(&page, input, final);
        peeled_findings(&page, result, options->min_severity);
        story_indicators(&page, result);
        page_blank(&page);
    }
    page_deinit(&page);
}

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

static void render_document(struct sink *sink,
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

static void render_totals(struct sink *sink,
                          const struct infscan_totals *totals,
                          const struct infscan_render_options *options)
{
    struct buf *out = &sink->buf;

    (void)options;
    buf_add_format(out, "%" PRIu64 " files:", totals->files);
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
            buf_add_format(out, "  passed over: %" PRIu64 " %s\n",
                           totals->passed_over[i], passed_over_words[i]);
        }
    }
}

static struct infscan_string string_of(const char *z)
{
    return (struct infscan_string){z ? z : "", z ? strlen(z) : 0};
}

static void render_failure(struct sink *sink, const char *path,
                           const char *message,
                           const struct infscan_render_options *options)
{
    struct page page;

    page_init(&page, sink, options);
    error_report(&page, string_of(path), string_of(message));
    page_deinit(&page);
}

static void rule_list(struct page *page, const char *heading,
                      const char *const *items)
{
    if (!items || !items[0]) {
        return;
    }
    page_heading(page, heading);
    for (size_t i = 0; items[i]; i++) {
        page_add_hostile_z(page, items[i]);
        page_flush(page, 2, 4, PAGE_ALL_LINES);
    }
}

static void rule_text(struct page *page, const char *heading, const char *text)
{
    const char *const items[] = {text, NULL};

    if (text && *text) {
        rule_list(page, heading, items);
    }
}

static void rule_page(struct page *page, const struct infscan_rule *rule)
{
    page_add_hostile_z(page, rule->title);
    page_flush(page, 2, 2, PAGE_ALL_LINES);
    page_add_format(page, "severity %s, %" PRIu32 " points",
                    infscan_severity_name(rule->severity), rule->score);
    for (size_t i = 0; rule->attack[i]; i++) {
        page_add(page, i ? ", " : "; ATT&CK ");
        page_add_hostile_z(page, rule->attack[i]);
    }
    page_flush(page, 2, 2, PAGE_ALL_LINES);
    rule_text(page, "Why it matters", rule->description);
    rule_text(page, "How to confirm it", rule->confirm);
    rule_list(page, "False positives", rule->falsepositives);
    rule_list(page, "Looks at", rule->targets);
    rule_list(page, "References", rule->references);
    if (rule->source && *rule->source) {
        page_heading(page, "Defined in");
        page_add_hostile_z(page, rule->source);
        page_add_format(page, ":%" PRIu32, rule->line);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
    page_blank(page);
}

static void render_rule(struct sink *sink, const struct infscan_rule *rule,
                        const struct infscan_render_options *options)
{
    struct page page;

    page_init(&page, sink, options);
    page.flags |= INFSCAN_RENDER_NO_DEFANG; /* addresses of rules are honest */
    if (options->flags & INFSCAN_RENDER_QUIET) {
        buf_add_format(&sink->buf, "%-40s  %-8s  %s\n", rule->id,
                       infscan_severity_name(rule->severity), rule->title);
    } else {
        page_put(&page, STYLE_HEADING, rule->id);
        page_blank(&page);
        rule_page(&page, rule);
    }
    page_deinit(&page);
}

const struct renderer renderer_terminal = {
    .result = render_result,
    .peeled = render_peeled,
    .document = render_document,
    .totals = render_totals,
    .failure = render_failure,
    .rule = render_rule,
};
