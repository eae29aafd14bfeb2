/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_COMMAND_H
#define INFSCAN_COMMAND_H

#include <infscan/result.h>
#include <infscan/scanner.h>
#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * infscan_peel - peel and judge one command line without an INF around it
 *
 * command: `len` bytes of UTF-8 (bad bytes are read as windows-1252)
 * out:     a result with one action, 0, of kind run-command, whose `text` is
 *          the input and whose layers are those of the peeling; findings,
 *          indicators, score and verdict as for a file
 * final:   the whole line with everything obfuscated resolved in place;
 *          belongs to the result
 *
 * Status: NO_MEMORY.
 */
INFSCAN_API enum infscan_status infscan_peel(struct infscan_scanner *scanner,
                                             const char *command, size_t len,
                                             struct infscan_result **out,
                                             struct infscan_string *final);

#ifdef __cplusplus
}
#endif

#endif
