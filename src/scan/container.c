/* SPDX-License-Identifier: MIT */
#include "scan/container.h"

#include <stdlib.h>
#include <unistd.h>

#include "scan/digest.h"

/* Below this size no ratio is worth a word: a few lines pack well, too. */
#define RATIO_FROM_BYTES ((uint64_t)16 << 20)

static uint64_t limit_of(const struct container *container, enum limit limit)
{
    return container->unpacking->scanner->limits.value[limit];
}

struct unpacker *container_open(const struct container *container)
{
    return unpacker_new(container->unpacking->scanner->libarchive,
                        &container->bytes, &container->options);
}

struct unpacker *container_open_with(const struct container *container,
                                     const char *password)
{
    struct unpacker_options options = container->options;

    options.passwords = &password;
    options.n_passwords = 1;
    return unpacker_new(container->unpacking->scanner->libarchive,
                        &container->bytes, &options);
}

bool container_is_bomb(struct container *container, uint64_t size)
{
    uint64_t ratio = limit_of(container, LIMIT_archive_ratio);

    if (size < RATIO_FROM_BYTES || size / ratio <= container->bytes.size) {
        return false;
    }
    limit_hit(&container->limits, LIMIT_archive_ratio);
    return true;
}

/* How many more bytes may be unpacked at once; 0: none. */
static size_t next_chunk(struct container *container, uint64_t size,
                         uint64_t up_to)
{
    uint64_t left = container->unpacking->left.bytes;
    uint64_t most = up_to - size;

    if (!left) {
        limit_hit(&container->limits, LIMIT_archive_bytes);
        return 0;
    }
    if (container_is_bomb(container, size)) {
        return 0;
    }
    most = most < left ? most : left;
    return most < CONTAINER_CHUNK_BYTES ? (size_t)most : CONTAINER_CHUNK_BYTES;
}

enum read_end container_read(struct container *container,
                             struct unpacker *unpacker,
                             const struct intake *intake, uint64_t *size)
{
    struct unpacking *unpacking = container->unpacking;

    while (*size < intake->up_to) {
        size_t most = next_chunk(container, *size, intake->up_to);
        int64_t n = most ? unpacker_read(unpacker, unpacking->chunk, most) : -1;
        if (n <= 0) {
            return !most ? READ_CUT : n ? READ_DAMAGED : READ_WHOLE;
        }
        struct str bytes = str_of(unpacking->chunk, (size_t)n);
        unpacking->left.bytes -= (uint64_t)n;
        *size += (uint64_t)n;
        if (intake->digest) {
            digest_add(intake->digest, bytes);
        }
        if (intake->out) {
            buf_add(intake->out, bytes);
        }
    }
    return READ_PART;
}

/* Goes on to the member of a number, counted from 0 in *at. */
static bool seek(struct container *container, struct unpacker *unpacker,
                 uint32_t *at, uint32_t index)
{
    struct allowance *left = &container->unpacking->left;
    struct member member;

    while (*at <= index) {
        if (!left->headers ||
            unpacker_next(unpacker, &member) != UNPACK_MEMBER) {
            return false;
        }
        left->headers--;
        ++*at;
    }
    return true;
}

bool container_advance(struct container *container, struct pass *pass,
                       const struct entry *entry)
{
    if (!pass->unpacker) {
        pass->unpacker = container_open(container);
        pass->at = 0;
    }
    return pass->unpacker &&
           seek(container, pass->unpacker, &pass->at, entry->index);
}

enum read_end container_read_whole(struct container *container,
                                   struct unpacker *unpacker, struct buf *out)
{
    const struct intake intake = {.out = out, .up_to = out->max_bytes};
    uint64_t size = 0;
    enum read_end end = container_read(container, unpacker, &intake, &size);

    return out->failed ? READ_PART : end;
}

bool container_fetch(struct container *container, const struct entry *entry,
                     struct buf *out)
{
    struct pass pass = {entry->password
                            ? container_open_with(container, entry->password)
                            : container_open(container),
                        0};
    bool ok = container_advance(container, &pass, entry) &&
              container_read_whole(container, pass.unpacker, out) == READ_WHOLE;

    unpacker_free(pass.unpacker);
    return ok;
}

const char *container_digest_text(struct container *container,
                                  struct digest *digest)
{
    char text[65];

    digest_end(digest, text);
    return arena_copy_z(container->arena, str_from(text));
}

void container_digest(struct container *container)
{
    struct pass pass = {0};

    if (container->has_digests) {
        return;
    }
    container->has_digests = true;
    for (uint32_t i = 0; i < container->entries.n; i++) {
        struct entry *entry = &container->entries.items[i];
        struct digest digest;
        const struct intake intake = {.digest = &digest, .up_to = UINT64_MAX};
        uint64_t size = 0;
        if (entry->sha256 || entry->kind > ENTRY_OTHER) {
            continue;
        }
        digest_begin(&digest);
        if (!container_advance(container, &pass, entry)) {
            break;
        }
        if (container_read(container, pass.unpacker, &intake, &size) ==
            READ_WHOLE) {
            entry->size = size;
            entry->sha256 = container_digest_text(container, &digest);
        }
    }
    unpacker_free(pass.unpacker);
}

bool archive_copy(const struct archive_bytes *bytes, char *out, size_t len)
{
    size_t n = 0;

    if (bytes->memory.bytes) {
        memcpy(out, bytes->memory.bytes, len);
        return true;
    }
    while (n < len) {
        ssize_t k = pread(bytes->fd, out + n, len - n, (off_t)n);
        if (k <= 0) {
            return false;
        }
        n += (size_t)k;
    }
    return true;
}

void archive_digest(const struct archive_bytes *bytes, char out[65])
{
    char *chunk = bytes->memory.bytes ? NULL : malloc(CONTAINER_CHUNK_BYTES);
    struct digest digest;
    off_t at = 0;
    ssize_t n = chunk ? 1 : 0;

    digest_begin(&digest);
    if (bytes->memory.bytes) {
        digest_add(&digest, bytes->memory);
    }
    while (n > 0) {
        n = pread(bytes->fd, chunk, CONTAINER_CHUNK_BYTES, at);
        at += n > 0 ? n : 0;
        digest_add(&digest, str_of(chunk, n > 0 ? (size_t)n : 0));
    }
    free(chunk);
    digest_end(&digest, out);
}
