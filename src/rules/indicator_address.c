/* SPDX-License-Identifier: MIT */
#include "rules/indicator_address.h"

#include "rules/host.h"

#define MAX_SCHEME_BYTES 8u
#define MIN_IP6_GROUPS 3u /* of an address that nothing else marks as one */
#define MAX_MONIKER_BYTES 128u /* {impersonationLevel=...,(Debug)}! */
#define WEBDAV_TLS_PORT 443u

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
                   search_spelled(search, str_of(address, n), host),
                   source->role, port);
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
                   search_spelled(search, str_from(plain), host), source->role,
                   port);
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
size_t address_take_url(struct search *search, const struct source_text *source,
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

/* Whether what stands at `at` is a namespace of WMI, which is spelled as a
 * share is: /namespace:\\root\cimv2, winmgmts:{...}!\\host\root. Source:
 * Microsoft, wmic, and "Constructing a Moniker String". */
static bool is_wmi_namespace(struct str s, size_t at)
{
    static const char *const before[] = {"namespace", "winmgmts"};

    while (at && strchr("\"' :=", char_at(s, at - 1))) {
        at--;
    }
    if (at && char_at(s, at - 1) == '!') {
        size_t least = at > MAX_MONIKER_BYTES ? at - MAX_MONIKER_BYTES : 0;
        while (at > least && char_at(s, at - 1) != ':') {
            at--;
        }
        at -= at > least;
    }
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        if (str_ends_fold(str_sub(s, 0, at), str_from(before[i]))) {
            return true;
        }
    }
    return false;
}

/* \\host\share... at `at`. Offset behind it. */
size_t address_take_unc(struct search *search, const struct source_text *source,
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
    if (is_wmi_namespace(s, at)) {
        if (!str_equal_fold(str_sub(s, host, host + n), STR("root"))) {
            add_host(search, source, slice_sub(source->text, host, n), 0);
        }
        return to;
    }
    uint32_t port = webdav_port(s, host + n);
    search_add(search, source, INDICATOR_UNC,
               slice_sub(source->text, at, to - at), source->role, port);
    add_host(search, source, slice_sub(source->text, host, n), port);
    return to;
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
size_t address_take_ip4(struct search *search, const struct source_text *source,
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
size_t address_take_ip6(struct search *search, const struct source_text *source,
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
size_t address_take_bare_host(struct search *search,
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
