/* SPDX-License-Identifier: MIT */
#include "rules/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    uint32_t steps;
    uint32_t max_steps;
};

/* PCRE2 limits the steps from one starting place only, and tries them all. In
 * counted patterns a callout stands before every item, so that nothing goes
 * uncounted that could be repeated. */
struct regex *regex_compile(struct str pattern, enum regex_mode mode,
                            struct regex_error *error)
{
    uint32_t counting = mode == REGEX_COUNTED ? PCRE2_AUTO_CALLOUT : 0;
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled = pcre2_compile(
        (PCRE2_SPTR)pattern.bytes, pattern.len,
        PCRE2_CASELESS | PCRE2_DOTALL | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
            PCRE2_NEVER_BACKSLASH_C | counting,
        &code, &offset, NULL);

    if (!compiled) {
        error->offset = offset;
        if (pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message,
                                    sizeof error->message) < 0) {
            error->message[0] = '\0';
        }
    }
    return (struct regex *)compiled;
}

void regex_free(struct regex *regex)
{
    pcre2_code_free((pcre2_code *)regex);
}

static int count_step(pcre2_callout_block *block, void *context)
{
    struct regex_scratch *scratch = context;

    (void)block;
    return scratch->steps++ < scratch->max_steps ? 0 : PCRE2_ERROR_MATCHLIMIT;
}

uint32_t regex_steps(const struct regex_scratch *scratch)
{
    return scratch->steps;
}

struct regex_scratch *regex_scratch_new(uint32_t max_kilobytes)
{
    struct regex_scratch *scratch = calloc(1, sizeof *scratch);

