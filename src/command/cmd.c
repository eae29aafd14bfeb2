/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"

#include "command/cmdline.h"
#include "command/program.h"

#define MAX_DEPTH 20

static size_t skip_noise(struct str s, size_t at)
{
    while (at < s.len &&
           (cmd_is_delimiter(s.bytes[at]) || s.bytes[at] == '@')) {
        at++;
    }
    return at;
}

/* Whether a word starts at `at`, carets aside; its end. */
static size_t match_word(struct str s, size_t at, struct str word)
{
    size_t n = 0;

    for (; at < s.len && n < word.len; at++) {
        if (str_at(s, at) == '^') {
            continue;
        }
        if (ascii_lower(str_at(s, at)) != word.bytes[n++]) {
            return 0;
        }
    }
    bool ends = at >= s.len || !ascii_is_alnum(str_at(s, at));
    return n == word.len && ends ? at : 0;
}

/* End of a simple command: & | a line end, or the ) of its block. */
static size_t command_end(struct cmd *cmd, struct str s, size_t at,
                          unsigned parens)
{
    bool quoted = false;

    for (; at < s.len; at++) {
        char c = str_at(s, at);
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '%' && !quoted && parens) {
            size_t end = cmd_reference_end(cmd, s, at, '%');
            at = end > at ? end - 1 : at;
        } else if (c == '^' && !quoted) {
            at++;
        } else if (!quoted && (c == '&' || c == '|' || c == '\n' ||
                               (c == ')' && parens))) {
            /* 2>&1 is no separator */
            if (c != '&' || !at || s.bytes[at - 1] != '>') {
                return at;
            }
        }
    }
    return s.len;
}

/* Quotes inside a word that only cut it up: po""wershell, "po"wershell. */
static bool quotes_hide(struct str word)
{
    unsigned quotes = 0;
    unsigned inside = 0;
    bool empty = false;

    for (size_t i = 0; i < word.len; i++) {
        char c = word.bytes[i];
        char one = i + 1 < word.len ? word.bytes[i + 1] : '\0';
        char two = i + 2 < word.len ? word.bytes[i + 2] : '\0';
        if ((c == '\\' || c == '\'' || c == '(' || c == '=') && one == '"' &&
            two != '"') {
            return false;
        }
        if (c != '"') {
            continue;
        }
        quotes++;
        char before = i ? word.bytes[i - 1] : '\0';
        char after = i + 1 < word.len ? word.bytes[i + 1] : '\0';
        inside += ascii_is_alnum(before) && ascii_is_alnum(after);
        empty = empty ||
                (after == '"' && word.len > 2 &&
                 (ascii_is_alnum(before) ||
                  (i + 2 < word.len && ascii_is_alnum(word.bytes[i + 2]))));
    }
    return quotes >= 2 && quotes % 2 == 0 && (empty || inside);
}

static struct slice drop_quotes(struct cmd *cmd, struct slice text)
{
    struct str s = slice_str(text);
    struct rewrite out;
    bool changed = false;

    if (str_find_char(s, '"', 0) == STR_NONE) {
        return text;
    }
    rewrite_init(&out, cmd->peel, text);
    for (size_t at = 0; at < s.len;) {
        size_t end = at;
        bool quoted = false;
        while (end < s.len && (quoted || !ascii_is_space(s.bytes[end]))) {
            quoted = s.bytes[end] == '"' ? !quoted : quoted;
            end++;
        }
        struct str word = str_sub(s, at, end - at);
        bool one = !quoted && str_find_char(word, ' ', 0) == STR_NONE;
        if (one && quotes_hide(word)) {
            for (size_t i = at; i < end; i++) {
                if (s.bytes[i] == '"') {
                    rewrite_put(&out, i, 1, SLICE_NONE);
                    changed = true;
                }
            }
        }
        at = end;
        while (at < s.len && ascii_is_space(s.bytes[at])) {
            at++;
        }
    }
    cmd->hidden = cmd->hidden || changed;
    return rewrite_finish(&out);
}

