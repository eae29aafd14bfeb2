/* SPDX-License-Identifier: MIT */
/*
 * Reads a pattern just as far as needed to see what its matches have in common.
 * Each part of it is described by all the strings that it may match, as long as
 * these are few ("exact"), else by groups of literals of which one is needed.
 * What is not understood matches anything, which is always true enough.
 */
#include "rules/literal.h"

#define MAX_EXACT 24u
#define MAX_LITERAL_BYTES 48u
#define MAX_DEPTH 12u
#define MAX_CLASS 4u

struct strings {
    struct str items[LITERAL_MAX_ALTERNATIVES];
    uint32_t n;
};

/* What is known of a part of a pattern. */
struct facts {
    bool is_exact;        /* it matches only these strings */
    struct strings exact; /* while is_exact */
    struct literal_needs needs;
};

struct reader {
    struct arena *arena;
    struct str pattern;
    size_t at;
    unsigned depth;
    bool failed;    /* the arena */
    bool is_beyond; /* there is something that this does not know */
};

static void anything(struct facts *out)
{
    out->is_exact = false;
    out->needs.n = 0;
}

static void exactly(struct facts *out, struct str one)
{
    out->is_exact = true;
    out->exact.items[0] = one;
    out->exact.n = 1;
    out->needs.n = 0;
}

static char peek(const struct reader *reader, size_t ahead)
{
    return reader->at + ahead < reader->pattern.len
               ? reader->pattern.bytes[reader->at + ahead]
               : '\0';
}

static bool at_end(const struct reader *reader)
{
    return reader->at >= reader->pattern.len;
}

static struct str one_char(struct reader *reader, char c)
{
    char *copy = arena_alloc(reader->arena, 1, 1);

    if (!copy) {
        reader->failed = true;
        return STR("");
    }
    *copy = ascii_lower(c);
    return str_of(copy, 1);
}

static struct str joined(struct reader *reader, struct str a, struct str b)
{
    if (!a.len || !b.len) {
        return a.len ? a : b;
    }
    char *copy = arena_alloc(reader->arena, a.len + b.len, 1);
    if (!copy) {
        reader->failed = true;
        return STR("");
    }
    memcpy(copy, a.bytes, a.len);
    memcpy(copy + a.len, b.bytes, b.len);
    return str_of(copy, a.len + b.len);
}

/* Adds a string unless one that is part of it is there; what it is part of
 * goes. false when there is no room. */
static bool add_alternative(struct strings *strings, struct str s)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < strings->n; i++) {
        if (str_find(s, strings->items[i], 0) != STR_NONE) {
            return true;
        }
    }
    for (uint32_t i = 0; i < strings->n; i++) {
        if (str_find(strings->items[i], s, 0) == STR_NONE) {
            strings->items[kept++] = strings->items[i];
        }
    }
    strings->n = kept;
    if (strings->n == LITERAL_MAX_ALTERNATIVES) {
        return false;
    }
    strings->items[strings->n++] = s;
    return true;
}

uint32_t literal_count(struct str piece)
{
    /* no pointers: they would be relocated at every start */
    static const char honest[][192] = {
#define HONEST(text) text,
#include "rules/honest.def"
#undef HONEST
    };
    uint32_t count = 0;

    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
        struct str line = str_from(honest[i]);
        size_t at = 0;
        while ((at = str_find_fold(line, piece, at)) != STR_NONE) {
            count++;
            at++;
        }
    }
    return count;
}

/* Estimated from honest.def; short literals are found by chance, too. */
static uint32_t cost_of(const struct strings *strings)
{
    uint32_t cost = 0;

    for (uint32_t i = 0; i < strings->n; i++) {
        size_t len = strings->items[i].len;
        cost += 1 + 64 * literal_count(strings->items[i]);
        cost += len == LITERAL_LEAST_BYTES ? 8 : 0;
    }
    return cost;
}

