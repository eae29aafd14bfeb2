/* SPDX-License-Identifier: MIT */
#include "rules/pump.h"

#include "base/buf.h"
#include "base/limits.h"
#include "rules/regex.h"

/* 2^32 ways to fail are beyond any limit; a pattern with four parts that match
 * anything has 32^4, which is not. */
#define REPEATS 32u
#define MAX_TEXT_BYTES ((size_t)4096)
#define MAX_DEPTH 12u
#define MAX_SAMPLES 8u

/* A character that does not stand in patterns. */
#define TAIL "\x01"

/* What a part of a pattern that matches many characters is tried with, best
 * first: two parts that seem to differ may share some. */
static const char *const letters[] = {
    "a0 ._-\\/:=\"',;()[]{}<>|&$%!?*+@#~`^\n\x7f",
    "0a ._-\\/:=\"',;()[]{}<>|&$%!?*+@#~`^\n\x7f",
    " a0._-\\/:=\"',;()[]{}<>|&$%!?*+@#~`^\n\x7f",
    "\\/.-_\"':= a0,;()[]{}<>|&$%!?*+@#~`^\n\x7f",
};

/* Ways in which one part of a pattern may match. */
struct samples {
    struct str items[MAX_SAMPLES];
    uint32_t n;
};

struct pumper {
    struct arena *arena;
    struct regex_scratch *scratch;
    const struct regex *regex; /* the whole pattern, REGEX_WORST */
    struct str pattern;
    size_t at;
    const char *letters;
    struct buf text; /* what the parts before `at` match */
    unsigned depth;
    bool is_beyond; /* there is something that this does not read */
    bool no_memory;
    bool is_found;
    struct pump found;
};

static char peek(const struct pumper *pumper, size_t ahead)
{
    return pumper->at + ahead < pumper->pattern.len
               ? pumper->pattern.bytes[pumper->at + ahead]
               : '\0';
}

static bool goes_on(const struct pumper *pumper)
{
    return pumper->at < pumper->pattern.len && !pumper->is_beyond &&
           !pumper->no_memory && !pumper->is_found;
}

static void cut(struct pumper *pumper, size_t len)
{
    pumper->text.len = len;
}

/* The text from an offset on, kept. */
static struct str kept(struct pumper *pumper, size_t from)
{
    struct str all = buf_str(&pumper->text);
    struct str part = str_sub(all, from, all.len - from);
    struct str copy = arena_copy(pumper->arena, part);

    if (!copy.bytes) {
        pumper->no_memory = true;
        return STR("");
    }
    return copy;
}

/* Whether the pattern fails too slowly on the text, a body repeated, and an
 * end that does not match. */
static void try_body(struct pumper *pumper, size_t start, struct str body)
{
    struct str before = str_sub(buf_str(&pumper->text), 0, start);
    struct buf trial;
    size_t at;
    size_t len;

    if (!body.len || pumper->is_found) {
        return;
    }
    buf_init(&trial, MAX_TEXT_BYTES);
    buf_add(&trial, before);
    for (uint32_t i = 0; i < REPEATS; i++) {
        buf_add(&trial, body);
    }
    buf_add(&trial, STR(TAIL));
    if (!trial.failed &&
        regex_match(pumper->regex, pumper->scratch, buf_str(&trial),
                    (uint32_t)limits_default.value[LIMIT_regex_match], &at,
                    &len) == REGEX_LIMIT) {
        size_t whole = pumper->text.len;
        cut(pumper, start);
        pumper->found = (struct pump){kept(pumper, 0), body};
        cut(pumper, whole);
        pumper->is_found = true;
    }
    buf_deinit(&trial);
}

/* Adds the first letter that a part of the pattern, one character wide,
 * matches. */
