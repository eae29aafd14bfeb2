/* SPDX-License-Identifier: MIT */
#include "install/decoration.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])
#define ORDERS 2 /* of decorations that a Windows of today takes */

static const struct {
    const char *suffix;
    unsigned targets;
    unsigned order;
} decorations[] = {
#define DECORATION(suffix, targets, order, source) {suffix, targets, order},
#include "install/decorations.def"
#undef DECORATION
};

_Static_assert(N_OF(decorations) < DECORATION_MAX_FORMS,
               "every form and the plain name must fit");

uint32_t decoration_find(const struct inf_document *document,
                         struct arena *arena, struct str name,
                         const char *suffix)
{
    struct arena_mark mark = arena_get_mark(arena);
    size_t len = strlen(suffix);
    char *bytes = arena_alloc(arena, name.len + len, 1);
    const struct inf_section *section = NULL;
    if (bytes) {
        if (name.len) {
            memcpy(bytes, name.bytes, name.len);
        }
        if (len) {
            memcpy(bytes + name.len, suffix, len);
        }
        section = inf_document_find(document, str_of(bytes, name.len + len));
        arena_rewind(arena, mark);
    }
    return section ? (uint32_t)(section - document->sections) : INF_NONE;
}

static unsigned add(struct decorated *out, unsigned n, uint32_t section,
                    unsigned targets)
{
    if (section != INF_NONE && targets && n < DECORATION_MAX_FORMS) {
        out[n++] = (struct decorated){section, targets};
    }
    return n;
}

unsigned decoration_select(const struct inf_document *document,
                           struct arena *arena, struct str name,
                           struct decorated *out)
{
    unsigned left = INFSCAN_TARGET_ALL;
    unsigned n = 0;
    for (unsigned order = 0; order < ORDERS; order++) {
        for (size_t i = 0; i < N_OF(decorations); i++) {
            unsigned targets = decorations[i].targets & left;
            if (decorations[i].order != order || !targets) {
                continue;
            }
            uint32_t section =
                decoration_find(document, arena, name, decorations[i].suffix);
            if (section != INF_NONE) {
                n = add(out, n, section, targets);
                left &= ~targets;
            }
        }
    }
    return add(out, n, decoration_find(document, arena, name, ""), left);
}

unsigned decoration_forms(const struct inf_document *document,
                          struct arena *arena, struct str name,
                          struct decorated *out)
{
    unsigned n = add(out, 0, decoration_find(document, arena, name, ""),
                     INFSCAN_TARGET_ALL);
    for (size_t i = 0; i < N_OF(decorations); i++) {
        n = add(out, n,
                decoration_find(document, arena, name, decorations[i].suffix),
                decorations[i].targets);
    }
    return n;
}

unsigned decoration_targets(struct str name)
{
    for (size_t i = 0; i < N_OF(decorations); i++) {
        if (str_ends_fold(name, str_from(decorations[i].suffix))) {
            return decorations[i].targets;
        }
    }
    return INFSCAN_TARGET_ALL;
}

bool decoration_has_architecture(struct str name)
{
    for (size_t i = 0; i < N_OF(decorations); i++) {
        if (decorations[i].order == 0 &&
            str_ends_fold(name, str_from(decorations[i].suffix))) {
            return true;
        }
    }
    return false;
}

unsigned decoration_models_targets(struct str decoration)
{
    struct str rest = str_trim(decoration);
    struct str platform = {NULL, 0};
    if (!rest.len) {
        return INFSCAN_TARGET_X86;
    }
    str_next(&rest, '.', &platform);
    for (size_t i = 0; i < N_OF(decorations); i++) {
        struct str suffix = str_from(decorations[i].suffix + 1);
        if (str_equal_fold(platform, suffix)) {
            /* since Server 2003 SP1 a Models section without architecture
             * is for x86 alone */
            return decorations[i].order == 1 ? INFSCAN_TARGET_X86
                                             : decorations[i].targets;
        }
    }
    return 0;
}
