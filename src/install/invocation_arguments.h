/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_INVOCATION_ARGUMENTS_H
#define INSTALL_INVOCATION_ARGUMENTS_H

#include "command/cmdline.h"
#include "install/invocation.h"

/* How the arguments of a way are read. Private to install/. */

enum grammar {
    GRAMMAR_WORDS,
    GRAMMAR_COMMAS,
    GRAMMAR_BLANKS,
    GRAMMAR_REST,
    GRAMMAR_NONE
};

/* A row of ways.def. */
struct way {
    enum way_id id;
    const char *name;
    struct str programs;
    struct str library;
    struct str entry;
    struct str ordinals;
    enum launcher_id launcher;
    enum grammar grammar;
    struct str arguments;
    struct str section;
};

/* Adds a fact once; `fact` is static, "" adds none. */
void invocation_fact(struct invocation *invocation, const char *fact);

/**
 * invocation_arguments - read what follows the program or entry point
 *
 * tail:    all of it
 * words:   the whole line, split
 * out:     inf, section, cases and facts are set
 *
 * false where no INF is named.
 */
bool invocation_arguments(struct arena *arena, const struct way *way,
                          struct slice tail, const struct cmdline *words,
                          struct invocation *out);

#endif
