/* SPDX-License-Identifier: MIT */
#ifndef SCAN_DIGEST_H
#define SCAN_DIGEST_H

#include "base/str.h"

/* SHA-256 of bytes as 64 lower-case hex digits and a NUL. */
void digest_sha256(struct str bytes, char out[65]);

#endif
