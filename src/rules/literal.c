/* SPDX-License-Identifier: MIT */
/*
 * Reads a pattern just as far as needed to see what its matches have in common.
 * Each part of it is described by how its matches begin (prefix.h), and by
 * groups of literals of which one is needed besides. What is not understood
 * matches anything, which is always true enough.
 */
#include "rules/literal.h"

#include "base/utf8.h"
#include "rules/prefix.h"

#define MAX_DEPTH 12u
#define MAX_CLASS 16u /* characters of a class that are told apart */

#define ENDLESS UINT32_MAX

/* What is known of a part of a pattern. */
struct facts {
    struct prefixes prefixes;
    struct literal_needs needs;
    struct literal_starts starts;
    uint32_t width; /* bytes of an ASCII match at most, loose ones that may be
                     * repeated aside, or ENDLESS */
};

struct reader {
    struct arena *arena;
    struct str pattern;
    size_t at;
    unsigned depth;
    bool is_beyond; /* there is something that this does not know */
};

static void anything(struct facts *out)
{
    prefixes_anything(&out->prefixes);
    out->needs.n = out->starts.n = 0;
    out->width = ENDLESS;
}

/* One character, whichever. */
static void any_character(struct facts *out)
{
    anything(out);
    out->width = 1;
}

static void exactly(struct facts *out, struct str one)
{
    prefixes_exactly(&out->prefixes, one);
    out->needs.n = out->starts.n = 0;
    out->width = (uint32_t)one.len;
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
        return STR("");
    }
    *copy = ascii_lower(c);
    return str_of(copy, 1);
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

static void need_all(struct literal_needs *needs,
                     const struct literal_needs *more)
{
    for (uint32_t i = 0; i < more->n; i++) {
        literal_add_need(needs, more->groups[i]);
    }
}

static void read_alternatives(struct reader *reader, struct facts *out);

