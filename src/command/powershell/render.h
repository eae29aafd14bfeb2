/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_RENDER_H
#define COMMAND_POWERSHELL_RENDER_H

#include "command/powershell/eval.h"

/**
 * ps_render - a script with everything that was found out put in place
 *
 * root:    evaluated
 *
 * The script's own slice where nothing was hidden. Long strings that only
 * render with doubled quotes become layers of their own.
 */
struct slice ps_render(struct ps_eval *eval, struct ps_node *root);

/* The text of a script that does nothing but yield one hidden string. */
bool ps_constant(const struct ps_eval *eval, const struct ps_node *root,
                 struct str *out);

#endif
