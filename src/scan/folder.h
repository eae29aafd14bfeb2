/* SPDX-License-Identifier: MIT */
#ifndef SCAN_FOLDER_H
#define SCAN_FOLDER_H

#include "scan/companion.h"

/* Names of one folder, read when the first spelling that is not there is asked
 * for, and kept until another folder is. */
struct folder_names;

/* max: of names that are read of one folder. */
struct folder_names *folder_names_new(uint64_t max);
void folder_names_free(struct folder_names *names);

/* Files beside one INF of the file system. */
struct folder {
    const char *path; /* of the INF; borrowed */
    int fd;           /* its folder; -1: not opened, -2: cannot be */
    struct folder_names *names;
    bool is_listed; /* `names` are those of this folder */
    bool is_cut;
};

/**
 * folder_source - the files beside an INF
 *
 * folder:  must stay where it is as long as the source is used
 * path:    of the INF, borrowed
 * names:   of the scanner
 *
 * Only regular files are opened, no link is followed, and no name leads out of
 * the folder (see struct companion_request). Call folder_close when done.
 */
struct companion_source folder_source(struct folder *folder, const char *path,
                                      struct folder_names *names);
void folder_close(struct folder *folder);

#endif
