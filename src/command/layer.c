/* SPDX-License-Identifier: MIT */
#include "command/layer.h"

#include "command/cmd.h"
#include "command/cmdline.h"
#include "command/program.h"

/* First word as cmd.exe would find the program in it; `end` is behind it. */
static struct str first_word(struct str s, size_t *end)
{
    size_t at = 0;

    while (at < s.len &&
           (cmd_is_delimiter(s.bytes[at]) || s.bytes[at] == '@')) {
        at++;
    }
    if (at < s.len && s.bytes[at] == '"') {
        size_t quote = str_find_char(s, '"', at + 1);
        size_t stop = quote == STR_NONE ? s.len : quote;
        *end = stop < s.len ? stop + 1 : stop;
        return str_sub(s, at + 1, stop - at - 1);
    }
    size_t start = at;
    while (at < s.len && !cmd_is_delimiter(s.bytes[at]) && s.bytes[at] != '"') {
        at++;
    }
    *end = at;
    return str_sub(s, start, at - start);
}

/* "cmd/c" is a program and its switch, unlike "C:/dir/cmd". */
static struct str cut_switch(struct str word, size_t *end)
{
    for (size_t i = 1; i + 1 < word.len; i++) {
        if (word.bytes[i] != '/') {
            continue;
        }
        struct str name = cmdline_program(str_sub(word, 0, i));
        if (program_find(name)) {
            *end -= word.len - i;
            return str_sub(word, 0, i);
        }
    }
    return word;
}

/* A program named by a variable alone, as %COMSPEC%. */
static struct str resolve_variable(struct str word)
{
    if (word.len > 2 && word.bytes[0] == '%') {
        size_t end = str_find_char(word, '%', 1);
        const char *value = end == word.len - 1
                                ? peel_default(str_sub(word, 1, end - 1))
                                : NULL;
        if (value) {
            return str_from(value);
        }
    }
    return word;
}

const struct program *peel_program(struct str command, size_t *end)
{
    struct str word = cut_switch(first_word(command, end), end);

    return program_find(cmdline_program(resolve_variable(word)));
}

/* Whether a path has detours that Windows takes out again. */
static bool path_has_noise(struct str word)
{
    bool drive = word.len > 2 && word.bytes[1] == ':';

    return (drive && str_find_char(word, '/', 2) != STR_NONE) ||
           str_find(word, STR("\\\\"), 1) != STR_NONE ||
           str_find(word, STR("\\.\\"), 0) != STR_NONE ||
           str_find(word, STR("\\..\\"), 0) != STR_NONE ||
           str_starts_fold(word, STR("\\\\?\\"));
}

void peel_program_path(struct peel *peel, struct slice command)
{
    struct str s = slice_str(command);
    size_t end;
    struct rewrite out;

    struct str word = first_word(s, &end);
    struct str plain = resolve_variable(word);
    if (plain.bytes != word.bytes && end == s.len) {
        peel_add(peel, "command.program", peel_fold(peel, plain, command),
                 NULL);
        return;
    }
    struct str name = cmdline_program(word);
    bool variable = word.len && word.bytes[0] == '%' && program_find(name);
    if (name.len && (variable || path_has_noise(word))) {
        rewrite_init(&out, peel, command);
        rewrite_put_str(&out, 0, end, name);
        peel_add(peel, "command.program", rewrite_finish(&out), NULL);
    }
}

/* How a line reads that names no known program. */
enum reading {
    READ_PLAIN,
    READ_CMD,
    READ_POWERSHELL
};

