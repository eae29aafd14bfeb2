/* SPDX-License-Identifier: MIT */
/*
 * set /a: 32-bit arithmetic over numbers and variables, which need no percent
 * signs here. One function for each level of precedence would be ten of the
 * same; a table of operators and one climbing function do.
 */
#include "command/cmd.h"

#define MAX_NESTING 40

struct arith {
    struct cmd *cmd;
    struct slice text;
    struct str s;
    size_t at;
    unsigned depth;
    bool failed;
};

/* Binary operators, those that bind least first. Source: `set /?`. */
static const struct {
    char text[3];
    unsigned level;
} operators[] = {
    {"|", 1}, {"^", 2}, {"&", 3}, {"<<", 4}, {">>", 4},
    {"+", 5}, {"-", 5}, {"*", 6}, {"/", 6},  {"%", 6},
};

static void skip_blanks(struct arith *arith)
{
    while (arith->at < arith->s.len &&
           (ascii_is_space(arith->s.bytes[arith->at]) ||
            arith->s.bytes[arith->at] == '"')) {
        arith->at++;
    }
}

static char peek(const struct arith *arith)
{
    return arith->at < arith->s.len ? arith->s.bytes[arith->at] : '\0';
}

/* As cmd.exe counts: 0x is hexadecimal, a leading 0 octal, 32 bits. */
static bool parse_number(struct str s, int32_t *out)
{
    bool negative = s.len && s.bytes[0] == '-';
    size_t at = negative;
    unsigned base = 10;
    uint32_t value = 0;

    if (s.len - at > 2 && s.bytes[at] == '0' &&
        ascii_lower(s.bytes[at + 1]) == 'x') {
        base = 16;
        at += 2;
    } else if (s.len - at > 1 && s.bytes[at] == '0') {
        base = 8;
        at++;
    }
    for (size_t i = at; i < s.len; i++) {
        int digit = ascii_hex_value(s.bytes[i]);
        if (digit < 0 || (unsigned)digit >= base) {
            return false;
        }
        value = value * base + (uint32_t)digit;
    }
    *out = (int32_t)(negative ? 0u - value : value);
    return at < s.len;
}

static struct str read_word(struct arith *arith)
{
    size_t from = arith->at;

    while (arith->at < arith->s.len &&
           (ascii_is_alnum(peek(arith)) || peek(arith) == '_' ||
            (unsigned char)peek(arith) >= 0x80)) {
        arith->at++;
    }
    return str_sub(arith->s, from, arith->at - from);
}

/* A variable that the line has not set is 0, unless the host may have it. */
static int32_t variable_value(struct arith *arith, struct str name)
{
    struct slice value;
    int32_t number = 0;

    if (peel_get(arith->cmd->peel, name, &value) &&
        parse_number(str_trim(slice_str(value)), &number)) {
        return number;
    }
    return 0;
}

static int32_t expression(struct arith *arith, unsigned level);

static int32_t operand(struct arith *arith)
{
    skip_blanks(arith);
    char c = peek(arith);
    int32_t value = 0;

    if (++arith->depth > MAX_NESTING) {
        arith->failed = true;
        return 0;
    }
    if (c == '(') {
        arith->at++;
        value = expression(arith, 1);
        skip_blanks(arith);
        arith->failed = arith->failed || peek(arith) != ')';
        arith->at++;
    } else if (c == '-' || c == '+' || c == '~' || c == '!') {
        arith->at++;
        uint32_t inner = (uint32_t)operand(arith);
        value = (int32_t)(c == '-'   ? 0u - inner
                          : c == '~' ? ~inner
                          : c == '!' ? (uint32_t)!inner
                                     : inner);
    } else {
        struct str word = read_word(arith);
        arith->failed = arith->failed || !word.len;
        if (ascii_is_digit(c)) {
            arith->failed = arith->failed || !parse_number(word, &value);
        } else {
            value = variable_value(arith, word);
        }
    }
    arith->depth--;
    return value;
}

