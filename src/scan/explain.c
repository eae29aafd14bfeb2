/* SPDX-License-Identifier: MIT */
#include <infscan/result.h>

#include "text/diag.h"

#define EVASION_true "\n\nSign of evasion: a naive reader sees something else."
#define EVASION_false ""

/* One page for each diagnostic, put together by the compiler. */
static const char *const pages[N_DIAGS] = {
#define D(name, code, severity, evasion, message, why, source)                 \
    code ": " message "\n\nWhy it matters:\n  " why EVASION_##evasion          \
        "\n\nSource:\n  " source,
#include "text/diagnostics.def"
#undef D
};

const char *infscan_diagnostic_explain(const char *code)
{
    for (enum diag_code i = 0; i < N_DIAGS; i++) {
        if (str_equal_fold(str_from(diag_info(i)->code), str_from(code))) {
            return pages[i];
        }
    }
    return NULL;
}
