/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* A region: everything derived from one file lives and dies together, and one
 * cap bounds what a hostile file can make us allocate.
 *
 * - Pointers never move but by arena_grow. Nothing in an arena has a
 * destructor.
 * - A large object is a block of its own, so that growing one leaves nothing
 *   behind.
 * - After the first failed allocation the arena has failed, and says so for
 *   good: stages may check once at their end.
 * - In sanitizer builds slack and rewound space are poisoned; with the build
 *   option arena=malloc every object is a block of its own. */
struct arena;

struct arena_mark {
    void *chunk;
    size_t used;
    size_t total;   /* without large objects */
    uint64_t large; /* number of the newest large object */
};

/**
 * arena_new - an empty arena
 *
 * max_bytes:   cap on all that it hands out; SIZE_MAX for none
 *
 * NULL when memory ran out.
 */
struct arena *arena_new(size_t max_bytes);

/* NULL is allowed. */
void arena_free(struct arena *arena);

/**
 * arena_set_deadline - from now on, fail once so many seconds are over
 *
 * A watchdog for work that no count of steps has foreseen: whatever goes on for
 * long asks for memory. The clock is looked at where a block is added, and by
 * arena_is_late.
 */
void arena_set_deadline(struct arena *arena, uint64_t seconds);

/* Whether the deadline is over, as of now; the arena has failed then. */
bool arena_is_late(struct arena *arena);

/**
 * arena_alloc - n objects of `size` bytes, aligned for any type
 *
 * Not zeroed. NULL past the cap, on overflow or when memory ran out. n or size
 * may be 0; the pointer is then valid but not to be read.
 */
void *arena_alloc(struct arena *arena, size_t n, size_t size);

/* As arena_alloc, zeroed. */
void *arena_zalloc(struct arena *arena, size_t n, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_zalloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, n)                                            \
    ((type *)arena_alloc((arena), (n), sizeof(type)))

/**
 * arena_grow - make an object larger, moving it where it must
 *
 * old:     as arena_alloc or arena_grow gave it, of old_size bytes; NULL with
 *          old_size 0 for a new object
 *
 * Its contents go along; the new bytes are not set. NULL, and `old` as it was,
 * where arena_alloc would give NULL.
 */
void *arena_grow(struct arena *arena, void *old, size_t old_size,
                 size_t new_size);

/* A copy with a NUL behind it; {NULL, 0} when that failed. */
struct str arena_copy(struct arena *arena, struct str s);

/* As arena_copy, as a C string; NULL when that failed. */
char *arena_copy_z(struct arena *arena, struct str s);

/* Bytes handed out so far, and whether an allocation ever failed. */
size_t arena_used(const struct arena *arena);
bool arena_failed(const struct arena *arena);

/* Where the arena stands; arena_rewind gives back what came after. */
struct arena_mark arena_get_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* A number that differs from run to run and from arena to arena, for hash
 * seeds. Never let it reach a result. */
uint64_t arena_seed(const struct arena *arena);

#endif
