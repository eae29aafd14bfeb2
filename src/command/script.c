/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/peel.h"

/* VBScript and JScript one-liners: sums of strings and of the functions that
 * hide them are folded; what is passed to Run or Exec is a command. */

#define MAX_NESTING 16

struct folder {
    struct peel *peel;
    struct str s;
    size_t at;
    unsigned depth;
};

static bool read_sum(struct folder *f, struct buf *out, bool *hidden);

static void skip_blanks(struct folder *f)
{
    while (f->at < f->s.len && ascii_is_space(f->s.bytes[f->at])) {
        f->at++;
    }
}

static bool take(struct folder *f, char c)
{
    skip_blanks(f);
    if (f->at < f->s.len && f->s.bytes[f->at] == c) {
        f->at++;
        return true;
    }
    return false;
}

/* "..." with "" for a quote, or '...'; \xHH, \uHHHH and \c of JScript. */
static bool read_literal(struct folder *f, struct buf *out)
{
    char quote = f->s.bytes[f->at++];

    while (f->at < f->s.len) {
        char c = f->s.bytes[f->at++];
        char next = f->at < f->s.len ? f->s.bytes[f->at] : '\0';
        if (c == quote) {
            if (quote != '"' || next != quote) {
                return true;
            }
            f->at++;
        } else if (c == '\\' && (next == 'x' || next == 'u')) {
            size_t digits = next == 'x' ? 2 : 4;
            uint32_t code = 0;
            size_t i = 0;
            while (i < digits && f->at + 1 + i < f->s.len &&
                   ascii_hex_value(f->s.bytes[f->at + 1 + i]) >= 0) {
                code = code * 16 +
                       (uint32_t)ascii_hex_value(f->s.bytes[f->at + 1 + i++]);
            }
            if (i == digits) {
                char bytes[4];
                buf_add(out, str_of(bytes, utf8_encode(code, bytes)));
                f->at += 1 + digits;
                continue;
            }
        }
        buf_add_char(out, c);
    }
    return false;
}

static bool read_number(struct folder *f, uint32_t *out)
{
    skip_blanks(f);
    size_t start = f->at;
    bool hex = str_starts_fold(str_sub(f->s, f->at, 2), STR("&h")) ||
               str_starts_fold(str_sub(f->s, f->at, 2), STR("0x"));
    uint32_t base = hex ? 16 : 10;

    f->at += hex ? 2 : 0;
    *out = 0;
    while (f->at < f->s.len && f->at - start < 10) {
        int digit = ascii_hex_value(f->s.bytes[f->at]);
        if (digit < 0 || (uint32_t)digit >= base) {
            break;
        }
        *out = *out * base + (uint32_t)digit;
        f->at++;
    }
    return f->at > start + (hex ? 2u : 0u) && *out <= 0x10FFFF;
}

/* Chr(65), String.fromCharCode(65,66) behind the parenthesis */
static bool read_codes(struct folder *f, struct buf *out)
{
    do {
        uint32_t code;
        char bytes[4];
        if (!read_number(f, &code)) {
            return false;
        }
        buf_add(out, str_of(bytes, utf8_encode(code, bytes)));
    } while (take(f, ','));
    return take(f, ')');
}

static void add_reversed(struct buf *out, struct str s)
{
    for (size_t i = s.len; i-- > 0;) {
        size_t from = i;
        while (from && ((unsigned char)s.bytes[from] & 0xC0) == 0x80) {
            from--;
        }
        buf_add(out, str_sub(s, from, i - from + 1));
        i = from;
    }
}

static void add_unescaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        int high = i + 2 < s.len ? ascii_hex_value(s.bytes[i + 1]) : -1;
        int low = i + 2 < s.len ? ascii_hex_value(s.bytes[i + 2]) : -1;
        if (s.bytes[i] == '%' && high >= 0 && low >= 0) {
            buf_add_char(out, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_add_char(out, s.bytes[i]);
        }
    }
}

static void add_replaced(struct buf *out, struct str s, struct str old,
                         struct str by)
{
    size_t at = 0;

