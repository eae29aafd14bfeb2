/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <infscan/infscan.h>

#include "cli/jobs.h"

#define HEAD_BYTES 4096u

static int open_file(const char *path)
{
    /* The file may have become a FIFO since the walk saw it. */
    return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* -1: it cannot be read. */
static int starts_like_inf(int fd)
{
    char head[HEAD_BYTES];
    size_t len = 0;
    ssize_t n = 0;

    do {
        n = read(fd, head + len, sizeof head - len);
        len += n > 0 ? (size_t)n : 0;
    } while ((n > 0 && len < sizeof head) || (n < 0 && errno == EINTR));
    return n < 0 ? -1 : infscan_looks_like_inf(head, len);
}

static int looks_right(const char *path, enum task_takes takes)
{
    int fd = open_file(path);
    int is_right = -1;

    if (fd >= 0) {
        is_right = starts_like_inf(fd);
        if (is_right == 0 && takes == TAKES_ARCHIVES) {
            is_right = infscan_is_archive(fd);
        }
        close(fd);
    }
    return is_right;
}

int file_looks_like_inf(const char *path)
{
    return looks_right(path, TAKES_INFS);
}

int task_is_passed_over(struct task *task, enum task_takes takes)
{
    if (task->kind == TASK_FOUND && looks_right(task->subject, takes) == 0) {
        task->passed_over = 1;
        task->reason = INFSCAN_PASSED_NOT_INF;
    }
    return task->passed_over;
}

void task_render_failure(struct task *task,
                         const struct infscan_render_options *render)
{
    const char *message = task->message ? task->message : "out of memory";

    task->status = INFSCAN_RESULT_ERROR;
    task->verdict = INFSCAN_VERDICT_NONE;
    task->no_memory =
        infscan_render_failure(task->subject, message, render, bytes_write,
                               &task->record) != INFSCAN_OK;
}
