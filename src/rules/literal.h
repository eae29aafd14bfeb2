/* SPDX-License-Identifier: MIT */
#ifndef RULES_LITERAL_H
#define RULES_LITERAL_H

#include "base/arena.h"

/* Literals in lower case, of which a text must hold at least one, or a pattern
 * cannot match it. */
#define LITERAL_MAX_ALTERNATIVES 192u
#define LITERAL_GATE_BYTES 3u /* of one that a prefilter can look for */

struct literal_group {
    const struct str *items;
    uint32_t n;
    uint32_t cost; /* how often one is found in honest files, for nothing */
};

#define LITERAL_MAX_GROUPS 6u

/* What every text holds that a pattern matches: one literal of each group.
 * None: nothing is known. */
struct literal_needs {
    struct literal_group groups[LITERAL_MAX_GROUPS];
    uint32_t n;
};

/* Where matches begin: at one of these literals, or up to `back` bytes before
 * it, loose ones not counted. None: anywhere. */
struct literal_starts {
    struct str items[LITERAL_MAX_ALTERNATIVES];
    uint32_t n;
    uint32_t back;
};

#define LITERAL_MAX_BACK 16u

/* Blanks and quotation marks: patterns allow for any number of them between
 * words. */
static inline bool literal_is_loose(char c)
{
    return ascii_is_space(c) || c == '"' || c == '\'';
}

/**
 * literal_needs_of - what a pattern cannot match without
 *
 * arena:   receives the literals, and what is needed to find them
 *
 * The pattern is caseless and one that PCRE2 accepts. Literals are to be looked
 * for in text that literal_fold has folded. false when the arena failed.
 */
bool literal_needs_of(struct arena *arena, struct str pattern,
                      struct literal_needs *out);

/* Where matches of a pattern begin in texts that are ASCII; as above. */
bool literal_starts_of(struct arena *arena, struct str pattern,
                       struct literal_starts *out);

/* The group that is found least for nothing; NULL where there is none. One of
 * which each literal has at least LITERAL_GATE_BYTES goes before others. */
const struct literal_group *literal_cheapest(const struct literal_needs *needs);

/* Occurrences of a piece of text, in lower case, in honest.def. */
uint32_t literal_count(struct str piece);

/**
 * literal_fold - a text in the letter case that literals have
 *
 * out:     room for text.len bytes
 *
 * Returns the length, which is smaller where the text holds one of the two
 * letters outside of ASCII that match an ASCII one when case does not count:
 * U+017F (s) and U+212A (k). Source: Unicode, CaseFolding.txt.
 */
size_t literal_fold(struct str text, char *out);

#endif
