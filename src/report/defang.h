/* SPDX-License-Identifier: MIT */
#ifndef REPORT_DEFANG_H
#define REPORT_DEFANG_H

#include <infscan/result.h>

#include "base/buf.h"
#include "base/str.h"

#define DEFANG_MAX_HOSTS 32u

/* Hosts whose dots are written [.] wherever they stand. Borrowed. */
struct defang_hosts {
    struct str items[DEFANG_MAX_HOSTS];
    unsigned n;
};

/* Remember a host, or the host of a URL. Those without a dot, and more than
 * DEFANG_MAX_HOSTS, are left. */
void defang_add_host(struct defang_hosts *hosts, struct str host_or_url);

/* Remember the hosts among a result's indicators. */
void defang_learn(struct defang_hosts *hosts,
                  const struct infscan_result *result);

/* A part of a text, in bytes: first, and first behind it. */
struct span {
    size_t from;
    size_t to;
};

/**
 * defang_visible - text for a reader: escape_visible, and no live address
 *
 * http becomes hxxp and ftp fxp; the dots of a host in a URL, of a dotted UNC
 * server and of the known hosts become [.].
 *
 * hosts:   NULL: escape only
 * mark:    a part of `s` on the way in; where it stands in `out` on the way
 *          out. May be NULL.
 */
void defang_visible(struct buf *out, struct str s,
                    const struct defang_hosts *hosts, struct span *mark);

#endif