    while (old.len && at <= s.len) {
        size_t found = str_find(s, old, at);
        if (found == STR_NONE) {
            break;
        }
        buf_add(out, str_sub(s, at, found - at));
        buf_add(out, by);
        at = found + old.len;
    }
    buf_add(out, str_sub(s, at, s.len));
}

/* StrReverse(x), unescape(x), Replace(x, a, b) behind the parenthesis */
static bool read_call(struct folder *f, struct str name, struct buf *out)
{
    struct buf args[3];
    bool ignored;
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        buf_init(&args[i], f->peel->max_bytes);
    }
    bool known = peel_may_nest(f->peel, f->depth, MAX_NESTING);
    f->depth++;
    do {
        known = known && n < 3 && read_sum(f, &args[n++], &ignored);
    } while (known && take(f, ','));
    f->depth--;
    known = known && take(f, ')');
    struct str first = buf_str(&args[0]);
    if (known && n == 1 && str_equal_fold(name, STR("strreverse"))) {
        add_reversed(out, first);
    } else if (known && n == 1 &&
               (str_equal_fold(name, STR("unescape")) ||
                str_ends_fold(name, STR("uricomponent")))) {
        add_unescaped(out, first);
    } else if (known && n == 3 && str_equal_fold(name, STR("replace"))) {
        add_replaced(out, first, buf_str(&args[1]), buf_str(&args[2]));
    } else {
        known = false;
    }
    for (size_t i = 0; i < 3; i++) {
        buf_deinit(&args[i]);
    }
    return known;
}

static bool read_term(struct folder *f, struct buf *out, bool *hidden)
{
    skip_blanks(f);
    if (f->at >= f->s.len) {
        return false;
    }
    char c = f->s.bytes[f->at];
    if (c == '"' || c == '\'') {
        return read_literal(f, out);
    }
    if (c == '(' && peel_may_nest(f->peel, f->depth, MAX_NESTING)) {
        f->at++;
        f->depth++;
        bool known = read_sum(f, out, hidden);
        f->depth--;
        return known && take(f, ')');
    }
    size_t start = f->at;
    while (f->at < f->s.len &&
           (ascii_is_alnum(f->s.bytes[f->at]) || f->s.bytes[f->at] == '.')) {
        f->at++;
    }
    struct str name = str_sub(f->s, start, f->at - start);
    if (!name.len || !take(f, '(')) {
        return false;
    }
    *hidden = true;
    if (str_equal_fold(name, STR("chr")) || str_equal_fold(name, STR("chrw")) ||
        str_equal_fold(name, STR("string.fromcharcode"))) {
        return read_codes(f, out);
    }
    return read_call(f, name, out);
}

/* term & term + term; stands behind the last term that was understood */
static bool read_sum(struct folder *f, struct buf *out, bool *hidden)
{
    *hidden = false;
    if (!peel_spend(f->peel, 16) || !read_term(f, out, hidden)) {
        return false;
    }
    for (;;) {
        size_t before = f->at;
        size_t len = out->len;
        if (!take(f, '&') && !take(f, '+')) {
            f->at = before;
            return !out->failed;
        }
        bool inner = false;
        if (!peel_spend(f->peel, 16) || !read_term(f, out, &inner)) {
            f->at = before;
            out->len = len;
            return !out->failed;
        }
        *hidden = true;
    }
}

static struct slice fold_strings(struct peel *peel, struct slice script)
{
    struct folder f = {.peel = peel, .s = slice_str(script)};
    struct rewrite out;
    struct buf text;

    rewrite_init(&out, peel, script);
    buf_init(&text, peel->max_bytes);
    while (f.at < f.s.len) {
        size_t start = f.at;
        char c = f.s.bytes[start];
        char before = start ? f.s.bytes[start - 1] : ' ';
        bool hidden = false;
        bool starts =
            c == '"' || c == '\'' ||
            (ascii_is_alpha(c) && !ascii_is_alnum(before) && before != '.');
        buf_clear(&text);
        if (starts && peel_spend(peel, 16) && read_sum(&f, &text, &hidden) &&
            hidden) {
            struct buf quoted;
            buf_init(&quoted, peel->max_bytes);
            buf_add_char(&quoted, '"');
            buf_add(&quoted, buf_str(&text));
            buf_add_char(&quoted, '"');
            rewrite_put_str(&out, start, f.at - start, buf_str(&quoted));
            buf_deinit(&quoted);
        } else if (c == '"' || c == '\'') {
            f.at = f.at > start ? f.at : start + 1;
        } else { /* what an unknown call is given may still be folded */
            f.at = start + 1;
            while (starts && f.at < f.s.len &&
                   ascii_is_alnum(f.s.bytes[f.at])) {
                f.at++;
            }
        }
    }
    buf_deinit(&text);
    return rewrite_finish(&out);
}

