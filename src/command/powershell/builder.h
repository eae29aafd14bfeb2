/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_BUILDER_H
#define COMMAND_POWERSHELL_BUILDER_H

#include "command/powershell/eval.h"
#include "command/powershell/method.h"

/* System.Text.StringBuilder: the one object whose methods change it. Values
 * never change, so the variable that holds it gets another one. */
bool ps_is_builder(const struct ps_value *value);

/* New-Object Text.StringBuilder, [Text.StringBuilder]::new('text') */
const struct ps_value *ps_builder_new(struct peel *peel,
                                      const struct ps_arguments *arguments);

/**
 * ps_builder_call - a method of a builder
 *
 * receiver:   the node that gave `self`; a variable among it is set
 * arguments:  NULL: not known
 *
 * The builder after it, or the text that it puts out; NULL: not known, and
 * then the variable is not known either.
 */
const struct ps_value *ps_builder_call(struct ps_eval *eval,
                                       const struct ps_node *receiver,
                                       const struct ps_value *self,
                                       struct str name,
                                       const struct ps_arguments *arguments);

#endif
