/* SPDX-License-Identifier: MIT */
#include "command/cmdline.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool add_argument(struct arena *arena, struct cmdline *out,
                         uint32_t *capacity, struct argument argument)
{
    void *items = out->arguments;
    bool room =
        vec_reserve(arena, &items, out->n, capacity, sizeof *out->arguments);

    out->arguments = items;
    if (room) {
        out->arguments[out->n++] = argument;
    }
    return room;
}

/* Copies s[from, to) of the command when something has to be left out. */
struct value_builder {
    struct slice command;
    struct text_builder text;
    size_t from;  /* start of the run not yet copied */
    size_t start; /* of the argument */
    bool changed;
};

static void value_skip(struct value_builder *value, size_t at, size_t n)
{
    text_build_copy(&value->text,
                    slice_sub(value->command, value->from, at - value->from));
    value->from = at + n;
    value->changed = true;
}

static void value_start(struct value_builder *value, struct arena *arena,
                        struct slice command, size_t at)
{
    value->command = command;
    value->from = at;
    value->start = at;
    value->changed = false;
    text_build_init(&value->text, arena, TEXT_UNQUOTE, SIZE_MAX);
}

static bool value_finish(struct value_builder *value, size_t end,
                         struct argument *out)
{
    out->raw = slice_sub(value->command, value->start, end - value->start);
    if (!value->changed) {
        out->value = out->raw;
        return true;
    }
    struct str bytes = slice_str(value->command);
    /* The common "..." needs no text of its own: it is a slice. */
    if (end - value->start >= 2 && bytes.bytes[value->start] == '"' &&
        value->from == end && value->text.pieces.n <= 1 &&
        value->text.len == end - value->start - 2) {
        out->value = slice_sub(out->raw, 1, out->raw.len - 2);
        return true;
    }
    text_build_copy(&value->text,
                    slice_sub(value->command, value->from, end - value->from));
    const struct text *text = text_build_finish(&value->text);
    out->value = slice_all(text);
    return text != NULL;
}

/* The program: quotes only group, backslashes are literal. */
static size_t read_program(struct str s, size_t at, struct value_builder *value)
{
    bool quoted = false;

    for (; at < s.len && (quoted || !is_blank(s.bytes[at])); at++) {
        if (s.bytes[at] == '"') {
            quoted = !quoted;
            value_skip(value, at, 1);
        }
    }
    return at;
}

/* A run of backslashes at `at`: 2n before a quote are n, 2n+1 also take the
 * quote, elsewhere they are literal. */
static size_t read_backslashes(struct str s, size_t at,
                               struct value_builder *value)
{
    size_t n = 0;

    while (at + n < s.len && s.bytes[at + n] == '\\') {
        n++;
    }
    if (at + n < s.len && s.bytes[at + n] == '"') {
        value_skip(value, at, n - n / 2);
        return at + n + n % 2;
    }
    return at + n;
}

static size_t read_argument(struct str s, size_t at,
                            struct value_builder *value)
{
    bool quoted = false;

    while (at < s.len && (quoted || !is_blank(s.bytes[at]))) {
        if (s.bytes[at] == '\\') {
            at = read_backslashes(s, at, value);
        } else if (s.bytes[at] == '"') {
            bool doubled = quoted && at + 1 < s.len && s.bytes[at + 1] == '"';
            value_skip(value, at, 1);
            at += doubled ? 2 : 1;
            quoted = quoted && doubled ? quoted : !quoted;
        } else {
            at++;
        }
    }
    return at;
}

bool cmdline_split(struct arena *arena, struct slice command,
                   struct cmdline *out)
{
    struct str s = slice_str(command);
    uint32_t capacity = 0;
    size_t at = 0;

    *out = (struct cmdline){0};
    for (;;) {
        struct value_builder value;
        struct argument argument;

        while (at < s.len && is_blank(s.bytes[at])) {
            at++;
        }
        if (at == s.len) {
            return true;
        }
        value_start(&value, arena, command, at);
        at =
            out->n ? read_argument(s, at, &value) : read_program(s, at, &value);
        if (!value_finish(&value, at, &argument) ||
            !add_argument(arena, out, &capacity, argument)) {
            return false;
        }
    }
}

struct str cmdline_program(struct str program)
{
    size_t start = 0;

    program = str_trim(program);
    for (size_t i = 0; i < program.len; i++) {
        char c = program.bytes[i];
        if (c == '\\' || c == '/' || (c == ':' && i == 1)) {
            start = i + 1;
        }
    }
    struct str name = str_sub(program, start, program.len - start);
    /* Windows drops blanks and dots at the end of a file name. */
    while (name.len && (name.bytes[name.len - 1] == '.' ||
                        name.bytes[name.len - 1] == ' ')) {
        name.len--;
    }
    if (name.len > 4 && str_ends_fold(name, STR(".exe"))) {
        name.len -= 4;
    }
    return name;
}
