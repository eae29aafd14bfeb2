/* SPDX-License-Identifier: MIT */
#ifndef SCAN_OPTIONS_H
#define SCAN_OPTIONS_H

#include <infscan/scanner.h>

#include "base/limits.h"

/**
 * options_limits - the limits that options ask for, the defaults elsewhere
 *
 * Status: INVALID for a name that is none or a value out of its range.
 */
enum infscan_status options_limits(const struct infscan_options *options,
                                   struct limits *out,
                                   struct infscan_error *error);

#endif
