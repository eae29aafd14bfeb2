/* SPDX-License-Identifier: MIT */
#ifndef INF_APPEND_H
#define INF_APPEND_H

#include "inf/document.h"

/**
 * inf_append - a document with the sections of other files behind its own
 *
 * first:   its sections and lines keep their numbers
 * others:  in the order in which they are searched; text, fields and names are
 *          shared with them
 * out:     source, refusal and limits are those of `first`
 *
 * Sections of one name are one, as for duplicates within a file. [Version] and
 * [Strings] of the others stay out: each file is read with its own. false when
 * the arena failed or there are too many lines. Source: Microsoft,
 * SetupOpenAppendInfFile; Wine, setupapi/parser.c.
 */
bool inf_append(struct arena *arena, const struct inf_document *first,
                const struct inf_document *const *others, uint32_t n_others,
                struct inf_document *out);

#endif
