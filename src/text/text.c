/* SPDX-License-Identifier: MIT */
#include "text/text.h"

#define TEXT_MAX_BYTES ((size_t)UINT32_MAX - 1)
/* Pieces take turns between few kinds: ASCII and one or two folds. */
#define KINDS_LOOKED_AT 4
/* So long a piece of recoded characters may be, and ASCII to join one. */
#define MAX_RECODED 1024u
#define MAX_JOINING 64

const struct text *text_file(const struct text *text)
{
    while (text && text->step != TEXT_DECODE) {
        text = text->n_pieces ? text_kind(text, 0)->origin : NULL;
    }
    return text;
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
    /* one by one: the room need not be cleared */
    builder->arena = arena;
    builder->step = step;
    builder->max_bytes =
        max_bytes < TEXT_MAX_BYTES ? max_bytes : TEXT_MAX_BYTES;
    builder->borrowed = NULL;
    builder->bytes = builder->bytes_room;
    builder->len = 0;
    builder->capacity = TEXT_ROOM_BYTES;
    builder->pieces.items = builder->pieces_room;
    builder->pieces.n = 0;
    builder->pieces.capacity = TEXT_ROOM_PIECES;
    builder->kinds.items = builder->kinds_room;
    builder->kinds.n = 0;
    builder->kinds.capacity = TEXT_ROOM_KINDS;
    builder->origin_end = 0;
    builder->failed = false;
    builder->too_large = false;
}

/* Moves a list that has filled its room to the arena, where it can grow. */
static bool leave_room(struct arena *arena, void **items, const void *room,
                       uint32_t n, uint32_t *capacity, size_t size)
{
    if (*items != room || n < *capacity) {
        return true;
    }
    void *moved = arena_alloc(arena, 2 * (size_t)*capacity, size);
    if (!moved) {
        return false;
    }
    memcpy(moved, room, n * size);
    *items = moved;
    *capacity *= 2;
    return true;
}

/* More memory for the bytes, in the arena. */
static bool grow_bytes(struct text_builder *builder, size_t capacity)
{
    bool is_in_room = builder->bytes == builder->bytes_room;
    char *grown = is_in_room ? arena_alloc(builder->arena, capacity, 1)
                             : arena_grow(builder->arena, builder->bytes,
                                          builder->capacity, capacity);

    if (!grown) {
        builder->failed = true;
        return false;
    }
    if (is_in_room) {
        memcpy(grown, builder->bytes_room, builder->len);
    }
    builder->bytes = grown;
    builder->capacity = capacity;
    return true;
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
    if (need <= builder->capacity) {
        return builder->bytes + builder->len;
    }
    size_t capacity = builder->capacity * 2;
    if (builder->capacity > VEC_SLOW_BYTES) {
        capacity = builder->capacity + builder->capacity / 4;
    }
    if (capacity < need) {
        capacity = need;
    }
    return grow_bytes(builder, capacity) ? builder->bytes + builder->len : NULL;
}

struct str text_build_bytes(struct text_builder *builder)
{
    if (builder->bytes == builder->bytes_room && !builder->failed) {
        grow_bytes(builder, builder->len * 2 + 1);
    }
    return builder->failed ? str_of(NULL, 0)
                           : str_of(builder->bytes, builder->len);
}

static bool same_slice(struct slice a, struct slice b)
{
    return a.text == b.text && a.off == b.off && a.len == b.len;
}

static bool same_kind(const struct piece_kind *a, const struct piece_kind *b)
{
    return a->origin == b->origin && a->out_unit == b->out_unit &&
           a->in_unit == b->in_unit && a->copied == b->copied &&
           a->by_character == b->by_character && same_slice(a->via, b->via);
}

/* Index of a kind: one of the last few, or a new one. */
static uint32_t find_kind(struct text_builder *builder,
                          const struct piece_kind *kind)
{
    uint32_t n = builder->kinds.n;

    for (uint32_t i = n; i > 0 && n - i < KINDS_LOOKED_AT; i--) {
        if (same_kind(&builder->kinds.items[i - 1], kind)) {
            return i - 1;
        }
    }
    if (!leave_room(builder->arena, (void **)&builder->kinds.items,
                    builder->kinds_room, builder->kinds.n,
                    &builder->kinds.capacity, sizeof *builder->kinds.items) ||
        !VEC_PUSH(builder->arena, &builder->kinds, *kind)) {
        builder->failed = true;
    }
    return n;
}

/* Whether a piece only goes on with the last one. */
static bool continues(const struct text_builder *builder,
                      const struct piece *next)
{
    if (!builder->pieces.n) {
        return false;
    }
    const struct piece *last = &builder->pieces.items[builder->pieces.n - 1];
    const struct piece_kind *kind = &builder->kinds.items[last->kind];
    uint32_t len = next->at - last->at;

    if (kind->by_character) { /* short, since its characters are counted */
        return last->kind == next->kind && len < MAX_RECODED &&
               builder->origin_end == next->from;
    }
    return last->kind == next->kind && len % kind->out_unit == 0 &&
           last->from + len / kind->out_unit * kind->in_unit == next->from;
}

static void add_piece(struct text_builder *builder, uint32_t at, uint32_t from,
                      const struct piece_kind *kind)
{
    struct piece piece = {at, from, find_kind(builder, kind)};

    if (!builder->failed && !continues(builder, &piece) &&
        !(leave_room(builder->arena, (void **)&builder->pieces.items,
                     builder->pieces_room, builder->pieces.n,
                     &builder->pieces.capacity,
                     sizeof *builder->pieces.items) &&
          VEC_PUSH(builder->arena, &builder->pieces, piece))) {
        builder->failed = true;
    }
}