/* set x=y, set "x=y" */
static void run_set(struct cmd *cmd, struct slice rest)
{
    struct str s = slice_str(rest);
    size_t at = 0;

    while (at < s.len && ascii_is_space(s.bytes[at])) {
        at++;
    }
    if (at + 1 < s.len && s.bytes[at] == '/') {
        if (ascii_lower(s.bytes[at + 1]) == 'a') { /* /p is input */
            cmd_set_arithmetic(cmd, slice_sub(rest, at + 2, rest.len));
        }
        return;
    }
    rest = slice_sub(rest, at, rest.len);
    s = slice_str(rest);
    if (s.len && s.bytes[0] == '"') {
        size_t last = s.len;
        while (last > 1 && s.bytes[last - 1] != '"') {
            last--;
        }
        rest = slice_sub(rest, 1, last > 1 ? last - 2 : s.len);
        s = slice_str(rest);
    }
    size_t equals = str_find_char(s, '=', 0);
    if (equals == STR_NONE || !equals) {
        return;
    }
    struct slice value = slice_sub(rest, equals + 1, rest.len);
    peel_set(cmd->peel, slice_sub(rest, 0, equals),
             value.len ? value : SLICE_NONE);
}

/* Command line of a program that reads its work from a pipe. */
static void run_piped(struct cmd *cmd, struct slice line)
{
    struct cmdline words;

    if (!cmdline_split(cmd->peel->arena, line, &words) || !words.n) {
        return;
    }
    struct str program = cmdline_program(slice_str(words.arguments[0].value));
    struct slice text = cmd->piped;
    if (str_equal_fold(program, STR("cmd")) || words.n == 1) {
        bool shell = str_equal_fold(program, STR("cmd"));
        if (shell &&
            peel_may_nest(cmd->peel, cmd->peel->depth, cmd->peel->max_depth)) {
            cmd->peel->depth++;
            peel_add(cmd->peel, "cmd.pipe", text, NULL);
            cmd_peel_line(cmd->peel, text, CMD_DELAYED_OFF);
            cmd->peel->depth--;
            return;
        }
    }
    if (str_equal_fold(program, STR("powershell")) ||
        str_equal_fold(program, STR("pwsh"))) {
        peel_add(cmd->peel, "cmd.pipe", text, NULL);
        powershell_peel_script(cmd->peel, text);
    }
}

static void note_executed(struct cmd *cmd, struct slice line)
{
    if (cmd->collecting &&
        !VEC_PUSH(cmd->peel->arena, &cmd->executed, slice_trim(line))) {
        cmd->peel->failed = true;
    }
}

static const char *const own_commands[] = {
#define C(name) name,
#include "command/cmd_commands.def"
#undef C
};

static bool is_command(struct str word)
{
    for (size_t i = 0; i < sizeof own_commands / sizeof *own_commands; i++) {
        if (str_equal_fold_z(word, own_commands[i])) {
            return true;
        }
    }
    return program_find(cmdline_program(word)) != NULL;
}

/* echo;text and ,;,cmd: blanks for what cmd.exe takes for blanks in front of
 * the first argument of a command. */
static struct slice drop_delimiters(struct cmd *cmd, struct slice text)
{
    struct str s = slice_str(text);
    struct rewrite out;
    bool odd;

    rewrite_init(&out, cmd->peel, text);
    size_t word = cmd_delimiters_end(s, 0, &odd);
    size_t end = word;
    while (end < s.len && !cmd_is_delimiter(s.bytes[end]) &&
           s.bytes[end] != '"' && s.bytes[end] != '/') {
        end++;
    }
    struct str name = str_sub(s, word, end - word);
    /* A variable's name may be made of delimiters. */
    if (!is_command(name) || str_equal_fold(name, STR("set"))) {
        return text;
    }
    if (odd) {
        rewrite_put(&out, 0, word, SLICE_NONE);
    }
    size_t rest = cmd_delimiters_end(s, end, &odd);
    if (odd && rest < s.len) {
        rewrite_put_str(&out, end, rest - end, STR(" "));
    }
    cmd->hidden = cmd->hidden || out.changed;
    return rewrite_finish(&out);
}

