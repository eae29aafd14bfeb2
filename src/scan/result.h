/* SPDX-License-Identifier: MIT */
#ifndef SCAN_RESULT_H
#define SCAN_RESULT_H

#include <infscan/result.h>

#include "base/arena.h"
#include "base/limits.h"
#include "install/effects.h"
#include "text/source.h"

/* One file that places of a result are in. */
struct result_file {
    struct source source;
    const char *name; /* NULL: the analysed one */
};

/* Owner of the arena that holds all of a result, and of what the accessors of
 * result.h give out. Built by one scan, immutable afterwards. */
struct infscan_result {
    struct arena *arena;
    struct infscan_summary summary;
    struct source source;            /* n_lines 0 where nothing was decoded */
    const struct result_file *files; /* beside the analysed one */
    size_t n_files;
    const struct infscan_companion *companions;
    size_t n_companions;
    const struct infscan_plan *plans;
    size_t n_plans;
    struct infscan_action *actions;
    size_t n_actions;
    const struct infscan_finding *findings;
    size_t n_findings;
    const struct infscan_indicator *indicators;
    size_t n_indicators;
    const struct infscan_diagnostic *diagnostics;
    size_t n_diagnostics;
    bool has_outcomes;                    /* they were asked for */
    struct effects outcomes;              /* what runs and what remains */
    const struct infscan_effect *views;   /* of each of the outcomes */
    const struct infscan_effect *effects; /* those of views that remain */
    size_t n_effects;
    const struct infscan_limit_hit *limits;
    size_t n_limits;
    const struct infscan_archive *archive; /* NULL: the file is none */
};

/**
 * result_new - an empty result with its path
 *
 * max_bytes:  cap of its arena
 * path:       as named; made valid UTF-8 for the record
 *
 * NULL when memory ran out. infscan_result_free releases it.
 */
struct infscan_result *result_new(size_t max_bytes, const char *path);

/* Says that it is of a member of the archive at its path. */
void result_set_member(struct infscan_result *result, struct str member);

/* Makes it an error: status error, no verdict, no lists. */
void result_fail(struct infscan_result *result, const char *message);

/* The same for an arena that has failed: at its cap, or at its deadline. */
void result_fail_by_limit(struct infscan_result *result);

/* Bytes of an arena or of static text as the public type; never NULL. */
struct infscan_string result_string(struct str s);

/* As valid UTF-8, U+FFFD for each bad byte and unpaired surrogate; the string
 * itself where it is valid. Empty when the arena failed. */
struct str result_valid_utf8(struct arena *arena, struct str s);

#endif
