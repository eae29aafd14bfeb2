/* SPDX-License-Identifier: MIT */
/*
 * Labels, in a text of several lines, and jumps to them. A jump back is a loop:
 * it is followed as long as constants decide it and something changes.
 */
#include "command/cmd.h"

#define MAX_JUMPS 20000u

static size_t skip_blanks(struct str s, size_t at)
{
    while (at < s.len && cmd_is_delimiter(s.bytes[at])) {
        at++;
    }
    return at;
}

size_t cmd_line_end(struct str s, size_t at)
{
    size_t end = str_find_char(s, '\n', at);

    return end == STR_NONE ? s.len : end;
}

size_t cmd_statement_end(struct str s, size_t at)
{
    unsigned open = 0;
    bool quoted = false;

    for (; at < s.len; at++) {
        char c = s.bytes[at];
        if (c == '"') {
            quoted = !quoted;
        } else if (c == '^' && !quoted) {
            at++;
        } else if (c == '\n') { /* quotes end with their line */
            quoted = false;
            if (!open) {
                return at;
            }
        } else if (!quoted) {
            open += c == '(';
            open -= c == ')' && open;
        }
    }
    return s.len;
}

size_t cmd_find_label(struct str s, struct str name)
{
    for (size_t at = 0; at < s.len; at = cmd_line_end(s, at) + 1) {
        size_t start = skip_blanks(s, at);
        if (start >= s.len || s.bytes[start] != ':') {
            continue;
        }
        size_t end = start + 1;
        while (end < s.len && !cmd_is_delimiter(s.bytes[end]) &&
               s.bytes[end] != ':' && s.bytes[end] != '&') {
            end++;
        }
        if (str_equal_fold(str_sub(s, start + 1, end - start - 1), name)) {
            return cmd_line_end(s, end);
        }
    }
    return STR_NONE;
}

/* The label behind a "goto" that ends at `at`. */
static struct str read_label(struct str s, size_t at)
{
    while (at < s.len &&
           (cmd_is_delimiter(s.bytes[at]) || s.bytes[at] == ':') &&
           s.bytes[at] != '\n') {
        at++;
    }
    size_t end = at;
    while (end < s.len && !cmd_is_delimiter(s.bytes[end]) &&
           !strchr("&|)", s.bytes[end])) {
        end++;
    }
    return str_sub(s, at, end - at);
}

static const char end_of_file[] = "eof";

void cmd_goto(struct cmd *cmd, struct slice block, size_t at)
{
    struct str name = read_label(slice_str(block), at);
    struct str lines = slice_str(cmd->lines);

    if (!cmd->lines.text || !name.len) {
        return;
    }
    if (cmd->is_doubtful) {
        cmd->doubt = cmd->line_at;
        return;
    }
    bool is_end = str_equal_fold(name, str_from(end_of_file));
    if (is_end || (peel_spend(cmd->peel, lines.len) &&
                   cmd_find_label(lines, name) != STR_NONE)) {
        cmd->target = name;
    }
}

/* Whether a jump from `at` back to `label` is known to be made again and to do
 * something else this time. */
static bool goes_on(struct cmd *cmd, size_t label, size_t at)
{
    if ((cmd->doubt != STR_NONE && cmd->doubt >= label) ||
        cmd->changes == cmd->peel->changes) {
        return false; /* it ends when the host says so, or never */
    }
    if (cmd->jumps++ >= MAX_JUMPS) {
        limit_hit(&cmd->peel->hit, LIMIT_peel_steps);
        return false;
    }
    cmd->changes = cmd->peel->changes;
    return peel_spend(cmd->peel, at - label);
}

size_t cmd_jump(struct cmd *cmd, size_t at)
{
    struct str s = slice_str(cmd->lines);
    struct str name = cmd->target;

    cmd->target = STR("");
    if (str_equal_fold(name, str_from(end_of_file))) {
        return s.len;
    }
    size_t label = cmd_find_label(s, name);
    if (label == STR_NONE) {
        return at;
    }
    return label > at || goes_on(cmd, label, at) ? label : at;
}