static void add_letter(struct pumper *pumper, struct str part)
{
    struct regex_error error;
    struct buf source;
    size_t at;
    size_t len;

    buf_init(&source, MAX_TEXT_BYTES);
    buf_add(&source, part);
    struct regex *regex =
        source.failed ? NULL
                      : regex_compile(buf_str(&source), REGEX_FAST, &error);
    buf_deinit(&source);
    pumper->is_beyond = pumper->is_beyond || !regex;
    for (const char *p = pumper->letters; regex && *p; p++) {
        if (regex_match(regex, pumper->scratch, str_of(p, 1), 100, &at, &len) ==
            REGEX_MATCH) {
            buf_add_char(&pumper->text, *p);
            break;
        }
    }
    regex_free(regex);
}

static void read_alternatives(struct pumper *pumper, struct samples *out);

/* At what follows "(?": past it. false for what is not read. */
static bool read_head(struct pumper *pumper, bool *is_look, bool *is_option)
{
    char c = peek(pumper, 0);

    *is_option = false;
    *is_look = c == '=' || c == '!' ||
               (c == '<' && (peek(pumper, 1) == '=' || peek(pumper, 1) == '!'));
    if (*is_look) {
        pumper->at += c == '<' ? 2 : 1;
        return true;
    }
    if (c == '>') { /* atomic */
        pumper->at++;
        return true;
    }
    while (peek(pumper, 0) == 'i' || peek(pumper, 0) == 's' ||
           peek(pumper, 0) == 'm' || peek(pumper, 0) == '-') {
        pumper->at++;
    }
    *is_option = peek(pumper, 0) == ')';
    return (*is_option || peek(pumper, 0) == ':') && pumper->at++ > 0;
}

static void read_group(struct pumper *pumper, struct samples *out)
{
    bool is_look = false;
    bool is_option = false;
    size_t start = pumper->text.len;

    pumper->at++;
    if (peek(pumper, 0) == '*') {
        pumper->is_beyond = true;
        return;
    }
    if (peek(pumper, 0) == '?') {
        pumper->at++;
        pumper->is_beyond = !read_head(pumper, &is_look, &is_option);
        if (pumper->is_beyond || is_option) {
            return;
        }
    }
    if (++pumper->depth > MAX_DEPTH) {
        pumper->is_beyond = true;
        return;
    }
    read_alternatives(pumper, out);
    pumper->depth--;
    if (is_look) {
        cut(pumper, start);
        out->n = 0;
    }
    pumper->is_beyond =
        pumper->is_beyond || (!pumper->is_found && peek(pumper, 0) != ')');
    pumper->at++;
}

/* Offset behind a character class. */
static size_t class_end(const struct pumper *pumper)
{
    struct str pattern = pumper->pattern;
    size_t first = pumper->at + (peek(pumper, 1) == '^' ? 2 : 1);

    for (size_t i = first; i < pattern.len; i++) {
        char c = pattern.bytes[i];
        if (c == ']' && i > first) {
            return i + 1;
        }
        if (c == '\\') {
            i++;
        } else if (c == '[' && str_equal(str_sub(pattern, i, 2), STR("[:"))) {
            size_t end = str_find(pattern, STR(":]"), i);
            i = end == STR_NONE ? i : end + 1;
        }
    }
    return pattern.len;
}

static void read_class(struct pumper *pumper)
{
    size_t end = class_end(pumper);

    add_letter(pumper, str_sub(pumper->pattern, pumper->at, end - pumper->at));
    pumper->at = end;
}

static void read_escape(struct pumper *pumper)
{
    char c = peek(pumper, 1);

    if (!ascii_is_alnum(c)) {
        buf_add_char(&pumper->text, c);
    } else if (strchr("dDwWsShHvVnrt", c)) {
        add_letter(pumper, str_sub(pumper->pattern, pumper->at, 2));
    } else if (!strchr("bBAzZ", c)) {
        pumper->is_beyond = true;
    }
    pumper->at += 2;
}

