/* SPDX-License-Identifier: MIT */
#ifndef SCAN_INPUT_H
#define SCAN_INPUT_H

#include <infscan/types.h>

#include "base/arena.h"
#include "base/str.h"

/**
 * input_read_fd - all bytes of a descriptor
 *
 * arena:     receives the bytes
 * name:      for messages
 * max_bytes: a file that is larger is refused before it is read
 *
 * Status: IO, LIMIT, NO_MEMORY, with a message in `error`.
 */
enum infscan_status input_read_fd(struct arena *arena, const char *name, int fd,
                                  size_t max_bytes, struct str *out,
                                  struct infscan_error *error);

/**
 * input_read_file - all bytes of a regular file
 *
 * Opened without following into FIFOs, devices or terminals. Status and
 * message as for input_read_fd.
 */
enum infscan_status input_read_file(struct arena *arena, const char *path,
                                    size_t max_bytes, struct str *out,
                                    struct infscan_error *error);

#endif
