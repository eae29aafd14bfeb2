/* SPDX-License-Identifier: MIT */
#include "command/powershell/pattern.h"

/* A backtracking matcher over the pattern text itself. The continuation of
 * what is being matched is a linked list of places in the pattern. */
struct matcher {
    struct peel *peel;
    struct str pattern;
    struct str text;
    bool fold;
    bool bad;
    unsigned depth;
    struct pattern_match match;
};

#define MAX_DEPTH 2000

/* What follows a group: where it goes on, which group it closes. */
struct frame {
    size_t at;  /* in the pattern, behind the group and its quantifier */
    size_t end; /* of the pattern that encloses it */
    int group;  /* -1: none */
    const struct frame *outer;
};

static bool match_here(struct matcher *m, size_t at, size_t end, size_t pos,
                       const struct frame *frame);

/* End of the atom at `at`: behind a class, a group, an escape, a char. */
static size_t atom_end(const struct matcher *m, size_t at, size_t end)
{
    struct str p = m->pattern;
    size_t i = at + 1;

    if (p.bytes[at] == '\\') {
        return at + 2 <= end ? at + 2 : end;
    }
    if (p.bytes[at] == '[') {
        i += i < end && p.bytes[i] == '^';
        i += i < end && p.bytes[i] == ']';
        for (; i < end && p.bytes[i] != ']'; i++) {
            i += p.bytes[i] == '\\';
        }
        return i < end ? i + 1 : end;
    }
    if (p.bytes[at] == '(') {
        for (unsigned open = 1; i < end; i++) {
            if (p.bytes[i] == '[') {
                i = atom_end(m, i, end) - 1;
            } else if (p.bytes[i] == '\\') {
                i++;
            } else {
                open += p.bytes[i] == '(';
                open -= p.bytes[i] == ')';
                if (!open) {
                    return i + 1;
                }
            }
        }
        return end;
    }
    return i;
}

static bool escape_matches(struct matcher *m, char escape, char c)
{
    char lower = ascii_lower(escape);
    bool in = false;

    switch (lower) {
    case 'd':
        in = ascii_is_digit(c);
        break;
    case 's':
        in = ascii_is_space(c);
        break;
    case 'w':
        in = ascii_is_alnum(c) || c == '_';
        break;
    case 'n':
        return c == '\n';
    case 'r':
        return c == '\r';
    case 't':
        return c == '\t';
    default:
        m->bad = m->bad || ascii_is_alnum(escape);
        return c == escape;
    }
    return (escape == lower) == in;
}

static bool class_matches(struct matcher *m, size_t at, size_t end, char c)
{
    const char *p = m->pattern.bytes;
    bool negated = p[++at] == '^';
    bool in = false;
    char lower = m->fold ? ascii_lower(c) : c;
    char upper = m->fold ? ascii_upper(c) : c;

    at += negated;
    for (size_t first = at; at + 1 < end && (p[at] != ']' || at == first);
         at++) {
        if (p[at] == '\\' && at + 2 < end) {
            in = escape_matches(m, p[++at], c) || in;
        } else if (at + 3 < end && p[at + 1] == '-' && p[at + 2] != ']') {
            in = in || (lower >= p[at] && lower <= p[at + 2]) ||
                 (upper >= p[at] && upper <= p[at + 2]);
            at += 2;
        } else {
            in = in || lower == p[at] || upper == p[at];
        }
    }
    return in != negated;
}

/* Whether the single-character atom at [at, end) takes c. */
static bool atom_matches(struct matcher *m, size_t at, size_t end, char c)
{
    char p = m->pattern.bytes[at];

    if (p == '.') {
        return c != '\n';
    }
    if (p == '\\') {
        return end - at == 2 && escape_matches(m, m->pattern.bytes[at + 1], c);
    }
    if (p == '[') {
        return class_matches(m, at, end, c);
    }
    return m->fold ? ascii_lower(p) == ascii_lower(c) : p == c;
}

struct quantifier {
    size_t min, max;
    size_t end;
    bool lazy;
};

