/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <infscan/infscan.h>

#include "cli/batch.h"
#include "cli/extract.h"
#include "cli/jobs.h"
#include "cli/lines.h"
#include "cli/say.h"
#include "cli/setup.h"

struct decode_job {
    const struct infscan_ruleset *rules;
    struct infscan_options options;
    struct infscan_render_options render;
    struct extract *extract; /* NULL: no --extract-dir */
};

static void *start_scanner(void *context)
{
    const struct decode_job *job = context;
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

static void run_decode(void *context, void *state, struct task *task)
{
    const struct decode_job *job = context;
    struct infscan_result *result = NULL;
    struct infscan_string final = {"", 0};

    if (!task->subject) {
        task->no_memory = 1;
        return;
    }
    if (task->kind == TASK_FAILED) {
        task_render_failure(task, &job->render);
        return;
    }
    enum infscan_status status =
        infscan_peel(state, task->subject, task->len, &result, &final);
    if (status == INFSCAN_OK) {
        extract_parts(job->extract, result);
        task->status = infscan_result_summary(result)->status;
        task->verdict = infscan_result_summary(result)->verdict;
        status = infscan_render_peeled(result, final, &job->render, bytes_write,
                                       &task->record);
        infscan_result_free(result);
    }
    task->no_memory = status != INFSCAN_OK;
}

static void submit(struct pool *pool, enum task_kind kind, const char *bytes,
                   size_t len, const char *message)
{
    struct task task = {.kind = kind, .subject = malloc(len + 1), .len = len};

    if (task.subject) {
        if (len) { /* an empty line has no bytes */
            memcpy(task.subject, bytes, len);
        }
        task.subject[len] = '\0';
    }
    task.message = message ? strdup(message) : NULL;
    pool_submit(pool, task);
}

/* Lines end at LF, and an empty one has its record like any other. */
static void feed_stdin(struct pool *pool)
{
    struct lines lines;
    const char *line;
    size_t len;

    lines_init(&lines, STDIN_FILENO, '\n', LINES_MAX_BYTES);
    for (;;) {
        switch (lines_next(&lines, &line, &len)) {
        case LINES_LINE:
            submit(pool, TASK_LINE, line, len, NULL);
            continue;
        case LINES_TOO_LONG:
            submit(pool, TASK_FAILED, "-", 1, "the line is too long");
            continue;
        case LINES_FAILED:
            submit(pool, TASK_FAILED, "-", 1, strerror(errno));
            break;
        case LINES_END:
            break;
        }
        break;
    }
    lines_deinit(&lines);
}

static int reads_stdin(const struct options *options)
{
    return options->operands.n == 1 &&
           strcmp(options->operands.items[0], "-") == 0;
}

/* Words that a shell has split are one command line again. */
static void feed_operands(const struct options *options, struct pool *pool)
{
    struct bytes line = {0};

    for (size_t i = 0; i < options->operands.n; i++) {
        const char *word = options->operands.items[i];
        bytes_write(&line, " ", i > 0);
        bytes_write(&line, word, strlen(word));
    }
    if (line.failed) {
        submit(pool, TASK_FAILED, "-", 1, "out of memory");
    } else {
        submit(pool, TASK_LINE, line.data, line.len, NULL);
    }
    bytes_deinit(&line);
}

static void feed(const struct options *options, struct pool *pool)
{
    if (reads_stdin(options)) {
        feed_stdin(pool);
    } else {
        feed_operands(options, pool);
    }
}

static int decode(const struct options *options, struct decode_job *job)
{
    struct batch batch = {
        .options = options,
        .render = &job->render,
        .shape = batch_shape(options, !reads_stdin(options)),
        .work = {.context = job,
                 .start = start_scanner,
                 .stop = stop_scanner,
                 .run = run_decode},
        .state = start_scanner(job),
        .feed = feed,
    };

    if (!batch.state) {
        say("out of memory");
        return 2;
    }
    return batch_run(&batch);
}

int job_decode(const struct options *options)
{
    struct infscan_ruleset *rules = NULL;
    struct extract extract;
    int status = 2;

    if (options->operands.n == 0) {
        say("nothing to decode; give a command line or -, or see --help");
        return 2;
    }
    if (setup_rules(options, &rules) != 0) {
        return 2;
    }
    struct decode_job job = {.rules = rules,
                             .options = setup_scan(options),
                             .render = setup_render(options)};
    if (!options->extract_dir) {
        status = decode(options, &job);
    } else if (extract_open(&extract, options->extract_dir) == 0) {
        job.extract = &extract;
        status = decode(options, &job);
        status = extract_close(&extract) == 0 ? status : 2;
    }
    infscan_ruleset_free(rules);
    return status;
}
