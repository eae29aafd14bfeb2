/* SPDX-License-Identifier: MIT */
#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include "cli/options.h"
#include "cli/pool.h"

/* The jobs. Each takes understood options and gives the exit status. */
int job_scan(const struct options *options);
int job_dump(const struct options *options);
int job_decode(const struct options *options);
int job_rules(const struct options *options);
int job_explain(const struct options *options);
int job_diff(const struct options *options);
int job_schema(const struct options *options);
int job_version(const struct options *options);

/* `rules test` over rule files and files to scan. */
int rules_test(const struct options *options, const struct word_list *operands);

/* For the work of scan and dump. */

/* -1: unreadable (the analysis says why); else whether it looks like an INF. */
int file_looks_like_inf(const char *path);

enum task_takes {
    TAKES_INFS,
    TAKES_ARCHIVES /* and INFs */
};

/* Whether a file that a walk came across does not look like what is wanted. */
int task_is_passed_over(struct task *task, enum task_takes takes);

/* The `error` record of a task; its message says why. */
void task_render_failure(struct task *task,
                         const struct infscan_render_options *render);

#endif
