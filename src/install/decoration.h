/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_DECORATION_H
#define INSTALL_DECORATION_H

#include <infscan/result.h>

#include "inf/document.h"

#define DECORATION_MAX_FORMS 12

/* A section that a name may lead to, and the machines on which it does. */
struct decorated {
    uint32_t section;
    unsigned targets; /* of enum infscan_target */
};

#define NAME_TAIL_BITS 1024u

/* What the names of a document's sections end in, by hash: told by it that no
 * section has a name, nobody needs to look for one. */
struct name_tails {
    uint64_t bits[NAME_TAIL_BITS / 64];
    bool is_known; /* false, as in {0}: nothing is told */
};

/* The tails of all names of a document. */
void decoration_read_tails(const struct inf_document *document,
                           struct name_tails *out);

/* What a name and its decorations are looked for in. */
struct name_finder {
    const struct inf_document *document;
    const struct name_tails *tails; /* of it, or of one with more sections */
    struct arena *arena;
};

/**
 * decoration_select - the section that each target takes for a name
 *
 * out:     DECORATION_MAX_FORMS entries; one for each section that some target
 *          takes, with those targets
 *
 * name.nt<arch>, then name.nt, then name: the first that exists is taken, even
 * when it is empty. Number of entries written. Source: Microsoft, "Combining
 * Platform Extensions with Operating System Versions".
 */
unsigned decoration_select(struct name_finder finder, struct str name,
                           struct decorated *out);

/**
 * decoration_forms - every form of a name that exists
 *
 * The plain one first. As decoration_select otherwise, but that a form counts
 * for all the targets that it may be meant for: what a launcher of unknown
 * preference may take.
 */
unsigned decoration_forms(struct name_finder finder, struct str name,
                          struct decorated *out);

/* Targets of a section name by its last suffix: .NTamd64 and the like; all of
 * them for .NT or none; 0 for those that no Windows of today takes. */
unsigned decoration_targets(struct str name);

/* Whether a name ends in an architecture (.NTamd64). */
bool decoration_has_architecture(struct str name);

/**
 * decoration_models_targets - machines that a Models decoration is meant for
 *
 * decoration: "NTamd64.10.0...14310", or empty for the plain section
 *
 * The plain one and NT without architecture are for x86 alone. 0 for a
 * decoration of no machine of today. Source: Microsoft, INF Manufacturer
 * Section.
 */
unsigned decoration_models_targets(struct str decoration);

/* Index of name + suffix, or INF_NONE. */
uint32_t decoration_find(struct name_finder finder, struct str name,
                         const char *suffix);

#endif
