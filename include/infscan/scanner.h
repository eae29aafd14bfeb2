/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_SCANNER_H
#define INFSCAN_SCANNER_H

#include <infscan/ruleset.h>
#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct infscan_result;
struct infscan_document;

/* One thread's scanner: compiled patterns and scratch memory. Use it from one
 * thread at a time; make one for each thread. */
struct infscan_scanner;

/* A limit by name, and what it shall be instead of its default. */
struct infscan_limit_value {
    const char *name;
    uint64_t value;
};

/* How to scan. Start with {0}: every zero means the default. The strings must
 * outlive the scanner. */
struct infscan_options {
    const char *inf_dir; /* what %01% stands for; NULL: C:\inf */
    unsigned codepage;   /* of 8-bit files; 0: 1252 */
    int brief; /* nonzero: no more than id, kind, text and reachable of actions
                * that are not `listed`, which takes less time */
    const char *const *launchers; /* "cmstp" or "advpack:Section", ... */
    size_t n_launchers;           /* 0: all */
    const struct infscan_limit_value *limits; /* needed while it is made */
    size_t n_limits;
    const char *invocation; /* the command line that started the file; NULL: not
                             * known. It adds its launcher to `launchers` and,
                             * without inf_dir, says the folder */
    int effects; /* nonzero: results have the ledger of result.h, which takes
                  * time that only its readers need to spend */
    /* For archives, after none and "infected", "malware" and "virus". */
    const char *const *passwords;
    size_t n_passwords;
};

/* Takes over one result. Returns 0, or anything else to hear no more. */
typedef int infscan_result_fn(void *context, struct infscan_result *result);

/**
 * infscan_limits - every limit of an analysis, and their number
 *
 * Static. Reaching one gives a result of status `partial` that names it.
 */
INFSCAN_API const struct infscan_limit *infscan_limits(size_t *n);

/**
 * infscan_scanner_new - make a scanner
 *
 * rules:    must outlive the scanner
 * options:  NULL for the defaults; copied
 * out:      written only on success
 *
 * Status: INVALID for an unknown launcher, invocation, limit or code page or a
 * limit out of its range (`error` says which), NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_scanner_new(const struct infscan_ruleset *rules,
                    const struct infscan_options *options,
                    struct infscan_scanner **out, struct infscan_error *error);

/**
 * infscan_scanner_free - release a scanner; NULL is allowed
 */
INFSCAN_API void infscan_scanner_free(struct infscan_scanner *scanner);

/**
 * infscan_scan_bytes_each - analyse bytes in memory, members of archives too
 *
 * name:    what the record calls them (UTF-8 or not; see result.h)
 * data:    `size` raw bytes; not needed after the call
 * take:    called with each result: of a plain file with the one it has; of an
 *          archive (zip, cab, 7z, tar, gzip, bzip2, xz, iso, told by content)
 *          with those of its members, in the order in which it holds them, and
 *          at last with its own
 *
 * Status: as of infscan_scan_bytes.
 */
INFSCAN_API enum infscan_status
infscan_scan_bytes_each(struct infscan_scanner *scanner, const char *name,
                        const void *data, size_t size, infscan_result_fn *take,
                        void *context);

/**
 * infscan_scan_bytes - analyse bytes in memory
 *
 * name:    what the record calls them (UTF-8 or not; see result.h)
 * data:    `size` raw bytes; not needed after the call
 * out:     the result, to be released with infscan_result_free; it depends on
 *          neither scanner nor rule set and may go to any thread
 *
 * Of an archive it is the archive's own result, without those of its members.
 * Never fails on content. When memory or a limit runs out half-way the result
 * says so (status `partial` or `error`). Status: NO_MEMORY only when not even
 * such a result could be made.
 */
INFSCAN_API enum infscan_status
infscan_scan_bytes(struct infscan_scanner *scanner, const char *name,
                   const void *data, size_t size, struct infscan_result **out);

/**
 * infscan_scan_file - read one file and analyse it
 *
 * path:    opened for reading only; a FIFO, device or socket is not opened
 * out:     a result in every case but NO_MEMORY: a file that cannot be read,
 *          is too large or changes while read gives one with status `error`
 */
INFSCAN_API enum infscan_status
infscan_scan_file(struct infscan_scanner *scanner, const char *path,
                  struct infscan_result **out);

/**
 * infscan_scan_file_each - read one file and analyse it, or what it holds
 *
 * As infscan_scan_file and infscan_scan_bytes_each.
 */
INFSCAN_API enum infscan_status
infscan_scan_file_each(struct infscan_scanner *scanner, const char *path,
                       infscan_result_fn *take, void *context);

/**
 * infscan_scan_fd_each - as infscan_scan_file_each, from an open descriptor
 *
 * fd:      read to its end, not closed
 */
INFSCAN_API enum infscan_status
infscan_scan_fd_each(struct infscan_scanner *scanner, const char *name, int fd,
                     infscan_result_fn *take, void *context);

/**
 * infscan_scan_fd - as infscan_scan_file, from an open descriptor such as 0
 *
 * fd:      read to its end, not closed
 */
INFSCAN_API enum infscan_status infscan_scan_fd(struct infscan_scanner *scanner,
                                                const char *name, int fd,
                                                struct infscan_result **out);

/**
 * infscan_scanner_measure - begin to note what rules cost
 *
 * Scans are a little slower from then on; results are the same. Status:
 * NO_MEMORY.
 */
INFSCAN_API enum infscan_status
infscan_scanner_measure(struct infscan_scanner *scanner);

/**
 * infscan_scanner_rule_cost - what a rule has cost since then
 *
 * index:   as for infscan_ruleset_rule; past the end all is 0, and so it is
 *          without infscan_scanner_measure
 */
INFSCAN_API struct infscan_rule_cost
infscan_scanner_rule_cost(const struct infscan_scanner *scanner, size_t index);

/**
 * infscan_looks_like_inf - cheap guess from a file's first bytes
 *
 * head:    up to the first 4096 bytes of a file
 *
 * 1 when a line with a [section] header makes the bytes worth analysing as
 * INF, in any encoding; 0 otherwise. Used by folder walks;
 * files that are named are analysed whatever this says.
 */
INFSCAN_API int infscan_looks_like_inf(const void *head, size_t size);

/**
 * infscan_is_archive - whether an open file is an archive, by its content
 *
 * fd:      of a regular file; its offset stays
 */
INFSCAN_API int infscan_is_archive(int fd);

#ifdef __cplusplus
}
#endif

#endif
