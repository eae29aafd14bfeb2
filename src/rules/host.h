/* SPDX-License-Identifier: MIT */
#ifndef RULES_HOST_H
#define RULES_HOST_H

#include <stdint.h>

#include "base/str.h"

/* How texts spell a computer on the network. Offsets and lengths are bytes. */

#define HOST_IP4_BYTES 16u /* "255.255.255.255" and a NUL */
#define HOST_IP6_NAME_BYTES                                                    \
    128u /* "2001-db8--1s4.ipv6-literal.net" is shorter */

/* Length of a name or an IPv4 address at `at`: letters, digits, dots, hyphens,
 * underscores and whatever is not ASCII. */
size_t host_length(struct str s, size_t at);

/* Length of four decimal numbers below 256 joined by dots at `at`, else 0. */
size_t host_ip4_length(struct str s, size_t at);

/**
 * host_ip6_length - length of an IPv6 address at `at`, else 0
 *
 * groups:  how many of its eight parts are written
 *
 * Without brackets, zone and prefix. Source: RFC 4291, section 2.2.
 */
size_t host_ip6_length(struct str s, size_t at, unsigned *groups);

/**
 * host_unusual_ip4 - the address behind another spelling of it
 *
 * host:    "3232235777", "0xC0A80101", "0300.0250.1.1", "192.168.257"
 * out:     "192.168.1.1"
 *
 * false for the usual spelling, and for what is no address. Source: the
 * inet_aton of BSD, which WinINet and WinHTTP follow.
 */
bool host_unusual_ip4(struct str host, char out[HOST_IP4_BYTES]);

/**
 * host_ip6_of_literal - an address out of its name for shares, else 0
 *
 * host:    "2001-db8--1.ipv6-literal.net", a zone behind an s
 * out:     receives at most host.len bytes: "2001:db8::1"
 *
 * Bytes written. Source: Microsoft, "IPv6 Literals in UNC Path Names".
 */
size_t host_ip6_of_literal(struct str host, char *out);

/* The own computer. */
bool host_is_loopback(struct str host);

/* A host that stands in namespaces of XML and is never asked. */
bool host_is_namespace(struct str host);

/* Whether the last part of a name is a top-level domain that file names do not
 * end in. */
bool host_has_domain(struct str host);

/* The number behind `mark` at `at`, as in ":8080"; 0 where none is. */
uint32_t host_port(struct str s, size_t at, char mark);

#endif
