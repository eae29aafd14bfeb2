/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <unistd.h>

#include <infscan/infscan.h>

#include "cli/jobs.h"

#define HEAD_BYTES 4096u

int file_looks_like_inf(const char *path)
{
    char head[HEAD_BYTES];
    size_t len = 0;
    ssize_t n = 0;
    /* The file may have become a FIFO since the walk saw it. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0) {
        return -1;
    }
    do {
        n = read(fd, head + len, sizeof head - len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0 && len < sizeof head);
    close(fd);
    return n < 0 ? -1 : infscan_looks_like_inf(head, len);
}

int task_is_passed_over(struct task *task)
{
    if (task->kind == TASK_FOUND && file_looks_like_inf(task->subject) == 0) {
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
