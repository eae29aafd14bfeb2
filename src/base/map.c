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

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* Up to seven bytes as a word. */
static uint64_t load_tail(const char *bytes, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    }
    return word;
}

/* From the first eight bytes on that are not all ASCII: code points, which no
 * ASCII word looks like. */
static void hash_codes(uint64_t v[4], struct str s)
{
    while (s.len) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        if (n == 1 && code >= 0x80) { /* keep bad bytes apart */
            code = 0x80000000u | (unsigned char)s.bytes[0];
        }
        sip_word(v, UINT64_C(0x80) << 56 | utf8_upper(code));
        s = str_sub(s, n, s.len);
    }
}

/* SipHash-1-3 over the name in upper case. No letter beyond ASCII has one of
 * ASCII for its capital, so names that are equal leave the ASCII words in the
 * same place. */
static uint64_t hash_fold(uint64_t seed, struct str s)
{
    uint64_t v[4] = {
        seed ^ UINT64_C(0x736f6d6570736575),
        rotate(seed, 32) ^ UINT64_C(0x646f72616e646f6d),
        seed ^ UINT64_C(0x6c7967656e657261),
        rotate(seed, 32) ^ UINT64_C(0x7465646279746573),
    };
    uint64_t last = (uint64_t)(s.len & 7) << 56;

    for (;;) {
        size_t n = s.len < 8 ? s.len : 8;
        uint64_t word = n < 8 ? load_tail(s.bytes, n) : ascii_load_8(s.bytes);
        if (word & ASCII_HIGH_BITS) {
            hash_codes(v, s);
            last = UINT64_C(0xFF) << 56;
            break;
        }
        if (n < 8) {
            last |= ascii_upper_8(word);
            break;
        }
        sip_word(v, ascii_upper_8(word));
        s = str_of(s.bytes + 8, s.len - 8);
    }
    sip_word(v, last);
    v[2] ^= 0xFF;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
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
