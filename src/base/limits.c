/* SPDX-License-Identifier: MIT */
#include "base/limits.h"

const struct limits limits_default = {{
#define X(name, value, unit, reason) value,
    LIMITS(X)
#undef X
}};

const char *limit_name(enum limit limit)
{
    static const char *const names[] = {
#define X(name, value, unit, reason) #name,
        LIMITS(X)
#undef X
    };
    return limit < N_LIMITS ? names[limit] : "unknown";
}
