/* SPDX-License-Identifier: MIT */
#include "scan/options.h"

#include <inttypes.h>

#include "base/error.h"

const struct infscan_limit *infscan_limits(size_t *n)
{
    *n = N_LIMITS;
    return limit_table;
}

static enum limit find(const char *name)
{
    enum limit limit = 0;

    while (limit < N_LIMITS && strcmp(limit_table[limit].name, name) != 0) {
        limit++;
    }
    return limit;
}

enum infscan_status options_limits(const struct infscan_options *options,
                                   struct limits *out,
                                   struct infscan_error *error)
{
    *out = limits_default;
    for (size_t i = 0; i < options->n_limits; i++) {
        const struct infscan_limit_value *given = &options->limits[i];
        enum limit limit = find(given->name);
        if (limit == N_LIMITS) {
            return error_set(error, INFSCAN_INVALID, "unknown limit: %s",
                             given->name);
        }
        const struct infscan_limit *row = &limit_table[limit];
        if (given->value < row->least || given->value > row->most) {
            return error_set(error, INFSCAN_INVALID,
                             "the limit %s is from %" PRIu64 " to %" PRIu64
                             " %s, not %" PRIu64,
                             row->name, row->least, row->most, row->unit,
                             given->value);
        }
        out->value[limit] = given->value;
    }
    return INFSCAN_OK;
}
