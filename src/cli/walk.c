/* SPDX-License-Identifier: MIT */
#include "cli/walk.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A path is as the user named the root; a walk must not depend on the locale,
 * so names are compared byte by byte. */
static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int matches_any(const char *const *patterns, size_t n,
                       const FTSENT *entry)
{
    for (size_t i = 0; i < n; i++) {
        const char *text =
            strchr(patterns[i], '/') ? entry->fts_path : entry->fts_name;
        if (fnmatch(patterns[i], text, 0) == 0) {
            return 1;
        }
    }
    return 0;
}

static void visit_file(const FTSENT *entry, const struct walk_filter *filter,
                       const struct walk_visitor *visitor)
{
    if ((filter->n_include &&
         !matches_any(filter->include, filter->n_include, entry)) ||
        matches_any(filter->exclude, filter->n_exclude, entry)) {
        visitor->passed(visitor->context, entry->fts_path,
                        INFSCAN_PASSED_EXCLUDED);
    } else {
        visitor->file(visitor->context, entry->fts_path);
    }
}

static void visit_link(const FTSENT *entry, const struct walk_filter *filter,
                       const struct walk_visitor *visitor)
{
    struct stat info;

    if (stat(entry->fts_path, &info) != 0 || S_ISDIR(info.st_mode)) {
        visitor->passed(visitor->context, entry->fts_path, INFSCAN_PASSED_LINK);
    } else if (!S_ISREG(info.st_mode)) {
        visitor->passed(visitor->context, entry->fts_path,
                        INFSCAN_PASSED_SPECIAL);
    } else {
        visit_file(entry, filter, visitor);
    }
}

/* Whether the folder is entered. */
static int visit_folder(const FTSENT *entry, const struct walk_filter *filter,
                        const struct walk_visitor *visitor)
{
    if (entry->fts_level > 0 &&
        matches_any(filter->exclude, filter->n_exclude, entry)) {
        visitor->passed(visitor->context, entry->fts_path,
                        INFSCAN_PASSED_EXCLUDED);
        return 0;
    }
    if (entry->fts_level >= 0 &&
        (unsigned)entry->fts_level >= filter->max_depth) {
        visitor->passed(visitor->context, entry->fts_path,
                        INFSCAN_PASSED_TOO_DEEP);
        return 0;
    }
    return 1;
}

static void visit(FTS *tree, FTSENT *entry, const struct walk_filter *filter,
                  const struct walk_visitor *visitor)
{
    switch (entry->fts_info) {
    case FTS_D:
        if (!visit_folder(entry, filter, visitor)) {
            fts_set(tree, entry, FTS_SKIP);
        }
        break;
    case FTS_F:
        visit_file(entry, filter, visitor);
        break;
    case FTS_SL:
    case FTS_SLNONE:
        visit_link(entry, filter, visitor);
        break;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        visitor->failed(visitor->context, entry->fts_path, entry->fts_errno);
        break;
    case FTS_DC:
        visitor->passed(visitor->context, entry->fts_path, INFSCAN_PASSED_LINK);
        break;
    case FTS_DEFAULT:
        visitor->passed(visitor->context, entry->fts_path,
                        INFSCAN_PASSED_SPECIAL);
        break;
    default: /* FTS_DP: a folder is left */
        break;
    }
}

void walk_folder(const char *root, const struct walk_filter *filter,
                 const struct walk_visitor *visitor)
{
    char *copy = strdup(root);
    char *const roots[] = {copy, NULL};
    FTS *tree =
        copy ? fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
                        compare_names)
             : NULL;
    FTSENT *entry;

    if (!tree) {
        visitor->failed(visitor->context, root, errno);
        free(copy);
        return;
    }
    errno = 0;
    while ((entry = fts_read(tree)) != NULL) {
        visit(tree, entry, filter, visitor);
        errno = 0;
    }
    if (errno) {
        visitor->failed(visitor->context, root, errno);
    }
    fts_close(tree);
    free(copy);
}
