/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include "base/utf8.h"

/* Three quarters of the slots at most are taken. */
#define FIRST_SLOTS 16u
/* So many items ahead a growing table fetches the slot that it will write: a
 * large one is in no cache. */
#define PREFETCH 16u

struct map_entry {
    const char *bytes;
    uint32_t len;
    uint32_t value;
    uint32_t hash;
};

/* What a product of 128 bits has in its two halves. */
static uint64_t mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t a_low = a & UINT32_MAX;
    uint64_t b_low = b & UINT32_MAX;
    uint64_t low = a_low * b_low;
    uint64_t middle = (a >> 32) * b_low + (low >> 32);
    uint64_t other = a_low * (b >> 32) + (middle & UINT32_MAX);

    return (other << 32 | (low & UINT32_MAX)) ^
           ((a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32));
#endif
}

/* Two numbers that no file knows: names that collide cannot be made without
 * them, and nothing that infscan puts out depends on them. */
struct key {
    uint64_t state;
    uint64_t factor; /* odd */
};

static struct key key_of(uint64_t seed)
{
    return (struct key){seed ^ UINT64_C(0x9E3779B97F4A7C15),
                        (seed * UINT64_C(0xD1342543DE82EF95)) | 1};
}

static uint64_t add_word(struct key key, uint64_t state, uint64_t word)
{
    return mix(state ^ word, key.factor);
}

/* Names beyond ASCII: code points, from the first one on. */
static uint64_t hash_codes(struct key key, struct str s)
{
    uint64_t state = ~key.state;

    while (s.len) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        if (n == 1 && code >= 0x80) { /* keep bad bytes apart */
            code = 0x80000000u | (unsigned char)s.bytes[0];
        }
        state = add_word(key, state, (uint64_t)utf8_upper(code) + 1);
        s = str_sub(s, n, s.len);
    }
    return add_word(key, state, 0);
}

/* Over the name in upper case, eight bytes at a time. No letter beyond ASCII
 * has one of ASCII for its capital, so no name that is all ASCII equals one
 * that is not. */
static uint64_t hash_fold(uint64_t seed, struct str s)
{
    struct key key = key_of(seed);
    uint64_t state = key.state + s.len;
    uint64_t word;
    uint64_t seen = 0;

    if (s.len >= 8) {
        for (size_t i = 0; i + 8 < s.len; i += 8) {
            word = ascii_load_8(s.bytes + i);
            seen |= word;
            state = add_word(key, state, ascii_upper_8(word));
        }
        word = ascii_load_8(s.bytes + s.len - 8);
    } else {
        word = ascii_load_few(s.bytes, s.len);
    }
    seen |= word;
    if (seen & ASCII_HIGH_BITS) {
        return hash_codes(key, s);
    }
    return add_word(key, state, ascii_upper_8(word));
}

/* A slot holds the number of an item in as many low bits as the table needs,
 * and the same hash's bits above them: most items of other names are told by
 * that alone, without a look at them. */
static uint32_t slot_of(uint32_t mask, uint32_t hash, uint32_t item)
{
    return (hash & ~mask) | item;
}

/* The slot of a name: its item's, or the free one where it would go. */
static uint32_t *find(const struct map *map, uint32_t hash, struct str name)
{
    uint32_t mask = map->n_slots - 1;

    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &map->slots[at];
        if (*slot == MAP_NONE) {
            return slot;
        }
        if ((*slot ^ hash) & ~mask) {
            continue;
        }
        const struct map_entry *entry = &map->items[*slot & mask];
        if (entry->hash == hash &&
            utf8_equal_fold(str_of(entry->bytes, entry->len), name)) {
            return slot;
        }
    }
}

/* Twice the slots, where they stand if the arena can do that. */
static bool grow(struct map *map, struct arena *arena)
{
    uint32_t n = map->n_slots ? map->n_slots * 2 : FIRST_SLOTS;

    if (map->n_slots > UINT32_MAX / 4) {
        return false;
    }
    uint32_t *slots = arena_grow(
        arena, map->slots, map->n_slots * sizeof *slots, n * sizeof *slots);
    if (!slots) {
        return false;
    }
    memset(slots, 0xFF, n * sizeof *slots); /* MAP_NONE */
    for (uint32_t i = 0; i < map->n; i++) {
        if (map->n - i > PREFETCH) {
            __builtin_prefetch(&slots[map->items[i + PREFETCH].hash & (n - 1)],
                               1);
        }
        uint32_t at = map->items[i].hash & (n - 1);
        while (slots[at] != MAP_NONE) {
            at = (at + 1) & (n - 1);
        }
        slots[at] = slot_of(n - 1, map->items[i].hash, i);
    }
    map->slots = slots;
    map->n_slots = n;
    return true;
}

uint32_t map_put(struct map *map, struct arena *arena, struct str name,
                 uint32_t value)
{
    if (map->n >= map->n_slots / 4 * 3) {
        if (!map->n_slots) {
            map->seed = arena_seed(arena);
        }
        if (!grow(map, arena)) {
            return MAP_NONE;
        }
    }
    uint32_t hash = (uint32_t)hash_fold(map->seed, name);
    uint32_t *slot = find(map, hash, name);
    if (*slot == MAP_NONE) {
        uint32_t index = map->n;
        if (!VEC_PUSH(arena, map,
                      (struct map_entry){name.bytes, (uint32_t)name.len, value,
                                         hash})) {
            return MAP_NONE;
        }
        *slot = slot_of(map->n_slots - 1, hash, index);
    }
    return map->items[*slot & (map->n_slots - 1)].value;
}

uint32_t map_get(const struct map *map, struct str name)
{
    if (!map->n_slots) {
        return MAP_NONE;
    }
    uint32_t slot = *find(map, (uint32_t)hash_fold(map->seed, name), name);
    return slot == MAP_NONE ? MAP_NONE
                            : map->items[slot & (map->n_slots - 1)].value;
}