/* One command: what it is when everything is put in place. */
static struct slice run_simple(struct cmd *cmd, struct slice raw)
{
    struct slice text = drop_delimiters(cmd, cmd_expand(cmd, raw));
    bool hidden = cmd->hidden;
    struct str s = slice_str(text);
    size_t at = skip_noise(s, 0);
    size_t word;

    while ((word = match_word(s, at, STR("call"))) != 0) {
        /* call reads the variables once more */
        cmd->hidden = false;
        text = cmd_expand_percent(cmd, text, CMD_CARETS_KEEP);
        hidden = hidden || cmd->hidden;
        s = slice_str(text);
        at = skip_noise(s, word);
        if (at == s.len) {
            break;
        }
    }
    if ((word = match_word(s, at, STR("set"))) != 0) {
        run_set(cmd, slice_sub(text, word, text.len));
        cmd->revealed = cmd->revealed || hidden;
        return hidden ? text : raw;
    }
    if ((word = match_word(s, at, STR("echo"))) != 0) {
        cmd->piped = slice_sub(text, word + (word < s.len), text.len);
        note_executed(cmd, text);
        cmd->revealed = cmd->revealed || hidden;
        if (hidden) {
            peel_add(cmd->peel, "cmd.expand", drop_quotes(cmd, text), NULL);
        }
        return hidden ? text : raw;
    }
    cmd->hidden = hidden;
    text = drop_quotes(cmd, text);
    hidden = cmd->hidden;
    struct slice line = slice_sub(text, at, text.len);
    if (hidden) {
        peel_add(cmd->peel, "cmd.expand", line, NULL);
    }
    peel_program_path(cmd->peel, line);
    if (cmd->piped.text) {
        run_piped(cmd, line);
        cmd->piped = SLICE_NONE;
    }
    struct rewrite out;
    rewrite_init(&out, cmd->peel, text);
    struct slice peeled = peel_command(cmd->peel, line);
    rewrite_put(&out, at, line.len, peeled);
    struct slice done = rewrite_finish(&out);
    note_executed(cmd, done);
    bool escapes_only = !hidden && peeled.text == line.text;
    cmd->revealed = cmd->revealed || !escapes_only;
    return escapes_only ? raw : done;
}

/* How far a block has been worked through. */
struct progress {
    struct rewrite out;
    size_t read;     /* what stands before it is in place, loop or not */
    size_t doubtful; /* up to here only the host knows what is run */
};

static void put(struct progress *progress, size_t at, size_t len,
                struct slice by)
{
    if (at >= progress->read) {
        rewrite_put(&progress->out, at, len, by);
        progress->read = at + len;
    }
}

/* "if" at a condition: runs the branch that is taken where that is known; where
 * it is not, both are worked through. Where to go on. */
static size_t run_if(struct cmd *cmd, struct slice block, size_t at,
                     struct progress *progress)
{
    enum cmd_truth truth = cmd_condition(cmd, block, &at);
    struct cmd_branches branch = cmd_find_branches(block, at);

    if (truth == CMD_UNKNOWN) {
        progress->doubtful = branch.no_end;
        return at;
    }
    size_t from = truth == CMD_TRUE ? branch.yes : branch.no;
    size_t to = truth == CMD_TRUE ? branch.yes_end : branch.no_end;
    struct slice taken = slice_sub(block, from, to - from);
    put(progress, from, taken.len, cmd_run_block(cmd, taken));
    return branch.no_end;
}

/* Whether only blanks stand between a ) and `at`. */
static bool after_block(struct str s, size_t at)
{
    while (at && cmd_is_delimiter(s.bytes[at - 1])) {
        at--;
    }
    return at && s.bytes[at - 1] == ')';
}

/* The ) of the group that is open at `at`, or the end where none is. */
static size_t group_end(struct str s, size_t at)
{
    unsigned open = 0;
    bool quoted = false;

    for (size_t i = at; i < s.len; i++) {
        char c = str_at(s, i);
        quoted ^= c == '"';
        if (quoted) {
            continue;
        }
        if (c == '^') {
            i++;
        } else if (c == '(') {
            open++;
        } else if (c == ')' && open-- == 0) {
            return i;
        }
    }
    return s.len;
}

