/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_CHAIN_H
#define INSTALL_CHAIN_H

#include "inf/document.h"
#include "inf/strings.h"
#include "install/action.h"
#include "install/launcher.h"

/* What one launcher would do. */
struct plan {
    enum launcher_id launcher;
    struct slice section;
    unsigned targets; /* of enum infscan_target */
    struct str invocation;
    struct str language;     /* LANGID of the strings section that this takes;
                              * empty: any */
    bool other_windows;      /* not what the release of today does that
                              * models.h names, but what another one does */
    const uint32_t *actions; /* in order of execution */
    uint32_t n_actions;
};

/* Facts about a whole file that rules of target `shape` look at: names of
 * traits.def, sorted, separated by blanks. See install/shape.h. */

/* All that an INF would do. */
/* What is known of the files beside the INF that an action needs. */
enum beside {
    BESIDE_PRESENT = 1, /* one of them is there */
    BESIDE_MISSING = 2  /* one of them is not */
};

struct install {
    struct action *actions;
    uint32_t n_actions;
    struct plan *plans;
    uint32_t n_plans;
    const struct slice *sources; /* every file of [SourceDisksFiles] */
    uint32_t n_sources;
    struct slice shape;      /* subject of rules about the whole file */
    struct str inf_dir;      /* that dirid 1 stands for, with its backslash; or
                              * empty */
    struct slice invocation; /* subject of rules about how it was started */
    struct str started_at;   /* path of the INF there, or of its folder */
    const uint8_t *beside;   /* by action: bits of enum beside; NULL: nobody
                              * has looked */
    limit_set limits;
};

/* Files that the analysed one includes, and what launchers see that heed it. */
struct included {
    const struct inf_document *all;           /* inf_append of them */
    const struct inf_strings *const *strings; /* of each in force */
    uint32_t n_strings;
};

struct install_options {
    struct str inf_dir; /* without backslash at its end */
    const struct launcher_choice *choices;
    uint32_t n_choices;              /* 0: every launcher */
    const struct included *included; /* NULL: no other file */
    bool lists_sources;              /* install.sources is wanted */
};

/**
 * install_analyse - follow every launcher through a document
 *
 * arena:    receives actions and plans
 * strings:  the strings section in force
 * options:  a launcher that is told a section takes the decorated form that
 *           Windows takes (setupapi, pnp), or the literal name and only
 *           without it the decorated forms (the others); told none, or by a
 * line that somebody did start, advpack and cmstp count with every form, since
 * which they take is not known limits:   actions, chain_depth, expansion_bytes
 * diags:    odd directives are noted; may be NULL
 * out:      always filled, also for a file that Windows refuses
 *
 * Bounded and safe against cycles: a section is entered once for each way of
 * reading it. Status: NO_MEMORY. Source: Microsoft, INF Sections and
 * Directives; LaunchINFSection.
 */
enum infscan_status install_analyse(
    struct arena *arena, const struct inf_document *document,
    const struct inf_strings *strings, const struct install_options *options,
    const struct limits *limits, struct diag_list *diags, struct install *out);

#endif
