/* SPDX-License-Identifier: MIT */
#include "cli/tally.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "cli/say.h"

/* Results that cannot be delivered are no results: better stop than analyse
 * for nobody. A reader that went away is no error to speak of. */
static void stop_if_unwritable(struct tally *tally)
{
    if (tally->output->error) {
        int gone = tally->output->error == EPIPE;
        output_close(tally->output);
        _exit(gone ? EXIT_CLOSED_PIPE : 2); /* other threads are at work */
    }
}

static void count_result(struct tally *tally, const struct task *task)
{
    tally->totals.files++;
    tally->totals.by_status[task->status]++;
    tally->totals.by_verdict[task->verdict]++;
    if ((int)task->verdict >= tally->options->fail_on) {
        tally->at_threshold = 1;
    }
    /* A partial result counts by its verdict; a model cut short has none. */
    if (task->status == INFSCAN_RESULT_ERROR ||
        (task->status == INFSCAN_RESULT_PARTIAL &&
         task->verdict == INFSCAN_VERDICT_NONE)) {
        tally->n_failed++;
    }
}

int tally_emit_part(void *context, int is_first, const char *bytes, size_t len)
{
    struct tally *tally = context;

    if (is_first) {
        pthread_mutex_lock(&tally->lock); /* until the task is emitted */
        progress_hide(tally->progress);
        output_begin(tally->output);
    }
    output_part(tally->output, bytes, len);
    return tally->output->error != 0;
}

static void emit(struct tally *tally, struct task *task)
{
    if (task->kind == TASK_FOLDER_END) {
        if (tally->totals.files == tally->n_before_folder) {
            progress_hide(tally->progress);
            say("%s: no INF files in this folder",
                task->subject ? task->subject : "");
        }
        tally->n_before_folder = tally->totals.files;
        return;
    }
    for (unsigned i = 0; i < INFSCAN_N_PASSED_OVER; i++) {
        tally->totals.passed_over[i] += task->passed[i];
    }
    if (task->kind == TASK_PASSED || task->passed_over) {
        tally->totals.passed_over[task->reason]++;
        return;
    }
    if (task->streamed) {
        output_end(tally->output);
        stop_if_unwritable(tally);
    }
    if (task->no_memory || task->record.failed) {
        say("%s: out of memory",
            task->subject && task->kind != TASK_REQUEST ? task->subject : "-");
        task->status = INFSCAN_RESULT_ERROR;
        task->verdict = INFSCAN_VERDICT_NONE;
        task->record.len = 0;
    }
    count_result(tally, task);
    if (task->record.len) {
        progress_hide(tally->progress);
    }
    if (task->is_archive && tally->options->format == INFSCAN_FORMAT_JSON) {
        output_make_array(tally->output);
    }
    output_record(tally->output, task->record.data, task->record.len);
    stop_if_unwritable(tally);
    if (task->kind != TASK_FOUND && task->kind != TASK_FAILED) {
        tally->n_before_folder = tally->totals.files;
    }
}

void tally_emit(void *context, struct task *task)
{
    struct tally *tally = context;

    if (!task->streamed) {
        pthread_mutex_lock(&tally->lock);
    }
    emit(tally, task);
    if (task->kind != TASK_FOLDER_END && task->kind != TASK_PASSED &&
        !task->is_part) {
        progress_done(tally->progress, task->verdict);
    }
    pthread_mutex_unlock(&tally->lock);
}

int tally_exit_status(const struct tally *tally)
{
    if (tally->n_failed) {
        say("%" PRIu64 " of %" PRIu64 " input%s could not be analysed",
            tally->n_failed, tally->totals.files,
            tally->totals.files == 1 ? "" : "s");
    }
    if (tally->at_threshold) {
        return 1;
    }
    return tally->n_failed ? 3 : 0;
}
