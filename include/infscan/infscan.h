/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_INFSCAN_H
#define INFSCAN_INFSCAN_H

/* Everything that libinfscan offers, and its version. */

#include <infscan/attack.h>
#include <infscan/command.h>
#include <infscan/difference.h>
#include <infscan/document.h>
#include <infscan/reference.h>
#include <infscan/render.h>
#include <infscan/result.h>
#include <infscan/ruleset.h>
#include <infscan/scanner.h>
#include <infscan/types.h>

/* Version of the records: additions raise the second number, changes of shape
 * or meaning the first. */
#define INFSCAN_SCHEMA_VERSION "1.0"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * infscan_version - version of the library at run time, "MAJOR.MINOR.PATCH"
 *
 * Static text.
 */
INFSCAN_API const char *infscan_version(void);

#ifdef __cplusplus
}
#endif

#endif
