/* SPDX-License-Identifier: MIT */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <stddef.h>

#include <infscan/render.h>

/* What a folder walk takes. A pattern with a slash is matched against the whole
 * path, any other against the last name. */
struct walk_filter {
    const char *const *include; /* any must match, unless there is none */
    size_t n_include;
    const char *const *exclude; /* folders, too: they are not entered */
    size_t n_exclude;
    unsigned max_depth; /* 1: only the folder's own files */
};

/* What to do with what is found, in the order of names. */
struct walk_visitor {
    void *context;
    void (*file)(void *context, const char *path);
    void (*passed)(void *context, const char *path,
                   enum infscan_passed_over reason);
    void (*failed)(void *context, const char *path, int error);
};

/**
 * walk_folder - visit all files below a folder
 *
 * Symbolic links to files are followed, those to folders are not, so that no
 * loop is entered. Nothing but folders is opened.
 */
void walk_folder(const char *root, const struct walk_filter *filter,
                 const struct walk_visitor *visitor);

#endif
