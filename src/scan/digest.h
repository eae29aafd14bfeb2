/* SPDX-License-Identifier: MIT */
#ifndef SCAN_DIGEST_H
#define SCAN_DIGEST_H

#include "base/str.h"

/* SHA-256 of some bytes, as 64 lower-case hexadecimal digits and a NUL. */
void digest_sha256(struct str bytes, char out[65]);

/* The same piece by piece; only digest.c looks inside. */
struct digest {
    _Alignas(16) unsigned char state[256];
};

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, struct str bytes);
void digest_end(struct digest *digest, char out[65]);

#endif
