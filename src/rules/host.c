/* SPDX-License-Identifier: MIT */
#include "rules/host.h"

#include <stdio.h>

#define MAX_PARTS 4u  /* of an IPv4 address */
#define MAX_GROUPS 8u /* of an IPv6 address */
#define PORT_DIGITS 5u

size_t host_length(struct str s, size_t at)
{
    size_t end = at;

    while (end < s.len &&
           (ascii_is_alnum(s.bytes[end]) || s.bytes[end] == '.' ||
            s.bytes[end] == '-' || s.bytes[end] == '_' ||
            (unsigned char)s.bytes[end] >= 0x80)) {
        end++;
    }
    return end - at;
}

size_t host_ip4_length(struct str s, size_t at)
{
    size_t start = at;

    for (unsigned part = 0; part < MAX_PARTS; part++) {
        unsigned number = 0;
        size_t digits = 0;
        while (at < s.len && ascii_is_digit(s.bytes[at]) && digits < 4) {
            number = number * 10 + (unsigned)(s.bytes[at++] - '0');
            digits++;
        }
        if (!digits || digits > 3 || number > 255) {
            return 0;
        }
        if (part < MAX_PARTS - 1 && (at >= s.len || s.bytes[at++] != '.')) {
            return 0;
        }
    }
    return at - start;
}

static bool is_at(struct str s, size_t at, char c)
{
    return at < s.len && s.bytes[at] == c;
}

static size_t hex_digits(struct str s, size_t at)
{
    size_t n = 0;

    while (at + n < s.len && ascii_hex_value(s.bytes[at + n]) >= 0) {
        n++;
    }
    return n;
}

size_t host_ip6_length(struct str s, size_t at, unsigned *groups)
{
    size_t i = at;
    bool has_gap = is_at(s, i, ':') && is_at(s, i + 1, ':');

    *groups = 0;
    i += has_gap ? 2 : 0;
    while (*groups < MAX_GROUPS) {
        size_t ip4 = host_ip4_length(s, i);
        if (ip4 && (*groups == MAX_GROUPS - 2 || has_gap)) {
            i += ip4;
            *groups += 2;
            break;
        }
        size_t digits = hex_digits(s, i);
        if (digits == 0 || digits > 4) {
            break;
        }
        i += digits;
        ++*groups;
        if (!has_gap && is_at(s, i, ':') && is_at(s, i + 1, ':')) {
            has_gap = true;
            i += 2;
        } else if (*groups < MAX_GROUPS && is_at(s, i, ':') &&
                   hex_digits(s, i + 1)) {
            i++;
        } else {
            break;
        }
    }
    bool is_whole =
        has_gap ? *groups<MAX_GROUPS && * groups> 0 : *groups == MAX_GROUPS;
    return is_whole ? i - at : 0;
}

/* One part, in the base that it begins with. */
static bool part_value(struct str part, uint64_t *value)
{
    unsigned base = 10;

    if (part.len > 1 && part.bytes[0] == '0') {
        bool is_hex = ascii_lower(part.bytes[1]) == 'x';
        base = is_hex ? 16 : 8;
        part = str_sub(part, is_hex ? 2 : 1, part.len);
    }
    *value = 0;
    for (size_t i = 0; i < part.len; i++) {
        int digit = ascii_hex_value(part.bytes[i]);
        if (digit < 0 || (unsigned)digit >= base) {
            return false;
        }
        *value = *value * base + (unsigned)digit;
        if (*value > UINT32_MAX) {
            return false;
        }
    }
    return part.len > 0;
}

/* The last part fills what the others leave. */
static bool join_parts(const uint64_t *parts, unsigned n, uint32_t *address)
{
    unsigned bits = 8 * (MAX_PARTS + 1 - n);

    *address = 0;
    for (unsigned i = 0; i + 1 < n; i++) {
        if (parts[i] > 255) {
            return false;
        }
        *address |= (uint32_t)parts[i] << (24 - 8 * i);
    }
    if (parts[n - 1] >> bits) {
        return false;
    }
    *address |= (uint32_t)parts[n - 1];
    return true;
}

bool host_unusual_ip4(struct str host, char out[HOST_IP4_BYTES])
{
    uint64_t parts[MAX_PARTS];
    unsigned n = 0;
    uint32_t address;
    struct str rest = host;
    struct str part;

    while (str_next(&rest, '.', &part)) {
        if (n == MAX_PARTS || !part_value(part, &parts[n])) {
            return false;
        }
        n++;
    }
    if (n == 0 || !join_parts(parts, n, &address)) {
        return false;
    }
    snprintf(out, HOST_IP4_BYTES, "%u.%u.%u.%u", (unsigned)(address >> 24),
             (unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
             (unsigned)(address & 255));
    /* Small numbers alone are numbers. */
    return address >> 24 && !str_equal(host, str_from(out));
}

size_t host_ip6_of_literal(struct str host, char *out)
{
    static const struct str suffix = {".ipv6-literal.net", 17};
    unsigned groups;
    size_t n = 0;

    if (!str_ends_fold(host, suffix)) {
        return 0;
    }
    while (n < host.len - suffix.len &&
           ascii_lower(host.bytes[n]) != 's') { /* what follows is a zone */
        out[n] = host.bytes[n] == '-' ? ':' : host.bytes[n];
        n++;
    }
    return host_ip6_length(str_of(out, n), 0, &groups) == n ? n : 0;
}

bool host_is_loopback(struct str host)
{
    return str_equal_fold(host, STR("localhost")) ||
           str_equal(host, STR("::1")) || str_equal(host, STR("0.0.0.0")) ||
           (host_ip4_length(host, 0) && str_starts_fold(host, STR("127.")));
}

bool host_is_namespace(struct str host)
{
    static const char *const hosts[] = {
#define NAMESPACE(host, source) host,
#include "rules/namespaces.def"
#undef NAMESPACE
    };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        if (str_equal_fold_z(host, hosts[i])) {
            return true;
        }
    }
    return false;
}

static bool is_listed(struct str label, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal_fold_z(label, list[i])) {
            return true;
        }
    }
    return false;
}

bool host_has_domain(struct str host)
{
#define NOT_DOMAIN(text)
    static const char *const domains[] = {
#define DOMAIN(text) text,
#include "rules/domains.def"
#undef DOMAIN
    };
#undef NOT_DOMAIN
#define DOMAIN(text)
    static const char *const endings[] = {
#define NOT_DOMAIN(text) text,
#include "rules/domains.def"
#undef NOT_DOMAIN
    };
#undef DOMAIN
    size_t dot = host.len;

    while (dot > 0 && host.bytes[dot - 1] != '.') {
        if (!ascii_is_alpha(host.bytes[dot - 1])) {
            return false;
        }
        dot--;
    }
    struct str label = str_sub(host, dot, host.len);
    if (dot < 2) {
        return false;
    }
    return label.len == 2
               ? !is_listed(label, endings, sizeof endings / sizeof endings[0])
               : is_listed(label, domains, sizeof domains / sizeof domains[0]);
}

uint32_t host_port(struct str s, size_t at, char mark)
{
    uint32_t port = 0;
    size_t digits = 0;

    if (!is_at(s, at, mark)) {
        return 0;
    }
    while (at + 1 + digits < s.len && digits <= PORT_DIGITS &&
           ascii_is_digit(s.bytes[at + 1 + digits])) {
        port = port * 10 + (uint32_t)(s.bytes[at + 1 + digits++] - '0');
    }
    return digits <= PORT_DIGITS && port <= 65535 ? port : 0;
}
