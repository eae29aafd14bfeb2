/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_INFLATE_H
#define COMMAND_INFLATE_H

#include "command/peel.h"

enum inflate_format {
    INFLATE_RAW,
    INFLATE_GZIP
};

/**
 * inflate_bytes - decompress a Deflate or GZip stream
 *
 * out:     what came out, also of a stream that breaks off
 *
 * false when nothing came out, past the size of a layer, or without memory.
 */
bool inflate_bytes(struct peel *peel, struct str in, enum inflate_format format,
                   struct str *out);

#endif
