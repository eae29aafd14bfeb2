/* SPDX-License-Identifier: MIT */
#ifndef SCAN_COMPANION_H
#define SCAN_COMPANION_H

#include "base/arena.h"
#include "base/str.h"

struct analysis;
struct included_file;
struct inf_document;

/* A file beside the analysed one. */
struct companion_file {
    uint64_t size;
    char sha256[65];  /* "" where it is larger than was asked for */
    struct str bytes; /* bytes NULL where none were asked for or it is larger */
};

struct companion_request {
    /* Relative to the INF: one or more parts divided by backslashes, none of
     * them empty, "." or "..", none with a slash, colon or NUL. */
    struct str name;
    size_t max_bytes;    /* of a file that is read */
    struct arena *arena; /* receives its bytes; NULL: only the digest counts */
};

/* Where the files beside an INF are: its folder, or the archive that holds it.
 * A name is found whatever its letter case; of several the first by bytes. */
struct companion_source {
    void *context;
    /* false: there is no such file, or none that may be read. */
    bool (*read)(void *context, const struct companion_request *request,
                 struct companion_file *out);
    /* Whether names may have been missed since there are too many of them. */
    bool (*is_cut)(void *context);
};

/**
 * companion_name - the name of a file beside the INF, as a source takes it
 *
 * written: as an INF gives it; slashes and a leading ".\" are fine
 *
 * bytes NULL where it leads out of the INF's folder (absolute, a share, a
 * drive, a URL, "..") or is no file's name, or the arena failed.
 */
struct str companion_name(struct arena *arena, struct str written);

/**
 * companions_read - the INFs that the analysed one includes or copies
 *
 * Reads those that lie beside it and those that they name in turn, each once,
 * and appends the included ones. Does nothing without a source. false when
 * memory ran out.
 */
bool companions_read(struct analysis *analysis);

/* Folder of a package that is copied, relative to the analysed INF and with a
 * backslash at its end; empty for what is read with the analysed one. Names in
 * its files are relative to it. */
struct str companion_folder(const struct included_file *file);

/**
 * companions_append - a document with the files that it may include behind it
 *
 * document: the analysed one, which gets what it includes, or one that is
 *           copied, which gets all that any of them includes
 *
 * false when memory ran out.
 */
bool companions_append(struct analysis *analysis,
                       const struct inf_document *document,
                       struct inf_document *out);

/**
 * companions_list - every file beside the INF that its actions need
 *
 * Fills analysis->companions. false when memory ran out.
 */
bool companions_list(struct analysis *analysis);

#endif
