/* SPDX-License-Identifier: MIT */
#ifndef REPORT_STORY_H
#define REPORT_STORY_H

#include "report/layout.h"

/* Parts of the terminal report, in the order in which they stand. Each writes
 * its heading, or nothing where there is nothing to say. */

/* Who would start what. */
void story_plans(struct page *page, const struct infscan_result *result);

/* Findings, worst first, with their line, layers and chain. */
void story_findings(struct page *page, const struct infscan_result *result,
                    enum infscan_severity min_severity);

/* How many findings --min-severity keeps back, so that the `shown` do not look
 * like all. */
void story_hidden(struct page *page, const struct infscan_result *result,
                  enum infscan_severity min_severity, size_t shown);

/* Addresses; what would start again; what else to look for on a host. */
void story_traces(struct page *page, const struct infscan_result *result);

/* Addresses alone, and whatever else indicates: of a bare command. */
void story_indicators(struct page *page, const struct infscan_result *result);

/* Processes to expect, parent before child. */
void story_processes(struct page *page, const struct infscan_result *result);

/* Techniques of the findings, worst first. */
void story_techniques(struct page *page, const struct infscan_result *result,
                      enum infscan_severity min_severity);

/* What could not be established, and why. */
bool story_has_gaps(const struct infscan_result *result);
void story_gaps(struct page *page, const struct infscan_result *result);

/* Limits that were reached, without a heading. */
void story_limits(struct page *page, const struct infscan_result *result);

/* How firm the verdict is, and what it rests on. */
void story_basis(struct page *page, const struct infscan_result *result);

/* Under -v: every action, what would remain after them, every diagnostic. */
void story_all_actions(struct page *page, const struct infscan_result *result);
void story_effects(struct page *page, const struct infscan_result *result);
void story_diagnostics(struct page *page, const struct infscan_result *result);

/* Pieces that several parts use. */

/* "value-set: HKLM\Software\A, v = x" */
void story_effect(struct page *page, const struct infscan_effect *effect,
                  unsigned indent);

/* "starts at logon; line 9; cmstp, advpack" */
void story_effect_reach(struct page *page, const struct infscan_effect *effect,
                        unsigned indent);

#define STORY_COMMAND_LINES 4u /* of one text without -v */

/* Findings from min_severity on, worst first: severity, then points, then the
 * order of the record. From malloc, *n of them; NULL where there are none or,
 * the page failing, no memory. */
const struct infscan_finding **
story_worst_first(struct page *page, const struct infscan_result *result,
                  enum infscan_severity min_severity, size_t *n);

/* `lines`, or with -v all of them. */
unsigned story_max_lines(const struct page *page, unsigned lines);

/* The action of that number; NULL where there is none. */
const struct infscan_action *story_action(const struct infscan_result *result,
                                          uint32_t id);

/* What an action does, out of its members where those say it better. */
void story_add_action_text(struct page *page,
                           const struct infscan_action *action);

/* "#3 run-command: ..." */
void story_action_line(struct page *page, const struct infscan_action *action);

/* "[Section]" */
void story_add_section(struct page *page, struct infscan_string section);

/* ", line 6", and of which file; nothing for a place of line 0. */
void story_add_line_number(struct page *page, struct infscan_place place);

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
