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

/* function name { ... } */
struct ps_function {
    struct str name;
    struct ps_node *node;
};

/* Code that is executed once leaves its values in the tree. What a loop or a
 * function does in one of several rounds is true of that round only: such code
 * runs quietly, and is evaluated once more with what it assigns unknown. */
struct ps_eval {
    struct peel *peel;
    struct slice script;
    VEC(struct ps_variable) variables;
    VEC(struct ps_variable) aliases;
    VEC(struct ps_function) functions;
    VEC(struct ps_variable) outer; /* set through $global: in a function */
    const struct ps_value *item;   /* $_ */
    struct text_builder sum;       /* the text that grew last */
    unsigned depth;
    unsigned calls; /* functions that run */
    unsigned quiet; /* loops and functions that run */
    char leaving;   /* sign of the PS_LEAVE on its way, or 0 */
    bool lost;      /* whether a loop was left depends on the unknown */
};

/* Evaluates a tree in the order of execution and leaves in every node what is
 * known of it. NULL: not known. */
const struct ps_value *ps_eval_node(struct ps_eval *eval, struct ps_node *node);

/* All outputs of the statements of a node. */
const struct ps_value *ps_eval_block(struct ps_eval *eval,
                                     struct ps_node *node);

/* if, for, function, ... */
const struct ps_value *ps_eval_flow(struct ps_eval *eval, struct ps_node *node);

/* Runs a block or function with arguments; names[i] is the parameter that
 * values[i] was given by, or empty. NULL values are unknown. */
struct ps_call {
    const struct ps_value **values;
    const struct str *names; /* NULL: all by position */
    uint32_t n;
    const struct ps_value *input; /* through the pipe, or NULL */
};
const struct ps_value *ps_call_block(struct ps_eval *eval,
                                     struct ps_node *params,
                                     struct ps_node *body,
                                     const struct ps_call *call);

/* The function of that name, or NULL. */
struct ps_node *ps_function(const struct ps_eval *eval, struct str name);

/* Everything that a piece of code assigns becomes unknown. */
void ps_taint(struct ps_eval *eval, const struct ps_node *node);

/* The variables as they are now, to go back to. */
struct ps_state {
    struct ps_variable *variables;
    uint32_t n;
    bool saved;
};
struct ps_state ps_save(struct ps_eval *eval);
void ps_restore(struct ps_eval *eval, const struct ps_state *state);

enum ps_truth {
    PS_FALSE,
    PS_TRUE,
    PS_UNKNOWN
};
enum ps_truth ps_truth(const struct ps_value *value);

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

/* Peels a script that this one runs, with what is set here; what it sets is
 * set here, too. */
struct slice ps_peel_nested(struct ps_eval *eval, struct slice script);

/* The command whose name fits a wildcard, as an item; NULL: none known. */
const struct ps_value *ps_find_command(struct ps_eval *eval,
                                       struct str pattern);

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
