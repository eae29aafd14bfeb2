/* SPDX-License-Identifier: MIT */
#ifndef TEXT_DIAG_H
#define TEXT_DIAG_H

#include <infscan/types.h>

#include "base/limits.h"
#include "base/vec.h"
#include "text/text.h"

/* Permanent codes, from diagnostics.def. */
enum diag_code {
#define D(name, code, severity, evasion, message, why, source) DIAG_##name,
#include "text/diagnostics.def"
#undef D
    N_DIAGS
};

struct diag_info {
    const char *code; /* "INF0012" */
    enum infscan_severity severity;
    bool evasion;        /* a naive reader sees something else than Windows */
    const char *message; /* %s: the text of the place */
    const char *why;
    const char *source;
};

struct diag {
    enum diag_code code;
    struct slice place;  /* what it is about, in the decoded text or later */
    struct slice detail; /* what %s stands for; place where empty */
};

/* A thousand lines of one kind of oddity say no more than the first ones. */
#define DIAG_MAX_OF_ONE_CODE 25

/* Collected, never printed. At most limits.diagnostics are kept. */
struct diag_list {
    struct arena *arena;
    VEC(struct diag) list;
    uint32_t max;
    uint32_t dropped;
    uint32_t of_code[N_DIAGS]; /* kept, by code, and which */
    uint32_t kept[N_DIAGS][DIAG_MAX_OF_ONE_CODE];
};

void diag_list_init(struct diag_list *diags, struct arena *arena, uint32_t max);

/* Note something, once for each place. diags may be NULL. */
void diag_add(struct diag_list *diags, enum diag_code code, struct slice place);
void diag_add_detail(struct diag_list *diags, enum diag_code code,
                     struct slice place, struct slice detail);

/* The table row of a code. */
const struct diag_info *diag_info(enum diag_code code);

/* Row by its permanent code ("INF0012", letter case aside), or NULL. */
const struct diag_info *diag_find(struct str code);

#endif