static bool read_number(const struct matcher *m, size_t *at, size_t *out)
{
    size_t start = *at;

    *out = 0;
    while (*at < m->pattern.len && ascii_is_digit(m->pattern.bytes[*at]) &&
           *at - start < 6) {
        *out = *out * 10 + (size_t)(m->pattern.bytes[(*at)++] - '0');
    }
    return *at > start;
}

static struct quantifier read_quantifier(struct matcher *m, size_t at,
                                         size_t end)
{
    struct quantifier q = {1, 1, at, false};
    char c = at < end ? m->pattern.bytes[at] : '\0';

    if (c == '*' || c == '+' || c == '?') {
        q.min = c == '+';
        q.max = c == '?' ? 1 : SIZE_MAX;
        q.end = at + 1;
    } else if (c == '{') {
        size_t i = at + 1;
        size_t min;
        if (!read_number(m, &i, &min)) {
            return q; /* a brace that means itself */
        }
        q.min = q.max = min;
        if (i < end && m->pattern.bytes[i] == ',') {
            i++;
            if (!read_number(m, &i, &q.max)) {
                q.max = SIZE_MAX;
            }
        }
        m->bad = m->bad || i >= end || m->pattern.bytes[i] != '}';
        q.end = i + 1;
    } else {
        return q;
    }
    if (q.end < end && m->pattern.bytes[q.end] == '?') {
        q.lazy = true;
        q.end++;
    }
    return q;
}

/* A quantified single character, then the rest. */
static bool match_run(struct matcher *m, size_t at, size_t atom,
                      struct quantifier q, size_t end, size_t pos,
                      const struct frame *frame)
{
    size_t n = 0;
    size_t most = 0;

    if (q.lazy) {
        for (;; n++) {
            if (n >= q.min && match_here(m, q.end, end, pos + n, frame)) {
                return true;
            }
            if (m->bad || n >= q.max || pos + n >= m->text.len ||
                !atom_matches(m, at, atom, m->text.bytes[pos + n])) {
                return false;
            }
        }
    }
    while (most < q.max && pos + most < m->text.len &&
           atom_matches(m, at, atom, m->text.bytes[pos + most])) {
        most++;
    }
    for (n = most + 1; n-- > q.min && !m->bad;) {
        if (n <= most && match_here(m, q.end, end, pos + n, frame)) {
            return true;
        }
    }
    return false;
}

static bool match_group(struct matcher *m, size_t at, size_t atom,
                        struct quantifier q, size_t end, size_t pos,
                        const struct frame *frame)
{
    size_t inside = at + 1;
    int group = 0;

    if (inside < atom && m->pattern.bytes[inside] == '?') {
        if (inside + 1 >= atom || m->pattern.bytes[inside + 1] != ':') {
            m->bad = true; /* look-around, named groups */
            return false;
        }
        inside += 2;
        group = -1;
    } else {
        for (size_t i = 0; i <= at; i++) {
            group += m->pattern.bytes[i] == '(';
        }
    }
    if (q.max > 1 || atom <= inside || group >= PATTERN_GROUPS) {
        m->bad = true; /* a repeated group */
        return false;
    }
    struct frame inner = {q.end, end, group, frame};
    size_t old = group > 0 ? m->match.start[group] : 0;
    if (group > 0) {
        m->match.start[group] = pos;
    }
    if (match_here(m, inside, atom - 1, pos, &inner)) {
        return true;
    }
    if (group > 0) {
        m->match.start[group] = old;
    }
    return q.min == 0 && match_here(m, q.end, end, pos, frame);
}

/* The end of a group or of the whole pattern. */
static bool match_end(struct matcher *m, size_t pos, const struct frame *frame)
{
    if (!frame) {
        m->match.end[0] = pos;
        return true;
    }
    if (frame->group > 0) {
        m->match.end[frame->group] = pos;
    }
    return match_here(m, frame->at, frame->end, pos, frame->outer);
}

