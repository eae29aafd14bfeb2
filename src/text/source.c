/* SPDX-License-Identifier: MIT */
#include "text/source.h"

static uint32_t count_line_ends(struct str bytes, size_t from, size_t to)
{
    uint32_t n = 0;

    for (size_t i = from; i < to; i++) {
        n += bytes.bytes[i] == '\n';
    }
    return n;
}

/* The same for one whole stride: few enough that a byte counts them, which
 * compilers turn into vector instructions. */
static uint32_t count_in_stride(const char *bytes)
{
    uint32_t n = 0;

    for (size_t part = 0; part < SOURCE_STRIDE; part += 64) {
        unsigned char few = 0;
        for (size_t i = part; i < part + 64; i++) {
            few = (unsigned char)(few + (bytes[i] == '\n'));
        }
        n += few;
    }
    return n;
}

bool source_init(struct source *source, struct arena *arena, struct str raw,
                 const struct text *text)
{
    struct str bytes = text->bytes;
    size_t n_strides = bytes.len / SOURCE_STRIDE + 1;
    uint32_t *lines_before = ARENA_ARRAY(arena, uint32_t, n_strides);
    uint32_t n = 0;

    if (!lines_before) {
        return false;
    }
    for (size_t i = 0; i + 1 < n_strides; i++) {
        lines_before[i] = n;
        n += count_in_stride(bytes.bytes + i * SOURCE_STRIDE);
    }
    lines_before[n_strides - 1] = n;
    n += count_line_ends(bytes, (n_strides - 1) * SOURCE_STRIDE, bytes.len);
    *source = (struct source){raw, text, lines_before, n + 1};
    return true;
}

uint32_t source_line(const struct source *source, uint32_t offset)
{
    struct str bytes = source->text->bytes;
    uint32_t stride = offset / SOURCE_STRIDE;

    return source->lines_before[stride] +
           count_line_ends(bytes, (size_t)stride * SOURCE_STRIDE,
                           offset < bytes.len ? offset : bytes.len) +
           1;
}

uint32_t source_line_start(const struct source *source, uint32_t line)
{
    struct str bytes = source->text->bytes;
    size_t low = 0;
    size_t high = bytes.len / SOURCE_STRIDE + 1;

    if (line <= 1) {
        return 0;
    }
    while (high - low > 1) { /* the stride that holds the line end before */
        size_t middle = low + (high - low) / 2;
        if (source->lines_before[middle] < line - 1) {
            low = middle;
        } else {
            high = middle;
        }
    }
    uint32_t left = line - 1 - source->lines_before[low];
    size_t at = low * SOURCE_STRIDE;
    for (; left > 0 && at < bytes.len; at++) {
        left -= bytes.bytes[at] == '\n';
    }
    return (uint32_t)at;
}

struct slice source_line_text(const struct source *source, uint32_t line)
{
    if (line == 0 || line > source->n_lines) {
        return SLICE_NONE;
    }
    struct str bytes = source->text->bytes;
    uint32_t start = source_line_start(source, line);
    size_t end = str_find_char(bytes, '\n', start);
    if (end == STR_NONE) {
        end = bytes.len;
    }
    if (end > start && bytes.bytes[end - 1] == '\r') {
        end--;
    }
    return (struct slice){source->text, start, (uint32_t)end - start};
}