/* Where there is no room, the dearest group gives way. */
static void add_need(struct literal_needs *needs, struct literal_group group)
{
    uint32_t dearest = 0;

    if (needs->n < LITERAL_MAX_GROUPS) {
        needs->groups[needs->n++] = group;
        return;
    }
    for (uint32_t i = 1; i < needs->n; i++) {
        if (needs->groups[i].cost > needs->groups[dearest].cost) {
            dearest = i;
        }
    }
    if (group.cost < needs->groups[dearest].cost) {
        needs->groups[dearest] = group;
    }
}

static void need_strings(struct reader *reader, struct literal_needs *needs,
                         const struct strings *strings)
{
    struct strings least = {.n = 0};

    for (uint32_t i = 0; i < strings->n; i++) {
        if (strings->items[i].len < LITERAL_LEAST_BYTES ||
            !add_alternative(&least, strings->items[i])) {
            return;
        }
    }
    struct str *items = ARENA_ARRAY(reader->arena, struct str, least.n);
    if (!items || !least.n) {
        reader->failed = reader->failed || !items;
        return;
    }
    memcpy(items, least.items, least.n * sizeof *items);
    add_need(needs, (struct literal_group){items, least.n, cost_of(&least)});
}

static void need_all(struct literal_needs *needs,
                     const struct literal_needs *more)
{
    for (uint32_t i = 0; i < more->n; i++) {
        add_need(needs, more->groups[i]);
    }
}

/* Turns what may be matched into what is needed. */
static void close_exact(struct reader *reader, struct facts *facts)
{
    if (facts->is_exact) {
        facts->is_exact = false;
        facts->needs.n = 0;
        need_strings(reader, &facts->needs, &facts->exact);
    }
}

/* The strings of `left`, each followed by each of `right`. false: too many. */
static bool cross(struct reader *reader, struct strings *left,
                  const struct strings *right)
{
    const struct strings before = *left;

    if (before.n * right->n > MAX_EXACT) {
        return false;
    }
    for (uint32_t i = 0; i < before.n; i++) {
        for (uint32_t k = 0; k < right->n; k++) {
            if (before.items[i].len + right->items[k].len > MAX_LITERAL_BYTES) {
                return false;
            }
        }
    }
    left->n = 0;
    for (uint32_t i = 0; i < before.n; i++) {
        for (uint32_t k = 0; k < right->n; k++) {
            left->items[left->n++] =
                joined(reader, before.items[i], right->items[k]);
        }
    }
    return true;
}

static void read_alternatives(struct reader *reader, struct facts *out);

/* Past a (?=...), (?!...), (?<=...) or (?<!...): it has no width. */
static void skip_group(struct reader *reader)
{
    struct facts *ignored = ARENA_NEW(reader->arena, struct facts);

    if (!ignored) {
        reader->failed = true;
        return;
    }
    read_alternatives(reader, ignored);
}

/* At what follows "(?". true when a group follows whose alternatives are those
 * of the pattern; `is_look` when it has no width. */
static bool read_group_head(struct reader *reader, bool *is_look)
{
    char c = peek(reader, 0);

    *is_look = c == '=' || c == '!' ||
               (c == '<' && (peek(reader, 1) == '=' || peek(reader, 1) == '!'));
    if (*is_look) {
        reader->at += c == '<' ? 2 : 1;
        return true;
    }
    /* x changes what blanks are, others the numbering of groups or more */
    while (peek(reader, 0) == 'i' || peek(reader, 0) == 's' ||
           peek(reader, 0) == 'm' || peek(reader, 0) == '-') {
        reader->at++;
    }
    return peek(reader, 0) == ':' || peek(reader, 0) == ')';
}

static void read_group(struct reader *reader, struct facts *out)
{
    bool is_look = false;

    reader->at++;
    exactly(out, STR(""));
    if (peek(reader, 0) == '*') {
        reader->is_beyond = true;
        return;
    }
    if (peek(reader, 0) == '?') {
        reader->at++;
        if (!read_group_head(reader, &is_look)) {
            reader->is_beyond = true;
            return;
        }
        if (!is_look && peek(reader, 0) == ')') { /* (?i) alone */
            reader->at++;
            return;
        }
        reader->at += !is_look;
    }
    if (++reader->depth > MAX_DEPTH) {
        reader->is_beyond = true;
        return;
    }
    if (is_look) {
        skip_group(reader);
    } else {
        read_alternatives(reader, out);
    }
    reader->depth--;
    reader->is_beyond = reader->is_beyond || peek(reader, 0) != ')';
    reader->at++;
}

