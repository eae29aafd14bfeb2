/* SPDX-License-Identifier: MIT */
/* What a program carries, by the rows of programs.def. */
#include "command/cmd.h"
#include "command/cmdline.h"
#include "command/powershell/ast.h"
#include "command/program.h"

/* The command with another text for part of an argument: `value` is a part of
 * the argument as the program gets it. */
static struct slice put_value(struct peel *peel, struct slice command,
                              const struct argument *argument,
                              struct slice value, struct slice by)
{
    struct slice raw = argument->raw;
    struct str spelled = slice_str(raw);
    struct rewrite out;

    if (by.text == value.text && by.len == value.len) {
        return command;
    }
    rewrite_init(&out, peel, command);
    if (value.text == command.text) { /* it is spelled as it is */
        rewrite_put(&out, value.off - command.off, value.len, by);
        return rewrite_finish(&out);
    }
    /* name="value": the name stays */
    size_t equals = str_find_char(spelled, '=', 0);
    size_t colon = str_find_char(spelled, ':', 0);
    size_t mark = equals < colon ? equals : colon;
    size_t from = mark != STR_NONE && mark + 1 < spelled.len &&
                          spelled.bytes[mark + 1] == '"'
                      ? mark + 1
                      : 0;
    bool quoted = spelled.len > from + 1 && spelled.bytes[from] == '"' &&
                  spelled.bytes[spelled.len - 1] == '"';
    from += quoted;
    rewrite_put(&out, raw.off - command.off + from, raw.len - from - quoted,
                by);
    return rewrite_finish(&out);
}

/* The nested command of one argument. */
static struct slice peel_argument(struct peel *peel, struct slice command,
                                  const struct argument *argument,
                                  struct slice value)
{
    peel_add(peel, "command.nested", value, NULL);
    return put_value(peel, command, argument, value, peel_command(peel, value));
}

/* Which argument an option names; false: it is not there. */
static bool find_option(const struct cmdline *line, struct str option,
                        uint32_t after, uint32_t *index, struct slice *value)
{
    char last = option.len ? option.bytes[option.len - 1] : '\0';
    bool glued = last == '=' || last == ':';

    for (uint32_t i = 1; i < line->n; i++) {
        struct slice whole = line->arguments[i].value;
        struct str word = slice_str(whole);
        if (str_equal_fold(word, option) && i + after < line->n) {
            *index = i + after;
            *value = line->arguments[i + after].value;
            return true;
        }
        if (glued && str_starts_fold(word, option)) {
            *index = i;
            *value = slice_sub(whole, option.len, whole.len);
            return true;
        }
    }
    return false;
}

static struct slice peel_option(struct peel *peel, struct slice command,
                                const struct program *program)
{
    uint32_t after = program->how == PROGRAM_OPTION_SECOND ? 2 : 1;
    struct cmdline line;
    struct slice value;
    uint32_t index;
    size_t end;

    if (!cmdline_split(peel->arena, command, &line) ||
        !find_option(&line, program->option, after, &index, &value) ||
        (program->how == PROGRAM_SHELL_OPTION &&
         !peel_program(slice_str(value), &end))) {
        return command;
    }
    return peel_argument(peel, command, &line.arguments[index], value);
}

static struct slice peel_code(struct peel *peel, struct slice command,
                              const struct program *program)
{
    struct cmdline line;
    struct slice value;
    uint32_t index;

    if (!cmdline_split(peel->arena, command, &line) ||
        !find_option(&line, program->option, 1, &index, &value)) {
        return command;
    }
    peel_add(peel, "command.code", value, NULL);
    return put_value(peel, command, &line.arguments[index], value,
                     script_peel_source(peel, value));
}

/* odbcconf /a {regsvr x.dll} */
static struct slice peel_braces(struct peel *peel, struct slice command,
                                const struct program *program, size_t tail)
{
    struct str s = slice_str(command);
    size_t option = str_find_fold(s, program->option, tail);
    size_t open = option == STR_NONE ? STR_NONE : str_find_char(s, '{', option);
    size_t close = open == STR_NONE ? STR_NONE : str_find_char(s, '}', open);

    if (close != STR_NONE) {
        peel_add(peel, "command.nested",
                 slice_sub(command, open + 1, close - open - 1), NULL);
    }
    return command;
}

