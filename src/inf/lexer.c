/* SPDX-License-Identifier: MIT */
/*
 * SetupAPI reads an INF with one small state machine and a stack to come back
 * to a state. A token is made of runs of source text: quotes, continuation
 * lines and their leading blanks fall between runs. `start` marks source text
 * that is not yet part of the token; push_run moves it there. White space at
 * the end of a token stays pending behind `start` until something follows it.
 */
#include "inf/lexer.h"

#include "base/utf8.h"

enum state {
    LINE_START,
    SECTION_NAME,
    KEY,
    VALUE,
    BACKSLASH,
    QUOTES,
    LEAD,
    TRAIL,
    COMMENT
};

#define CTRL_Z '\x1a'

/* Bytes that go into a key or value as they are, whatever stands before them:
 * one look-up instead of a dozen comparisons. */
static const bool is_plain[256] = {
    ['!'] = true,  ['#'] = true, ['$'] = true, ['%'] = true, ['&'] = true,
    ['\''] = true, ['('] = true, [')'] = true, ['*'] = true, ['+'] = true,
    ['-'] = true,  ['.'] = true, ['/'] = true, ['0'] = true, ['1'] = true,
    ['2'] = true,  ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true,
    ['7'] = true,  ['8'] = true, ['9'] = true, [':'] = true, ['<'] = true,
    ['>'] = true,  ['?'] = true, ['@'] = true, ['A'] = true, ['B'] = true,
    ['C'] = true,  ['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true,
    ['H'] = true,  ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true,
    ['M'] = true,  ['N'] = true, ['O'] = true, ['P'] = true, ['Q'] = true,
    ['R'] = true,  ['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true,
    ['W'] = true,  ['X'] = true, ['Y'] = true, ['Z'] = true, ['['] = true,
    [']'] = true,  ['^'] = true, ['_'] = true, ['`'] = true, ['a'] = true,
    ['b'] = true,  ['c'] = true, ['d'] = true, ['e'] = true, ['f'] = true,
    ['g'] = true,  ['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true,
    ['l'] = true,  ['m'] = true, ['n'] = true, ['o'] = true, ['p'] = true,
    ['q'] = true,  ['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true,
    ['v'] = true,  ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
    ['{'] = true,  ['|'] = true, ['}'] = true, ['~'] = true,
};

static void init(struct lexer *lexer, const struct text *text,
                 struct diag_list *diags)
{
    *lexer = (struct lexer){
        .text = text, .diags = diags, .in = text->bytes, .may_hold_nul = true};
}

void lexer_init(struct lexer *lexer, const struct text *text,
                struct diag_list *diags)
{
    init(lexer, text, diags);
    lexer->may_hold_nul = str_find_char(text->bytes, '\0', 0) != STR_NONE;
}

static bool at_end_of_file(const struct lexer *lexer)
{
    return lexer->at >= lexer->in.len || lexer->in.bytes[lexer->at] == CTRL_Z;
}

static bool at_end_of_line(const struct lexer *lexer)
{
    return at_end_of_file(lexer) || lexer->in.bytes[lexer->at] == '\n';
}

/* Bytes of the white-space character at the cursor, 0 if it is none. */
static uint32_t space_at(const struct lexer *lexer)
{
    char c = lexer->in.bytes[lexer->at];

    if ((unsigned char)c < 0x80) {
        return ascii_is_space(c) ? 1 : 0;
    }
    uint32_t code;
    size_t n = utf8_decode(str_sub(lexer->in, lexer->at, 4), &code);
    return utf8_is_space(code) ? (uint32_t)n : 0;
}

static void push_state(struct lexer *lexer, enum state state)
{
    if (lexer->n_stack < LEXER_STACK) {
        lexer->stack[lexer->n_stack++] = (int)state;
    }
}

static void pop_state(struct lexer *lexer)
{
    lexer->state = lexer->n_stack ? lexer->stack[--lexer->n_stack] : LINE_START;
}

/* Adds text with each NUL in it as a blank. */
static void copy_traced(struct text_builder *builder, struct slice rest)
{
    while (rest.len) {
        size_t nul = str_find_char(slice_str(rest), '\0', 0);
        text_build_copy(builder, slice_sub(rest, 0, nul));
        if (nul == STR_NONE) {
            return;
        }
        text_build_fold(builder, STR(" "), slice_sub(rest, nul, 1), 0, 0);
        rest = slice_sub(rest, nul + 1, rest.len);
    }
}

static void copy_flat(const struct lexer *lexer, struct str run)
{
    for (size_t i = 0; i < run.len && lexer->n_bytes + i < lexer->max_out;
         i++) {
        char c = run.bytes[i];
        lexer->out[lexer->n_bytes + i] = c;
        if (c == '\0') {
            lexer->out[lexer->n_bytes + i] = ' ';
        }
    }
}

/* Counts a run, and adds it to the content where that is wanted. */
static void add_run(struct lexer *lexer, struct lexer_run run)
{
    struct slice text = {lexer->text, run.off, run.len};
    struct lexer_run *first = &lexer->first;

    if (lexer->builder) {
        copy_traced(lexer->builder, text);
    }
    if (lexer->out) {
        copy_flat(lexer, slice_str(text));
    }
    lexer->n_bytes += run.len;
    if (!first->len) {
        *first = run;
    } else if (!lexer->scattered && first->off + first->len == run.off) {
        first->len += run.len;
    } else {
        if (!lexer->scattered) {
            struct slice before = {lexer->text, first->off, first->len};
            lexer->n_units = utf8_utf16_units(slice_str(before));
            lexer->scattered = true;
        }
        lexer->n_units += utf8_utf16_units(slice_str(text));
    }
}

/* Moves source text up to `end` into the token. */
static void push_run(struct lexer *lexer, uint32_t end)
{
    struct lexer_run run = {lexer->start, end - lexer->start};

    lexer->start = end;
    if (end > run.off) {
        add_run(lexer, run);
    }
}

static bool is_empty(const struct lexer *lexer)
{
    return !lexer->first.len;
}

/* Whether a token is its content between quotes. */
static bool is_quoted(const struct lexer *lexer, uint32_t start, uint32_t end)
{
    const char *bytes = lexer->in.bytes;
    const struct lexer_run *content = &lexer->first;

    if (end - start < 2 || bytes[start] != '"' || bytes[end - 1] != '"') {
        return false;
    }
    return content->len ? content->off == start + 1 &&
                              content->off + content->len == end - 1
                        : end - start == 2;
}

static enum lexer_form form_of(const struct lexer *lexer, uint32_t start,
                               uint32_t end)
{
    struct slice content = {lexer->text, lexer->first.off, lexer->first.len};

    if (lexer->scattered ||
        (lexer->may_hold_nul &&
         str_find_char(slice_str(content), '\0', 0) != STR_NONE)) {
        return LEXER_PIECED;
    }
    if (content.len ? content.off == start && content.off + content.len == end
                    : start == end) {
        return LEXER_PLAIN;
    }
    return is_quoted(lexer, start, end) ? LEXER_QUOTED : LEXER_PIECED;
}

/* The token is complete; the next one begins behind it. */
static void emit(struct lexer *lexer, enum lexer_token_kind kind)
{
    struct lexer_token *token = lexer->token;
    uint32_t start = lexer->token_from;
    uint32_t end = lexer->start > start ? lexer->start : start;

    *token = (struct lexer_token){.kind = kind,
                                  .form = form_of(lexer, start, end),
                                  .start = start,
                                  .end = end,
                                  .text = {lexer->text, start, end - start},
                                  .n_bytes = lexer->n_bytes,
                                  .n_units = lexer->scattered ? lexer->n_units
                                                              : lexer->n_bytes};
    if (token->form == LEXER_QUOTED) {
        token->text = slice_sub(token->text, 1, token->text.len - 2);
    }
    lexer->first.len = 0;
    lexer->scattered = false;
    lexer->n_bytes = 0;
    lexer->ready = true;
}

static void emit_bare(struct lexer *lexer, enum lexer_token_kind kind,
                      uint32_t from, uint32_t to)
{
    *lexer->token = (struct lexer_token){.kind = kind,
                                         .form = LEXER_PLAIN,
                                         .start = from,
                                         .end = to,
                                         .text = {lexer->text, from, to - from},
                                         .n_bytes = to - from,
                                         .n_units = to - from};
    lexer->ready = true;
}

static void begin_token(struct lexer *lexer, uint32_t at)
{
    lexer->start = at;
    lexer->token_from = at;
}

static void line_start(struct lexer *lexer)
{
    while (!at_end_of_file(lexer)) {
        char c = lexer->in.bytes[lexer->at];
        if (c == '\n') {
            emit_bare(lexer, LEXER_LINE_END, lexer->at, lexer->at);
            lexer->at++;
            lexer->junk_on_line = false;
            return;
        }
        if (c == ';') {
            push_state(lexer, LINE_START);
            lexer->state = COMMENT;
            return;
        }
        if (c == '[') {
            lexer->at++;
            begin_token(lexer, lexer->at);
            lexer->state = SECTION_NAME;
            return;
        }
        uint32_t space = space_at(lexer);
        if (space) {
            lexer->at += space;
        } else if (lexer->in_section) {
            begin_token(lexer, lexer->at);
            lexer->state = KEY;
            return;
        } else { /* skipped one by one: a [ later on the line still counts */
            bool first = !lexer->junk_on_line;
            lexer->junk_on_line = true;
            lexer->at++;
            if (first) {
                emit_bare(lexer, LEXER_JUNK, lexer->at - 1, lexer->at);
                return;
            }
        }
    }
    emit_bare(lexer, LEXER_END, lexer->at, lexer->at);
}

static void section_name(struct lexer *lexer)
{
    uint32_t from = lexer->at;

    lexer->in_section = true;
    push_state(lexer, LINE_START);
    lexer->state = COMMENT;
    for (; !at_end_of_line(lexer); lexer->at++) {
        if (lexer->in.bytes[lexer->at] == ']') {
            push_run(lexer, lexer->at);
            emit(lexer, LEXER_SECTION);
            return;
        }
    }
    uint32_t to = lexer->at;
    while (to > from && ascii_is_space(lexer->in.bytes[to - 1])) {
        to--;
    }
    emit_bare(lexer, LEXER_SECTION_BROKEN, from, to);
}

/* A `;` between two percent signs cuts a %token% in two. */
static void check_semicolon(struct lexer *lexer)
{
    size_t percents = 0;

    if (!lexer->diags) {
        return;
    }
    for (uint32_t i = lexer->token_from; i < lexer->at; i++) {
        percents += lexer->in.bytes[i] == '%';
    }
    if (percents % 2 == 0) {
        return;
    }
    for (uint32_t i = lexer->at;
         i < lexer->in.len && lexer->in.bytes[i] != '\n'; i++) {
        if (lexer->in.bytes[i] == '%') {
            diag_add(lexer->diags, DIAG_SEMICOLON_IN_TOKEN,
                     (struct slice){lexer->text, lexer->token_from,
                                    i + 1 - lexer->token_from});
            return;
        }
    }
}

/* The usual line end: no blanks that something might follow. */
static bool at_crlf(const struct lexer *lexer)
{
    const char *bytes = lexer->in.bytes + lexer->at;

    return bytes[0] == '\r' && lexer->at + 1 < lexer->in.len &&
           bytes[1] == '\n';
}

/* Quote, backslash and white space inside a key or field. `token_end` is where
 * the token ends without its trailing blanks. true when the state changed. */
static bool common_character(struct lexer *lexer, uint32_t token_end)
{
    char c = lexer->in.bytes[lexer->at];
    enum state back = (enum state)lexer->state;

    if (c == '"') {
        push_run(lexer, lexer->at);
        lexer->at++;
        lexer->start = lexer->at;
        push_state(lexer, back);
        lexer->state = QUOTES;
        return true;
    }
    if (c == '\\') {
        push_run(lexer, token_end);
        lexer->start = lexer->at;
        push_state(lexer, back);
        lexer->state = BACKSLASH;
        return true;
    }
    /* A NUL counts as white space in a value only. */
    if (space_at(lexer) || (c == '\0' && back == VALUE)) {
        push_run(lexer, lexer->at);
        push_state(lexer, back);
        lexer->state = TRAIL;
        return true;
    }
    return false;
}

static void to_comment(struct lexer *lexer, uint32_t token_end)
{
    push_run(lexer, token_end);
    check_semicolon(lexer);
    emit(lexer, LEXER_FIELD);
    push_state(lexer, LINE_START);
    lexer->state = COMMENT;
}

/* After a separator: blanks, then a value. Where a plain byte or a quote comes
 * after the blanks, there is nothing more to ask of them. */
static void to_value(struct lexer *lexer)
{
    const char *bytes = lexer->in.bytes;
    uint32_t at = ++lexer->at;

    while (at < lexer->in.len && (bytes[at] == ' ' || bytes[at] == '\t')) {
        at++;
    }
    if (at < lexer->in.len &&
        (is_plain[(unsigned char)bytes[at]] || bytes[at] == '"')) {
        lexer->at = at;
        begin_token(lexer, at);
        lexer->state = VALUE;
        return;
    }
    begin_token(lexer, lexer->at);
    push_state(lexer, VALUE);
    lexer->state = LEAD;
}

/* Reads on over plain bytes, and over blanks that plain bytes follow: those are
 * inside the token. Where the token ends so far. */
static uint32_t skip_plain(struct lexer *lexer, uint32_t token_end)
{
    const unsigned char *bytes = (const unsigned char *)lexer->in.bytes;
    size_t len = lexer->in.len;
    size_t from = lexer->at;
    size_t at = from;

    while (at < len &&
           (is_plain[bytes[at]] ||
            (bytes[at] == ' ' && at + 1 < len && is_plain[bytes[at + 1]]))) {
        at++;
    }
    lexer->at = (uint32_t)at;
    return at > from ? (uint32_t)at : token_end;
}

static void key(struct lexer *lexer)
{
    uint32_t token_end = skip_plain(lexer, lexer->start);

    for (; !at_end_of_line(lexer); token_end = ++lexer->at) {
        char c = lexer->in.bytes[lexer->at];
        if (c == ',') {
            break;
        }
        if (at_crlf(lexer)) {
            lexer->at++;
            break;
        }
        if (c == '=') {
            push_run(lexer, token_end);
            emit(lexer, LEXER_KEY);
            to_value(lexer);
            return;
        }
        if (c == ';') {
            to_comment(lexer, token_end);
            return;
        }
        if (common_character(lexer, token_end)) {
            return;
        }
    }
    push_run(lexer, token_end);
    lexer->state = VALUE; /* which adds the field */
}

static void value(struct lexer *lexer)
{
    uint32_t token_end = skip_plain(lexer, lexer->start);

    for (; !at_end_of_line(lexer); token_end = ++lexer->at) {
        char c = lexer->in.bytes[lexer->at];
        if (c == ';') {
            to_comment(lexer, token_end);
            return;
        }
        if (c == ',') {
            push_run(lexer, token_end);
            emit(lexer, LEXER_FIELD);
            to_value(lexer);
            return;
        }
        if (at_crlf(lexer)) {
            push_run(lexer, token_end);
            lexer->at++;
            break;
        }
        if (common_character(lexer, token_end)) {
            return;
        }
    }
    push_run(lexer, token_end);
    emit(lexer, LEXER_FIELD);
    lexer->state = LINE_START;
}

/* What a continuation swallows without need is worth a note. */
static void check_swallowed(struct lexer *lexer, uint32_t backslash)
{
    uint32_t from = lexer->at;
    uint32_t to = from;

    if (!lexer->diags) {
        return;
    }
    while (to < lexer->in.len && lexer->in.bytes[to] != '\n') {
        to++;
    }
    struct slice line =
        slice_trim((struct slice){lexer->text, from, to - from});
    struct str text = slice_str(line);
    if (text.len && text.bytes[0] == '[' &&
        str_find_char(text, ']', 0) != STR_NONE) {
        diag_add(lexer->diags, DIAG_SECTION_SWALLOWED, line);
    } else if (text.len && backslash > 0) {
        char before = lexer->in.bytes[backslash - 1];
        /* "C:\" and "dir\" look like paths; "a, \" is how lines go on */
        if (ascii_is_alnum(before) || before == ':') {
            diag_add(lexer->diags, DIAG_LINE_SWALLOWED, line);
        }
    }
}

static void backslash(struct lexer *lexer)
{
    uint32_t first = lexer->start;

    while (!at_end_of_file(lexer)) {
        char c = lexer->in.bytes[lexer->at];
        if (c == '\n') { /* a continuation: all since the backslash goes */
            lexer->at++;
            lexer->start = lexer->at;
            lexer->state = LEAD;
            check_swallowed(lexer, first);
            return;
        }
        if (c == ';') {
            push_state(lexer, BACKSLASH);
            lexer->state = COMMENT;
            return;
        }
        uint32_t space = c == '\\' ? 1 : space_at(lexer);
        if (!space) { /* no continuation: the backslashes are literal */
            push_run(lexer, lexer->at);
            pop_state(lexer);
            return;
        }
        lexer->at += space;
    }
    lexer->start = lexer->at;
    pop_state(lexer);
}

static void quotes(struct lexer *lexer)
{
    for (; !at_end_of_line(lexer); lexer->at++) {
        lexer->at = skip_plain(lexer, lexer->at);
        if (at_end_of_line(lexer)) {
            break;
        }
        if (lexer->in.bytes[lexer->at] != '"') {
            continue;
        }
        if (lexer->at + 1 < lexer->in.len &&
            lexer->in.bytes[lexer->at + 1] == '"') { /* "" is one quote */
            push_run(lexer, lexer->at + 1);
            lexer->at++;
            lexer->start = lexer->at + 1;
        } else {
            push_run(lexer, lexer->at);
            lexer->at++;
            lexer->start = lexer->at;
            pop_state(lexer);
            return;
        }
    }
    /* The carriage return belongs to the line end, not to the text. */
    uint32_t end = lexer->at;
    if (end > lexer->start && lexer->in.bytes[end - 1] == '\r') {
        end--;
    }
    diag_add(lexer->diags, DIAG_QUOTE_UNCLOSED,
             (struct slice){lexer->text, lexer->token_from,
                            end - lexer->token_from});
    push_run(lexer, end);
    lexer->start = lexer->at;
    pop_state(lexer);
}

static void lead(struct lexer *lexer)
{
    while (!at_end_of_line(lexer)) {
        uint32_t space = space_at(lexer);
        if (lexer->in.bytes[lexer->at] == '\\') {
            lexer->start = lexer->at;
            lexer->state = BACKSLASH;
            return;
        }
        if (!space) {
            break;
        }
        lexer->at += space;
    }
    lexer->start = lexer->at;
    if (is_empty(lexer)) {
        lexer->token_from = lexer->at;
    }
    pop_state(lexer);
}

static void trail(struct lexer *lexer)
{
    while (!at_end_of_line(lexer)) {
        char c = lexer->in.bytes[lexer->at];
        uint32_t space = c == '\0' ? 1 : space_at(lexer);
        if (c == '\\') {
            lexer->state = BACKSLASH;
            return;
        }
        if (!space) {
            break;
        }
        lexer->at += space;
    }
    pop_state(lexer);
}

static void comment(struct lexer *lexer)
{
    struct str rest = {lexer->in.bytes + lexer->at, lexer->in.len - lexer->at};
    size_t end = str_find_char(rest, '\n', 0);
    struct str line = {rest.bytes, end == STR_NONE ? rest.len : end};

    end = str_find_char(line, CTRL_Z, 0);
    lexer->at += (uint32_t)(end == STR_NONE ? line.len : end);
    pop_state(lexer);
}

bool lexer_next(struct lexer *lexer, struct lexer_token *token)
{
    lexer->token = token;
    lexer->ready = false;
    while (!lexer->ready) {
        switch ((enum state)lexer->state) {
        case LINE_START:
            line_start(lexer);
            break;
        case SECTION_NAME:
            section_name(lexer);
            break;
        case KEY:
            key(lexer);
            break;
        case VALUE:
            value(lexer);
            break;
        case BACKSLASH:
            backslash(lexer);
            break;
        case QUOTES:
            quotes(lexer);
            break;
        case LEAD:
            lead(lexer);
            break;
        case TRAIL:
            trail(lexer);
            break;
        case COMMENT:
            comment(lexer);
            break;
        }
    }
    return token->kind != LEXER_END;
}

bool lexer_starts_line(const struct lexer *lexer)
{
    return lexer->state == LINE_START && !lexer->n_stack && lexer->in_section &&
           (!lexer->at || lexer->in.bytes[lexer->at - 1] == '\n');
}

/* Reads the one token that begins there again. */
static void read_again(struct lexer *lexer, uint32_t start,
                       enum lexer_position position, struct lexer_token *token)
{
    lexer->at = start;
    lexer->in_section = true;
    begin_token(lexer, start);
    if (position == LEXER_FIRST) {
        lexer->state = KEY;
    } else {
        push_state(lexer, VALUE);
        lexer->state = LEAD;
    }
    lexer_next(lexer, token);
}

size_t lexer_flatten(const struct text *text, uint32_t start,
                     enum lexer_position position, char *out, size_t max_out)
{
    struct lexer lexer;
    struct lexer_token token;

    init(&lexer, text, NULL);
    lexer.out = out;
    lexer.max_out = max_out;
    read_again(&lexer, start, position, &token);
    return token.n_bytes;
}

/* Content that is traced as a whole. */
static void build_flat(struct text_builder *builder, struct slice token,
                       size_t n, enum lexer_position position)
{
    char *room = text_build_room(builder, n);

    if (room) {
        lexer_flatten(token.text, token.off, position, room, n);
        text_build_commit(builder, n, token, 0, 0);
    }
}

struct slice lexer_build(struct arena *arena, const struct text *text,
                         uint32_t start, uint32_t end,
                         enum lexer_position position)
{
    struct lexer lexer;
    struct lexer_token token;
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_UNQUOTE, SIZE_MAX);
    if (end - start > LEXER_TRACED_BYTES) {
        build_flat(&builder, (struct slice){text, start, end - start},
                   lexer_flatten(text, start, position, NULL, 0), position);
    } else {
        init(&lexer, text, NULL);
        lexer.builder = &builder;
        read_again(&lexer, start, position, &token);
        if (!token.n_bytes) {
            return (struct slice){text, end, 0};
        }
    }
    return slice_all(text_build_finish(&builder));
}

struct slice lexer_build_name(struct arena *arena, struct slice header)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_UNQUOTE, SIZE_MAX);
    copy_traced(&builder, header);
    return slice_all(text_build_finish(&builder));
}