/* Past a character class; POSIX names and escapes may hold a ]. A few plain
 * characters are known exactly. */
static void read_class(struct reader *reader, struct facts *out)
{
    bool is_plain = peek(reader, 1) != '^';
    size_t first = reader->at + (is_plain ? 1 : 2);

    out->is_exact = true;
    out->exact.n = 0;
    out->needs.n = 0;
    for (reader->at = first; !at_end(reader); reader->at++) {
        char c = peek(reader, 0);
        if (c == ']' && reader->at > first) {
            break;
        }
        if (c == '[' && peek(reader, 1) == ':') {
            size_t end = str_find(reader->pattern, STR(":]"), reader->at);
            reader->at = end == STR_NONE ? reader->at : end + 1;
            is_plain = false;
            continue;
        }
        if (c == '\\') {
            reader->at++;
            c = peek(reader, 0);
            is_plain = is_plain && !ascii_is_alnum(c);
        } else if (c == '-') {
            is_plain = false; /* a range, mostly */
        }
        if (out->exact.n == MAX_CLASS || (unsigned char)c >= 0x80 ||
            (unsigned char)c < 0x20) {
            is_plain = false;
        }
        if (is_plain) {
            out->exact.items[out->exact.n++] = one_char(reader, c);
        }
    }
    reader->at++;
    if (!is_plain) {
        anything(out);
    }
}

static void read_escape(struct reader *reader, struct facts *out)
{
    char c = peek(reader, 1);

    reader->at += 2;
    if (!ascii_is_alnum(c)) {
        exactly(out, one_char(reader, c));
        return;
    }
    switch (c) {
    case 'b':
    case 'B':
    case 'A':
    case 'z':
    case 'Z':
        exactly(out, STR("")); /* no width */
        return;
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
    case '2':
    case '3':
        anything(out);
        return;
    default:
        reader->is_beyond = true;
        return;
    }
}

static void read_atom(struct reader *reader, struct facts *out)
{
    char c = peek(reader, 0);

    switch (c) {
    case '(':
        read_group(reader, out);
        return;
    case '[':
        read_class(reader, out);
        return;
    case '\\':
        read_escape(reader, out);
        return;
    case '^':
    case '$':
        exactly(out, STR(""));
        break;
    case '.':
        anything(out);
        break;
    default:
        if ((unsigned char)c >= 0x80 || (unsigned char)c < 0x20) {
            anything(out);
        } else {
            exactly(out, one_char(reader, c));
        }
        break;
    }
    reader->at++;
}

/* Whether "{" begins a quantifier. Source: pcre2pattern(3), Repetition. */
static bool is_counted(const struct reader *reader)
{
    size_t ahead = 1;

    while (ascii_is_digit(peek(reader, ahead)) || peek(reader, ahead) == ',') {
        ahead++;
    }
    return ascii_is_digit(peek(reader, 1)) && peek(reader, ahead) == '}';
}

static void read_quantifier(struct reader *reader, struct facts *facts)
{
    char c = peek(reader, 0);

    if (c == '{' && is_counted(reader)) {
        c = peek(reader, 1) == '0' ? '*' : '+';
        reader->at = str_find_char(reader->pattern, '}', reader->at);
    } else if (c != '?' && c != '*' && c != '+') {
        return;
    }
    reader->at++;
    if (peek(reader, 0) == '?' || peek(reader, 0) == '+') {
        reader->at++; /* lazy, possessive */
    }
    if (c == '+') {
        close_exact(reader, facts);
    } else if (c == '?' && facts->is_exact && facts->exact.n < MAX_EXACT) {
        facts->exact.items[facts->exact.n++] = STR("");
    } else {
        anything(facts);
    }
}

/* Adds an item to what is known of those before it: `run` is the end of it that
 * is known exactly. */
