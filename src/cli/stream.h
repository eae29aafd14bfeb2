/* SPDX-License-Identifier: MIT */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

#include <stddef.h>

#include "cli/options.h"
#include "cli/pool.h"

/* One request of --stream: infscan(1), STREAM. */
struct request {
    char *id;         /* NULL: none was given */
    int id_is_number; /* `id` is its spelling */
    char *name;       /* of the file, or of what `data` holds; never NULL but
                       * where memory ran out */
    void *data;       /* NULL: the file is read */
    size_t size;
    const char *fault; /* why nothing can be done; static */
};

/**
 * request_parse - understand one line
 *
 * line:    `len` bytes and a NUL; NULs among them are replaced
 *
 * `out` holds what could be read of a bad request, its id and name above all,
 * and is always to be released with request_deinit.
 */
void request_parse(char *line, size_t len, struct request *out);
void request_deinit(struct request *request);

/**
 * stream_feed - queue every request of standard input
 *
 * A line of blanks asks for nothing.
 */
void stream_feed(const struct options *options, struct pool *pool);

/**
 * stream_check - refuse options that do not go with a stream
 *
 * 0, or -1 after a line on stderr.
 */
int stream_check(const struct options *options);

#endif
