/* SPDX-License-Identifier: MIT */
#include "command/powershell/value.h"

#define MAX_NESTING 48 /* of lists, in whatever they are nested */

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"

static struct ps_value *new_value(struct peel *peel, enum ps_value_kind kind)
{
    struct ps_value *value = NULL;

    if (peel_spend(peel, sizeof *value)) {
        value = ARENA_NEW(peel->arena, struct ps_value);
        peel->failed = peel->failed || !value;
    }
    if (value) {
        value->kind = kind;
    }
    return value;
}

const struct ps_value *psv_int(struct peel *peel, int64_t number)
{
    struct ps_value *value = new_value(peel, PSV_INT);

    if (value) {
        value->number = number;
    }
    return value;
}

const struct ps_value *psv_char(struct peel *peel, uint32_t code)
{
    struct ps_value *value = new_value(peel, PSV_CHAR);

    if (value) {
        value->number = code;
    }
    return value;
}

const struct ps_value *psv_kind(struct peel *peel, enum ps_value_kind kind,
                                struct str text)
{
    struct ps_value *value = NULL;

    if (peel_fits(peel, text.len)) {
        value = new_value(peel, kind);
    }
    if (value) {
        value->text = text.bytes ? text : STR("");
    }
    return value;
}

const struct ps_value *psv_string(struct peel *peel, struct str text)
{
    return psv_kind(peel, PSV_STRING, text);
}

const struct ps_value *psv_bytes(struct peel *peel, struct str bytes)
{
    return psv_kind(peel, PSV_BYTES, bytes);
}

const struct ps_value *psv_stream(struct peel *peel, struct str bytes)
{
    struct ps_value *value = NULL;

    if (peel_fits(peel, bytes.len)) {
        value = new_value(peel, PSV_BYTES);
    }
    if (value) {
        value->text = bytes;
        value->number = 1;
    }
    return value;
}

const struct ps_value *psv_block(struct peel *peel, struct str source,
                                 struct ps_node *block)
{
    struct ps_value *value = new_value(peel, PSV_BLOCK);

    if (value) {
        value->text = source;
        value->block = block;
    }
    return value;
}

const struct ps_value *psv_object(struct peel *peel, struct str type,
                                  const struct ps_value *data)
{
    struct ps_value *value = psv_array(peel, 1);

    if (value) {
        value->kind = PSV_OBJECT;
        value->text = type;
        value->items[0] = data;
        value->n = data != NULL;
    }
    return value;
}

const struct ps_value *psv_null(void)
{
    static const struct ps_value null = {.kind = PSV_NULL};

    return &null;
}

struct ps_value *psv_array(struct peel *peel, size_t n)
{
    if (n > UINT32_MAX / 2 || !peel_spend(peel, n * 8)) {
        return NULL;
    }
    struct ps_value *value = new_value(peel, PSV_ARRAY);
    if (value) {
        value->items = ARENA_ARRAY(peel->arena, const struct ps_value *, n);
        value->n = (uint32_t)n;
    }
    if (value && !value->items) {
        peel->failed = true;
        return NULL;
    }
    return value;
}

size_t psv_count(const struct ps_value *value)
{
    switch (value->kind) {
    case PSV_NULL:
        return 0;
    case PSV_ARRAY:
        return value->n;
    case PSV_BYTES:
        return value->number ? 1 : value->text.len;
    case PSV_BOOL:
    case PSV_INT:
    case PSV_CHAR:
    case PSV_STRING:
    case PSV_TYPE:
    case PSV_ITEM:
    case PSV_HASH:
    case PSV_OBJECT:
    case PSV_BLOCK:
        return 1;
    }
    return 0;
}

const struct ps_value *psv_item(struct peel *peel, const struct ps_value *value,
                                size_t index)
{
    if (value->kind == PSV_ARRAY) {
        return index < value->n ? value->items[index] : NULL;
    }
    if (value->kind == PSV_BYTES && !value->number) {
        return index < value->text.len
                   ? psv_int(peel, (unsigned char)value->text.bytes[index])
                   : NULL;
    }
    return index == 0 ? value : NULL;
}

/* Text of a scalar; `room` holds what has no text of its own. */
static struct str scalar_text(const struct ps_value *value, char room[24])
{
    int n = 0;

    switch (value->kind) {
    case PSV_BOOL:
        return value->number ? STR("True") : STR("False");
    case PSV_INT:
        n = snprintf(room, 24, "%" PRId64, value->number);
        return str_of(room, n > 0 ? (size_t)n : 0);
    case PSV_CHAR:
        return str_of(room, utf8_encode((uint32_t)value->number, room));
    case PSV_STRING:
    case PSV_TYPE:
    case PSV_OBJECT:
    case PSV_BLOCK:
        return value->text;
    case PSV_HASH:
        return STR("System.Collections.Hashtable");
    case PSV_ITEM:
        return value->n ? scalar_text(value->items[0], room) : value->text;
    case PSV_NULL:
    case PSV_ARRAY:
    case PSV_BYTES:
        break;
    }
    return STR("");
}

