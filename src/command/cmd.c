/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"

#include "command/cmdline.h"

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
        if (s.bytes[at] == '^') {
            continue;
        }
        if (ascii_lower(s.bytes[at]) != word.bytes[n++]) {
            return 0;
        }
    }
    bool ends = at >= s.len || !ascii_is_alnum(s.bytes[at]);
    return n == word.len && ends ? at : 0;
}

/* End of a simple command: & | a line end, or the ) of its block. */
static size_t command_end(struct cmd *cmd, struct str s, size_t at,
                          unsigned parens)
{
    bool quoted = false;

    for (; at < s.len; at++) {
        char c = s.bytes[at];
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
        return; /* /a and /p: arithmetic, input */
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
        if (shell) {
            peel_add(cmd->peel, "cmd.pipe", text, NULL);
            cmd_peel_line(cmd->peel, text, CMD_DELAYED_OFF);
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

/* One command: what it is when everything is put in place. */
static struct slice run_simple(struct cmd *cmd, struct slice raw)
{
    struct slice text = cmd_expand(cmd, raw);
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

enum truth {
    TRUTH_NO,
    TRUTH_YES,
    TRUTH_UNKNOWN
};

static enum truth compare(struct str a, struct str op, struct str b)
{
    int64_t x, y;
    bool numbers = str_parse_int(a, &x) && str_parse_int(b, &y);
    int order = str_compare_fold(a, b);

    if (numbers) {
        order = x < y ? -1 : x > y;
    }
    static const struct {
        const char *name;
        bool less, equal, more;
    } ops[] = {
        {"==", false, true, false}, {"equ", false, true, false},
        {"neq", true, false, true}, {"lss", true, false, false},
        {"leq", true, true, false}, {"gtr", false, false, true},
        {"geq", false, true, true},
    };
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (str_equal_fold(op, str_from(ops[i].name))) {
            bool yes = order < 0   ? ops[i].less
                       : order > 0 ? ops[i].more
                                   : ops[i].equal;
            return yes ? TRUTH_YES : TRUTH_NO;
        }
    }
    return TRUTH_UNKNOWN;
}

static struct str next_word(struct str s, size_t *at)
{
    while (*at < s.len && (ascii_is_space(s.bytes[*at]) ||
                           s.bytes[*at] == ',' || s.bytes[*at] == ';')) {
        (*at)++;
    }
    size_t start = *at;
    while (*at < s.len && !ascii_is_space(s.bytes[*at]) &&
           s.bytes[*at] != ',' && s.bytes[*at] != ';' && s.bytes[*at] != '=') {
        (*at)++;
    }
    if (*at == start && *at + 1 < s.len && s.bytes[*at] == '=') {
        *at += s.bytes[*at + 1] == '=' ? 2 : 1;
    }
    return str_sub(s, start, *at - start);
}

/* The condition behind "if"; *at moves behind it. */
static enum truth read_condition(struct str s, size_t *at)
{
    bool negate = false;
    struct str left = next_word(s, at);

    while (str_equal_fold(left, STR("not")) ||
           str_equal_fold(left, STR("/i"))) {
        negate = negate != str_equal_fold(left, STR("not"));
        left = next_word(s, at);
    }
    if (str_equal_fold(left, STR("exist")) ||
        str_equal_fold(left, STR("defined")) ||
        str_equal_fold(left, STR("errorlevel"))) {
        next_word(s, at);
        return TRUTH_UNKNOWN;
    }
    struct str op = next_word(s, at);
    struct str right = next_word(s, at);
    enum truth truth = compare(left, op, right);
    if (truth == TRUTH_UNKNOWN || !negate) {
        return truth;
    }
    return truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

struct slice cmd_run_block(struct cmd *cmd, struct slice block)
{
    struct str s = slice_str(block);
    struct rewrite out;
    unsigned parens = 0;
    size_t at = 0;

    if (cmd->depth >= MAX_DEPTH || !peel_spend(cmd->peel, block.len)) {
        return block;
    }
    cmd->depth++;
    rewrite_init(&out, cmd->peel, block);
    while (at < s.len) {
        char c = s.bytes[at];
        if (cmd_is_delimiter(c) || c == '@' || c == '&' || c == '|' ||
            c == '(' || c == ')' ||
            (c == '^' && at + 1 < s.len && cmd_is_delimiter(s.bytes[at + 1]))) {
            parens += c == '(';
            parens -= c == ')' && parens;
            bool pipe = c == '|' && at + 1 < s.len && s.bytes[at + 1] != '|';
            if (c == '&' || (c == '|' && !pipe)) {
                cmd->piped = SLICE_NONE;
            }
            at++;
            continue;
        }
        if (match_word(s, at, STR("for"))) {
            struct slice statement = slice_sub(block, at, block.len);
            rewrite_put(&out, at, statement.len, cmd_run_for(cmd, statement));
            break;
        }
        size_t word = match_word(s, at, STR("if"));
        if (word) {
            at = word;
            if (read_condition(s, &at) == TRUTH_NO) {
                break; /* the rest of the line belongs to it */
            }
            continue;
        }
        size_t end = command_end(cmd, s, at, parens);
        struct slice raw = slice_sub(block, at, end - at);
        cmd->piped =
            end > at && at && cmd->piped.text ? cmd->piped : SLICE_NONE;
        rewrite_put(&out, at, raw.len, run_simple(cmd, raw));
        at = end;
    }
    cmd->depth--;
    return rewrite_finish(&out);
}

struct slice cmd_peel_line(struct peel *peel, struct slice line,
                           enum cmd_delayed delayed)
{
    struct cmd cmd = {.peel = peel, .delayed = delayed == CMD_DELAYED_ON};

    if (peel->depth >= PEEL_MAX_DEPTH) {
        return line;
    }
    peel->depth++;
    struct slice out = cmd_run_block(&cmd, line);
    peel->depth--;
    return out;
}

/* Switches up to /c, /k or /r; where the line starts, or STR_NONE. */
static size_t find_body(struct str s, size_t at, bool *delayed)
{
    while (at < s.len) {
        char c = s.bytes[at];
        /* cmd.exe passes over whatever stands before its switch. */
        if (c != '/' || at + 1 >= s.len) {
            at++;
            continue;
        }
        char letter = ascii_lower(s.bytes[at + 1]);
        at += 2;
        if (letter == 'c' || letter == 'k' || letter == 'r') {
            return at;
        }
        size_t start = at;
        while (at < s.len && !cmd_is_delimiter(s.bytes[at]) &&
               s.bytes[at] != '/' && s.bytes[at] != '"') {
            at++;
        }
        if (letter == 'v') {
            *delayed =
                !str_starts_fold(str_sub(s, start, at - start), STR(":of"));
        }
    }
    return STR_NONE;
}

/* The line without the quotes that cmd /c takes off: the first and the last,
 * unless it is nothing but a quoted program and its arguments. */
static struct slice unquote_body(struct peel *peel, struct slice body)
{
    struct str s = slice_str(body);
    struct rewrite out;

    if (!s.len || s.bytes[0] != '"') {
        return body;
    }
    size_t last = s.len - 1;
    while (last && s.bytes[last] != '"') {
        last--;
    }
    size_t second = str_find_char(s, '"', 1);
    struct str tail = str_trim(str_sub(s, last + 1, s.len));
    if (second == last && tail.len) {
        bool special = false;
        for (size_t i = 0; i < s.len; i++) {
            special = special || strchr("&<>()@^|", s.bytes[i]);
        }
        if (!special && s.bytes[last + 1] == ' ') {
            return body; /* "C:\Program Files\x.exe" /switch */
        }
    }
    if (!last) {
        return slice_sub(body, 1, body.len);
    }
    if (!tail.len) {
        return slice_sub(body, 1, last - 1);
    }
    rewrite_init(&out, peel, body);
    rewrite_put(&out, 0, 1, SLICE_NONE);
    rewrite_put(&out, last, 1, SLICE_NONE);
    return rewrite_finish(&out);
}

struct slice cmd_peel(struct peel *peel, struct slice command, size_t tail)
{
    struct str s = slice_str(command);
    bool delayed = false;
    struct rewrite out;
    size_t at = find_body(s, tail, &delayed);

    if (at == STR_NONE) {
        return command;
    }
    while (at < s.len && ascii_is_space(s.bytes[at])) {
        at++;
    }
    struct slice body = slice_sub(command, at, command.len);
    struct slice line = unquote_body(peel, body);
    if (!line.len) {
        return command;
    }
    peel_add(peel, "cmd.command", line, NULL);
    struct slice peeled =
        cmd_peel_line(peel, line, delayed ? CMD_DELAYED_ON : CMD_DELAYED_OFF);
    if (peeled.text == line.text && peeled.off == line.off) {
        return command;
    }
    rewrite_init(&out, peel, command);
    if (line.text == command.text) { /* inside its quotes */
        rewrite_put(&out, line.off - command.off, line.len, peeled);
    } else {
        rewrite_put(&out, at, body.len, peeled);
    }
    return rewrite_finish(&out);
}
