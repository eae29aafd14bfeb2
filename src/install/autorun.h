/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_AUTORUN_H
#define INSTALL_AUTORUN_H

#include "install/chain.h"

/**
 * autorun_analyse - what Explorer would do with an autorun.inf
 *
 * arena:   receives actions and plans
 * profile: as profile_parse made it
 * limits:  actions
 * out:     always filled
 *
 * Commands of the first [autorun] section are one plan of the launcher autorun,
 * with reach REACH_LAUNCHER; those of [autorun.ARCH] are plans of their own,
 * with reach REACH_NAMED; further [autorun] sections, which Explorer does not
 * read, are plans of the launcher none. Of keys with one name the first counts.
 * The shape holds names of autorun_traits.def. Status: NO_MEMORY. Source:
 * Microsoft, Autorun.inf Entries.
 */
enum infscan_status autorun_analyse(struct arena *arena,
                                    const struct inf_document *profile,
                                    const struct limits *limits,
                                    struct install *out);

/* Whether a fact of that name may be in the shape. */
bool autorun_is_trait(struct str name);

/* The names of such facts by number; NULL past the last one. */
const char *autorun_trait_name(unsigned number);

#endif
