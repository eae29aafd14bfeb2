/* SPDX-License-Identifier: MIT */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/pool.h"

/* One kind of work over many inputs: what scan, dump and decode share. */
struct batch {
    const struct options *options;
    const struct infscan_render_options *render;
    enum output_shape shape;
    struct pool_work work; /* without emit */
    void *state;           /* the first worker's */
    uint64_t total;        /* inputs that there will be; 0: not known */
    void (*feed)(const struct options *options, struct pool *pool);
};

/**
 * batch_run - do it all, and give the exit status
 *
 * Takes `state`, releases it with work.stop.
 */
int batch_run(struct batch *batch);

/* The shape of json output: an object for a single input, else an array. */
enum output_shape batch_shape(const struct options *options, int is_single);

#endif
