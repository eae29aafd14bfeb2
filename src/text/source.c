/* SPDX-License-Identifier: MIT */
#include "text/source.h"

bool source_init(struct source *source, struct arena *arena, struct str raw,
                 const struct text *text)
{
    struct str bytes = text->bytes;
    uint32_t n = 1;

    for (size_t at = 0; (at = str_find_char(bytes, '\n', at)) != STR_NONE;
         at++) {
        n++;
    }
    uint32_t *starts = ARENA_ARRAY(arena, uint32_t, n);
    if (!starts) {
        return false;
    }
    starts[0] = 0;
    uint32_t line = 1;
    for (size_t at = 0; (at = str_find_char(bytes, '\n', at)) != STR_NONE;
         at++) {
        starts[line++] = (uint32_t)at + 1;
    }
    *source = (struct source){raw, text, starts, n};
    return true;
}

uint32_t source_line(const struct source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->n_lines;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low + 1;
}

struct slice source_line_text(const struct source *source, uint32_t line)
{
    if (line == 0 || line > source->n_lines) {
        return SLICE_NONE;
    }
    uint32_t start = source->line_starts[line - 1];
    uint32_t end = line < source->n_lines ? source->line_starts[line] - 1
                                          : (uint32_t)source->text->bytes.len;
    if (end > start && source->text->bytes.bytes[end - 1] == '\r') {
        end--;
    }
    return (struct slice){source->text, start, end - start};
}
