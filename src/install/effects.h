/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_EFFECTS_H
#define INSTALL_EFFECTS_H

#include "install/chain.h"

/* Kinds of things that run or remain on a host, from effects.def. */
enum effect_kind {
#define EFFECT(id, ...) EFFECT_##id,
#include "install/effects.def"
#undef EFFECT
    N_EFFECT_KINDS
};

/* The kinds from this one on remain; those before it run. */
#define EFFECT_FIRST_TO_REMAIN EFFECT_FILE_WRITTEN

/* One thing that would run or remain, however many lines and launchers lead to
 * it. */
struct effect {
    enum effect_kind kind;
    struct slice target; /* path, key, service, ... */
    struct slice name;   /* registry value, INI section, entry point; or empty:
                          * of the default value as well */
    struct slice detail; /* data, source, program; or empty */
    struct slice type;   /* of registry data; or empty */
    struct slice flags;  /* words for what its lines depend on; or empty */
    const char *autostart; /* when Windows starts something by it: "boot",
                            * "logon" or "idle"; NULL: not by itself. Static */
    uint32_t launchers;    /* bits 1 << enum launcher_id that reach it */
    unsigned targets;      /* of enum infscan_target, where one of them does */
    const uint32_t *actions; /* their ids, ascending; at least one */
    uint32_t n_actions;
};

struct effects {
    const struct effect *items;
    uint32_t n;
};

/* Name as records give it ("value-set"). Static. */
const char *effect_kind_name(enum effect_kind kind);

/* Order of the list: 0 for the same thing, whoever gets to it. */
int effect_compare(const struct effect *a, const struct effect *b);

/**
 * effects_list - what would run, and what would remain, in all plans
 *
 * arena:   receives the list; that of the install
 * out:     sorted by kind, target and name, each thing once: letter case of
 *          names and paths does not make two of them
 *
 * What commands and libraries would leave is not known, and not in it.
 * false when the arena failed.
 */
bool effects_list(struct arena *arena, const struct install *install,
                  struct effects *out);

#endif
