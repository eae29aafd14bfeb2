/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_PATH_H
#define INSTALL_PATH_H

#include "inf/strings.h"

/* What a directory is to somebody who looks for trouble. */
enum path_mark {
    PATH_WRITABLE = 1,  /* standard users may create files there */
    PATH_AUTOSTART = 2, /* Windows starts or loads what lies there */
    PATH_SYSTEM = 4,    /* protected, and part of Windows or its programs */
    PATH_PER_USER = 8   /* the user's own, as C:\Users\User here */
};

/* How directory numbers are read. */
enum path_reading {
    PATH_BASIC,  /* numbers that every SetupAPI since Windows 2000 knows */
    PATH_CURRENT /* those of later releases and of class installers as well */
};

/* A directory number that the INF itself defines (an LDID). */
struct path_ldid {
    int64_t number;
    struct slice path; /* where it is spelled */
};

/* What %n% and directory numbers stand for in one file. Start with
 * path_context_init. */
struct path_context {
    struct str inf_dir; /* with a backslash at its end */
    enum path_reading reading;
    const struct path_ldid *ldids; /* sorted by number */
    uint32_t n_ldids;
    bool *asked; /* set where a number is asked for that `ldids` may define;
                  * may be NULL */
};

#define PATH_FIRST_LDID 32768 /* from here on others define numbers */

/**
 * path_context_init - directories for a file that lay in inf_dir
 *
 * inf_dir: with or without a backslash at its end; empty is C:\inf
 *
 * false when the arena failed; the context is then usable with C:\inf.
 */
bool path_context_init(struct path_context *context, struct arena *arena,
                       struct str inf_dir);

/**
 * path_directory - path of a directory number; an inf_directory_fn
 *
 * context: a struct path_context
 *
 * Number 1 is the INF's directory with a backslash at its end, numbers below
 * 32768 that nothing defines are System32\unknown, later ones {NULL, 0}.
 * Source: Microsoft, "Using Dirids"; Wine, setupapi/dirid.c.
 */
struct str path_directory(const void *context, int64_t dirid);

/* The LDID of that number, or NULL. Sets context->asked. */
const struct path_ldid *path_find_ldid(const struct path_context *context,
                                       int64_t number);

/**
 * path_marks - marks of a full path, by the longest directory that holds it
 *
 * path:    normalised (path_normalise); letter case does not matter
 *
 * A share or a URL has none.
 */
unsigned path_marks(struct str path);

/**
 * path_normalise - the plain spelling of a path
 *
 * Forward slashes become backslashes, doubled backslashes one (a share's two
 * stay), "." and ".." are resolved but not above the root, and a leading \\?\,
 * \\.\ or \??\ goes away (\\?\UNC\ becomes \\). Dots and blanks at the end go,
 * as Win32 has it, and ::$DATA. Short names (PROGRA~1), junctions
 * (Documents and Settings), environment variables (%SystemRoot%) and the own
 * machine's shares (\\localhost\C$) at the beginning become the folders that
 * they stand for: aliases.def. Other streams, shares and URLs stay as they are.
 * Gives `path` itself where nothing changes, {NULL, 0} when the arena failed.
 */
struct str path_normalise(struct arena *arena, struct str path);

/* The part behind the last slash, backslash or drive colon. */
struct str path_base(struct str path);

/* Whether it begins with a drive, a backslash or a slash, or is a URL. */
bool path_is_absolute(struct str path);

/* Whether it has a scheme of at least two letters and "://". */
bool path_is_url(struct str path);

#endif
