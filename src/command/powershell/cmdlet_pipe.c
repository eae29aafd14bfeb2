/* SPDX-License-Identifier: MIT */
#include "command/powershell/cmdlet.h"

/* Cmdlets that work on what comes through the pipe. */

struct results {
    struct ps_eval *eval;
    VEC(const struct ps_value *) list;
};

static bool add_result(struct results *results, const struct ps_value *value)
{
    return value && VEC_PUSH(results->eval->peel->arena, &results->list, value);
}

static bool add_results(struct results *results, const struct ps_value *value)
{
    for (size_t i = 0; value && i < psv_count(value); i++) {
        if (!add_result(results, psv_item(results->eval->peel, value, i))) {
            return false;
        }
    }
    return value != NULL;
}

/* One value as itself, none as nothing, more as an array. */
static const struct ps_value *results_value(struct results *results)
{
    if (results->list.n == 1) {
        return results->list.items[0];
    }
    struct ps_value *array = psv_array(results->eval->peel, 0);
    if (array) {
        array->items = results->list.items;
        array->n = results->list.n;
    }
    return array;
}

/* % { begin } { process } { end }: all blocks, and which is for each item. */
static uint32_t blocks_of(const struct invocation *call,
                          struct ps_node *blocks[3])
{
    static const char *const stages[] = {"begin", "process", "end"};
    uint32_t n = 0;

    memset(blocks, 0, 3 * sizeof *blocks);
    for (uint32_t i = 0; i < call->n; i++) {
        const struct ps_value *value = call->values[i];
        struct ps_node *block =
            value && value->kind == PSV_BLOCK ? value->block : NULL;
        for (size_t k = 0; block && call->names[i].len && k < 3; k++) {
            if (str_starts_fold(str_from(stages[k]), call->names[i])) {
                blocks[k] = block;
                block = NULL;
            }
        }
        if (block && n < 3) {
            blocks[n++] = block;
        }
    }
    if (n == 1) { /* one block is the process block */
        blocks[1] = blocks[0];
        blocks[0] = NULL;
    }
    return n;
}

/* The block for one item; the last one leaves its values in the tree. */
static bool run_item(struct ps_eval *eval, struct ps_node *block,
                     struct results *results, bool last)
{
    eval->quiet += !last;
    const struct ps_value *out = eval->item ? ps_eval_block(eval, block) : NULL;
    eval->quiet -= !last;
    char leaving = eval->leaving;
    eval->leaving = 0;
    return add_results(results, out) && !eval->lost && leaving != 'b';
}

static const struct ps_value *for_each_member(const struct invocation *call)
{
    struct results results = {.eval = call->eval};
    struct str member;

    if (!invocation_text(call, STR("membername"), 0, &member)) {
        return NULL;
    }
    for (size_t i = 0; i < psv_count(call->input); i++) {
        const struct ps_value *item =
            psv_item(call->eval->peel, call->input, i);
        if (!item || !add_result(&results,
                                 ps_property(call->eval->peel, item, member))) {
            return NULL;
        }
    }
    return results_value(&results);
}

const struct ps_value *cmdlet_for_each(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct results results = {.eval = eval};
    struct ps_node *blocks[3];

    if (!call->input || !call->n) {
        return NULL;
    }
    blocks_of(call, blocks);
    if (!blocks[1]) {
        return for_each_member(call);
    }
    const struct ps_value *before = eval->item;
    size_t n = psv_count(call->input);
    bool known = !blocks[0] || ps_eval_block(eval, blocks[0]);
    for (size_t i = 0; known && i < n; i++) {
        eval->item = psv_item(eval->peel, call->input, i);
        known = run_item(eval, blocks[1], &results, i + 1 == n);
    }
    /* %{iex $_} runs what comes in. */
    struct ps_node *only = blocks[1]->first;
    bool runs = only && only->run.text && !only->next && !eval->quiet;
    if (runs) {
        call->node->run = only->run;
        call->node->run_hidden = true;
    }
    eval->item = NULL;
    if (!runs) {
        ps_annotate(eval, blocks[1], blocks[1]->next);
    }
    eval->item = before;
    if (blocks[2]) {
        known = add_results(&results, ps_eval_block(eval, blocks[2])) && known;
    }
    if (!known) {
        ps_taint(eval, blocks[1]);
        return NULL;
    }
    return results_value(&results);
}