static int32_t apply(struct arith *arith, const char *op, int32_t a, int32_t b)
{
    uint32_t x = (uint32_t)a;
    uint32_t y = (uint32_t)b;

    switch (op[0]) {
    case '|':
        return (int32_t)(x | y);
    case '^':
        return (int32_t)(x ^ y);
    case '&':
        return (int32_t)(x & y);
    case '<':
        return y > 31 ? 0 : (int32_t)(x << y);
    case '>':
        return a >> (y > 31 ? 31 : y); /* the sign fills it all */
    case '+':
        return (int32_t)(x + y);
    case '-':
        return (int32_t)(x - y);
    case '*':
        return (int32_t)(x * y);
    default:
        break;
    }
    if (b == 0 || (a == INT32_MIN && b == -1)) {
        arith->failed = true; /* cmd.exe gives up as well */
        return 0;
    }
    return op[0] == '/' ? a / b : a % b;
}

/* Index of the operator at the reader, of at least a level; -1 for none. */
static int find_operator(const struct arith *arith, unsigned level)
{
    struct str rest = str_sub(arith->s, arith->at, 3);

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        struct str op = str_from(operators[i].text);
        char behind = str_at(rest, op.len);
        if (str_starts_fold(rest, op) && behind != '=') {
            return operators[i].level >= level ? (int)i : -1;
        }
    }
    return -1;
}

static int32_t expression(struct arith *arith, unsigned level)
{
    int32_t left = operand(arith);

    for (;;) {
        skip_blanks(arith);
        int i = find_operator(arith, level);
        if (i < 0 || arith->failed ||
            !peel_spend(arith->cmd->peel, arith->text.len)) {
            return left;
        }
        arith->at += strlen(operators[i].text);
        /* "%%" in a batch file is one sign. */
        arith->at += operators[i].text[0] == '%' && peek(arith) == '%';
        int32_t right = expression(arith, operators[i].level + 1);
        left = apply(arith, operators[i].text, left, right);
    }
}

static void assign(struct arith *arith, struct slice name, int32_t value)
{
    struct peel *peel = arith->cmd->peel;
    struct buf text;

    buf_init(&text, 32);
    buf_add_format(&text, "%d", (int)value);
    struct slice made = peel_fold(peel, buf_str(&text), arith->text);
    buf_deinit(&text);
    if (made.text) {
        peel_set(peel, name, made);
    }
}

/* name=..., name+=... or an expression alone. */
static int32_t assignment(struct arith *arith)
{
    skip_blanks(arith);
    size_t from = arith->at;
    struct str name = read_word(arith);
    struct slice target = slice_sub(arith->text, from, name.len);

    skip_blanks(arith);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        struct str op = str_from(operators[i].text);
        struct str rest = str_sub(arith->s, arith->at, 3);
        if (name.len && !ascii_is_digit(str_at(name, 0)) &&
            str_starts_fold(rest, op) && str_at(rest, op.len) == '=') {
            arith->at += op.len + 1;
            int32_t right = assignment(arith);
            int32_t value = apply(arith, operators[i].text,
                                  variable_value(arith, name), right);
            if (!arith->failed) {
                assign(arith, target, value);
            }
            return value;
        }
    }
    if (name.len && peek(arith) == '=' && !ascii_is_digit(str_at(name, 0))) {
        arith->at++;
        if (++arith->depth > MAX_NESTING) {
            arith->failed = true;
            return 0;
        }
        int32_t value = assignment(arith);
        arith->depth--;
        if (!arith->failed) {
            assign(arith, target, value);
        }
        return value;
    }
    arith->at = from;
    return expression(arith, 1);
}

void cmd_set_arithmetic(struct cmd *cmd, struct slice text)
{
    struct arith arith = {.cmd = cmd, .text = text, .s = slice_str(text)};

    do {
        assignment(&arith);
        skip_blanks(&arith);
    } while (!arith.failed && peek(&arith) == ',' && ++arith.at);
}
