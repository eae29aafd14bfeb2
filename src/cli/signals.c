/* SPDX-License-Identifier: MIT */
#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static const int watched[] = {SIGINT, SIGTERM, SIGHUP};

/* Ends the wait; from elsewhere it ends the program, as it would without us. */
static const int wake_up = SIGUSR1;

static void collect(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
        struct sigaction action;
        if (sigaction(watched[i], NULL, &action) == 0 &&
            action.sa_handler != SIG_IGN) {
            sigaddset(set, watched[i]);
        }
    }
}

/* A thread of its own may wait for locks, which a handler must not. */
static void *watch(void *context)
{
    const struct signals *signals = context;
    sigset_t set;
    int number = 0;

    collect(&set);
    sigaddset(&set, wake_up);
    if (sigwait(&set, &number) != 0 ||
        (number == wake_up && atomic_load(&signals->is_over))) {
        return NULL;
    }
    signals->end(signals->context);
    _exit(128 + number);
}

void signals_watch(struct signals *signals)
{
    sigset_t set;

    collect(&set);
    sigaddset(&set, wake_up);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signals->is_watching =
        pthread_create(&signals->thread, NULL, watch, signals) == 0;
    if (!signals->is_watching) {
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    }
}

void signals_unwatch(struct signals *signals)
{
    if (signals->is_watching) {
        atomic_store(&signals->is_over, 1);
        pthread_kill(signals->thread, wake_up);
        pthread_join(signals->thread, NULL);
    }
}
