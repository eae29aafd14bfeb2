/* SPDX-License-Identifier: MIT */
/* Device installation: manufacturers, models, and what installs each. */
#include "install/decoration.h"
#include "install/models.h"
#include "install/route.h"

/* Device-install sections of one Models section for one target. */
static void enter_models(struct walk *walk, uint32_t models, unsigned target,
                         const struct way *way)
{
    const struct inf_line *lines = walk->document->lines;
    const struct inf_section *section = &walk->document->sections[models];
    /* not touched: it may also be named as an install section */
    if (walk->entered[models] == walk->epoch) {
        return;
    }
    walk->entered[models] = walk->epoch;
    for (uint32_t i = section->first; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        struct decorated forms[DECORATION_MAX_FORMS];
        if (walk->failed || !walk_spend(walk, 1)) {
            return;
        }
        struct slice name = slice_trim(walk_field(walk, &lines[i], 1));
        unsigned n = decoration_select(walk->document, walk->arena,
                                       slice_str(name), forms);
        for (unsigned k = 0; k < n; k++) {
            if (!(forms[k].targets & target) ||
                walk->entered[forms[k].section] == walk->epoch) {
                continue;
            }
            struct way here =
                walk_step(walk, way, section,
                          inf_line_key(walk->document, &lines[i]), &lines[i]);
            route_enter(walk, LAUNCHER_PNP, forms[k].section, &here);
        }
    }
}

/* name.decoration, or name where there is no decoration. */
static uint32_t find_models(struct walk *walk, struct str name,
                            struct slice decoration)
{
    struct str suffix = slice_str(slice_trim(decoration));
    char *z = arena_alloc(walk->arena, suffix.len + 2, 1);
    if (!z) {
        walk->failed = true;
        return INF_NONE;
    }
    size_t n = 0;
    if (suffix.len) {
        z[n++] = '.';
        memcpy(z + n, suffix.bytes, suffix.len);
        n += suffix.len;
    }
    z[n] = '\0';
    return decoration_find(walk->document, walk->arena, name, z);
}

/* models[,decoration...]: the Models section that the release of the target
 * takes, even when it is empty; or all that only others take. */
static void enter_manufacturer_line(struct walk *walk,
                                    const struct inf_section *section,
                                    const struct inf_line *line,
                                    unsigned target)
{
    uint32_t n = walk_n_fields(walk, line) ? walk_n_fields(walk, line) : 1;
    struct slice name = slice_trim(walk_field(walk, line, 1));
    struct way way = walk_step(walk, NULL, section,
                               inf_line_key(walk->document, line), line);
    struct str *decorations = ARENA_ARRAY(walk->arena, struct str, n);
    if (!decorations || !walk_spend(walk, n)) {
        walk->failed = walk->failed || !decorations;
        return;
    }
    decorations[0] = STR(""); /* the plain section */
    for (uint32_t i = 1; i < n; i++) {
        struct slice field = walk_field(walk, line, i + 1);
        /* ",," names no decoration, and not the plain section again */
        decorations[i] = field.len ? slice_str(field) : STR("-");
    }
    size_t chosen = models_choose(decorations, n, release_of(target));
    for (uint32_t i = 0; i < n; i++) {
        bool wanted = walk->other_windows ? i != chosen : i == chosen;
        if (!wanted || !(models_parse(decorations[i]).targets & target)) {
            continue;
        }
        uint32_t models =
            find_models(walk, slice_str(name),
                        i ? walk_field(walk, line, i + 1) : SLICE_NONE);
        if (models != INF_NONE) {
            enter_models(walk, models, target, &way);
        }
    }
}

/* ClassInstall32: HKR is the class key. */
static void enter_class(struct walk *walk, unsigned target)
{
    struct decorated forms[DECORATION_MAX_FORMS];
    unsigned n = decoration_select(walk->document, walk->arena,
                                   STR("ClassInstall32"), forms);
    const struct inf_section *version =
        inf_document_find(walk->document, STR("Version"));
    struct slice guid =
        version ? walk_find_value(walk, version, STR("ClassGuid")) : SLICE_NONE;
    uint32_t base = walk_base(
        walk, STR("SYSTEM\\CurrentControlSet\\Control\\Class\\"), guid);
    for (unsigned i = 0; i < n; i++) {
        if (!(forms[i].targets & target)) {
            continue;
        }
        struct str name =
            slice_str(walk->document->sections[forms[i].section].name);
        walk_section(walk, forms[i].section, NULL, base, DIRECTIVES_PLAIN);
        uint32_t services =
            decoration_find(walk->document, walk->arena, name, ".Services");
        if (services != INF_NONE) {
            walk_section(walk, services, NULL, BASE_NONE, DIRECTIVES_SERVICES);
        }
    }
}

