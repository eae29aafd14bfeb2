/* SPDX-License-Identifier: MIT */
#include "cli/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_BYTES 65536u

void lines_init(struct lines *lines, int fd, char delimiter, size_t max_bytes)
{
    *lines = (struct lines){
        .fd = fd, .delimiter = delimiter, .max_bytes = max_bytes};
}

void lines_deinit(struct lines *lines)
{
    free(lines->data);
    *lines = (struct lines){.fd = -1};
}

/* Room behind `end`, and one byte more for a NUL. */
static int make_room(struct lines *lines)
{
    if (lines->start) {
        memmove(lines->data, lines->data + lines->start,
                lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (lines->end + 1 < lines->capacity) {
        return 0;
    }
    size_t capacity = lines->capacity ? lines->capacity * 2 : FIRST_BYTES;
    char *data = realloc(lines->data, capacity);
    if (!data) {
        errno = ENOMEM;
        return -1;
    }
    lines->data = data;
    lines->capacity = capacity;
    return 0;
}

/* Reads once. 1: there is more; 0: the end; -1: errno. */
static int fill(struct lines *lines)
{
    ssize_t n;

    if (make_room(lines) != 0) {
        return -1;
    }
    do {
        n = read(lines->fd, lines->data + lines->end,
                 lines->capacity - 1 - lines->end);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return -1;
    }
    lines->end += (size_t)n;
    lines->ended = n == 0;
    return n > 0;
}

static enum lines_status give(struct lines *lines, size_t len, size_t taken,
                              const char **line, size_t *out_len)
{
    *line = lines->data + lines->start;
    *out_len = len;
    lines->data[lines->start + len] = '\0';
    lines->start += taken;
    return LINES_LINE;
}

enum lines_status lines_next(struct lines *lines, const char **line,
                             size_t *len)
{
    size_t searched = 0;
    int too_long = 0;

    for (;;) {
        size_t held = lines->end - lines->start;
        char *hit = held > searched
                        ? memchr(lines->data + lines->start + searched,
                                 lines->delimiter, held - searched)
                        : NULL;
        if (hit) {
            size_t n = (size_t)(hit - (lines->data + lines->start));
            if (!too_long) {
                return give(lines, n, n + 1, line, len);
            }
            lines->start += n + 1;
            return LINES_TOO_LONG;
        }
        searched = held;
        if (held > lines->max_bytes) {
            too_long = 1;
            lines->start = lines->end;
            searched = 0;
        }
        int more = lines->ended ? 0 : fill(lines);
        if (more < 0) {
            return LINES_FAILED;
        }
        if (more == 0) {
            held = lines->end - lines->start;
            if (too_long) {
                lines->start = lines->end;
                return LINES_TOO_LONG;
            }
            return held ? give(lines, held, held, line, len) : LINES_END;
        }
    }
}
