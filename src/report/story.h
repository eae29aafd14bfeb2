/* SPDX-License-Identifier: MIT */
#ifndef REPORT_STORY_H
#define REPORT_STORY_H

#include "report/layout.h"

/* Parts of the terminal report, in the order in which they stand. Each writes
 * its heading, or nothing where there is nothing to say. */

/* Who would start what. */
void story_plans(struct page *page, const struct infscan_result *result);

/* Findings with their line, layers and chain. */
void story_findings(struct page *page, const struct infscan_result *result,
                    enum infscan_severity min_severity);

void story_indicators(struct page *page, const struct infscan_result *result);

/* Files, registry values and services to look for on a host. */
void story_hunt(struct page *page, const struct infscan_result *result);

/* Processes to expect, parent before child. */
void story_processes(struct page *page, const struct infscan_result *result);

/* What could not be established, and why. */
void story_gaps(struct page *page, const struct infscan_result *result);

/* Under -v: every action, what would remain after them, every diagnostic. */
void story_all_actions(struct page *page, const struct infscan_result *result);
void story_effects(struct page *page, const struct infscan_result *result);
void story_diagnostics(struct page *page, const struct infscan_result *result);

/* Pieces that several parts use. */

/* "value-set: HKLM\Software\A, v = x" */
void story_effect(struct page *page, const struct infscan_effect *effect);

/* "[Section] Directive, line 6 > [Next], line 9" */
void story_chain(struct page *page, const struct infscan_action *action,
                 unsigned indent);

/* One layer: a line that names the step, and its text. `mark` is underlined
 * where it occurs in the text. */
void story_layer(struct page *page, const struct infscan_layer *layer,
                 size_t number, unsigned indent, struct infscan_string mark);

/* The member of that name; empty where the action has none. */
struct infscan_string story_member(const struct infscan_action *action,
                                   const char *name);

#endif
