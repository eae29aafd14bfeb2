/* SPDX-License-Identifier: MIT */
#include "base/limits.h"

const struct limits limits_default = {{
#define X(name, value, least, most, unit, reason) value,
    LIMITS(X)
#undef X
}};

const struct infscan_limit limit_table[N_LIMITS] = {
#define X(name, value, least, most, unit, reason)                              \
    {#name, value, least, most, unit, reason},
    LIMITS(X)
#undef X
};

const char *limit_name(enum limit limit)
{
    return limit < N_LIMITS ? limit_table[limit].name : "unknown";
}