    if (!scratch) {
        return NULL;
    }
    scratch->data = pcre2_match_data_create(1, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    if (!scratch->data || !scratch->context) {
        regex_scratch_free(scratch);
        return NULL;
    }
    pcre2_set_callout(scratch->context, count_step, scratch);
    pcre2_set_heap_limit(scratch->context, max_kilobytes);
    return scratch;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
    if (scratch) {
        pcre2_match_data_free(scratch->data);
        pcre2_match_context_free(scratch->context);
        free(scratch);
    }
}

enum regex_result regex_match(const struct regex *regex,
                              struct regex_scratch *scratch, struct str text,
                              uint32_t max_steps, size_t *at, size_t *len)
{
    const char *bytes = text.bytes ? text.bytes : "";

    scratch->steps = 0;
    scratch->max_steps = max_steps;
    pcre2_set_match_limit(scratch->context, max_steps);
    int n = pcre2_match((const pcre2_code *)regex, (PCRE2_SPTR)bytes, text.len,
                        0, 0, scratch->data, scratch->context);

    if (n >= 0) { /* 0: more groups than the match data has room for */
        const PCRE2_SIZE *range = pcre2_get_ovector_pointer(scratch->data);
        *at = range[0];
        *len = range[1] > range[0] ? range[1] - range[0] : 0; /* \K */
        return REGEX_MATCH;
    }
    if (n == PCRE2_ERROR_NOMATCH) {
        return REGEX_NO_MATCH;
    }
    return n == PCRE2_ERROR_NOMEMORY ? REGEX_NO_MEMORY : REGEX_LIMIT;
}

/* Reading a pattern just as far as needed to see literal runs in it. */
struct literal_reader {
    struct str pattern;
    size_t at;
    struct literal_run {
        size_t len;
        char bytes[64];
    } run, best;
    bool last_is_literal; /* the last item is the last byte of `run` */
};

static void end_run(struct literal_reader *reader)
{
    if (reader->run.len > reader->best.len) {
        reader->best = reader->run;
    }
    reader->run.len = 0;
    reader->last_is_literal = false;
}

static void add_literal(struct literal_reader *reader, char c)
{
    c = ascii_lower(c);
    if ((unsigned char)c >= 0x80 || c == 'k' || c == 's') {
        end_run(reader);
        return;
    }
    if (reader->run.len == sizeof reader->run.bytes) {
        end_run(reader);
    }
    reader->run.bytes[reader->run.len++] = c;
    reader->last_is_literal = true;
}

/* At a quantifier: what it follows may be missing, or repeated. */
static void read_quantifier(struct literal_reader *reader)
{
    char c = reader->pattern.bytes[reader->at];
    bool may_be_missing = c != '+';

    if (may_be_missing && reader->last_is_literal) {
        reader->run.len--;
    }
    end_run(reader);
    if (c == '{') {
        size_t end = str_find_char(reader->pattern, '}', reader->at);
        reader->at = end == STR_NONE ? reader->pattern.len : end;
    }
    reader->at++;
}

/* Past a character class; POSIX names and escapes may hold a ]. */
static void skip_class(struct literal_reader *reader)
{
    struct str p = reader->pattern;
    size_t at = reader->at + 1;

    if (at < p.len && p.bytes[at] == '^') {
        at++;
    }
    if (at < p.len && p.bytes[at] == ']') {
        at++; /* the first ] is a member */
    }
    while (at < p.len && p.bytes[at] != ']') {
        if (p.bytes[at] == '\\') {
            at++;
        } else if (p.bytes[at] == '[' && at + 1 < p.len &&
                   p.bytes[at + 1] == ':') {
            size_t end = str_find(p, STR(":]"), at + 2);
            at = end == STR_NONE ? at : end + 1;
        }
        at++;
    }
    reader->at = at + 1;
    end_run(reader);
}

/* Past a group with all that is in it. false: too clever to be read. */
static bool skip_group(struct literal_reader *reader)
{
    struct str p = reader->pattern;
    unsigned depth = 0;

    do {
        char c = p.bytes[reader->at];
        if (c == '[') {
            skip_class(reader);
            continue;
        }
        if (c == '(' && reader->at + 1 < p.len) {
            struct str head = str_sub(p, reader->at + 1, 2);
            if (head.bytes[0] == '*' || str_equal(head, STR("?#"))) {
                return false;
            }
            if (str_equal(head, STR("?-")) || str_equal(head, STR("?i"))) {
                /* letter case does not matter here; x and others do */
                size_t end = reader->at + 2;
                while (end < p.len &&
                       (p.bytes[end] == '-' || p.bytes[end] == 'i')) {
                    end++;
                }
                if (end < p.len && p.bytes[end] != ')' && p.bytes[end] != ':') {
                    return false;
                }
            } else if (head.len == 2 && head.bytes[0] == '?' &&
                       ascii_is_alpha(head.bytes[1]) && head.bytes[1] != 'P') {
                return false;
            }
        }
        depth += c == '(';
        depth -= c == ')';
        reader->at += c == '\\' ? 2 : 1;
    } while (depth && reader->at < p.len);
    end_run(reader);
    return true;
}

/* false: an escape that this does not know. */
static bool read_escape(struct literal_reader *reader)
{
    struct str p = reader->pattern;

    if (reader->at + 1 >= p.len) {
        return false;
    }
    char c = p.bytes[reader->at + 1];
    reader->at += 2;
    if (!ascii_is_alnum(c)) {
        add_literal(reader, c);
        return true;
    }
    switch (c) {
    case 'b':
    case 'B':
    case 'A':
    case 'z':
    case 'Z':
        reader->last_is_literal = false; /* no width */
        return true;
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
    case 'R':
    case 'n':
    case 'r':
    case 't':
    case '1':
        end_run(reader);
        return true;
    default:
        return false;
    }
}

static bool read_item(struct literal_reader *reader)
{
    char c = reader->pattern.bytes[reader->at];

    switch (c) {
    case '|': /* either side will do: nothing is sure */
    case ')':
        return false;
    case '(':
        return skip_group(reader);
    case '[':
        skip_class(reader);
        return true;
    case '\\':
        return read_escape(reader);
    case '?':
    case '*':
    case '+':
    case '{':
        read_quantifier(reader);
        return true;
    case '.':
        end_run(reader);
        break;
    case '^':
    case '$':
        reader->last_is_literal = false;
        break;
    default:
        add_literal(reader, c);
        break;
    }
    reader->at++;
    return true;
}

void regex_literal(struct str pattern, char *out, size_t room)
{
    struct literal_reader reader = {.pattern = pattern};

    out[0] = '\0';
    while (reader.at < pattern.len) {
        if (!read_item(&reader)) {
            return;
        }
    }
    end_run(&reader);
    size_t n = reader.best.len < room ? reader.best.len : room - 1;
    memcpy(out, reader.best.bytes, n);
    out[n] = '\0';
}