/* ? Name -like 'pattern' */
static const struct ps_value *where_property(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct results results = {.eval = eval};
    struct str name, by;

    if (call->n != 2 || !call->values[0] || !call->values[1] ||
        !psv_text(eval->peel, call->values[0], &name) ||
        !psv_text(eval->peel, call->values[1], &by)) {
        return NULL;
    }
    struct str op = call->names[1];
    op = op.len && ascii_lower(op.bytes[0]) == 'i' && op.len > 2
             ? str_sub(op, 1, op.len)
             : op;
    for (size_t i = 0; i < psv_count(call->input); i++) {
        const struct ps_value *item = psv_item(eval->peel, call->input, i);
        const struct ps_value *value =
            item ? ps_property(eval->peel, item, name) : NULL;
        struct str text;
        struct pattern_match match;
        if (!value || !psv_text(eval->peel, value, &text)) {
            return NULL;
        }
        bool fits =
            str_equal_fold(op, STR("like")) || str_equal_fold(op, STR("clike"))
                ? pattern_wildcard(by, text)
            : str_equal_fold(op, STR("match"))
                ? pattern_find(eval->peel, by, text, 0, PATTERN_FOLD, &match) ==
                      1
                : str_equal_fold(op, STR("eq")) && str_equal_fold(by, text);
        if (fits && !add_result(&results, item)) {
            return NULL;
        }
    }
    return results_value(&results);
}

const struct ps_value *cmdlet_where(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct results results = {.eval = eval};
    uint32_t at = invocation_find(call, STR("filterscript"), 0);

    if (!call->input || at >= call->n) {
        return NULL;
    }
    const struct ps_value *block = call->values[at];
    if (!block || block->kind != PSV_BLOCK || !block->block) {
        return where_property(call);
    }
    const struct ps_value *before = eval->item;
    bool known = true;
    for (size_t i = 0; known && i < psv_count(call->input); i++) {
        eval->item = psv_item(eval->peel, call->input, i);
        eval->quiet++;
        enum ps_truth truth = eval->item
                                  ? ps_truth(ps_eval_block(eval, block->block))
                                  : PS_UNKNOWN;
        eval->quiet--;
        known = truth == PS_FALSE ||
                (truth == PS_TRUE && add_result(&results, eval->item));
    }
    eval->item = NULL;
    ps_annotate(eval, block->block, block->block->next);
    eval->item = before;
    return known ? results_value(&results) : NULL;
}

/* A number that a parameter of at least so many letters was given. */
static bool number_of(const struct invocation *call, struct str name,
                      size_t letters, int64_t *out)
{
    for (uint32_t i = 0; i < call->n; i++) {
        if (call->names[i].len >= letters &&
            str_starts_fold(name, call->names[i])) {
            return call->values[i] && psv_number(call->values[i], out) &&
                   *out >= 0;
        }
    }
    return false;
}

const struct ps_value *cmdlet_select(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct str property;

    if (!call->input) {
        return NULL;
    }
    int64_t have = (int64_t)psv_count(call->input);
    int64_t first = have;
    int64_t last = have;
    int64_t skip = 0;
    for (uint32_t i = 0; i < call->n; i++) {
        if (call->names[i].len && call->values[i] &&
            str_starts_fold(STR("expandproperty"), call->names[i]) &&
            psv_text(eval->peel, call->values[i], &property)) {
            return ps_property(eval->peel,
                               have == 1 ? psv_item(eval->peel, call->input, 0)
                                         : call->input,
                               property);
        }
        if (call->names[i].len && call->values[i] &&
            str_starts_fold(STR("index"), call->names[i])) {
            return ps_eval_index(eval, call->input, call->values[i]);
        }
    }
    bool cuts = number_of(call, STR("first"), 1, &first);
    cuts = number_of(call, STR("last"), 2, &last) || cuts;
    cuts = number_of(call, STR("skip"), 2, &skip) || cuts;
    if (!cuts || !have) {
        return NULL;
    }
    skip = skip > have ? have : skip;
    int64_t from = last < have ? have - last - skip : skip;
    from = from < 0 ? 0 : from;
    int64_t n = last < have ? last : first;
    n = n > have - from ? have - from : n;
    const struct ps_value *span =
        n > 0 ? ps_range(eval, from, from + n - 1) : NULL;
    const struct ps_value *out =
        span ? ps_eval_index(eval, call->input, span) : NULL;
    return out && n == 1 ? psv_item(eval->peel, out, 0) : out;
}

