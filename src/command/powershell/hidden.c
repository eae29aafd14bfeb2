/* SPDX-License-Identifier: MIT */
/*
 * What counts as hidden is what an honest script would have no reason to write
 * as it stands. Joining words by a comma, cutting a list at blanks, taking the
 * second word or counting are daily work: of these the parts decide.
 */
#include "command/powershell/eval.h"

static bool any_hidden(const struct ps_eval *eval, const struct ps_node *node)
{
    for (const struct ps_node *part = node->first; part; part = part->next) {
        if (ps_is_hidden(eval, part)) {
            return true;
        }
    }
    return false;
}

/* Numbers say nothing by themselves. */
static bool is_number(const struct ps_value *value)
{
    bool only = value && value->kind == PSV_ARRAY;

    for (uint32_t i = 0; only && i < value->n; i++) {
        only = value->items[i] && value->items[i]->kind == PSV_INT;
    }
    return only ||
           (value && (value->kind == PSV_INT || value->kind == PSV_BOOL ||
                      value->kind == PSV_NULL));
}

static bool is_hidden_variable(const struct ps_eval *eval,
                               const struct ps_node *node)
{
    const struct ps_variable *variable = ps_find(eval, node->text);

    return variable && variable->hidden && !is_number(variable->value);
}

static bool is_hidden_expand(const struct ps_eval *eval,
                             const struct ps_node *node)
{
    for (const struct ps_node *part = node->first; part; part = part->next) {
        if (part->kind == PS_SUBEXPR ||
            (part->kind == PS_VARIABLE && is_hidden_variable(eval, part))) {
            return true;
        }
    }
    return node->noisy;
}

/* Whether words are listed on the spot: who joins them could have written what
 * comes of it. */
static bool is_literal_list(const struct ps_node *node)
{
    while ((node->kind == PS_PAREN || node->kind == PS_ARRAY) && node->first &&
           !node->first->next) {
        node = node->first;
    }
    return node->kind == PS_LIST;
}

/* $words -join ', ' and text -split ' ' */
static bool is_list_work(const struct ps_node *node)
{
    const struct ps_value *by = node->last ? node->last->value : NULL;

    if (!by || by->kind != PSV_STRING || !by->text.len) {
        return false;
    }
    return node->op == PS_OP_SPLIT ||
           (node->op == PS_OP_JOIN && !is_literal_list(node->first));
}

/* $words[1]: a string of a list, not a letter of a string */
static bool is_list_item(const struct ps_node *node)
{
    const struct ps_value *list = node->first->value;

    if (!list || list->kind != PSV_ARRAY || !node->value ||
        node->value->kind != PSV_STRING) {
        return false;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        if (!list->items[i] || list->items[i]->kind == PSV_CHAR) {
            return false;
        }
    }
    return true;
}

/* Methods that leave a text readable. */
static bool is_plain_call(const struct ps_node *node)
{
    static const char *const names[] = {"toupper",   "tolower", "trim",
                                        "trimstart", "trimend", "split"};
    const struct ps_node *callee = node->first;
    const struct ps_node *name = callee->last;

    if (callee->kind != PS_MEMBER || !name || name->kind != PS_WORD ||
        name->noisy) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_fold_z(name->text, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_hidden_call(const struct ps_eval *eval,
                           const struct ps_node *node)
{
    bool has_arguments = node->last != node->first;

    return !is_plain_call(node) || ps_is_hidden(eval, node->first->first) ||
           (has_arguments && any_hidden(eval, node->last));
}

bool ps_is_hidden(const struct ps_eval *eval, const struct ps_node *node)
{
    switch (node->kind) {
    case PS_STRING:
    case PS_WORD:
        return node->noisy;
    case PS_NUMBER:
    case PS_TYPE:
    case PS_SCRIPT:
    case PS_HASH:
    case PS_IF:
    case PS_FOR:
    case PS_FOREACH:
    case PS_WHILE:
    case PS_DO:
    case PS_SWITCH:
    case PS_TRY:
    case PS_FUNCTION:
    case PS_PARAMS:
    case PS_PARAM:
    case PS_LEAVE:
        return false;
    case PS_VARIABLE:
        return is_hidden_variable(eval, node);
    case PS_EXPAND:
        return is_hidden_expand(eval, node);
    case PS_PAREN:
    case PS_LIST:
    case PS_ARRAY:
    case PS_BLOCK:
        return any_hidden(eval, node);
    case PS_BINARY:
        return !is_list_work(node) || any_hidden(eval, node);
    case PS_INDEX:
        return !is_list_item(node) || any_hidden(eval, node);
    case PS_CALL:
        return is_hidden_call(eval, node);
    case PS_PIPELINE:
    case PS_COMMAND:
    case PS_ASSIGN:
    case PS_CAST:
    case PS_UNARY:
    case PS_SUBEXPR:
    case PS_MEMBER:
    case PS_STATIC:
        return true;
    }
    return false;
}
