/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Growable bytes on the heap with a stated maximum. After the first failure
 * (maximum or memory) it ignores input; check `failed` once at the end.
 * `bytes` is never NULL after the first successful addition and has a NUL
 * behind it that `len` does not count. */
struct buf {
    char *bytes;
    size_t len;
    size_t capacity;
    size_t max_bytes;
    bool failed;
};

void buf_init(struct buf *buf, size_t max_bytes);
void buf_deinit(struct buf *buf);
void buf_clear(struct buf *buf); /* keeps the memory, forgets the failure */

void buf_add(struct buf *buf, struct str s);
void buf_add_z(struct buf *buf, const char *z);
void buf_add_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void buf_add_char(struct buf *buf, char c)
{
    if (buf->failed || buf->len >= buf->max_bytes ||
        buf->len + 1 >= buf->capacity) {
        buf_add(buf, str_of(&c, 1)); /* grows, or fails */
        return;
    }
    buf->bytes[buf->len++] = c;
    buf->bytes[buf->len] = '\0';
}

static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->bytes, buf->len};
}

#endif
