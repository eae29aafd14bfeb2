/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/jobs.h"
#include "cli/limit.h"
#include "cli/options.h"
#include "cli/setup.h"

static int run(const struct options *options)
{
    if (options->help) {
        options_help();
        return 0;
    }
    if (options->limit_help) {
        limit_help();
        return 0;
    }
    if (options->version) {
        return job_version(options);
    }
    if (setup_sandbox(options) != 0) {
        return 2;
    }
    switch (options->job) {
    case JOB_SCAN:
        return job_scan(options);
    case JOB_DUMP:
        return job_dump(options);
    case JOB_DECODE:
        return job_decode(options);
    case JOB_RULES:
        return job_rules(options);
    case JOB_EXPLAIN:
        return job_explain(options);
    case JOB_DIFF:
        return job_diff(options);
    case JOB_SCHEMA:
        return job_schema(options);
    case N_JOBS:
        break;
    }
    return 2;
}

int main(int argc, char **argv)
{
    struct options options;

    if (options_parse(argc, argv, &options) != 0) {
        return 2;
    }
    int status = run(&options);
    options_deinit(&options);
    return fflush(stdout) == 0 ? status : 2;
}
