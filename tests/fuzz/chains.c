/* SPDX-License-Identifier: MIT */
/* Every launcher's plan, without rules: what is planned exists, and each action
 * has a place in the file and a chain that ends there. */
#include <infscan/infscan.h>

#include "fuzz.h"
#include "scanner.h"

static void check_place(struct infscan_place place, size_t size)
{
    FUZZ_REQUIRE(place.file ||
                 (place.offset <= size && place.length <= size - place.offset));
}

static void check(const struct infscan_result *result, size_t size)
{
    size_t n_plans;
    size_t n_actions;
    const struct infscan_plan *plans = infscan_result_plans(result, &n_plans);
    const struct infscan_action *actions =
        infscan_result_actions(result, &n_actions);

    for (size_t i = 0; i < n_plans; i++) {
        for (size_t k = 0; k < plans[i].n_actions; k++) {
            FUZZ_REQUIRE(plans[i].actions[k] < n_actions);
        }
    }
    for (size_t i = 0; i < n_actions; i++) {
        FUZZ_REQUIRE(actions[i].id == i && actions[i].place.line > 0);
        check_place(actions[i].place, size);
        for (size_t k = 0; k < actions[i].n_chain; k++) {
            check_place(actions[i].chain[k].place, size);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct infscan_scanner *scanner = fuzz_scanner(INFSCAN_RULESET_EMPTY);
    struct infscan_result *result = NULL;

    if (infscan_scan_bytes(scanner, "x.inf", data, size, &result) ==
        INFSCAN_OK) {
        check(result, size);
        infscan_result_free(result);
    }
    return 0;
}
