/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_FLAG_H
#define INSTALL_FLAG_H

#include "base/str.h"

/* Lines that have flags of their own, from flags.def. */
enum flag_group {
    FLAGS_COPY,
    FLAGS_DELETE,
    FLAGS_REGISTRY,
    FLAGS_BITS,
    FLAGS_INI,
    FLAGS_INI_FIELD,
    FLAGS_INI2REG,
    FLAGS_SERVICE,
    FLAGS_DEL_SERVICE,
    FLAGS_SOFTWARE,
    FLAGS_SHORTCUT,
    FLAGS_COMMANDS, /* :n behind the name of a section of commands */
    N_FLAG_GROUPS
};

/* The word for one bit; NULL for a bit without a meaning there. Static. */
const char *flag_word(enum flag_group group, uint32_t bit);

/* Whether some bit of some group is called so. */
bool flag_is_word(struct str word);

#endif
