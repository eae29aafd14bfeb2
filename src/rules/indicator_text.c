/* SPDX-License-Identifier: MIT */
#include "rules/indicator_text.h"

#include "install/path.h"
#include "install/registry.h"
#include "rules/indicator_address.h"

static const char *const type_names[N_INDICATOR_TYPES] = {
    "url",          "domain", "ip",      "unc",    "path",
    "registry-key", "clsid",  "service", "sha256",
};

/* Longer ones are no addresses but a whole script. */
#define MAX_VALUE_BYTES 2048
#define CLSID_BYTES 38u /* {8-4-4-4-12} */
#define SHA256_DIGITS 64u
#define VALUE_SWITCH_REACH 16u /* bytes from a key to its "/v" */

void search_add(struct search *search, const struct source_text *source,
                enum indicator_type type, struct slice value, const char *role,
                uint32_t port)
{
    struct indicator indicator = {type_names[type], value,         role,
                                  source->action,   source->layer, port};

    if (!value.len || value.len > MAX_VALUE_BYTES || search->no_memory ||
        map_get(&search->seen[type], slice_str(value)) != MAP_NONE) {
        return;
    }
    if (search->out->n >= search->max) {
        limit_hit(search->limits, LIMIT_indicators);
        return;
    }
    search->no_memory = map_put(&search->seen[type], search->arena,
                                slice_str(value), 1) == MAP_NONE ||
                        !VEC_PUSH(search->arena, search->out, indicator);
}

struct slice search_spelled(struct search *search, struct str plain,
                            struct slice from)
{
    struct text_builder builder;

    text_build_init(&builder, search->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_stand_in(&builder, plain, from);
    const struct text *text = text_build_finish(&builder);
    search->no_memory = search->no_memory || !text;
    return slice_all(text);
}

static size_t prefix_length(struct str rest)
{
    static const struct str prefixes[] = {
#define PREFIX(text) {text, sizeof(text) - 1},
#include "rules/indicator_paths.def"
#undef PREFIX
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (str_starts_fold(rest, prefixes[i])) {
            return prefixes[i].len;
        }
    }
    return 0;
}

/* Where what stands at `at` ends: at its quotation mark if it has one. */
static size_t end_of_quoted(struct str s, size_t at, size_t from)
{
    char quote = char_before(s, at);

    if (quote != '"' && quote != '\'') {
        return end_of_word(s, from);
    }
    while (from < s.len && str_at(s, from) != quote &&
           (unsigned char)str_at(s, from) >= ' ') {
        from++;
    }
    return from;
}

/* "C:\Program" is what an unquoted blank leaves of a path. */
static bool is_cut(struct str path)
{
    return str_find_char(path, '\\', 3) == STR_NONE &&
           str_find_char(path, '.', 3) == STR_NONE;
}

/* C:\... or %TEMP%\... at `at`, kept where it is worth a look: what every host
 * has is not. Offset behind it, or `at` where no path begins. */
static size_t take_path(struct search *search, const struct source_text *source,
                        size_t at)
{
    struct str s = slice_str(source->text);
    struct str rest = str_sub(s, at, s.len);
    bool has_drive = rest.len > 3 && ascii_is_alpha(char_at(s, at)) &&
                     char_at(s, at + 1) == ':' &&
                     (char_at(s, at + 2) == '\\' ||
                      (char_at(s, at + 2) == '/' && char_at(s, at + 3) != '/'));
    bool has_variable = char_at(s, at) == '%' || char_at(s, at) == '$';
    size_t prefix = has_drive ? 3 : has_variable ? prefix_length(rest) : 0;

    if (!prefix || ascii_is_alnum(char_before(s, at))) {
        return at;
    }
    size_t to = end_of_quoted(s, at, at + prefix);
    struct slice value = slice_sub(source->text, at, to - at);
    struct str plain = path_normalise(search->arena, slice_str(value));
    if (!plain.bytes) {
        search->no_memory = true;
        return to;
    }
    unsigned wanted = PATH_WRITABLE | PATH_AUTOSTART | PATH_PER_USER;
    if (!has_drive || (path_marks(plain) & wanted && !is_cut(plain))) {
        search_add(search, source, INDICATOR_PATH, value, "payload", 0);
    }
    return to;
}

static bool is_clsid(struct str s, size_t at)
{
    if (s.len - at < CLSID_BYTES || str_at(s, at + CLSID_BYTES - 1) != '}') {
        return false;
    }
    for (size_t i = 1; i < CLSID_BYTES - 1; i++) {
        char c = str_at(s, at + i);
        bool is_hyphen = i == 9 || i == 14 || i == 19 || i == 24;
        if (is_hyphen ? c != '-' : ascii_hex_value(c) < 0) {
            return false;
        }
    }
    return true;
}

static size_t take_sha256(struct search *search,
                          const struct source_text *source, size_t at)
{
    struct str s = slice_str(source->text);
    size_t n = 0;

    if (ascii_is_alnum(char_before(s, at))) {
        return at;
    }
    while (n <= SHA256_DIGITS && ascii_hex_value(char_at(s, at + n)) >= 0) {
        n++;
    }
    if (n != SHA256_DIGITS || ascii_is_alnum(char_at(s, at + n))) {
        return at;
    }
    search_add(search, source, INDICATOR_SHA256, slice_sub(source->text, at, n),
               "payload", 0);
    return at + n;
}

/* The value that "/v" behind a key names; empty for none. */
static struct str value_behind(struct str s, size_t at)
{
    struct str near = str_sub(s, at, VALUE_SWITCH_REACH);
    size_t found = str_find_fold(near, STR("/v "), 0);