/* start "title" /wait X, conhost X: the first argument that is no switch. */
static struct slice peel_rest(struct peel *peel, struct slice command,
                              size_t tail)
{
    struct str s = slice_str(command);
    struct rewrite out;
    size_t at = tail;

    for (;;) {
        while (at < s.len && cmd_is_delimiter(s.bytes[at])) {
            at++;
        }
        if (at >= s.len) {
            return command;
        }
        size_t end = at;
        bool quoted = s.bytes[at] == '"';
        if (quoted) {
            size_t quote = str_find_char(s, '"', at + 1);
            end = quote == STR_NONE ? s.len : quote + 1;
        } else {
            while (end < s.len && !cmd_is_delimiter(s.bytes[end])) {
                end++;
            }
        }
        size_t ignored;
        struct str word = str_sub(s, at, end - at);
        bool is_switch = s.bytes[at] == '/' || ps_dash(s, at) != 0;
        if (!is_switch && peel_program(word, &ignored)) {
            break;
        }
        bool is_host = str_starts_fold(word, STR("\\\\"));
        if (!quoted && !is_switch && !is_host && !ascii_is_digit(s.bytes[at])) {
            return command; /* a program of no interest */
        }
        at = end;
    }
    struct slice nested = slice_sub(command, at, command.len);
    peel_add(peel, "command.nested", nested, NULL);
    rewrite_init(&out, peel, command);
    rewrite_put(&out, at, nested.len, peel_command(peel, nested));
    return rewrite_finish(&out);
}

/* Behind "shell32.dll , ShellExec_RunDLL" at `at`, or STR_NONE. */
static size_t match_entry(struct str s, size_t at, struct str option)
{
    size_t comma = str_find_char(option, ',', 0);
    struct str entry = str_sub(option, comma + 1, option.len);
    size_t mark = str_find_char(s, ',', at);

    if (mark == STR_NONE) {
        return STR_NONE;
    }
    struct str library = str_trim(str_sub(s, at, mark - at));
    while (library.len && library.bytes[0] == '"') {
        library = str_sub(library, 1, library.len);
    }
    while (library.len && library.bytes[library.len - 1] == '"') {
        library.len--;
    }
    library = cmdline_program(library);
    if (str_ends_fold(library, STR(".dll")) ||
        str_ends_fold(library, STR(".cpl"))) {
        library.len -= 4;
    }
    if (!str_equal_fold(library, str_sub(option, 0, comma))) {
        return STR_NONE;
    }
    do {
        mark++;
    } while (mark < s.len && ascii_is_space(s.bytes[mark]));
    size_t end = mark + entry.len;
    bool ends =
        end >= s.len || !(ascii_is_alnum(s.bytes[end]) || s.bytes[end] == '_');
    return ends && str_starts_fold(str_sub(s, mark, s.len), entry) ? end
                                                                   : STR_NONE;
}

/* rundll32 library,entry command */
static struct slice peel_entry(struct peel *peel, struct slice command,
                               const struct program *program, size_t tail)
{
    struct str s = slice_str(command);
    struct rewrite out;
    size_t at = match_entry(s, tail, program->option);

    while (at < s.len && (cmd_is_delimiter(s.bytes[at]))) {
        at++;
    }
    if (at >= s.len) {
        return command;
    }
    struct slice nested = slice_sub(command, at, command.len);
    struct str word = slice_str(nested);
    bool quoted = word.len > 1 && word.bytes[0] == '"' &&
                  str_find_char(word, '"', 1) == word.len - 1;
    nested = quoted ? slice_sub(nested, 1, nested.len - 2) : nested;
    peel_add(peel, "command.nested", nested, NULL);
    rewrite_init(&out, peel, command);
    rewrite_put(&out, at + quoted, nested.len, peel_command(peel, nested));
    return rewrite_finish(&out);
}

static struct slice peel_script_argument(struct peel *peel,
                                         struct slice command, size_t tail)
{
    struct slice script = slice_sub(command, tail, command.len);
    struct rewrite out;

