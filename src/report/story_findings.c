/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "report/story.h"

/* How much is shown without -v. */
#define MAX_FINDINGS 24u
#define MAX_SHAPE_LINES 12u

static int compare_severity(const void *left, const void *right)
{
    const struct infscan_finding *a =
        *(const struct infscan_finding *const *)left;
    const struct infscan_finding *b =
        *(const struct infscan_finding *const *)right;

    if (a->severity != b->severity) {
        return a->severity > b->severity ? -1 : 1;
    }
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return (a > b) - (a < b); /* both of the record's own list */
}

const struct infscan_finding **
story_worst_first(struct page *page, const struct infscan_result *result,
                  enum infscan_severity min_severity, size_t *n)
{
    size_t n_all;
    const struct infscan_finding *all = infscan_result_findings(result, &n_all);
    const struct infscan_finding **sorted = NULL;

    *n = 0;
    if (n_all == 0) {
        return NULL;
    }
    sorted = calloc(n_all, sizeof *sorted);
    if (!sorted) {
        page->sink->buf.failed = true;
        return NULL;
    }
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].severity >= min_severity) {
            sorted[(*n)++] = &all[i];
        }
    }
    qsort(sorted, *n, sizeof *sorted, compare_severity);
    return sorted;
}

/* What the findings before one have shown. */
struct shown {
    const struct infscan_result *result;
    unsigned char *actions; /* by number: layers and chain are there */
    uint32_t *lines;        /* excerpts of the analysed file */
    size_t n_lines;
};

/* Bytes of a raw file that a character took. Encodings whose characters differ
 * in size otherwise count one byte each: an underline may then be short. */
static size_t raw_bytes(const char *encoding, uint32_t code, size_t utf8_bytes)
{
    if (encoding && strncmp(encoding, "utf-16", 6) == 0) {
        return code > 0xFFFF ? 4 : 2;
    }
    if (encoding && strncmp(encoding, "utf-8", 5) == 0) {
        return utf8_bytes;
    }
    return 1;
}

/* Where a place lies in its decoded line. */
static struct span mark_of(struct infscan_string line,
                           struct infscan_place place, const char *encoding)
{
    struct str rest = str_of_string(line);
    struct span mark = {0, 0};
    uint64_t raw = 0;

    for (uint32_t column = 1; rest.len; column++) {
        uint32_t code;
        size_t n = utf8_decode(rest, &code);
        size_t at = line.len - rest.len;
        if (column == place.column) {
            mark = (struct span){at, at};
        }
        if (column >= place.column) {
            if (raw >= place.length) {
                break;
            }
            raw += raw_bytes(encoding, code, n);
            mark.to = at + n;
        }
        rest = str_sub(rest, n, rest.len);
    }
    return mark;
}

/* What is underlined: of a match that comes from several places of one line
 * (a subject put together from fields), the longest. */
static struct infscan_place best_place(const struct infscan_finding *finding)
{
    struct infscan_place best = finding->place;

    for (size_t i = 0; i < finding->n_related; i++) {
        if (finding->related[i].line == best.line &&
            finding->related[i].length > best.length) {
            best = finding->related[i];
        }
    }
    return best;
}

static void finding_excerpt(struct page *page, struct shown *shown,
                            const struct infscan_finding *finding)
{
    struct infscan_place place = best_place(finding);
    char gutter[12];

    if (place.line == 0) {
        return;
    }
    struct infscan_string line =
        infscan_result_place_line(shown->result, &place);
    snprintf(gutter, sizeof gutter, "%" PRIu32, place.line);
    page_excerpt(
        page, 2, gutter, line,
        mark_of(line, place, infscan_result_summary(shown->result)->encoding));
    if (!place.file) {
        shown->lines[shown->n_lines++] = place.line;
    }
}

static bool is_shown(const struct shown *shown, uint32_t line)
{
    for (size_t i = 0; i < shown->n_lines; i++) {
        if (shown->lines[i] == line) {
            return true;
        }
    }
    return false;
}

