/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include <infscan/result.h>

#include "cli/options.h"

/* What a long run is at, as one line on stderr that is written over. All of it
 * may be called from any thread. */
struct progress {
    pthread_mutex_t lock;
    int on;
    int is_terminal;
    int is_asked_for;
    unsigned columns;
    struct timespec begin;
    struct timespec drawn; /* when the line was last written */
    int is_shown;
    uint64_t total; /* inputs that there will be; 0: not known */
    uint64_t done;
    uint64_t malicious;
    uint64_t suspicious;
    char *path; /* that was begun last */
};

/**
 * progress_init - begin to count, and look at the terminal
 *
 * total:   inputs that there will be; 0: not known
 */
void progress_init(struct progress *progress, const struct options *options,
                   uint64_t total);

/* Takes the line away for good. */
void progress_deinit(struct progress *progress);

/* An input is begun, or done. */
void progress_at(struct progress *progress, const char *path);
void progress_done(struct progress *progress, enum infscan_verdict verdict);

/* Makes room for something that is to be printed. */
void progress_hide(struct progress *progress);

#endif
