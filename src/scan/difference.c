/* SPDX-License-Identifier: MIT */
#include <infscan/difference.h>

#include "base/vec.h"
#include "scan/result.h"

#define DIFFERENCE_MAX_BYTES SIZE_MAX

struct infscan_difference {
    struct arena *arena;
    const struct infscan_result *before;
    const struct infscan_result *after;
    VEC(struct infscan_change) changes;
};

/* What a library registers is told by its being loaded. */
static bool counts(enum effect_kind kind)
{
    return kind != EFFECT_LIBRARY_REGISTERED &&
           kind != EFFECT_LIBRARY_UNREGISTERED;
}

static bool same_reach(const struct effect *a, const struct effect *b)
{
    return a->launchers == b->launchers && a->targets == b->targets;
}

/* The next change of two sorted lists; i and j move behind it. */
static struct infscan_change next_change(const struct infscan_result *a,
                                         const struct infscan_result *b,
                                         uint32_t *i, uint32_t *j)
{
    int order = *i == a->outcomes.n ? 1 : *j == b->outcomes.n ? -1 : 0;

    if (!order) {
        order = effect_compare(&a->outcomes.items[*i], &b->outcomes.items[*j]);
    }
    return (struct infscan_change){order <= 0 ? &a->views[(*i)++] : NULL,
                                   order >= 0 ? &b->views[(*j)++] : NULL};
}

static bool compare(struct infscan_difference *difference)
{
    const struct infscan_result *a = difference->before;
    const struct infscan_result *b = difference->after;
    uint32_t i = 0;
    uint32_t j = 0;

    while (i < a->outcomes.n || j < b->outcomes.n) {
        struct infscan_change change = next_change(a, b, &i, &j);
        const struct effect *one = change.before ? &a->outcomes.items[i - 1]
                                                 : &b->outcomes.items[j - 1];
        if (!counts(one->kind) ||
            (change.before && change.after &&
             same_reach(one, &b->outcomes.items[j - 1]))) {
            continue;
        }
        if (!VEC_PUSH(difference->arena, &difference->changes, change)) {
            return false;
        }
    }
    return true;
}

enum infscan_status infscan_difference_new(const struct infscan_result *before,
                                           const struct infscan_result *after,
                                           struct infscan_difference **out)
{
    if (!before->has_outcomes || !after->has_outcomes) {
        return INFSCAN_INVALID;
    }
    struct arena *arena = arena_new(DIFFERENCE_MAX_BYTES);
    struct infscan_difference *difference =
        arena ? ARENA_NEW(arena, struct infscan_difference) : NULL;

    if (difference) {
        difference->arena = arena;
        difference->before = before;
        difference->after = after;
    }
    if (!difference || !compare(difference)) {
        arena_free(arena);
        return INFSCAN_NO_MEMORY;
    }
    *out = difference;
    return INFSCAN_OK;
}

void infscan_difference_free(struct infscan_difference *difference)
{
    if (difference) {
        arena_free(difference->arena);
    }
}

const struct infscan_change *
infscan_difference_changes(const struct infscan_difference *difference,
                           size_t *n)
{
    *n = difference->changes.n;
    return difference->changes.items;
}

const struct infscan_result *
infscan_difference_before(const struct infscan_difference *difference)
{
    return difference->before;
}

const struct infscan_result *
infscan_difference_after(const struct infscan_difference *difference)
{
    return difference->after;
}
