/* SPDX-License-Identifier: MIT */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/vec.h"

#define MAP_NONE UINT32_MAX

/* From names, letter case aside (utf8_upper), to numbers. The first value put
 * under a name stays. Cost does not depend on which names an attacker chose
 * (keyed hash), and nothing depends on the order of the table. Start with {0};
 * names are borrowed. */
struct map {
    struct map_entry *items; /* a VEC, in the order of map_put */
    uint32_t n, capacity;
    uint32_t *slots;
    uint32_t n_slots; /* a power of two, or 0 */
    uint64_t seed;
};

/**
 * map_put - remember value under name, unless the name is there
 *
 * The value that is there afterwards; MAP_NONE when the arena failed.
 */
uint32_t map_put(struct map *map, struct arena *arena, struct str name,
                 uint32_t value);

/* The value under name, or MAP_NONE. */
uint32_t map_get(const struct map *map, struct str name);

#endif
