/* SPDX-License-Identifier: MIT */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H

#include "install/chain.h"

/* What is known about an action besides its own text, for the keys `when` and
 * `unless` of a rule. It is asked in words:
 *
 * shape:NAME     the file has that fact (traits.def, autorun_traits.def)
 * launcher:NAME  that launcher gets to the action
 * reach:NAME     launcher, named, removal or none: what gets to it at best
 * place:NAME     user-writable, inf-folder, network, system, program-files:
 *                where something lies that it names (places.def)
 * companion:NAME present or missing: of the files beside the INF that it needs,
 *                one is there, or is not
 * flag:NAME      its line has that flag, by a word of flags.def
 *
 * Alternatives stand in one word: "place:network|place:user-writable". */
struct context {
    const struct install *install; /* NULL: an example, see `words` */
    const uint32_t *launchers;     /* by action: bits 1 << enum launcher_id */
    uint32_t action;               /* INFSCAN_NO_INDEX: of the file */
    struct str words;              /* of an example: what holds */
};

/* Whether a word, or one of its alternatives, holds. */
bool context_has(const struct context *context, struct str word);

/* Whether every alternative of a word is one that could hold. */
bool context_is_known(struct str word);

/* Whether one alternative of a word may hold of a file as a whole. */
bool context_is_of_file(struct str word);

/**
 * context_launchers - which launchers get to which action
 *
 * One mask for each action, in the arena; NULL when memory ran out.
 */
const uint32_t *context_launchers(struct arena *arena,
                                  const struct install *install);

#endif