/* Names where n_out bytes at the end of the text came from. */
static void add_run(struct text_builder *builder, uint32_t n_out,
                    struct slice from, uint32_t out_unit, uint32_t in_unit,
                    struct slice via)
{
    uint32_t at = (uint32_t)builder->len;
    struct piece_kind kind = {
        .origin = from.text,
        .via = via,
        .out_unit = out_unit,
        .in_unit = in_unit,
        .copied = out_unit == 1 && in_unit == 1,
    };
    uint32_t units = 0;

    if (out_unit && in_unit) { /* else the whole for the whole */
        units = n_out / out_unit;
        if (units > from.len / in_unit) {
            units = from.len / in_unit;
        }
    }
    if (units) {
        add_piece(builder, at, from.off, &kind);
    }
    uint32_t done = units * out_unit;
    if (done < n_out) { /* what is left over is a unit of its own */
        uint32_t done_in = units * in_unit;
        kind.out_unit = n_out - done;
        kind.in_unit = from.len - done_in;
        kind.copied = false;
        add_piece(builder, at + done, from.off + done_in, &kind);
    }
    builder->origin_end = from.off + from.len;
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

void text_build_recode(struct text_builder *builder, struct str out,
                       struct slice from, uint32_t in_unit)
{
    char *room = out.len ? text_build_room(builder, out.len) : NULL;
    struct piece_kind kind = {.origin = from.text,
                              .out_unit = 1,
                              .in_unit = in_unit,
                              .by_character = true};

    if (room) {
        memcpy(room, out.bytes, out.len);
        add_piece(builder, (uint32_t)builder->len, from.off, &kind);
        builder->origin_end = from.off + from.len;
        builder->len += out.len;
    }
}

bool text_build_joins(const struct text_builder *builder, size_t n,
                      uint32_t in_unit)
{
    if (n > MAX_JOINING || !builder->pieces.n) {
        return false;
    }
    const struct piece *last = &builder->pieces.items[builder->pieces.n - 1];
    const struct piece_kind *kind = &builder->kinds.items[last->kind];
    return kind->by_character && kind->in_unit == in_unit;
}

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

uint32_t text_origin_bytes(const struct text *text, uint32_t index,
                           uint32_t offset, enum text_edge edge)
{
    const struct piece *piece = &text->pieces[index];
    const struct piece_kind *kind = text_kind(text, index);
    const char *bytes = text->bytes.bytes;
    uint32_t n = 0;

    if (!kind->by_character) {
        uint32_t len = offset - piece->at;
        uint32_t up = edge == TEXT_EDGE_END ? kind->out_unit - 1 : 0;
        return (len + up) / kind->out_unit * kind->in_unit;
    }
    for (uint32_t i = piece->at; i < offset; i++) {
        n += !is_inside_character(bytes[i]);
    }
    if (edge == TEXT_EDGE_START && n && offset < text->bytes.len &&
        is_inside_character(bytes[offset])) {
        n--;
    }
    return n * kind->in_unit;
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

/* What is still in the builder's room is copied behind the text, so that most
 * texts are one piece of memory. */
const struct text *text_build_finish(struct text_builder *builder)
{
    if (builder->failed) {
        return NULL;
    }
    size_t n_kinds = builder->kinds.items == builder->kinds_room
                         ? builder->kinds.n * sizeof *builder->kinds.items
                         : 0;
    size_t n_pieces = builder->pieces.items == builder->pieces_room
                          ? builder->pieces.n * sizeof *builder->pieces.items
                          : 0;
    bool is_in_room = builder->bytes == builder->bytes_room;
    size_t n_bytes = is_in_room && !builder->borrowed ? builder->len : 0;
    struct text *text = arena_alloc(
        builder->arena, sizeof *text + n_kinds + n_pieces + n_bytes, 1);
    if (!text) {
        return NULL;
    }
    struct piece_kind *kinds = (struct piece_kind *)(void *)(text + 1);
    struct piece *pieces =
        (struct piece *)(void *)((char *)(text + 1) + n_kinds);
    char *bytes = (char *)(text + 1) + n_kinds + n_pieces;
    memcpy(kinds, builder->kinds_room, n_kinds);
    memcpy(pieces, builder->pieces_room, n_pieces);
    memcpy(bytes, builder->bytes_room, n_bytes);
    const char *content = is_in_room ? bytes : builder->bytes;
    *text = (struct text){
        .bytes = str_of(builder->borrowed ? builder->borrowed : content,
                        builder->len),
        .pieces = n_pieces ? pieces : builder->pieces.items,
        .kinds = n_kinds ? kinds : builder->kinds.items,
        .n_pieces = builder->pieces.n,
        .n_kinds = builder->kinds.n,
        .step = builder->step,
    };
    if (!text->n_pieces) {
        text->pieces = NULL;
        text->kinds = NULL;
    }
    return text;
}

static bool piece_is_sound(const struct text *text, uint32_t index,
                           struct str raw)
{
    const struct piece *piece = &text->pieces[index];
    uint64_t end = index + 1 < text->n_pieces ? text->pieces[index + 1].at
                                              : text->bytes.len;
    if (piece->kind >= text->n_kinds) {
        return false;
    }
    const struct piece_kind *kind = &text->kinds[piece->kind];
    struct str origin = kind->origin ? kind->origin->bytes : raw;

    if (piece->at >= end || !kind->out_unit ||
        (end - piece->at) % kind->out_unit ||
        (kind->by_character &&
         is_inside_character(text->bytes.bytes[piece->at]))) {
        return false;
    }
    uint64_t n_in =
        text_origin_bytes(text, index, (uint32_t)end, TEXT_EDGE_START);
    if (piece->from > origin.len || n_in > origin.len - piece->from) {
        return false;
    }
    return !kind->copied ||
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
