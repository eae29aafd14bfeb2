/* SPDX-License-Identifier: MIT */
#ifndef RULES_PREFIX_H
#define RULES_PREFIX_H

#include "rules/literal.h"

/* One way in which the matches of a part of a pattern begin. */
struct prefix {
    struct str text; /* lower case */
    bool is_open;    /* more may follow; else it is the whole match */
};

/* All of them: each match is, or begins with, one of these. */
struct prefixes {
    struct prefix items[LITERAL_MAX_ALTERNATIVES];
    uint32_t n;
};

/* What matches one string only, or anything. */
void prefixes_exactly(struct prefixes *out, struct str one);
void prefixes_anything(struct prefixes *out);

/* One more that is the whole match; false when there is no room. */
bool prefixes_add(struct prefixes *prefixes, struct str text);

/* More may follow on each. */
void prefixes_open(struct prefixes *prefixes);

/* How many are the whole match. */
uint32_t prefixes_closed(const struct prefixes *prefixes);

/**
 * prefixes_append - what follows on the matches of `left`
 *
 * Where these would be too many, what is long enough grows no more; false when
 * they are too many still.
 * Strings go to the arena, which may fail.
 */
bool prefixes_append(struct arena *arena, struct prefixes *left,
                     const struct prefixes *right);

/* Adds those of another part that matches instead; false: no room. */
bool prefixes_unite(struct prefixes *prefixes, const struct prefixes *other);

/* Adds a group to what is needed, unless one may be empty. */
void prefixes_need(struct arena *arena, const struct prefixes *prefixes,
                   struct literal_needs *needs);

/**
 * prefixes_start - makes these the literals that a match begins with
 *
 * back:    most bytes of a match before them
 *
 * `out` as it was where one is too short, or they are too many or too far in.
 */
void prefixes_start(const struct prefixes *prefixes, uint32_t back,
                    struct literal_starts *out);

/* Makes `out` true of either of the two. */
void literal_unite_starts(struct literal_starts *out,
                          const struct literal_starts *other);

/* Adds a group; where there is no room, the dearest gives way. */
void literal_add_need(struct literal_needs *needs, struct literal_group group);

/* Adds a group of either of two; `needs` as it was where that is too many. */
void literal_unite_groups(struct arena *arena, const struct literal_group *a,
                          const struct literal_group *b,
                          struct literal_needs *needs);

#endif
