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

/* Room that there is not. */
static char *make_room(struct text_builder *builder, size_t bytes)
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
    size_t capacity = builder->capacity * 2;
    if (builder->capacity > VEC_SLOW_BYTES) {
        capacity = builder->capacity + builder->capacity / 4;
    }
    if (capacity < need) {
        capacity = need;
    }
    return grow_bytes(builder, capacity) ? builder->bytes + builder->len : NULL;
}

static inline char *room(struct text_builder *builder, size_t bytes)
{
    size_t most = builder->capacity < builder->max_bytes ? builder->capacity
                                                         : builder->max_bytes;

    return !builder->failed && bytes <= most - builder->len
               ? builder->bytes + builder->len
               : make_room(builder, bytes);
}

char *text_build_room(struct text_builder *builder, size_t bytes)
{
    return room(builder, bytes);
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

static inline bool same_kind(const struct piece_kind *a,
                             const struct piece_kind *b)
{
    return a->origin == b->origin && a->out_unit == b->out_unit &&
           a->in_unit == b->in_unit && a->via.text == b->via.text &&
           a->copied == b->copied && a->by_character == b->by_character &&
           same_slice(a->via, b->via);
}

/* More of a list: in the builder's room, then in the arena. */
static bool add_kind(struct text_builder *builder,
                     const struct piece_kind *kind)
{
    return leave_room(builder->arena, (void **)&builder->kinds.items,
                      builder->kinds_room, builder->kinds.n,
                      &builder->kinds.capacity, sizeof *builder->kinds.items) &&
           VEC_PUSH(builder->arena, &builder->kinds, *kind);
}

static bool grow_pieces(struct text_builder *builder)
{
    return leave_room(builder->arena, (void **)&builder->pieces.items,
                      builder->pieces_room, builder->pieces.n,
                      &builder->pieces.capacity,
                      sizeof *builder->pieces.items) &&
           vec_reserve(builder->arena, (void **)&builder->pieces.items,
                       builder->pieces.n, &builder->pieces.capacity,
                       sizeof *builder->pieces.items);
}

/* Index of a kind: one of the last few, or a new one. */
static inline uint32_t find_kind(struct text_builder *builder,
                                 const struct piece_kind *kind)
{
    uint32_t n = builder->kinds.n;

    for (uint32_t i = n; i > 0 && n - i < KINDS_LOOKED_AT; i--) {
        if (same_kind(&builder->kinds.items[i - 1], kind)) {
            return i - 1;
        }
    }
    builder->failed = builder->failed || !add_kind(builder, kind);
    return n;
}

/* Whether a piece only goes on with the last one. */
static inline bool continues(const struct text_builder *builder,
                             const struct piece *next)
{
    if (!builder->pieces.n) {
        return false;
    }
    const struct piece *last = &builder->pieces.items[builder->pieces.n - 1];
    if (last->kind != next->kind) {
        return false;
    }
    const struct piece_kind *kind = &builder->kinds.items[last->kind];
    uint32_t len = next->at - last->at;

    if (kind->copied) {
        return last->from + len == next->from;
    }
    if (kind->by_character) { /* short, since its characters are counted */
        return len < MAX_RECODED && builder->origin_end == next->from;
    }
    return len % kind->out_unit == 0 &&
           last->from + len / kind->out_unit * kind->in_unit == next->from;
}

static inline void add_piece(struct text_builder *builder, uint32_t at,
                             uint32_t from, const struct piece_kind *kind)
{
    struct piece piece = {at, from, find_kind(builder, kind)};

    if (builder->failed || continues(builder, &piece)) {
        return;
    }
    if (builder->pieces.n == builder->pieces.capacity &&
        !grow_pieces(builder)) {
        builder->failed = true;
        return;
    }
    builder->pieces.items[builder->pieces.n++] = piece;
}

/* Names where bytes at the end of the text came from: a copy of them. */
static inline void add_copied(struct text_builder *builder, struct slice from,
                              struct slice via)
{
    struct piece_kind kind = {.origin = from.text,
                              .via = via,
                              .out_unit = 1,
                              .in_unit = 1,
                              .copied = true};

    add_piece(builder, (uint32_t)builder->len, from.off, &kind);
    builder->origin_end = from.off + from.len;
}

/* The same for n_out bytes that are as a whole made of a whole. */
static inline void add_whole(struct text_builder *builder, uint32_t n_out,
                             struct slice from)
{
    struct piece_kind kind = {.origin = from.text,
                              .via = SLICE_NONE,
                              .out_unit = n_out,
                              .in_unit = from.len,
                              .copied = false};

    add_piece(builder, (uint32_t)builder->len, from.off, &kind);
    builder->origin_end = from.off + from.len;
}

/* The same where something may be left over at the end of either. */
static void add_run(struct text_builder *builder, uint32_t n_out,
                    struct slice from, uint32_t out_unit, uint32_t in_unit)
{
    uint32_t at = (uint32_t)builder->len;
    struct piece_kind kind = {
        .origin = from.text,
        .via = SLICE_NONE,
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
        add_run(builder, (uint32_t)n_out, from, out_unit, in_unit);
        builder->len += n_out;
    }
}

void text_build_fold(struct text_builder *builder, struct str out,
                     struct slice from, uint32_t out_unit, uint32_t in_unit)
{
    if (out.len == 0) {
        return;
    }
    char *to = room(builder, out.len);
    if (!to) {
        return;
    }
    memcpy(to, out.bytes, out.len);
    if (out_unit || in_unit) {
        add_run(builder, (uint32_t)out.len, from, out_unit, in_unit);
    } else {
        add_whole(builder, (uint32_t)out.len, from);
    }
    builder->len += out.len;
}

void text_build_recode(struct text_builder *builder, struct str out,
                       struct slice from, uint32_t in_unit)
{
    char *to = out.len ? room(builder, out.len) : NULL;
    struct piece_kind kind = {.origin = from.text,
                              .out_unit = 1,
                              .in_unit = in_unit,
                              .by_character = true};

    if (to) {
        memcpy(to, out.bytes, out.len);
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
    text_build_via(builder, from, SLICE_NONE);
}

void text_build_via(struct text_builder *builder, struct slice value,
                    struct slice reference)
{
    char *to = value.text && value.len ? room(builder, value.len) : NULL;

    if (to) {
        memcpy(to, value.text->bytes.bytes + value.off, value.len);
        add_copied(builder, value, reference);
        builder->len += value.len;
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
        add_copied(builder, (struct slice){NULL, raw_off, (uint32_t)raw.len},
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
