/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_EVAL_H
#define COMMAND_POWERSHELL_EVAL_H

#include "command/powershell/ast.h"
#include "command/powershell/value.h"

struct ps_variable {
    struct str name;
    const struct ps_value *value; /* NULL: not known */
    bool hidden;                  /* its value was not spelled in the open */
};

struct ps_eval {
    struct peel *peel;
    struct slice script;
    VEC(struct ps_variable) variables;
    VEC(struct ps_variable) aliases;
    const struct ps_value *item; /* $_ */
    unsigned depth;
};

/* Evaluates a tree in the order of execution and leaves in every node what is
 * known of it. NULL: not known. */
const struct ps_value *ps_eval_node(struct ps_eval *eval, struct ps_node *node);

/* All outputs of the statements of a node. */
const struct ps_value *ps_eval_block(struct ps_eval *eval,
                                     struct ps_node *node);

/* A command, with what comes through the pipe (NULL: nothing known). */
enum ps_input {
    PS_NO_INPUT,
    PS_INPUT
};
const struct ps_value *ps_eval_command(struct ps_eval *eval,
                                       struct ps_node *node,
                                       const struct ps_value *input,
                                       enum ps_input piped);

/* Runs a string as a script: a layer, and node->run. */
void ps_run(struct ps_eval *eval, struct ps_node *node,
            const struct ps_value *script, const struct ps_node *argument);

/* Whether a node says something else than it spells. */
bool ps_is_hidden(const struct ps_eval *eval, const struct ps_node *node);

/* Whether the value of a variable was spelled out or worked out. */
enum ps_origin {
    PS_SPELLED,
    PS_WORKED_OUT
};
void ps_set(struct ps_eval *eval, struct str name, const struct ps_value *value,
            enum ps_origin origin);
const struct ps_variable *ps_find(const struct ps_eval *eval, struct str name);

/* The cmdlet behind a command name; the name itself if it is none. */
struct str ps_cmdlet(const struct ps_eval *eval, struct str name);

/* Value of a variable that a fresh session has, or NULL. */
const char *ps_stock_variable(struct str name);

#endif
