/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"

static enum cmd_truth compare(struct str a, struct str op, struct str b)
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
        if (str_equal_fold_z(op, ops[i].name)) {
            bool yes = order < 0   ? ops[i].less
                       : order > 0 ? ops[i].more
                                   : ops[i].equal;
            return yes ? CMD_TRUE : CMD_FALSE;
        }
    }
    return CMD_UNKNOWN;
}

static struct str next_word(struct str s, size_t *at)
{
    while (*at < s.len && (ascii_is_space(s.bytes[*at]) ||
                           s.bytes[*at] == ',' || s.bytes[*at] == ';')) {
        (*at)++;
    }
    size_t start = *at;
    bool quoted = false;
    while (*at < s.len && (quoted || !cmd_is_delimiter(s.bytes[*at]))) {
        quoted = s.bytes[*at] == '"' ? !quoted : quoted;
        (*at)++;
    }
    if (*at == start && *at + 1 < s.len && s.bytes[*at] == '=') {
        *at += s.bytes[*at + 1] == '=' ? 2 : 1;
    }
    return str_sub(s, start, *at - start);
}

/* A side of a comparison with its variables in place; what is still one is not
 * known. */
static bool read_side(struct cmd *cmd, struct slice text, struct str word,
                      struct str *out)
{
    struct str s = slice_str(text);
    struct slice side =
        slice_sub(text, (size_t)(word.bytes - s.bytes), word.len);
    bool hidden = cmd->hidden;

    side = cmd_expand(cmd, side);
    cmd->hidden = hidden;
    *out = slice_str(side);
    return str_find_char(*out, '%', 0) == STR_NONE &&
           (!cmd->delayed || str_find_char(*out, '!', 0) == STR_NONE);
}

static enum cmd_truth is_defined(struct cmd *cmd, struct str name)
{
    struct slice ignored;

    /* What the line has not set may still be set on the host. */
    return peel_get(cmd->peel, name, &ignored) || peel_default(name)
               ? CMD_TRUE
               : CMD_UNKNOWN;
}

static enum cmd_truth read_test(struct cmd *cmd, struct slice text,
                                struct str left, size_t *at)
{
    struct str s = slice_str(text);
    struct str side[2];

    if (str_equal_fold(left, STR("defined"))) {
        return is_defined(cmd, next_word(s, at));
    }
    if (str_equal_fold(left, STR("exist")) ||
        str_equal_fold(left, STR("errorlevel")) ||
        str_equal_fold(left, STR("cmdextversion"))) {
        next_word(s, at);
        return CMD_UNKNOWN;
    }
    struct str op = next_word(s, at);
    struct str right = next_word(s, at);
    bool known = read_side(cmd, text, left, &side[0]);
    known = read_side(cmd, text, right, &side[1]) && known;
    return known ? compare(side[0], op, side[1]) : CMD_UNKNOWN;
}

enum cmd_truth cmd_condition(struct cmd *cmd, struct slice text, size_t *at)
{
    struct str s = slice_str(text);
    bool negate = false;
    struct str left = next_word(s, at);

    while (str_equal_fold(left, STR("not")) ||
           str_equal_fold(left, STR("/i"))) {
        negate = negate != str_equal_fold(left, STR("not"));
        left = next_word(s, at);
    }
    enum cmd_truth truth = read_test(cmd, text, left, at);
    if (truth == CMD_UNKNOWN || !negate) {
        return truth;
    }
    return truth == CMD_TRUE ? CMD_FALSE : CMD_TRUE;
}

/* The ) that closes the ( at `at`, or the end. */
static size_t close_of(struct str s, size_t at)
{
    unsigned open = 0;
    bool quoted = false;

    for (; at < s.len; at++) {
        char c = s.bytes[at];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '^' && !quoted) {
            at++;
        } else if (!quoted && c == '(') {
            open++;
        } else if (!quoted && c == ')' && --open == 0) {
            return at;
        }
    }
    return s.len;
}

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.len && cmd_is_delimiter(s.bytes[at])) {
        at++;
    }
    return at;
}

struct cmd_branches cmd_find_branches(struct slice text, size_t at)
{
    struct str s = slice_str(text);
    struct cmd_branches out;

    at = skip_blanks(s, at);
    out.yes = at;
    out.yes_end = out.no = out.no_end = cmd_line_end(s, at);
    if (at >= s.len || s.bytes[at] != '(') {
        return out; /* the rest of the line belongs to it */
    }
    out.yes_end = close_of(s, at);
    out.yes_end += out.yes_end < s.len;
    out.no = out.no_end = out.yes_end;
    at = skip_blanks(s, out.yes_end);
    struct str word = str_sub(s, at, 5);
    if (str_starts_fold(word, STR("else")) &&
        (word.len == 4 || !ascii_is_alnum(str_at(word, 4)))) {
        out.no = skip_blanks(s, at + 4);
        bool block = out.no < s.len && s.bytes[out.no] == '(';
        out.no_end = block ? close_of(s, out.no) : cmd_line_end(s, out.no);
        out.no_end += block && out.no_end < s.len;
    }
    return out;
}
