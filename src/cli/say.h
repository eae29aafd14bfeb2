/* SPDX-License-Identifier: MIT */
#ifndef CLI_SAY_H
#define CLI_SAY_H

/**
 * say - one line on stderr, "infscan: MESSAGE"
 *
 * Whatever could steer a terminal is made visible.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct infscan_error;

/* The line of a failure: FILE:LINE:COLUMN: message, as compilers write it. */
void say_error(const struct infscan_error *error);

#endif
