/* SPDX-License-Identifier: MIT */
#include "command/powershell/method.h"
#include "command/powershell/operator.h"

static const struct ps_value *boolean(bool yes)
{
    static const struct ps_value values[2] = {{.kind = PSV_BOOL},
                                              {.kind = PSV_BOOL, .number = 1}};

    return &values[yes];
}

static bool is_number(const struct ps_value *value)
{
    return value->kind == PSV_INT || value->kind == PSV_BOOL;
}

/* Order of two scalars by the type of the left one; false: not comparable. */
static bool order_of(struct ps_eval *eval, const struct ps_value *a,
                     const struct ps_value *b, bool exact, int *out)
{
    int64_t x, y;
    struct str s, t;

    if (a->kind == PSV_NULL || b->kind == PSV_NULL) {
        *out = (a->kind != PSV_NULL) - (b->kind != PSV_NULL);
        return true;
    }
    if (is_number(a) && psv_number(b, &y) && psv_number(a, &x)) {
        *out = (x > y) - (x < y);
        return true;
    }
    if (!psv_text(eval->peel, a, &s) || !psv_text(eval->peel, b, &t)) {
        return false;
    }
    *out = str_compare_fold(s, t);
    if (exact && *out == 0) {
        *out = !str_equal(s, t);
    }
    return true;
}

/* $Matches[0], $Matches[1], ... */
static void set_matches(struct ps_eval *eval, struct str text,
                        const struct pattern_match *match)
{
    struct ps_value *groups = psv_array(eval->peel, PATTERN_GROUPS);
    uint32_t n = 0;

    for (size_t i = 0; groups && i < PATTERN_GROUPS; i++) {
        bool part = match->start[i] != STR_NONE && match->end[i] != STR_NONE;
        groups->items[i] = psv_string(
            eval->peel, part ? str_sub(text, match->start[i],
                                       match->end[i] - match->start[i])
                             : STR(""));
        if (!groups->items[i]) {
            return;
        }
        n = part ? (uint32_t)i + 1 : n;
    }
    if (groups) {
        groups->n = n;
        ps_set(eval, STR("matches"), groups, PS_WORKED_OUT);
    }
}

static enum ps_truth matches(struct ps_eval *eval, const struct ps_value *a,
                             const struct ps_value *b, bool exact)
{
    struct str text, pattern;
    struct pattern_match match;

    if (!psv_text(eval->peel, a, &text) || !psv_text(eval->peel, b, &pattern)) {
        return PS_UNKNOWN;
    }
    int found = pattern_find(eval->peel, pattern, text, 0,
                             exact ? PATTERN_EXACT : PATTERN_FOLD, &match);
    if (found == 1) {
        set_matches(eval, text, &match);
    }
    return found < 0 ? PS_UNKNOWN : found ? PS_TRUE : PS_FALSE;
}

static enum ps_truth like(struct ps_eval *eval, const struct ps_value *a,
                          const struct ps_value *b)
{
    struct str text, pattern;

    if (!psv_text(eval->peel, a, &text) || !psv_text(eval->peel, b, &pattern) ||
        !peel_spend(eval->peel, text.len * (pattern.len + 1))) {
        return PS_UNKNOWN;
    }
    return pattern_wildcard(pattern, text) ? PS_TRUE : PS_FALSE;
}

static enum ps_truth negated(enum ps_truth truth)
{
    return truth == PS_UNKNOWN ? truth : truth == PS_TRUE ? PS_FALSE : PS_TRUE;
}

static enum ps_truth compare_one(struct ps_eval *eval, enum ps_op op,
                                 const struct ps_value *a,
                                 const struct ps_value *b, bool exact)
{
    int order = 0;

    switch (op) {
    case PS_OP_LIKE:
        return like(eval, a, b);
    case PS_OP_NOTLIKE:
        return negated(like(eval, a, b));
    case PS_OP_MATCH:
        return matches(eval, a, b, exact);
    case PS_OP_NOTMATCH:
        return negated(matches(eval, a, b, exact));
    default:
        break;
    }
    if (!order_of(eval, a, b, exact, &order)) {
        return PS_UNKNOWN;
    }
    bool yes = op == PS_OP_EQ   ? order == 0
               : op == PS_OP_NE ? order != 0
               : op == PS_OP_GT ? order > 0
               : op == PS_OP_GE ? order >= 0
               : op == PS_OP_LT ? order < 0
                                : order <= 0;
    return yes ? PS_TRUE : PS_FALSE;
}

/* list -contains item */
static const struct ps_value *contains(struct ps_eval *eval,
                                       const struct ps_value *list,
                                       const struct ps_value *item, bool want,
                                       bool exact)
{
    bool found = false;

    for (size_t i = 0; i < psv_count(list) && !found; i++) {
        const struct ps_value *have = psv_item(eval->peel, list, i);
        int order;
        if (!have || !order_of(eval, have, item, exact, &order)) {
            return NULL;
        }
        found = order == 0;
    }
    return boolean(found == want);
}

/* list -eq item: the items for which it holds */
static const struct ps_value *filter(struct ps_eval *eval, enum ps_op op,
                                     const struct ps_value *list,
                                     const struct ps_value *b, bool exact)
{
    struct ps_value *out = psv_array(eval->peel, list->n);
    uint32_t n = 0;

    for (uint32_t i = 0; out && i < list->n; i++) {
        enum ps_truth truth = compare_one(eval, op, list->items[i], b, exact);
        if (truth == PS_UNKNOWN) {
            return NULL;
        }
        if (truth == PS_TRUE) {
            out->items[n++] = list->items[i];
        }
    }
    if (out) {
        out->n = n;
    }
    return out;
}

const struct ps_value *ps_compare(struct ps_eval *eval,
                                  const struct ps_node *node,
                                  const struct ps_value *a,
                                  const struct ps_value *b)
{
    bool exact = node->exact;

    if (node->op == PS_OP_AND || node->op == PS_OP_OR ||
        node->op == PS_OP_XOR) {
        bool x = ps_truth(a) == PS_TRUE;
        bool y = ps_truth(b) == PS_TRUE;
        return boolean(node->op == PS_OP_AND  ? x && y
                       : node->op == PS_OP_OR ? x || y
                                              : x != y);
    }
    if (node->op == PS_OP_CONTAINS || node->op == PS_OP_NOTCONTAINS) {
        return contains(eval, a, b, node->op == PS_OP_CONTAINS, exact);
    }
    if (node->op == PS_OP_IN || node->op == PS_OP_NOTIN) {
        return contains(eval, b, a, node->op == PS_OP_IN, exact);
    }
    if (a->kind == PSV_ARRAY) {
        return filter(eval, node->op, a, b, exact);
    }
    enum ps_truth truth = compare_one(eval, node->op, a, b, exact);
    return truth == PS_UNKNOWN ? NULL : boolean(truth == PS_TRUE);
}

const struct ps_value *ps_not(const struct ps_value *a)
{
    return boolean(ps_truth(a) == PS_FALSE);
}
