/* SPDX-License-Identifier: MIT */
#ifndef SCAN_ARCHIVE_H
#define SCAN_ARCHIVE_H

#include <infscan/types.h>

#include "base/str.h"

/* Bytes from the start of a file that tell every kind of archive. */
#define ARCHIVE_HEAD_BYTES ((size_t)32776)

/* Which of libarchive's readers is turned on; each alone, so that a file meets
 * no code but that of its own format. */
enum archive_reading {
    READING_NONE,  /* known, but not read */
    READING_EMPTY, /* has no members */
    READING_ZIP,
    READING_ZIP_STREAM, /* a zip that has lost its directory */
    READING_CAB,
    READING_7ZIP,
    READING_GZIP,
    READING_BZIP2,
    READING_XZ,
    READING_TAR,
    READING_ISO
};

/* A row of archives.def. */
struct archive_kind {
    const char *name; /* "zip" */
    size_t offset;
    struct str magic;
    enum archive_reading reading;
};

/**
 * archive_kind_of - what kind of archive some bytes start
 *
 * head:    up to the first ARCHIVE_HEAD_BYTES of a file
 *
 * NULL where it is none. Static.
 */
const struct archive_kind *archive_kind_of(struct str head);

/* Whether more than the first 4096 bytes are needed to tell: those of a disc
 * image, whose mark stands behind 32 kilobytes of boot code or nothing. */
bool archive_may_be_disc(struct str head);

/* Whether the data of a member can be left out without decoding it. */
bool archive_can_skip(enum archive_reading reading);

/* libarchive, opened at run time: linking it would cost each start 1.6 ms. */
struct libarchive;

/**
 * libarchive_open - get hold of the system's libarchive
 *
 * NULL where there is none, or none that has all that is needed.
 */
struct libarchive *libarchive_open(void);
void libarchive_close(struct libarchive *library); /* NULL is allowed */

/* Where the bytes of an archive are. */
struct archive_bytes {
    struct str memory; /* bytes NULL: in a file */
    int fd;            /* of a regular file; read from its start */
    uint64_t size;
};

enum member_type {
    MEMBER_FILE,
    MEMBER_FOLDER,
    MEMBER_LINK,
    MEMBER_SPECIAL /* device, FIFO, socket */
};

struct member {
    struct str name; /* as stored, UTF-16 made UTF-8; good until the next one */
    enum member_type type;
    bool is_encrypted;
    bool has_size;
    uint64_t size; /* unpacked, as the archive claims; 0 where it does not */
};

enum unpack_step {
    UNPACK_MEMBER,
    UNPACK_END,
    UNPACK_BROKEN /* unpacker_message says why */
};

/* One pass over an archive, front to back. */
struct unpacker;

struct unpacker_options {
    enum archive_reading reading;
    bool is_tar;                  /* what gzip and its like hold */
    const char *const *passwords; /* tried in this order, after none */
    size_t n_passwords;
};

/**
 * unpacker_new - start a pass
 *
 * library, bytes: must outlive it
 *
 * NULL when memory ran out. A file that is no such archive shows in the first
 * unpacker_next.
 */
struct unpacker *unpacker_new(const struct libarchive *library,
                              const struct archive_bytes *bytes,
                              const struct unpacker_options *options);
void unpacker_free(struct unpacker *unpacker); /* NULL is allowed */

enum unpack_step unpacker_next(struct unpacker *unpacker, struct member *out);

/**
 * unpacker_read - the next bytes of the member
 *
 * How many, at most `size`; 0 at its end, -1 where it is damaged or no password
 * opens it. Of a damaged member of a zip all that it has comes before that.
 */
int64_t unpacker_read(struct unpacker *unpacker, char *out, size_t size);

/* Whether the archive is one compressed file, whose name it does not hold. */
bool unpacker_is_nameless(const struct unpacker *unpacker);

/* Why the last call failed, in libarchive's words. */
const char *unpacker_message(const struct unpacker *unpacker);

/* Whether something in the archive, or its directory, is encrypted. */
bool unpacker_has_encrypted(const struct unpacker *unpacker);

#endif
