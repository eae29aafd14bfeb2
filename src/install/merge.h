/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_MERGE_H
#define INSTALL_MERGE_H

#include "install/chain.h"

/**
 * install_merge - add what another reading of the same file came to
 *
 * arena:    that of both
 * into:     gets the actions, plans and traits of `from` behind its own; an
 *           action that is there already (same kind, place and text) stays one
 *           action, and a plan that brings no new action is left out
 * language: of the strings section that `from` was read with; empty: any
 *
 * false when the arena failed; `into` is then as before.
 */
bool install_merge(struct arena *arena, struct install *into,
                   const struct install *from, struct str language);

#endif
