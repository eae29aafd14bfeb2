/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_LAUNCHER_H
#define INSTALL_LAUNCHER_H

#include <stdbool.h>

#include "base/str.h"

/* Programs that start an install, from launchers.def. */
enum launcher_id {
#define LAUNCHER(id, name, ...) LAUNCHER_##id,
#include "install/launchers.def"
#undef LAUNCHER
    N_LAUNCHERS
};

/* On what it depends which sections a launcher enters by itself. */
enum launcher_case {
    CASE_ALL_USERS = 1,
    CASE_SINGLE_USER = 2,
    CASE_INSTALL = CASE_ALL_USERS | CASE_SINGLE_USER,
    CASE_REMOVAL = 4,
    CASE_ANY = CASE_INSTALL | CASE_REMOVAL
};

/* One --launcher option, or what --invocation came to: a launcher, and the
 * section it is told to enter. */
struct launcher_choice {
    enum launcher_id launcher;
    struct str section; /* empty: the launcher's own choice */
    unsigned cases;     /* of enum launcher_case; 0: every one */
    struct str line;    /* what started it; empty: not known */
};

/* Name as records give it ("cmstp"). Static. */
const char *launcher_name(enum launcher_id id);

/* The command line that an analyst would see, with FILE and SECTION to be
 * filled in. Static. */
struct str launcher_invocation(enum launcher_id id);

/**
 * launchers_need_administrator - whether only an administrator's do
 *
 * launchers: bits 1 << enum launcher_id; those that must be told a section, and
 *            `none`, do not count
 *
 * false where no other is left.
 */
bool launchers_need_administrator(uint32_t launchers);

/* Whether a launcher is among the choices; every one is where there are none.
 */
bool launcher_is_chosen(const struct launcher_choice *choices, size_t n,
                        enum launcher_id launcher);

/**
 * launcher_parse - read "NAME" or "NAME:SECTION"
 *
 * false for an unknown name; `spec` must outlive the choice.
 */
bool launcher_parse(struct str spec, struct launcher_choice *out);

#endif
