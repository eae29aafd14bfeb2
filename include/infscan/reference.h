/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_REFERENCE_H
#define INFSCAN_REFERENCE_H

#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known about a launcher, a directive, or another section or key of INF
 * files, and what infscan does with it: infscan-directives(7). */

struct infscan_fact {
    const char *label; /* "Fields" */
    const char *text;
};

struct infscan_topic {
    const char *kind; /* "launcher", "directive", ... */
    const char *name; /* several of a kind: divided by ", " */
    const char *effect;
    const struct infscan_fact *facts;
    size_t n_facts;
    const char *source;
};

/**
 * infscan_topic_new - look a topic up
 *
 * name:    "AddReg", "cmstp", "InstallHinfSection", ".Services", ...; letter
 * case aside
 *
 * Status: INVALID for a name that is not known, NO_MEMORY.
 */
INFSCAN_API enum infscan_status infscan_topic_new(const char *name,
                                                  struct infscan_topic **out);

INFSCAN_API void infscan_topic_free(struct infscan_topic *topic);

/**
 * infscan_topic_name - names of all topics, one by one
 *
 * Static; NULL behind the last.
 */
INFSCAN_API const char *infscan_topic_name(size_t index);

#ifdef __cplusplus
}
#endif

#endif