/* "lines 5, 6" */
static void add_lines(struct page *page, const struct infscan_finding *finding)
{
    unsigned n = 0;
    uint32_t last = finding->place.line;

    page_add_format(page, "line%s %" PRIu32, finding->n_related ? "s" : "",
                    last);
    for (size_t i = 0; i < finding->n_related; i++) {
        uint32_t line = finding->related[i].line;
        if (!line || line == last) {
            continue;
        }
        if (n++ == MAX_SHAPE_LINES && !page_is_verbose(page)) {
            page_add(page, " and more");
            break;
        }
        page_add_format(page, ", %" PRIu32, line);
        last = line;
    }
}

/* Whether the line that a finding points at is there to be read already. */
static bool is_told(const struct shown *shown,
                    const struct infscan_finding *finding)
{
    return finding->place.line == 0 ||
           (!finding->place.file && is_shown(shown, finding->place.line));
}

/* A finding of the whole file has no match in it: the lines that make it are
 * named, and the first is shown unless another finding has done so. */
static void add_told_lines(struct page *page, const struct shown *shown,
                           const struct infscan_finding *finding)
{
    if (finding->action == INFSCAN_NO_INDEX && finding->place.line &&
        is_told(shown, finding)) {
        page_add(page, "  ");
        add_lines(page, finding);
    }
}

