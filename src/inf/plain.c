/* SPDX-License-Identifier: MIT */
/*
 * Bytes are told apart 64 at a time: one bit for each that may end a field or
 * change how the line is read. What stands between two of them needs no look.
 */
#include "inf/plain.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64u
#define CTRL_Z '\x1a'
/* UTF-16 units of a field that no diagnostic is due for. */
#define LONGEST_FIELD 4095u

#ifdef __SSE2__

static uint64_t equal_bytes(const __m128i parts[4], char c)
{
    __m128i wanted = _mm_set1_epi8(c);
    uint64_t mask = 0;

    for (unsigned i = 0; i < 4; i++) {
        __m128i hits = _mm_cmpeq_epi8(parts[i], wanted);
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << 16 * i;
    }
    return mask;
}

/* Commas, semicolons, quotes, equals signs, control characters but the TAB, and
 * all beyond ASCII, which are below zero. */
static uint64_t find_marks(const __m128i parts[4])
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < 4; i++) {
        __m128i part = parts[i];
        __m128i hits =
            _mm_andnot_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('\t')),
                             _mm_cmplt_epi8(part, _mm_set1_epi8(' ')));
        hits = _mm_or_si128(hits, _mm_cmpeq_epi8(part, _mm_set1_epi8(',')));
        hits = _mm_or_si128(hits, _mm_cmpeq_epi8(part, _mm_set1_epi8(';')));
        hits = _mm_or_si128(hits, _mm_cmpeq_epi8(part, _mm_set1_epi8('=')));
        hits = _mm_or_si128(hits, _mm_cmpeq_epi8(part, _mm_set1_epi8('"')));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << 16 * i;
    }
    return mask;
}

static void classify(const char *bytes, uint64_t *marks, uint64_t *backslashes,
                     uint64_t *blanks)
{
    __m128i parts[4];

    for (unsigned i = 0; i < 4; i++) {
        parts[i] = _mm_loadu_si128((const __m128i *)(const void *)bytes + i);
    }
    *marks = find_marks(parts);
    *backslashes = equal_bytes(parts, '\\');
    *blanks = 0;
    if (*backslashes) { /* else nobody asks */
        *blanks = equal_bytes(parts, ' ') | equal_bytes(parts, '\t');
    }
}

#else

static bool is_mark(unsigned char c)
{
    return c == ',' || c == ';' || c == '=' || c == '"' || c >= 0x80 ||
           (c < ' ' && c != '\t');
}

static void classify(const char *bytes, uint64_t *marks, uint64_t *backslashes,
                     uint64_t *blanks)
{
    *marks = *backslashes = *blanks = 0;
    for (unsigned i = 0; i < BLOCK; i++) {
        unsigned char c = (unsigned char)bytes[i];
        *marks |= (uint64_t)is_mark(c) << i;
        *backslashes |= (uint64_t)(c == '\\') << i;
        *blanks |= (uint64_t)(c == ' ' || c == '\t') << i;
    }
}

#endif

/* Looks at the 64 bytes from there on; behind the end of the text all are
 * marks. */
static void enter_block(struct plain_reader *reader, uint32_t block)
{
    size_t left = block < reader->in.len ? reader->in.len - block : 0;
    uint64_t marks;
    uint64_t backslashes;
    uint64_t blanks;

    if (left >= BLOCK) {
        classify(reader->in.bytes + block, &marks, &backslashes, &blanks);
    } else {
        char rest[BLOCK] = {0};
        if (left) {
            memcpy(rest, reader->in.bytes + block, left);
        }
        classify(rest, &marks, &backslashes, &blanks);
    }
    /* A backslash with a plain byte behind it is one itself. */
    uint64_t odd = marks | backslashes | blanks;
    reader->block = block;
    reader->all = marks | (backslashes & (odd >> 1 | UINT64_C(1) << 63));
    reader->ahead = reader->all;
}