    rewrite_init(&out, peel, command);
    rewrite_put(&out, tail, script.len, script_peel(peel, script));
    return rewrite_finish(&out);
}

/* PowerShell in $( ) among the arguments. */
static struct slice peel_inside(struct peel *peel, struct slice command,
                                size_t tail)
{
    struct str s = slice_str(command);
    size_t open = str_find(s, STR("$("), tail);
    size_t close = s.len;
    struct rewrite out;

    while (close > tail && s.bytes[close - 1] != ')') {
        close--;
    }
    if (open == STR_NONE || close <= open + 2) {
        return command;
    }
    struct slice script = slice_sub(command, open + 2, close - open - 3);
    peel_add(peel, "command.nested", script, NULL);
    rewrite_init(&out, peel, command);
    rewrite_put(&out, open + 2, script.len,
                powershell_peel_script(peel, script));
    return rewrite_finish(&out);
}

/* Whether an argument is an address that quotes cut up. */
static bool is_cut_address(const struct argument *argument, struct slice value)
{
    struct str spelled = slice_str(argument->raw);
    size_t quote = str_find_char(spelled, '"', 1);
    bool cut = quote != STR_NONE && quote + 1 < spelled.len;

    return cut && (str_find(slice_str(value), STR("://"), 0) != STR_NONE ||
                   str_starts_fold(slice_str(value), STR("\\\\")));
}

/* It then reads as the program gets it. */
static struct slice plain_address(struct peel *peel, struct slice command,
                                  const struct argument *argument,
                                  struct slice value)
{
    struct rewrite out;

    peel_add(peel, "command.address", value, NULL);
    rewrite_init(&out, peel, command);
    rewrite_put(&out, argument->raw.off - command.off, argument->raw.len,
                argument->value);
    return rewrite_finish(&out);
}

/* The first one is enough: it was written to hide. */
static struct slice peel_address(struct peel *peel, struct slice command,
                                 const struct program *program)
{
    struct cmdline line;
    struct slice value;
    uint32_t index;

    if (str_find_char(slice_str(command), '"', 0) == STR_NONE ||
        !cmdline_split(peel->arena, command, &line)) {
        return command;
    }
    if (program->option.len) {
        return find_option(&line, program->option, 1, &index, &value) &&
                       is_cut_address(&line.arguments[index], value)
                   ? plain_address(peel, command, &line.arguments[index], value)
                   : command;
    }
    for (uint32_t i = 1; i < line.n; i++) {
        const struct argument *argument = &line.arguments[i];
        if (is_cut_address(argument, argument->value)) {
            return plain_address(peel, command, argument, argument->value);
        }
    }
    return command;
}

static struct slice peel_carried(struct peel *peel, struct slice command,
                                 const struct program *program, size_t tail)
{
    switch (program->how) {
    case PROGRAM_CMD:
        return cmd_peel(peel, command, tail);
    case PROGRAM_POWERSHELL:
        return powershell_peel(peel, command, tail);
    case PROGRAM_SCRIPT:
        return peel_script_argument(peel, command, tail);
    case PROGRAM_OPTION:
    case PROGRAM_OPTION_SECOND:
    case PROGRAM_SHELL_OPTION:
        return peel_option(peel, command, program);
    case PROGRAM_REST:
        return peel_rest(peel, command, tail);
    case PROGRAM_ENTRY:
        return peel_entry(peel, command, program, tail);
    case PROGRAM_CODE:
        return peel_code(peel, command, program);
    case PROGRAM_BRACES:
        return peel_braces(peel, command, program, tail);
    case PROGRAM_INSIDE:
        return peel_inside(peel, command, tail);
    case PROGRAM_ADDRESS:
        return peel_address(peel, command, program);
    }
    return command;
}

struct slice peel_command(struct peel *peel, struct slice command)
{
    size_t tail;

    const struct program *program = peel_program(slice_str(command), &tail);
    if (!program || !peel_may_nest(peel, peel->depth, peel->max_depth) ||
        !peel_spend(peel, command.len)) {
        return command;
    }
    peel->depth++;
    struct slice out = command;
    for (; program; program = program_next(program)) {
        out = peel_carried(peel, out, program, tail);
    }
    peel->depth--;
    return out;
}
