/* SPDX-License-Identifier: MIT */
#include "rules/rule.h"

const char *rule_target_name(unsigned target)
{
    static const char *const names[] = {
#define TARGET(id, name) [id] = name,
#include "rules/targets.def"
#undef TARGET
    };
    return target < RULE_N_TARGETS ? names[target] : "unknown";
}
