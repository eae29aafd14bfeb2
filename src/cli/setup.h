/* SPDX-License-Identifier: MIT */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include <infscan/infscan.h>

#include "cli/options.h"

/* What the jobs have in common before they start. */

/**
 * setup_rules - load the rules that the options ask for
 *
 * 0, or -1 after a line on stderr.
 */
int setup_rules(const struct options *options, struct infscan_ruleset **out);

/* Borrows from `options`. */
struct infscan_options setup_scan(const struct options *options);

/* Whether results go to a terminal. */
int setup_to_terminal(const struct options *options);

/* Looks at the terminal, if output goes to one. */
struct infscan_render_options setup_render(const struct options *options);

/**
 * setup_sandbox - give up every right that the options do not ask for
 *
 * Before anything hostile is read, rule files among it.
 *
 * 0, or -1 after a line on stderr.
 */
int setup_sandbox(const struct options *options);

/* Has memory that one file is done with kept for the next, up to a bound: with
 * small files, handing pages back and forth is a fifth of all work. */
void setup_memory(void);

/* Threads to use, at least 1. */
unsigned setup_jobs(const struct options *options);

#endif
