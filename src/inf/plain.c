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

/* A bit for each of the 64 bytes from there on that may mean something. */
static uint64_t marks_of(const char *bytes, uint32_t len, uint32_t block)
{
    uint64_t marks;
    uint64_t backslashes;
    uint64_t blanks;

    if (block + BLOCK <= len) {
        classify(bytes + block, &marks, &backslashes, &blanks);
    } else {
        char rest[BLOCK] = {0};
        if (block < len) {
            memcpy(rest, bytes + block, len - block);
        }
        classify(rest, &marks, &backslashes, &blanks);
    }
    /* A backslash with a plain byte behind it is one itself. */
    uint64_t odd = marks | backslashes | blanks;
    return marks | (backslashes & (odd >> 1 | UINT64_C(1) << 63));
}

/* What the functions below have in registers. All lines that they read end with
 * LF, so nothing that looks ahead from inside of one looks for more of an end.
 */
struct cursor {
    const char *bytes;
    uint32_t len;
    uint32_t block; /* the 64 bytes that `all` is about */
    uint64_t all;
    uint64_t ahead; /* those that are not passed yet */
    struct inf_token *tokens;
    uint32_t n;
};

void plain_init(struct plain_reader *reader, struct str in)
{
    while (in.len && in.bytes[in.len - 1] != '\n') {
        in.len--; /* the last line has no end */
    }
    reader->in = in;
    reader->n = 0;
    reader->block = 0;
    reader->all = marks_of(in.bytes, (uint32_t)in.len, 0);
}

static inline void seek(struct cursor *cursor, uint32_t at)
{
    if (at - cursor->block >= BLOCK) {
        cursor->block = at & ~(BLOCK - 1);
        cursor->all = marks_of(cursor->bytes, cursor->len, cursor->block);
    }
    cursor->ahead = cursor->all & ~UINT64_C(0) << at % BLOCK;
}

