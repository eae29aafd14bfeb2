/* SPDX-License-Identifier: MIT */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/* Words that nobody knows, and the known ones that were meant. */

#define NEAREST_MAX_LENGTH 40u /* longer words have no near one */

/* Letters to change, add or take away between two words, in any letter case;
 * SIZE_MAX where one is too long. */
size_t nearest_distance(const char *a, const char *b);

/* The row of `names` (NULL-terminated, not empty) with the fewest of them. */
const char *nearest_name(const char *name, const char *const *names);

#endif
