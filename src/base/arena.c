/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

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
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define REDZONE 0
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

struct arena {
    struct chunk *newest;
    size_t max_bytes;
    size_t total; /* handed out */
    size_t next_chunk_bytes;
    bool failed;
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

void arena_free(struct arena *arena)
{
    if (!arena) {
        return;
    }
    while (arena->newest) {
        drop_newest(arena);
    }
    free(arena);
}

static bool add_chunk(struct arena *arena, size_t need)
{
    size_t size = need;
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

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
    if (size && n > (SIZE_MAX / 2) / size) {
        arena->failed = true;
        return NULL;
    }
    size_t want = n * size;
    size_t bytes = round_up((want ? want : 1) + REDZONE);
    if (arena->failed || bytes > arena->max_bytes - arena->total) {
        arena->failed = true;
        return NULL;
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

bool arena_extend(struct arena *arena, void *old, size_t old_size,
                  size_t new_size)
{
    struct chunk *chunk = arena->newest;
    size_t old_bytes = round_up((old_size ? old_size : 1) + REDZONE);
    size_t new_bytes = round_up((new_size ? new_size : 1) + REDZONE);

    if (!chunk || chunk->used < old_bytes || new_bytes < old_bytes ||
        (char *)old != chunk->bytes + chunk->used - old_bytes ||
        chunk->size - chunk->used < new_bytes - old_bytes || arena->failed ||
        new_bytes - old_bytes > arena->max_bytes - arena->total) {
        return false;
    }
    chunk->used += new_bytes - old_bytes;
    arena->total += new_bytes - old_bytes;
    UNPOISON(old, new_size);
    return true;
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
    return arena->total;
}

bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}

struct arena_mark arena_get_mark(const struct arena *arena)
{
    return (struct arena_mark){
        arena->newest, arena->newest ? arena->newest->used : 0, arena->total};
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
