/* SPDX-License-Identifier: MIT */
#include "text/diag.h"

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

/* A line is read as often as something leads to it. */
static bool is_noted(const struct diag_list *diags, enum diag_code code,
                     struct slice place)
{
    for (uint32_t i = 0; i < diags->of_code[code]; i++) {
        struct slice noted = diags->list.items[diags->kept[code][i]].place;
        if (noted.text == place.text && noted.off == place.off &&
            noted.len == place.len) {
            return true;
        }
    }
    return false;
}

void diag_add_detail(struct diag_list *diags, enum diag_code code,
                     struct slice place, struct slice detail)
{
    if (!diags || is_noted(diags, code, place)) {
        return;
    }
    if (diags->list.n >= diags->max ||
        diags->of_code[code] >= DIAG_MAX_OF_ONE_CODE ||
        !VEC_PUSH(diags->arena, &diags->list,
                  (struct diag){code, place, detail})) {
        diags->dropped++;
        return;
    }
    diags->kept[code][diags->of_code[code]++] = diags->list.n - 1;
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
