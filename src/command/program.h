/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_PROGRAM_H
#define COMMAND_PROGRAM_H

#include "base/str.h"

/* How a program carries a command. */
enum program_how {
    PROGRAM_CMD,
    PROGRAM_POWERSHELL,
    PROGRAM_SCRIPT,        /* a script URL among its arguments */
    PROGRAM_OPTION,        /* the argument behind `option`, or what follows the
                            * = at its end */
    PROGRAM_OPTION_SECOND, /* the second one behind it */
    PROGRAM_SHELL_OPTION,  /* as OPTION, if it names a program of the table */
    PROGRAM_REST,          /* what follows its switches */
    PROGRAM_ENTRY,         /* what follows "library,entry" */
    PROGRAM_CODE,          /* source text behind `option` */
    PROGRAM_BRACES,        /* a command in { } behind `option` */
    PROGRAM_INSIDE,        /* PowerShell in $( ) anywhere */
    PROGRAM_ADDRESS        /* addresses: all, or what follows `option` */
};

struct program {
    struct str name;
    enum program_how how;
    struct str option;
};

/* First row of a program by base name without .exe, or NULL. */
const struct program *program_find(struct str name);

/* The next row of the same program, or NULL. */
const struct program *program_next(const struct program *program);

#endif
