/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <infscan/types.h>

#include "base/str.h"

/**
 * error_set - fill a caller's error, releasing what it held
 *
 * error:   may be NULL: then only the status is forwarded
 * format:  one line without a line end, printf style
 *
 * The status, so that a failing function can `return error_set(...)`.
 */
enum infscan_status error_set(struct infscan_error *error,
                              enum infscan_status status, const char *format,
                              ...) __attribute__((format(printf, 3, 4)));

/**
 * error_set_at - as error_set, with the place the error is about
 *
 * file:    copied; may be NULL
 */
enum infscan_status error_set_at(struct infscan_error *error,
                                 enum infscan_status status, const char *file,
                                 uint32_t line, uint32_t column,
                                 const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
