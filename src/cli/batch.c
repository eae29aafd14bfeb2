/* SPDX-License-Identifier: MIT */
#include "cli/batch.h"

#include <errno.h>

#include "cli/sandbox.h"
#include "cli/say.h"
#include "cli/setup.h"
#include "cli/signals.h"
#include "cli/tally.h"

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

static int run_pool(struct batch *batch, struct tally *tally)
{
    batch->work.emit = tally_emit;
    batch->work.emit_part = tally_emit_part;
    batch->work.emit_context = tally;
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

int batch_run(struct batch *batch)
{
    struct output output;
    struct tally tally = {.options = batch->options, .output = &output};

    if (output_open(&output, batch->options->output, batch->shape) != 0) {
        batch->work.stop(batch->state);
        return 2;
    }
    setup_memory();
    if (batch->options->sandbox != SANDBOX_OFF) {
        sandbox_seal_code(); /* before threads: it holds this one and theirs */
    }
    signals_watch(&output);
    return close_and_judge(&tally, run_pool(batch, &tally));
}
