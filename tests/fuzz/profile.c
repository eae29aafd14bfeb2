/* SPDX-License-Identifier: MIT */
/* The private-profile reading, and whether each line of it names its bytes. */
#include "inf/profile.h"

#include "fuzz.h"
#include "scan/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct str raw = str_of((const char *)data, size);
    struct reading *reading =
        arena ? reading_make(arena, raw, 0, &limits_default, NULL) : NULL;
    struct inf_document profile;

    if (reading && profile_parse(arena, &reading->source, &limits_default, NULL,
                                 &profile) == INFSCAN_OK) {
        FUZZ_REQUIRE(profile.refusal == INF_ACCEPTED);
        for (uint32_t i = 0; i < profile.n_lines; i++) {
            const struct inf_line *line = &profile.lines[i];
            struct slice place = inf_line_place(&profile, line);
            FUZZ_REQUIRE(inf_line_n_fields(&profile, line) <= 2);
            FUZZ_REQUIRE(place.text && text_is_sound(place.text, raw));
        }
    }
    arena_free(arena);
    return 0;
}
