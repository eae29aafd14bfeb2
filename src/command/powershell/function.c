/* SPDX-License-Identifier: MIT */
#include "command/powershell/operator.h"

struct ps_node *ps_function(const struct ps_eval *eval, struct str name)
{
    if (str_starts_fold(name, STR("global:"))) {
        name = str_sub(name, 7, name.len);
    }
    if (!peel_spend(eval->peel, (size_t)eval->functions.n * 16)) {
        return NULL;
    }
    for (uint32_t i = eval->functions.n; i-- > 0;) {
        if (str_equal_fold(eval->functions.items[i].name, name)) {
            return eval->functions.items[i].node;
        }
    }
    return NULL;
}

/* The parameters of a block: its param(...), unless it has a list already. */
static struct ps_node *params_of(struct ps_node *params, struct ps_node *body)
{
    struct ps_node *first = body->first;

    return params ? params : first && first->kind == PS_PARAMS ? first : NULL;
}

const struct ps_value *ps_eval_function(struct ps_eval *eval,
                                        struct ps_node *node)
{
    struct ps_function function = {node->text, node};

    if (str_starts_fold(function.name, STR("global:"))) {
        function.name = str_sub(function.name, 7, function.name.len);
    }
    if (!VEC_PUSH(eval->peel->arena, &eval->functions, function)) {
        eval->peel->failed = true;
    }
    if (eval->quiet) {
        return psv_null();
    }
    struct ps_state state = ps_save(eval);
    const struct ps_value *item = eval->item;
    struct ps_node *params = params_of(
        node->first->kind == PS_PARAMS ? node->first : NULL, node->last);
    for (struct ps_node *param = params ? params->first : NULL; param;
         param = param->next) {
        ps_set(eval, param->text, NULL, PS_WORKED_OUT);
    }
    ps_set(eval, STR("args"), NULL, PS_WORKED_OUT);
    eval->item = NULL;
    ps_annotate(eval, node->last, NULL);
    eval->item = item;
    ps_restore(eval, &state);
    return psv_null();
}

static bool by_name(const struct ps_call *call, uint32_t i)
{
    return call->names && call->names[i].len;
}

/* Gives the parameters their values; the rest is $args. */
static void bind(struct ps_eval *eval, struct ps_node *params,
                 const struct ps_call *call)
{
    uint32_t next = 0;

    for (struct ps_node *param = params ? params->first : NULL; param;
         param = param->next) {
        uint32_t i = 0;
        while (i < call->n && !(by_name(call, i) &&
                                str_starts_fold(param->text, call->names[i]))) {
            i++;
        }
        if (i == call->n) {
            while (next < call->n && by_name(call, next)) {
                next++;
            }
            i = next < call->n ? next++ : call->n;
        }
        const struct ps_value *value = i < call->n ? call->values[i]
                                       : param->first
                                           ? ps_eval_node(eval, param->first)
                                           : psv_null();
        ps_set(eval, param->text, value, PS_WORKED_OUT);
    }
    struct ps_value *rest = psv_array(eval->peel, call->n);
    bool known = rest != NULL;
    if (rest) {
        rest->n = 0;
    }
    for (uint32_t i = params ? next : 0; known && i < call->n; i++) {
        if (!by_name(call, i)) {
            known = call->values[i] != NULL;
            rest->items[rest->n++] = call->values[i];
        }
    }
    ps_set(eval, STR("args"), known ? rest : NULL, PS_WORKED_OUT);
    ps_set(eval, STR("input"), call->input, PS_WORKED_OUT);
}

/* begin {..} process {..} end {..}: process for each item of the pipe. */
static const struct ps_value *run_stages(struct ps_eval *eval,
                                         struct ps_node *body,
                                         const struct ps_call *call, bool *is)
{
    static const char *const stages[] = {"begin", "process", "end"};
    const struct ps_value *out = NULL;

    *is = false;
    for (size_t i = 0; i < 3; i++) {
        for (struct ps_node *part = body->first; part; part = part->next) {
            if (part->kind != PS_COMMAND || !part->first ||
                part->first->kind != PS_WORD ||
                !str_equal_fold_z(part->first->text, stages[i]) ||
                part->last->kind != PS_SCRIPT) {
                continue;
            }
            *is = true;
            if (i != 1 || !call->input) {
                out = ps_eval_block(eval, part->last);
                continue;
            }
            for (size_t k = 0; k < psv_count(call->input); k++) {
                eval->item = psv_item(eval->peel, call->input, k);
                out = ps_eval_block(eval, part->last);
            }
        }
    }
    return out;
}

const struct ps_value *ps_call_block(struct ps_eval *eval,
                                     struct ps_node *params,
                                     struct ps_node *body,
                                     const struct ps_call *call)
{
    struct ps_state state = ps_save(eval);
    const struct ps_value *item = eval->item;
    bool staged;

    if (!state.saved || eval->calls >= PS_EVAL_DEPTH / 8) {
        return NULL;
    }
    eval->calls++;
    eval->quiet++;
    bind(eval, params_of(params, body), call);
    eval->item = call->input ? call->input : eval->item;
    const struct ps_value *out = run_stages(eval, body, call, &staged);
    if (!staged) {
        out = ps_eval_block(eval, body);
    }
    out = eval->lost ? NULL : out;
    eval->leaving = 0;
    eval->lost = false;
    eval->item = item;
    eval->quiet--;
    eval->calls--;
    ps_restore(eval, &state);
    for (uint32_t i = 0; i < eval->outer.n; i++) {
        const struct ps_variable *set = &eval->outer.items[i];
        ps_set(eval, set->name, set->value, PS_WORKED_OUT);
    }
    if (!eval->calls) {
        eval->outer.n = 0;
    }
    return out;
}

const struct ps_value *ps_eval_leave(struct ps_eval *eval, struct ps_node *node)
{
    const struct ps_value *value =
        node->first ? ps_eval_node(eval, node->first) : psv_null();

    if (eval->quiet) { /* what follows is shown in the open all the same */
        eval->leaving = node->sign;
    }
    return node->sign == 'r' ? value : psv_null();
}
