/* SPDX-License-Identifier: MIT */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "cli/options.h"
#include "cli/pool.h"

/**
 * inputs_check - refuse a command line that names nothing to read
 *
 * 0, or -1 after a line on stderr. A list that cannot be opened is found here,
 * before anything is printed.
 */
int inputs_check(const struct options *options);

/* Whether exactly one file is named, so that json gives one object. */
int inputs_is_single(const struct options *options);

/* How many inputs there will be; 0 where only reading on would tell. */
uint64_t inputs_total(const struct options *options);

/**
 * inputs_feed - queue every file that operands and --files-from name
 *
 * Folders are walked; the list is read as it comes in.
 */
void inputs_feed(const struct options *options, struct pool *pool);

#endif
