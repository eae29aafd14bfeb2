/* SPDX-License-Identifier: MIT */
#ifndef TESTS_PROPERTY_PROVENANCE_CHECK_H
#define TESTS_PROPERTY_PROVENANCE_CHECK_H

#include <infscan/infscan.h>

#include "base/str.h"

struct provenance_counts {
    unsigned long slices;
    unsigned long places;
    unsigned long failures;
};

/**
 * provenance_check - whatever is derived from bytes can name those it came from
 *
 * name:    for messages, which go to stderr
 * counts:  added to
 *
 * false when memory ran out.
 */
bool provenance_check(struct infscan_scanner *scanner, const char *name,
                      struct str raw, struct provenance_counts *counts);

#endif
