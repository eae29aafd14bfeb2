/* SPDX-License-Identifier: MIT */
#include "command/powershell/operator.h"

#include "command/powershell/method.h"

/* The ends of a range, and how far they may be apart. */
#define MAX_RANGE 200000

const struct ps_value *ps_join(struct ps_eval *eval,
                               const struct ps_value *items,
                               struct str separator)
{
    struct str text;

    return items && psv_join(eval->peel, items, separator, &text)
               ? psv_string(eval->peel, text)
               : NULL;
}

/* Items of both, one after the other. */
const struct ps_value *ps_append(struct ps_eval *eval, const struct ps_value *a,
                                 const struct ps_value *b)
{
    size_t n = psv_count(a);
    struct ps_value *array = psv_array(eval->peel, n + psv_count(b));

    for (uint32_t i = 0; array && i < array->n; i++) {
        array->items[i] =
            i < n ? psv_item(eval->peel, a, i) : psv_item(eval->peel, b, i - n);
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

const struct ps_value *ps_add(struct ps_eval *eval, const struct ps_value *a,
                              const struct ps_value *b)
{
    int64_t left, right;

    if (a->kind == PSV_ARRAY || a->kind == PSV_BYTES) {
        return ps_append(eval, a, b);
    }
    bool text =
        a->kind == PSV_STRING || a->kind == PSV_ITEM ||
        (a->kind == PSV_CHAR && (b->kind == PSV_CHAR || b->kind == PSV_STRING));
    if (text) {
        return ps_grow(eval, a, b);
    }
    if (a->kind == PSV_NULL) {
        return b;
    }
    if (!psv_number(a, &left) || !psv_number(b, &right)) {
        return NULL;
    }
    return psv_int(eval->peel, (int64_t)((uint64_t)left + (uint64_t)right));
}

static const struct ps_value *repeat(struct ps_eval *eval, struct str text,
                                     int64_t times)
{
    if (times < 0 || times > UINT32_MAX ||
        !peel_fits(eval->peel, (uint64_t)times * text.len) ||
        !peel_spend(eval->peel, text.len * (size_t)times)) {
        return NULL;
    }
    size_t n = text.len * (size_t)times;
    char *out = arena_alloc(eval->peel->arena, n + 1, 1);
    for (size_t i = 0; out && text.len && i < n; i += text.len) {
        memcpy(out + i, text.bytes, text.len);
    }
    return out ? psv_string(eval->peel, str_of(out, n)) : NULL;
}

const struct ps_value *ps_range(struct ps_eval *eval, int64_t from, int64_t to)
{
    if (from < -MAX_RANGE || from > MAX_RANGE || to < -MAX_RANGE ||
        to > MAX_RANGE) {
        limit_hit(&eval->peel->hit, LIMIT_peel_steps);
        return NULL;
    }
    int64_t step = from <= to ? 1 : -1;
    struct ps_value *array =
        psv_array(eval->peel, (size_t)((to - from) * step + 1));
    for (uint32_t i = 0; array && i < array->n; i++) {
        array->items[i] = psv_int(eval->peel, from + step * (int64_t)i);
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

static const struct ps_value *arithmetic(struct ps_eval *eval, enum ps_op op,
                                         const struct ps_value *a,
                                         const struct ps_value *b)
{
    int64_t left, right;
    uint64_t x, y;

    if (op == PS_OP_MUL && a->kind == PSV_STRING) {
        return psv_number(b, &right) ? repeat(eval, a->text, right) : NULL;
    }
    if (!psv_number(a, &left) || !psv_number(b, &right)) {
        return NULL;
    }
    x = (uint64_t)left;
    y = (uint64_t)right;
    if (op == PS_OP_RANGE) {
        return ps_range(eval, left, right);
    }
    if (op == PS_OP_DIV || op == PS_OP_MOD) {
        if (right == 0 || right == -1 || (op == PS_OP_DIV && left % right)) {
            return NULL;
        }
        return psv_int(eval->peel,
                       op == PS_OP_DIV ? left / right : left % right);
    }
    if (op == PS_OP_SUB) {
        x -= y;
    } else if (op == PS_OP_MUL) {
        x *= y;
    } else if (op == PS_OP_BXOR) {
        x ^= y;
    } else if (op == PS_OP_BAND) {
        x &= y;
    } else if (op == PS_OP_BOR) {
        x |= y;
    } else if (op == PS_OP_SHL) {
        x <<= y & 31;
    } else if (op == PS_OP_SHR) {
        x >>= y & 31;
    } else {
        return NULL;
    }
    return psv_int(eval->peel, (int64_t)x);
}

/* An operator on the left side's items, one by one. */
static const struct ps_value *replace(struct ps_eval *eval,
                                      const struct ps_value *a,
                                      const struct ps_value *b,
                                      enum pattern_case letter_case)
{
    struct str text, pattern, by = STR("");
    const struct ps_value *first = psv_item(eval->peel, b, 0);
    const struct ps_value *second = psv_item(eval->peel, b, 1);

    if (!first || !psv_text(eval->peel, first, &pattern) ||
        (second && !psv_text(eval->peel, second, &by))) {
        return NULL;
    }
    if (a->kind != PSV_ARRAY) {
        return psv_text(eval->peel, a, &text)
                   ? ps_replace(eval->peel, text, pattern, by, letter_case)
                   : NULL;
    }
    struct ps_value *array = psv_array(eval->peel, a->n);
    for (uint32_t i = 0; array && i < a->n; i++) {
        array->items[i] =
            psv_text(eval->peel, a->items[i], &text)
                ? ps_replace(eval->peel, text, pattern, by, letter_case)
                : NULL;
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

const struct ps_value *ps_eval_binary(struct ps_eval *eval,
                                      const struct ps_node *node,
                                      const struct ps_value *a,
                                      const struct ps_value *b)
{
    enum pattern_case letter_case = node->exact ? PATTERN_EXACT : PATTERN_FOLD;
    const struct ps_value *first;
    struct str text;

    switch (node->op) {
    case PS_OP_ADD:
        return ps_add(eval, a, b);
    case PS_OP_JOIN:
        return psv_text(eval->peel, b, &text) ? ps_join(eval, a, text) : NULL;
    case PS_OP_SPLIT:
        first = psv_item(eval->peel, b, 0);
        return first && psv_text(eval->peel, first, &text)
                   ? ps_split(eval->peel, a, text, letter_case)
                   : NULL;
    case PS_OP_REPLACE:
        return replace(eval, a, b, letter_case);
    case PS_OP_FORMAT:
        return psv_text(eval->peel, a, &text) ? ps_format(eval->peel, text, b)
                                              : NULL;
    case PS_OP_AS:
        return b->kind == PSV_TYPE ? ps_cast(eval->peel, b->text, a) : NULL;
    case PS_OP_SUB:
    case PS_OP_MUL:
    case PS_OP_DIV:
    case PS_OP_MOD:
    case PS_OP_RANGE:
    case PS_OP_BXOR:
    case PS_OP_BAND:
    case PS_OP_BOR:
    case PS_OP_SHL:
    case PS_OP_SHR:
        return arithmetic(eval, node->op, a, b);
    case PS_OP_AND:
    case PS_OP_OR:
    case PS_OP_XOR:
    case PS_OP_EQ:
    case PS_OP_NE:
    case PS_OP_GT:
    case PS_OP_GE:
    case PS_OP_LT:
    case PS_OP_LE:
    case PS_OP_LIKE:
    case PS_OP_NOTLIKE:
    case PS_OP_MATCH:
    case PS_OP_NOTMATCH:
    case PS_OP_CONTAINS:
    case PS_OP_NOTCONTAINS:
    case PS_OP_IN:
    case PS_OP_NOTIN:
        return ps_compare(eval, node, a, b);
    case PS_OP_NONE:
    case PS_OP_BNOT:
    case PS_OP_NOT:
    case PS_OP_NEGATE:
    case PS_OP_PLUS:
    case PS_OP_INCREMENT:
    case PS_OP_DECREMENT:
    case PS_OP_OTHER:
        break;
    }
    return NULL;
}

const struct ps_value *ps_eval_unary(struct ps_eval *eval,
                                     const struct ps_node *node,
                                     const struct ps_value *a)
{
    int64_t number;

    if (node->op == PS_OP_JOIN) {
        return ps_join(eval, a, STR(""));
    }
    if (node->op == PS_OP_SPLIT) {
        return ps_split(eval->peel, a, STR("\\s+"), PATTERN_FOLD);
    }
    if (node->op == PS_OP_NOT) {
        return ps_not(a);
    }
    if (!psv_number(a, &number)) {
        return NULL;
    }
    bool up = node->op == PS_OP_INCREMENT;
    if (up || node->op == PS_OP_DECREMENT) {
        const struct ps_value *next = psv_int(
            eval->peel, (int64_t)((uint64_t)number + (up ? 1u : UINT64_MAX)));
        if (node->first->kind == PS_VARIABLE) {
            ps_set(eval, node->first->text, next, PS_WORKED_OUT);
        }
        return node->postfix ? psv_int(eval->peel, number) : next;
    }
    if (node->op == PS_OP_NEGATE) {
        return psv_int(eval->peel, (int64_t)(0 - (uint64_t)number));
    }
    if (node->op == PS_OP_BNOT) {
        return psv_int(eval->peel, ~number);
    }
    return node->op == PS_OP_PLUS ? psv_int(eval->peel, number) : NULL;
}

/* "text"[3] of a text whose characters are bytes, which loops ask for again and
 * again; NULL: it is another case. */
static const struct ps_value *index_ascii(struct ps_eval *eval, struct str text,
                                          const struct ps_value *index)
{
    if (index->kind != PSV_INT || str_ascii_run(text) != text.len ||
        !peel_spend(eval->peel, text.len / 16)) {
        return NULL;
    }
    int64_t count = (int64_t)text.len;
    int64_t at = index->number + (index->number < 0 ? count : 0);
    return at >= 0 && at < count
               ? psv_char(eval->peel, (unsigned char)text.bytes[at])
               : psv_null();
}

const struct ps_value *ps_eval_index(struct ps_eval *eval,
                                     const struct ps_value *object,
                                     const struct ps_value *index)
{
    const struct ps_value *items = object;
    struct str key;

    if (object->kind == PSV_HASH) {
        return psv_text(eval->peel, index, &key)
                   ? ps_hash_find(eval, object, key)
                   : NULL;
    }
    if (object->kind == PSV_STRING) {
        const struct ps_value *one = index_ascii(eval, object->text, index);
        if (one) {
            return one;
        }
        items = psv_chars(eval->peel, object->text);
    } else if (object->kind == PSV_INT || object->kind == PSV_CHAR) {
        return NULL;
    }
    if (!items) {
        return NULL;
    }
    int64_t count = (int64_t)psv_count(items);
    struct ps_value *out = psv_array(eval->peel, psv_count(index));
    uint32_t n = 0;
    for (uint32_t i = 0; out && i < out->n; i++) {
        const struct ps_value *at = psv_item(eval->peel, index, i);
        int64_t number;
        if (!at || !psv_number(at, &number)) {
            return NULL;
        }
        number += number < 0 ? count : 0;
        if (number >= 0 && number < count) {
            out->items[n] = psv_item(eval->peel, items, (size_t)number);
            if (!out->items[n++]) {
                return NULL;
            }
        }
    }
    if (!out) {
        return NULL;
    }
    out->n = n;
    bool one = index->kind != PSV_ARRAY;
    return one ? (n ? out->items[0] : psv_null()) : out;
}

const struct ps_value *ps_grow(struct ps_eval *eval, const struct ps_value *a,
                               const struct ps_value *b)
{
    struct text_builder *sum = &eval->sum;
    struct str left, right;

    if (!psv_text(eval->peel, a, &left) || !psv_text(eval->peel, b, &right)) {
        return NULL;
    }
    /* `a` is what the builder holds, unless something else came between. What
     * it holds stays where it is, since other values may be parts of it: where
     * there is no more room it is left behind for a larger one. */
    size_t need = left.len + right.len + 1;
    bool goes_on = sum->bytes && sum->len == left.len &&
                   left.bytes == sum->bytes && need <= sum->capacity;
    if (!goes_on) {
        text_build_init(sum, eval->peel->arena, TEXT_PEEL,
                        eval->peel->max_bytes);
    }
    size_t more = right.len + (goes_on ? 0 : left.len);
    size_t room_for = goes_on ? more + 1 : need;
    if (!goes_on && need <= eval->peel->max_bytes / 2) {
        room_for = need * 2;
    }
    char *room =
        peel_spend(eval->peel, more) ? text_build_room(sum, room_for) : NULL;
    if (!room) {
        return NULL;
    }
    if (!goes_on && left.len) {
        memcpy(room, left.bytes, left.len);
        room += left.len;
    }
    if (right.len) {
        memcpy(room, right.bytes, right.len);
    }
    sum->len += more;
    struct str bytes = text_build_bytes(sum);
    return bytes.bytes ? psv_string(eval->peel, bytes) : NULL;
}
