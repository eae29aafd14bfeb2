/* SPDX-License-Identifier: MIT */
#ifndef INF_DIALECT_H
#define INF_DIALECT_H

#include "inf/document.h"

/* Which kind of file it is, from dialects.def. */
enum dialect {
#define DIALECT(id, name, is_inf) DIALECT_##id,
#include "inf/dialects.def"
#undef DIALECT
    N_DIALECTS
};

/* Name as records give it ("advanced-inf"). Static. */
const char *dialect_name(enum dialect dialect);

/* Whether a file of that kind says anything to Windows' INF readers; the others
 * have status not-inf. */
bool dialect_is_inf(enum dialect dialect);

/**
 * dialect_of - what a file is, by its content
 *
 * raw:      its first bytes decide where they are those of another format
 * document: as inf_parse made it
 * profile:  the same file as profile_parse made it; may be NULL for a file
 *           that SetupAPI accepts and that does not mention autorun
 *
 * Source: Microsoft's pages of these formats; EDK II INF File Specification.
 */
enum dialect dialect_of(struct str raw, const struct inf_document *document,
                        const struct inf_document *profile);

#endif
