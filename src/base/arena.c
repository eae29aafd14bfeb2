/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
/* Keeps a gap between objects, so that overruns hit poison. */
#define REDZONE 16
/* So that growing moves in every test, and stale pointers hit freed memory. */
#define LARGE_BYTES ((size_t)1024)
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define REDZONE 0
/* From here on an object has a block of its own. */
#define LARGE_BYTES ((size_t)256 * 1024)
#endif

#define ALIGNMENT alignof(max_align_t)
#define FIRST_CHUNK_BYTES ((size_t)16 * 1024)
#define LARGEST_CHUNK_BYTES ((size_t)1024 * 1024)

struct chunk {
    struct chunk *previous;
    size_t size; /* usable bytes */
    size_t used;
    alignas(max_align_t) char bytes[];
};

/* realloc moves pages and not bytes where it can. */
struct large {
    struct large *newer;
    struct large *older;
    size_t size;
    uint64_t number; /* counts up */
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct chunk *newest;
    struct large *newest_large;
    size_t max_bytes;
    size_t total;       /* handed out of chunks */
    size_t large_total; /* handed out as large objects */
    uint64_t n_large;
    size_t next_chunk_bytes;
    time_t deadline; /* of the monotonic clock; 0: none */
    bool failed;
    bool late;
};

static size_t round_up(size_t n)
{
    return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

struct arena *arena_new(size_t max_bytes)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (arena) {
        arena->max_bytes = max_bytes;
        arena->next_chunk_bytes = FIRST_CHUNK_BYTES;
    }
    return arena;
}

static void drop_newest(struct arena *arena)
{
    struct chunk *chunk = arena->newest;

    arena->newest = chunk->previous;
    UNPOISON(chunk->bytes, chunk->size);
    free(chunk);
}

static void drop_newest_large(struct arena *arena)
{
    struct large *large = arena->newest_large;

    arena->newest_large = large->older;
    if (large->older) {
        large->older->newer = NULL;
    }
    arena->large_total -= large->size;
    free(large);
}

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    while (arena->newest) {
        drop_newest(arena);
    }
    while (arena->newest_large) {
        drop_newest_large(arena);
    }
    free(arena);
}

void arena_set_deadline(struct arena *arena, uint64_t seconds)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    arena->deadline = now.tv_sec + (time_t)seconds;
}

bool arena_is_late(struct arena *arena)
{
    struct timespec now;

    if (arena->deadline && !arena->late) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        arena->late = now.tv_sec >= arena->deadline;
        arena->failed = arena->failed || arena->late;
    }
    return arena->late;
}

static bool add_chunk(struct arena *arena, size_t need)
{
    size_t size = need;

    if (arena_is_late(arena)) {
        return false;
    }
#ifndef INFSCAN_ARENA_MALLOC
    if (size < arena->next_chunk_bytes) {
        size = arena->next_chunk_bytes;
    }
    if (arena->next_chunk_bytes < LARGEST_CHUNK_BYTES) {
        arena->next_chunk_bytes *= 2;
    }
#endif
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk) {
        return false;
    }
    chunk->previous = arena->newest;
    chunk->size = size;
    chunk->used = 0;
    POISON(chunk->bytes, size);
    arena->newest = chunk;
    return true;
}

/* Whether the cap leaves room for so many more bytes; if not, the arena has
 * failed. */
static bool has_room(struct arena *arena, size_t bytes)
{
    if (arena->failed ||
        bytes > arena->max_bytes - arena->total - arena->large_total) {
        arena->failed = true;
    }
    return !arena->failed;
}

