/* SPDX-License-Identifier: MIT */
#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include "base/str.h"

/* A compiled pattern; never changes once compiled. */
struct regex;

/* What one matcher needs besides: match data and limits. One thread's. */
struct regex_scratch;

enum regex_result {
    REGEX_NO_MATCH,
    REGEX_MATCH,
    REGEX_LIMIT, /* of steps or memory: nobody knows whether it matches */
    REGEX_NO_MEMORY
};

enum regex_mode {
    REGEX_FAST,    /* limited where each match begins; for short texts */
    REGEX_ASCII,   /* the same for texts that are ASCII alone */
    REGEX_COUNTED, /* slower; counts all work, whatever the text */
    REGEX_WORST    /* likewise, and no text is refused for what it lacks */
};

struct regex_error {
    size_t offset; /* in the pattern, bytes */
    char message[128];
};

/**
 * regex_compile - compile one pattern of a rule
 *
 * Letters match in either case unless the pattern says (?-i); a dot matches
 * line ends, too. NULL for a bad pattern or when memory ran out; `error` says
 * which.
 */
struct regex *regex_compile(struct str pattern, enum regex_mode mode,
                            struct regex_error *error);
void regex_free(struct regex *regex); /* NULL is allowed */

/**
 * regex_scratch_new - what regex_match works with
 *
 * max_kilobytes:  of heap in one match
 *
 * NULL when memory ran out.
 */
struct regex_scratch *regex_scratch_new(uint32_t max_kilobytes);
void regex_scratch_free(struct regex_scratch *scratch);

/**
 * regex_match - find the first match of a pattern in a text
 *
 * text:      UTF-8 or not; a match never holds a bad byte
 * max_steps: for a REGEX_COUNTED pattern of the whole call; for a REGEX_FAST
 * one from each place where a match might begin, so that a text of n bytes may
 * cost n times as much at, len:   of the match in bytes; written only for
 * REGEX_MATCH
 */
enum regex_result regex_match(const struct regex *regex,
                              struct regex_scratch *scratch, struct str text,
                              uint32_t max_steps, size_t *at, size_t *len);

bool regex_is_ascii(struct str s);

/**
 * regex_match_here - as regex_match, but for a match that begins at `from`
 *
 * regex:   a REGEX_ASCII pattern; text is ASCII
 * until:   no match begins there or behind; made less where NO_MATCH shows it
 *
 * What is before `from` can be looked back at.
 */
enum regex_result regex_match_here(const struct regex *regex,
                                   struct regex_scratch *scratch,
                                   struct str text, size_t from, size_t *until,
                                   uint32_t max_steps, size_t *at, size_t *len);

/* Steps that the last match of a REGEX_COUNTED pattern took. */
uint32_t regex_steps(const struct regex_scratch *scratch);

#endif
