/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_TYPES_H
#define INFSCAN_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define INFSCAN_API __attribute__((visibility("default")))
#else
#define INFSCAN_API
#endif

/* What an operation came to. Odd input is never a failure: it is a diagnostic
 * in the result. Values are stable. */
enum infscan_status {
    INFSCAN_OK = 0,
    INFSCAN_NO_MEMORY = 1, /* the allocator, or the cap of a result, said no */
    INFSCAN_LIMIT = 2,     /* a limit of limits.h was reached */
    INFSCAN_IO = 3,        /* a file could not be opened, read or written */
    INFSCAN_INVALID = 4    /* a rule file or an argument is wrong */
};

enum infscan_severity {
    INFSCAN_INFO = 0,
    INFSCAN_LOW = 1,
    INFSCAN_MEDIUM = 2,
    INFSCAN_HIGH = 3,
    INFSCAN_CRITICAL = 4
};

/* A run of bytes that somebody else owns. UTF-8 where it is text of a result
 * (an unpaired surrogate of the input is kept in its three-byte form); not
 * terminated by NUL, may hold NUL. `bytes` is never NULL. */
struct infscan_string {
    const char *bytes;
    size_t len;
};

/* Where something stands in the raw file. `line` and `column` count from 1,
 * columns in code points of the decoded line; `offset` and `length` are raw
 * bytes. line 0: the thing has no place. */
struct infscan_place {
    uint64_t offset;
    uint64_t length;
    uint32_t line;
    uint32_t column;
    const char *file; /* NULL: the analysed file; else the one beside it */
};

/* One of the limits of an analysis. */
struct infscan_limit {
    const char *name; /* permanent; records name it so */
    uint64_t value;   /* default */
    uint64_t least;   /* of what may be asked for */
    uint64_t most;
    const char *unit;
    const char *reason; /* of the default */
};

/* Detail of a failure. Start with {0}; a function that fails fills it, and
 * infscan_error_clear releases what it holds. `message` is one line of text,
 * NULL only where memory ran out; `file` may be NULL; line 0 means unknown. */
struct infscan_error {
    enum infscan_status status;
    char *message;
    char *file;
    uint32_t line;
    uint32_t column;
};

/**
 * infscan_error_clear - release the strings of an error and set it to {0}
 *
 * error:   may be NULL or already clear
 */
INFSCAN_API void infscan_error_clear(struct infscan_error *error);

/**
 * infscan_status_name - short English name of a status ("out of memory")
 *
 * Static text, never NULL.
 */
INFSCAN_API const char *infscan_status_name(enum infscan_status status);

/**
 * infscan_severity_name - "info", "low", "medium", "high" or "critical"
 *
 * Static text, never NULL.
 */
INFSCAN_API const char *infscan_severity_name(enum infscan_severity severity);

#ifdef __cplusplus
}
#endif

#endif
