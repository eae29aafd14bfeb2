/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/story.h"

#define MAX_DECISIVE 3u /* rules named without -v */

static void gap(struct page *page)
{
    page_flush(page, 2, 4, PAGE_ALL_LINES);
}

/* Explorer starts an autorun.inf that SetupAPI would refuse, and what nothing
 * starts is not worth the words. */
static bool is_refused(const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    size_t n;
    const struct infscan_plan *plans = infscan_result_plans(result, &n);

    for (size_t i = 0; i < n && !summary->accepted && summary->refusal; i++) {
        if (strcmp(plans[i].launcher, "autorun") != 0) {
            return true;
        }
    }
    return false;
}

void story_limits(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_limit_hit *limits = infscan_result_limits(result, &n);

    for (size_t i = 0; i < n; i++) {
        page_add_format(page,
                        "the limit %s (%" PRIu64 ") was reached: what lies "
                        "behind it was not analysed",
                        limits[i].name, limits[i].value);
        gap(page);
    }
}

static void gaps_of_file(struct page *page, const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);

    story_limits(page, result);
    if (is_refused(result)) {
        page_add(page, "Windows would refuse this file: ");
        page_add_hostile_z(page, summary->refusal);
        if (summary->refusal_line) {
            page_add_format(page, ", line %" PRIu32, summary->refusal_line);
        }
        page_add(page, ". The report says what it would do if accepted.");
        gap(page);
    }
}

static void gaps_of_action(struct page *page,
                           const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_alternatives; i++) {
        page_add_format(page, "#%" PRIu32 " may also be read as: ", action->id);
        page_add_hostile(page, action->alternatives[i]);
        page_flush(page, 2, 4, story_max_lines(page, STORY_COMMAND_LINES));
    }
    for (size_t i = 0; i < action->n_layers; i++) {
        if (action->layers[i].gave_up) {
            page_add_format(page, "#%" PRIu32 ", %s: ", action->id,
                            action->layers[i].step);
            page_add_hostile_z(page, action->layers[i].gave_up);
            gap(page);
        }
    }
}

static bool has_gaps(const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_layers; i++) {
        if (action->layers[i].gave_up) {
            return true;
        }
    }
    return action->n_alternatives > 0;
}

bool story_has_gaps(const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions;

    infscan_result_limits(result, &n);
    if (n > 0 || is_refused(result)) {
        return true;
    }
    actions = infscan_result_actions(result, &n);
    for (size_t i = 0; i < n; i++) {
        if (has_gaps(&actions[i])) {
            return true;
        }
    }
    return false;
}

void story_gaps(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    if (!story_has_gaps(result)) {
        return;
    }
    page_heading(page, "Not established", "what this report leaves open");
    gaps_of_file(page, result);
    for (size_t i = 0; i < n; i++) {
        if (has_gaps(&actions[i])) {
            gaps_of_action(page, &actions[i]);
        }
    }
}

static void add_decisive(struct page *page, const struct infscan_basis *basis)
{
    size_t n = 0;

    while (basis->decisive[n]) {
        n++;
    }
    if (n == 0) {
        return;
    }
    page_add(page, " Without ");
    if (n > MAX_DECISIVE && !page_is_verbose(page)) {
        page_add_format(page, "its %zu heaviest rules", n);
    } else {
        for (size_t i = 0; i < n; i++) {
            page_add(page, i == 0 ? "" : i + 1 < n ? ", " : " and ");
            page_add_hostile_z(page, basis->decisive[i]);
        }
    }
    page_add_format(page, " it would be %s.",
                    infscan_verdict_name(basis->otherwise));
}

static void add_points(struct page *page, const struct infscan_summary *summary)
{
    const struct infscan_basis *basis = &summary->basis;
    const char *worse = summary->verdict == INFSCAN_CLEAN
                            ? infscan_verdict_name(INFSCAN_SUSPICIOUS)
                            : infscan_verdict_name(INFSCAN_MALICIOUS);

    if (summary->verdict != INFSCAN_CLEAN) {
        page_add_format(page, "%" PRIu32 " points above the threshold of %s",
                        basis->margin, infscan_verdict_name(summary->verdict));
        page_add(page, basis->missing ? ", " : ".");
    }
    if (basis->missing) {
        page_add_format(page, "%" PRIu32 " points short of %s.", basis->missing,
                        worse);
    }
}

void story_basis(struct page *page, const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    const struct infscan_basis *basis = &summary->basis;
    size_t n;

    infscan_result_findings(result, &n);
    if (n == 0 || !basis->decisive || (!basis->margin && !basis->missing)) {
        return;
    }
    page_blank(page);
    page_put(page, STYLE_HEADING, "Verdict");
    page_add(page, "  ");
    add_points(page, summary);
    add_decisive(page, basis);
    if (basis->honest) {
        page_add(page, " Its honest shape made lesser findings count less: ");
        page_add_hostile_z(page, basis->honest);
        page_add(page, ".");
    }
    page_flush(page, 0, 2, PAGE_ALL_LINES);
}
