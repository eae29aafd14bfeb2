/* SPDX-License-Identifier: MIT */
#ifndef CLI_EXTRACT_H
#define CLI_EXTRACT_H

#include <pthread.h>

#include <infscan/result.h>

/* A folder that receives what was found inside inputs, for any thread. */
struct extract {
    const char *path;
    int folder; /* open */
    pthread_mutex_t lock;
    unsigned next;  /* temporary name */
    int has_failed; /* said once */
};

/* Make the folder unless it is there. 0, or -1 after a line on stderr. */
int extract_make_folder(const char *path);

/* 0, or -1 after a line on stderr. */
int extract_open(struct extract *extract, const char *path);

/**
 * extract_bytes - keep some bytes as <sha256>.<ext>
 *
 * type:    extension without the dot; static
 *
 * A file of that name stays as it is. The name appears when all is written, in
 * that folder and nowhere else. What fails is said once.
 */
void extract_bytes(struct extract *extract, const char *bytes, size_t len,
                   const char *type);

/* Keep every layer of every action, and the file itself where it is a member of
 * an archive; NULL: nothing is to be kept. */
void extract_parts(struct extract *extract,
                   const struct infscan_result *result);

/* 0, or -1 where something could not be written. */
int extract_close(struct extract *extract);

#endif
