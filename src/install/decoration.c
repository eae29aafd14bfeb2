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

/* By length and the last three characters, either case of a letter alike. */
static uint32_t hash_tail(size_t len, char third, char second, char last)
{
    uint32_t bytes = (unsigned char)third |
                     (uint32_t)(unsigned char)second << 8 |
                     (uint32_t)(unsigned char)last << 16 | (uint32_t)len << 24;

    return (bytes | UINT32_C(0x202020)) * UINT32_C(0x9e3779b1) >> 22;
}

_Static_assert(NAME_TAIL_BITS == 1u << (32 - 22), "a hash is a bit's number");

/* Byte so many before the end of name + suffix; NUL before their start. */
static char tail_at(struct str name, struct str suffix, size_t back)
{
    if (back <= suffix.len) {
        return suffix.bytes[suffix.len - back];
    }
    back -= suffix.len;
    return back <= name.len ? name.bytes[name.len - back] : '\0';
}

static uint32_t hash_name(struct str name, struct str suffix)
{
    return hash_tail(name.len + suffix.len, tail_at(name, suffix, 3),
                     tail_at(name, suffix, 2), tail_at(name, suffix, 1));
}

/* Letters beyond ASCII may have capitals of another length. Names with such are
 * looked for in any case; they equal no name without. */
static bool is_ascii(struct str name)
{
    return str_ascii_run(name) == name.len;
}

void decoration_read_tails(const struct inf_document *document,
                           struct name_tails *out)
{
    *out = (struct name_tails){.is_known = document->aliases.n == 0};
    for (uint32_t i = 0; i < document->n_sections; i++) {
        uint32_t hash =
            hash_name(slice_str(document->sections[i].name), STR(""));
        out->bits[hash / 64] |= UINT64_C(1) << hash % 64;
    }
}

static bool may_exist(const struct name_tails *tails, struct str name,
                      struct str suffix)
{
    uint32_t hash = hash_name(name, suffix);

    return !tails->is_known || tails->bits[hash / 64] >> hash % 64 & 1 ||
           !is_ascii(name) || !is_ascii(suffix);
}

uint32_t decoration_find(struct name_finder finder, struct str name,
                         const char *suffix)
{
    struct str end = str_from(suffix);
    const struct inf_section *section = NULL;

    if (!may_exist(finder.tails, name, end)) {
        return INF_NONE;
    }
    struct arena_mark mark = arena_get_mark(finder.arena);
    char *bytes = arena_alloc(finder.arena, name.len + end.len, 1);
    if (bytes) {
        if (name.len) {
            memcpy(bytes, name.bytes, name.len);
        }
        if (end.len) {
            memcpy(bytes + name.len, end.bytes, end.len);
        }
        section = inf_document_find(finder.document,
                                    str_of(bytes, name.len + end.len));
        arena_rewind(finder.arena, mark);
    }
    return section ? (uint32_t)(section - finder.document->sections) : INF_NONE;
}

static unsigned add(struct decorated *out, unsigned n, uint32_t section,
                    unsigned targets)
{
    if (section != INF_NONE && targets && n < DECORATION_MAX_FORMS) {
        out[n++] = (struct decorated){section, targets};
    }
    return n;
}

unsigned decoration_select(struct name_finder finder, struct str name,
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
                decoration_find(finder, name, decorations[i].suffix);
            if (section != INF_NONE) {
                n = add(out, n, section, targets);
                left &= ~targets;
            }
        }
    }
    return add(out, n, decoration_find(finder, name, ""), left);
}

unsigned decoration_forms(struct name_finder finder, struct str name,
                          struct decorated *out)
{
    unsigned n =
        add(out, 0, decoration_find(finder, name, ""), INFSCAN_TARGET_ALL);
    for (size_t i = 0; i < N_OF(decorations); i++) {
        n = add(out, n, decoration_find(finder, name, decorations[i].suffix),
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
