/* SPDX-License-Identifier: MIT */
#ifndef SCAN_CONTAINER_H
#define SCAN_CONTAINER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "scan/companion.h"
#include "scan/members.h"
#include "scan/scanner.h"

struct digest;

#define CONTAINER_CHUNK_BYTES ((size_t)64 * 1024)

/* What a member turned out to be. */
enum entry_kind {
    ENTRY_INF,
    ENTRY_ARCHIVE,
    ENTRY_OTHER,
    ENTRY_LINK,
    ENTRY_SPECIAL,
    ENTRY_CUT,   /* `limits` says by what */
    ENTRY_FAILED /* `message` says why */
};

/* One member. Folders get none. */
struct entry {
    struct str name;
    const char
        *message; /* of an INF: it is damaged, this is what could be had */
    limit_set limits;
    const char *password; /* the only one that opens it; NULL: as any other */
    const char *sha256;   /* NULL: nobody has unpacked all of it yet */
    char *held;           /* `size` bytes from malloc, or NULL */
    uint64_t size;        /* unpacked; as far as known */
    uint32_t index;       /* among all members, folders included */
    enum entry_kind kind;
    const struct archive_kind *archive; /* of ENTRY_ARCHIVE */
};

/* What may still be spent on one file of the file system, archives within it
 * included. */
struct allowance {
    uint64_t bytes;
    uint64_t members;
    uint64_t headers; /* of passes that look for a single member */
};

/* All of one file: what its archives have in common. */
struct unpacking {
    struct infscan_scanner *scanner;
    const char *path; /* as named */
    struct receiver receiver;
    struct allowance left;
    char *chunk;     /* CONTAINER_CHUNK_BYTES of scratch */
    bool is_stopped; /* the receiver wants no more */
    bool no_memory;
};

/* One archive. */
struct container {
    struct unpacking *unpacking;
    struct container *outer; /* NULL: the file itself */
    struct str name;         /* path of members that leads to it */
    struct archive_bytes bytes;
    struct unpacker_options options;
    const struct archive_kind *kind;
    uint32_t depth; /* 1: the file itself */

    struct arena *arena; /* of entries, names */
    VEC(struct entry) entries;
    struct map by_name; /* path of each entry, for companions; see beside.c */
    bool has_names;
    bool has_digests;
    VEC(uint32_t) slots; /* of the entry that each name stands for */
    uint64_t held_bytes;
    const char *damage;  /* NULL: read to its end */
    const char *message; /* NULL: it can be read */
    bool is_locked;      /* the damage is an encryption */

    limit_set limits;
    struct infscan_archive info;
    uint64_t n_infs; /* analysed in it and in archives within it */
    enum infscan_verdict worst;
    uint32_t worst_score;
    struct str worst_name; /* of the member that has these */
};

/* How the reading of one member ended. */
enum read_end {
    READ_WHOLE,
    READ_PART,   /* as far as was asked for */
    READ_CUT,    /* a limit; it is in container->limits */
    READ_DAMAGED /* unpacker_message says why */
};

/* Where the bytes of a member go. */
struct intake {
    struct buf *out;       /* NULL: nowhere */
    struct digest *digest; /* NULL: none is wanted */
    uint64_t up_to;        /* size of the member at which to stop */
};

/* A pass over an archive that stops at some of its members. */
struct pass {
    struct unpacker *unpacker; /* NULL: not begun */
    uint32_t at;               /* members passed so far */
};

/* NULL when memory ran out. */
struct unpacker *container_open(const struct container *container);

/* The same with one password alone. */
struct unpacker *container_open_with(const struct container *container,
                                     const char *password);

/**
 * container_advance - go on to a member
 *
 * pass:    {0} or where the last call left it; its unpacker is freed by the
 *          caller
 *
 * false where the archive ends before, or the allowance does.
 */
bool container_advance(struct container *container, struct pass *pass,
                       const struct entry *entry);

/**
 * container_index - find out what each member is
 *
 * Fills entries, limits, damage and the counts of `info` that need no analysis.
 */
void container_index(struct container *container);

/* The most that a member of its kind may have, to be analysed. */
uint64_t container_max_bytes(const struct container *container,
                             const struct entry *entry);

/* Whether a member is too large for what it is packed in; that is then a limit
 * of the container. */
bool container_is_bomb(struct container *container, uint64_t size);

/* The first bytes of an archive; false where it has no longer so many. */
bool archive_copy(const struct archive_bytes *bytes, char *out, size_t len);

/* SHA-256 of the archive itself. */
void archive_digest(const struct archive_bytes *bytes, char out[65]);

/* What a digest came to, in the arena of the container; NULL when that
 * failed. */
const char *container_digest_text(struct container *container,
                                  struct digest *digest);

/**
 * container_read - the next bytes of the member that a pass stands at
 *
 * size:    bytes of it read so far; counted on
 *
 * Charges the allowance.
 */
enum read_end container_read(struct container *container,
                             struct unpacker *unpacker,
                             const struct intake *intake, uint64_t *size);

/* All of a member, from its start; READ_PART where it has more than the maximum
 * of `out`, or memory ran out. */
enum read_end container_read_whole(struct container *container,
                                   struct unpacker *unpacker, struct buf *out);

/**
 * container_fetch - one member by itself, from a pass of its own
 *
 * Uses the entry's password where it has one.
 *
 * false where it cannot be read, or the allowance is used up.
 */
bool container_fetch(struct container *container, const struct entry *entry,
                     struct buf *out);

/* The pass that leaves no entry without digest and size. */
void container_digest(struct container *container);

/* Files of the same archive, as those beside an INF. */
struct neighbours {
    struct container *container;
    struct str folder; /* of the INF, with a backslash behind it, or empty */
    bool is_cut;
};

/**
 * beside_source - the files beside a member
 *
 * false when memory ran out.
 */
bool beside_source(struct neighbours *beside, struct container *container,
                   const struct entry *entry, struct companion_source *out);

#endif
