/* SPDX-License-Identifier: MIT */
#ifndef SCAN_SCANNER_H
#define SCAN_SCANNER_H

#include <infscan/scanner.h>

#include "inf/dialect.h"
#include "inf/strings.h"
#include "install/chain.h"
#include "install/invocation.h"
#include "rules/indicator.h"
#include "rules/match.h"
#include "rules/score.h"
#include "scan/archive.h"
#include "scan/companion.h"
#include "scan/folder.h"
#include "scan/reading.h"
#include "scan/result.h"

struct infscan_scanner {
    const struct infscan_ruleset *rules;
    struct matcher *matcher;
    struct limits limits;
    struct launcher_choice *choices;
    size_t n_choices;
    char *inf_dir;
    struct arena *arena;                 /* of what options came to */
    const struct invocation *invocation; /* NULL: nothing is known */
    unsigned codepage;
    bool brief;
    struct folder_names *names;
    int effects;      /* nonzero: make the ledger */
    char **passwords; /* of archives, in the order in which they are tried */
    size_t n_passwords;
    struct libarchive *libarchive; /* opened when the first archive is met */
};

/* In how many encodings the bytes of a file make an INF. */
enum reading_count {
    READING_ONE,
    READING_TWO
};

/* An INF beside the analysed one that this or another one includes, or copies
 * into the driver store. */
struct included_file {
    struct str name;
    struct reading *reading;
    const struct inf_strings *strings;
    uint32_t n_strings;
    uint32_t depth; /* files between it and the analysed one, plus one */
    bool is_copied; /* a package of its own */
    bool is_part;   /* what the analysed one does is read with it */
};

/* A file that the INF needs, by companions.def. */
struct companion {
    struct str name;
    unsigned role;
    bool is_present;
    struct companion_file file;
};

/* That an action needs a companion: indexes. */
struct companion_need {
    uint32_t action;
    uint32_t companion;
};

/* All that the stages hand on to each other. Lives in the result's arena. */
struct analysis {
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    struct arena *arena;
    struct str raw;
    struct diag_list diags;
    const struct decode_guess
        *forced;       /* read as this; NULL: as Windows would */
    bool is_ambiguous; /* the bytes make two INFs by encoding */
    struct reading *reading;
    const struct inf_strings *strings; /* of the file itself */
    uint32_t n_strings;
    struct inf_document *profile; /* NULL: not read that way */
    enum dialect dialect;
    const struct companion_source *beside; /* NULL: nothing is known to be */
    VEC(struct included_file) included;
    struct inf_document all; /* with what is included, where anything is */
    VEC(struct companion) companions;
    VEC(struct companion_need) needed; /* before companions are sorted */
    struct map companion_names;        /* to indexes in companions */
    struct install install;
    struct findings findings;
    struct indicators indicators;
    struct score score;
    limit_set limits;
};

/**
 * analysis_publish - turn an analysis into the views of result.h
 *
 * false when the arena failed.
 */
bool analysis_publish(struct analysis *analysis);

/* Role of a companion, as records name it. Static. */
const char *companion_role(unsigned role);

/* An empty result for a path as named; NULL when memory ran out. */
struct infscan_result *scanner_begin(const struct infscan_scanner *scanner,
                                     const char *path);

/**
 * scanner_read - one reading of bytes, by the whole pipeline
 *
 * raw:     outlives the result
 * beside:  as for scanner_analyse
 * forced:  the encoding, NULL: as Windows guesses it
 * count:   how many readings there are
 */
void scanner_read(struct infscan_scanner *scanner,
                  struct infscan_result *result, struct str raw,
                  const struct companion_source *beside,
                  const struct decode_guess *forced, enum reading_count count);

/**
 * scanner_analyse - scan bytes, in each way in which they are another file
 *
 * Given is the worse result. Of large files no two results are held at once.
 *
 *
 * result:  of scanner_begin; freed where another one is returned
 * raw:     in the result's arena
 * beside:  where the files beside them are, NULL for bytes that stand alone;
 *          needed during the call only
 */
struct infscan_result *scanner_analyse(struct infscan_scanner *scanner,
                                       struct infscan_result *result,
                                       struct str raw,
                                       const struct companion_source *beside);

/* A result for what is not itself analysed: the limits that it ran into, and
 * the verdict that they make. Path and member stay. */
void scanner_conclude(struct infscan_scanner *scanner,
                      struct infscan_result *result, limit_set limits);

/* Opens libarchive if that has not happened; false where it cannot be had. */
bool scanner_need_libarchive(struct infscan_scanner *scanner);

#endif