static void append_item(struct reader *reader, struct facts *item,
                        struct strings *run, struct facts *out)
{
    if (item->is_exact && cross(reader, run, &item->exact)) {
        return;
    }
    out->is_exact = false;
    need_strings(reader, &out->needs, run);
    if (item->is_exact) {
        *run = item->exact;
        return;
    }
    need_all(&out->needs, &item->needs);
    run->items[0] = STR("");
    run->n = 1;
}

/* Items up to a | or ). */
static void read_sequence(struct reader *reader, struct facts *out)
{
    struct facts *item = ARENA_NEW(reader->arena, struct facts);
    struct strings *run = ARENA_NEW(reader->arena, struct strings);

    exactly(out, STR(""));
    if (!item || !run) {
        reader->failed = true;
        return;
    }
    run->items[0] = STR("");
    run->n = 1;
    while (!at_end(reader) && peek(reader, 0) != '|' &&
           peek(reader, 0) != ')' && !reader->failed && !reader->is_beyond) {
        read_atom(reader, item);
        if (!reader->is_beyond) {
            read_quantifier(reader, item);
            append_item(reader, item, run, out);
        }
    }
    if (out->is_exact) {
        out->exact = *run;
    } else {
        need_strings(reader, &out->needs, run);
    }
}

const struct literal_group *literal_cheapest(const struct literal_needs *needs)
{
    const struct literal_group *best = NULL;

    for (uint32_t i = 0; i < needs->n; i++) {
        if (!best || needs->groups[i].cost < best->cost) {
            best = &needs->groups[i];
        }
    }
    return best;
}

/* Makes `out` true of either of the two. */
static void unite(struct reader *reader, struct facts *out, struct facts *other)
{
    struct strings both = {.n = 0};

    if (out->is_exact && other->is_exact &&
        out->exact.n + other->exact.n <= MAX_EXACT) {
        memcpy(out->exact.items + out->exact.n, other->exact.items,
               other->exact.n * sizeof(struct str));
        out->exact.n += other->exact.n;
        return;
    }
    close_exact(reader, out);
    close_exact(reader, other);
    const struct literal_group *groups[] = {literal_cheapest(&out->needs),
                                            literal_cheapest(&other->needs)};
    bool fits = groups[0] && groups[1];
    for (unsigned g = 0; g < 2 && fits; g++) {
        for (uint32_t i = 0; i < groups[g]->n && fits; i++) {
            fits = add_alternative(&both, groups[g]->items[i]);
        }
    }
    out->needs.n = 0;
    if (fits) {
        need_strings(reader, &out->needs, &both);
    }
}

static void read_alternatives(struct reader *reader, struct facts *out)
{
    read_sequence(reader, out);
    if (peek(reader, 0) != '|') {
        return;
    }
    struct facts *other = ARENA_NEW(reader->arena, struct facts);
    if (!other) {
        reader->failed = true;
        return;
    }
    while (peek(reader, 0) == '|' && !reader->failed && !reader->is_beyond) {
        reader->at++;
        read_sequence(reader, other);
        unite(reader, out, other);
    }
}

bool literal_needs_of(struct arena *arena, struct str pattern,
                      struct literal_needs *out)
{
    struct reader reader = {.arena = arena, .pattern = pattern};
    struct facts *facts = ARENA_NEW(arena, struct facts);

    out->n = 0;
    if (!facts) {
        return false;
    }
    read_alternatives(&reader, facts);
    close_exact(&reader, facts);
    if (!reader.is_beyond && at_end(&reader)) {
        *out = facts->needs;
    }
    return !reader.failed;
}

size_t literal_fold(struct str text, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_sub(text, i, 3);
        if (str_equal(rest, STR("\xe2\x84\xaa"))) {
            out[n++] = 'k';
            i += 2;
        } else if (str_equal(str_sub(rest, 0, 2), STR("\xc5\xbf"))) {
            out[n++] = 's';
            i += 1;
        } else {
            out[n++] = ascii_lower(text.bytes[i]);
        }
    }
    return n;
}
