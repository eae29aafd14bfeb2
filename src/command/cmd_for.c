/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"

#define MAX_ROUNDS 20000
#define MAX_TOKENS 26

struct loop {
    struct cmd *cmd;
    char variable;
    struct slice list;
    struct slice body;
    struct slice options; /* of /f */
    char kind;            /* 'l', 'f', or 0 for a plain list */
    bool broken;
    bool is_left; /* by a jump */
};

static size_t skip_noise(struct str s, size_t at)
{
    while (at < s.len && cmd_is_delimiter(s.bytes[at])) {
        at++;
    }
    return at;
}

static size_t word_end(struct str s, size_t at)
{
    while (at < s.len && !cmd_is_delimiter(s.bytes[at]) && s.bytes[at] != '(' &&
           s.bytes[at] != '"') {
        at++;
    }
    return at;
}

static bool word_at(struct str s, size_t at, struct str word)
{
    return str_starts_fold(str_sub(s, at, s.len), word);
}

/* The ')' of the list: the one that "do" follows. */
static size_t list_end(struct cmd *cmd, struct str s, size_t at, size_t *body)
{
    for (size_t i = at; i < s.len; i++) {
        if (s.bytes[i] != ')') {
            continue;
        }
        size_t word = skip_noise(s, i + 1);
        if (!peel_spend(cmd->peel, word - i)) {
            break;
        }
        if (word_at(s, word, STR("do")) && word + 2 < s.len &&
            (cmd_is_delimiter(s.bytes[word + 2]) || s.bytes[word + 2] == '(' ||
             s.bytes[word + 2] == '@' || s.bytes[word + 2] == '"' ||
             s.bytes[word + 2] == '%')) {
            *body = word + 2;
            return i;
        }
    }
    return STR_NONE;
}

/* for /l %x in (list) do body */
static bool parse_for(struct loop *loop, struct slice statement)
{
    struct str s = slice_str(statement);
    size_t at = skip_noise(s, 0) + 3; /* behind "for" */
    size_t body;

    for (;;) {
        at = skip_noise(s, at);
        if (at >= s.len) {
            return false;
        }
        if (s.bytes[at] == '/' && at + 1 < s.len) {
            loop->kind = ascii_lower(s.bytes[at + 1]);
            at += 2;
        } else if (s.bytes[at] == '"') {
            size_t close = str_find_char(s, '"', at + 1);
            if (close == STR_NONE) {
                return false;
            }
            loop->options = slice_sub(statement, at + 1, close - at - 1);
            at = close + 1;
        } else if (s.bytes[at] == '%') {
            at += at + 1 < s.len && s.bytes[at + 1] == '%' ? 2 : 1;
            break;
        } else {
            size_t end = word_end(s, at);
            loop->options = slice_sub(statement, at, end - at);
            at = end > at ? end : at + 1;
        }
    }
    if (at >= s.len) {
        return false;
    }
    loop->variable = s.bytes[at++];
    at = skip_noise(s, at);
    if (!word_at(s, at, STR("in"))) {
        return false;
    }
    at = skip_noise(s, at + 2);
    if (at >= s.len || s.bytes[at] != '(') {
        return false;
    }
    size_t end = list_end(loop->cmd, s, at + 1, &body);
    if (end == STR_NONE) {
        return false;
    }
    loop->list = slice_sub(statement, at + 1, end - at - 1);
    loop->body = slice_sub(statement, body, s.len - body);
    return true;
}

/* Whether a longer name starts here that is no loop variable: %md35:...% */
static bool is_longer_name(struct str s, size_t at)
{
    size_t i = at + 1;

    while (i < s.len && (ascii_is_alnum(s.bytes[i]) || s.bytes[i] == '_')) {
        i++;
    }
    return i > at + 2 && i < s.len &&
           (s.bytes[i] == '%' ||
            (s.bytes[i] == ':' && i + 1 < s.len &&
             (s.bytes[i + 1] == '~' || s.bytes[i + 1] == '*')));
}

/* What %~i stands for: the value without quotes around it. */
static struct slice without_quotes(struct slice value)
{
    struct str s = slice_str(value);
    bool quoted =
        s.len > 1 && str_at(s, 0) == '"' && str_at(s, s.len - 1) == '"';

