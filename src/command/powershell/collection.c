/* SPDX-License-Identifier: MIT */
#include "command/powershell/collection.h"

/* Where items are put, and what else a method does. */
enum deed {
    DEED_ADD,       /* one behind the others */
    DEED_ADD_RANGE, /* many */
    DEED_PUSH,      /* one before them: a stack puts out its last first */
    DEED_INSERT,
    DEED_TAKE, /* the first one away */
    DEED_REMOVE_AT,
    DEED_CLEAR,
    DEED_REVERSE
};

static const struct {
    const char *name;
    enum deed deed;
    uint32_t n_arguments;
} methods[] = {{"add", DEED_ADD, 1},       {"addrange", DEED_ADD_RANGE, 1},
               {"addlast", DEED_ADD, 1},   {"addfirst", DEED_PUSH, 1},
               {"enqueue", DEED_ADD, 1},   {"push", DEED_PUSH, 1},
               {"insert", DEED_INSERT, 2}, {"pop", DEED_TAKE, 0},
               {"dequeue", DEED_TAKE, 0},  {"removeat", DEED_REMOVE_AT, 1},
               {"clear", DEED_CLEAR, 0},   {"reverse", DEED_REVERSE, 0}};

bool ps_is_collection(struct str type)
{
    static const char *const names[] = {"collections.arraylist",
                                        "collections.stack",
                                        "collections.queue",
                                        "collections.generic.list",
                                        "collections.generic.stack",
                                        "collections.generic.queue",
                                        "collections.generic.linkedlist"};
    size_t bracket = str_find_char(type, '[', 0);
    struct str name = str_sub(type, 0, bracket);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_fold(name, str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

const struct ps_value *ps_collection_new(struct peel *peel,
                                         const struct ps_arguments *arguments)
{
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;

    return first && first->kind == PSV_ARRAY ? first : psv_array(peel, 0);
}

/* The array with `n` items of `by` in place of `gone` at `at`. */
static const struct ps_value *spliced(struct peel *peel,
                                      const struct ps_value *self, size_t at,
                                      size_t gone, const struct ps_value *by)
{
    size_t n = by ? psv_count(by) : 0;
    struct ps_value *out = psv_array(peel, self->n - gone + n);

    for (size_t i = 0; out && i < out->n; i++) {
        out->items[i] = i < at       ? self->items[i]
                        : i < at + n ? psv_item(peel, by, i - at)
                                     : self->items[i - n + gone];
        if (!out->items[i]) {
            return NULL;
        }
    }
    return out;
}

static const struct ps_value *reversed(struct peel *peel,
                                       const struct ps_value *self)
{
    struct ps_value *out = psv_array(peel, self->n);

    for (uint32_t i = 0; out && i < self->n; i++) {
        out->items[i] = self->items[self->n - 1 - i];
    }
    return out;
}

/* The array after a method; NULL: not known. */
static const struct ps_value *change(struct peel *peel,
                                     const struct ps_value *self,
                                     enum deed deed,
                                     const struct ps_arguments *arguments)
{
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;
    const struct ps_value *items[] = {first};
    struct ps_value one = {.kind = PSV_ARRAY, .items = items, .n = 1};
    int64_t at = 0;

    switch (deed) {
    case DEED_ADD:
        return spliced(peel, self, self->n, 0, &one);
    case DEED_ADD_RANGE:
        return spliced(peel, self, self->n, 0, first);
    case DEED_PUSH:
        return spliced(peel, self, 0, 0, &one);
    case DEED_INSERT:
        items[0] = arguments->items[1];
        return psv_number(first, &at) && at >= 0 && at <= (int64_t)self->n
                   ? spliced(peel, self, (size_t)at, 0, &one)
                   : NULL;
    case DEED_TAKE:
        return self->n ? spliced(peel, self, 0, 1, NULL) : NULL;
    case DEED_REMOVE_AT:
        return psv_number(first, &at) && at >= 0 && at < (int64_t)self->n
                   ? spliced(peel, self, (size_t)at, 1, NULL)
                   : NULL;
    case DEED_CLEAR:
        return psv_array(peel, 0);
    case DEED_REVERSE:
        return reversed(peel, self);
    }
    return NULL;
}

bool ps_collection_call(struct ps_eval *eval, const struct ps_node *receiver,
                        const struct ps_value *self, struct str name,
                        const struct ps_arguments *arguments,
                        const struct ps_value **out)
{
    if (self->kind != PSV_ARRAY || receiver->kind != PS_VARIABLE) {
        return false;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (!str_equal_fold(name, str_from(methods[i].name)) ||
            (arguments && arguments->n != methods[i].n_arguments)) {
            continue;
        }
        bool takes = methods[i].deed == DEED_TAKE;
        ps_set(eval, receiver->text,
               arguments ? change(eval->peel, self, methods[i].deed, arguments)
                         : NULL,
               PS_WORKED_OUT);
        *out = takes ? (self->n ? self->items[0] : NULL) : psv_null();
        return true;
    }
    return false;
}
