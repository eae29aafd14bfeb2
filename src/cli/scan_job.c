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

/* One task while its results come in. */
struct scanning {
    const struct scan_job *job;
    const struct infscan_render_options *render;
    struct task *task;
    int no_memory;
};

/* An archive that a walk came across and that holds nothing of interest. */
static int is_passed_over(const struct scanning *scanning,
                          const struct infscan_result *result)
{
    const struct infscan_archive *archive = infscan_result_archive(result);

    return archive && scanning->task->kind == TASK_FOUND &&
           infscan_result_summary(result)->status == INFSCAN_RESULT_NOT_INF &&
           infscan_result_summary(result)->verdict == INFSCAN_CLEAN;
}

static void count_passed(struct task *task,
                         const struct infscan_archive *archive)
{
    if (archive) {
        task->is_archive = 1;
        task->passed[INFSCAN_PASSED_NOT_INF] += archive->not_inf;
        task->passed[INFSCAN_PASSED_LINK] += archive->link;
        task->passed[INFSCAN_PASSED_SPECIAL] += archive->special;
    }
}

static void take_part(struct scanning *scanning, struct task_part part,
                      const struct infscan_result *result)
{
    if (is_passed_over(scanning, result)) {
        scanning->task->passed[INFSCAN_PASSED_NOT_INF]++;
        bytes_deinit(&part.record);
    } else {
        pool_add_part(scanning->task, part);
    }
}

/* Each result of the task: the last one is its own. */
static int take_result(void *context, struct infscan_result *result)
{
    struct scanning *scanning = context;
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct task *task = scanning->task;
    struct task_part part = {.verdict = summary->verdict,
                             .status = summary->status};

    extract_parts(scanning->job->extract, result);
    if (infscan_render_result(result, scanning->render, bytes_write,
                              &part.record) != INFSCAN_OK) {
        scanning->no_memory = 1;
    }
    count_passed(task, infscan_result_archive(result));
    if (summary->member.len) {
        take_part(scanning, part, result);
    } else {
        task->record = part.record;
        task->verdict = part.verdict;
        task->status = part.status;
        task->passed_over = is_passed_over(scanning, result);
        task->reason = INFSCAN_PASSED_NOT_INF;
    }
    infscan_result_free(result);
    return 0;
}

static void finish(const struct scanning *scanning, enum infscan_status status)
{
    scanning->task->no_memory = status != INFSCAN_OK || scanning->no_memory;
}

static void scan(struct scanning *scanning, struct infscan_scanner *scanner)
{
    const struct task *task = scanning->task;

    if (task->kind == TASK_STDIN) {
        finish(scanning,
               infscan_scan_fd_each(scanner, task->subject, STDIN_FILENO,
                                    take_result, scanning));
    } else {
        finish(scanning, infscan_scan_file_each(scanner, task->subject,
                                                take_result, scanning));
    }
}

static void run_request(const struct scan_job *job, struct task *task,
                        struct infscan_scanner *scanner)
{
    struct infscan_render_options render = job->render;
    struct scanning scanning = {.job = job, .render = &render, .task = task};
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
    } else if (request.data) {
        finish(&scanning,
               infscan_scan_bytes_each(scanner, request.name, request.data,
                                       request.size, take_result, &scanning));
    } else {
        finish(&scanning, infscan_scan_file_each(scanner, request.name,
                                                 take_result, &scanning));
    }
    request_deinit(&request);
}

static void run_scan(void *context, void *state, struct task *task)
{
    const struct scan_job *job = context;
    struct scanning scanning = {
        .job = job, .render = &job->render, .task = task};

    if (!task->subject) {
        task->no_memory = 1;
        return;
    }
    if (task->kind == TASK_FAILED) {
        task_render_failure(task, &job->render);
        return;
    }
    if (task->kind == TASK_REQUEST) {
        run_request(job, task, state);
        return;
    }
    if (task_is_passed_over(task, TAKES_ARCHIVES)) {
        return;
    }
    scan(&scanning, state);
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

/* Whether nothing will show all of an action. */
static int is_brief(const struct options *options)
{
    switch ((enum infscan_format)options->format) {
    case INFSCAN_FORMAT_JSON:
    case INFSCAN_FORMAT_NDJSON:
    case INFSCAN_FORMAT_CSV:
        return !options->all_actions && !options->extract_dir;
    case INFSCAN_FORMAT_TEXT:
        break;
    }
    return 0;
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
    job.options.brief = is_brief(options);
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
