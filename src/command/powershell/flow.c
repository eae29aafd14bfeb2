/* SPDX-License-Identifier: MIT */
#include "command/powershell/operator.h"

/* A loop that is not understood in every round gets so many of them. */
#define MAX_UNKNOWN_ROUNDS 256

enum ps_truth ps_truth(const struct ps_value *value)
{
    if (!value) {
        return PS_UNKNOWN;
    }
    switch (value->kind) {
    case PSV_NULL:
        return PS_FALSE;
    case PSV_BOOL:
    case PSV_INT:
    case PSV_CHAR:
        return value->number ? PS_TRUE : PS_FALSE;
    case PSV_STRING:
        return value->text.len ? PS_TRUE : PS_FALSE;
    case PSV_ARRAY:
        return value->n == 0   ? PS_FALSE
               : value->n == 1 ? ps_truth(value->items[0])
                               : PS_TRUE;
    case PSV_BYTES:
        return value->text.len ? PS_TRUE : PS_FALSE;
    case PSV_TYPE:
    case PSV_ITEM:
    case PSV_HASH:
    case PSV_OBJECT:
    case PSV_BLOCK:
        break;
    }
    return PS_TRUE;
}

struct ps_state ps_save(struct ps_eval *eval)
{
    struct ps_state state = {NULL, eval->variables.n, false};
    size_t bytes = state.n * sizeof *state.variables;

    if (peel_spend(eval->peel, bytes)) {
        state.variables =
            ARENA_ARRAY(eval->peel->arena, struct ps_variable, state.n);
        eval->peel->failed = eval->peel->failed || !state.variables;
    }
    if (state.variables && state.n) {
        memcpy(state.variables, eval->variables.items, bytes);
    }
    state.saved = state.variables != NULL;
    return state;
}

void ps_restore(struct ps_eval *eval, const struct ps_state *state)
{
    if (state->saved && state->n) {
        memcpy(eval->variables.items, state->variables,
               state->n * sizeof *state->variables);
    }
    if (state->saved) {
        eval->variables.n = state->n;
    }
}

void ps_taint(struct ps_eval *eval, const struct ps_node *node)
{
    const struct ps_node *target = node->first;

    if (!peel_spend(eval->peel, 16) ||
        !peel_may_nest(eval->peel, eval->depth, PS_EVAL_DEPTH)) {
        return;
    }
    bool assigns = node->kind == PS_ASSIGN || node->kind == PS_FOREACH ||
                   (node->kind == PS_UNARY && (node->op == PS_OP_INCREMENT ||
                                               node->op == PS_OP_DECREMENT));
    while (assigns && target &&
           (target->kind == PS_CAST || target->kind == PS_INDEX ||
            target->kind == PS_MEMBER)) {
        target = target->first; /* [string]$x, $x[1], $x.y */
    }
    if (assigns && target && target->kind == PS_VARIABLE) {
        ps_set(eval, target->text, NULL, PS_WORKED_OUT);
    }
    eval->depth++;
    for (const struct ps_node *child = node->first; child;
         child = child->next) {
        ps_taint(eval, child);
    }
    eval->depth--;
}

/* Whether code may leave a loop or function. */
static bool may_leave(struct ps_eval *eval, const struct ps_node *node)
{
    bool found = node->kind == PS_LEAVE;

    if (!peel_spend(eval->peel, 16) ||
        !peel_may_nest(eval->peel, eval->depth, PS_EVAL_DEPTH)) {
        return true;
    }
    eval->depth++;
    for (const struct ps_node *child = node->first; child && !found;
         child = child->next) {
        found = may_leave(eval, child);
    }
    eval->depth--;
    return found;
}

void ps_annotate(struct ps_eval *eval, struct ps_node *first,
                 const struct ps_node *stop)
{
    const struct ps_value *item = eval->item;

    if (eval->quiet) {
        return;
    }
    struct ps_state state = ps_save(eval);
    if (!state.saved) {
        return;
    }
    for (const struct ps_node *node = first; node != stop; node = node->next) {
        ps_taint(eval, node);
    }
    for (struct ps_node *node = first; node != stop; node = node->next) {
        if (node->kind == PS_SCRIPT) {
            node->value = ps_eval_block(eval, node);
        } else if (node->kind != PS_VARIABLE) {
            ps_eval_node(eval, node);
        }
    }
    eval->item = item;
    ps_restore(eval, &state);
}

/* One loop at work. */
struct rounds {
    struct ps_eval *eval;
    VEC(const struct ps_value *) outputs;
    bool known;     /* so are all outputs */
    unsigned n;     /* rounds with something unknown */
    uint64_t floor; /* steps that have to be left over */
};

