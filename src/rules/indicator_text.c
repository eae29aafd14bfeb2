/* SPDX-License-Identifier: MIT */
#include "rules/indicator_text.h"

#include "install/path.h"
#include "install/registry.h"
#include "rules/host.h"

static const char *const type_names[N_INDICATOR_TYPES] = {
    "url",          "domain", "ip",      "unc",    "path",
    "registry-key", "clsid",  "service", "sha256",
};

/* Longer ones are no addresses but a whole script. */
#define MAX_VALUE_BYTES 2048
#define MAX_SCHEME_BYTES 8u
#define CLSID_BYTES 38u /* {8-4-4-4-12} */
#define SHA256_DIGITS 64u
#define MIN_IP6_GROUPS 3u /* of an address that nothing else marks as one */
#define VALUE_SWITCH_REACH 16u /* bytes from a key to its "/v" */
#define WEBDAV_TLS_PORT 443u

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

/* Whether a character ends an address or a path that stands unquoted. */
static bool is_end(char c)
{
    return (unsigned char)c <= ' ' || strchr("\"'`<>|^&;,()[]{}", c) != NULL;
}

static char char_at(struct str s, size_t at)
{
    return at < s.len ? s.bytes[at] : ' ';
}

static char char_before(struct str s, size_t at)
{
    return at && at <= s.len ? s.bytes[at - 1] : ' ';
}

/* The bytes before the next end. */
static size_t end_of_word(struct str s, size_t at)
{
    while (at < s.len && !is_end(s.bytes[at])) {
        at++;
    }
    return at;
}

/* The plain spelling of what stands at `from`. */
static struct slice spelled(struct search *search, struct str plain,
                            struct slice from)
{
    struct text_builder builder;

    text_build_init(&builder, search->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_stand_in(&builder, plain, from);
    const struct text *text = text_build_finish(&builder);
    search->no_memory = search->no_memory || !text;
    return slice_all(text);
}

/* A name that stands for an address of IPv6. */
static bool add_ip6_literal(struct search *search,
                            const struct source_text *source, struct slice host,
                            uint32_t port)
{
    char address[HOST_IP6_NAME_BYTES];
    struct str s = slice_str(host);
    size_t n = s.len < sizeof address ? host_ip6_of_literal(s, address) : 0;

    if (n) {
        search_add(search, source, INDICATOR_IP,
                   spelled(search, str_of(address, n), host), source->role,
                   port);
    }
    return n > 0;
}

static void add_host(struct search *search, const struct source_text *source,
                     struct slice host, uint32_t port)
{
    struct str s = slice_str(host);
    char plain[HOST_IP4_BYTES];
    unsigned groups;

