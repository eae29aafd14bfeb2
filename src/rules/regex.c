/* SPDX-License-Identifier: MIT */
#include "rules/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"

struct regex {
    pcre2_code *code;
    bool is_far; /* has a FAR_CALLOUT */
};

struct regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    uint32_t steps;
    uint32_t max_steps;
    size_t *until;
};

/* Before the first ".*" of a pattern for ASCII texts; see far_place. */
#define FAR_CALLOUT "(?C1)"

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

/* Past a character class that begins at `at`. */
static size_t class_end(struct str pattern, size_t at)
{
    size_t i = at + 1;

    i += str_at(pattern, i) == '^';
    i += str_at(pattern, i) == ']';
    while (i < pattern.len && pattern.bytes[i] != ']') {
        if (pattern.bytes[i] == '[' && str_at(pattern, i + 1) == ':') {
            size_t end = str_find(pattern, STR(":]"), i);
            i = end == STR_NONE ? i : end + 1;
        }
        i += pattern.bytes[i] == '\\' ? 2 : 1;
    }
    return i + 1;
}

/* Whether what an escape or a group means depends on nothing but the text at
 * its place: no references, verbs, conditions, options or changes of the
 * start. */
static bool is_plain_escape(char c)
{
    return !ascii_is_alnum(c) || memchr("bBdDwWsSrntAzZ", c, 14);
}

static bool is_plain_group(struct str pattern, size_t at)
{
    char c = str_at(pattern, at + 1);

    if (c != '?') {
        return c != '*';
    }
    c = str_at(pattern, at + 2);
    return c == ':' || c == '=' || c == '!' ||
           (c == '<' &&
            (str_at(pattern, at + 3) == '=' || str_at(pattern, at + 3) == '!'));
}

/* Where the first ".*" is behind which a text has to go on as the rest of the
 * pattern says, wherever that is. What begins a match further on would have to
 * be followed by the same, so that nothing more can match behind the first
 * place from which the rest was not found. STR_NONE: no such place. */
static size_t far_place(struct str pattern)
{
    size_t place = STR_NONE;
    unsigned depth = 0;
    size_t i = 0;

    while (i < pattern.len) {
        switch (pattern.bytes[i]) {
        case '\\':
            if (!is_plain_escape(str_at(pattern, i + 1))) {
                return STR_NONE;
            }
            i += 2;
            continue;
        case '[':
            i = class_end(pattern, i);
            continue;
        case '(':
            if (!is_plain_group(pattern, i)) {
                return STR_NONE;
            }
            depth++;
            break;
        case ')':
            depth -= depth > 0;
            break;
        case '|':
            if (!depth) {
                return STR_NONE;
            }
            break;
        case '.':
            if (!depth && i && place == STR_NONE &&
                str_at(pattern, i + 1) == '*' &&
                str_at(pattern, i + 2) != '+') {
                place = i;
            }
            break;
        default:
            break;
        }
        i++;
    }
    return place;
}

static pcre2_code *compile_far(struct str pattern, size_t place,
                               uint32_t options, struct regex_error *error)
{
    struct buf source;

    buf_init(&source, pattern.len + sizeof FAR_CALLOUT);
    buf_add(&source, str_sub(pattern, 0, place));
    buf_add(&source, STR(FAR_CALLOUT));
    buf_add(&source, str_sub(pattern, place, pattern.len - place));
    pcre2_code *compiled =
        source.failed ? NULL : compile(buf_str(&source), options, error);
    buf_deinit(&source);
    return compiled;
}

/* Whether all characters outside of ASCII are members of classes, where each
 * byte of them may stand for itself: none is in a text that is ASCII. Not so
 * the two letters that match an ASCII one when case does not count. */
static bool has_wide_in_classes_only(struct str pattern)
{
    size_t i = 0;

    if (str_find(pattern, STR("\xc5\xbf"), 0) != STR_NONE ||
        str_find(pattern, STR("\xe2\x84\xaa"), 0) != STR_NONE) {
        return false;
    }
    while (i < pattern.len) {
        char c = pattern.bytes[i];
        if ((unsigned char)c >= 0x80 ||
            (unsigned char)str_at(pattern, i + 1) >= 0x80) {
            if (c != '[') {
                return false;
            }
        }
        i = c == '[' ? class_end(pattern, i) : i + (c == '\\' ? 2u : 1u);
    }
    return true;
}

/* Bytes are characters in a text that is ASCII. A pattern with others outside
 * of classes, or with numbers of characters above bytes, still means
 * characters. */
static pcre2_code *compile_ascii(struct str pattern, bool *is_far,
                                 struct regex_error *error)
{
    uint32_t options = has_wide_in_classes_only(pattern) ? 0 : PCRE2_UTF;
    size_t place = far_place(pattern);
    pcre2_code *compiled =
        place == STR_NONE ? NULL : compile_far(pattern, place, options, error);

    *is_far = compiled != NULL;
    if (!compiled) {
        compiled = compile(pattern, options, error);
    }
    return compiled ? compiled : compile(pattern, PCRE2_UTF, error);
}

static pcre2_code *compile_mode(struct str pattern, enum regex_mode mode,
                                bool *is_far, struct regex_error *error)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;

    switch (mode) {
    case REGEX_ASCII:
        return compile_ascii(pattern, is_far, error);
    case REGEX_WORST:
        options |= PCRE2_NO_START_OPTIMIZE | PCRE2_AUTO_CALLOUT;
        break;
    case REGEX_COUNTED:
        options |= PCRE2_AUTO_CALLOUT;
        break;
    case REGEX_FAST:
        break;
    }
    return compile(pattern, options, error);
}

struct regex *regex_compile(struct str pattern, enum regex_mode mode,
                            struct regex_error *error)
{
    bool is_far = false;
    pcre2_code *code = compile_mode(pattern, mode, &is_far, error);
    struct regex *regex = code ? malloc(sizeof *regex) : NULL;

    if (!regex) {
        pcre2_code_free(code);
        return NULL;
    }
    *regex = (struct regex){code, is_far};
    return regex;
}

void regex_free(struct regex *regex)
{
    if (regex) {
        pcre2_code_free(regex->code);
        free(regex);
    }
}

static int call_out(pcre2_callout_block *block, void *context)
{
    struct regex_scratch *scratch = context;

    if (scratch->until) {
        if (block->current_position < *scratch->until) {
            *scratch->until = block->current_position;
        }
        return 0;
    }
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
    pcre2_set_callout(scratch->context, call_out, scratch);
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
    int n = pcre2_match(regex->code, (PCRE2_SPTR)bytes, text.len, from, options,
                        scratch->data, scratch->context);

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
    scratch->until = NULL;
    return run(regex, scratch, text, 0, 0, at, len);
}

enum regex_result regex_match_here(const struct regex *regex,
                                   struct regex_scratch *scratch,
                                   struct str text, size_t from, size_t *until,
                                   uint32_t max_steps, size_t *at, size_t *len)
{
    set_steps(scratch, max_steps);
    scratch->until = regex->is_far ? until : NULL;
    return run(regex, scratch, text, from, PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK,
               at, len);
}
