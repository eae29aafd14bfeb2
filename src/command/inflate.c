/* SPDX-License-Identifier: MIT */
#include "command/inflate.h"

#define ZLIB_CONST
#include <zlib.h>

/* windowBits of zlib: raw Deflate, or a gzip header. */
#define BITS_RAW (-15)
#define BITS_GZIP (15 + 16)

bool inflate_bytes(struct peel *peel, struct str in, enum inflate_format format,
                   struct str *out)
{
    z_stream z = {.next_in = (const Bytef *)in.bytes, .avail_in = (uInt)in.len};
    size_t capacity = in.len * 4 + 256;
    size_t n = 0;
    int status = Z_OK;

    if (in.len > peel->max_bytes || capacity > peel->max_bytes) {
        capacity = peel->max_bytes;
    }
    char *bytes = arena_alloc(peel->arena, capacity, 1);
    if (!bytes || inflateInit2(&z, format == INFLATE_RAW ? BITS_RAW
                                                         : BITS_GZIP) != Z_OK) {
        return false;
    }
    while (status == Z_OK && peel_spend(peel, capacity - n)) {
        z.next_out = (Bytef *)bytes + n;
        z.avail_out = (uInt)(capacity - n);
        status = inflate(&z, Z_NO_FLUSH);
        n = capacity - z.avail_out;
        if (status != Z_OK || z.avail_out) {
            break; /* the end, rubbish, or nothing left to read */
        }
        size_t larger = capacity * 2;
        char *moved = larger <= peel->max_bytes
                          ? arena_alloc(peel->arena, larger, 1)
                          : NULL;
        if (!moved) {
            limit_hit(&peel->hit, LIMIT_layer_bytes);
            break;
        }
        memcpy(moved, bytes, n);
        bytes = moved;
        capacity = larger;
    }
    inflateEnd(&z);
    *out = str_of(bytes, n);
    return n > 0;
}
