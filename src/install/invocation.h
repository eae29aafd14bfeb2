/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_INVOCATION_H
#define INSTALL_INVOCATION_H

#include <infscan/types.h>

#include "install/launcher.h"
#include "text/text.h"

/* Command lines that start an INF, from ways.def. */
enum way_id {
#define WAY(id, ...) WAY_##id,
#include "install/ways.def"
#undef WAY
    N_WAYS
};

#define INVOCATION_MAX_FACTS 16

/* A command line as a log shows it, understood as the launcher would. */
struct invocation {
    struct str line; /* as given, without blanks around it */
    const char *way; /* name of the row; "" for a folder alone */
    enum launcher_id launcher;
    struct str inf;     /* as written, without quotes; may be relative */
    struct str path;    /* the same, normalised: what is judged as a place */
    struct str folder;  /* of `path`, no backslash behind; empty: not said */
    struct str section; /* that is entered; empty: the launcher's own */
    unsigned cases;     /* of enum launcher_case */
    const char *facts[INVOCATION_MAX_FACTS]; /* "silent", ...; static */
    uint32_t n_facts;
};

/**
 * invocation_parse - which launcher a command line starts, and how
 *
 * arena:   receives what is not a part of `line`
 * line:    UTF-8. Where it is none of ways.def itself, what it carries is
 * tried: cmd /c X, start X, X with carets, ... out:     written only on
 * success; borrows from `line`
 *
 * Grammars, by ways.def:
 *   WORDS   arguments as the C run-time splits them; switches of switches.def
 *           behind / or -, and the rest by `arguments` in order
 *   COMMAS  `arguments` divided by commas, each of them quoted or not
 *   BLANKS  `arguments` divided by blanks, the last one is all that is left
 *   REST    all of it is one argument
 *   NONE    nobody types it
 *
 * What rundll32 calls may be given by name in any letter case, with or without
 * A or W, or by number (#44, #+44, # 044); its library with a path, quotes or
 * without .dll. Facts that no switch says: "ordinal", "renamed-library",
 * "renamed-program", "foreign-program" (not below C:\Windows), "remote-inf",
 * "relative-inf", "odd-extension".
 *
 * Status: INVALID with one line that says why, NO_MEMORY. Source: Microsoft,
 * InstallHinfSection, LaunchINFSection, cmstp and rundll32.
 */
enum infscan_status invocation_parse(struct arena *arena, struct str line,
                                     struct invocation *out,
                                     struct infscan_error *error);

/* The place of a file alone, where nothing is known of how it was started. */
bool invocation_of_folder(struct arena *arena, struct str folder,
                          struct invocation *out);

/**
 * invocation_subject - the line that rules of target `invocation` look at
 *
 * WAY | FACTS | SECTION | INF | LINE, facts with commas between them. A text
 * that comes from nowhere. SLICE_NONE when the arena failed.
 */
struct slice invocation_subject(struct arena *arena,
                                const struct invocation *invocation);

#endif
