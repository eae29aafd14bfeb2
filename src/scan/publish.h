/* SPDX-License-Identifier: MIT */
#ifndef SCAN_PUBLISH_H
#define SCAN_PUBLISH_H

#include "scan/scanner.h"

/* What the files that turn an analysis into the views of result.h share. */

/* A list that may be empty: the arena gives a pointer that is not read. */
#define PUBLISH_LIST(analysis, type, n)                                        \
    ARENA_ARRAY((analysis)->arena, type, (n))

/* Bytes of a slice. Not copied: they lie in the result's arena. */
struct infscan_string publish_view(struct slice slice);

/* The place of the raw bytes that a slice begins with, in whichever file. */
struct infscan_place publish_place(const struct analysis *analysis,
                                   struct slice slice);

/* The ledger of what would remain; false when the arena failed. */
bool publish_effects(struct analysis *analysis);

#endif