static void read_atom(struct pumper *pumper, struct samples *out)
{
    char c = peek(pumper, 0);

    out->n = 0;
    switch (c) {
    case '(':
        read_group(pumper, out);
        return;
    case '[':
        read_class(pumper);
        return;
    case '\\':
        read_escape(pumper);
        return;
    case '.':
        buf_add_char(&pumper->text, *pumper->letters);
        break;
    case '^':
    case '$':
        break;
    default:
        buf_add_char(&pumper->text, c);
        break;
    }
    pumper->at++;
}

/* Past a quantifier. Whether it repeats without end and gives back what it
 * took. Source: pcre2pattern(3), Repetition. */
static bool read_quantifier(struct pumper *pumper)
{
    char c = peek(pumper, 0);
    bool is_endless = c == '*' || c == '+';
    size_t ahead = 1;

    if (c == '{') {
        while (ascii_is_digit(peek(pumper, ahead)) ||
               peek(pumper, ahead) == ',') {
            ahead++;
        }
        if (peek(pumper, ahead) != '}' || ahead == 1) {
            return false;
        }
        is_endless = peek(pumper, ahead - 1) == ',';
        ahead++;
    } else if (!is_endless && c != '?') {
        return false;
    }
    pumper->at += ahead;
    if (peek(pumper, 0) == '+') {
        pumper->at++;
        return false;
    }
    pumper->at += peek(pumper, 0) == '?';
    return is_endless;
}

static void read_item(struct pumper *pumper)
{
    struct samples samples;
    size_t start = pumper->text.len;

    read_atom(pumper, &samples);
    if (pumper->is_beyond || pumper->is_found || !read_quantifier(pumper)) {
        return;
    }
    if (!samples.n) {
        samples.items[samples.n++] = kept(pumper, start);
    }
    for (uint32_t i = 0; i < samples.n; i++) {
        try_body(pumper, start, samples.items[i]);
    }
}

/* Leaves the text of the first alternative; `out` has those of all. */
static void read_alternatives(struct pumper *pumper, struct samples *out)
{
    size_t start = pumper->text.len;

    out->n = 0;
    for (;;) {
        cut(pumper, start);
        while (goes_on(pumper) && peek(pumper, 0) != '|' &&
               peek(pumper, 0) != ')') {
            read_item(pumper);
        }
        if (out->n < MAX_SAMPLES) {
            out->items[out->n++] = kept(pumper, start);
        }
        if (!goes_on(pumper) || peek(pumper, 0) != '|') {
            break;
        }
        pumper->at++;
    }
    cut(pumper, start);
    buf_add(&pumper->text, out->items[0]);
}

static void run(struct pumper *pumper)
{
    struct samples samples;

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        pumper->at = 0;
        pumper->depth = 0;
        pumper->is_beyond = false;
        pumper->letters = letters[i];
        cut(pumper, 0);
        read_alternatives(pumper, &samples);
        if (pumper->is_found || pumper->is_beyond || pumper->no_memory) {
            return;
        }
    }
}

enum pump_result pump_find(struct arena *arena, struct str pattern,
                           struct pump *out)
{
    struct regex_error error;
    struct pumper pumper = {.arena = arena, .pattern = pattern};
    struct regex *regex = regex_compile(pattern, REGEX_WORST, &error);

    pumper.regex = regex;
    pumper.scratch =
        regex_scratch_new((uint32_t)limits_default.value[LIMIT_regex_depth]);
    buf_init(&pumper.text, MAX_TEXT_BYTES);
    pumper.no_memory = !regex || !pumper.scratch;
    if (!pumper.no_memory) {
        run(&pumper);
    }
    buf_deinit(&pumper.text);
    regex_scratch_free(pumper.scratch);
    regex_free(regex);
    if (pumper.is_found) {
        *out = pumper.found;
        return PUMP_FOUND;
    }
    return pumper.no_memory ? PUMP_NO_MEMORY : PUMP_NONE;
}