    if (!s.len || host_is_loopback(s) ||
        add_ip6_literal(search, source, host, port)) {
        return;
    }
    if (host_ip4_length(s, 0) == s.len ||
        host_ip6_length(s, 0, &groups) == s.len) {
        search_add(search, source, INDICATOR_IP, host, source->role, port);
    } else if (host_unusual_ip4(s, plain)) {
        search_add(search, source, INDICATOR_IP,
                   spelled(search, str_from(plain), host), source->role, port);
    } else if (str_find_char(s, '.', 0) != STR_NONE &&
               !ascii_is_digit(s.bytes[s.len - 1])) {
        search_add(search, source, INDICATOR_DOMAIN, host, source->role, port);
    }
}

/* Where the host of a URL begins that goes from `from` to `to`: behind a user
 * name and password. */
static size_t behind_user(struct str s, size_t from, size_t to)
{
    struct str rest = str_of(s.bytes, to);
    size_t at_sign = str_find_char(rest, '@', from);
    size_t slash = str_find_char(rest, '/', from);

    return at_sign != STR_NONE && (slash == STR_NONE || at_sign < slash)
               ? at_sign + 1
               : from;
}

/* A host at `at` of s, the bytes of `text`, without the brackets around an
 * address of IPv6; `behind` is set to where its port begins. */
static struct slice host_at(struct slice text, struct str s, size_t at,
                            size_t *behind)
{
    unsigned groups;
    size_t n = at < s.len && s.bytes[at] == '['
                   ? host_ip6_length(s, at + 1, &groups)
                   : 0;

    if (n && char_at(s, at + 1 + n) == ']') {
        *behind = at + n + 2;
        return slice_sub(text, at + 1, n);
    }
    n = host_length(s, at);
    *behind = at + n;
    return slice_sub(text, at, n);
}

/* file:///C:/x is a path. */
static size_t take_file_url(struct search *search,
                            const struct source_text *source, size_t path)
{
    size_t to = end_of_word(slice_str(source->text), path);

    search_add(search, source, INDICATOR_PATH,
               slice_sub(source->text, path, to - path), "payload", 0);
    return to;
}

/* An address whose "://" stands at `colon`. Offset behind it. */
static size_t take_url(struct search *search, const struct source_text *source,
                       size_t colon)
{
    struct str s = slice_str(source->text);
    size_t from = colon;
    size_t host_from = colon + 3;
    size_t behind;

    while (from > 0 && colon - from < MAX_SCHEME_BYTES &&
           ascii_is_alpha(s.bytes[from - 1])) {
        from--;
    }
    if (from == colon) {
        return host_from;
    }
    if (char_at(s, host_from) == '/' &&
        str_equal_fold(str_sub(s, from, colon - from), STR("file"))) {
        return take_file_url(search, source, host_from + 1);
    }
    size_t to = end_of_word(s, host_from);
    host_from = behind_user(s, host_from, to);
    struct slice host = host_at(source->text, s, host_from, &behind);
    to = behind > to ? end_of_word(s, behind) : to;
    if (to > colon + 3 && !host_is_namespace(slice_str(host))) {
        uint32_t port = host_port(s, behind, ':');
        search_add(search, source, INDICATOR_URL,
                   slice_sub(source->text, from, to - from), source->role,
                   port);
        add_host(search, source, host, port);
    }
    return to;
}

/* "@SSL", "@8080" or "@SSL@8443" behind the server of a WebDAV share: the port,
 * 0 where none is named. Source: Microsoft, WebDAV redirector. */
static uint32_t webdav_port(struct str s, size_t at)
{
    uint32_t port = host_port(s, at, '@');

    if (!port && str_starts_fold(str_sub(s, at, s.len), STR("@SSL"))) {
        port = host_port(s, at + 4, '@');
        return port ? port : WEBDAV_TLS_PORT;
    }
    return port;
}

/* \\host\share... at `at`. Offset behind it. */
static size_t take_unc(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    size_t host = at + 2;

    while (char_at(s, host) == '\\') { /* doubled in a script's string */
        host++;
    }
    bool is_doubled = host > at + 2;
    if (str_starts_fold(str_sub(s, host, s.len), STR("?\\UNC\\"))) {
        host += sizeof "?\\UNC\\" - 1;
    }
    size_t n = host_length(s, host);
    size_t to = end_of_word(s, host + n);

    if (!n || (n == 1 && s.bytes[host] == '.')) {
        return host + n;
    }
    if (!is_doubled && char_at(s, host + n) == '\\' &&
        char_at(s, host + n + 1) == '\\') {
        return to; /* \\SystemRoot\\x: a plain path, doubled */
    }
    /* a share follows, perhaps behind @SSL or @port */
    if (str_find_char(str_of(s.bytes, to), '\\', host + n) == STR_NONE) {
        return to;
    }
    uint32_t port = webdav_port(s, host + n);
    search_add(search, source, INDICATOR_UNC,
               slice_sub(source->text, at, to - at), source->role, port);
    add_host(search, source, slice_sub(source->text, host, n), port);
    return to;
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
    while (from < s.len && s.bytes[from] != quote &&
           (unsigned char)s.bytes[from] >= ' ') {
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
    if (s.len - at < CLSID_BYTES || s.bytes[at + CLSID_BYTES - 1] != '}') {
        return false;
    }
    for (size_t i = 1; i < CLSID_BYTES - 1; i++) {
        char c = s.bytes[at + i];
        bool is_hyphen = i == 9 || i == 14 || i == 19 || i == 24;
        if (is_hyphen ? c != '-' : ascii_hex_value(c) < 0) {
            return false;
        }
    }
    return true;
}

/* Behind an address in a command: ":443", " 443" or "', 443". */
static uint32_t port_behind(const struct source_text *source, size_t at)
{
    struct str s = slice_str(source->text);
    uint32_t port = host_port(s, at, ':');

    if (port || !source->is_command) {
        return port;
    }
    if (char_at(s, at) == '"' || char_at(s, at) == '\'') {
        at++;
    }
    bool has_comma = char_at(s, at) == ',';
    at += has_comma ? 1 : 0;
    if (has_comma && ascii_is_digit(char_at(s, at))) {
        return host_port(s, at - 1, ',');
    }
    return host_port(s, at, ' ');
}

/* 192.0.2.7 or 192.0.2.7/a.ps1 at `at`. Offset behind it, or `at`. */
static size_t take_ip4(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    char before = char_before(s, at);
    size_t n = host_ip4_length(s, at);
    size_t behind = at + n;

    if (!n || ascii_is_alnum(before) || before == '.' || before == '-' ||
        ascii_is_alnum(char_at(s, behind)) || char_at(s, behind) == '.') {
        return at;
    }
    struct slice host = slice_sub(source->text, at, n);
    uint32_t port = port_behind(source, behind);
    size_t slash = behind;
    if (char_at(s, slash) == ':') {
        slash += 1;
        while (ascii_is_digit(char_at(s, slash))) {
            slash++;
        }
    }
    if (source->is_command && char_at(s, slash) == '/' &&
        ascii_is_alpha(char_at(s, slash + 1))) {
        size_t to = end_of_word(s, slash);
        search_add(search, source, INDICATOR_URL,
                   slice_sub(source->text, at, to - at), source->role, port);
        behind = to;
    }
    add_host(search, source, host, port);
    return behind;
}

/* 2001:db8::1 at `at`. Offset behind it, or `at`. */
static size_t take_ip6(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    char before = char_before(s, at);
    unsigned groups;
    size_t n;

    if (ascii_is_alnum(before) || before == ':' || before == ']' ||
        before == '.') {
        return at;
    }
    n = host_ip6_length(s, at, &groups);
    if (!n || groups < MIN_IP6_GROUPS || ascii_is_alnum(char_at(s, at + n)) ||
        char_at(s, at + n) == ':') {
        return at;
    }
    add_host(search, source, slice_sub(source->text, at, n),
             port_behind(source, at + n));
    return at + n;
}

/* host.example/a or host.example:80 at `at`, as tools take addresses without a
 * scheme. Offset behind it, or `at`. */
static size_t take_bare_host(struct search *search,
                             const struct source_text *source, size_t at)
{
    struct str s = slice_str(source->text);
    char before = char_before(s, at);

    if (!source->is_command || !(is_end(before) || before == '=')) {
        return at;
    }
    size_t n = host_length(s, at);
    size_t behind = at + n;
    if (!host_has_domain(str_sub(s, at, n))) {
        return at;
    }
    struct slice host = slice_sub(source->text, at, n);
    uint32_t port = host_port(s, behind, ':');
    char next = char_at(s, behind);
    if (next == '/' || port) {
        size_t to = end_of_word(s, behind);
        search_add(search, source, INDICATOR_URL,
                   slice_sub(source->text, at, to - at), source->role, port);
        add_host(search, source, host, port);
        return to;
    }
    port = next == ' ' ? 0 : port_behind(source, behind);
    if (port) {
        add_host(search, source, host, port);
        return behind;
    }
    return at;
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
    static const char *const roots[] = {
#define ROOT(text) text,
#include "rules/indicator_roots.def"
#undef ROOT
    };
    struct str s = slice_str(source->text);
    struct str rest = str_sub(s, at, s.len);
    size_t root = 0;

    for (size_t i = 0; i < sizeof roots / sizeof roots[0] && !root; i++) {
        root = str_starts_fold(rest, str_from(roots[i])) ? strlen(roots[i]) : 0;
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

    while (*at < s.len && s.bytes[*at] == ' ') {
        ++*at;
    }
    *at += char_at(s, *at) == '"' || char_at(s, *at) == '\'' ? 1 : 0;
    size_t from = *at;
    *at = end_of_quoted(s, from, from);
    struct slice word = slice_sub(source->text, from, *at - from);
    *at += *at < s.len && from && s.bytes[*at] == s.bytes[from - 1] &&
                   s.bytes[*at] != ' '
               ? 1
               : 0;
    return word;
}

/* The service that a command at `at` names. */
static void take_service(struct search *search,
                         const struct source_text *source, size_t at)
{
    static const struct {
        const char *program;
        const char *verb;
        const char *role;
    } rows[] = {
#define VERB(program, verb, role, source) {program, verb, role},
#include "rules/indicator_services.def"
#undef VERB
    };
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!str_equal_fold(program, str_from(rows[i].program))) {
            continue;
        }
        size_t word_at = behind;
        struct slice word = next_word(source, &word_at);
        if (str_starts_fold(slice_str(word), STR("\\\\"))) {
            word = next_word(source, &word_at); /* sc \\server verb */
        }
        if (*rows[i].verb) {
            if (!str_equal_fold(slice_str(word), str_from(rows[i].verb))) {
                continue;
            }
            word = next_word(source, &word_at);
        }
        while (word.len && slice_str(word).bytes[0] == '-') { /* -Name */
            word = next_word(source, &word_at);
        }
        search_add(search, source, INDICATOR_SERVICE, word, rows[i].role, 0);
        return;
    }
}

typedef size_t take_fn(struct search *search, const struct source_text *source,
                       size_t at);

/* What begins with a letter, a digit, a colon, % or $. */
static size_t take_word(struct search *search, const struct source_text *source,
                        size_t at)
{
    static const struct {
        take_fn *take;
        const char *starts; /* NULL: any */
    } rows[] = {
        {take_ip4, "0123456789"},
        {take_ip6, "0123456789abcdefABCDEF:"},
        {take_sha256, "0123456789abcdefABCDEF"},
        {take_key, "hH"},
        {take_path, NULL},
        {take_bare_host, NULL},
    };
    char c = char_at(slice_str(source->text), at);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].starts || strchr(rows[i].starts, c)) {
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
    do {
        at++;
    } while (at < s.len && ascii_is_alnum(s.bytes[at]) &&
             ascii_is_alnum(s.bytes[at - 1]));
    return at;
}

static bool begins_unc(struct str s, size_t at)
{
    char before = char_before(s, at);

    return s.len - at > 3 && s.bytes[at + 1] == '\\' &&
           (is_end(before) || before == '=' || before == ':');
}

/* What begins at `at`. Offset behind it; at least at + 1. */
static size_t take_any(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    char c = s.bytes[at];

    if (c == ':' && s.len - at > 3 && s.bytes[at + 1] == '/' &&
        s.bytes[at + 2] == '/') {
        return take_url(search, source, at);
    }
    if (c == '\\' && begins_unc(s, at)) {
        return take_unc(search, source, at);
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
