/* SPDX-License-Identifier: MIT */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stddef.h>

/* Longest line that is read whole: far above any path or command line. */
#define LINES_MAX_BYTES ((size_t)16 << 20)

enum lines_status {
    LINES_LINE,
    LINES_TOO_LONG, /* the line was skipped */
    LINES_END,
    LINES_FAILED /* errno says why */
};

/* Lines of a descriptor, one at a time: a list of any length takes the memory
 * of its longest line. */
struct lines {
    int fd;
    char delimiter;
    int ended;
    char *data; /* bytes read and not yet given out: [start, end) */
    size_t start;
    size_t end;
    size_t capacity;
    size_t max_bytes;
};

/* max_bytes: of a line that is given out; LINES_MAX_BYTES for most. */
void lines_init(struct lines *lines, int fd, char delimiter, size_t max_bytes);
void lines_deinit(struct lines *lines);

/**
 * lines_next - the next line, without its delimiter
 *
 * line, len:   may hold NUL, has one behind it; good until the next call. A
 *              last line without delimiter counts if it is not empty.
 */
enum lines_status lines_next(struct lines *lines, const char **line,
                             size_t *len);

#endif
