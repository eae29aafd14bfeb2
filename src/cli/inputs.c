/* SPDX-License-Identifier: MIT */
#include "cli/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/lines.h"
#include "cli/say.h"
#include "cli/stream.h"
#include "cli/walk.h"

static int is_dash(const char *word)
{
    return strcmp(word, "-") == 0;
}

static int open_list(const char *path)
{
    return is_dash(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
}

int inputs_check(const struct options *options)
{
    int dashes = options->files_from && is_dash(options->files_from);

    if (options->stream) {
        return stream_check(options);
    }
    if (options->operands.n == 0 && !options->files_from) {
        say("nothing to %s; name a file, a folder or -, or see --help",
            options->job == JOB_DUMP ? "dump" : "scan");
        return -1;
    }
    if (options->zero && !options->files_from) {
        say("-0 needs --files-from");
        return -1;
    }
    for (size_t i = 0; i < options->operands.n; i++) {
        dashes += is_dash(options->operands.items[i]);
    }
    if (dashes > 1) {
        say("standard input can be read only once");
        return -1;
    }
    if (options->files_from && !is_dash(options->files_from) &&
        access(options->files_from, R_OK) != 0) {
        say("cannot read %s: %s", options->files_from, strerror(errno));
        return -1;
    }
    return 0;
}

static int is_folder(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int inputs_is_single(const struct options *options)
{
    return options->operands.n == 1 && !options->files_from &&
           !is_folder(options->operands.items[0]);
}

uint64_t inputs_total(const struct options *options)
{
    if (options->files_from || options->stream) {
        return 0;
    }
    for (size_t i = 0; i < options->operands.n; i++) {
        if (is_folder(options->operands.items[i])) {
            return 0;
        }
    }
    return options->operands.n;
}

static void submit(struct pool *pool, enum task_kind kind, const char *subject,
                   const char *message, enum infscan_passed_over reason)
{
    struct task task = {.kind = kind,
                        .subject = strdup(subject),
                        .len = strlen(subject),
                        .message = message ? strdup(message) : NULL,
                        .reason = reason};

    pool_submit(pool, task);
}

static void submit_kind(struct pool *pool, enum task_kind kind,
                        const char *subject)
{
    submit(pool, kind, subject, NULL, INFSCAN_PASSED_NOT_INF);
}

static void found_file(void *context, const char *path)
{
    submit_kind(context, TASK_FOUND, path);
}

static void found_passed(void *context, const char *path,
                         enum infscan_passed_over reason)
{
    submit(context, TASK_PASSED, path, NULL, reason);
}

static void found_failed(void *context, const char *path, int error)
{
    submit(context, TASK_FAILED, path, strerror(error), INFSCAN_PASSED_NOT_INF);
}

static void feed_folder(const struct options *options, struct pool *pool,
                        const char *path)
{
    const struct walk_filter filter = {
        .include = options->include.items,
        .n_include = options->include.n,
        .exclude = options->exclude.items,
        .n_exclude = options->exclude.n,
        .max_depth = options->max_depth,
    };
    const struct walk_visitor visitor = {
        .context = pool,
        .file = found_file,
        .passed = found_passed,
        .failed = found_failed,
    };

    walk_folder(path, &filter, &visitor);
    submit_kind(pool, TASK_FOLDER_END, path);
}

static void feed_path(const struct options *options, struct pool *pool,
                      const char *path)
{
    if (is_folder(path)) {
        feed_folder(options, pool, path);
    } else {
        submit_kind(pool, TASK_NAMED, path);
    }
}

/* One path of a list. An empty line names nothing. */
static void feed_line(const struct options *options, struct pool *pool,
                      const char *line, size_t len)
{
    if (strlen(line) != len) {
        submit(pool, TASK_FAILED, line, "NUL character in the path",
               INFSCAN_PASSED_NOT_INF);
    } else if (is_dash(line)) {
        feed_path(options, pool, "./-"); /* in a list, it is a file's name */
    } else if (len) {
        feed_path(options, pool, line);
    }
}

static void feed_list(const struct options *options, struct pool *pool)
{
    struct lines lines;
    const char *line;
    size_t len;
    int fd = open_list(options->files_from);

    if (fd < 0) {
        submit(pool, TASK_FAILED, options->files_from, strerror(errno),
               INFSCAN_PASSED_NOT_INF);
        return;
    }
    lines_init(&lines, fd, options->zero ? '\0' : '\n', LINES_MAX_BYTES);
    for (;;) {
        switch (lines_next(&lines, &line, &len)) {
        case LINES_LINE:
            feed_line(options, pool, line, len);
            continue;
        case LINES_TOO_LONG:
            submit(pool, TASK_FAILED, options->files_from,
                   "a line of the list is too long", INFSCAN_PASSED_NOT_INF);
            continue;
        case LINES_FAILED:
            submit(pool, TASK_FAILED, options->files_from, strerror(errno),
                   INFSCAN_PASSED_NOT_INF);
            break;
        case LINES_END:
            break;
        }
        break;
    }
    lines_deinit(&lines);
    if (fd != STDIN_FILENO) {
        close(fd);
    }
}

void inputs_feed(const struct options *options, struct pool *pool)
{
    for (size_t i = 0; i < options->operands.n; i++) {
        const char *path = options->operands.items[i];
        if (is_dash(path)) {
            submit_kind(pool, TASK_STDIN, options->name ? options->name : path);
        } else {
            feed_path(options, pool, path);
        }
    }
    if (options->files_from) {
        feed_list(options, pool);
    }
}