/* Past a (?=...), (?!...), (?<=...) or (?<!...): it has no width. */
static void skip_group(struct reader *reader)
{
    struct facts *ignored = ARENA_NEW(reader->arena, struct facts);

    if (!ignored) {
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

/* What \\s stands for. Source: pcre2pattern(3), Generic character types. */
static bool add_blanks(struct prefixes *out)
{
    static const char blanks[] = " \t\n\v\f\r";
    bool fits = true;

    for (uint32_t i = 0; i < sizeof blanks - 1 && fits; i++) {
        fits = prefixes_add(out, str_of(blanks + i, 1));
    }
    return fits;
}

/* Not those of other scripts: they are no \\d unless (*UCP) says so. */
static bool add_digits(struct prefixes *out)
{
    static const char digits[] = "0123456789";
    bool fits = true;

    for (uint32_t i = 0; i < sizeof digits - 1 && fits; i++) {
        fits = prefixes_add(out, str_of(digits + i, 1));
    }
    return fits;
}

/* Dashes, quotation marks, marks of direction and the like have one case, and
 * three bytes in UTF-8. */
#define FIRST_PUNCTUATION 0x2000u
#define LAST_PUNCTUATION 0x206Fu

/* One of them as it stands, or as \x{2028}; 0, and nothing read, for others. */
static uint32_t read_punctuation(struct reader *reader)
{
    struct str rest = str_sub(reader->pattern, reader->at, reader->pattern.len);
    uint32_t code = 0;
    size_t n = utf8_decode(rest, &code);

    if (str_starts_fold(rest, STR("\\x{")) && str_at(rest, 7) == '}') {
        code = 0;
        for (n = 3; n < 7 && ascii_hex_value(rest.bytes[n]) >= 0; n++) {
            code = code << 4 | (uint32_t)ascii_hex_value(rest.bytes[n]);
        }
        code = n == 7 ? code : 0;
        n++;
    }
    if (code < FIRST_PUNCTUATION || code > LAST_PUNCTUATION) {
        return 0;
    }
    reader->at += n;
    return code;
}

/* All from one to another, both included; false where there is no room. */
static bool add_punctuation(struct reader *reader, uint32_t first,
                            uint32_t last, struct prefixes *out)
{
    bool fits = first <= last;

    for (uint32_t code = first; code <= last && fits; code++) {
        char *bytes = arena_alloc(reader->arena, 4, 1);
        fits =
            bytes && prefixes_add(out, str_of(bytes, utf8_encode(code, bytes)));
    }
    return fits;
}

/* After the first of a class member, its end where it is a range. */
static bool read_range(struct reader *reader, uint32_t first,
                       struct prefixes *out)
{
    uint32_t last = first;

    if (peek(reader, 0) == '-' && peek(reader, 1) != ']') {
        reader->at++;
        last = read_punctuation(reader);
    }
    return last && add_punctuation(reader, first, last, out);
}

/* One member of a class; false: it is more than a few plain characters. */
static bool read_member(struct reader *reader, struct prefixes *out)
{
    uint32_t wide = read_punctuation(reader);
    if (wide) {
        return read_range(reader, wide, out);
    }
    char c = peek(reader, 0);
    if (c == '[' && peek(reader, 1) == ':') {
        size_t end = str_find(reader->pattern, STR(":]"), reader->at);
        reader->at = end == STR_NONE ? reader->at + 1 : end + 2;
        return false;
    }
    reader->at++;
    if (c == '\\') {
        c = peek(reader, 0);
        reader->at++;
        if (c == 's') {
            return add_blanks(out);
        }
        if (ascii_is_alnum(c)) {
            return false;
        }
    } else if (c == '-' && peek(reader, 0) != ']' && out->n) {
        return false; /* a range, mostly */
    }
    return (unsigned char)c < 0x80 && (unsigned char)c >= 0x20 &&
           prefixes_add(out, one_char(reader, c));
}

/* Past a character class; POSIX names and escapes may hold a ]. */
static void read_class(struct reader *reader, struct facts *out)
{
    bool is_plain = peek(reader, 1) != '^';
    size_t first = reader->at + (is_plain ? 1 : 2);

    any_character(out);
    out->prefixes.n = 0;
    reader->at = first;
    while (!at_end(reader) && (peek(reader, 0) != ']' || reader->at == first)) {
        is_plain = read_member(reader, &out->prefixes) && is_plain;
        if (!is_plain) {
            out->prefixes.n = 0;
        }
    }
    reader->at++;
    if (!is_plain || !out->prefixes.n || out->prefixes.n > MAX_CLASS) {
        any_character(out);
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
    case 's':
        any_character(out);
        out->prefixes.n = 0;
        (void)add_blanks(&out->prefixes);
        return;
    case 'd':
        any_character(out);
        out->prefixes.n = 0;
        (void)add_digits(&out->prefixes);
        return;
    case 'D':
    case 'w':
    case 'W':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
    case 'n':
    case 'r':
    case 't':
        any_character(out);
        return;
    case 'R': /* CR LF as well */
        any_character(out);
        out->width = 2;
        return;
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
        any_character(out);
        break;
    default:
        if ((unsigned char)c >= 0x80 || (unsigned char)c < 0x20) {
            any_character(out);
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

/* Whether an item is one loose character: see literal_is_loose. */
static bool is_loose(const struct facts *item)
{
    const struct prefixes *prefixes = &item->prefixes;

    for (uint32_t i = 0; i < prefixes->n; i++) {
        const struct prefix *one = &prefixes->items[i];
        if (one->is_open || one->text.len != 1 ||
            !literal_is_loose(one->text.bytes[0])) {
            return false;
        }
    }
    return prefixes->n > 0;
}

/* Product of a width and how often it may be there; -1: any number of times. */
static uint32_t repeated(uint32_t width, int64_t times)
{
    if (width == ENDLESS || times < 0 || times > LITERAL_MAX_BACK) {
        return width ? ENDLESS : 0;
    }
    return width * (uint32_t)times;
}

/* "{2}", "{2,4}" or "{2,}" at the reader: the last number, -1 for none. */
static int64_t most_times(const struct reader *reader, size_t end)
{
    struct str inside =
        str_sub(reader->pattern, reader->at + 1, end - reader->at - 1);
    size_t comma = str_find_char(inside, ',', 0);
    int64_t times = -1;

    if (comma != STR_NONE) {
        inside = str_sub(inside, comma + 1, inside.len);
    }
    return str_parse_int(inside, &times) ? times : -1;
}

#define TOLD_TIMES 6 /* so many of one string tell enough */

/* The first number of "{2}", "{2,4}" or "{2,}" at the reader. */
static int64_t least_times(const struct reader *reader)
{
    int64_t times = 0;

    for (size_t i = 1; ascii_is_digit(peek(reader, i)) && times < TOLD_TIMES;
         i++) {
        times = times * 10 + peek(reader, i) - '0';
    }
    return times;
}

/* What is one string begins, where it is there several times, with all of
 * them. */
static void repeat_prefix(struct reader *reader, int64_t times,
                          struct facts *facts)
{
    struct prefixes *one = ARENA_NEW(reader->arena, struct prefixes);

    if (!one || facts->prefixes.n != 1 || facts->prefixes.items[0].is_open) {
        return;
    }
    *one = facts->prefixes;
    for (int64_t i = 1; i < times && i < TOLD_TIMES; i++) {
        if (!prefixes_append(reader->arena, &facts->prefixes, one)) {
            return;
        }
    }
}

static void read_quantifier(struct reader *reader, struct facts *facts)
{
    char c = peek(reader, 0);

    if (c == '{' && is_counted(reader)) {
        size_t end = str_find_char(reader->pattern, '}', reader->at);
        c = peek(reader, 1) == '0' ? '*' : '+';
        uint32_t width = repeated(facts->width, most_times(reader, end));
        if (c == '*') {
            anything(facts);
        } else {
            repeat_prefix(reader, least_times(reader), facts);
        }
        facts->width = width;
        reader->at = end;
    } else if (c == '*' || c == '+') {
        facts->width = is_loose(facts) ? 0 : repeated(facts->width, -1);
    } else if (c != '?') {
        return;
    }
    reader->at++;
    if (peek(reader, 0) == '?' || peek(reader, 0) == '+') {
        reader->at++; /* lazy, possessive */
    }
    if (c == '+') {
        prefixes_open(&facts->prefixes);
        return;
    }
    uint32_t width = facts->width;
    facts->needs.n = facts->starts.n = 0;
    if (c == '*' || !prefixes_add(&facts->prefixes, STR(""))) {
        anything(facts);
    }
    facts->width = width;
}

/* The parts of a sequence so far. */
struct sequence {
    struct prefixes lead; /* of the whole */
    struct prefixes run;  /* of what stands behind the last open part */
    uint32_t before;      /* most bytes in front of `run` */
    bool is_leading;      /* `run` is still the same as `lead` */
    bool is_led;          /* nothing more can be added to `lead` */
};

static uint32_t sum(uint32_t a, uint32_t b)
{
    return a > ENDLESS - b ? ENDLESS : a + b;
}

static void end_run(struct reader *reader, struct sequence *sequence,
                    struct facts *out)
{
    if (!sequence->is_leading) {
        prefixes_need(reader->arena, &sequence->run, &out->needs);
    }
    if (!out->starts.n) {
        prefixes_start(&sequence->run, sequence->before, &out->starts);
    }
    sequence->is_leading = false;
}

static void append_lead(struct reader *reader, struct sequence *sequence,
                        const struct facts *item)
{
    struct prefixes *lead = &sequence->lead;

    if (!sequence->is_led &&
        !prefixes_append(reader->arena, lead, &item->prefixes)) {
        prefixes_open(lead);
    }
    sequence->is_led = sequence->is_led || !prefixes_closed(lead);
}

/* Those of an item that does not stand too far in. */
static void take_starts(const struct facts *item, struct facts *out)
{
    if (!out->starts.n && item->starts.n &&
        sum(out->width, item->starts.back) <= LITERAL_MAX_BACK) {
        out->starts = item->starts;
        out->starts.back += out->width;
    }
}

/* Adds an item to what is known of those before it. */
static void append_item(struct reader *reader, const struct facts *item,
                        struct sequence *sequence, struct facts *out)
{
    struct prefixes *run = &sequence->run;

    append_lead(reader, sequence, item);
    need_all(&out->needs, &item->needs);
    if (!prefixes_append(reader->arena, run, &item->prefixes)) {
        end_run(reader, sequence, out);
        *run = item->prefixes;
        sequence->before = out->width;
    }
    if (prefixes_closed(run) < run->n) {
        end_run(reader, sequence, out);
        prefixes_exactly(run, STR(""));
        sequence->before = sum(out->width, item->width);
        take_starts(item, out);
    }
    out->width = sum(out->width, item->width);
}

/* Items up to a | or ). */
static void read_sequence(struct reader *reader, struct facts *out)
{
    struct facts *item = ARENA_NEW(reader->arena, struct facts);
    struct sequence *sequence = ARENA_NEW(reader->arena, struct sequence);

    exactly(out, STR(""));
    if (!item || !sequence) {
        return;
    }
    prefixes_exactly(&sequence->lead, STR(""));
    prefixes_exactly(&sequence->run, STR(""));
    sequence->is_leading = true;
    while (!at_end(reader) && peek(reader, 0) != '|' &&
           peek(reader, 0) != ')' && !arena_failed(reader->arena) &&
           !reader->is_beyond) {
        read_atom(reader, item);
        if (!reader->is_beyond) {
            read_quantifier(reader, item);
            append_item(reader, item, sequence, out);
        }
    }
    end_run(reader, sequence, out);
    out->prefixes = sequence->lead;
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

/* What is needed, the prefixes included. */
static void list_needs(struct reader *reader, const struct facts *facts,
                       struct literal_needs *out)
{
    *out = facts->needs;
    prefixes_need(reader->arena, &facts->prefixes, out);
}

/* Makes `out` true of either of the two. */
static void unite(struct reader *reader, struct facts *out,
                  const struct facts *other)
{
    struct literal_needs needs[2];

    list_needs(reader, out, &needs[0]);
    list_needs(reader, other, &needs[1]);
    out->needs.n = 0;
    if (needs[0].n && needs[1].n) {
        literal_unite_groups(reader->arena, literal_cheapest(&needs[0]),
                             literal_cheapest(&needs[1]), &out->needs);
    }
    if (!prefixes_unite(&out->prefixes, &other->prefixes)) {
        prefixes_anything(&out->prefixes);
    }
    needs[0].n = 0;
    prefixes_need(reader->arena, &out->prefixes, &needs[0]);
    if (needs[0].n && out->needs.n &&
        needs[0].groups[0].cost <= out->needs.groups[0].cost) {
        out->needs.n = 0; /* the prefixes tell as much */
    }
    literal_unite_starts(&out->starts, &other->starts);
    out->width = out->width > other->width ? out->width : other->width;
}

static void read_alternatives(struct reader *reader, struct facts *out)
{
    read_sequence(reader, out);
    if (peek(reader, 0) != '|') {
        return;
    }
    struct facts *other = ARENA_NEW(reader->arena, struct facts);
    if (!other) {
        return;
    }
    while (peek(reader, 0) == '|' && !arena_failed(reader->arena) &&
           !reader->is_beyond) {
        reader->at++;
        read_sequence(reader, other);
        unite(reader, out, other);
    }
}

/* NULL when the arena failed; nothing is known of what is not understood. */
static const struct facts *read_pattern(struct reader *reader)
{
    struct facts *facts = ARENA_NEW(reader->arena, struct facts);

    if (facts) {
        read_alternatives(reader, facts);
        if (reader->is_beyond || !at_end(reader)) {
            anything(facts);
        }
    }
    return arena_failed(reader->arena) ? NULL : facts;
}

bool literal_needs_of(struct arena *arena, struct str pattern,
                      struct literal_needs *out)
{
    struct reader reader = {.arena = arena, .pattern = pattern};
    const struct facts *facts = read_pattern(&reader);

    out->n = 0;
    if (facts) {
        list_needs(&reader, facts, out);
    }
    return !arena_failed(arena);
}

bool literal_starts_of(struct arena *arena, struct str pattern,
                       struct literal_starts *out)
{
    struct reader reader = {.arena = arena, .pattern = pattern};
    const struct facts *facts = read_pattern(&reader);

    out->n = 0;
    if (facts) {
        *out = facts->starts;
    }
    return facts != NULL;
}

/* Eight bytes at once; false, and nothing written, unless all are ASCII. */
static bool fold_8(const char *from, char *out)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word = ascii_load_8(from);

    if (word & ASCII_HIGH_BITS) {
        return false;
    }
    uint64_t from_a = word + ones * (0x80 - 'A');
    uint64_t past_z = word + ones * (0x7F - 'Z');
    word |= (from_a & ~past_z & ASCII_HIGH_BITS) >> 2;
    memcpy(out, &word, sizeof word);
    return true;
}

size_t literal_fold(struct str text, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (i + 8 <= text.len && fold_8(text.bytes + i, out + n)) {
            n += 8;
            i += 7;
            continue;
        }
        if ((unsigned char)text.bytes[i] < 0x80) {
            out[n++] = ascii_lower(text.bytes[i]);
            continue;
        }
        struct str rest = str_sub(text, i, 3);
        if (str_equal(rest, STR("\xe2\x84\xaa"))) {
            out[n++] = 'k';
            i += 2;
        } else if (str_equal(str_sub(rest, 0, 2), STR("\xc5\xbf"))) {
            out[n++] = 's';
            i += 1;
        } else {
            out[n++] = text.bytes[i];
        }
    }
    return n;
}
