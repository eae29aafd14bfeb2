/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_DIRECTIVE_H
#define INSTALL_DIRECTIVE_H

#include "base/str.h"

/* Directives of install sections, from directives.def. */
enum directive_id {
#define D(id, ...) DIRECTIVE_##id,
#include "install/directives.def"
#undef D
    N_DIRECTIVES
};

/* Who carries a directive out. */
enum directive_class {
    DIRECTIVES_PLAIN = 1,    /* SetupAPI itself */
    DIRECTIVES_ADVANCED = 2, /* advpack */
    DIRECTIVES_SERVICES = 4, /* SetupAPI, in a .Services section */
    DIRECTIVES_DEVICE = 8,   /* device installation */
    DIRECTIVES_ANY = 16,     /* everybody: Include, Needs */
    DIRECTIVES_ALL = 31,     /* in install sections and those beside them */
    DIRECTIVES_SERVICE = 32, /* SetupAPI, in a service-install section */
    DIRECTIVES_PRINTER = 64  /* the class installer of printers */
};

/* What the fields of a directive are. */
enum directive_operand {
    OPERAND_LINES,    /* names of sections whose lines count one by one */
    OPERAND_COMMANDS, /* the same; a name may have :n behind it */
    OPERAND_FILES,    /* the same, or @file for a single one */
    OPERAND_BLOCK,    /* names of sections that count as a whole */
    OPERAND_SELF,     /* the directive says all itself */
    OPERAND_NESTED,   /* leads to sections with directives of their own */
    OPERAND_NEEDS     /* names of further install sections */
};

/* Order of things within one install section. Source: Microsoft, INF
 * DefaultInstall Section; Wine, advpack/install.c. */
enum directive_phase {
    PHASE_PROMPT,
    PHASE_BEFORE,
    PHASE_FILES,
    PHASE_INIS,
    PHASE_DLLS,
    PHASE_REGISTRY_REMOVED,
    PHASE_REGISTRY,
    PHASE_SHORTCUTS,
    PHASE_OCXS,
    PHASE_PER_USER,
    PHASE_SERVICES,
    PHASE_DEVICE,
    PHASE_AFTER,
    PHASE_CLEAN,
    PHASE_END,
    N_PHASES
};

struct directive_info {
    struct str name;
    const char *layout; /* its fields, those of a line, or the keys there */
    const char *effect; /* what is made of it, for a reader */
    const char *source;
    enum directive_class class;
    enum directive_operand operand;
    enum directive_phase phase;
};

/* What a value names, and when a directive is carried out, for a reader.
 * Static. */
const char *directive_operand_words(enum directive_operand operand);
const char *directive_phase_words(enum directive_phase phase);

/* Row of a directive. */
const struct directive_info *directive_info(enum directive_id id);

/* Directive by key, letter case aside; N_DIRECTIVES for any other key. */
enum directive_id directive_find(struct str key);

#endif
