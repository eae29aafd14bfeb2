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

/* One --launcher option: a launcher, and the section it is told to enter. */
struct launcher_choice {
    enum launcher_id launcher;
    struct str section; /* empty: the launcher's own choice */
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
