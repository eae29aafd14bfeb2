/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_RENDER_H
#define INFSCAN_RENDER_H

#include <infscan/result.h>
#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum infscan_format {
    INFSCAN_FORMAT_TEXT,
    INFSCAN_FORMAT_JSON,
    INFSCAN_FORMAT_NDJSON,
    INFSCAN_FORMAT_CSV /* results and failures only */
};

enum infscan_render_flags {
    INFSCAN_RENDER_COLOR = 1,          /* terminal escapes, text only */
    INFSCAN_RENDER_QUIET = 2,          /* text: the first line only */
    INFSCAN_RENDER_VERBOSE = 4,        /* text: all actions and diagnostics */
    INFSCAN_RENDER_ALL_ACTIONS = 8,    /* JSON: every action */
    INFSCAN_RENDER_ONLY_FINDINGS = 16, /* leave out results without findings */
    INFSCAN_RENDER_NO_DEFANG = 32      /* text, csv: addresses as they are */
};

struct infscan_render_options {
    enum infscan_format format;
    unsigned flags;
    unsigned width;                     /* columns, text only; 0: 80, and
                                           lists of rules never wrapped */
    enum infscan_severity min_severity; /* findings below are not shown */
    const char
        *request_id; /* JSON: the member `id`; NULL: none. UTF-8 or not */
    int request_id_is_number; /* it is spelled as a JSON number */
};

/* Takes finished bytes. Returns 0, or anything else to stop the rendering. */
typedef int infscan_write_fn(void *context, const char *bytes, size_t len);

/* Why a folder walk leaves something out. */
enum infscan_passed_over {
    INFSCAN_PASSED_NOT_INF,  /* does not look like an INF */
    INFSCAN_PASSED_EXCLUDED, /* --include or --exclude says so */
    INFSCAN_PASSED_TOO_DEEP, /* folder below --max-depth */
    INFSCAN_PASSED_LINK,     /* symbolic link to a folder, or to nothing */
    INFSCAN_PASSED_SPECIAL,  /* FIFO, socket or device */
    INFSCAN_N_PASSED_OVER
};

/* What --summary counts. */
struct infscan_totals {
    uint64_t files;
    uint64_t by_verdict[4]; /* by enum infscan_verdict */
    uint64_t by_status[4];  /* by enum infscan_result_status */
    uint64_t passed_over[INFSCAN_N_PASSED_OVER];
};

/**
 * infscan_render_header - write what stands before the first record
 *
 * The names of the columns for csv, nothing for other formats.
 */
INFSCAN_API enum infscan_status
infscan_render_header(const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context);

/**
 * infscan_render_result - write one result as one record
 *
 * options: NULL: text, no flags
 * write:   called one or more times with consecutive bytes; for ndjson and
 *          json exactly one whole record (without the brackets and commas
 *          of an array), for csv one row, for text one whole report
 *
 * Nothing is printed that could steer a terminal, whatever the file holds.
 * Status: IO when `write` stopped it, NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_render_result(const struct infscan_result *result,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context);

/**
 * infscan_render_peeled - write what infscan_peel gave as a `decoded` record
 *
 * final:   as infscan_peel set it
 *
 * INFSCAN_RENDER_ONLY_FINDINGS does not apply: every line gets its record.
 * Status: as infscan_render_result; INVALID for a format that has no form for
 * this record. That holds for the functions below, too.
 */
INFSCAN_API enum infscan_status
infscan_render_peeled(const struct infscan_result *result,
                      struct infscan_string final,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context);

struct infscan_document;

/**
 * infscan_render_document - write a parsed model, for `infscan dump`
 *
 * Status: LIMIT where all was written, but a limit has cut the model, which
 * then says so itself; IO, NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_render_document(const struct infscan_document *document,
                        const struct infscan_render_options *options,
                        infscan_write_fn *write, void *context);

/**
 * infscan_render_totals - write what --summary shows, or a `summary` record
 */
INFSCAN_API enum infscan_status
infscan_render_totals(const struct infscan_totals *totals,
                      const struct infscan_render_options *options,
                      infscan_write_fn *write, void *context);

/**
 * infscan_render_failure - write an `error` record for an input without result
 *
 * path:    as it was named, UTF-8 or not
 * message: why, one line
 */
INFSCAN_API enum infscan_status
infscan_render_failure(const char *path, const char *message,
                       const struct infscan_render_options *options,
                       infscan_write_fn *write, void *context);

struct infscan_difference;

/**
 * infscan_render_difference - write what two files would do differently
 *
 * One report, or a `difference` record. With INFSCAN_RENDER_QUIET the text is
 * one line.
 */
INFSCAN_API enum infscan_status
infscan_render_difference(const struct infscan_difference *difference,
                          const struct infscan_render_options *options,
                          infscan_write_fn *write, void *context);

struct infscan_rule;

/**
 * infscan_render_rule - write a rule's page, or a `rule` record
 *
 * With INFSCAN_RENDER_QUIET the text is one line: id, severity, title.
 */
INFSCAN_API enum infscan_status
infscan_render_rule(const struct infscan_rule *rule,
                    const struct infscan_render_options *options,
                    infscan_write_fn *write, void *context);

/* What a rule was seen to do over files. */
struct infscan_rule_use {
    const struct infscan_rule *rule;
    uint64_t files;    /* that were scanned */
    uint64_t seen;     /* of these, that it hit */
    uint64_t findings; /* in all */
    uint64_t texts;    /* that its patterns were tried on */
    double time;       /* its part of the time that all rules took, 0 to 1 */
};

/**
 * infscan_render_rule_use - write one line, or a `rule-use` record
 */
INFSCAN_API enum infscan_status
infscan_render_rule_use(const struct infscan_rule_use *use,
                        const struct infscan_render_options *options,
                        infscan_write_fn *write, void *context);

struct infscan_topic;

/**
 * infscan_render_topic - write a topic's page, or a `topic` record
 */
INFSCAN_API enum infscan_status
infscan_render_topic(const struct infscan_topic *topic,
                     const struct infscan_render_options *options,
                     infscan_write_fn *write, void *context);

struct infscan_rule_problem;

/**
 * infscan_render_rule_problem - write one line, or a `rule-problem` record
 */
INFSCAN_API enum infscan_status
infscan_render_rule_problem(const struct infscan_rule_problem *problem,
                            const struct infscan_render_options *options,
                            infscan_write_fn *write, void *context);

/**
 * infscan_schema - the JSON Schema of the records, as text
 *
 * Static, NUL-terminated.
 */
INFSCAN_API const char *infscan_schema(void);

/**
 * infscan_visible - a copy of hostile bytes that is safe to print
 *
 * Control characters, bidi marks, zero-width characters and bad UTF-8 become
 * visible escapes such as \x1b or \u202e. NUL-terminated, from malloc; NULL
 * when memory ran out.
 */
INFSCAN_API char *infscan_visible(const char *bytes, size_t len);

#ifdef __cplusplus
}
#endif

#endif
