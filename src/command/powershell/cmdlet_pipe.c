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

const struct ps_value *cmdlet_select(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    int64_t n;
    struct str property;

    if (!call->input) {
        return NULL;
    }
    size_t have = psv_count(call->input);
    for (uint32_t i = 0; i < call->n; i++) {
        bool first =
            call->names[i].len && str_starts_fold(STR("first"), call->names[i]);
        bool last = call->names[i].len > 1 &&
                    str_starts_fold(STR("last"), call->names[i]);
        if (call->names[i].len &&
            str_starts_fold(STR("expandproperty"), call->names[i]) &&
            have == 1 && call->values[i] &&
            psv_text(eval->peel, call->values[i], &property)) {
            return ps_property(eval->peel, psv_item(eval->peel, call->input, 0),
                               property);
        }
        if ((first || last) && call->values[i] &&
            psv_number(call->values[i], &n) && n > 0 && have) {
            n = n > (int64_t)have ? (int64_t)have : n;
            int64_t from = first ? 0 : (int64_t)have - n;
            const struct ps_value *span = ps_range(eval, from, from + n - 1);
            const struct ps_value *out =
                span ? ps_eval_index(eval, call->input, span) : NULL;
            return out && n == 1 ? psv_item(eval->peel, out, 0) : out;
        }
    }
    return NULL;
}

/* Only the plain case: sorted as texts. */
const struct ps_value *cmdlet_sort(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    size_t n = call->input ? psv_count(call->input) : 0;

    if (!n || call->n || call->node->first->next ||
        !peel_spend(eval->peel, n * n)) {
        return NULL;
    }
    struct ps_value *out = psv_array(eval->peel, n);
    for (uint32_t i = 0; out && i < n; i++) {
        const struct ps_value *item = psv_item(eval->peel, call->input, i);
        struct str text, other;
        if (!item || item->kind != PSV_STRING ||
            !psv_text(eval->peel, item, &text)) {
            return NULL;
        }
        uint32_t at = i;
        for (; at > 0; at--) {
            other = out->items[at - 1]->text;
            if (str_compare_fold(other, text) <= 0) {
                break;
            }
            out->items[at] = out->items[at - 1];
        }
        out->items[at] = item;
    }
    return out;
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
