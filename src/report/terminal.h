/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include "report/layout.h"
#include "report/render.h"

/* What the files of the text format share, and what each gives to its table of
 * renderers. */

#define TERMINAL_SUMMARY_LINES 5u /* of one text without -v */

enum style terminal_verdict_style(enum infscan_verdict verdict);

/* "malicious   100  " */
void terminal_verdict(struct page *page, const char *verdict, enum style style,
                      const char *score);

/* Notes the addresses that the text must not show live anywhere. */
void terminal_learn_hosts(struct page *page,
                          const struct infscan_result *result);

void terminal_peeled(struct sink *sink, const struct infscan_result *result,
                     struct infscan_string final,
                     const struct infscan_render_options *options);
void terminal_difference(struct sink *sink,
                         const struct infscan_difference *difference,
                         const struct infscan_render_options *options);
void terminal_document(struct sink *sink,
                       const struct infscan_document *document,
                       const struct infscan_render_options *options);
void terminal_topic(struct sink *sink, const struct infscan_topic *topic,
                    const struct infscan_render_options *options);
void terminal_rule(struct sink *sink, const struct infscan_rule *rule,
                   const struct infscan_render_options *options);
void terminal_use(struct sink *sink, const struct infscan_rule_use *use,
                  const struct infscan_render_options *options);
void terminal_problem(struct sink *sink,
                      const struct infscan_rule_problem *problem,
                      const struct infscan_render_options *options);

#endif
