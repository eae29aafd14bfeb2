/* SPDX-License-Identifier: MIT */
#include "command/powershell/operator.h"

#include "command/powershell/method.h"

#define MAX_DEPTH 300

static const struct ps_value *eval_list(struct ps_eval *eval,
                                        struct ps_node *node)
{
    size_t n = 0;
    bool known = true;

    for (const struct ps_node *item = node->first; item; item = item->next) {
        n++;
    }
    struct ps_value *array = psv_array(eval->peel, n);
    uint32_t i = 0;
    for (struct ps_node *item = node->first; item; item = item->next, i++) {
        const struct ps_value *value = ps_eval_node(eval, item);
        known = known && value && array;
        if (known) {
            array->items[i] = value;
        }
    }
    return known ? array : NULL;
}

const struct ps_value *ps_eval_block(struct ps_eval *eval, struct ps_node *node)
{
    VEC(const struct ps_value *) outputs = {0};
    bool known = !node->broken;

    for (struct ps_node *item = node->first; item; item = item->next) {
        const struct ps_value *value = ps_eval_node(eval, item);
        if (item->kind == PS_ASSIGN || (value && value->kind == PSV_NULL)) {
            continue;
        }
        known = known && value && VEC_PUSH(eval->peel->arena, &outputs, value);
    }
    if (!known || node->broken) {
        return NULL;
    }
    if (outputs.n == 1) {
        return outputs.items[0];
    }
    if (!outputs.n) {
        return psv_null();
    }
    struct ps_value *array = psv_array(eval->peel, 0);
    if (array) {
        array->items = outputs.items;
        array->n = outputs.n;
    }
    return array;
}

static const struct ps_value *eval_assign(struct ps_eval *eval,
                                          struct ps_node *node)
{
    struct ps_node *target = node->first;
    struct ps_node *source = target->next;
    const struct ps_value *value = source ? ps_eval_node(eval, source) : NULL;

    if (target->kind == PS_CAST && target->first->kind == PS_VARIABLE) {
        target = target->first; /* [string]$x = ... */
    }
    if (target->kind != PS_VARIABLE) {
        ps_eval_node(eval, target);
        return NULL;
    }
    bool hidden = source && ps_is_hidden(eval, source);
    if (node->sign != '=') {
        const struct ps_variable *old = ps_find(eval, target->text);
        value = node->sign == '+' && value && old && old->value
                    ? ps_add(eval, old->value, value)
                    : NULL;
        hidden = true;
    }
    ps_set(eval, target->text, value, hidden ? PS_WORKED_OUT : PS_SPELLED);
    return value;
}

static const struct ps_value *eval_pipeline(struct ps_eval *eval,
                                            struct ps_node *node)
{
    const struct ps_value *value = NULL;

    for (struct ps_node *item = node->first; item; item = item->next) {
        if (item->kind == PS_COMMAND) {
            value =
                ps_eval_command(eval, item, value,
                                item == node->first ? PS_NO_INPUT : PS_INPUT);
            if (item->run.text && item != node->first) {
                node->run = item->run; /* X | iex as a whole */
                node->run_hidden =
                    item->run_hidden || ps_is_hidden(eval, node->first);
                item->run = SLICE_NONE;
            }
        } else {
            value = ps_eval_node(eval, item);
        }
    }
    return value;
}

/* a + b + c + ... is a tree as deep as it is long: its left spine is walked
 * without recursion. */
static const struct ps_value *eval_spine(struct ps_eval *eval,
                                         struct ps_node *node)
{
    VEC(struct ps_node *) spine = {0};
    struct text_builder sum = {0};
    struct ps_node *left = node;

    for (; left->kind == PS_BINARY; left = left->first) {
        if (!VEC_PUSH(eval->peel->arena, &spine, left)) {
            eval->peel->failed = true;
            return NULL;
        }
    }
    const struct ps_value *value = ps_eval_node(eval, left);
    for (uint32_t i = spine.n; i-- > 0;) {
        struct ps_node *step = spine.items[i];
        const struct ps_value *b = ps_eval_node(eval, step->last);
        if (!value || !b) {
            value = NULL;
        } else if (step->op == PS_OP_ADD && value->kind == PSV_STRING) {
            value = ps_grow(eval, &sum, value, b);
        } else {
            value = ps_eval_binary(eval, step, value, b);
        }
        step->value = value;
    }
    return value;
}

static const struct ps_value *eval_expand(struct ps_eval *eval,
                                          struct ps_node *node)
{
    return ps_join(eval, eval_list(eval, node), STR(""));
}

static const struct ps_value *evaluate(struct ps_eval *eval,
                                       struct ps_node *node)
{
    const struct ps_value *a = NULL;
    const struct ps_value *b = NULL;

    switch (node->kind) {
    case PS_BLOCK:
    case PS_PAREN:
    case PS_SUBEXPR:
        return ps_eval_block(eval, node);
    case PS_ARRAY:
        a = ps_eval_block(eval, node);
        return a && a->kind != PSV_ARRAY ? ps_append(eval, a, psv_null()) : a;
    case PS_SCRIPT: {
        const struct ps_value *item = eval->item;
        eval->item = NULL;
        ps_eval_block(eval, node);
        eval->item = item;
        return NULL;
    }
    case PS_HASH:
        for (struct ps_node *part = node->first; part; part = part->next) {
            ps_eval_node(eval, part);
        }
        return psv_string(eval->peel, STR("System.Collections.Hashtable"));
    case PS_PIPELINE:
        return eval_pipeline(eval, node);
    case PS_COMMAND:
        return ps_eval_command(eval, node, NULL, PS_NO_INPUT);
    case PS_ASSIGN:
        return eval_assign(eval, node);
    case PS_WORD:
    case PS_STRING:
        return psv_string(eval->peel, node->text);
    case PS_EXPAND:
        return eval_expand(eval, node);
    case PS_NUMBER:
        return node->broken ? NULL : psv_int(eval->peel, node->number);
    case PS_VARIABLE:
        return ps_eval_variable(eval, node->text);
    case PS_TYPE:
        return node->broken ? NULL : psv_kind(eval->peel, PSV_TYPE, node->text);
    case PS_CAST:
        a = ps_eval_node(eval, node->first);
        return a ? ps_cast(eval->peel, node->text, a) : NULL;
    case PS_UNARY:
        a = ps_eval_node(eval, node->first);
        if (!a &&
            (node->op == PS_OP_INCREMENT || node->op == PS_OP_DECREMENT)) {
            a = psv_null();
        }
        return a ? ps_eval_unary(eval, node, a) : NULL;
    case PS_BINARY:
        return eval_spine(eval, node);
    case PS_LIST:
        return eval_list(eval, node);
    case PS_MEMBER:
    case PS_STATIC:
        return ps_eval_member(eval, node);
    case PS_CALL:
        return ps_eval_call(eval, node);
    case PS_INDEX:
        a = ps_eval_node(eval, node->first);
        b = ps_eval_node(eval, node->last);
        return a && b ? ps_eval_index(eval, a, b) : NULL;
    }
    return NULL;
}

const struct ps_value *ps_eval_node(struct ps_eval *eval, struct ps_node *node)
{
    if (eval->depth >= MAX_DEPTH || !peel_spend(eval->peel, 16)) {
        node->value = NULL;
        return NULL;
    }
    eval->depth++;
    node->value = evaluate(eval, node);
    eval->depth--;
    return node->value;
}
