/* SPDX-License-Identifier: MIT */
#ifndef RULES_PREFILTER_H
#define RULES_PREFILTER_H

#include "base/arena.h"

struct rule_set;
struct rule;

/* Tells in one pass over a text which rules of a set can match it: those of
 * whose gate it holds a literal, and those without a gate. Const data without
 * pointers into itself, so that the tables of the shipped rules need no work
 * when the program starts. */

#define PREFILTER_WINDOW 3u /* bytes of a literal that are looked up */
#define PREFILTER_BITS 15u
#define PREFILTER_WORDS ((1u << PREFILTER_BITS) / 64)
#define PREFILTER_BUCKETS 8192u

/* A literal of the gate of a rule. */
struct gate_literal {
    const char *text; /* lower case */
    uint32_t window;  /* offset of the bytes of it that are looked up */
};

struct prefilter_entry {
    uint32_t at; /* of the literal, in `bytes` */
    uint16_t len;
    uint16_t window;
    uint64_t key;   /* its bytes from the window on, see key_of */
    uint64_t mask;  /* of those that it has */
    uint32_t first; /* of the rules that it is a gate of, in `rules` */
    uint32_t n;
};

struct prefilter {
    const uint64_t *bits;    /* by hash of a window: some literal has it */
    const uint32_t *buckets; /* by hash % BUCKETS: first entry; one more */
    const struct prefilter_entry *entries;
    const char *bytes;
    const uint32_t *rules;  /* positions in the set */
    const uint64_t *always; /* bit by position: rules without a gate */
    uint32_t n_rules;       /* of `rules` */
    uint32_t n_entries;
    uint32_t n_bytes;
};

/**
 * prefilter_gate - the literals without which a rule cannot match
 *
 * Sets rule->gate and rule->n_gate from the needs of its patterns. false when
 * the arena failed.
 */
bool prefilter_gate(struct arena *arena, struct rule *rule);

/* Number of words in a bitmap of n rules. */
static inline uint32_t prefilter_words(uint32_t n_rules)
{
    return (n_rules + 63) / 64;
}

/* The tables for the gates of a set. NULL when the arena failed. */
const struct prefilter *prefilter_new(struct arena *arena,
                                      const struct rule_set *set);

/* What a text is made of: the bytes of a short one, the windows by hash of any
 * other, by less bits of it where they are not many. */
struct prefilter_seen {
    bool is_short;
    unsigned shift; /* of the hash */
    uint64_t bytes[4];
    uint64_t windows[PREFILTER_WORDS];
};

/**
 * prefilter_run - which rules may match a text
 *
 * wanted:  the rules that are asked for, as bits by position
 * out:     prefilter_words() words; bits are added, those of `always` are not
 *
 * false when the text holds bytes outside of ASCII: it is then to be folded
 * with literal_fold and run again.
 */
bool prefilter_run(const struct prefilter *filter, struct str text,
                   const uint64_t *wanted, uint64_t *out);

/* What a text that literal_fold gave is made of. */
void prefilter_look(struct str text, struct prefilter_seen *seen);

/* Whether a literal, in lower case, may be in the text of which `seen` is. */
bool prefilter_may_hold(const struct prefilter_seen *seen, struct str literal);

#endif