    return quoted ? slice_sub(value, 1, s.len - 2) : value;
}

static struct slice substitute(struct cmd *cmd, struct slice body,
                               char variable, struct slice value)
{
    struct str s = slice_str(body);
    struct rewrite out;

    rewrite_init(&out, cmd->peel, body);
    for (size_t i = 0; i + 1 < s.len; i++) {
        if (str_at(s, i) != '%') {
            continue;
        }
        size_t end = cmd_reference_end(cmd, s, i, '%');
        if (end > i + 3) {
            i = end - 1;
            continue;
        }
        size_t name = i + 1 + (s.bytes[i + 1] == '%');
        bool bare = name < s.len && s.bytes[name] == '~';
        name += bare;
        if (name < s.len && s.bytes[name] == variable &&
            !is_longer_name(s, i)) {
            rewrite_put(&out, i, name + 1 - i,
                        bare ? without_quotes(value) : value);
            i = name;
        }
    }
    return rewrite_finish(&out);
}

static void run_round(struct loop *loop, struct slice body)
{
    struct cmd *cmd = loop->cmd;

    if (loop->is_left) {
        return;
    }
    if (!peel_spend(cmd->peel, (size_t)body.len * 4)) {
        loop->broken = true;
        return;
    }
    cmd_run_block(cmd, body);
    loop->is_left = cmd->target.len > 0;
}

/* Whether there may be one more round. */
static bool may_go_on(struct loop *loop, unsigned rounds)
{
    if (rounds >= MAX_ROUNDS) {
        limit_hit(&loop->cmd->peel->hit, LIMIT_peel_steps);
        return false;
    }
    return !loop->broken && !loop->is_left;
}

/* Quotes hold a value with blanks together. */
static size_t value_end(struct str s, size_t at)
{
    bool quoted = false;

    for (; at < s.len && (quoted || !cmd_is_delimiter(str_at(s, at))); at++) {
        quoted ^= str_at(s, at) == '"';
    }
    return at;
}

static void run_values(struct loop *loop)
{
    struct str s = slice_str(loop->list);
    size_t at = skip_noise(s, 0);

    for (unsigned n = 0; at < s.len && may_go_on(loop, n); n++) {
        size_t end = value_end(s, at);
        struct slice value = slice_sub(loop->list, at, end - at);
        if (str_find_char(slice_str(value), '*', 0) != STR_NONE ||
            str_find_char(slice_str(value), '?', 0) != STR_NONE) {
            loop->broken = true; /* names of files */
            return;
        }
        run_round(loop,
                  substitute(loop->cmd, loop->body, loop->variable, value));
        at = skip_noise(s, end);
    }
}

static void run_counter(struct loop *loop)
{
    struct str s = slice_str(loop->list);
    int64_t number[3] = {0, 1, 0};
    size_t at = 0;

    for (size_t i = 0; i < 3; i++) {
        at = skip_noise(s, at);
        size_t end = word_end(s, at);
        if (!str_parse_int(str_sub(s, at, end - at), &number[i])) {
            loop->broken = true;
            return;
        }
        at = end;
    }
    for (unsigned n = 0;
         (number[1] < 0 ? number[0] >= number[2] : number[0] <= number[2]) &&
         may_go_on(loop, n);
         n++, number[0] += number[1]) {
        struct buf text;
        buf_init(&text, 32);
        buf_add_format(&text, "%lld", (long long)number[0]);
        struct slice value =
            peel_fold(loop->cmd->peel, buf_str(&text), loop->list);
        buf_deinit(&text);
        run_round(loop,
                  substitute(loop->cmd, loop->body, loop->variable, value));
    }
}

/* The value of delims= or tokens= among the options. */
static bool option_value(struct str options, struct str name, struct str *out)
{
    static const char *const others[] = {"tokens", "delims", "eol", "skip",
                                         "usebackq"};
    size_t at = str_find_fold(options, name, 0);

    if (at == STR_NONE) {
        return false;
    }
    at += name.len;
    size_t end = at;
    bool delims = str_equal(name, STR("delims="));
    if (!delims) { /* blanks may stand before the number */
        while (end < options.len && ascii_is_space(options.bytes[end])) {
            end++;
        }
        at = end;
    }
    for (; end < options.len; end++) {
        if (options.bytes[end] != ' ') {
            continue;
        }
        size_t next = end;
        while (next < options.len && options.bytes[next] == ' ') {
            next++;
        }
        bool stop = !delims;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            stop = stop || word_at(options, next, str_from(others[i]));
        }
        if (stop) {
            break;
        }
    }
    *out = str_sub(options, at, end - at);
    return true;
}

