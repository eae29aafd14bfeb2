/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_DIFFERENCE_H
#define INFSCAN_DIFFERENCE_H

#include <infscan/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one file would do that another would not, by what is run and by what
 * remains on the host, not by text. Borrows from the two results, which must
 * live as long. */
struct infscan_difference;

/* Something that is not the same for both. Beside the kinds of effects there
 * are "run-command" (target: the command, with everything obfuscated resolved)
 * and "load-dll" (target: the library, name: its entry points, detail: their
 * argument). */
struct infscan_change {
    const struct infscan_effect *before; /* NULL: only the second does it */
    const struct infscan_effect *after;  /* NULL: only the first does it */
};

/**
 * infscan_difference_new - compare what two files would do
 *
 * before, after: two results with a ledger (infscan_options.effects), without
 *          status error
 *
 * Order and repetition do not count, nor does the letter case of paths, keys
 * and names. Which launchers reach a thing, and on which architectures, does:
 * such a change has both sides. Status: INVALID
 * without a ledger, NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_difference_new(const struct infscan_result *before,
                       const struct infscan_result *after,
                       struct infscan_difference **out);

INFSCAN_API void infscan_difference_free(struct infscan_difference *difference);

/* Sorted: commands, libraries, then effects in the order of the ledger. None:
 * both would do the same. */
INFSCAN_API const struct infscan_change *
infscan_difference_changes(const struct infscan_difference *difference,
                           size_t *n);

/* The two that were compared. */
INFSCAN_API const struct infscan_result *
infscan_difference_before(const struct infscan_difference *difference);
INFSCAN_API const struct infscan_result *
infscan_difference_after(const struct infscan_difference *difference);

#ifdef __cplusplus
}
#endif

#endif
