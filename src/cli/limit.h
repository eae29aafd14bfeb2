/* SPDX-License-Identifier: MIT */
#ifndef CLI_LIMIT_H
#define CLI_LIMIT_H

#include "cli/options.h"

/**
 * limit_parse - understand NAME=VALUE
 *
 * word:    VALUE is decimal; K, M or G behind it multiplies by 1024, 1024^2 or
 *          1024^3
 *
 * 0, or -1 after a line on stderr.
 */
int limit_parse(const char *word, struct infscan_limit_value *out);

/* Print what --limit help shows on standard output. */
void limit_help(void);

#endif
