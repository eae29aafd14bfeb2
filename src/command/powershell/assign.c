/* SPDX-License-Identifier: MIT */
#include "command/powershell/method.h"
#include "command/powershell/operator.h"

/* A copy of an array with one item changed; NULL past its end. */
static const struct ps_value *with_item(struct ps_eval *eval,
                                        const struct ps_value *array,
                                        const struct ps_value *index,
                                        const struct ps_value *value)
{
    int64_t at;
    int64_t n = (int64_t)psv_count(array);
    bool list = array->kind == PSV_ARRAY || array->kind == PSV_BYTES;

    if (!list || !psv_number(index, &at) || at >= n || at < -n) {
        return NULL;
    }
    struct ps_value *out = psv_array(eval->peel, (size_t)n);
    for (uint32_t i = 0; out && i < out->n; i++) {
        out->items[i] = (int64_t)i == (at < 0 ? at + n : at)
                            ? value
                            : psv_item(eval->peel, array, i);
        if (!out->items[i]) {
            return NULL;
        }
    }
    return out;
}

const struct ps_value *ps_hash_find(struct ps_eval *eval,
                                    const struct ps_value *hash, struct str key)
{
    if (!peel_spend(eval->peel, (size_t)hash->n * 8)) {
        return NULL;
    }
    for (uint32_t i = 0; i + 1 < hash->n; i += 2) {
        if (str_equal_fold(hash->items[i]->text, key)) {
            return hash->items[i + 1];
        }
    }
    return NULL;
}

/* A copy of a hash table with a key set. */
static const struct ps_value *with_key(struct ps_eval *eval,
                                       const struct ps_value *hash,
                                       struct str key,
                                       const struct ps_value *value)
{
    struct ps_value *out = psv_array(eval->peel, (size_t)hash->n + 2);
    bool found = false;

    if (!out) {
        return NULL;
    }
    out->kind = PSV_HASH;
    for (uint32_t i = 0; i < hash->n; i += 2) {
        bool this = str_equal_fold(hash->items[i]->text, key);
        out->items[i] = hash->items[i];
        out->items[i + 1] = this ? value : hash->items[i + 1];
        found = found || this;
    }
    out->items[hash->n] = psv_string(eval->peel, key);
    out->items[hash->n + 1] = value;
    out->n = found ? hash->n : hash->n + 2;
    return out->items[hash->n] ? out : NULL;
}

const struct ps_value *ps_eval_hash(struct ps_eval *eval, struct ps_node *node)
{
    struct ps_value empty = {.kind = PSV_HASH};
    const struct ps_value *hash = psv_array(eval->peel, 0);
    bool known = hash && !node->broken;

    for (struct ps_node *part = node->first; part; part = part->next) {
        struct ps_node *key = part->first;
        struct str name;
        if (part->kind != PS_ASSIGN || !key->next) {
            ps_eval_node(eval, part);
            known = false;
            continue;
        }
        const struct ps_value *value = ps_eval_node(eval, key->next);
        if (key->kind == PS_COMMAND && key->first) {
            key = key->first; /* a bare word */
        }
        const struct ps_value *text =
            key->kind == PS_VARIABLE || key->kind == PS_WORD ||
                    key->kind == PS_STRING || key->kind == PS_NUMBER ||
                    key->kind == PS_EXPAND || key->kind == PS_PAREN
                ? ps_eval_node(eval, key)
                : NULL;
        known = known && value && text && psv_text(eval->peel, text, &name);
        if (known) {
            hash = with_key(eval, hash->n ? hash : &empty, name, value);
            known = hash != NULL;
        }
    }
    if (!known) {
        return NULL;
    }
    if (!hash->n) {
        struct ps_value *none = psv_array(eval->peel, 0);
        if (none) {
            none->kind = PSV_HASH;
        }
        return none;
    }
    return hash;
}

static void assign(struct ps_eval *eval, struct ps_node *target,
                   const struct ps_value *value, enum ps_origin origin);