/* "1-3,5,*" as flags; token 0 stands for the rest of the line. */
static void read_tokens(struct str tokens, bool wanted[MAX_TOKENS + 1],
                        bool *rest)
{
    struct str part;

    *rest = false;
    memset(wanted, 0, (MAX_TOKENS + 1) * sizeof *wanted);
    while (str_next(&tokens, ',', &part)) {
        int64_t from, to;
        if (part.len && part.bytes[part.len - 1] == '*') {
            *rest = true;
            part.len--;
        }
        size_t dash = str_find_char(part, '-', 1);
        struct str first = dash == STR_NONE ? part : str_sub(part, 0, dash);
        if (!str_parse_int(first, &from)) {
            continue;
        }
        to = from;
        if (dash != STR_NONE) {
            str_parse_int(str_sub(part, dash + 1, part.len), &to);
        }
        for (int64_t i = from; i <= to && i <= MAX_TOKENS && i > 0; i++) {
            wanted[i] = true;
        }
    }
}

/* One line of text through the tokens of for /f. */
static void run_line(struct loop *loop, struct slice line)
{
    struct str s = slice_str(line);
    struct str options = slice_str(loop->options);
    struct str delims = STR(" \t");
    struct str tokens = STR("1");
    bool wanted[MAX_TOKENS + 1];
    bool rest;
    char variable = loop->variable;
    struct slice body = loop->body;
    size_t at = 0;

    option_value(options, STR("delims="), &delims);
    option_value(options, STR("tokens="), &tokens);
    read_tokens(tokens, wanted, &rest);
    for (unsigned n = 1; n <= MAX_TOKENS; n++) {
        while (at < s.len &&
               str_find_char(delims, s.bytes[at], 0) != STR_NONE) {
            at++;
        }
        bool last = rest && !wanted[n];
        size_t end = at;
        while (end < s.len &&
               (last || str_find_char(delims, s.bytes[end], 0) == STR_NONE)) {
            end++;
        }
        if (wanted[n] || last) {
            body = substitute(loop->cmd, body, variable++,
                              slice_sub(line, at, end - at));
        }
        at = end;
        if (last || at >= s.len) {
            break;
        }
    }
    run_round(loop, body);
}

static const struct {
    const char *command;
    const char *line;
} outputs[] = {
#define O(command, line) {command, line},
#include "command/cmd_output.def"
#undef O
};

/* 'assoc | find "x"': the lines of a stock system. */
static void run_command_output(struct loop *loop, struct slice command)
{
    struct cmd *cmd = loop->cmd;
    struct slice clean = cmd_expand_percent(cmd, command, CMD_CARETS_DROP);
    clean = cmd_expand_percent(cmd, clean, CMD_CARETS_DROP);
    struct str s = slice_str(clean);
    size_t at = skip_noise(s, 0);
    size_t end = at;

    while (end < s.len && ascii_is_alpha(s.bytes[end])) {
        end++;
    }
    struct str program = str_sub(s, at, end - at);
    size_t bar = str_find_char(s, '|', end);
    struct str pattern = STR("");
    struct str prefix = str_sub(s, end, (bar == STR_NONE ? s.len : bar) - end);
    bool fold = false;
    if (bar != STR_NONE) { /* find or findstr: its last argument */
        at = skip_noise(s, bar + 1);
        at = word_end(s, at);
        for (at = skip_noise(s, at); at < s.len; at = skip_noise(s, at)) {
            if (s.bytes[at] == '"') {
                size_t close = str_find_char(s, '"', at + 1);
                close = close == STR_NONE ? s.len : close;
                pattern = str_sub(s, at + 1, close - at - 1);
                at = close + 1;
            } else {
                end = word_end(s, at);
                struct str word = str_sub(s, at, end - at);
                fold = fold || str_equal_fold(word, STR("/i"));
                pattern = s.bytes[at] == '/' ? pattern : word;
                at = end > at ? end : at + 1;
            }
        }
    }
    while (prefix.len && cmd_is_delimiter(prefix.bytes[0])) {
        prefix = str_sub(prefix, 1, prefix.len);
    }
    prefix = str_trim(prefix);
    loop->broken = true;
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        struct str line = str_from(outputs[i].line);
        bool fits = str_equal_fold_z(program, outputs[i].command) &&
                    (!prefix.len || str_starts_fold(line, prefix)) &&
                    (fold ? str_find_fold(line, pattern, 0)
                          : str_find(line, pattern, 0)) != STR_NONE;
        if (fits) {
            loop->broken = false;
            run_line(loop, peel_fold(cmd->peel, line, command));
            return;
        }
    }
}

