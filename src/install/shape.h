/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_SHAPE_H
#define INSTALL_SHAPE_H

#include "install/walk.h"

/**
 * shape_describe - what a file as a whole looks like
 *
 * install: actions and plans are there
 *
 * Names of traits.def that hold, sorted, separated by blanks; made up, so it
 * traces to nothing. Traits about what is done count what any launcher or named
 * section gets to.
 */
struct slice shape_describe(struct walk *walk, const struct install *install);

/* Whether a fact of that name may be among them. */
bool shape_is_trait(struct str name);

/* The names of such facts by number; NULL past the last one. */
const char *shape_trait_name(unsigned number);

#endif
