/* SPDX-License-Identifier: MIT */
#include "text/text.h"

#define TEXT_MAX_BYTES ((size_t)UINT32_MAX - 1)

const struct text *text_file(const struct text *text)
{
    while (text && text->step != TEXT_DECODE) {
        text = text->n_pieces ? text->pieces[0].origin : NULL;
    }
    return text;
}

struct slice slice_sub(struct slice s, size_t from, size_t len)
{
    if (from > s.len) {
        from = s.len;
    }
    if (len > s.len - from) {
        len = s.len - from;
    }
    s.off += (uint32_t)from;
    s.len = (uint32_t)len;
    return s;
}

struct slice slice_trim(struct slice s)
{
    struct str bytes = slice_str(s);
    struct str trimmed = str_trim(bytes);

    return slice_sub(s, (size_t)(trimmed.bytes - bytes.bytes), trimmed.len);
}

void text_build_init(struct text_builder *builder, struct arena *arena,
                     enum text_step step, size_t max_bytes)
{
    *builder = (struct text_builder){
        .arena = arena,
        .step = step,
        .max_bytes = max_bytes < TEXT_MAX_BYTES ? max_bytes : TEXT_MAX_BYTES,
    };
}

char *text_build_room(struct text_builder *builder, size_t bytes)
{
    if (builder->failed) {
        return NULL;
    }
    if (bytes > builder->max_bytes - builder->len) {
        builder->too_large = true;
        builder->failed = true;
        return NULL;
    }
    size_t need = builder->len + bytes;
    if (need <= builder->capacity && builder->bytes) {
        return builder->bytes + builder->len;
    }
    size_t capacity = builder->capacity ? builder->capacity * 2 : 64;
    if (capacity < need) {
        capacity = need;
    }
    if (builder->bytes && arena_extend(builder->arena, builder->bytes,
                                       builder->capacity, capacity)) {
        builder->capacity = capacity;
        return builder->bytes + builder->len;
    }
    char *moved = arena_alloc(builder->arena, capacity, 1);
    if (!moved) {
        builder->failed = true;
        return NULL;
    }
    if (builder->bytes && builder->len) {
        memcpy(moved, builder->bytes, builder->len);
    }
    builder->bytes = moved;
    builder->capacity = capacity;
    return moved + builder->len;
}

static bool same_slice(struct slice a, struct slice b)
{
    return a.text == b.text && a.off == b.off && a.len == b.len;
}

/* Whether a piece that starts at `next->at` only goes on with the last one. */
static bool continues(const struct piece *last, const struct piece *next)
{
    uint32_t len = next->at - last->at;

    return last->origin == next->origin && last->out_unit == next->out_unit &&
           last->in_unit == next->in_unit && last->copied == next->copied &&
           len % last->out_unit == 0 &&
           last->from + len / last->out_unit * last->in_unit == next->from &&
           same_slice(last->via, next->via);
}

static void add_piece(struct text_builder *builder, struct piece piece)
{
    if (builder->pieces.n &&
        continues(&builder->pieces.items[builder->pieces.n - 1], &piece)) {
        return;
    }
    if (!VEC_PUSH(builder->arena, &builder->pieces, piece)) {
        builder->failed = true;
    }
}

/* Names where n_out bytes at the end of the text came from. */
static void add_run(struct text_builder *builder, uint32_t n_out,
                    struct slice from, uint32_t out_unit, uint32_t in_unit,
                    struct slice via)
{
    struct piece piece = {
        .at = (uint32_t)builder->len,
        .from = from.off,
        .out_unit = out_unit,
        .in_unit = in_unit,
        .origin = from.text,
        .via = via,
        .copied = out_unit == 1 && in_unit == 1,
    };
    uint32_t units = n_out;

