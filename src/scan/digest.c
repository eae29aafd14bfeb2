/* SPDX-License-Identifier: MIT */
#include "scan/digest.h"

#include <nettle/sha2.h>

#include <infscan/result.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct digest),
               "nettle's context must fit");

static struct sha256_ctx *context_of(struct digest *digest)
{
    return (struct sha256_ctx *)(void *)digest->state;
}

void digest_begin(struct digest *digest)
{
    sha256_init(context_of(digest));
}

void digest_add(struct digest *digest, struct str bytes)
{
    sha256_update(context_of(digest), bytes.len, (const uint8_t *)bytes.bytes);
}

void digest_end(struct digest *digest, char out[65])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];

    sha256_digest(context_of(digest), sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[64] = '\0';
}

void digest_sha256(struct str bytes, char out[65])
{
    struct digest digest;

    digest_begin(&digest);
    digest_add(&digest, bytes);
    digest_end(&digest, out);
}

void infscan_sha256(const void *data, size_t size, char out[65])
{
    digest_sha256(str_of(data, size), out);
}
