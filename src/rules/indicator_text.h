/* SPDX-License-Identifier: MIT */
#ifndef RULES_INDICATOR_TEXT_H
#define RULES_INDICATOR_TEXT_H

#include "base/map.h"
#include "rules/indicator.h"

enum indicator_type {
    INDICATOR_URL,
    INDICATOR_DOMAIN,
    INDICATOR_IP,
    INDICATOR_UNC,
    INDICATOR_PATH,
    INDICATOR_REGISTRY_KEY,
    INDICATOR_CLSID,
    INDICATOR_SERVICE,
    INDICATOR_SHA256,
    N_INDICATOR_TYPES
};

/* The list being made, and what is in it. */
struct search {
    struct arena *arena;
    struct indicators *out;
    struct map seen[N_INDICATOR_TYPES];
    uint32_t max;
    limit_set *limits;
    bool no_memory;
};

/* A text that is looked through, and what a find in it means. */
struct source_text {
    struct slice text;
    const char *role; /* of addresses */
    uint32_t action;
    uint32_t layer;
    bool is_command; /* names without a scheme, keys and services count */
};

/* Add one, unless it is there. role: static. port: 0 if none is named. */
void search_add(struct search *search, const struct source_text *source,
                enum indicator_type type, struct slice value, const char *role,
                uint32_t port);

/* Add whatever a text holds, in the order in which it stands. */
void search_text(struct search *search, const struct source_text *source);

#endif
