/* SPDX-License-Identifier: MIT */
#ifndef SCAN_READING_H
#define SCAN_READING_H

#include "inf/document.h"
#include "text/decode.h"

/* One file read as SetupAPI reads it. */
struct reading {
    struct decoded decoded;
    struct source source;
    struct inf_document document; /* points to source */
};

/**
 * reading_make - decode and parse raw bytes
 *
 * arena:    receives the reading
 * raw:      must live as long as the reading
 * codepage: of 8-bit files; known to decode_codepage_name
 * diags:    may be NULL
 *
 * NULL when the arena failed.
 */
struct reading *reading_make(struct arena *arena, struct str raw,
                             unsigned codepage, const struct limits *limits,
                             struct diag_list *diags);

/* As reading_make, in another encoding than Windows would take. */
struct reading *reading_make_as(struct arena *arena, struct str raw,
                                struct decode_guess as,
                                const struct limits *limits,
                                struct diag_list *diags);

#endif
