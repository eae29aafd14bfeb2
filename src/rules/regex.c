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
static pcre2_code *compile(struct str pattern, uint32_t options,
                           struct regex_error *error)
{
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern.bytes, pattern.len,
                                         PCRE2_CASELESS | PCRE2_DOTALL |
                                             PCRE2_NEVER_BACKSLASH_C | options,
                                         &code, &offset, NULL);

    if (!compiled) {
        error->offset = offset;
        if (pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message,
                                    sizeof error->message) < 0) {
            error->message[0] = '\0';
        }
    }
    return compiled;
}

bool regex_is_ascii(struct str s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.len; i++) {
        all |= (unsigned char)s.bytes[i];
    }
    return all < 0x80;
}

/* Bytes are characters in a text that is ASCII. A pattern with others in it, or
 * with numbers of characters above bytes, still means characters. */
static pcre2_code *compile_ascii(struct str pattern, struct regex_error *error)
{
    pcre2_code *compiled =
        regex_is_ascii(pattern) ? compile(pattern, 0, error) : NULL;

    return compiled ? compiled : compile(pattern, PCRE2_UTF, error);
}

struct regex *regex_compile(struct str pattern, enum regex_mode mode,
                            struct regex_error *error)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;

    switch (mode) {
    case REGEX_ASCII:
        return (struct regex *)compile_ascii(pattern, error);
    case REGEX_WORST:
        options |= PCRE2_NO_START_OPTIMIZE | PCRE2_AUTO_CALLOUT;
        break;
    case REGEX_COUNTED:
        options |= PCRE2_AUTO_CALLOUT;
        break;
    case REGEX_FAST:
        break;
    }
    return (struct regex *)compile(pattern, options, error);
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

static enum regex_result run(const struct regex *regex,
                             struct regex_scratch *scratch, struct str text,
                             size_t from, uint32_t options, size_t *at,
                             size_t *len)
{
    const char *bytes = text.bytes ? text.bytes : "";
    int n = pcre2_match((const pcre2_code *)regex, (PCRE2_SPTR)bytes, text.len,
                        from, options, scratch->data, scratch->context);

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

static void set_steps(struct regex_scratch *scratch, uint32_t max_steps)
{
    scratch->steps = 0;
    scratch->max_steps = max_steps;
    pcre2_set_match_limit(scratch->context, max_steps);
}

enum regex_result regex_match(const struct regex *regex,
                              struct regex_scratch *scratch, struct str text,
                              uint32_t max_steps, size_t *at, size_t *len)
{
    set_steps(scratch, max_steps);
    return run(regex, scratch, text, 0, 0, at, len);
}

enum regex_result regex_match_here(const struct regex *regex,
                                   struct regex_scratch *scratch,
                                   struct str text, size_t from,
                                   uint32_t max_steps, size_t *at, size_t *len)
{
    set_steps(scratch, max_steps);
    return run(regex, scratch, text, from, PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK,
               at, len);
}