static void rounds_begin(struct rounds *rounds, struct ps_eval *eval)
{
    memset(rounds, 0, sizeof *rounds);
    rounds->eval = eval;
    rounds->known = true;
    rounds->floor = eval->peel->steps_left / 4;
    eval->quiet++;
}

/* One round; false when the loop ends with it. */
static bool rounds_run(struct rounds *rounds, struct ps_node *body)
{
    struct ps_eval *eval = rounds->eval;
    const struct ps_value *value = ps_eval_block(eval, body);

    for (size_t i = 0; value && rounds->known && i < psv_count(value); i++) {
        const struct ps_value *item = psv_item(eval->peel, value, i);
        rounds->known =
            item && VEC_PUSH(eval->peel->arena, &rounds->outputs, item);
    }
    rounds->n += !value;
    rounds->known = rounds->known && value;
    char leaving = eval->leaving;
    if (leaving == 'b' || leaving == 'c') {
        eval->leaving = 0;
    }
    if (eval->peel->steps_left < rounds->floor) {
        /* Endless on purpose where something is waited for. */
        if (!rounds->n) {
            limit_hit(&eval->peel->hit, LIMIT_peel_steps);
        }
        eval->lost = true;
    }
    if (rounds->n > MAX_UNKNOWN_ROUNDS) {
        eval->lost = true;
    }
    return !eval->lost && (leaving == 0 || leaving == 'c');
}

/* Ends a loop: [first, stop) is its code. */
static const struct ps_value *rounds_end(struct rounds *rounds,
                                         struct ps_node *first,
                                         const struct ps_node *stop)
{
    struct ps_eval *eval = rounds->eval;
    bool lost = eval->lost;

    eval->quiet--;
    for (const struct ps_node *node = first; lost && node != stop;
         node = node->next) {
        ps_taint(eval, node);
    }
    eval->lost = lost && eval->quiet;
    ps_annotate(eval, first, stop);
    if (lost || !rounds->known) {
        return NULL;
    }
    if (!rounds->outputs.n) {
        return psv_null();
    }
    struct ps_value *array = psv_array(eval->peel, 0);
    if (array) {
        array->items = rounds->outputs.items;
        array->n = rounds->outputs.n;
    }
    return array;
}

/* The condition of a loop; unknown ends it. */
static bool holds(struct ps_eval *eval, struct ps_node *condition)
{
    if (condition->kind == PS_BLOCK && !condition->first) {
        return true; /* for (;;) */
    }
    enum ps_truth truth = ps_truth(ps_eval_node(eval, condition));
    eval->lost = eval->lost || truth == PS_UNKNOWN;
    return truth == PS_TRUE;
}

static const struct ps_value *eval_for(struct ps_eval *eval,
                                       struct ps_node *node)
{
    struct ps_node *condition = node->first->next;
    struct ps_node *step = condition->next;
    struct rounds rounds;

    ps_eval_node(eval, node->first);
    rounds_begin(&rounds, eval);
    while (holds(eval, condition) && rounds_run(&rounds, node->last)) {
        ps_eval_node(eval, step);
    }
    return rounds_end(&rounds, condition, NULL);
}

static const struct ps_value *eval_foreach(struct ps_eval *eval,
                                           struct ps_node *node)
{
    struct ps_node *source = node->first->next;
    const struct ps_value *list = ps_eval_node(eval, source);
    struct rounds rounds;

    rounds_begin(&rounds, eval);
    eval->lost = eval->lost || !list;
    for (size_t i = 0; list && i < psv_count(list); i++) {
        ps_set(eval, node->first->text, psv_item(eval->peel, list, i),
               PS_WORKED_OUT);
        if (!rounds_run(&rounds, node->last)) {
            break;
        }
    }
    if (!list && !eval->quiet) {
        ps_set(eval, node->first->text, NULL, PS_WORKED_OUT);
    }
    struct ps_variable now = {node->first->text, NULL, true};
    const struct ps_variable *have = ps_find(eval, now.name);
    now.value = have ? have->value : NULL;
    /* Inside the body the variable is any of the items. */
    ps_set(eval, now.name, NULL, PS_WORKED_OUT);
    const struct ps_value *out = rounds_end(&rounds, node->last, NULL);
    ps_set(eval, now.name, now.value, PS_WORKED_OUT);
    return out;
}

static const struct ps_value *eval_while(struct ps_eval *eval,
                                         struct ps_node *node)
{
    struct rounds rounds;

