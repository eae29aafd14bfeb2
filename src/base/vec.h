/* SPDX-License-Identifier: MIT */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

/* The one growable array: elements in an arena, uint32_t count. Start with
 * {0}. Growing moves the elements, so keep indexes, not pointers. */
#define VEC(type)                                                              \
    struct {                                                                   \
        type *items;                                                           \
        uint32_t n, capacity;                                                  \
    }

/* Above this size a vector grows by a quarter, below it to the double. */
#define VEC_SLOW_BYTES ((size_t)1 << 20)

/* Room for one more element. false, and nothing changed, when there is none. */
static inline bool vec_reserve(struct arena *arena, void **items, uint32_t n,
                               uint32_t *capacity, size_t size)
{
    if (n < *capacity) {
        return true;
    }
    if (*capacity > UINT32_MAX / 2) {
        return false;
    }
    uint32_t larger = *capacity * 2;
    if (!*capacity) {
        larger = size > 32 ? 2 : 8;
    } else if (*capacity * size > VEC_SLOW_BYTES) {
        larger = *capacity + *capacity / 4; /* moves pages, not bytes */
    }
    void *grown = arena_grow(arena, *items, *capacity * size, larger * size);
    if (!grown) {
        return false;
    }
    *items = grown;
    *capacity = larger;
    return true;
}

/* Add a value; true when there was room. */
#define VEC_PUSH(arena, vec, ...)                                              \
    (vec_reserve((arena), (void **)&(vec)->items, (vec)->n, &(vec)->capacity,  \
                 sizeof *(vec)->items)                                         \
         ? ((vec)->items[(vec)->n++] = __VA_ARGS__, true)                      \
         : false)

#endif
