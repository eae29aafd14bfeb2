/* SPDX-License-Identifier: MIT */
#ifndef RULES_DEED_H
#define RULES_DEED_H

#include "text/text.h"

/* What a command does that a line of an INF could do as well: "reg add" is an
 * AddReg, "sc create" an AddService. It is worded as such a line is, so that
 * the rules about those lines see commands, too. */
struct deed {
    unsigned target;   /* of rule.h: a kind of action */
    struct slice text; /* "HKLM\Software\A -> v = 1" */
    struct slice from; /* the part of the command that says so */
};

enum deed_result {
    DEED_NONE,
    DEED_FOUND,
    DEED_NO_MEMORY
};

/**
 * deed_next - the next deed in a command line or script
 *
 * text:    a command or a layer of it; what it passes on in quotes is looked at
 *          as well
 * at:      where to look on, 0 at first; moved behind what was found
 * out:     filled where the result is DEED_FOUND
 *
 * Values are taken as written: a variable stays its name.
 * Sources: deeds.def.
 */
enum deed_result deed_next(struct arena *arena, struct slice text, size_t *at,
                           struct deed *out);

#endif