/* A large object of `size` bytes, after `old` where that is given. */
static void *place_large(struct arena *arena, struct large *old, size_t size)
{
    struct large *large = size < SIZE_MAX / 2 && !arena_is_late(arena)
                              ? realloc(old, sizeof *large + size)
                              : NULL;

    if (!large) {
        arena->failed = true;
        return NULL;
    }
    if (old) {
        arena->large_total -= large->size;
    } else {
        large->newer = NULL;
        large->older = arena->newest_large;
        large->number = ++arena->n_large;
    }
    if (large->older) {
        large->older->newer = large;
    }
    if (large->newer) {
        large->newer->older = large;
    } else {
        arena->newest_large = large;
    }
    large->size = size;
    arena->large_total += size;
    return large->bytes;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
    if (size && n > (SIZE_MAX / 2) / size) {
        arena->failed = true;
        return NULL;
    }
    size_t want = n * size;
    size_t bytes = round_up((want ? want : 1) + REDZONE);
    if (!has_room(arena, bytes)) {
        return NULL;
    }
    if (want >= LARGE_BYTES) {
        return place_large(arena, NULL, want);
    }
    struct chunk *chunk = arena->newest;
#ifdef INFSCAN_ARENA_MALLOC
    chunk = NULL;
#endif
    if (!chunk || chunk->size - chunk->used < bytes) {
        if (!add_chunk(arena, bytes)) {
            arena->failed = true;
            return NULL;
        }
        chunk = arena->newest;
    }
    void *object = chunk->bytes + chunk->used;
    chunk->used += bytes;
    arena->total += bytes;
    UNPOISON(object, want);
    return object;
}

void *arena_zalloc(struct arena *arena, size_t n, size_t size)
{
    void *object = arena_alloc(arena, n, size);

    if (object) {
        memset(object, 0, n * size);
    }
    return object;
}

/* Whether the newest object of a chunk could grow where it stands. */
static bool extend(struct arena *arena, void *old, size_t old_size,
                   size_t new_size)
{
    struct chunk *chunk = arena->newest;
    size_t old_bytes = round_up((old_size ? old_size : 1) + REDZONE);
    size_t new_bytes = round_up((new_size ? new_size : 1) + REDZONE);

    if (!chunk || chunk->used < old_bytes ||
        (char *)old != chunk->bytes + chunk->used - old_bytes ||
        chunk->size - chunk->used < new_bytes - old_bytes ||
        !has_room(arena, new_bytes - old_bytes)) {
        return false;
    }
    chunk->used += new_bytes - old_bytes;
    arena->total += new_bytes - old_bytes;
    UNPOISON(old, new_size);
    return true;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size,
                 size_t new_size)
{
    if (old && new_size <= old_size) {
        return old;
    }
    if (old && old_size >= LARGE_BYTES) {
        return has_room(arena, new_size - old_size)
                   ? place_large(arena,
                                 (struct large *)(void *)((char *)old -
                                                          offsetof(struct large,
                                                                   bytes)),
                                 new_size)
                   : NULL;
    }
    if (old && new_size < LARGE_BYTES &&
        extend(arena, old, old_size, new_size)) {
        return old;
    }
    void *moved = arena_alloc(arena, new_size, 1);
    if (moved && old) {
        memcpy(moved, old, old_size);
    }
    return moved;
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *copy = arena_copy_z(arena, s);

    return copy ? str_of(copy, s.len) : str_of(NULL, 0);
}

char *arena_copy_z(struct arena *arena, struct str s)
{
    char *copy = s.len < SIZE_MAX ? arena_alloc(arena, s.len + 1, 1) : NULL;

    if (copy) {
        if (s.len) {
            memcpy(copy, s.bytes, s.len);
        }
        copy[s.len] = '\0';
    }
    return copy;
}

size_t arena_used(const struct arena *arena)
{
    return arena->total + arena->large_total;
}

bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}

struct arena_mark arena_get_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->newest,
                               arena->newest ? arena->newest->used : 0,
                               arena->total, arena->n_large};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->newest && arena->newest != mark.chunk) {
        drop_newest(arena);
    }
    if (arena->newest) {
        POISON(arena->newest->bytes + mark.used,
               arena->newest->size - mark.used);
        arena->newest->used = mark.used;
    }
    arena->total = mark.total;
    while (arena->newest_large && arena->newest_large->number > mark.large) {
        drop_newest_large(arena);
    }
}

uint64_t arena_seed(const struct arena *arena)
{
    /* Address-space randomisation is all the secret that a hash seed needs:
     * no order and no output depends on it. */
    uint64_t x =
        (uint64_t)(uintptr_t)arena ^ ((uint64_t)(uintptr_t)&arena << 20);
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 29;
    return x;
}
