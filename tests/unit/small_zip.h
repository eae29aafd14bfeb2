/* SPDX-License-Identifier: MIT */
#ifndef UNIT_SMALL_ZIP_H
#define UNIT_SMALL_ZIP_H

#include <zlib.h>

#include "base/buf.h"

/* A zip of stored members, made member by member. Source: PKWARE APPNOTE 4.3.
 */
struct small_zip {
    struct buf bytes;
    struct buf directory;
    unsigned n;
};

static void zip_number(struct buf *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        char byte = '\0';
        if (i < sizeof value) {
            byte = (char)(value >> 8 * i & 0xFF);
        }
        buf_add_char(out, byte);
    }
}

static void zip_begin(struct small_zip *zip)
{
    *zip = (struct small_zip){0};
    buf_init(&zip->bytes, SIZE_MAX / 2);
    buf_init(&zip->directory, SIZE_MAX / 2);
}

/* What both headers of a member have, from the version that is needed on. */
static void zip_common(struct buf *out, struct str name, struct str data)
{
    zip_number(out, 20, 2);
    zip_number(out, 0x800, 2); /* the name is UTF-8 */
    zip_number(out, 0, 2);
    zip_number(out, 0x58210000, 4);
    zip_number(out, crc32(0, (const Bytef *)data.bytes, (uInt)data.len), 4);
    zip_number(out, data.len, 4);
    zip_number(out, data.len, 4);
    zip_number(out, name.len, 2);
    zip_number(out, 0, 2);
}

static void zip_add(struct small_zip *zip, struct str name, struct str data)
{
    size_t at = zip->bytes.len;

    buf_add(&zip->bytes, STR("PK\3\4"));
    zip_common(&zip->bytes, name, data);
    buf_add(&zip->bytes, name);
    buf_add(&zip->bytes, data);
    buf_add(&zip->directory, STR("PK\1\2\24\0"));
    zip_common(&zip->directory, name, data);
    zip_number(&zip->directory, 0, 10);
    zip_number(&zip->directory, at, 4);
    buf_add(&zip->directory, name);
    zip->n++;
}

/* The whole; to be released with buf_deinit(&zip->bytes). */
static struct str zip_end(struct small_zip *zip)
{
    size_t at = zip->bytes.len;

    buf_add(&zip->bytes, buf_str(&zip->directory));
    buf_add(&zip->bytes, STR("PK\5\6"));
    zip_number(&zip->bytes, 0, 4);
    zip_number(&zip->bytes, zip->n, 2);
    zip_number(&zip->bytes, zip->n, 2);
    zip_number(&zip->bytes, zip->directory.len, 4);
    zip_number(&zip->bytes, at, 4);
    zip_number(&zip->bytes, 0, 2);
    buf_deinit(&zip->directory);
    return buf_str(&zip->bytes);
}

#endif
