/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_COLLECTION_H
#define COMMAND_POWERSHELL_COLLECTION_H

#include "command/powershell/eval.h"
#include "command/powershell/method.h"

/* Lists, stacks and queues of .NET. They are kept as arrays, in the order in
 * which they put their items out; a method that changes one gives the variable
 * that holds it another array. Arrays themselves have none of these methods. */

/* type: as in PSV_TYPE */
bool ps_is_collection(struct str type);

/* New-Object Collections.ArrayList and the like. */
const struct ps_value *ps_collection_new(struct peel *peel,
                                         const struct ps_arguments *arguments);

/**
 * ps_collection_call - a method that changes the collection in a variable
 *
 * receiver:   the node that gave `self`
 * arguments:  NULL: not known, and then the variable is not known either
 * out:        what the method gives; NULL: not known
 *
 * false: it is no such method, and nothing is done.
 */
bool ps_collection_call(struct ps_eval *eval, const struct ps_node *receiver,
                        const struct ps_value *self, struct str name,
                        const struct ps_arguments *arguments,
                        const struct ps_value **out);

#endif
