/* SPDX-License-Identifier: MIT */
#include "rules/prefix.h"

#define MAX_PREFIXES 128u /* of what is put together from parts */
#define MAX_PREFIX_BYTES 48u
#define ENOUGH_BYTES ((size_t)6)
#define LEAST_START_BYTES 2u
#define MOST_SHORT 4u /* literals of a group with too short ones */

void prefixes_exactly(struct prefixes *out, struct str one)
{
    out->items[0] = (struct prefix){one, false};
    out->n = 1;
}

void prefixes_anything(struct prefixes *out)
{
    out->items[0] = (struct prefix){STR(""), true};
    out->n = 1;
}

bool prefixes_add(struct prefixes *prefixes, struct str text)
{
    if (prefixes->n == MAX_PREFIXES) {
        return false;
    }
    prefixes->items[prefixes->n++] = (struct prefix){text, false};
    return true;
}

void prefixes_open(struct prefixes *prefixes)
{
    for (uint32_t i = 0; i < prefixes->n; i++) {
        prefixes->items[i].is_open = true;
    }
}

uint32_t prefixes_closed(const struct prefixes *prefixes)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < prefixes->n; i++) {
        n += !prefixes->items[i].is_open;
    }
    return n;
}

static struct str joined(struct arena *arena, struct str a, struct str b)
{
    if (!a.len || !b.len) {
        return a.len ? a : b;
    }
    char *copy = arena_alloc(arena, a.len + b.len, 1);
    if (!copy) {
        return STR("");
    }
    memcpy(copy, a.bytes, a.len);
    memcpy(copy + a.len, b.bytes, b.len);
    return str_of(copy, a.len + b.len);
}

static size_t longest(const struct prefixes *prefixes)
{
    size_t len = 0;

    for (uint32_t i = 0; i < prefixes->n; i++) {
        if (prefixes->items[i].text.len > len) {
            len = prefixes->items[i].text.len;
        }
    }
    return len;
}

/* Whether what follows on `left` is not too much. */
static bool fits(const struct prefixes *left, const struct prefixes *right)
{
    uint32_t closed = prefixes_closed(left);

    return left->n - closed + closed * right->n <= MAX_PREFIXES &&
           longest(left) + longest(right) <= MAX_PREFIX_BYTES;
}

bool prefixes_append(struct arena *arena, struct prefixes *left,
                     const struct prefixes *right)
{
    uint32_t kept = 0;

    /* Strings that tell enough by themselves need not grow: short ones may. */
    for (size_t len = ENOUGH_BYTES; !fits(left, right); len--) {
        if (len < LITERAL_GATE_BYTES) {
            return false;
        }
        for (uint32_t i = 0; i < left->n; i++) {
            left->items[i].is_open =
                left->items[i].is_open || left->items[i].text.len >= len;
        }
    }
    const struct prefixes before = *left;
    for (uint32_t i = 0; i < before.n; i++) {
        const struct prefix *prefix = &before.items[i];
        if (prefix->is_open) {
            left->items[kept++] = *prefix;
            continue;
        }
        for (uint32_t k = 0; k < right->n; k++) {
            left->items[kept++] = (struct prefix){
                joined(arena, prefix->text, right->items[k].text),
                right->items[k].is_open};
        }
    }
    left->n = kept;
    return true;
}

bool prefixes_unite(struct prefixes *prefixes, const struct prefixes *other)
{
    if (prefixes->n + other->n > LITERAL_MAX_ALTERNATIVES) {
        return false;
    }
    memcpy(prefixes->items + prefixes->n, other->items,
           other->n * sizeof *other->items);
    prefixes->n += other->n;
    return true;
}

/* Literals of which none is part of another. */
struct literals {
    struct str items[LITERAL_MAX_ALTERNATIVES];
    uint32_t n;
};

/* Adds a string unless one that is part of it is there; what it is part of
 * goes. false when there is no room. */
static bool add_literal(struct literals *literals, struct str s)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < literals->n; i++) {
        if (str_find(s, literals->items[i], 0) != STR_NONE) {
            return true;
        }
    }
    for (uint32_t i = 0; i < literals->n; i++) {
        if (str_find(literals->items[i], s, 0) == STR_NONE) {
            literals->items[kept++] = literals->items[i];
        }
    }
    literals->n = kept;
    if (literals->n == LITERAL_MAX_ALTERNATIVES) {
        return false;
    }
    literals->items[literals->n++] = s;
    return true;
}

/* Adds a literal unless one that it begins with is there; those that begin with
 * it go. false when there is no room. */