/* $x[index] = value, $x.name = value: a new value for $x */
static void assign_part(struct ps_eval *eval, struct ps_node *target,
                        const struct ps_value *value, enum ps_origin origin)
{
    struct ps_node *object = target->first;
    const struct ps_value *old = ps_eval_node(eval, object);
    const struct ps_value *index = NULL;
    const struct ps_value *now = NULL;
    struct str key;

    if (target->kind == PS_INDEX || target->last->kind != PS_WORD) {
        index = ps_eval_node(eval, target->last);
    } else {
        index = psv_string(eval->peel, target->last->text);
    }
    if (old && index && value && old->kind == PSV_HASH) {
        now = psv_text(eval->peel, index, &key)
                  ? with_key(eval, old, key, value)
                  : NULL;
    } else if (old && index && value && target->kind == PS_INDEX) {
        now = with_item(eval, old, index, value);
    }
    if (object->kind == PS_VARIABLE && (old || now)) {
        bool settable = old->kind != PSV_OBJECT;
        bool hidden = ps_is_hidden(eval, object);
        ps_set(eval, object->text, settable ? now : old,
               hidden ? PS_WORKED_OUT : origin);
    }
}

/* $a, $b = 1, 2: the last one takes the rest */
static void assign_list(struct ps_eval *eval, struct ps_node *list,
                        const struct ps_value *value, enum ps_origin origin)
{
    size_t i = 0;

    for (struct ps_node *target = list->first; target;
         target = target->next, i++) {
        const struct ps_value *part = !value ? NULL
                                      : i >= psv_count(value)
                                          ? psv_null()
                                          : psv_item(eval->peel, value, i);
        if (!target->next && value && psv_count(value) > i + 1) {
            part = NULL;
        }
        assign(eval, target, part, origin);
    }
}

static void assign(struct ps_eval *eval, struct ps_node *target,
                   const struct ps_value *value, enum ps_origin origin)
{
    struct str type = STR("");

    while (target->kind == PS_CAST) { /* [char[]]$x = ... */
        type = type.len ? type : target->text;
        target = target->first;
    }
    if (type.len && value) {
        const struct ps_value *cast = ps_cast(eval->peel, type, value);
        value = cast ? cast : value;
    }
    switch (target->kind) {
    case PS_VARIABLE:
        ps_set(eval, target->text, value, origin);
        break;
    case PS_LIST:
        assign_list(eval, target, value, origin);
        break;
    case PS_INDEX:
    case PS_MEMBER:
        assign_part(eval, target, value, origin);
        break;
    default:
        ps_eval_node(eval, target);
    }
}

/* += and the like: what is there already counts, too. */
static const struct ps_value *combined(struct ps_eval *eval,
                                       struct ps_node *node,
                                       struct ps_node *target,
                                       const struct ps_value *value)
{
    static const char signs[] = "+-*/%";
    static const enum ps_op ops[] = {PS_OP_ADD, PS_OP_SUB, PS_OP_MUL, PS_OP_DIV,
                                     PS_OP_MOD};
    const char *found = strchr(signs, node->sign);
    const struct ps_value *old = NULL;

    while (target->kind == PS_CAST) {
        target = target->first;
    }
    if (target->kind == PS_VARIABLE && !ps_find(eval, target->text)) {
        old = psv_null(); /* never set: nothing */
    } else {
        bool quiet = eval->quiet;
        eval->quiet += !quiet; /* a target keeps its spelling */
        old = ps_eval_node(eval, target);
        eval->quiet -= !quiet;
    }
    struct ps_node operation = {.kind = PS_BINARY, .op = PS_OP_NONE};
    if (found && node->sign) {
        operation.op = ops[found - signs];
    }
    return old && value ? ps_eval_binary(eval, &operation, old, value) : NULL;
}

const struct ps_value *ps_eval_assign(struct ps_eval *eval,
                                      struct ps_node *node)
{
    struct ps_node *target = node->first;
    struct ps_node *source = target->next;
    const struct ps_value *value = source ? ps_eval_node(eval, source) : NULL;
    bool hidden = source && ps_is_hidden(eval, source);

    if (node->sign != '=') {
        value = combined(eval, node, target, value);
        hidden = true;
    }
    assign(eval, target, value, hidden ? PS_WORKED_OUT : PS_SPELLED);
    return value;
}
