/* SPDX-License-Identifier: MIT */
#include "cli/bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int reserve(struct bytes *bytes, size_t more)
{
    if (bytes->failed || more > SIZE_MAX / 2 - bytes->len) {
        return bytes->failed = 1;
    }
    size_t need = bytes->len + more;
    if (need <= bytes->capacity) {
        return 0;
    }
    size_t capacity = bytes->capacity ? bytes->capacity : 4096;
    while (capacity < need) {
        capacity *= 2;
    }
    char *data = realloc(bytes->data, capacity);
    if (!data) {
        return bytes->failed = 1;
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return 0;
}

int bytes_write(void *context, const char *data, size_t len)
{
    struct bytes *bytes = context;

    if (reserve(bytes, len) != 0) {
        return 1;
    }
    if (len) {
        memcpy(bytes->data + bytes->len, data, len);
    }
    bytes->len += len;
    return 0;
}

void bytes_deinit(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
