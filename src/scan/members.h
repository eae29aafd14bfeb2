/* SPDX-License-Identifier: MIT */
#ifndef SCAN_MEMBERS_H
#define SCAN_MEMBERS_H

#include <infscan/scanner.h>

#include "scan/archive.h"

/* Who gets the results of one file, in order. */
struct receiver {
    infscan_result_fn *take;
    void *context;
};

/**
 * members_scan - scan what an archive holds, then the archive
 *
 * result:  of scanner_begin, for the archive; taken over
 * bytes:   of the archive, needed during the call only
 *
 * Gives a result for each INF in it, for each archive within it and for each
 * member that cannot be read, in the order of the archive; what follows an
 * archive's members is the archive itself. Nothing is written to disk, and no
 * member's name is used as a path. Members are unpacked twice where they are
 * too many to be kept. Status: NO_MEMORY where a result could not even be made.
 */
enum infscan_status members_scan(struct infscan_scanner *scanner,
                                 struct infscan_result *result,
                                 const struct archive_bytes *bytes,
                                 const struct archive_kind *kind,
                                 const struct receiver *receiver);

#endif
