/* SPDX-License-Identifier: MIT */
#include "command/powershell/method.h"
#include "command/powershell/operator.h"

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

/* What the statements of a block put out: one value as it is, the items of
 * several one after the other. */
struct outputs {
    const struct ps_value *only;
    unsigned statements;
    VEC(const struct ps_value *) list;
};

static bool add_items(struct ps_eval *eval, struct outputs *outputs,
                      const struct ps_value *value)
{
    for (size_t i = 0; i < psv_count(value); i++) {
        const struct ps_value *item = psv_item(eval->peel, value, i);
        if (!item || !VEC_PUSH(eval->peel->arena, &outputs->list, item)) {
            return false;
        }
    }
    return true;
}

static bool add_output(struct ps_eval *eval, struct outputs *outputs,
                       const struct ps_value *value)
{
    outputs->statements++;
    if (outputs->statements == 1) {
        outputs->only = value;
        return true;
    }
    if (outputs->statements == 2 && !add_items(eval, outputs, outputs->only)) {
        return false;
    }
    return add_items(eval, outputs, value);
}

/* Statements without output: assignments, $i++. */
static bool is_silent(const struct ps_node *block, const struct ps_node *item)
{
    bool counts = item->kind == PS_UNARY &&
                  (item->op == PS_OP_INCREMENT || item->op == PS_OP_DECREMENT);

    return (item->kind == PS_ASSIGN || counts) && block->kind != PS_PAREN;
}

const struct ps_value *ps_eval_block(struct ps_eval *eval, struct ps_node *node)
{
    struct outputs outputs = {0};
    bool known = !node->broken;

    for (struct ps_node *item = node->first; item && !eval->leaving;
         item = item->next) {
        const struct ps_value *value = ps_eval_node(eval, item);
        if (is_silent(node, item) || (value && value->kind == PSV_NULL)) {
            continue;
        }
        known = known && value && add_output(eval, &outputs, value);
    }
    if (!known || node->broken) {
        return NULL;
    }
    if (outputs.statements < 2) {
        return outputs.only ? outputs.only : psv_null();
    }
    struct ps_value *array = psv_array(eval->peel, 0);
    if (array) {
        array->items = outputs.list.items;
        array->n = outputs.list.n;
    }
    return array;
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
            value = ps_grow(eval, value, b);
        } else {
            value = ps_eval_binary(eval, step, value, b);
        }
        step->value = eval->quiet ? step->value : value;
    }
    return value;
}

static const struct ps_value *eval_expand(struct ps_eval *eval,
                                          struct ps_node *node)
{
    return ps_join(eval, eval_list(eval, node), STR(""));
}

/* { ... } as a value; what it holds is evaluated for any input. */
static const struct ps_value *eval_script(struct ps_eval *eval,
                                          struct ps_node *node)
{
    struct str source = slice_str(
        slice_sub(eval->script, node->off + 1,
                  node->end - node->off > 2 ? node->end - node->off - 2 : 0));

    if (!eval->quiet) {
        const struct ps_value *item = eval->item;
        struct ps_state state = ps_save(eval);
        struct ps_node *params = node->first;
        eval->item = NULL;
        if (params && params->kind == PS_PARAMS) {
            for (struct ps_node *param = params->first; param;
                 param = param->next) {
                ps_set(eval, param->text, NULL, PS_WORKED_OUT);
            }
        }
        ps_annotate(eval, node, node->next);
        ps_restore(eval, &state);
        eval->item = item;
    }
    return psv_block(eval->peel, source, node);
}

/* A variable that was never set counts as nothing. */
static const struct ps_value *eval_fresh(struct ps_eval *eval,
                                         const struct ps_node *node)
{
    return node->kind == PS_VARIABLE && !ps_find(eval, node->text) ? psv_null()
                                                                   : NULL;
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
    case PS_SCRIPT:
        return eval_script(eval, node);
    case PS_HASH:
        return ps_eval_hash(eval, node);
    case PS_PIPELINE:
        return eval_pipeline(eval, node);
    case PS_COMMAND:
        return ps_eval_command(eval, node, NULL, PS_NO_INPUT);
    case PS_ASSIGN:
        return ps_eval_assign(eval, node);
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
        if (str_equal_fold(node->text, STR("void"))) {
            return psv_null(); /* whatever came of it */
        }
        return a ? ps_cast(eval->peel, node->text, a) : NULL;
    case PS_UNARY:
        a = ps_eval_node(eval, node->first);
        if (!a &&
            (node->op == PS_OP_INCREMENT || node->op == PS_OP_DECREMENT)) {
            a = eval_fresh(eval, node->first);
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
        return ps_eval_flow(eval, node);
    case PS_INDEX:
        a = ps_eval_node(eval, node->first);
        b = ps_eval_node(eval, node->last);
        return a && b ? ps_eval_index(eval, a, b) : NULL;
    }
    return NULL;
}

const struct ps_value *ps_eval_node(struct ps_eval *eval, struct ps_node *node)
{
    if (!peel_may_nest(eval->peel, eval->depth, PS_EVAL_DEPTH) ||
        !peel_spend(eval->peel, 16)) {
        node->value = eval->quiet ? node->value : NULL;
        return NULL;
    }
    eval->depth++;
    const struct ps_value *value = evaluate(eval, node);
    eval->depth--;
    if (!eval->quiet) {
        node->value = value;
    }
    return value;
}
