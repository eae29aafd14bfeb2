/* SPDX-License-Identifier: MIT */
#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "cli/output.h"

static const int watched[] = {SIGINT, SIGTERM, SIGHUP};

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
    sigset_t set;
    int number = 0;

    collect(&set);
    if (sigwait(&set, &number) != 0) {
        return NULL;
    }
    output_interrupt(context);
    _exit(128 + number);
}

void signals_watch(struct output *output)
{
    sigset_t set;
    pthread_t thread;

    collect(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (pthread_create(&thread, NULL, watch, output) == 0) {
        pthread_detach(thread);
    } else {
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    }
}