static enum reading guess_reading(struct str s)
{
    s = str_trim(s);
    if (!s.len) {
        return READ_PLAIN;
    }
    char c = s.bytes[0];
    char next = s.len > 1 ? s.bytes[1] : '\0';
    bool operand = c == '$' || c == '[' || c == '\'' ||
                   ((c == '.' || c == '&') &&
                    (next == '(' || next == ' ' || next == '$')) ||
                   (c == '@' && next == '(') ||
                   str_starts_fold(s, STR("-join"));
    bool inside = str_find_char(s, '\'', 0) != STR_NONE ||
                  str_find(s, STR("$("), 0) != STR_NONE ||
                  str_find(s, STR(")."), 0) != STR_NONE;
    if (operand || (c == '(' && inside) ||
        (c == '"' && str_find(s, STR("$("), 0) != STR_NONE)) {
        return READ_POWERSHELL;
    }
    for (size_t i = 0; i < s.len; i++) {
        c = s.bytes[i];
        if (c == '^' || c == '%' || c == '&' || c == '|' || c == '!' ||
            (c == '"' && i + 1 < s.len && s.bytes[i + 1] == '"')) {
            return READ_CMD;
        }
        if (c == '`' || c == '\'') {
            return READ_POWERSHELL;
        }
    }
    return READ_PLAIN;
}

static bool is_shell_sign(char c)
{
    return c == '&' || c == '|' || c == '<' || c == '>';
}

/* Whether cmd's own line was written for a shell around it: a caret before a
 * sign stands outside quotes there, but inside once /c has taken off the first
 * one, where it would take nothing away. */
static bool escapes_for_shell(struct str s)
{
    size_t quote = str_find_char(s, '"', 0);
    bool quoted = false;
    bool escapes = false;

    if (quote == STR_NONE || quote < 2) {
        return false;
    }
    struct str head = str_trim(str_sub(s, 0, quote));
    if (!str_ends_fold(head, STR("/c")) && !str_ends_fold(head, STR("/k")) &&
        !str_ends_fold(head, STR("/r"))) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.bytes[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '^' && !quoted) {
            i++;
            escapes = escapes || (i < s.len && is_shell_sign(s.bytes[i]));
        } else if (is_shell_sign(c) && !quoted) {
            return false;
        }
    }
    return escapes;
}

/* The whole command: by its program where that is known, else as the shell
 * line that it looks like. */
static struct slice peel_line(struct peel *peel, struct slice command)
{
    size_t tail;
    struct str word = first_word(slice_str(command), &tail);

    bool variable_only = str_at(word, 0) == '%' && tail == command.len;
    if (variable_only || path_has_noise(word)) {
        peel_program_path(peel, command);
    }
    const struct program *program = peel_program(slice_str(command), &tail);
    /* Carets mean that a shell is to read it, whatever the program. */
    bool shell =
        program && str_find_char(slice_str(command), '^', 0) != STR_NONE &&
        (program->how != PROGRAM_CMD || escapes_for_shell(slice_str(command)));
    if (program) {
        return shell ? cmd_peel_line(peel, command, CMD_DELAYED_OFF)
                     : peel_command(peel, command);
    }
    switch (guess_reading(slice_str(command))) {
    case READ_PLAIN:
        break;
    case READ_CMD: {
        struct slice out = cmd_peel_line(peel, command, CMD_DELAYED_OFF);
        struct str s = slice_str(command);
        if (out.text == command.text && !peel->layers.n &&
            (str_find_char(s, '\'', 0) != STR_NONE ||
             str_find_char(s, '`', 0) != STR_NONE)) {
            return powershell_peel_script(peel, command);
        }
        return out;
    }
    case READ_POWERSHELL:
        return powershell_peel_script(peel, command);
    }
    return command;
}

bool command_peel(struct arena *arena, struct slice command,
                  const struct limits *limits, struct peeled *out)
{
    struct peel peel = {
        .arena = arena,
        .max_layers = limits->value[LIMIT_layers],
        .max_bytes = (size_t)limits->value[LIMIT_layer_bytes],
        .max_depth = (unsigned)limits->value[LIMIT_peel_depth],
        .steps_left = limits->value[LIMIT_peel_steps],
    };

    *out = (struct peeled){.final = command};
    if (!command.len) {
        return true;
    }
    out->final = peel_line(&peel, command);
    out->layers = peel.layers.items;
    out->n_layers = peel.layers.n;
    out->limits = peel.hit;
    out->steps = limits->value[LIMIT_peel_steps] - peel.steps_left;
    return !peel.failed && !arena_failed(arena);
}
