/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_CMDLINE_H
#define COMMAND_CMDLINE_H

#include "text/text.h"

/* One argument of a Windows command line. */
struct argument {
    struct slice raw;   /* as written, quotes and all */
    struct slice value; /* without quotes, backslash rules applied */
};

struct cmdline {
    struct argument *arguments; /* [0] is the program */
    uint32_t n;
};

/**
 * cmdline_split - split as CommandLineToArgvW and the C run-time do
 *
 * command: UTF-8
 * out:     at least one argument unless the command is blank
 *
 * The program (argument 0) has its own rule: quotes only group, backslashes
 * are literal. Later arguments: 2n backslashes and a quote are n backslashes
 * and a delimiter, 2n+1 are n backslashes and a literal quote, a doubled quote
 * inside quotes is a literal one. false when memory ran out.
 * Source: Microsoft, "Parsing C command-line arguments".
 */
bool cmdline_split(struct arena *arena, struct slice command,
                   struct cmdline *out);

/**
 * cmdline_program - base name of a program without path and .exe
 *
 * "C:\Windows\System32\CMD.EXE" gives "CMD". A part of `program`.
 */
struct str cmdline_program(struct str program);

#endif
