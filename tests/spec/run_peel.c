/* SPDX-License-Identifier: MIT */
/* Runs the cases of a .spec file through command_peel: run_peel FILE...
 *
 * A case is a heading "## title" and fenced blocks: `input`, one command line;
 * `layers`, one "step: text" a line in order ("\n" for a line end in a text);
 * `final`, what the whole line becomes. A missing `final` is the input. */
#include <stdio.h>
#include <stdlib.h>

#include "command/layer.h"

enum {
    MAX_FILE_BYTES = 1 << 20
};

struct spec_case {
    struct str title;
    struct str input;
    struct str layers;
    struct str final;
};

static struct str without_line_end(struct str s)
{
    if (s.len && s.bytes[s.len - 1] == '\n') {
        s.len--;
    }
    return s;
}

/* The block fenced as ```name in one case; empty where there is none. */
static struct str block(struct str text, const char *name)
{
    char fence[32];
    int n = snprintf(fence, sizeof fence, "```%s\n", name);
    size_t start = str_find(text, str_of(fence, (size_t)n), 0);

    if (start == STR_NONE) {
        return str_of("", 0);
    }
    start += (size_t)n;
    size_t end = str_find(text, STR("```"), start);
    end = end == STR_NONE ? text.len : end;
    return without_line_end(str_sub(text, start, end - start));
}

static struct str layer_lines(struct buf *out, const struct peeled *peeled)
{
    buf_init(out, MAX_FILE_BYTES);
    for (uint32_t i = 0; i < peeled->n_layers; i++) {
        struct str text = slice_str(peeled->layers[i].text);
        buf_add_z(out, i ? "\n" : "");
        buf_add_z(out, peeled->layers[i].step);
        buf_add_z(out, ": ");
        for (size_t k = 0; k < text.len; k++) {
            if (text.bytes[k] == '\n') {
                buf_add_z(out, "\\n");
            } else {
                buf_add_char(out, text.bytes[k]);
            }
        }
        if (peeled->layers[i].gave_up) {
            buf_add_z(out, " # ");
            buf_add_z(out, peeled->layers[i].gave_up);
        }
    }
    return buf_str(out);
}

static int differs(const char *what, struct str title, struct str expected,
                   struct str got)
{
    if (str_equal(expected, got)) {
        return 0;
    }
    printf("not ok: %.*s: %s\n  expected: %.*s\n  got:      %.*s\n",
           (int)title.len, title.bytes, what, (int)expected.len, expected.bytes,
           (int)got.len, got.bytes ? got.bytes : "");
    return 1;
}

static int run_case(const struct spec_case *one)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct text_builder builder;
    struct peeled peeled;
    struct buf lines;
    int failures = 0;

    text_build_init(&builder, arena, TEXT_DECODE, MAX_FILE_BYTES);
    text_build_borrow(&builder, one->input, 0);
    const struct text *text = text_build_finish(&builder);
    if (!text ||
        !command_peel(arena, slice_all(text), &limits_default, &peeled)) {
        printf("not ok: %.*s: out of memory\n", (int)one->title.len,
               one->title.bytes);
        arena_free(arena);
        return 1;
    }
    struct str got = layer_lines(&lines, &peeled);
    failures += differs("layers", one->title, one->layers, got);
    failures +=
        differs("final", one->title, one->final, slice_str(peeled.final));
    for (uint32_t i = 0; i < peeled.n_layers; i++) {
        if (!text_is_sound(peeled.layers[i].text.text, one->input)) {
            printf("not ok: %.*s: layer %u lost its origin\n",
                   (int)one->title.len, one->title.bytes, (unsigned)i);
            failures++;
        }
    }
    buf_deinit(&lines);
    arena_free(arena);
    return failures;
}

static int run_file(const char *path, int *cases)
{
    char *bytes = malloc(MAX_FILE_BYTES);
    FILE *file = fopen(path, "rb");
    int failures = 0;

    if (!bytes || !file) {
        fprintf(stderr, "%s: cannot read it\n", path);
        free(bytes);
        if (file) {
            fclose(file);
        }
        return 1;
    }
    struct str text = {bytes, fread(bytes, 1, MAX_FILE_BYTES, file)};
    fclose(file);
    size_t at = str_find(text, STR("\n## "), 0);
    while (at != STR_NONE) {
        size_t next = str_find(text, STR("\n## "), at + 1);
        struct str part = str_sub(
            text, at + 4, (next == STR_NONE ? text.len : next) - at - 4);
        size_t line = str_find_char(part, '\n', 0);
        struct spec_case one = {
            .title = str_sub(part, 0, line == STR_NONE ? part.len : line),
            .input = block(part, "input"),
            .layers = block(part, "layers"),
            .final = block(part, "final")};
        if (!one.final.len) {
            one.final = one.input;
        }
        failures += run_case(&one);
        (*cases)++;
        at = next;
    }
    free(bytes);
    return failures;
}

int main(int argc, char **argv)
{
    int failures = 0;
    int cases = 0;

    for (int i = 1; i < argc; i++) {
        failures += run_file(argv[i], &cases);
    }
    printf("%d cases, %d failures\n", cases, failures);
    return failures || !cases;
}