static void run_text(struct loop *loop)
{
    struct slice list = loop->list;
    struct str s = slice_str(list);
    size_t from = skip_noise(s, 0);
    size_t to = s.len;

    while (to > from && cmd_is_delimiter(str_at(s, to - 1))) {
        to--;
    }
    if (to <= from || to - from < 2) {
        loop->broken = true;
        return;
    }
    char open = str_at(s, from);
    bool backquotes =
        str_find_fold(slice_str(loop->options), STR("usebackq"), 0) != STR_NONE;
    char literal = backquotes ? '\'' : '"';
    char command = backquotes ? '`' : '\'';
    if (str_at(s, to - 1) != open || (open != literal && open != command)) {
        loop->broken = true; /* names of files */
        return;
    }
    struct slice inside = slice_sub(list, from + 1, to - from - 2);
    if (open == literal) {
        run_line(loop, inside);
    } else {
        run_command_output(loop, inside);
    }
}

/* What the rounds ran, as one line. */
static struct slice executed_line(struct cmd *cmd, struct slice statement,
                                  uint32_t first)
{
    struct text_builder out;

    text_build_init(&out, cmd->peel->arena, TEXT_PEEL, cmd->peel->max_bytes);
    for (uint32_t i = first; i < cmd->executed.n; i++) {
        if (i > first) {
            text_build_fold(&out, STR(" & "), statement, 0, 0);
        }
        text_build_copy(&out, cmd->executed.items[i]);
    }
    const struct text *text = text_build_finish(&out);
    return text ? slice_all(text) : statement;
}

/* Whether the loop's variable is the command, or part of its name. */
static bool runs_variable(const struct loop *loop)
{
    struct str s = slice_str(loop->body);
    size_t at = skip_noise(s, 0);

    while (str_at(s, at) == '@' || str_at(s, at) == '(') {
        at = skip_noise(s, at + 1);
    }
    for (; at < s.len && !cmd_is_delimiter(str_at(s, at)); at++) {
        if (str_at(s, at) == '%') {
            return true;
        }
    }
    return false;
}

struct slice cmd_run_for(struct cmd *cmd, struct slice statement)
{
    struct loop loop = {.cmd = cmd};
    uint32_t first = cmd->executed.n;
    bool outer = cmd->collecting;

    struct slice clean = cmd_drop_idle_carets(cmd, statement);
    if (!parse_for(&loop, clean)) {
        return statement;
    }
    cmd->collecting = true;
    bool revealed = cmd->revealed;
    cmd->revealed = loop.kind == 'f' || runs_variable(&loop);
    switch (loop.kind) {
    case '\0':
        run_values(&loop);
        break;
    case 'l':
        run_counter(&loop);
        break;
    case 'f':
        run_text(&loop);
        break;
    default: /* folders and trees of the host */
        loop.broken = true;
    }
    cmd->collecting = outer;
    if (loop.broken || cmd->executed.n == first) {
        if (loop.broken) {
            cmd_run_block(cmd, loop.body); /* what can be seen of it */
        }
        return statement;
    }
    struct slice line = executed_line(cmd, statement, first);
    cmd->executed.n = outer ? cmd->executed.n : first;
    peel_add(cmd->peel, "cmd.for", line, NULL);
    bool hidden = cmd->revealed;
    cmd->revealed = revealed || hidden;
    return hidden ? line : statement; /* an honest loop stays a loop */
}
