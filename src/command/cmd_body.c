/* SPDX-License-Identifier: MIT */
/* What stands behind cmd /c. */
#include "command/cmd.h"

size_t cmd_delimiters_end(struct str s, size_t at, bool *odd)
{
    for (*odd = false; at < s.len && cmd_is_delimiter(str_at(s, at)); at++) {
        *odd = *odd || str_at(s, at) == ',' || str_at(s, at) == ';';
    }
    return at;
}

/* Without the odd delimiters between cmd, its switches and its line. */
static void plain_prefix(struct rewrite *out, struct str s, size_t at)
{
    bool odd;

    for (size_t i = 0; i < at; i++) {
        size_t end = cmd_delimiters_end(str_sub(s, 0, at), i, &odd);
        if (odd) {
            rewrite_put_str(out, i, end - i, i ? STR(" ") : STR(""));
        }
        i = end > i ? end - 1 : i;
    }
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

    if (!s.bytes || str_at(s, 0) != '"') {
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
    size_t prefix = at;
    bool odd;
    size_t behind = cmd_delimiters_end(s, at, &odd);
    at = odd ? behind : at;
    struct slice body = slice_sub(command, at, command.len);
    struct slice line = unquote_body(peel, body);
    if (!line.len) {
        return command;
    }
    peel_add(peel, "cmd.command", line, NULL);
    struct slice peeled =
        cmd_peel_line(peel, line, delayed ? CMD_DELAYED_ON : CMD_DELAYED_OFF);
    rewrite_init(&out, peel, command);
    plain_prefix(&out, s, odd ? at : prefix);
    if (peeled.text == line.text && peeled.off == line.off) {
        return rewrite_finish(&out);
    }
    if (line.text == command.text) { /* inside its quotes */
        rewrite_put(&out, line.off - command.off, line.len, peeled);
    } else {
        rewrite_put(&out, at, body.len, peeled);
    }
    return rewrite_finish(&out);
}
