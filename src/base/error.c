/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void infscan_error_clear(struct infscan_error *error)
{
    if (error) {
        free(error->message);
        free(error->file);
        *error = (struct infscan_error){0};
    }
}

const char *infscan_status_name(enum infscan_status status)
{
    switch (status) {
    case INFSCAN_OK:
        return "ok";
    case INFSCAN_NO_MEMORY:
        return "out of memory";
    case INFSCAN_LIMIT:
        return "limit reached";
    case INFSCAN_IO:
        return "input/output error";
    case INFSCAN_INVALID:
        return "invalid";
    }
    return "unknown";
}

const char *infscan_severity_name(enum infscan_severity severity)
{
    switch (severity) {
    case INFSCAN_INFO:
        return "info";
    case INFSCAN_LOW:
        return "low";
    case INFSCAN_MEDIUM:
        return "medium";
    case INFSCAN_HIGH:
        return "high";
    case INFSCAN_CRITICAL:
        return "critical";
    }
    return "unknown";
}

__attribute__((format(printf, 3, 0))) static void
fill(struct infscan_error *error, enum infscan_status status,
     const char *format, va_list arguments)
{
    va_list again;

    infscan_error_clear(error);
    error->status = status;
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len >= 0) {
        error->message = malloc((size_t)len + 1);
        if (error->message) {
            vsnprintf(error->message, (size_t)len + 1, format, arguments);
        }
    }
}

enum infscan_status error_set(struct infscan_error *error,
                              enum infscan_status status, const char *format,
                              ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        fill(error, status, format, arguments);
        va_end(arguments);
    }
    return status;
}

enum infscan_status error_set_at(struct infscan_error *error,
                                 enum infscan_status status, const char *file,
                                 uint32_t line, uint32_t column,
                                 const char *format, ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        fill(error, status, format, arguments);
        va_end(arguments);
        error->file = file ? strdup(file) : NULL;
        error->line = line;
        error->column = column;
    }
    return status;
}
