/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_MODELS_H
#define INSTALL_MODELS_H

#include <stddef.h>

#include "base/str.h"

/* A Windows that installs a device. */
struct release {
    unsigned target; /* one of enum infscan_target */
    const char *name;
    unsigned major, minor, build;
    unsigned product; /* 1 workstation, 2 domain controller, 3 server */
    unsigned suite;   /* bits, as in a decoration */
};

/* The release that stands for a target: releases.def. Static. */
const struct release *release_of(unsigned target);

/* What one decoration of a Models section asks for. */
struct models_decoration {
    unsigned targets;    /* 0: no machine of today */
    unsigned version[3]; /* major, minor, build; 0 where it is left out */
    unsigned product, suite;
};

/**
 * models_parse - read "NTamd64.10.0...14310"
 *
 * decoration: empty for the plain section
 *
 * NT[arch][.major[.minor[.product[.suite[.build]]]]], each part may be empty;
 * numbers as C writes them. A part that is no number asks for what no Windows
 * has. Source: Microsoft, INF Manufacturer Section.
 */
struct models_decoration models_parse(struct str decoration);

/**
 * models_choose - the decoration that a release takes, of one Manufacturer line
 *
 * decorations: as written; an empty one is the plain section
 *
 * Of those that fit the machine and are not newer than it, the one with the
 * highest version; of equal ones, that which names product and suite; then the
 * first. STR_NONE where none fits. Source: Microsoft, INF Models
 * Section.
 */
size_t models_choose(const struct str *decorations, size_t n,
                     const struct release *release);

#endif