/* Past one character between commands. */
static void pass_sign(struct cmd *cmd, struct str s, size_t at,
                      unsigned *parens)
{
    char c = str_at(s, at);
    bool pipe = c == '|' && at + 1 < s.len && str_at(s, at + 1) != '|';

    *parens += c == '(';
    *parens -= c == ')' && *parens;
    if (c == '&' || (c == '|' && !pipe)) {
        cmd->piped = SLICE_NONE;
    }
}

static bool is_sign(struct str s, size_t at)
{
    char c = str_at(s, at);

    return cmd_is_delimiter(c) || c == '@' || c == '&' || c == '|' ||
           c == '(' || c == ')' ||
           (c == '^' && at + 1 < s.len && cmd_is_delimiter(str_at(s, at + 1)));
}

/* "for" at `at`, with the rest of its line; of the block inside another. */
static size_t run_for(struct cmd *cmd, struct slice block, size_t at,
                      unsigned parens, struct progress *progress)
{
    struct str s = slice_str(block);
    size_t end = parens ? group_end(s, at) : cmd_statement_end(s, at);
    struct slice statement = slice_sub(block, at, end - at);

    put(progress, at, statement.len, cmd_run_for(cmd, statement));
    return end;
}

/* The command at `at`. Where to go on. */
static size_t run_one(struct cmd *cmd, struct slice block, size_t at,
                      unsigned parens, struct progress *progress)
{
    struct str s = slice_str(block);
    size_t word = match_word(s, at, STR("for"));

    if (word) {
        return run_for(cmd, block, at, parens, progress);
    }
    word = match_word(s, at, STR("if"));
    if (word) {
        return run_if(cmd, block, word, progress);
    }
    word = after_block(s, at) ? match_word(s, at, STR("else")) : 0;
    if (word) {
        return word;
    }
    word = match_word(s, at, STR("goto"));
    if (word) {
        cmd_goto(cmd, block, word);
    }
    size_t end = command_end(cmd, s, at, parens);
    struct slice raw = slice_sub(block, at, end - at);
    cmd->piped = end > at && at && cmd->piped.text ? cmd->piped : SLICE_NONE;
    put(progress, at, raw.len, run_simple(cmd, raw));
    return end;
}

struct slice cmd_run_block(struct cmd *cmd, struct slice block)
{
    struct str s = slice_str(block);
    struct progress progress = {.read = 0};
    bool was_doubtful = cmd->is_doubtful;
    bool is_top = !cmd->lines.text && str_find_char(s, '\n', 0) != STR_NONE;
    unsigned parens = 0;
    size_t at = 0;

    if (!peel_may_nest(cmd->peel, cmd->depth, MAX_DEPTH) ||
        !peel_spend(cmd->peel, block.len)) {
        return block;
    }
    cmd->depth++;
    if (is_top) {
        cmd->lines = block;
        cmd->doubt = STR_NONE;
        cmd->changes = cmd->peel->changes;
    }
    rewrite_init(&progress.out, cmd->peel, block);
    while (at < s.len) {
        if (is_sign(s, at)) {
            pass_sign(cmd, s, at++, &parens);
            continue;
        }
        cmd->is_doubtful = was_doubtful || at < progress.doubtful;
        cmd->line_at = is_top ? at : cmd->line_at;
        at = run_one(cmd, block, at, parens, &progress);
        if (cmd->target.len && !is_top) {
            break; /* to where the label is */
        }
        if (cmd->target.len) {
            at = cmd_jump(cmd, at);
            progress.doubtful = 0;
        }
    }
    cmd->is_doubtful = was_doubtful;
    cmd->lines = is_top ? SLICE_NONE : cmd->lines;
    cmd->depth--;
    return rewrite_finish(&progress.out);
}

struct slice cmd_peel_line(struct peel *peel, struct slice line,
                           enum cmd_delayed delayed)
{
    struct cmd cmd = {.peel = peel, .delayed = delayed == CMD_DELAYED_ON};

    return cmd_run_block(&cmd, line);
}
