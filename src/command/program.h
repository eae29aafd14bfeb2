/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_PROGRAM_H
#define COMMAND_PROGRAM_H

#include "base/str.h"

/* How a program carries a command. */
enum program_how {
    PROGRAM_CMD,
    PROGRAM_POWERSHELL,
    PROGRAM_SCRIPT,       /* a script URL among its arguments */
    PROGRAM_OPTION,       /* the argument behind `option` */
    PROGRAM_SHELL_OPTION, /* the same, if it names a program of the table */
    PROGRAM_REST          /* what follows its switches */
};

struct program {
    const char *name;
    enum program_how how;
    const char *option;
};

/* Row of a program by base name without .exe, or NULL. */
const struct program *program_find(struct str name);

#endif