/* InterfaceInstall32: {class} = section[,flags] */
static void enter_interfaces(struct walk *walk)
{
    const struct inf_line *lines = walk->document->lines;
    const struct inf_section *section =
        inf_document_find(walk->document, STR("InterfaceInstall32"));
    for (uint32_t i = section ? section->first : INF_NONE;
         i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        struct slice name = slice_trim(walk_field(walk, &lines[i], 1));
        const struct inf_section *named =
            inf_document_find(walk->document, slice_str(name));
        if (named) {
            struct way way =
                walk_step(walk, NULL, section,
                          inf_line_key(walk->document, &lines[i]), &lines[i]);
            walk_section(walk, (uint32_t)(named - walk->document->sections),
                         &way, BASE_OPEN, DIRECTIVES_PLAIN);
        }
    }
}

/* A driver without devices: an architecture's DefaultInstall in a file with a
 * class and without manufacturers. Source: Microsoft, "Creating a Primitive
 * Driver". */
static void enter_primitive(struct walk *walk, unsigned target)
{
    struct decorated forms[DECORATION_MAX_FORMS];
    const struct inf_section *version =
        inf_document_find(walk->document, STR("Version"));
    if (!version || !walk_find_key(walk, version, STR("Class"))) {
        return;
    }
    unsigned n = decoration_select(walk->document, walk->arena,
                                   STR("DefaultInstall"), forms);
    for (unsigned i = 0; i < n; i++) {
        struct str name =
            slice_str(walk->document->sections[forms[i].section].name);
        if ((forms[i].targets & target) && decoration_has_architecture(name)) {
            route_enter(walk, LAUNCHER_PNP, forms[i].section, NULL);
        }
    }
}

/* All Manufacturer lines on one target. */
static void enter_makers(struct walk *walk, const struct inf_section *makers,
                         unsigned target)
{
    const struct inf_line *lines = walk->document->lines;
    for (uint32_t i = makers ? makers->first : INF_NONE;
         i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        enter_manufacturer_line(walk, makers, &lines[i], target);
    }
}

/* What Windows of today would do, one plan for each kind of machine. */
static void route_today(struct walk *walk, struct route *route,
                        const struct inf_section *makers)
{
    for (unsigned target = INFSCAN_TARGET_X86; target < INFSCAN_TARGET_ALL;
         target <<= 1) {
        route->targets = target;
        route_begin(walk, LAUNCHER_PNP);
        walk->once = true;
        enter_class(walk, target);
        enter_makers(walk, makers, target);
        enter_interfaces(walk);
        if (!makers) {
            enter_primitive(walk, target);
        }
        route_finish(walk, route);
    }
}

/* Models that only other releases take are somebody's as well: what they would
 * do beyond that. */
static void route_others(struct walk *walk, struct route *route,
                         const struct inf_section *makers)
{
    walk->other_windows = true;
    for (unsigned target = INFSCAN_TARGET_X86; target < INFSCAN_TARGET_ALL;
         target <<= 1) {
        route->targets = target;
        route_begin(walk, LAUNCHER_PNP);
        walk->once = true;
        enter_makers(walk, makers, target);
        route_finish(walk, route);
    }
    walk->other_windows = false;
}

void route_devices(struct walk *walk)
{
    route_view(walk, LAUNCHER_PNP);
    const struct inf_section *makers =
        inf_document_find(walk->document, STR("Manufacturer"));
    struct route route = {LAUNCHER_PNP,   SLICE_NONE, 0,
                          REACH_LAUNCHER, "",         {NULL, 0}};
    if (makers) {
        route.section = makers->name;
        walk->touched[makers - walk->document->sections] = true;
    }
    route_today(walk, &route, makers);
    if (makers) {
        route_others(walk, &route, makers);
    }
}
