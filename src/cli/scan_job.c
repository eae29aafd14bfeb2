/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include <infscan/infscan.h>

#include "cli/batch.h"
#include "cli/extract.h"
#include "cli/inputs.h"
#include "cli/jobs.h"
#include "cli/say.h"
#include "cli/setup.h"
#include "cli/stream.h"

struct scan_job {
    const struct infscan_ruleset *rules;
    struct infscan_options options;
    struct infscan_render_options render;
    struct extract *extract; /* NULL: no --extract-dir */
};

static void *start_scanner(void *context)
{
    const struct scan_job *job = context;
    struct infscan_scanner *scanner = NULL;

    return infscan_scanner_new(job->rules, &job->options, &scanner, NULL) ==
                   INFSCAN_OK
               ? scanner
               : NULL;
}

static void stop_scanner(void *state)
{
    infscan_scanner_free(state);
}

static enum infscan_status scan(const struct task *task,
                                struct infscan_scanner *scanner,
                                struct infscan_result **out)
{
    if (task->kind == TASK_STDIN) {
        return infscan_scan_fd(scanner, task->subject, STDIN_FILENO, out);
    }
    return infscan_scan_file(scanner, task->subject, out);
}

static void finish(const struct scan_job *job,
                   const struct infscan_render_options *render,
                   enum infscan_status status, struct infscan_result *result,
                   struct task *task)
{
    if (status == INFSCAN_OK) {
        extract_layers(job->extract, result);
        task->status = infscan_result_summary(result)->status;
        task->verdict = infscan_result_summary(result)->verdict;
        status =
            infscan_render_result(result, render, bytes_write, &task->record);
        infscan_result_free(result);
    }
    task->no_memory = status != INFSCAN_OK;
}

static void run_request(const struct scan_job *job,
                        struct infscan_scanner *scanner, struct task *task)
{
    struct infscan_render_options render = job->render;
    struct infscan_result *result = NULL;
    struct request request;

    request_parse(task->subject, task->len, &request);
    render.request_id = request.id;
    render.request_id_is_number = request.id_is_number;
    if (!request.name) {
        task->no_memory = 1;
    } else if (request.fault) {
        task->status = INFSCAN_RESULT_ERROR;
        task->verdict = INFSCAN_VERDICT_NONE;
        task->no_memory =
            infscan_render_failure(request.name, request.fault, &render,
                                   bytes_write, &task->record) != INFSCAN_OK;
    } else {
        enum infscan_status status =
            request.data
                ? infscan_scan_bytes(scanner, request.name, request.data,
                                     request.size, &result)
                : infscan_scan_file(scanner, request.name, &result);
        finish(job, &render, status, result, task);
    }
    request_deinit(&request);
}

static void run_scan(void *context, void *state, struct task *task)
{
    const struct scan_job *job = context;
    struct infscan_result *result = NULL;

    if (!task->subject) {
        task->no_memory = 1;
        return;
    }
    if (task->kind == TASK_FAILED) {
        task_render_failure(task, &job->render);
        return;
    }
    if (task->kind == TASK_REQUEST) {
        run_request(job, state, task);
        return;
    }
    if (task_is_passed_over(task)) {
        return;
    }
    enum infscan_status status = scan(task, state, &result);
    finish(job, &job->render, status, result, task);
}

static int scan_inputs(const struct options *options, struct scan_job *job)
{
    struct infscan_error error = {0};
    struct infscan_scanner *scanner = NULL;

    if (infscan_scanner_new(job->rules, &job->options, &scanner, &error) !=
        INFSCAN_OK) {
        say_error(&error);
        infscan_error_clear(&error);
        return 2;
    }
    struct batch batch = {
        .options = options,
        .render = &job->render,
        .shape = batch_shape(options, inputs_is_single(options)),
        .work = {.context = job,
                 .start = start_scanner,
                 .stop = stop_scanner,
                 .run = run_scan},
        .state = scanner,
        .total = inputs_total(options),
        .feed = options->stream ? stream_feed : inputs_feed,
    };
    return batch_run(&batch);
}

int job_scan(const struct options *options)
{
    struct infscan_ruleset *rules = NULL;

    if (inputs_check(options) != 0 || setup_rules(options, &rules) != 0) {
        return 2;
    }
    struct scan_job job = {.rules = rules,
                           .options = setup_scan(options),
                           .render = setup_render(options)};
    struct extract extract;
    int status = 2;
    if (!options->extract_dir) {
        status = scan_inputs(options, &job);
    } else if (extract_open(&extract, options->extract_dir) == 0) {
        job.extract = &extract;
        status = scan_inputs(options, &job);
        status = extract_close(&extract) == 0 ? status : 2;
    }
    infscan_ruleset_free(rules);
    return status;
}
