/* SPDX-License-Identifier: MIT */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <pthread.h>
#include <stdatomic.h>

/* What is to be done on SIGINT, SIGTERM and SIGHUP, and with what; in a thread
 * of its own, which may wait for locks. */
struct signals {
    void (*end)(void *context);
    void *context;
    pthread_t thread;
    int is_watching;
    atomic_int is_over;
};

/**
 * signals_watch - end the program in good order on a signal
 *
 * signals: must stay where it is until signals_unwatch
 *
 * Call it before any other thread is made. After `end` the exit status is 128
 * plus the signal. A signal that was ignored stays ignored.
 */
void signals_watch(struct signals *signals);

/* Watch no longer. Does not return where a signal has come: that one wins. */
void signals_unwatch(struct signals *signals);

#endif