    if (found == STR_NONE) {
        return STR("");
    }
    at += found + 3;
    at += char_at(s, at) == '"' ? 1 : 0;
    return str_sub(s, at, end_of_quoted(s, at, at) - at);
}

/* HKLM\... in a command at `at`. Offset behind it, or `at`. */
static size_t take_key(struct search *search, const struct source_text *source,
                       size_t at)
{
    static const struct str roots[] = {
#define ROOT(text) {text, sizeof(text) - 1},
#include "rules/indicator_roots.def"
#undef ROOT
    };
    struct str s = slice_str(source->text);
    struct str rest = str_sub(s, at, s.len);
    size_t root = 0;

    for (size_t i = 0; i < sizeof roots / sizeof roots[0] && !root; i++) {
        root = str_starts_fold(rest, roots[i]) ? roots[i].len : 0;
    }
    if (!root || !source->is_command || ascii_is_alnum(char_before(s, at)) ||
        char_before(s, at) == '<') { /* <HKLM\...>: a path out of there */
        return at;
    }
    size_t to = end_of_quoted(s, at, at + root);
    while (char_at(s, to) == '{') { /* an identifier is part of the key */
        size_t end = str_find_char(s, '}', to);
        to = end == STR_NONE ? s.len : end_of_quoted(s, at, end + 1);
    }
    struct slice key = slice_sub(source->text, at, to - at);
    const char *role = registry_is_command(slice_str(key), value_behind(s, to))
                           ? "persistence"
                           : "target";
    search_add(search, source, INDICATOR_REGISTRY_KEY, key, role, 0);
    return to;
}

/* The next word behind blanks, quoted or not. */
static struct slice next_word(const struct source_text *source, size_t *at)
{
    struct str s = slice_str(source->text);