/* Takes the next mark. */
static inline uint32_t next_mark(struct cursor *cursor)
{
    while (!cursor->ahead) {
        cursor->block += BLOCK;
        cursor->all = marks_of(cursor->bytes, cursor->len, cursor->block);
        cursor->ahead = cursor->all;
    }
    uint32_t bit = (uint32_t)__builtin_ctzll(cursor->ahead);
    cursor->ahead &= cursor->ahead - 1;
    return cursor->block + bit;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline uint32_t skip_blanks(const char *bytes, uint32_t at)
{
    while (is_blank(bytes[at])) {
        at++;
    }
    return at;
}

/* Adds the token between two offsets; blanks behind it are none of it. */
static inline bool add(struct cursor *cursor, uint32_t from, uint32_t to,
                       enum inf_form form, bool is_key)
{
    const char *bytes = cursor->bytes;

    while (to > from && is_blank(bytes[to - 1])) {
        to--;
    }
    /* the lexer has its own idea of where one with such a start begins */
    if (to - from > LONGEST_FIELD || cursor->n == PLAIN_TOKENS ||
        (to > from && bytes[from] == '\\')) {
        return false;
    }
    cursor->tokens[cursor->n++] = (struct inf_token){
        .off = from,
        .len = (to - from) & INF_MAX_TEXT,
        .form = (unsigned)form & 3u,
        .is_key = is_key,
    };
    return true;
}

/* Behind the line end that closes a comment, or 0: the text ends before. */
static inline uint32_t skip_comment(struct cursor *cursor)
{
    for (;;) {
        uint32_t at = next_mark(cursor);
        if (cursor->bytes[at] == '\n') {
            return at + 1;
        }
        if (cursor->bytes[at] == CTRL_Z) {
            return 0;
        }
    }
}

/* The quote that closes the one just taken, or 0: there is more to it. */
static inline uint32_t closing_quote(struct cursor *cursor)
{
    for (;;) {
        uint32_t at = next_mark(cursor);
        char c = cursor->bytes[at];
        if (c == '"') {
            return cursor->bytes[at + 1] == '"' ? 0 : at;
        }
        if (c == '\0' || c == '\n' || c == CTRL_Z) {
            return 0;
        }
    }
}

/* Whether a backslash, of several in a row the last, is followed by what makes
 * it no continuation and no blank part of the field. */
static inline bool is_literal(const struct cursor *cursor, uint32_t at)
{
    unsigned char next = (unsigned char)cursor->bytes[at + 1];

    return next > ' ' && next < 0x80 && next != ';' && next != '"';
}

/* A field that begins with a quote: up to what stands behind it. The mark that
 * ends it, or 0. */
static inline uint32_t quoted(struct cursor *cursor, uint32_t *end)
{
    uint32_t close = closing_quote(cursor);

    if (!close) {
        return 0;
    }
    *end = close + 1;
    uint32_t at = next_mark(cursor);
    char c = cursor->bytes[at];
    return at == skip_blanks(cursor->bytes, *end) && c != '"' && c != '\\' ? at
                                                                           : 0;
}

/* Whether a field holds a percent sign: a `;` may cut a %token% in two. */
static bool has_percent(const struct cursor *cursor, uint32_t from, uint32_t to)
{
    return memchr(cursor->bytes + from, '%', to - from) != NULL;
}

/* Where a field begins on the next line, behind a backslash that is all there
 * is of it on this one. 0: the lexer knows. */
static uint32_t continue_at(struct cursor *cursor, uint32_t at)
{
    const char *bytes = cursor->bytes;

    while (bytes[at] == '\\') {
        uint32_t end = skip_blanks(bytes, at + 1);
        end += bytes[end] == '\r';
        if (bytes[end] != '\n' || end + 1 == cursor->len) {
            return 0;
        }
        at = skip_blanks(bytes, end + 1);
        if (bytes[at] == '[') { /* a header may be swallowed */
            return 0;
        }
    }
    seek(cursor, at);
    return at;
}

/* Where the field behind a separator begins, or 0. */
static inline uint32_t next_field(struct cursor *cursor, uint32_t separator)
{
    uint32_t at = skip_blanks(cursor->bytes, separator + 1);

    return cursor->bytes[at] == '\\' ? continue_at(cursor, at) : at;
}

/* From the first byte of the line that is no blank. Behind the line, or 0. */
static inline uint32_t read_fields(struct cursor *cursor, uint32_t from)
{
    const char *bytes = cursor->bytes;

    while (from) {
        enum inf_form form = INF_PLAIN;
        uint32_t at = next_mark(cursor);
        uint32_t end = at;
        if (bytes[at] == ',') { /* as in most cases */
            if (!add(cursor, from, at, INF_PLAIN, false)) {
                return 0;
            }
            from = next_field(cursor, at);
            continue;
        }
        if (at == from && bytes[at] == '"') {
            form = INF_QUOTED;
            at = quoted(cursor, &end);
            if (!at) {
                return 0;
            }
        }
        char c = bytes[at];
        /* signs that mean nothing here */
        while ((c == '=' && cursor->n && form == INF_PLAIN) ||
               (c == '\\' && is_literal(cursor, at))) {
            end = at = next_mark(cursor);
            c = bytes[at];
        }
        switch (c) {
        case ',':
            if (!add(cursor, from, end, form, false)) {
                return 0;
            }
            break;
        case '=':
            if (cursor->n || !add(cursor, from, end, form, true)) {
                return 0;
            }
            break;
        case ';':
            return has_percent(cursor, from, end) ||
                           !add(cursor, from, end, form, false)
                       ? 0
                       : skip_comment(cursor);
        case '\r': /* with its LF; an empty last field stands at that */
            if (bytes[at + 1] != '\n') {
                return 0;
            }
            if (from == at) {
                from = end = at + 1;
            }
            return add(cursor, from, end, form, false) ? at + 2 : 0;
        case '\n':
            return add(cursor, from, end, form, false) ? at + 1 : 0;
        default:
            return 0;
        }
        from = next_field(cursor, at);
    }
    return 0;
}

/* A header, from the bracket on. */
static uint32_t read_header(struct cursor *cursor, uint32_t at)
{
    uint32_t from = at + 1;
    uint32_t to = from;

    for (char c; (c = cursor->bytes[to]) != ']'; to++) {
        if (c == '\0' || c == '\n' || c == CTRL_Z) {
            return 0;
        }
    }
    cursor->tokens[0] = (struct inf_token){
        .off = from, .len = (to - from) & INF_MAX_TEXT, .form = INF_PLAIN};
    seek(cursor, to);
    return skip_comment(cursor);
}

/* From its first byte that is no blank on; behind the line, or 0. */
static inline uint32_t read_line(struct cursor *cursor, uint32_t from)
{
    const char *bytes = cursor->bytes;

    switch (bytes[from]) {
    case '\n':
        return from + 1;
    case '\r':
        return bytes[from + 1] == '\n' ? from + 2 : 0;
    case '[':
        return read_header(cursor, from);
    case ';':
        seek(cursor, from);
        return skip_comment(cursor);
    default:
        seek(cursor, from);
        return read_fields(cursor, from);
    }
}

enum plain_result plain_read(struct plain_reader *reader, uint32_t *at)
{
    struct cursor cursor = {
        .bytes = reader->in.bytes,
        .len = (uint32_t)reader->in.len,
        .block = reader->block,
        .all = reader->all,
        .tokens = reader->tokens,
    };

    if (*at >= cursor.len) {
        return PLAIN_OTHER;
    }
    uint32_t from = skip_blanks(cursor.bytes, *at);
    uint32_t next = read_line(&cursor, from);
    reader->block = cursor.block;
    reader->all = cursor.all;
    reader->n = cursor.n;
    if (!next) {
        return PLAIN_OTHER;
    }
    *at = next;
    return cursor.bytes[from] == '[' ? PLAIN_SECTION : PLAIN_LINE;
}
