/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <infscan/infscan.h>

#include "cli/batch.h"
#include "cli/inputs.h"
#include "cli/jobs.h"
#include "cli/say.h"
#include "cli/setup.h"

struct dump_job {
    struct infscan_options options;
    struct infscan_render_options render;
    enum infscan_substitution mode;
};

/* Parsing needs no state of a worker's own, but a pool tells by it whether a
 * worker could start. */
static void *start_nothing(void *context)
{
    return context;
}

static void stop_nothing(void *state)
{
    (void)state;
}

static void fail(struct task *task, const struct infscan_error *error,
                 const struct infscan_render_options *render)
{
    const char *message =
        error->message ? error->message : infscan_status_name(error->status);

    if (!task->message) {
        task->message = strdup(message);
    }
    task_render_failure(task, render);
}

static void run_dump(void *context, void *state, struct task *task)
{
    const struct dump_job *job = context;
    struct infscan_document *document = NULL;
    struct infscan_error error = {0};

    (void)state;
    if (!task->subject) {
        task->no_memory = 1;
        return;
    }
    if (task->kind == TASK_FAILED) {
        task_render_failure(task, &job->render);
        return;
    }
    if (task_is_passed_over(task, TAKES_INFS)) {
        return;
    }
    if (infscan_document_file(task->kind == TASK_STDIN ? "-" : task->subject,
                              &job->options, job->mode, &document,
                              &error) != INFSCAN_OK) {
        fail(task, &error, &job->render);
        infscan_error_clear(&error);
        return;
    }
    enum infscan_status status =
        infscan_render_document(document, &job->render, pool_write, task);
    if (status == INFSCAN_LIMIT) {
        task->status = INFSCAN_RESULT_PARTIAL;
    } else {
        task->no_memory = status != INFSCAN_OK;
    }
    infscan_document_free(document);
}

/* A wrong code page is a usage error, found before anything is printed. */
static int check_options(const struct infscan_options *options)
{
    struct infscan_document *document = NULL;
    struct infscan_error error = {0};

    if (infscan_document_bytes("", "", 0, options, INFSCAN_RAW, &document,
                               &error) != INFSCAN_OK) {
        say_error(&error);
        infscan_error_clear(&error);
        return -1;
    }
    infscan_document_free(document);
    return 0;
}

int job_dump(const struct options *options)
{
    struct dump_job job = {
        .options = setup_scan(options),
        .render = setup_render(options),
        .mode = options->raw ? INFSCAN_RAW : INFSCAN_SUBSTITUTE,
    };

    if (inputs_check(options) != 0 || check_options(&job.options) != 0) {
        return 2;
    }
    struct batch batch = {
        .options = options,
        .render = &job.render,
        .shape = batch_shape(options, inputs_is_single(options)),
        .work = {.context = &job,
                 .start = start_nothing,
                 .stop = stop_nothing,
                 .run = run_dump},
        .state = &job,
        .total = inputs_total(options),
        .feed = inputs_feed,
    };
    return batch_run(&batch);
}
