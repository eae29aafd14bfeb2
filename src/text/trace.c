/* SPDX-License-Identifier: MIT */
#include "text/trace.h"

/* A slice that hostile text cut into more places than this is cut off: a
 * report names the first ones. */
#define MAX_REGIONS 256
/* Texts derived from each other: decode, unquote, token, join, describe and
 * the layers of a command, of which limits.h allows 32. */
#define MAX_DEPTH 128

struct tracer {
    struct arena *arena;
    enum trace_view view;
    struct regions *out;
    bool failed;
};

static void add_region(struct tracer *tracer, struct region region)
{
    struct regions *out = tracer->out;

    if (out->n) {
        struct region *last = &out->items[out->n - 1];
        if (last->file == region.file &&
            last->raw_off + last->raw_len == region.raw_off &&
            last->text_off + last->text_len == region.text_off) {
            last->raw_len += region.raw_len;
            last->text_len += region.text_len;
            return;
        }
    }
    if (!VEC_PUSH(tracer->arena, out, region)) {
        tracer->failed = true;
    }
}

/* Index of the piece that holds an offset. */
static uint32_t find_piece(const struct text *text, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = text->n_pieces;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (text->pieces[middle].at <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t piece_end(const struct text *text, uint32_t index)
{
    return index + 1 < text->n_pieces ? text->pieces[index + 1].at
                                      : (uint32_t)text->bytes.len;
}

/* The origin's bytes behind [low, high) of a piece, in whole units. */
static struct slice origin_of(const struct text *text, uint32_t index,
                              uint32_t low, uint32_t high)
{
    const struct piece *piece = &text->pieces[index];
    const struct piece_kind *kind = text_kind(text, index);
    uint32_t first = text_origin_bytes(text, index, low, TEXT_EDGE_START);
    uint32_t last = high > low
                        ? text_origin_bytes(text, index, high, TEXT_EDGE_END)
                        : first;

    return (struct slice){kind->origin, piece->from + first, last - first};
}

/* NOLINTNEXTLINE(misc-no-recursion): MAX_DEPTH bounds it */
static void trace(struct tracer *tracer, struct slice slice, unsigned depth)
{
    const struct text *text = slice.text;

    if (!text || depth > MAX_DEPTH || tracer->failed ||
        tracer->out->n >= MAX_REGIONS) {
        return;
    }
    if (text->n_pieces == 0) {
        return;
    }
    uint32_t end = slice.off + slice.len;
    uint32_t i = find_piece(text, slice.off);
    do {
        const struct piece *piece = &text->pieces[i];
        uint32_t low = slice.off > piece->at ? slice.off : piece->at;
        uint32_t stop = piece_end(text, i);
        uint32_t high = end < stop ? end : stop;
        const struct piece_kind *kind = text_kind(text, i);
        if (tracer->view == TRACE_SITE && kind->via.text) {
            trace(tracer, kind->via, depth + 1);
        } else if (kind->origin) {
            trace(tracer, origin_of(text, i, low, high), depth + 1);
        } else if (text->step == TEXT_DECODE) { /* else it is from nowhere */
            struct slice raw = origin_of(text, i, low, high);
            add_region(tracer, (struct region){text, raw.off, raw.len, low,
                                               high - low});
        }
        i++;
    } while (i < text->n_pieces && text->pieces[i].at < end &&
             tracer->out->n < MAX_REGIONS && !tracer->failed);
}

bool trace_regions(struct arena *arena, struct slice slice,
                   enum trace_view view, struct regions *out)
{
    struct tracer tracer = {arena, view, out, false};

    *out = (struct regions){0};
    trace(&tracer, slice, 0);
    return !tracer.failed;
}

struct infscan_place trace_place(const struct source *source,
                                 struct region region)
{
    return (struct infscan_place){region.raw_off, region.raw_len,
                                  source_line(source, region.text_off),
                                  source_column(source, region.text_off), NULL};
}

struct infscan_place trace_slice(const struct source *source,
                                 struct arena *scratch, struct slice slice)
{
    struct arena_mark mark = arena_get_mark(scratch);
    struct infscan_place place = {0};
    struct regions regions;

    if (slice.text && trace_regions(scratch, slice, TRACE_SITE, &regions) &&
        regions.n) {
        place = trace_place(source, regions.items[0]);
    }
    arena_rewind(scratch, mark);
    return place;
}