struct joiner {
    struct peel *peel;
    char *out; /* NULL: only count */
    size_t n;
    bool too_large;
};

static void join_one(struct joiner *joiner, struct str text)
{
    if (text.len > joiner->peel->max_bytes - joiner->n) {
        joiner->too_large = true;
        return;
    }
    if (joiner->out && text.len) {
        memcpy(joiner->out + joiner->n, text.bytes, text.len);
    }
    joiner->n += text.len;
}

static void join_all(struct joiner *joiner, const struct ps_value *value,
                     struct str separator)
{
    char room[24];

    for (size_t i = 0; i < psv_count(value) && !joiner->too_large; i++) {
        if (i) {
            join_one(joiner, separator);
        }
        if (value->kind == PSV_BYTES && value->number) {
            join_one(joiner, STR("System.IO.Stream"));
        } else if (value->kind == PSV_BYTES) {
            struct ps_value byte = {
                .kind = PSV_INT, .number = (unsigned char)value->text.bytes[i]};
            join_one(joiner, scalar_text(&byte, room));
        } else if (value->kind != PSV_ARRAY) {
            join_one(joiner, scalar_text(value, room));
        } else if (value->items[i]->kind == PSV_ARRAY) {
            struct str nested;
            if (psv_text(joiner->peel, value->items[i], &nested)) {
                join_one(joiner, nested);
            }
        } else {
            join_one(joiner, scalar_text(value->items[i], room));
        }
    }
}

bool psv_join(struct peel *peel, const struct ps_value *value,
              struct str separator, struct str *out)
{
    struct joiner joiner = {.peel = peel};

    if (!peel_may_nest(peel, peel->depth, MAX_NESTING)) {
        return false;
    }
    peel->depth++;
    join_all(&joiner, value, separator);
    if (!joiner.too_large && peel_spend(peel, joiner.n)) {
        joiner.out = arena_alloc(peel->arena, joiner.n + 1, 1);
    } else if (joiner.too_large) {
        limit_hit(&peel->hit, LIMIT_layer_bytes);
    }
    size_t n = joiner.n;
    if (joiner.out) {
        joiner.n = 0;
        join_all(&joiner, value, separator);
        *out = str_of(joiner.out, n);
    }
    peel->depth--;
    return joiner.out != NULL && joiner.n == n;
}

bool psv_text(struct peel *peel, const struct ps_value *value, struct str *out)
{
    if (value->kind == PSV_STRING || value->kind == PSV_TYPE) {
        *out = value->text;
        return true;
    }
    return psv_join(
        peel, value,
        peel->list_separator.bytes ? peel->list_separator : STR(" "), out);
}

bool psv_number(const struct ps_value *value, int64_t *out)
{
    switch (value->kind) {
    case PSV_NULL:
        *out = 0;
        return true;
    case PSV_BOOL:
    case PSV_INT:
    case PSV_CHAR:
        *out = value->number;
        return true;
    case PSV_STRING:
        return str_parse_int(value->text, out);
    case PSV_ITEM:
        return value->n && psv_number(value->items[0], out);
    case PSV_ARRAY:
        return value->n == 1 && value->items[0]->kind != PSV_ARRAY &&
               psv_number(value->items[0], out);
    case PSV_BYTES:
    case PSV_TYPE:
    case PSV_HASH:
    case PSV_OBJECT:
    case PSV_BLOCK:
        break;
    }
    return false;
}

const struct ps_value *psv_chars(struct peel *peel, struct str text)
{
    struct ps_value *array = psv_array(peel, utf8_count(text));

    for (uint32_t i = 0; array && i < array->n; i++) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);
        array->items[i] = psv_char(peel, code);
        if (!array->items[i]) {
            return NULL;
        }
        text = str_sub(text, len, text.len);
    }
    return array;
}

bool psv_to_bytes(struct peel *peel, const struct ps_value *value,
                  struct str *out)
{
    if (value->kind == PSV_BYTES) {
        *out = value->text;
        return true;
    }
    size_t n = psv_count(value);
    char *bytes =
        peel_spend(peel, n) ? arena_alloc(peel->arena, n + 1, 1) : NULL;
    for (size_t i = 0; bytes && i < n; i++) {
        const struct ps_value *item = psv_item(peel, value, i);
        int64_t number;
        if (!item || item->kind == PSV_STRING || !psv_number(item, &number) ||
            number < 0 || number > 255) {
            return false;
        }
        bytes[i] = (char)number;
    }
    *out = str_of(bytes, n);
    return bytes != NULL;
}
