/* SPDX-License-Identifier: MIT */
/* Bytes to text, in every encoding and several code pages. The first byte
 * chooses. */
#include "text/decode.h"

#include "fuzz.h"
#include "text/source.h"

static const unsigned codepages[] = {0, 1251, 932, 936, 949, 950, 437, 874};

static void check(struct arena *arena, const struct decoded *decoded,
                  struct str raw)
{
    struct source source;

    FUZZ_REQUIRE(text_is_sound(decoded->text, raw));
    FUZZ_REQUIRE(source_init(&source, arena, raw, decoded->text));
    for (uint32_t line = 1; line <= source.n_lines; line++) {
        struct slice slice = source_line_text(&source, line);
        FUZZ_REQUIRE(source_line(&source, slice.off) == line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct decoded decoded;
    struct decode_guess other;

    if (size == 0 || !arena) {
        arena_free(arena);
        return 0;
    }
    struct str raw = str_of((const char *)data + 1, size - 1);
    unsigned codepage =
        codepages[data[0] % (sizeof codepages / sizeof codepages[0])];
    if (decode_codepage_name(codepage) &&
        decode_bytes(arena, raw, codepage, NULL, &decoded) == INFSCAN_OK) {
        check(arena, &decoded, raw);
    }
    if (decode_other_guess(raw, codepage, &other) &&
        decode_as(arena, raw, other.encoding, 0, other.codepage, NULL,
                  &decoded) == INFSCAN_OK) {
        check(arena, &decoded, raw);
    }
    arena_free(arena);
    return 0;
}
