/* SPDX-License-Identifier: MIT */
#ifndef SCAN_RULESET_H
#define SCAN_RULESET_H

#include <infscan/ruleset.h>

#include "rules/rule.h"

/* The rules behind a public rule set. */
const struct rule_set *ruleset_rules(const struct infscan_ruleset *rules);

#endif
