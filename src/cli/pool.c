/* SPDX-License-Identifier: MIT */
#include "cli/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A ring of tasks: [head, next) are being done or done, [next, tail) wait.
 * Whoever finishes the task at the head emits it and all finished ones behind
 * it, so that results leave as soon as their turn has come, even while the
 * thread that submits waits for input. */

#define TASKS_PER_JOB 8u

/* Larger records are not held: a model takes eight times the bytes of its file
 * and more as JSON. */
#define HELD_BYTES ((size_t)32 << 20)

/* Most bytes of subjects that are held at once, unless one alone has more. */
#define SUBJECT_BYTES ((size_t)32 << 20)

/* More bytes of records than this are not kept for a task. */
#define MAX_PART_BYTES ((size_t)1 << 20)

struct slot {
    struct task task;
    int done;
};

struct pool {
    const struct pool_work *work;
    pthread_mutex_t lock;
    pthread_cond_t work_there;
    pthread_cond_t room_there;
    pthread_cond_t turn_there;
    struct slot *slots;
    size_t n_slots;
    size_t head; /* counts up for ever; modulo n_slots gives the slot */
    size_t next;
    size_t tail;
    void *spare_state; /* until the first worker takes it */
    pthread_t *threads;
    unsigned n_threads;
    unsigned max_threads;
    unsigned n_idle;
    unsigned n_waiting;   /* for their turn */
    size_t subject_bytes; /* of the tasks in the ring */
    int closing;
};

static struct slot *slot_at(struct pool *pool, size_t position)
{
    return &pool->slots[position % pool->n_slots];
}

static void free_parts(struct task *task)
{
    while (task->parts) {
        struct task_part *part = task->parts;
        task->parts = part->next;
        bytes_deinit(&part->record);
        free(part);
    }
    task->last_part = NULL;
    task->part_bytes = 0;
}

static void task_deinit(struct task *task)
{
    free_parts(task);
    free(task->subject);
    free(task->message);
    bytes_deinit(&task->record);
}

/* Each part as if it were a task. With the lock held. */
static void emit_parts(struct pool *pool, struct task *task)
{
    for (struct task_part *part = task->parts; part; part = part->next) {
        struct task view = *task;
        view.record = part->record;
        view.verdict = part->verdict;
        view.status = part->status;
        view.is_part = 1;
        view.passed_over = 0;
        view.no_memory = 0;
        memset(view.passed, 0, sizeof view.passed);
        pool->work->emit(pool->work->emit_context, &view);
    }
    free_parts(task);
}

/* With the lock held. */
static void emit_ready(struct pool *pool)
{
    while (pool->head < pool->tail && slot_at(pool, pool->head)->done) {
        struct slot *slot = slot_at(pool, pool->head);
        emit_parts(pool, &slot->task);
        pool->work->emit(pool->work->emit_context, &slot->task);
        pool->subject_bytes -= slot->task.len;
        task_deinit(&slot->task);
        slot->done = 0;
        pool->head++;
        if (pool->next < pool->head) {
            pool->next = pool->head;
        }
    }
    /* Half of the room at once: a thread that wakes for each task costs more
     * than a short one. */
    if (pool->tail - pool->head <= pool->n_slots / 2) {
        pthread_cond_signal(&pool->room_there);
    }
    if (pool->n_waiting) { /* at once: nothing moves until that one does */
        pthread_cond_broadcast(&pool->turn_there);
    }
}

/* Until the task is the next to be emitted. Those before it were taken before
 * it, so each is done, or waits likewise, or is being done. */
static void wait_for_turn(struct pool *pool, const struct task *task)
{
    pthread_mutex_lock(&pool->lock);
    pool->n_waiting++;
    while (&slot_at(pool, pool->head)->task != task) {
        pthread_cond_wait(&pool->turn_there, &pool->lock);
    }
    pool->n_waiting--;
    pthread_mutex_unlock(&pool->lock);
}

int pool_write(void *context, const char *data, size_t len)
{
    struct task *task = context;
    const struct pool_work *work = task->pool->work;

    if (!task->streamed && len <= HELD_BYTES &&
        task->record.len <= HELD_BYTES - len) {
        return bytes_write(&task->record, data, len);
    }
    if (!task->streamed) {
        wait_for_turn(task->pool, task);
        task->streamed = 1;
        if (work->emit_part(work->emit_context, 1, task->record.data,
                            task->record.len) != 0) {
            return 1;
        }
        bytes_deinit(&task->record);
    }
    return work->emit_part(work->emit_context, 0, data, len);
}

void pool_add_part(struct task *task, struct task_part part)
{
    struct pool *pool = task->pool;
    struct task_part *copy = malloc(sizeof *copy);

    task->is_archive = 1;
    if (!copy) {
        bytes_deinit(&part.record);
        task->no_memory = 1;
        return;
    }
    *copy = part;
    copy->next = NULL;
    *(task->parts ? &task->last_part->next : &task->parts) = copy;
    task->last_part = copy;
    task->part_bytes += part.record.len + sizeof *copy;
    if (task->part_bytes < MAX_PART_BYTES) {
        return;
    }
    wait_for_turn(pool, task);
    pthread_mutex_lock(&pool->lock);
    emit_parts(pool, task);
    pthread_mutex_unlock(&pool->lock);
}

