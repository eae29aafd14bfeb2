/* SPDX-License-Identifier: MIT */
#ifndef RULES_INDICATOR_H
#define RULES_INDICATOR_H

#include "install/chain.h"

struct indicator {
    const char *type; /* static, see infscan_indicator */
    struct slice value;
    const char *role; /* static */
    uint32_t action;
    uint32_t layer; /* INFSCAN_NO_INDEX: the action's own text */
    uint32_t port;  /* that the text names for a host; 0: none */
};

struct indicators {
    struct indicator *items;
    uint32_t n, capacity;
};

/**
 * indicators_find - addresses, paths, registry keys, CLSIDs, services and
 *                   hashes of an install
 *
 * arena:   receives the list
 * out:     in order of action, layer and offset; equal type and value once
 *
 * Status: NO_MEMORY.
 */
enum infscan_status indicators_find(struct arena *arena,
                                    const struct install *install,
                                    const struct limits *limits,
                                    struct indicators *out,
                                    limit_set *limits_hit);

#endif
