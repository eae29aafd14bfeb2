/* SPDX-License-Identifier: MIT */
#include "install/reference.h"

#include <infscan/reference.h>

#define TOPIC_MAX_BYTES ((size_t)1 << 20)

struct owned_topic {
    struct infscan_topic topic; /* first: what users hold */
    struct infscan_fact facts[REFERENCE_MAX_FACTS];
    struct arena *arena;
};

static const char *text_of(struct arena *arena, struct str text)
{
    return arena_copy_z(arena, text);
}

static bool fill(struct owned_topic *owned, const struct reference_topic *from)
{
    struct arena *arena = owned->arena;
    struct infscan_topic *topic = &owned->topic;

    topic->kind = reference_kind_name(from->kind);
    topic->name = text_of(arena, from->name);
    topic->effect = text_of(arena, from->effect);
    topic->source = text_of(arena, from->source);
    topic->facts = owned->facts;
    topic->n_facts = from->n_facts;
    for (size_t i = 0; i < from->n_facts; i++) {
        owned->facts[i].label = from->facts[i].label;
        owned->facts[i].text = text_of(arena, from->facts[i].text);
    }
    return !arena_failed(arena);
}

enum infscan_status infscan_topic_new(const char *name,
                                      struct infscan_topic **out)
{
    struct reference_topic found;
    enum topic_kind kind;
    size_t row;

    if (!reference_find(str_from(name), &kind, &row)) {
        return INFSCAN_INVALID;
    }
    struct arena *arena = arena_new(TOPIC_MAX_BYTES);
    struct owned_topic *owned =
        arena ? ARENA_NEW(arena, struct owned_topic) : NULL;
    if (owned) {
        owned->arena = arena;
    }
    if (!owned || !reference_topic(kind, row, arena, &found) ||
        !fill(owned, &found)) {
        arena_free(arena);
        return INFSCAN_NO_MEMORY;
    }
    *out = &owned->topic;
    return INFSCAN_OK;
}

void infscan_topic_free(struct infscan_topic *topic)
{
    if (topic) {
        arena_free(((struct owned_topic *)topic)->arena);
    }
}

const char *infscan_topic_name(size_t index)
{
    for (unsigned kind = 0; kind < N_TOPIC_KINDS; kind++) {
        size_t n = reference_count((enum topic_kind)kind);
        if (index < n) {
            return reference_name((enum topic_kind)kind, index).bytes;
        }
        index -= n;
    }
    return NULL;
}
