/* SPDX-License-Identifier: MIT */
#ifndef TEXT_TRACE_H
#define TEXT_TRACE_H

#include <infscan/types.h>

#include "text/source.h"
#include "text/text.h"

/* Some bytes of a raw file, and the same in its decoded text. */
struct region {
    const struct text *file; /* that decoded text */
    uint32_t raw_off;
    uint32_t raw_len;
    uint32_t text_off;
    uint32_t text_len;
};

struct regions {
    struct region *items;
    uint32_t n, capacity;
};

enum trace_view {
    TRACE_SITE,    /* where it is used: %Cmd% in the section */
    TRACE_SPELLING /* where it is written: Cmd=... in [Strings] */
};

/**
 * trace_regions - the raw bytes that a slice came from
 *
 * arena:   receives the list
 * out:     regions in the order of the slice, neighbours merged; a list,
 *          since a slice may come from several places
 *
 * An empty slice gives one empty region. false when the arena failed.
 */
bool trace_regions(struct arena *arena, struct slice slice,
                   enum trace_view view, struct regions *out);

/* Line and column of a region of that source. */
struct infscan_place trace_place(const struct source *source,
                                 struct region region);

/**
 * trace_slice - the place that a report leads with
 *
 * First region of the site; {0} for a slice from nowhere.
 */
struct infscan_place trace_slice(const struct source *source,
                                 struct arena *scratch, struct slice slice);

#endif
