/* SPDX-License-Identifier: MIT */
#include "install/models.h"

#include "install/decoration.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])
/* A number that no Windows has. */
#define NEVER 0xFFFFFFFFu
/* Older builds do not look at build numbers. */
#define BUILDS_COUNT_FROM 14310

const struct release *release_of(unsigned target)
{
    static const struct release rows[] = {
#define RELEASE(target, name, major, minor, build, product, suite, source)     \
    {target, name, major, minor, build, product, suite},
#include "install/releases.def"
#undef RELEASE
    };
    for (size_t i = 0; i < N_OF(rows); i++) {
        if (rows[i].target == target) {
            return &rows[i];
        }
    }
    return &rows[0];
}

static unsigned parse_part(struct str part)
{
    int64_t number = 0;
    part = str_trim(part);
    if (!part.len) {
        return 0;
    }
    return str_parse_int(part, &number) && number >= 0 && number < NEVER
               ? (unsigned)number
               : NEVER;
}

struct models_decoration models_parse(struct str decoration)
{
    struct models_decoration out = {.targets =
                                        decoration_models_targets(decoration)};
    struct str rest = str_trim(decoration);
    struct str part = {NULL, 0};
    unsigned *numbers[] = {&out.version[0], &out.version[1], &out.product,
                           &out.suite, &out.version[2]};
    str_next(&rest, '.', &part);
    for (size_t i = 0; i < N_OF(numbers) && str_next(&rest, '.', &part); i++) {
        *numbers[i] = parse_part(part);
    }
    return out;
}

static int compare_versions(const unsigned a[3], const unsigned b[3])
{
    for (unsigned i = 0; i < 3; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool fits(const struct models_decoration *decoration,
                 const struct release *release)
{
    const unsigned *version = decoration->version;
    unsigned own[] = {release->major, release->minor, release->build};
    unsigned asked[] = {version[0], version[1], version[2]};
    if (asked[0] != own[0] || asked[1] != own[1] ||
        own[2] < BUILDS_COUNT_FROM) {
        asked[2] = 0; /* builds of other versions say nothing */
    }
    return (decoration->targets & release->target) &&
           compare_versions(asked, own) <= 0 &&
           (!decoration->product || decoration->product == release->product) &&
           (decoration->suite & release->suite) == decoration->suite;
}

/* Whether a is closer to a machine that both fit. */
static bool is_closer(const struct models_decoration *a,
                      const struct models_decoration *b)
{
    int order = compare_versions(a->version, b->version);
    if (order) {
        return order > 0;
    }
    if (!a->product != !b->product) {
        return a->product != 0;
    }
    return a->suite && !b->suite;
}

size_t models_choose(const struct str *decorations, size_t n,
                     const struct release *release)
{
    struct models_decoration best = {0};
    size_t chosen = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        struct models_decoration one = models_parse(decorations[i]);
        if (fits(&one, release) &&
            (chosen == STR_NONE || is_closer(&one, &best))) {
            best = one;
            chosen = i;
        }
    }
    return chosen;
}
