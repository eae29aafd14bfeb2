/* SPDX-License-Identifier: MIT */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"

struct text;

/* Bytes of an analysed file: the type of every section name, key, value,
 * command and match. text NULL: the empty slice that comes from nowhere. */
struct slice {
    const struct text *text;
    uint32_t off;
    uint32_t len;
};

/* One run of derived bytes and where it was read. Units never stick out over
 * the run's end. */
struct piece {
    uint32_t at;   /* first derived byte */
    uint32_t from; /* first byte in the origin */
    uint32_t kind; /* index of its piece_kind */
};

/* What pieces have in common. Every `out_unit` derived bytes came from
 * `in_unit` bytes of the origin: 1:1 is a copy, 1:2 ASCII out of UTF-16, 3:4
 * base64, n:m an opaque fold. */
struct piece_kind {
    const struct text *origin; /* NULL: the raw file */
    struct slice via;          /* the reference that this replaced: %Cmd% */
    uint32_t out_unit;
    uint32_t in_unit;
    bool copied;       /* 1:1, and the bytes are the origin's own */
    bool by_character; /* out_unit is a character, however many bytes it has */
};

/* What made a text out of the one before it. */
enum text_step {
    TEXT_DECODE,  /* raw bytes to UTF-8 */
    TEXT_JOIN,    /* continued lines, fields joined by commas */
    TEXT_UNQUOTE, /* a field without its quotes */
    TEXT_TOKEN,   /* %tokens% replaced */
    TEXT_PEEL,    /* a layer of a command */
    TEXT_DESCRIBE /* a line that infscan worded around slices */
};

/* Immutable. Only text_build_finish makes one. */
struct text {
    struct str bytes;           /* UTF-8 (a peeled layer may hold others) */
    const struct piece *pieces; /* sorted by `at`, without gaps */
    const struct piece_kind *kinds;
    uint32_t n_pieces;
    uint32_t n_kinds;
    enum text_step step;
};

#define SLICE_NONE ((struct slice){NULL, 0, 0})

/* The bytes of a slice. */
static inline struct str slice_str(struct slice s)
{
    return s.text ? str_of(s.text->bytes.bytes + s.off, s.len) : str_of("", 0);
}

/* What kind the n-th piece is of. */
static inline const struct piece_kind *text_kind(const struct text *text,
                                                 uint32_t piece)
{
    return &text->kinds[text->pieces[piece].kind];
}

/* A whole text as a slice; text may be NULL. */
static inline struct slice slice_all(const struct text *text)
{
    return text ? (struct slice){text, 0, (uint32_t)text->bytes.len}
                : SLICE_NONE;
}

/* The decoded text of the file that a text begins in; NULL for one that comes
 * from nowhere. */
const struct text *text_file(const struct text *text);

/* A part of a slice, cut to what is there. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t len)
{
    if (from > s.len) {
        from = s.len;
    }
    if (len > s.len - from) {
        len = s.len - from;
    }
    return (struct slice){s.text, s.off + (uint32_t)from, (uint32_t)len};
}

/* Without ASCII white space at both ends. */
struct slice slice_trim(struct slice s);

/* What most texts fit in while they are built. */
#define TEXT_ROOM_BYTES 256
#define TEXT_ROOM_PIECES 16
#define TEXT_ROOM_KINDS 8

/* Builds one text. Sticky: after the first failure additions are ignored, and
 * text_build_finish returns NULL. It may not be moved: it points into itself
 * until a text outgrows its room. */
struct text_builder {
    struct arena *arena;
    enum text_step step;
    size_t max_bytes;
    const char *borrowed; /* text_build_borrow: the raw file itself */
    char *bytes;
    size_t len;
    size_t capacity;
    VEC(struct piece) pieces;
    VEC(struct piece_kind) kinds;
    uint32_t origin_end; /* behind what was added last */
    bool failed;         /* memory ran out, or the maximum was reached */
    bool too_large;      /* it was the maximum */
    struct piece_kind kinds_room[TEXT_ROOM_KINDS];
    struct piece pieces_room[TEXT_ROOM_PIECES];
    char bytes_room[TEXT_ROOM_BYTES];
};

