/* SPDX-License-Identifier: MIT */
#ifndef CLI_POOL_H
#define CLI_POOL_H

#include <infscan/render.h>
#include <infscan/result.h>

#include "cli/bytes.h"
#include "cli/progress.h"

enum task_kind {
    TASK_NAMED,     /* subject: a file that was named */
    TASK_FOUND,     /* subject: a file that a folder walk came across */
    TASK_STDIN,     /* standard input */
    TASK_LINE,      /* subject: one command line */
    TASK_REQUEST,   /* subject: one request of --stream */
    TASK_FAILED,    /* subject: a path; message: why nothing can be read */
    TASK_PASSED,    /* a path that a folder walk leaves out; see `reason` */
    TASK_FOLDER_END /* subject: a folder whose files have all been queued */
};

struct pool;

/* What came of a member of an archive. */
struct task_part {
    struct bytes record;
    enum infscan_verdict verdict;
    enum infscan_result_status status;
    struct task_part *next;
};

/* One thing to do, and what came of it. */
struct task {
    enum task_kind kind;
    char *subject; /* from malloc; may hold NUL, has one behind it */
    size_t len;
    char *message; /* from malloc, or NULL */
    enum infscan_passed_over reason;

    /* Filled by the work. */
    struct bytes record;
    struct pool *pool; /* set by it */
    int streamed;      /* the record has left already */
    enum infscan_verdict verdict;
    enum infscan_result_status status;
    int passed_over; /* `reason` says why */
    int no_memory;   /* not even a record could be made */
    int is_archive;  /* there are parts, or there were some */
    int is_part;     /* it stands for a part while that is emitted */
    uint64_t passed[INFSCAN_N_PASSED_OVER]; /* members of an archive */
    struct task_part *parts;                /* before the record, in order */
    struct task_part *last_part;
    size_t part_bytes; /* of the records of parts */
};

/* What a pool does with tasks. */
struct pool_work {
    void *context;
    /* A worker's own state, made in its thread; NULL when memory ran out. */
    void *(*start)(void *context);
    void (*stop)(void *state);
    /* Do one task, in any thread. */
    void (*run)(void *context, void *state, struct task *task);
    /* Take one finished task: in the order of submission, one at a time. */
    void (*emit)(void *emit_context, struct task *task);
    /* Take a part of the record of the task that is emitted next. Not 0: no
     * more can be taken. */
    int (*emit_part)(void *emit_context, int is_first, const char *bytes,
                     size_t len);
    void *emit_context;
    /* Told of each task before it is done, in any thread. */
    struct progress *progress;
};

/**
 * pool_new - workers for one kind of work
 *
 * work:    must outlive the pool
 * jobs:    most threads, at least 1; they are started as work comes in. One job
 *          needs none: tasks are done as they are submitted
 * state:   the first worker's state, made before; the pool stops it
 *
 * NULL when memory ran out.
 */
struct pool *pool_new(const struct pool_work *work, unsigned jobs, void *state);

/**
 * pool_submit - queue one task
 *
 * task:    taken over, its strings too
 *
 * Waits while as many are under way as the pool holds: memory does not grow
 * with the number of tasks.
 */
void pool_submit(struct pool *pool, struct task task);

/**
 * pool_write - add to a task's record, from within `run`
 *
 * context: the task
 *
 * An infscan_write_fn. A record that grows past what is worth holding leaves
 * part by part once all before it have left.
 */
int pool_write(void *context, const char *data, size_t len);

/**
 * pool_add_part - a result that comes before the task's own
 *
 * part:    what is in it is taken over; `next` is not looked at
 *
 * To be called by the work, in the task's order. Parts are kept until the
 * task's turn has come; where they are much, this waits for it and emits them,
 * so that memory does not grow with their number.
 */
void pool_add_part(struct task *task, struct task_part part);

/* Wait until all is done and emitted, and release the pool. */
void pool_finish(struct pool *pool);

#endif