    if (!out_unit || !in_unit) { /* the whole for the whole */
        units = 0;
    } else {
        units = n_out / out_unit;
        if (units > from.len / in_unit) {
            units = from.len / in_unit;
        }
    }
    if (units) {
        add_piece(builder, piece);
    }
    uint32_t done = units * out_unit;
    if (done < n_out) { /* what is left over is a unit of its own */
        piece.at += done;
        piece.from += units * in_unit;
        piece.out_unit = n_out - done;
        piece.in_unit = from.len - units * in_unit;
        piece.copied = false;
        add_piece(builder, piece);
    }
}

void text_build_commit(struct text_builder *builder, size_t n_out,
                       struct slice from, uint32_t out_unit, uint32_t in_unit)
{
    if (!builder->failed && n_out) {
        add_run(builder, (uint32_t)n_out, from, out_unit, in_unit, SLICE_NONE);
        builder->len += n_out;
    }
}

void text_build_fold(struct text_builder *builder, struct str out,
                     struct slice from, uint32_t out_unit, uint32_t in_unit)
{
    if (out.len == 0) {
        return;
    }
    char *room = text_build_room(builder, out.len);
    if (room) {
        memcpy(room, out.bytes, out.len);
        text_build_commit(builder, out.len, from, out_unit, in_unit);
    }
}

void text_build_copy(struct text_builder *builder, struct slice from)
{
    text_build_fold(builder, slice_str(from), from, 1, 1);
}

void text_build_via(struct text_builder *builder, struct slice value,
                    struct slice reference)
{
    struct str bytes = slice_str(value);

    if (bytes.len == 0) {
        return;
    }
    char *room = text_build_room(builder, bytes.len);
    if (room) {
        memcpy(room, bytes.bytes, bytes.len);
        add_run(builder, value.len, value, 1, 1, reference);
        builder->len += bytes.len;
    }
}

void text_build_borrow(struct text_builder *builder, struct str raw,
                       uint32_t raw_off)
{
    if (builder->failed || builder->len || raw.len > builder->max_bytes) {
        builder->too_large = raw.len > builder->max_bytes;
        builder->failed = true;
        return;
    }
    if (raw.len) {
        add_run(builder, (uint32_t)raw.len,
                (struct slice){NULL, raw_off, (uint32_t)raw.len}, 1, 1,
                SLICE_NONE);
    }
    builder->borrowed = raw.bytes;
    builder->len = raw.len;
}

const struct text *text_build_finish(struct text_builder *builder)
{
    if (builder->failed) {
        return NULL;
    }
    struct text *text = ARENA_NEW(builder->arena, struct text);
    if (!text) {
        return NULL;
    }
    const char *bytes = builder->borrowed ? builder->borrowed : builder->bytes;
    text->bytes = str_of(bytes ? bytes : "", builder->len);
    text->pieces = builder->pieces.items;
    text->n_pieces = builder->pieces.n;
    text->step = builder->step;
    return text;
}

static bool piece_is_sound(const struct text *text, uint32_t index,
                           struct str raw)
{
    const struct piece *piece = &text->pieces[index];
    uint64_t end = index + 1 < text->n_pieces ? text->pieces[index + 1].at
                                              : text->bytes.len;
    struct str origin = piece->origin ? piece->origin->bytes : raw;

    if (piece->at >= end || !piece->out_unit ||
        (end - piece->at) % piece->out_unit) {
        return false;
    }
    uint64_t n_in = (end - piece->at) / piece->out_unit * piece->in_unit;
    if (piece->from > origin.len || n_in > origin.len - piece->from) {
        return false;
    }
    return !piece->copied ||
           memcmp(text->bytes.bytes + piece->at, origin.bytes + piece->from,
                  (size_t)n_in) == 0;
}

bool text_is_sound(const struct text *text, struct str raw)
{
    if (text->bytes.len && (!text->n_pieces || text->pieces[0].at != 0)) {
        return false;
    }
    for (uint32_t i = 0; i < text->n_pieces; i++) {
        if (!piece_is_sound(text, i, raw)) {
            return false;
        }
    }
    return true;
}