void plain_init(struct plain_reader *reader, struct str in)
{
    reader->in = in;
    reader->n = 0;
    enter_block(reader, 0);
}

static void seek(struct plain_reader *reader, uint32_t at)
{
    if (at - reader->block >= BLOCK) {
        enter_block(reader, at & ~(BLOCK - 1));
    }
    reader->ahead = reader->all & ~UINT64_C(0) << at % BLOCK;
}

/* Takes the next mark; at or behind the end of the text where none is left. */
static inline uint32_t next_mark(struct plain_reader *reader)
{
    while (!reader->ahead) {
        enter_block(reader, reader->block + BLOCK);
    }
    uint32_t bit = (uint32_t)__builtin_ctzll(reader->ahead);
    reader->ahead &= reader->ahead - 1;
    return reader->block + bit;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline uint32_t skip_blanks(struct str in, uint32_t at)
{
    while (at < in.len && is_blank(in.bytes[at])) {
        at++;
    }
    return at;
}

/* Adds the token between two offsets; blanks behind it are none of it. */
static inline bool add(struct plain_reader *reader, uint32_t from, uint32_t to,
                       enum inf_form form, bool is_key)
{
    const char *bytes = reader->in.bytes;

    while (to > from && is_blank(bytes[to - 1])) {
        to--;
    }
    /* the lexer has its own idea of where one with such a start begins */
    if (to - from > LONGEST_FIELD || reader->n == PLAIN_TOKENS ||
        (to > from && bytes[from] == '\\')) {
        return false;
    }
    reader->tokens[reader->n++] = (struct inf_token){
        .off = from,
        .len = (to - from) & INF_MAX_TEXT,
        .form = (unsigned)form & 3u,
        .is_key = is_key,
    };
    return true;
}

/* Behind the line end that closes a comment, or 0: the text ends before. */
static uint32_t skip_comment(struct plain_reader *reader)
{
    for (;;) {
        uint32_t at = next_mark(reader);
        if (at >= reader->in.len || reader->in.bytes[at] == CTRL_Z) {
            return 0;
        }
        if (reader->in.bytes[at] == '\n') {
            return at + 1;
        }
    }
}

/* The quote that closes the one just taken, or 0: there is more to it. */
static uint32_t closing_quote(struct plain_reader *reader)
{
    for (;;) {
        uint32_t at = next_mark(reader);
        char c = str_at(reader->in, at);
        if (c == '"') {
            return str_at(reader->in, (size_t)at + 1) == '"' ? 0 : at;
        }
        if (c == '\0' || c == '\n' || c == CTRL_Z) {
            return 0;
        }
    }
}

/* Whether a backslash, of several in a row the last, is followed by what makes
 * it no continuation and no blank part of the field. */
static bool is_literal(struct plain_reader *reader, uint32_t at)
{
    unsigned char next = (unsigned char)str_at(reader->in, (size_t)at + 1);

    return next > ' ' && next < 0x80 && next != ';' && next != '"';
}

/* A field that begins with a quote: up to what stands behind it. The mark that
 * ends it, or 0. */
static uint32_t quoted(struct plain_reader *reader, uint32_t *end)
{
    uint32_t close = closing_quote(reader);

    if (!close) {
        return 0;
    }
    *end = close + 1;
    uint32_t at = next_mark(reader);
    char c = str_at(reader->in, at);
    return at == skip_blanks(reader->in, *end) && c != '"' && c != '\\' ? at
                                                                        : 0;
}

/* Whether a field holds a percent sign: a `;` may cut a %token% in two. */
static bool has_percent(const struct plain_reader *reader, uint32_t from,
                        uint32_t to)
{
    return memchr(reader->in.bytes + from, '%', to - from) != NULL;
}

/* Where a field begins behind a separator: after blanks, and on the next line
 * where there is nothing but a backslash on this one. 0: the lexer knows. */
static uint32_t field_start(struct plain_reader *reader, uint32_t at)
{
    struct str in = reader->in;

    at = skip_blanks(in, at);
    while (str_at(in, at) == '\\') {
        uint32_t end = skip_blanks(in, at + 1);
        end += str_at(in, end) == '\r';
        if (str_at(in, end) != '\n') {
            return 0;
        }
        at = skip_blanks(in, end + 1);
        if (str_at(in, at) == '[') { /* a header may be swallowed */
            return 0;
        }
        seek(reader, at);
    }
    return at;
}

/* From the first byte of the line that is no blank. Behind the line, or 0. */
static uint32_t read_fields(struct plain_reader *reader, uint32_t from)
{
    for (;;) {
        enum inf_form form = INF_PLAIN;
        uint32_t at = next_mark(reader);
        uint32_t end = at;
        char c;
        if (at == from && str_at(reader->in, at) == '"') {
            form = INF_QUOTED;
            at = quoted(reader, &end);
            if (!at) {
                return 0;
            }
        }
        /* signs that mean nothing here */
        while (c = str_at(reader->in, at),
               (c == '=' && reader->n && form == INF_PLAIN) ||
                   (c == '\\' && is_literal(reader, at))) {
            end = at = next_mark(reader);
        }
        if (at >= reader->in.len) {
            return 0;
        }
        switch (c) {
        case ',':
            if (!add(reader, from, end, form, false)) {
                return 0;
            }
            break;
        case '=':
            if (reader->n || !add(reader, from, end, form, true)) {
                return 0;
            }
            break;
        case ';':
            return has_percent(reader, from, end) ||
                           !add(reader, from, end, form, false)
                       ? 0
                       : skip_comment(reader);
        case '\r': /* with its LF; an empty last field stands at that */
            if (next_mark(reader) != at + 1 ||
                str_at(reader->in, (size_t)at + 1) != '\n') {
                return 0;
            }
            if (from == at) {
                from = end = at + 1;
            }
            return add(reader, from, end, form, false) ? at + 2 : 0;
        case '\n':
            return add(reader, from, end, form, false) ? at + 1 : 0;
        default:
            return 0;
        }
        from = field_start(reader, at + 1);
        if (!from) {
            return 0;
        }
    }
}

/* A header, from the bracket on. */
static uint32_t read_header(struct plain_reader *reader, uint32_t at)
{
    uint32_t from = at + 1;
    uint32_t to = from;

    for (char c; (c = str_at(reader->in, to)) != ']'; to++) {
        if (c == '\0' || c == '\n' || c == CTRL_Z) {
            return 0;
        }
    }
    reader->tokens[0] = (struct inf_token){
        .off = from, .len = (to - from) & INF_MAX_TEXT, .form = INF_PLAIN};
    seek(reader, to);
    return skip_comment(reader);
}

/* Behind the line that starts there, or 0. */
static uint32_t read_line(struct plain_reader *reader, uint32_t from)
{
    char c = str_at(reader->in, from);

    if (c == ';') {
        return skip_comment(reader);
    }
    if (c == '\n') {
        next_mark(reader);
        return from + 1;
    }
    if (c == '\r') {
        next_mark(reader);
        return next_mark(reader) == from + 1 &&
                       str_at(reader->in, (size_t)from + 1) == '\n'
                   ? from + 2
                   : 0;
    }
    return read_fields(reader, from);
}

enum plain_result plain_read(struct plain_reader *reader, uint32_t *at)
{
    uint32_t from = skip_blanks(reader->in, *at);
    bool is_header = str_at(reader->in, from) == '[';

    reader->n = 0;
    seek(reader, from);
    uint32_t next =
        is_header ? read_header(reader, from) : read_line(reader, from);
    if (!next) {
        return PLAIN_OTHER;
    }
    *at = next;
    return is_header ? PLAIN_SECTION : PLAIN_LINE;
}
