/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_CALL_H
#define COMMAND_POWERSHELL_CALL_H

#include "command/powershell/method.h"

/* What a row of the tables of methods gets. */
struct call {
    struct peel *peel;
    const struct ps_value *self;
    struct str text; /* of self */
    struct str type; /* of a static call */
    const struct ps_value **args;
    uint32_t n;
};

bool call_text(const struct call *c, uint32_t i, struct str *out);
bool call_number(const struct call *c, uint32_t i, int64_t *out);

/* "System.Text.RegularExpressions.Regex" is "regex" and so on. */
struct str ps_short_type(struct str type);

enum side {
    SIDE_LEFT,
    SIDE_RIGHT
};

/* self padded to a width: args[0], and the character: args[1]. */
const struct ps_value *ps_pad(const struct call *c, enum side side);

#endif
