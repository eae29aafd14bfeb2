/* SPDX-License-Identifier: MIT */
/* Addresses in a text: URLs, shares, IP addresses and hosts by name. For
 * indicator_text.c, which says where one may begin. */
#ifndef RULES_INDICATOR_ADDRESS_H
#define RULES_INDICATOR_ADDRESS_H

#include "rules/indicator_text.h"

/* Whether a character ends an address or a path that stands unquoted. */
static inline bool is_end(char c)
{
    switch (c) {
    case '"':
    case '\'':
    case '`':
    case '<':
    case '>':
    case '|':
    case '^':
    case '&':
    case ';':
    case ',':
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
        return true;
    default:
        return (unsigned char)c <= ' ';
    }
}

static inline char char_at(struct str s, size_t at)
{
    return at < s.len ? str_at(s, at) : ' ';
}

static inline char char_before(struct str s, size_t at)
{
    return at && at <= s.len ? str_at(s, at - 1) : ' ';
}

/* The bytes before the next end. */
static inline size_t end_of_word(struct str s, size_t at)
{
    while (at < s.len && !is_end(str_at(s, at))) {
        at++;
    }
    return at;
}

/* The plain spelling of what stands at `from`. Sets no_memory when the arena
 * failed. */
struct slice search_spelled(struct search *search, struct str plain,
                            struct slice from);

/*
 * Each adds the address that begins at `at`, with the host in it.
 * Returns the offset behind it, or `at` where none begins.
 */
typedef size_t take_fn(struct search *search, const struct source_text *source,
                       size_t at);

take_fn address_take_url; /* at its "://"; at least at + 1 */
take_fn address_take_unc; /* at its two backslashes; at least at + 1 */
take_fn address_take_ip4;
take_fn address_take_ip6;
take_fn address_take_bare_host;

#endif