static bool match_sequence(struct matcher *m, size_t at, size_t end, size_t pos,
                           const struct frame *frame)
{
    while (at < end) {
        char c = m->pattern.bytes[at];
        size_t atom = atom_end(m, at, end);
        if (c == '^' || c == '$') {
            if (c == '^' ? pos != 0 : pos != m->text.len) {
                return false;
            }
            at++;
            continue;
        }
        struct quantifier q = read_quantifier(m, atom, end);
        if (m->bad || c == '*' || c == '+' || c == '?' || c == ')') {
            m->bad = true;
            return false;
        }
        if (c == '(') {
            return match_group(m, at, atom, q, end, pos, frame);
        }
        if (q.end != atom) {
            return match_run(m, at, atom, q, end, pos, frame);
        }
        if (pos >= m->text.len ||
            !atom_matches(m, at, atom, m->text.bytes[pos])) {
            return false;
        }
        pos++;
        at = atom;
    }
    return match_end(m, pos, frame);
}

static bool match_here(struct matcher *m, size_t at, size_t end, size_t pos,
                       const struct frame *frame)
{
    bool found = false;

    if (m->bad || !peel_may_nest(m->peel, m->depth, MAX_DEPTH) ||
        !peel_spend(m->peel, 16)) {
        m->bad = true;
        return false;
    }
    m->depth++;
    for (;;) { /* the alternatives */
        size_t bar = at;
        while (bar < end && m->pattern.bytes[bar] != '|') {
            bar = atom_end(m, bar, end);
        }
        found = match_sequence(m, at, bar < end ? bar : end, pos, frame);
        if (found || bar >= end || m->bad) {
            break;
        }
        at = bar + 1;
    }
    m->depth--;
    return found;
}

int pattern_find(struct peel *peel, struct str pattern, struct str text,
                 size_t from, enum pattern_case letter_case,
                 struct pattern_match *out)
{
    struct matcher m = {.peel = peel,
                        .pattern = pattern,
                        .text = text,
                        .fold = letter_case == PATTERN_FOLD};

    for (size_t pos = from; pos <= text.len; pos++) {
        for (size_t i = 0; i < PATTERN_GROUPS; i++) {
            m.match.start[i] = m.match.end[i] = STR_NONE;
        }
        m.match.start[0] = pos;
        if (match_here(&m, 0, pattern.len, pos, NULL)) {
            *out = m.match;
            return m.bad ? -1 : 1;
        }
        if (m.bad) {
            return -1;
        }
    }
    return 0;
}

/* [set] at *p takes c; *p moves behind it. */
static bool set_matches(struct str pattern, size_t *p, char c)
{
    bool in = false;
    size_t i = *p + 1;

    for (; i < pattern.len && pattern.bytes[i] != ']'; i++) {
        if (i + 2 < pattern.len && pattern.bytes[i + 1] == '-') {
            in = in || (c >= ascii_lower(pattern.bytes[i]) &&
                        c <= ascii_lower(pattern.bytes[i + 2]));
            i += 2;
        } else {
            in = in || ascii_lower(pattern.bytes[i]) == c;
        }
    }
    *p = i + 1;
    return in;
}

bool pattern_wildcard(struct str pattern, struct str name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = STR_NONE;
    size_t resume = 0;

    while (n < name.len) {
        size_t next = p + 1;
        char c = ascii_lower(name.bytes[n]);
        if (p < pattern.len && pattern.bytes[p] == '*') {
            star = p++;
            resume = n;
            continue;
        }
        if (p < pattern.len &&
            (pattern.bytes[p] == '?' ||
             (pattern.bytes[p] == '['
                  ? (next = p, set_matches(pattern, &next, c))
                  : ascii_lower(pattern.bytes[p]) == c))) {
            p = next;
            n++;
            continue;
        }
        if (star == STR_NONE) {
            return false;
        }
        p = star + 1;
        n = ++resume;
    }
    while (p < pattern.len && pattern.bytes[p] == '*') {
        p++;
    }
    return p >= pattern.len;
}
