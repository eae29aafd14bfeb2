/* SPDX-License-Identifier: MIT */
#include <infscan/infscan.h>

#include "base/str.h"
#include "text/decode.h"

/* The n-th character of what may be UTF-16, as a byte: enough to find ASCII. */
struct narrow {
    struct str raw;
    size_t step;  /* bytes per unit */
    size_t first; /* of the byte that counts */
};

static size_t narrow_len(const struct narrow *in)
{
    return in->raw.len > in->first
               ? (in->raw.len - in->first - 1) / in->step + 1
               : 0;
}

static char narrow_at(const struct narrow *in, size_t i)
{
    return in->raw.bytes[in->first + i * in->step];
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* A line from `at` on: whether it is [something] or key=..., and its end. */
static bool line_tells(const struct narrow *in, size_t *at)
{
    size_t len = narrow_len(in);
    size_t i = *at;
    bool tells = false;

    while (i < len && ascii_is_space(narrow_at(in, i)) &&
           !is_line_end(narrow_at(in, i))) {
        i++;
    }
    char first = i < len ? narrow_at(in, i) : '\n';
    for (; i < len && !is_line_end(narrow_at(in, i)); i++) {
        char c = narrow_at(in, i);
        tells = tells || (first == '[' && c == ']');
    }
    *at = i + 1;
    return tells;
}

int infscan_looks_like_inf(const void *head, size_t size)
{
    struct str raw = str_of(head, size);
    size_t bom_bytes;
    enum encoding encoding =
        decode_guess(str_sub(raw, 0, raw.len & ~(size_t)1), &bom_bytes);
    struct narrow in = {raw, 1, bom_bytes};

    if (encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE) {
        in.step = 2;
        in.first = bom_bytes + (encoding == ENCODING_UTF16BE ? 1 : 0);
    }
    if (size >= 4 && (memcmp(head,
                             "\x7f"
                             "ELF",
                             4) == 0 ||
                      memcmp(head, "\x89PNG", 4) == 0)) {
        return 0;
    }
    for (size_t at = 0; at < narrow_len(&in);) {
        if (line_tells(&in, &at)) {
            return 1;
        }
    }
    return 0;
}
