/* SPDX-License-Identifier: MIT */
/* A rule file: loaded, or refused with one line that says where. */
#include <string.h>

#include "base/error.h"
#include "fuzz.h"
#include "rules/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct rule_list list = {.items = NULL};
    struct infscan_error error = {0};
    uint32_t next_pattern = 0;

    if (!arena) {
        return 0;
    }
    enum infscan_status status =
        rules_load(arena, "x.yml", str_of((const char *)data, size), &list,
                   &next_pattern, &error);
    FUZZ_REQUIRE(status == INFSCAN_OK || status == INFSCAN_NO_MEMORY ||
                 (error.message && !strchr(error.message, '\n')));
    FUZZ_REQUIRE(status != INFSCAN_INVALID || error.line > 0);
    infscan_error_clear(&error);
    arena_free(arena);
    return 0;
}
