/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include "base/utf8.h"

struct map_slot {
    struct str name;
    uint64_t hash;
    uint32_t value; /* MAP_NONE: free */
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

/* SipHash-1-3 over the upper-cased code points, two at a time. */
static uint64_t hash_fold(uint64_t seed, struct str s)
{
    uint64_t v[4] = {
        seed ^ UINT64_C(0x736f6d6570736575),
        rotate(seed, 32) ^ UINT64_C(0x646f72616e646f6d),
        seed ^ UINT64_C(0x6c7967656e657261),
        rotate(seed, 32) ^ UINT64_C(0x7465646279746573),
    };
    uint64_t word = 0;
    uint64_t count = 0;

    while (s.len) {
        uint32_t code = (unsigned char)s.bytes[0];
        size_t n = 1;
        if (code >= 0x80) {
            n = utf8_decode(s, &code);
            if (n == 1) { /* bad byte: keep it apart from the others */
                code = 0x80000000u | (unsigned char)s.bytes[0];
            }
        }
        word |= (uint64_t)utf8_upper(code) << (count & 1 ? 32 : 0);
        if (count++ & 1) {
            v[3] ^= word;
            sip_round(v);
            v[0] ^= word;
            word = 0;
        }
        s.bytes += n;
        s.len -= n;
    }
    word ^= count << 48;
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xFF;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct map_slot *find(const struct map *map, uint64_t hash,
                             struct str name)
{
    uint32_t at = (uint32_t)hash & (map->capacity - 1);

    for (;;) {
        struct map_slot *slot = &map->slots[at];
        if (slot->value == MAP_NONE ||
            (slot->hash == hash && utf8_equal_fold(slot->name, name))) {
            return slot;
        }
        at = (at + 1) & (map->capacity - 1);
    }
}

static bool grow(struct map *map, struct arena *arena)
{
    uint32_t capacity = map->capacity ? map->capacity * 2 : 16;
    struct map larger = *map;

    if (map->capacity > UINT32_MAX / 4) {
        return false;
    }
    larger.capacity = capacity;
    larger.slots = ARENA_ARRAY(arena, struct map_slot, capacity);
    if (!larger.slots) {
        return false;
    }
    for (uint32_t i = 0; i < capacity; i++) {
        larger.slots[i].value = MAP_NONE;
    }
    for (uint32_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].value != MAP_NONE) {
            *find(&larger, map->slots[i].hash, map->slots[i].name) =
                map->slots[i];
        }
    }
    *map = larger;
    return true;
}

uint32_t map_put(struct map *map, struct arena *arena, struct str name,
                 uint32_t value)
{
    if (map->n >= map->capacity / 2) {
        if (!map->capacity) {
            map->seed = arena_seed(arena);
        }
        if (!grow(map, arena)) {
            return MAP_NONE;
        }
    }
    uint64_t hash = hash_fold(map->seed, name);
    struct map_slot *slot = find(map, hash, name);
    if (slot->value == MAP_NONE) {
        *slot = (struct map_slot){name, hash, value};
        map->n++;
    }
    return slot->value;
}

uint32_t map_get(const struct map *map, struct str name)
{
    if (!map->capacity) {
        return MAP_NONE;
    }
    return find(map, hash_fold(map->seed, name), name)->value;
}