static bool add_start(struct literal_starts *starts, struct str s)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < starts->n; i++) {
        if (str_starts_fold(s, starts->items[i])) {
            return true;
        }
    }
    for (uint32_t i = 0; i < starts->n; i++) {
        if (!str_starts_fold(starts->items[i], s)) {
            starts->items[kept++] = starts->items[i];
        }
    }
    starts->n = kept;
    if (starts->n == LITERAL_MAX_ALTERNATIVES) {
        return false;
    }
    starts->items[starts->n++] = s;
    return true;
}

void prefixes_start(const struct prefixes *prefixes, uint32_t back,
                    struct literal_starts *out)
{
    for (uint32_t i = 0; i < prefixes->n; i++) {
        if (prefixes->items[i].text.len < LEAST_START_BYTES) {
            return;
        }
    }
    if (back > LITERAL_MAX_BACK) {
        return;
    }
    out->n = 0;
    out->back = back;
    for (uint32_t i = 0; i < prefixes->n; i++) {
        if (!add_start(out, prefixes->items[i].text)) {
            out->n = 0;
            return;
        }
    }
}

void literal_unite_starts(struct literal_starts *out,
                          const struct literal_starts *other)
{
    if (!out->n || !other->n) {
        out->n = 0;
        return;
    }
    out->back = out->back > other->back ? out->back : other->back;
    for (uint32_t i = 0; i < other->n; i++) {
        if (!add_start(out, other->items[i])) {
            out->n = 0;
            return;
        }
    }
}

/* What makes a group dearer than any that can be a gate. */
#define SHORT_COST (UINT32_C(1) << 20)

/* Estimated from honest.def; short literals are found by chance, too. */
static uint32_t cost_of(const struct literals *literals)
{
    uint32_t cost = 0;

    for (uint32_t i = 0; i < literals->n; i++) {
        size_t len = literals->items[i].len;
        cost += 1 + 64 * literal_count(literals->items[i]);
        cost += len < LITERAL_GATE_BYTES    ? SHORT_COST
                : len == LITERAL_GATE_BYTES ? 8u
                                            : 0u;
    }
    return cost;
}

void literal_add_need(struct literal_needs *needs, struct literal_group group)
{
    uint32_t dearest = 0;

    if (needs->n < LITERAL_MAX_GROUPS) {
        needs->groups[needs->n++] = group;
        return;
    }
    for (uint32_t i = 1; i < needs->n; i++) {
        if (needs->groups[i].cost > needs->groups[dearest].cost) {
            dearest = i;
        }
    }
    if (group.cost < needs->groups[dearest].cost) {
        needs->groups[dearest] = group;
    }
}

static void need_literals(struct arena *arena, const struct literals *literals,
                          struct literal_needs *needs)
{
    struct str *items = ARENA_ARRAY(arena, struct str, literals->n);

    if (!items || !literals->n) {
        return;
    }
    memcpy(items, literals->items, literals->n * sizeof *items);
    literal_add_need(
        needs, (struct literal_group){items, literals->n, cost_of(literals)});
}

/* Many short strings are in most texts. */
static bool tells_something(const struct literals *literals)
{
    uint32_t n_short = 0;

    for (uint32_t i = 0; i < literals->n; i++) {
        n_short += literals->items[i].len < LITERAL_GATE_BYTES;
    }
    return !n_short || literals->n <= MOST_SHORT;
}

void prefixes_need(struct arena *arena, const struct prefixes *prefixes,
                   struct literal_needs *needs)
{
    struct literals least = {.n = 0};

    for (uint32_t i = 0; i < prefixes->n; i++) {
        struct str text = prefixes->items[i].text;
        /* One for each kind of blank would tell little more. */
        if (text.len > ENOUGH_BYTES &&
            ascii_is_space(text.bytes[text.len - 1])) {
            text.len--;
        }
        if (!text.len || !add_literal(&least, text)) {
            return;
        }
    }
    if (tells_something(&least)) {
        need_literals(arena, &least, needs);
    }
}

void literal_unite_groups(struct arena *arena, const struct literal_group *a,
                          const struct literal_group *b,
                          struct literal_needs *needs)
{
    const struct literal_group *both[] = {a, b};
    struct literals least = {.n = 0};

    for (unsigned g = 0; g < 2; g++) {
        for (uint32_t i = 0; i < both[g]->n; i++) {
            if (!add_literal(&least, both[g]->items[i])) {
                return;
            }
        }
    }
    need_literals(arena, &least, needs);
}