/* The string behind .Run( or .Exec( or Run "..." */
static void find_commands(struct peel *peel, struct slice script)
{
    static const char *const calls[] = {
#define RUN(name) name,
#define CODE(name)
#include "command/script_calls.def"
#undef CODE
#undef RUN
    };
    struct str s = slice_str(script);

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct str call = str_from(calls[i]);
        size_t at = 0;
        while ((at = str_find_fold(s, call, at)) != STR_NONE &&
               peel_spend(peel, 16)) {
            bool inside =
                at && call.bytes[0] != '.' &&
                (ascii_is_alnum(s.bytes[at - 1]) || s.bytes[at - 1] == '_');
            at += call.len;
            if (inside) {
                continue; /* of a longer name */
            }
            size_t open = at;
            while (open < s.len &&
                   (ascii_is_space(s.bytes[open]) || s.bytes[open] == '(')) {
                open++;
            }
            if (open >= s.len ||
                (s.bytes[open] != '"' && s.bytes[open] != '\'')) {
                continue;
            }
            size_t close = str_find_char(s, s.bytes[open], open + 1);
            if (close == STR_NONE) {
                break;
            }
            struct slice command =
                slice_sub(script, open + 1, close - open - 1);
            peel_add(peel, "script.run", command, NULL);
            peel_command(peel, command);
            at = close;
        }
    }
}

static struct slice peel_text(struct peel *peel, struct slice script);

/* The string behind Execute( or eval( is a script. */
static void find_scripts(struct peel *peel, struct slice script)
{
    static const char *const calls[] = {
#define RUN(name)
#define CODE(name) name "(",
#include "command/script_calls.def"
#undef CODE
#undef RUN
    };
    struct folder f = {.peel = peel, .s = slice_str(script)};

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct str call = str_from(calls[i]);
        f.at = 0;
        while ((f.at = str_find_fold(f.s, call, f.at)) != STR_NONE &&
               peel_spend(peel, 16)) {
            struct buf text;
            f.at += call.len;
            size_t start = f.at;
            if (f.at >= f.s.len ||
                (f.s.bytes[f.at] != '"' && f.s.bytes[f.at] != '\'')) {
                continue;
            }
            buf_init(&text, peel->max_bytes);
            if (read_literal(&f, &text) && peel_spend(peel, text.len)) {
                struct slice inner =
                    peel_fold(peel, buf_str(&text),
                              slice_sub(script, start, f.at - start));
                peel_add(peel, "script.execute", inner, NULL);
                peel_text(peel, inner);
            }
            buf_deinit(&text);
        }
    }
}

static struct slice peel_text(struct peel *peel, struct slice script)
{
    if (!peel_may_nest(peel, peel->depth, peel->max_depth)) {
        return script;
    }
    peel->depth++;
    struct slice folded = fold_strings(peel, script);
    if (folded.text != script.text) {
        peel_add(peel, "script.fold", folded, NULL);
    }
    find_commands(peel, folded);
    find_scripts(peel, folded);
    peel->depth--;
    return folded;
}

struct slice script_peel(struct peel *peel, struct slice script)
{
    struct str s = slice_str(script);

    if (str_find_fold(s, STR("script:"), 0) == STR_NONE ||
        !peel_spend(peel, s.len)) {
        return script;
    }
    return peel_text(peel, script);
}

struct slice script_peel_source(struct peel *peel, struct slice source)
{
    return peel_spend(peel, source.len) ? peel_text(peel, source) : source;
}