    rounds_begin(&rounds, eval);
    while (holds(eval, node->first) && rounds_run(&rounds, node->last)) {
    }
    return rounds_end(&rounds, node->first, NULL);
}

static const struct ps_value *eval_do(struct ps_eval *eval,
                                      struct ps_node *node)
{
    struct rounds rounds;
    bool until = node->sign == 'u';

    rounds_begin(&rounds, eval);
    while (rounds_run(&rounds, node->first) &&
           holds(eval, node->last) != until && !eval->lost) {
    }
    return rounds_end(&rounds, node->first, NULL);
}

/* Code of which it is not known whether it runs. */
static void eval_maybe(struct ps_eval *eval, struct ps_node *block)
{
    if (eval->quiet) {
        eval->lost = eval->lost || may_leave(eval, block);
    } else {
        ps_annotate(eval, block, block->next);
    }
    ps_taint(eval, block);
}

static const struct ps_value *eval_if(struct ps_eval *eval,
                                      struct ps_node *node)
{
    enum ps_truth so_far = PS_FALSE; /* whether a branch was taken */
    const struct ps_value *out = psv_null();

    for (struct ps_node *part = node->first; part; part = part->next) {
        enum ps_truth truth = PS_TRUE; /* else */
        if (part->next) {
            truth = so_far == PS_TRUE && eval->quiet
                        ? PS_FALSE
                        : ps_truth(ps_eval_node(eval, part));
            part = part->next;
        }
        if (so_far == PS_TRUE || truth == PS_FALSE) {
            ps_annotate(eval, part, part->next);
        } else if (so_far == PS_FALSE && truth == PS_TRUE) {
            out = ps_eval_block(eval, part);
            so_far = PS_TRUE;
        } else {
            eval_maybe(eval, part);
            out = NULL;
            so_far = PS_UNKNOWN;
        }
    }
    return out;
}

static const struct ps_value *eval_switch(struct ps_eval *eval,
                                          struct ps_node *node)
{
    const struct ps_value *value = ps_eval_node(eval, node->first);
    bool matched = false;
    struct str have, want;

    if (!value || !psv_text(eval->peel, value, &have)) {
        value = NULL;
    }
    const struct ps_value *out = value ? psv_null() : NULL;
    for (struct ps_node *part = node->first->next; part && part->next;
         part = part->next->next) {
        struct ps_node *block = part->next;
        bool otherwise =
            part->kind == PS_WORD && str_equal_fold(part->text, STR("default"));
        const struct ps_value *pattern =
            otherwise ? psv_null() : ps_eval_node(eval, part);
        if (!value || !pattern || !psv_text(eval->peel, pattern, &want)) {
            eval_maybe(eval, block);
            out = NULL;
        } else if (otherwise ? !matched : str_equal_fold(have, want)) {
            out = ps_eval_block(eval, block);
            matched = true;
            if (eval->leaving == 'b') {
                eval->leaving = 0;
                break;
            }
        } else {
            ps_annotate(eval, block, block->next);
        }
    }
    return out;
}

static const struct ps_value *eval_try(struct ps_eval *eval,
                                       struct ps_node *node)
{
    const struct ps_value *out = ps_eval_block(eval, node->first);

    for (struct ps_node *block = node->first->next; block;
         block = block->next) {
        if (block->sign == 'f') {
            ps_eval_block(eval, block);
        } else if (out) { /* nothing unknown happened */
            ps_annotate(eval, block, block->next);
        } else {
            eval_maybe(eval, block);
        }
    }
    return out;
}

const struct ps_value *ps_eval_flow(struct ps_eval *eval, struct ps_node *node)
{
    if (node->broken) { /* half a statement: only what it holds */
        for (struct ps_node *part = node->first; part; part = part->next) {
            ps_eval_node(eval, part);
        }
        return NULL;
    }
    switch (node->kind) {
    case PS_IF:
        return eval_if(eval, node);
    case PS_FOR:
        return eval_for(eval, node);
    case PS_FOREACH:
        return eval_foreach(eval, node);
    case PS_WHILE:
        return eval_while(eval, node);
    case PS_DO:
        return eval_do(eval, node);
    case PS_SWITCH:
        return eval_switch(eval, node);
    case PS_TRY:
        return eval_try(eval, node);
    case PS_FUNCTION:
        return ps_eval_function(eval, node);
    case PS_LEAVE:
        return ps_eval_leave(eval, node);
    default: /* PS_PARAMS: bound where the block is called */
        return psv_null();
    }
}
