/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_OPERATOR_H
#define COMMAND_POWERSHELL_OPERATOR_H

#include "command/powershell/eval.h"

/* What the files of the evaluator share. NULL: not known. */

#define PS_EVAL_DEPTH 300

/* $name, also $env:name and what a fresh session has. */
const struct ps_value *ps_eval_variable(struct ps_eval *eval, struct str name);

/* callee.Name(...) and type::Name(...); X.Name and type::Name. */
const struct ps_value *ps_eval_call(struct ps_eval *eval, struct ps_node *node);
const struct ps_value *ps_eval_member(struct ps_eval *eval,
                                      struct ps_node *node);

const struct ps_value *ps_eval_binary(struct ps_eval *eval,
                                      const struct ps_node *node,
                                      const struct ps_value *a,
                                      const struct ps_value *b);
const struct ps_value *ps_eval_unary(struct ps_eval *eval,
                                     const struct ps_node *node,
                                     const struct ps_value *a);
const struct ps_value *ps_eval_index(struct ps_eval *eval,
                                     const struct ps_value *object,
                                     const struct ps_value *index);

/* -eq, -like, -match, -contains, -and ...; -not */
const struct ps_value *ps_compare(struct ps_eval *eval,
                                  const struct ps_node *node,
                                  const struct ps_value *a,
                                  const struct ps_value *b);
const struct ps_value *ps_not(const struct ps_value *a);

/* target = value, target += value, also of items, members and lists. */
const struct ps_value *ps_eval_assign(struct ps_eval *eval,
                                      struct ps_node *node);

/* @{ key = value; ... } */
const struct ps_value *ps_eval_hash(struct ps_eval *eval, struct ps_node *node);

/* Value of a key, or NULL. */
const struct ps_value *
ps_hash_find(struct ps_eval *eval, const struct ps_value *hash, struct str key);

/* function name {...}; break, return and the like. */
const struct ps_value *ps_eval_function(struct ps_eval *eval,
                                        struct ps_node *node);
const struct ps_value *ps_eval_leave(struct ps_eval *eval,
                                     struct ps_node *node);

/* Leaves in the nodes from first up to stop what is true in every round, and
 * whether or not they are run; the variables stay as they are. */
void ps_annotate(struct ps_eval *eval, struct ps_node *first,
                 const struct ps_node *stop);

/* Text of all items with a separator between them. */
const struct ps_value *ps_join(struct ps_eval *eval,
                               const struct ps_value *items,
                               struct str separator);

/* Items of both, one after the other. */
const struct ps_value *ps_append(struct ps_eval *eval, const struct ps_value *a,
                                 const struct ps_value *b);
const struct ps_value *ps_add(struct ps_eval *eval, const struct ps_value *a,
                              const struct ps_value *b);

/* from..to */
const struct ps_value *ps_range(struct ps_eval *eval, int64_t from, int64_t to);

/* Text that grows to the right, as a + b + c and $s += c do. */
const struct ps_value *ps_grow(struct ps_eval *eval, const struct ps_value *a,
                               const struct ps_value *b);

#endif
