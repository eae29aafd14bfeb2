/* SPDX-License-Identifier: MIT */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* What a shell sees of a program that SIGPIPE ended. */
#define EXIT_CLOSED_PIPE 141

enum output_shape {
    OUTPUT_PLAIN, /* records one after the other */
    OUTPUT_ARRAY  /* records as elements of one JSON array */
};

/* Where results go: standard output, record by record, or a file that appears
 * whole or not at all. Records may come from any thread. */
struct output {
    pthread_mutex_t lock;
    int fd;
    char *target;    /* of the file; NULL: written in place */
    char *temporary; /* beside it, until the end */
    enum output_shape shape;
    uint64_t n_records;
    int holds_newline; /* that may turn out to be an element's last byte */
    int error;         /* errno of the first failed write */
};

/**
 * output_open - get ready to write
 *
 * path:    NULL or "-": standard output
 *
 * 0, or -1 after a line on stderr.
 */
int output_open(struct output *output, const char *path,
                enum output_shape shape);

/* From here on records are elements of an array; for a file that turns out to
 * hold several, before its first record. */
void output_make_array(struct output *output);

/* Write one record and flush it; `len` 0 is no record. */
void output_record(struct output *output, const char *bytes, size_t len);

/* The same for a record too large to be held, part by part in one thread: an
 * interrupt waits for its end as for any other's. */
void output_begin(struct output *output);
void output_part(struct output *output, const char *bytes, size_t len);
void output_end(struct output *output);

/* An infscan_write_fn that makes each call a record: context is the output. */
int output_write(void *context, const char *bytes, size_t len);

/**
 * output_close - write what ends it, and let the file appear
 *
 * 0; or -1 when something could not be written, after a line on stderr unless
 * the reader just went away.
 */
int output_close(struct output *output);

/* Takes away the file that was not finished, if there is one. */
void output_discard(struct output *output);

/* When the run is cut short: end what is complete, leave no file behind. Nobody
 * may be writing, and nothing may follow. */
void output_interrupt(struct output *output);

#endif
