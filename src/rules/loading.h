/* SPDX-License-Identifier: MIT */
/* Between load.c, which reads the frame of a rule file, and load_value.c, which
 * reads what stands behind the keys of a rule. For nobody else. */
#ifndef INFSCAN_RULES_LOADING_H
#define INFSCAN_RULES_LOADING_H

#include "rules/lint.h"
#include "rules/load.h"
#include "rules/reader.h"

struct loader {
    struct rule_reader in;
    uint32_t next_pattern;
    struct rule_list rules; /* of this file */
    struct lint_sink *sink; /* NULL: the first complaint ends it */
    enum lint about;        /* what a complaint would be called */
};

/* One rule while its keys are read. */
struct draft {
    struct rule rule;
    uint32_t keys; /* seen, bit 1 << enum key */
    bool is_bad;   /* something in it was complained about */
};

enum key {
#define KEY(id, name, needed) KEY_##id,
#include "rules/keys.def"
#undef KEY
    N_KEYS
};

/*
 * Reads the value of one key into the draft's rule.
 *
 * loader  Its reader's current event is the first of the value; on success it
 * is the last one. name    The key as it is spelled, for complaints.
 *
 * Returns INFSCAN_INVALID with the reader's error set when the value is not one
 * of those that infscan-rules(5) allows, INFSCAN_NO_MEMORY when the arena
 * failed.
 */
enum infscan_status load_value(struct loader *loader, struct draft *draft,
                               enum key key, const char *name);

#endif
