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

/* What is longer is a long line, whatever shares its strides. */
#define LONG_LINE_STRIDES ((size_t)16)

static bool has_long_line(const uint32_t *lines_before, size_t n_strides)
{
    size_t begin = 0;

    for (size_t i = 1; i < n_strides; i++) {
        if (lines_before[i] != lines_before[begin]) {
            begin = i;
        } else if (i - begin >= LONG_LINE_STRIDES) {
            return true;
        }
    }
    return false;
}

/* Characters that start in a part of the text. */
static uint32_t count_chars(struct str bytes, size_t from, size_t to)
{
    uint32_t n = 0;

    for (size_t i = from; i < to; i++) {
        n += ((unsigned char)bytes.bytes[i] & 0xC0) != 0x80;
    }
    return n;
}

static const uint32_t *count_all_chars(struct arena *arena, struct str bytes,
                                       size_t n_strides)
{
    uint32_t *chars_before = ARENA_ARRAY(arena, uint32_t, n_strides);
    uint32_t n = 0;

    for (size_t i = 0; chars_before && i < n_strides; i++) {
        size_t end = (i + 1) * SOURCE_STRIDE;
        chars_before[i] = n;
        n += count_chars(bytes, i * SOURCE_STRIDE,
                         end < bytes.len ? end : bytes.len);
    }
    return chars_before;
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
    *source = (struct source){raw, text, lines_before, NULL, n + 1};
    if (has_long_line(lines_before, n_strides)) {
        source->chars_before = count_all_chars(arena, bytes, n_strides);
        return source->chars_before != NULL;
    }
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

static uint32_t chars_up_to(const struct source *source, uint32_t offset)
{
    uint32_t stride = offset / SOURCE_STRIDE;

    return source->chars_before[stride] +
           count_chars(source->text->bytes, (size_t)stride * SOURCE_STRIDE,
                       offset);
}

uint32_t source_column(const struct source *source, uint32_t offset)
{
    struct str bytes = source->text->bytes;
    uint32_t start = offset;

    if (source->chars_before) {
        start = source_line_start(source, source_line(source, offset));
        return chars_up_to(source, offset) - chars_up_to(source, start) + 1;
    }
    while (start > 0 && bytes.bytes[start - 1] != '\n') {
        start--;
    }
    return count_chars(bytes, start, offset) + 1;
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
