/* SPDX-License-Identifier: MIT */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stddef.h>

/**
 * say - one line on stderr, "infscan: MESSAGE"
 *
 * Whatever could steer a terminal is made visible.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct infscan_error;

/* An infscan_write_fn for stderr, of bytes that are safe to print. */
int say_bytes(void *context, const char *bytes, size_t len);

/* The line of a failure: FILE:LINE:COLUMN: message, as compilers write it. */
void say_error(const struct infscan_error *error);

#endif