static void finding_place(struct page *page, struct shown *shown,
                          const struct infscan_finding *finding)
{
    bool of_file = finding->action == INFSCAN_NO_INDEX;

    if (of_file && is_told(shown, finding)) {
        return;
    }
    finding_excerpt(page, shown, finding);
    if (of_file && finding->n_related) {
        page_add(page, "made by ");
        add_lines(page, finding);
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
}

/* "  critical  #0 PowerShell runs ...", a paragraph that may go on. */
static void finding_title(struct page *page,
                          const struct infscan_finding *finding)
{
    static const enum style styles[] = {
        [INFSCAN_INFO] = STYLE_DIM,       [INFSCAN_LOW] = STYLE_PLAIN,
        [INFSCAN_MEDIUM] = STYLE_WARNING, [INFSCAN_HIGH] = STYLE_BAD,
        [INFSCAN_CRITICAL] = STYLE_BAD,
    };
    char severity[16];

    snprintf(severity, sizeof severity, "  %-8s",
             infscan_severity_name(finding->severity));
    page_put(page, styles[finding->severity], severity);
    page_add(page, "  ");
    if (finding->action != INFSCAN_NO_INDEX) {
        page_add_format(page, "#%" PRIu32 " ", finding->action);
    }
    page_add_hostile_z(page, finding->title);
}

/* The title, and below it where that is from. */
static void finding_head(struct page *page, const struct shown *shown,
                         const struct infscan_finding *finding)
{
    finding_title(page, finding);
    page_flush(page, 0, 12, PAGE_ALL_LINES);
    page_add_hostile_z(page, finding->rule);
    if (finding->score) {
        page_add_format(page, "  +%" PRIu32, finding->score);
    }
    for (size_t i = 0; finding->attack && finding->attack[i]; i++) {
        page_add(page, i ? ", " : "  ");
        page_add_hostile_z(page, finding->attack[i]);
    }
    if (finding->goodware_of) {
        page_add_format(page, "  goodware %" PRIu32 "/%" PRIu32,
                        finding->goodware_seen, finding->goodware_of);
    }
    add_told_lines(page, shown, finding);
    page_style(page, STYLE_DIM);
    page_flush(page, 4, 6, PAGE_ALL_LINES);
}

/* Layers that a finding shows: all under the first of an action, later only
 * the one it matched in. */
static void finding_layers(struct page *page,
                           const struct infscan_action *action,
                           const struct infscan_finding *finding, bool is_first)
{
    for (size_t i = 0; i < action->n_layers; i++) {
        bool is_own = finding->layer == i;
        if (is_first || is_own) {
            story_layer(page, &action->layers[i], i + 1, 4,
                        is_own ? finding->match : string_of_z(NULL));
        }
    }
}

/* The lines of strings that a match was spelled in, other than its own. */
static void finding_related(struct page *page,
                            const struct infscan_finding *finding)
{
    uint32_t last = finding->place.line;
    bool any = false;

    for (size_t i = 0; i < finding->n_related; i++) {
        uint32_t line = finding->related[i].line;
        if (line && line != last) {
            page_add_format(page, "%s %" PRIu32, any ? "," : "spelled in line",
                            line);
            any = true;
            last = line;
        }
    }
    if (any) {
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
}

/* Findings that add nothing to the score are shown in short. */
static bool is_full(const struct page *page,
                    const struct infscan_finding *finding)
{
    return finding->score > 0 || page_is_verbose(page);
}

static void finding_body(struct page *page, struct shown *shown,
                         const struct infscan_finding *finding)
{
    const struct infscan_action *action =
        story_action(shown->result, finding->action);

    if (is_full(page, finding) && finding->why && *finding->why) {
        page_add_hostile_z(page, finding->why);
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
    if (!action) {
        return;
    }
    finding_related(page, finding);
    bool is_first = !shown->actions[finding->action];
    if (is_first || is_full(page, finding)) {
        finding_layers(page, action, finding, is_first);
    }
    if (is_first) {
        story_chain(page, action, 4);
        shown->actions[finding->action] = 1;
    }
}

/* Title, rule and line; the techniques have a part of the report to
 * themselves. */
static void finding_short_head(struct page *page, const struct shown *shown,
                               const struct infscan_finding *finding)
{
    finding_title(page, finding);
    page_add(page, "  ");
    page_add_hostile_z(page, finding->rule);
    if (finding->goodware_seen) {
        page_add_format(page, "  goodware %" PRIu32 "/%" PRIu32,
                        finding->goodware_seen, finding->goodware_of);
    }
    add_told_lines(page, shown, finding);
    page_flush(page, 0, 12, PAGE_ALL_LINES);
}

static void put_findings(struct page *page, struct shown *shown,
                         const struct infscan_finding *const *findings,
                         size_t n)
{
    page_heading(page, "Findings", "worst first");
    for (size_t i = 0; i < n; i++) {
        bool full = is_full(page, findings[i]);
        if (i && (full || is_full(page, findings[i - 1]))) {
            page_blank(page);
        }
        if (i == MAX_FINDINGS && !page_is_verbose(page)) {
            page_add_format(page, "and %zu more, none of them worse, see -v",
                            n - i);
            page_flush(page, 2, 4, PAGE_ALL_LINES);
            break;
        }
        if (full) {
            finding_head(page, shown, findings[i]);
        } else {
            finding_short_head(page, shown, findings[i]);
        }
        finding_place(page, shown, findings[i]);
        finding_body(page, shown, findings[i]);
    }
}

void story_hidden(struct page *page, const struct infscan_result *result,
                  enum infscan_severity min_severity, size_t shown)
{
    size_t n;

    infscan_result_findings(result, &n);
    if (n > shown && !page->sink->buf.failed) {
        page_add_format(page, "%zu finding%s below %s not shown", n - shown,
                        n - shown == 1 ? "" : "s",
                        infscan_severity_name(min_severity));
        page_flush(page, 2, 4, PAGE_ALL_LINES);
    }
}

void story_findings(struct page *page, const struct infscan_result *result,
                    enum infscan_severity min_severity)
{
    size_t n;
    size_t n_all;
    size_t n_actions;
    const struct infscan_finding **findings =
        story_worst_first(page, result, min_severity, &n);
    struct shown shown = {.result = result};

    infscan_result_actions(result, &n_actions);
    if (n) {
        shown.actions = calloc(n_actions + 1, sizeof *shown.actions);
        shown.lines = calloc(n, sizeof *shown.lines);
        if (shown.actions && shown.lines) {
            put_findings(page, &shown, findings, n);
        } else {
            page->sink->buf.failed = true;
        }
    }
    infscan_result_findings(result, &n_all);
    if (n_all > n) {
        page_blank(page);
    }
    story_hidden(page, result, min_severity, n);
    free(shown.actions);
    free(shown.lines);
    free(findings);
}
