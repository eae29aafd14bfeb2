/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include <infscan/infscan.h>

#include "cli/jobs.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/setup.h"

/* Exit status of a comparison: infscan(1). */
enum {
    DIFF_EQUAL = 0,
    DIFF_DIFFERENT = 1,
    DIFF_FAILED = 2,
    DIFF_NOT_ANALYSED = 3
};

#define N_SIDES 2

struct diff_job {
    struct infscan_render_options render;
    struct infscan_result *results[N_SIDES];
    struct output output;
};

static enum infscan_status scan(struct infscan_scanner *scanner,
                                const char *path, struct infscan_result **out)
{
    return strcmp(path, "-") == 0
               ? infscan_scan_fd(scanner, path, STDIN_FILENO, out)
               : infscan_scan_file(scanner, path, out);
}

static enum infscan_result_status status_of(const struct diff_job *job,
                                            unsigned side)
{
    return infscan_result_summary(job->results[side])->status;
}

/* An archive would compare as what does nothing. */
static int is_archive(const struct diff_job *job, unsigned side)
{
    if (!infscan_result_archive(job->results[side])) {
        return 0;
    }
    struct infscan_string path =
        infscan_result_summary(job->results[side])->path;
    say("%.*s: an archive: the INFs in it have to be unpacked", (int)path.len,
        path.bytes);
    return 1;
}

/* Reports the files that could not be read, if any. */
static int report_failures(struct diff_job *job)
{
    int status = DIFF_EQUAL;

    for (unsigned i = 0; i < N_SIDES; i++) {
        if (status_of(job, i) == INFSCAN_RESULT_ERROR) {
            infscan_render_result(job->results[i], &job->render, output_write,
                                  &job->output);
            status = DIFF_NOT_ANALYSED;
        } else if (is_archive(job, i)) {
            status = DIFF_NOT_ANALYSED;
        }
    }
    return status;
}

/* What a limit cut off may differ. */
static int is_partial(const struct diff_job *job)
{
    return status_of(job, 0) == INFSCAN_RESULT_PARTIAL ||
           status_of(job, 1) == INFSCAN_RESULT_PARTIAL;
}

static int compare(struct diff_job *job)
{
    struct infscan_difference *difference = NULL;
    size_t n;
    int status = report_failures(job);

    if (status != DIFF_EQUAL) {
        return status;
    }
    if (infscan_difference_new(job->results[0], job->results[1], &difference) !=
        INFSCAN_OK) {
        say("out of memory");
        return DIFF_FAILED;
    }
    infscan_difference_changes(difference, &n);
    if (infscan_render_difference(difference, &job->render, output_write,
                                  &job->output) == INFSCAN_NO_MEMORY) {
        say("out of memory");
        status = DIFF_FAILED;
    } else if (n) {
        status = DIFF_DIFFERENT;
    } else if (is_partial(job)) {
        status = DIFF_NOT_ANALYSED;
    }
    infscan_difference_free(difference);
    return status;
}

/* Both files, the one after the other. */
static int scan_both(const struct options *options,
                     struct infscan_scanner *scanner, struct diff_job *job)
{
    for (unsigned i = 0; i < N_SIDES; i++) {
        if (scan(scanner, options->operands.items[i], &job->results[i]) !=
            INFSCAN_OK) {
            say("out of memory");
            return DIFF_FAILED;
        }
    }
    if (output_open(&job->output, options->output, OUTPUT_PLAIN) != 0) {
        return DIFF_FAILED;
    }
    int status = compare(job);
    return output_close(&job->output) == 0 ? status : DIFF_FAILED;
}

static int run(const struct options *options,
               const struct infscan_ruleset *rules)
{
    struct infscan_options scan_options = setup_scan(options);
    struct infscan_scanner *scanner = NULL;
    struct infscan_error error = {0};
    struct diff_job job = {.render = setup_render(options)};

    if (infscan_scanner_new(rules, &scan_options, &scanner, &error) !=
        INFSCAN_OK) {
        say_error(&error);
        infscan_error_clear(&error);
        return DIFF_FAILED;
    }
    int status = scan_both(options, scanner, &job);
    for (unsigned i = 0; i < N_SIDES; i++) {
        infscan_result_free(job.results[i]);
    }
    infscan_scanner_free(scanner);
    return status;
}

int job_diff(const struct options *options)
{
    const struct word_list *files = &options->operands;
    struct infscan_ruleset *rules = NULL;

    if (files->n != N_SIDES) {
        say("diff needs two files");
        return DIFF_FAILED;
    }
    if (strcmp(files->items[0], "-") == 0 &&
        strcmp(files->items[1], "-") == 0) {
        say("only one of the files can be standard input");
        return DIFF_FAILED;
    }
    if (setup_rules(options, &rules) != 0) {
        return DIFF_FAILED;
    }
    int status = run(options, rules);
    infscan_ruleset_free(rules);
    return status;
}
