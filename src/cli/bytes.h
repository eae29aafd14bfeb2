/* SPDX-License-Identifier: MIT */
#ifndef CLI_BYTES_H
#define CLI_BYTES_H

#include <stddef.h>

/* Growable bytes on the heap; start with {0}. The first failure stays. */
struct bytes {
    char *data;
    size_t len;
    size_t capacity;
    int failed;
};

/* An infscan_write_fn: context is the struct bytes. */
int bytes_write(void *context, const char *data, size_t len);

void bytes_deinit(struct bytes *bytes);

#endif
