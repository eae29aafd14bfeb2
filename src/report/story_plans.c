/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/story.h"

/* How much is shown without -v. */
#define MAX_PLANS 12u
#define MAX_PLAN_ACTIONS 12u

static bool same_actions(const struct infscan_plan *a,
                         const struct infscan_plan *b)
{
    return a->n_actions == b->n_actions &&
           (a->n_actions == 0 ||
            memcmp(a->actions, b->actions, a->n_actions * sizeof *a->actions) ==
                0);
}

static void plan_actions(struct page *page, const struct infscan_result *result,
                         const struct infscan_plan *plan)
{
    uint64_t left_out = 0;
    unsigned shown = 0;

    for (size_t i = 0; i < plan->n_actions; i++) {
        const struct infscan_action *action =
            story_action(result, plan->actions[i]);
        bool fits = page_is_verbose(page) || shown < MAX_PLAN_ACTIONS;
        if (action && fits && (action->listed || page_is_verbose(page))) {
            story_action_line(page, action);
            shown++;
        } else {
            left_out++;
        }
    }
    if (left_out) {
        page_add_format(page, "%s%" PRIu64 "%s, see -v", shown ? "and " : "",
                        left_out,
                        shown           ? " more"
                        : left_out == 1 ? " action"
                                        : " actions");
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
}

/* Some invocations name the section that they enter. */
static bool names_section(const struct infscan_plan *plan)
{
    return str_find(str_of_string(plan->invocation),
                    str_of_string(plan->section), 0) != STR_NONE;
}

static void plan_head(struct page *page, const struct infscan_plan *plan)
{
    if (plan->invocation.len) {
        page_add_hostile(page, plan->invocation);
    } else {
        page_add_format(page, "launcher: %s", plan->launcher);
    }
    if (plan->section.len && !names_section(plan)) {
        page_add(page, plan->invocation.len ? " enters " : ", ");
        story_add_section(page, plan->section);
    }
    if (plan->targets && plan->targets != INFSCAN_TARGET_ALL) {
        page_add_format(page, ", on%s%s%s",
                        plan->targets & INFSCAN_TARGET_X86 ? " x86" : "",
                        plan->targets & INFSCAN_TARGET_AMD64 ? " amd64" : "",
                        plan->targets & INFSCAN_TARGET_ARM64 ? " arm64" : "");
    }
    if (plan->strings.len) {
        page_add(page, ", where Windows speaks language ");
        page_add_hostile(page, plan->strings);
    }
    page_flush(page, 2, 6, PAGE_ALL_LINES);
}

/* The earlier plan that does the same, or `at` itself. */
static size_t first_alike(const struct infscan_plan *plans, size_t at)
{
    for (size_t i = 0; i < at && i < MAX_PLANS; i++) {
        if (plans[i].n_actions && same_actions(&plans[i], &plans[at])) {
            return i;
        }
    }
    return at;
}

/* Those who do the same as the plan at `first` stand below each other. */
static void plan_heads(struct page *page, const struct infscan_plan *plans,
                       size_t n, size_t first)
{
    plan_head(page, &plans[first]);
    if (plans[first].n_actions == 0 || first >= MAX_PLANS) {
        return;
    }
    for (size_t i = first + 1; i < n; i++) {
        if (i >= MAX_PLANS && !page_is_verbose(page)) {
            break;
        }
        if (first_alike(plans, i) == first) {
            plan_head(page, &plans[i]);
        }
    }
}

void story_plans(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_plan *plans = infscan_result_plans(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "What would run",
                 "who would start it, and what happens then");
    for (size_t i = 0; i < n; i++) {
        if (i == MAX_PLANS && !page_is_verbose(page)) {
            page_add_format(page, "and %zu other ways to start it, see -v",
                            n - i);
            page_flush(page, 2, 2, PAGE_ALL_LINES);
            break;
        }
        if (first_alike(plans, i) == i) {
            plan_heads(page, plans, n, i);
            plan_actions(page, result, &plans[i]);
        }
    }
}
