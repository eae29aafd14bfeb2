/* SPDX-License-Identifier: MIT */
#include "install/directive.h"

static const struct directive_info rows[] = {
#define D(id, name, class, operand, handler, phase, layout, effect, source)    \
    {                                                                          \
        {name, sizeof(name) - 1},                                              \
        layout,                                                                \
        effect,                                                                \
        source,                                                                \
        DIRECTIVES_##class,                                                    \
        OPERAND_##operand,                                                     \
        PHASE_##phase},
#include "install/directives.def"
#undef D
};

const struct directive_info *directive_info(enum directive_id id)
{
    return &rows[id];
}

enum directive_id directive_find(struct str key)
{
    for (unsigned i = 0; i < N_DIRECTIVES; i++) {
        if (rows[i].name.len == key.len && str_equal_fold(rows[i].name, key)) {
            return (enum directive_id)i;
        }
    }
    return N_DIRECTIVES;
}