/* What an item is sorted by: itself, a property or what a block makes of it. */
static const struct ps_value *sort_key(const struct invocation *call,
                                       const struct ps_value *item)
{
    struct ps_eval *eval = call->eval;
    const struct ps_value *by = call->n ? call->values[0] : NULL;
    struct str name;

    if (!call->n) {
        return item;
    }
    if (by && by->kind == PSV_BLOCK && by->block) {
        const struct ps_value *before = eval->item;
        eval->item = item;
        eval->quiet++;
        const struct ps_value *key = ps_eval_block(eval, by->block);
        eval->quiet--;
        eval->item = before;
        return key;
    }
    if (!by || !psv_text(eval->peel, by, &name)) {
        return NULL;
    }
    return item->kind == PSV_HASH ? ps_hash_find(eval, item, name)
                                  : ps_property(eval->peel, item, name);
}

/* Numbers by their value, anything else as texts. */
static bool is_behind(const struct ps_value *a, const struct ps_value *b)
{
    return a->kind == PSV_INT && b->kind == PSV_INT
               ? a->number > b->number
               : str_compare_fold(a->text, b->text) > 0;
}

const struct ps_value *cmdlet_sort(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    size_t n = call->input ? psv_count(call->input) : 0;
    bool down = invocation_switch(call, STR("descending"));

    if (!n || call->n > 1 || !peel_spend(eval->peel, n * n)) {
        return NULL;
    }
    struct ps_value *out = psv_array(eval->peel, n);
    struct ps_value *keys = psv_array(eval->peel, n);
    for (uint32_t i = 0; out && keys && i < n; i++) {
        const struct ps_value *item = psv_item(eval->peel, call->input, i);
        const struct ps_value *key = item ? sort_key(call, item) : NULL;
        if (!key || (key->kind != PSV_STRING && key->kind != PSV_INT)) {
            return NULL;
        }
        uint32_t at = i;
        for (; at > 0; at--) {
            bool moves = down ? is_behind(key, keys->items[at - 1])
                              : is_behind(keys->items[at - 1], key);
            if (!moves) {
                break;
            }
            out->items[at] = out->items[at - 1];
            keys->items[at] = keys->items[at - 1];
        }
        out->items[at] = item;
        keys->items[at] = key;
    }
    return keys ? out : NULL;
}

const struct ps_value *cmdlet_write(const struct invocation *call)
{
    return call->n ? call->values[0] : call->input;
}

const struct ps_value *cmdlet_invoke_command(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    uint32_t at = call->n;
    struct ps_call args = {.input =
                               call->piped == PS_INPUT ? call->input : NULL};

    for (uint32_t i = 0; i < call->n; i++) {
        if (call->values[i] && call->values[i]->kind == PSV_BLOCK) {
            at = i;
        }
    }
    if (at == call->n) {
        return NULL;
    }
    uint32_t list = invocation_find(call, STR("argumentlist"), 1);
    const struct ps_value *values = NULL;
    if (list < call->n && list != at) {
        values = call->values[list];
        if (!values) {
            return NULL;
        }
        bool many = values->kind == PSV_ARRAY;
        args.values = many ? values->items : &values;
        args.n = many ? values->n : 1;
    }
    if (!call->values[at]->block) {
        ps_run(eval, call->node, call->values[at], call->nodes[at]);
        return NULL;
    }
    return ps_call_block(eval, NULL, call->values[at]->block, &args);
}
