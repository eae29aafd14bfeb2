/* SPDX-License-Identifier: MIT */
#include "cli/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "cli/progress.h"
#include "cli/sandbox.h"
#include "cli/say.h"
#include "cli/setup.h"
#include "cli/signals.h"
#include "cli/tally.h"

#define INTERRUPT_SECONDS 2

/* What a signal finds. */
struct run {
    const struct batch *batch;
    struct tally *tally;
};

enum output_shape batch_shape(const struct options *options, int is_single)
{
    return options->format == INFSCAN_FORMAT_JSON &&
                   (!is_single || options->summary)
               ? OUTPUT_ARRAY
               : OUTPUT_PLAIN;
}

static void add_header(const struct batch *batch, struct output *output)
{
    struct bytes header = {0};

    if (infscan_render_header(batch->render, bytes_write, &header) ==
        INFSCAN_OK) {
        output_record(output, header.data, header.len);
    }
    bytes_deinit(&header);
}

/* Rows have no place for totals, which go to stderr then. */
static void say_totals(const struct infscan_totals *totals)
{
    struct infscan_render_options text = {.format = INFSCAN_FORMAT_TEXT};

    infscan_render_totals(totals, &text, say_bytes, NULL);
}

static int passed_something(const struct infscan_totals *totals)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < INFSCAN_N_PASSED_OVER; i++) {
        n += totals->passed_over[i];
    }
    return n > 0;
}

static void add_summary(const struct batch *batch, const struct tally *tally)
{
    struct bytes record = {0};

    if (batch->options->summary
            ? batch->options->format == INFSCAN_FORMAT_CSV
            : batch->options->verbose && passed_something(&tally->totals)) {
        say_totals(&tally->totals);
        return;
    }
    if (batch->options->summary &&
        infscan_render_totals(&tally->totals, batch->render, bytes_write,
                              &record) == INFSCAN_OK) {
        output_record(tally->output, record.data, record.len);
    }
    bytes_deinit(&record);
}

/* After a signal. Whoever emits holds the lock, and what is being written is
 * waited for; where that does not end (a reader that reads no more), the last
 * line stays cut. */
static void interrupt(void *context)
{
    const struct run *run = context;
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += INTERRUPT_SECONDS;
    if (pthread_mutex_timedlock(&run->tally->lock, &until) != 0) {
        output_discard(run->tally->output);
        return;
    }
    progress_hide(run->tally->progress);
    say("interrupted after %" PRIu64 " file%s", run->tally->totals.files,
        run->tally->totals.files == 1 ? "" : "s");
    add_summary(run->batch, run->tally);
    output_interrupt(run->tally->output);
}

static int run_pool(struct batch *batch, struct tally *tally)
{
    batch->work.emit = tally_emit;
    batch->work.emit_part = tally_emit_part;
    batch->work.emit_context = tally;
    batch->work.progress = tally->progress;
    struct pool *pool =
        pool_new(&batch->work, setup_jobs(batch->options), batch->state);
    if (!pool) {
        say("out of memory");
        batch->work.stop(batch->state);
        return -1;
    }
    add_header(batch, tally->output);
    batch->feed(batch->options, pool);
    pool_finish(pool);
    add_summary(batch, tally);
    return 0;
}

static int close_and_judge(struct tally *tally, int status)
{
    int gone = tally->output->error == EPIPE;

    if (output_close(tally->output) != 0) {
        return gone ? EXIT_CLOSED_PIPE : 2;
    }
    return status == 0 ? tally_exit_status(tally) : 2;
}

static int run_all(struct batch *batch, struct tally *tally)
{
    struct run run = {.batch = batch, .tally = tally};
    struct signals signals = {.end = interrupt, .context = &run};

    if (batch->options->sandbox != SANDBOX_OFF) {
        sandbox_seal_code(); /* before threads: it holds this one and theirs */
    }
    signals_watch(&signals);
    int status = run_pool(batch, tally);
    pthread_mutex_lock(&tally->lock); /* no more to interrupt from here on */
    status = close_and_judge(tally, status);
    signals_unwatch(&signals);
    return status;
}

int batch_run(struct batch *batch)
{
    struct output output;
    struct progress progress;
    struct tally tally = {
        .options = batch->options, .output = &output, .progress = &progress};

    if (output_open(&output, batch->options->output, batch->shape) != 0) {
        batch->work.stop(batch->state);
        return 2;
    }
    setup_memory();
    pthread_mutex_init(&tally.lock, NULL);
    progress_init(&progress, batch->options, batch->total);
    int status = run_all(batch, &tally);
    progress_deinit(&progress);
    return status;
}
