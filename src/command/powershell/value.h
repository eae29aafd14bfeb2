/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_VALUE_H
#define COMMAND_POWERSHELL_VALUE_H

#include "command/peel.h"

enum ps_value_kind {
    PSV_NULL,
    PSV_BOOL,
    PSV_INT,
    PSV_CHAR,   /* number: the code point */
    PSV_STRING, /* text */
    PSV_ARRAY,
    PSV_BYTES,  /* text: byte[]; number 1: a stream over it, one item */
    PSV_TYPE,   /* text: name in lower case, without "system." */
    PSV_ITEM,   /* text: name; items[0]: value. Get-Variable, gi env: */
    PSV_HASH,   /* items: key, value, key, value ... */
    PSV_OBJECT, /* text: name of its type, as PSV_TYPE; items[0]: its data */
    PSV_BLOCK   /* text: its source; block: its tree, or NULL */
};

struct ps_node;

/* A constant. Immutable, in the arena; a value that is not known is NULL. */
struct ps_value {
    enum ps_value_kind kind;
    int64_t number;
    struct str text;
    const struct ps_value **items;
    uint32_t n;
    struct ps_node *block;
};

const struct ps_value *psv_int(struct peel *peel, int64_t number);
const struct ps_value *psv_char(struct peel *peel, uint32_t code);
const struct ps_value *psv_string(struct peel *peel, struct str text);
const struct ps_value *psv_bytes(struct peel *peel, struct str bytes);
const struct ps_value *psv_stream(struct peel *peel, struct str bytes);
const struct ps_value *psv_kind(struct peel *peel, enum ps_value_kind kind,
                                struct str text);
const struct ps_value *psv_null(void);

const struct ps_value *psv_block(struct peel *peel, struct str source,
                                 struct ps_node *block);

/* An object of a type, with the data that it was made of or NULL. */
const struct ps_value *psv_object(struct peel *peel, struct str type,
                                  const struct ps_value *data);

/* An array of n values to be filled in; NULL when there is no room. */
struct ps_value *psv_array(struct peel *peel, size_t n);

/* How many items it has, and one of them: a scalar is a list of itself. */
size_t psv_count(const struct ps_value *value);
const struct ps_value *psv_item(struct peel *peel, const struct ps_value *value,
                                size_t index);

/* As PowerShell turns it into a string; items joined by `separator`. */
bool psv_join(struct peel *peel, const struct ps_value *value,
              struct str separator, struct str *out);
bool psv_text(struct peel *peel, const struct ps_value *value, struct str *out);

/* As PowerShell turns it into a number. */
bool psv_number(const struct ps_value *value, int64_t *out);

/* The characters of a string value as an array of PSV_CHAR. */
const struct ps_value *psv_chars(struct peel *peel, struct str text);

/* byte[] of a value: bytes, or an array of numbers. */
bool psv_to_bytes(struct peel *peel, const struct ps_value *value,
                  struct str *out);

#endif
