/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_CMDLET_H
#define COMMAND_POWERSHELL_CMDLET_H

#include "command/powershell/method.h"
#include "command/powershell/operator.h"

/* One call of a cmdlet. Arguments keep their order; names[i] is the parameter
 * that stood before argument i, without its dash, or empty. */
struct invocation {
    struct ps_eval *eval;
    struct ps_node *node;
    const struct ps_value *input; /* NULL: not known */
    enum ps_input piped;
    struct ps_node **nodes;
    const struct ps_value **values; /* NULL: not known */
    struct str *names;
    uint32_t n;
};

/* What a row of the table of cmdlets does; NULL: nothing that is known. */
typedef const struct ps_value *cmdlet_run(const struct invocation *call);

/**
 * invocation_find - index of the argument for a parameter
 *
 * name:      of the parameter; the call may abbreviate it
 * position:  among the arguments that no parameter stands before
 *
 * call->n when there is none.
 */
uint32_t invocation_find(const struct invocation *call, struct str name,
                         uint32_t position);

/* Its text; false when it is missing or not known. */
bool invocation_text(const struct invocation *call, struct str name,
                     uint32_t position, struct str *out);

/* Whether a parameter that is a switch is given, abbreviated or not. */
bool invocation_switch(const struct invocation *call, struct str name);

/* A name with a value: what Get-Variable and the like put out. */
const struct ps_value *invocation_item(struct ps_eval *eval, struct str name,
                                       const struct ps_value *value);

/* What other files do for rows of the table. */
cmdlet_run cmdlet_get_variable, cmdlet_get_item, cmdlet_get_alias,
    cmdlet_get_command, cmdlet_get_member, cmdlet_set_variable, cmdlet_set_item,
    cmdlet_set_alias, cmdlet_for_each, cmdlet_where, cmdlet_select, cmdlet_sort,
    cmdlet_write, cmdlet_invoke_command, cmdlet_new_object,
    cmdlet_start_process, cmdlet_to_secure_string, cmdlet_split_path;

/* Names of the members of an object that fit a pattern, as items. */
const struct ps_value *ps_members(struct ps_eval *eval,
                                  const struct ps_value *object,
                                  struct str pattern);

#endif
