/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A run that is over sooner needs no line. */
#define LONG_RUN_SECONDS 2.0
#define SECONDS_BETWEEN 0.2
#define DEFAULT_COLUMNS 80u
#define SECONDS_OF_A_DAY 86400.0

static double seconds_since(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) +
           (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static unsigned columns_of(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
               ? size.ws_col
               : DEFAULT_COLUMNS;
}

static int is_wanted(const struct options *options, int is_terminal)
{
    switch ((enum progress_choice)options->progress) {
    case PROGRESS_ALWAYS:
        return 1;
    case PROGRESS_NEVER:
        return 0;
    case PROGRESS_AUTO:
        break;
    }
    return is_terminal && !options->quiet && options->job != JOB_DECODE;
}

void progress_init(struct progress *progress, const struct options *options,
                   uint64_t total)
{
    int is_terminal = isatty(STDERR_FILENO);

    *progress = (struct progress){
        .on = is_wanted(options, is_terminal),
        .is_terminal = is_terminal,
        .is_asked_for = options->progress == PROGRESS_ALWAYS,
        .columns = is_terminal ? columns_of(STDERR_FILENO) : DEFAULT_COLUMNS,
        .total = total,
    };
    pthread_mutex_init(&progress->lock, NULL);
    clock_gettime(CLOCK_MONOTONIC, &progress->begin);
    progress->drawn = progress->begin;
    if (options->progress == PROGRESS_AUTO) { /* say nothing of a short run */
        progress->drawn.tv_sec += (time_t)(LONG_RUN_SECONDS - SECONDS_BETWEEN);
    }
}

static void hide(struct progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = 0;
    }
}

/* As much of a visible path as fits, its end rather than its beginning. A
 * character that is not ASCII is taken to be wide. */
static const char *fitting_end(const char *path, size_t columns)
{
    const char *at = path + strlen(path);
    size_t used = 0;

    while (at > path) {
        const char *before = at - 1;
        while (before > path && ((unsigned char)*before & 0xC0) == 0x80) {
            before--;
        }
        used += at - before > 1 ? 2 : 1;
        if (used > columns) {
            return at;
        }
        at = before;
    }
    return path;
}

static void left_text(char *out, size_t size, double seconds)
{
    unsigned long long s = (unsigned long long)seconds;

    snprintf(out, size, ", %02llu:%02llu:%02llu left", s / 3600, s / 60 % 60,
             s % 60);
}

static void draw(struct progress *progress)
{
    char line[256];
    double seconds = seconds_since(&progress->begin);
    double rate = seconds > 0 ? (double)progress->done / seconds : 0;
    int len = snprintf(line, sizeof line,
                       "%" PRIu64 " files, %.0f/s, %" PRIu64
                       " malicious, %" PRIu64 " suspicious",
                       progress->done, rate, progress->malicious,
                       progress->suspicious);
    double left = progress->total > progress->done && rate > 0
                      ? (double)(progress->total - progress->done) / rate
                      : 0;

    if (left > 0 && left < SECONDS_OF_A_DAY && len > 0) {
        left_text(line + len, sizeof line - (size_t)len, left);
    }
    char *path = progress->path
                     ? infscan_visible(progress->path, strlen(progress->path))
                     : NULL;
    size_t used = strlen(line) + 3; /* ": ", and a last column left free */
    size_t room = progress->columns > used ? progress->columns - used : 0;
    fprintf(stderr, "%s%.*s%s%s%s", progress->is_terminal ? "\r\033[K" : "",
            (int)(progress->columns - 1), line, path && room ? ": " : "",
            path && room ? fitting_end(path, room) : "",
            progress->is_terminal ? "" : "\n");
    fflush(stderr);
    free(path);
    progress->is_shown = progress->is_terminal;
    clock_gettime(CLOCK_MONOTONIC, &progress->drawn);
}

static void draw_if_due(struct progress *progress)
{
    if (seconds_since(&progress->drawn) >= SECONDS_BETWEEN) {
        draw(progress);
    }
}

void progress_deinit(struct progress *progress)
{
    progress_hide(progress);
    if (progress->is_asked_for && !progress->is_terminal) {
        draw(progress); /* a log ends with what it all came to */
    }
    free(progress->path);
    progress->path = NULL;
    pthread_mutex_destroy(&progress->lock);
}

void progress_at(struct progress *progress, const char *path)
{
    if (progress->on && path) {
        pthread_mutex_lock(&progress->lock);
        free(progress->path);
        progress->path = strdup(path);
        draw_if_due(progress);
        pthread_mutex_unlock(&progress->lock);
    }
}

void progress_done(struct progress *progress, enum infscan_verdict verdict)
{
    if (progress->on) {
        pthread_mutex_lock(&progress->lock);
        progress->done++;
        progress->malicious += verdict == INFSCAN_MALICIOUS;
        progress->suspicious += verdict == INFSCAN_SUSPICIOUS;
        draw_if_due(progress);
        pthread_mutex_unlock(&progress->lock);
    }
}

void progress_hide(struct progress *progress)
{
    if (progress->on) {
        pthread_mutex_lock(&progress->lock);
        hide(progress);
        fflush(stderr);
        pthread_mutex_unlock(&progress->lock);
    }
}
