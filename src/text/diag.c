/* SPDX-License-Identifier: MIT */
#include "text/diag.h"

/* A thousand lines of one kind of oddity say no more than the first ones. */
#define MAX_OF_ONE_CODE 25

static const struct diag_info table[N_DIAGS] = {
#define D(name, code, severity, evasion, message, why, source)                 \
    {code, INFSCAN_##severity, evasion, message, why, source},
#include "text/diagnostics.def"
#undef D
};

void diag_list_init(struct diag_list *diags, struct arena *arena, uint32_t max)
{
    *diags = (struct diag_list){.arena = arena, .max = max};
}

void diag_add(struct diag_list *diags, enum diag_code code, struct slice place)
{
    diag_add_detail(diags, code, place, SLICE_NONE);
}

void diag_add_detail(struct diag_list *diags, enum diag_code code,
                     struct slice place, struct slice detail)
{
    if (!diags) {
        return;
    }
    if (diags->list.n >= diags->max ||
        diags->of_code[code] >= MAX_OF_ONE_CODE ||
        !VEC_PUSH(diags->arena, &diags->list,
                  (struct diag){code, place, detail})) {
        diags->dropped++;
        return;
    }
    diags->of_code[code]++;
}

const struct diag_info *diag_info(enum diag_code code)
{
    return &table[code];
}

const struct diag_info *diag_find(struct str code)
{
    for (size_t i = 0; i < N_DIAGS; i++) {
        if (str_equal_fold(str_from(table[i].code), code)) {
            return &table[i];
        }
    }
    return NULL;
}