    while (*at < s.len && str_at(s, *at) == ' ') {
        ++*at;
    }
    *at += char_at(s, *at) == '"' || char_at(s, *at) == '\'' ? 1 : 0;
    size_t from = *at;
    *at = end_of_quoted(s, from, from);
    struct slice word = slice_sub(source->text, from, *at - from);
    *at += *at < s.len && from && str_at(s, *at) == str_at(s, from - 1) &&
                   str_at(s, *at) != ' '
               ? 1
               : 0;
    return word;
}

static const struct verb {
    struct str program;
    struct str verb;
    const char *role;
} verbs[] = {
#define VERB(program, verb, role, source)                                      \
    {{program, sizeof(program) - 1}, {verb, sizeof(verb) - 1}, role},
#include "rules/indicator_services.def"
#undef VERB
};

/* The first row for a program; NULL: none. Rows of one stand together. */
static const struct verb *find_verbs(struct str program)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_equal_fold(program, verbs[i].program)) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* The service that a command at `at` names. */
static void take_service(struct search *search,
                         const struct source_text *source, size_t at)
{
    struct str s = slice_str(source->text);
    size_t behind = at;

    if (!source->is_command ||
        !(is_end(char_before(s, at)) || char_before(s, at) == '\\')) {
        return;
    }
    struct str program = slice_str(next_word(source, &behind));
    if (str_ends_fold(program, STR(".exe"))) {
        program.len -= 4;
    }
    for (const struct verb *row = find_verbs(program);
         row && row < verbs + sizeof verbs / sizeof *verbs; row++) {
        if (!str_equal_fold(program, row->program)) {
            continue;
        }
        size_t word_at = behind;
        struct slice word = next_word(source, &word_at);
        if (str_starts_fold(slice_str(word), STR("\\\\"))) {
            word = next_word(source, &word_at); /* sc \\server verb */
        }
        if (row->verb.len) {
            if (!str_equal_fold(slice_str(word), row->verb)) {
                continue;
            }
            word = next_word(source, &word_at);
        }
        while (str_at(slice_str(word), 0) == '-') { /* -Name */
            word = next_word(source, &word_at);
        }
        search_add(search, source, INDICATOR_SERVICE, word, row->role, 0);
        return;
    }
}

/* What a word may begin with, as bits. */
enum word_start {
    START_DIGIT = 1,
    START_HEX = 2, /* digits too */
    START_COLON = 4,
    START_H = 8,
    START_ANY = 16
};

static unsigned starts_of(char c)
{
    unsigned starts = START_ANY;

    starts |= ascii_is_digit(c) ? START_DIGIT : 0u;
    starts |= ascii_hex_value(c) >= 0 ? START_HEX : 0u;
    starts |= c == ':' ? START_COLON : 0u;
    starts |= ascii_lower(c) == 'h' ? START_H : 0u;
    return starts;
}

/* What begins with a letter, a digit, a colon, % or $. */
static size_t take_word(struct search *search, const struct source_text *source,
                        size_t at)
{
    static const struct {
        take_fn *take;
        unsigned starts;
    } rows[] = {
        {address_take_ip4, START_DIGIT},
        {address_take_ip6, START_HEX | START_COLON},
        {take_sha256, START_HEX},
        {take_key, START_H},
        {take_path, START_ANY},
        {address_take_bare_host, START_ANY},
    };
    unsigned starts = starts_of(char_at(slice_str(source->text), at));

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].starts & starts) {
            size_t to = rows[i].take(search, source, at);
            if (to > at) {
                return to;
            }
        }
    }
    take_service(search, source, at);
    return at;
}

/* Behind a word; at least at + 1. A word is looked at where it begins. */
static size_t skip_word(struct str s, size_t at)
{
    bool is_word = ascii_is_alnum(str_at(s, at));

    at++;
    while (is_word && at < s.len && ascii_is_alnum(str_at(s, at))) {
        at++;
    }
    return at;
}

static bool begins_unc(struct str s, size_t at)
{
    char before = char_before(s, at);

    return s.len - at > 3 && str_at(s, at + 1) == '\\' &&
           (is_end(before) || before == '=' || before == ':');
}

/* What begins at `at`. Offset behind it; at least at + 1. */
static size_t take_any(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    char c = str_at(s, at);

    if (c == ':' && s.len - at > 3 && str_at(s, at + 1) == '/' &&
        str_at(s, at + 2) == '/') {
        return address_take_url(search, source, at);
    }
    if (c == '\\' && begins_unc(s, at)) {
        return address_take_unc(search, source, at);
    }
    if (c == '{' && is_clsid(s, at)) {
        search_add(search, source, INDICATOR_CLSID,
                   slice_sub(source->text, at, CLSID_BYTES), "target", 0);
        return at + CLSID_BYTES;
    }
    if (ascii_is_alnum(c) || c == '%' || c == '$' || c == ':') {
        size_t to = take_word(search, source, at);
        return to > at ? to : skip_word(s, at);
    }
    return at + 1;
}

void search_text(struct search *search, const struct source_text *source)
{
    size_t at = 0;

    while (at < source->text.len && !search->no_memory) {
        at = take_any(search, source, at);
    }
}
