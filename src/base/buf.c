/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *buf, size_t max_bytes)
{
    *buf = (struct buf){.max_bytes = max_bytes};
}

void buf_deinit(struct buf *buf)
{
    free(buf->bytes);
    *buf = (struct buf){.max_bytes = buf->max_bytes};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

static bool reserve(struct buf *buf, size_t more)
{
    if (buf->failed || more > buf->max_bytes - buf->len ||
        buf->max_bytes == SIZE_MAX - buf->len) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity ? buf->capacity : 64;
    while (capacity < need) {
        capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
    }
    char *bytes = realloc(buf->bytes, capacity);
    if (!bytes) {
        buf->failed = true;
        return false;
    }
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, struct str s)
{
    if (reserve(buf, s.len)) {
        if (s.len) {
            memcpy(buf->bytes + buf->len, s.bytes, s.len);
        }
        buf->len += s.len;
        buf->bytes[buf->len] = '\0';
    }
}

void buf_add_z(struct buf *buf, const char *z)
{
    buf_add(buf, str_from(z));
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_list again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    if (len < 0) {
        buf->failed = true;
    } else if (reserve(buf, (size_t)len)) {
        vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}