/**
 * text_build_init - start a text
 *
 * arena:      receives bytes and pieces
 * max_bytes:  past this the builder fails and sets too_large
 */
void text_build_init(struct text_builder *builder, struct arena *arena,
                     enum text_step step, size_t max_bytes);

/* Add a slice as it is. */
void text_build_copy(struct text_builder *builder, struct slice from);

/**
 * text_build_fold - add bytes that were made out of a slice
 *
 * out:      derived bytes
 * from:     what they were made of; where it has no text the bytes are taken
 *           to be made of the raw file's [off, off + len)
 * out_unit, in_unit:  so many derived bytes for so many of `from`; 1, 1 says
 *           that they are the same bytes; 0, 0: the whole for the whole. What
 *           is left over at the end of either becomes one unit of its own.
 */
void text_build_fold(struct text_builder *builder, struct str out,
                     struct slice from, uint32_t out_unit, uint32_t in_unit);

/**
 * text_build_recode - add characters that each were made of so many bytes
 *
 * out:      whole characters in UTF-8
 * from:     as for text_build_fold; in_unit bytes for each of them
 *
 * Text of many kinds of characters has few pieces this way: as long as they
 * are made of as many bytes, they are one. ASCII among them, too, where it is
 * short: text_build_joins says so.
 */
void text_build_recode(struct text_builder *builder, struct str out,
                       struct slice from, uint32_t in_unit);

/* Whether `n` characters of ASCII do better to go on with text_build_recode
 * than to be a piece of copied bytes. */
bool text_build_joins(const struct text_builder *builder, size_t n,
                      uint32_t in_unit);

/* Bytes of the origin that characters before an offset of a piece were made
 * of. Inside a character: those up to its end, or to its start. */
enum text_edge {
    TEXT_EDGE_START,
    TEXT_EDGE_END
};
uint32_t text_origin_bytes(const struct text *text, uint32_t piece,
                           uint32_t offset, enum text_edge edge);

/* Add `value` in place of `reference`: the bytes are spelled where value
 * stands, and used where reference stands. */
void text_build_via(struct text_builder *builder, struct slice value,
                    struct slice reference);

/* As text_build_via for bytes that no file spells (a dirid's path): they are
 * the reference, folded. */
static inline void text_build_stand_in(struct text_builder *builder,
                                       struct str bytes, struct slice reference)
{
    text_build_fold(builder, bytes, reference, 0, 0);
}

/**
 * text_build_borrow - take the raw file's bytes as they are, without a copy
 *
 * Only as the first and only addition; `raw` must outlive the text.
 */
void text_build_borrow(struct text_builder *builder, struct str raw,
                       uint32_t raw_off);

/**
 * text_build_room - room for a decoder to write into
 *
 * NULL, and the builder has failed, when there is none. Follow up with
 * text_build_commit.
 */
char *text_build_room(struct text_builder *builder, size_t bytes);

/* The first n_out bytes of the room were made of `from`; units as for
 * text_build_fold. */
void text_build_commit(struct text_builder *builder, size_t n_out,
                       struct slice from, uint32_t out_unit, uint32_t in_unit);

/* The bytes so far as bytes alone, in the arena; bytes NULL when the builder
 * failed. More may be added: they move then only where they must. */
struct str text_build_bytes(struct text_builder *builder);

/**
 * text_build_finish - the finished text
 *
 * NULL when the builder failed. An empty text is a text with no pieces.
 */
const struct text *text_build_finish(struct text_builder *builder);

/**
 * text_is_sound - check the invariants of one text, for tests and asserts
 *
 * Pieces sorted, without gaps, inside their origin, in whole units, and every
 * copied run equal to the bytes it names. The origins are not checked
 * themselves.
 *
 * raw:     the raw file's bytes
 */
bool text_is_sound(const struct text *text, struct str raw);

#endif
