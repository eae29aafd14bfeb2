/* SPDX-License-Identifier: MIT */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <infscan/render.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/pool.h"
#include "cli/progress.h"

/* What a run has come to so far, fed by the tasks in order. */
struct tally {
    const struct options *options;
    struct output *output;
    struct progress *progress;
    pthread_mutex_t lock; /* held while a task is emitted */
    struct infscan_totals totals;
    int at_threshold;
    uint64_t n_failed;
    uint64_t n_before_folder; /* files up to the folder that is walked */
};

/* A pool's emit: print the record, count it. context is the tally. The lock is
 * taken meanwhile, so that whoever holds it sees whole records and true counts.
 */
void tally_emit(void *context, struct task *task);

/* A pool's emit_part, for a record that is printed before it is complete. */
int tally_emit_part(void *context, int is_first, const char *bytes, size_t len);

/* The exit status that interface and manual give; says how many inputs failed.
 * `output` has been closed by then. */
int tally_exit_status(const struct tally *tally);

#endif
