/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_REFERENCE_H
#define INSTALL_REFERENCE_H

#include "base/arena.h"
#include "base/str.h"

/* What the tables of this module say, for a reader: one topic for each row. */

enum topic_kind {
    TOPIC_LAUNCHER,  /* launchers.def */
    TOPIC_WAY,       /* ways.def, switches.def */
    TOPIC_DIRECTIVE, /* directives.def */
    TOPIC_SECTION,   /* suffixes.def */
    TOPIC_KEY,       /* keys.def */
    TOPIC_OTHER,     /* roles.def */
    N_TOPIC_KINDS
};

/* Something more to know about a topic. */
struct reference_fact {
    const char *label; /* "Fields"; static */
    struct str text;
};

#define REFERENCE_MAX_FACTS 9

struct reference_topic {
    enum topic_kind kind;
    struct str name; /* several of a kind: divided by ", " */
    struct str effect;
    struct str source;
    struct reference_fact facts[REFERENCE_MAX_FACTS];
    size_t n_facts;
};

/* What a kind is called ("directive"). Static. */
const char *reference_kind_name(enum topic_kind kind);

/* Rows of a kind. */
size_t reference_count(enum topic_kind kind);

/* Name of a row: of several, all of them. Static. */
struct str reference_name(enum topic_kind kind, size_t row);

/**
 * reference_topic - all that is known about a row
 *
 * arena:   receives its texts, those that are not static
 *
 * false when the arena failed.
 */
bool reference_topic(enum topic_kind kind, size_t row, struct arena *arena,
                     struct reference_topic *out);

/* The first row that bears a name, letter case aside; false: there is none. */
bool reference_find(struct str name, enum topic_kind *out_kind,
                    size_t *out_row);

#endif