/* Passes over what needs no work. With the lock held. */
static struct slot *take_next(struct pool *pool)
{
    while (pool->next < pool->tail) {
        struct slot *slot = slot_at(pool, pool->next++);
        if (!slot->done) {
            return slot;
        }
    }
    return NULL;
}

static void *take_spare_state(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    void *state = pool->spare_state;
    pool->spare_state = NULL;
    pthread_mutex_unlock(&pool->lock);
    return state;
}

static void run_task(struct pool *pool, void *state, struct task *task)
{
    progress_at(pool->work->progress,
                task->kind == TASK_REQUEST ? NULL : task->subject);
    pool->work->run(pool->work->context, state, task);
}

static void work_through(struct pool *pool, void *state)
{
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct slot *slot = take_next(pool);
        if (slot) {
            pthread_mutex_unlock(&pool->lock);
            run_task(pool, state, &slot->task);
            pthread_mutex_lock(&pool->lock);
            slot->done = 1;
            emit_ready(pool);
        } else if (pool->closing) {
            break;
        } else {
            pool->n_idle++;
            pthread_cond_wait(&pool->work_there, &pool->lock);
            pool->n_idle--;
        }
    }
    pthread_mutex_unlock(&pool->lock);
}

static void *worker(void *context)
{
    struct pool *pool = context;
    void *state = take_spare_state(pool);

    if (!state) {
        state = pool->work->start(pool->work->context);
    }
    if (state) {
        work_through(pool, state);
        pool->work->stop(state);
    }
    return NULL;
}

struct pool *pool_new(const struct pool_work *work, unsigned jobs, void *state)
{
    struct pool *pool = calloc(1, sizeof *pool);

    if (!pool) {
        return NULL;
    }
    pool->n_slots = (size_t)jobs * TASKS_PER_JOB;
    pool->slots = calloc(pool->n_slots, sizeof *pool->slots);
    pool->threads = calloc(jobs, sizeof *pool->threads);
    if (!pool->slots || !pool->threads) {
        free(pool->slots);
        free(pool->threads);
        free(pool);
        return NULL;
    }
    pool->work = work;
    pool->max_threads = jobs;
    pool->spare_state = state;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_there, NULL);
    pthread_cond_init(&pool->room_there, NULL);
    pthread_cond_init(&pool->turn_there, NULL);
    return pool;
}

static int needs_work(const struct task *task)
{
    switch (task->kind) {
    case TASK_NAMED:
    case TASK_FOUND:
    case TASK_STDIN:
    case TASK_LINE:
    case TASK_REQUEST:
    case TASK_FAILED:
        return 1;
    case TASK_PASSED:
    case TASK_FOLDER_END:
        return 0;
    }
    return 0;
}

/* One more thread if all are busy, but none for a single job: the thread that
 * submits does it as well. With the lock held. */
static void add_thread(struct pool *pool)
{
    if (pool->max_threads > 1 && pool->n_idle == 0 &&
        pool->n_threads < pool->max_threads &&
        pthread_create(&pool->threads[pool->n_threads], NULL, worker, pool) ==
            0) {
        pool->n_threads++;
    }
}

/* With the lock held. */
static int has_room(const struct pool *pool, size_t bytes)
{
    size_t n = pool->tail - pool->head;

    return n == 0 || (n < pool->n_slots && bytes <= SUBJECT_BYTES &&
                      pool->subject_bytes <= SUBJECT_BYTES - bytes);
}

void pool_submit(struct pool *pool, struct task task)
{
    pthread_mutex_lock(&pool->lock);
    while (!has_room(pool, task.len)) {
        pthread_cond_wait(&pool->room_there, &pool->lock);
    }
    struct slot *slot = slot_at(pool, pool->tail++);
    *slot = (struct slot){.task = task, .done = !needs_work(&task)};
    slot->task.pool = pool;
    pool->subject_bytes += task.len;
    if (slot->done) {
        emit_ready(pool);
    } else {
        add_thread(pool);
        pthread_cond_signal(&pool->work_there);
    }
    int nobody = pool->n_threads == 0 && pool->next < pool->tail;
    pthread_mutex_unlock(&pool->lock);
    if (nobody) {
        /* Where no thread is wanted or to be had, the work is done here. */
        pthread_mutex_lock(&pool->lock);
        slot = take_next(pool);
        pthread_mutex_unlock(&pool->lock);
        if (slot) {
            run_task(pool, pool->spare_state, &slot->task);
            pthread_mutex_lock(&pool->lock);
            slot->done = 1;
            emit_ready(pool);
            pthread_mutex_unlock(&pool->lock);
        }
    }
}

void pool_finish(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closing = 1;
    pthread_cond_broadcast(&pool->work_there);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->n_threads; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    if (pool->spare_state) {
        pool->work->stop(pool->spare_state);
    }
    pthread_cond_destroy(&pool->turn_there);
    pthread_cond_destroy(&pool->room_there);
    pthread_cond_destroy(&pool->work_there);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool->slots);
    free(pool);
}
