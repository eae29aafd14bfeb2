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
    uint32_t larger = *capacity ? *capacity * 2 : 8;
    if (*items &&
        arena_extend(arena, *items, *capacity * size, larger * size)) {
        *capacity = larger;
        return true;
    }
    void *moved = arena_alloc(arena, larger, size);
    if (!moved) {
        return false;
    }
    if (*items && n) {
        memcpy(moved, *items, n * size);
    }
    *items = moved;
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
