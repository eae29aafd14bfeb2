/* SPDX-License-Identifier: MIT */
#include "install/launcher.h"

static const char *const names[] = {
#define LAUNCHER(id, name, ...) name,
#include "install/launchers.def"
#undef LAUNCHER
};

static const char *const invocations[] = {
#define LAUNCHER(id, name, invocation, ...) invocation,
#include "install/launchers.def"
#undef LAUNCHER
};

static const char *const privileges[] = {
#define LAUNCHER(id, name, invocation, privileges, ...) privileges,
#include "install/launchers.def"
#undef LAUNCHER
};

bool launchers_need_administrator(uint32_t launchers)
{
    bool needs = false;

    launchers &= ~(1u << LAUNCHER_NAMED_SECTION | 1u << LAUNCHER_NONE);
    for (unsigned i = 0; i < N_LAUNCHERS; i++) {
        if (!(launchers >> i & 1u)) {
            continue;
        }
        needs = strcmp(privileges[i], "administrator") == 0;
        if (!needs) {
            return false;
        }
    }
    return needs;
}

struct str launcher_invocation(enum launcher_id id)
{
    return str_from(id < N_LAUNCHERS ? invocations[id] : "");
}

const char *launcher_name(enum launcher_id id)
{
    return id < N_LAUNCHERS ? names[id] : "";
}

bool launcher_is_chosen(const struct launcher_choice *choices, size_t n,
                        enum launcher_id launcher)
{
    for (size_t i = 0; i < n; i++) {
        if (choices[i].launcher == launcher) {
            return true;
        }
    }
    return n == 0;
}

bool launcher_parse(struct str spec, struct launcher_choice *out)
{
    size_t colon = str_find_char(spec, ':', 0);
    struct str name = colon == STR_NONE ? spec : str_sub(spec, 0, colon);
    struct str section =
        colon == STR_NONE ? STR("") : str_sub(spec, colon + 1, spec.len);
    for (unsigned i = 0; i < N_LAUNCHERS; i++) {
        if (str_equal_fold(name, str_from(names[i]))) {
            *out = (struct launcher_choice){.launcher = (enum launcher_id)i,
                                            .section = section};
            return true;
        }
    }
    return false;
}
