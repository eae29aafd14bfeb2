/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <limits.h>
#include <stddef.h>

#include <infscan/render.h>
#include <infscan/scanner.h>

enum job {
    JOB_SCAN,
    JOB_DUMP,
    JOB_DECODE,
    JOB_RULES,
    JOB_EXPLAIN,
    JOB_DIFF,
    JOB_SCHEMA,
    N_JOBS
};

enum defang_choice {
    DEFANG_ON,
    DEFANG_OFF
};
enum color_choice {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER
};

enum progress_choice {
    PROGRESS_AUTO,
    PROGRESS_ALWAYS,
    PROGRESS_NEVER
};

/* --fail-on: the verdict from which on the exit status is 1. */
enum fail_on {
    FAIL_ON_SUSPICIOUS = INFSCAN_SUSPICIOUS,
    FAIL_ON_MALICIOUS = INFSCAN_MALICIOUS,
    FAIL_ON_NEVER = INFSCAN_MALICIOUS + 1
};

/* Words in the order in which they were given; they belong to argv. */
struct word_list {
    const char **items;
    size_t n;
};

/* The command line, understood. Choices are int because the option table
 * stores them by offset. */
struct options {
    enum job job;
    struct word_list operands; /* without the name of the job */
    int help;
    int version;

    int format; /* enum infscan_format */
    const char *output;
    const char *extract_dir;
    unsigned jobs; /* 0: as many as there are processors */
    const char *files_from;
    int zero;
    int stream;
    struct word_list include;
    struct word_list exclude;
    unsigned max_depth;
    const char *name;
    struct word_list rules;
    int no_builtin_rules;
    struct word_list launchers;
    struct word_list passwords;
    struct word_list limit_words; /* NAME=VALUE, or help */
    struct infscan_limit_value *limits;
    size_t n_limits;
    int limit_help;
    const char *invocation;
    const char *inf_dir;
    unsigned codepage;
    int raw;
    int fail_on;      /* enum fail_on */
    int min_severity; /* enum infscan_severity */
    int only_findings;
    int all_actions;
    int summary;
    int defang;   /* enum defang_choice */
    int color;    /* enum color_choice */
    int progress; /* enum progress_choice */
    int sandbox;  /* enum sandbox_mode */
    int quiet;
    int verbose;
};

/**
 * options_parse - read the command line
 *
 * argv:    must outlive `out`
 *
 * 0, or -1 after one line on stderr: the exit status is then 2.
 */
int options_parse(int argc, char **argv, struct options *out);

void options_deinit(struct options *options);

/* Print --help on standard output. */
void options_help(void);

#endif
