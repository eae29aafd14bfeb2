/* SPDX-License-Identifier: MIT */
/* Device installation: manufacturers, models, and what installs each. */
#include "install/decoration.h"
#include "install/models.h"
#include "install/route.h"

/* A device whose section stands in no form, nor in a file that is included. */
static void note_missing(struct walk *walk, const struct inf_line *line,
                         struct slice name)
{
    struct decorated forms[DECORATION_MAX_FORMS];

    if (name.len && !walk->has_include &&
        !decoration_forms(walk_finder(walk), slice_str(name), forms)) {
        walk_note(walk, line, DIAG_SECTION_MISSING, name);
    }
}

/* Device-install sections of one Models section for one target. */
static void enter_models(struct walk *walk, uint32_t models, unsigned target,
                         const struct way *way)
{
    const struct inf_line *lines = walk->document->lines;
    const struct inf_section *section = &walk->document->sections[models];
    /* not touched: it may also be named as an install section */
    if (walk->sections[models].entered == walk->epoch) {
        return;
    }
    walk->sections[models].entered = walk->epoch & WALK_MAX_EPOCH;
    for (uint32_t i = section->first; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        struct decorated forms[DECORATION_MAX_FORMS];
        if (walk->failed || !walk_spend(walk, 1)) {
            return;
        }
        struct slice name = slice_trim(walk_field(walk, &lines[i], 1));
        unsigned n =
            decoration_select(walk_finder(walk), slice_str(name), forms);
        if (!n) {
            note_missing(walk, &lines[i], name);
        }
        for (unsigned k = 0; k < n; k++) {
            if (!(forms[k].targets & target) ||
                walk->sections[forms[k].section].entered == walk->epoch) {
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
    return decoration_find(walk_finder(walk), name, z);
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
    unsigned n =
        decoration_select(walk_finder(walk), STR("ClassInstall32"), forms);
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
        walk_section(walk, forms[i].section, NULL, base,
                     DIRECTIVES_PLAIN | DIRECTIVES_ANY);
        uint32_t services =
            decoration_find(walk_finder(walk), name, ".Services");
        if (services != INF_NONE) {
            walk_section(walk, services, NULL, BASE_NONE,
                         DIRECTIVES_SERVICES | DIRECTIVES_ANY);
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
                         &way, BASE_OPEN, DIRECTIVES_PLAIN | DIRECTIVES_ANY);
        }
    }
}

/* Directives that no universal driver has, so that a file with one of them in
 * DefaultInstall stays with SetupAPI. */
static bool is_legacy(enum directive_id id)
{
    return id == DIRECTIVE_REGISTER_DLLS || id == DIRECTIVE_UNREGISTER_DLLS ||
           id == DIRECTIVE_PROFILE_ITEMS || id == DIRECTIVE_UPDATE_INIS ||
           id == DIRECTIVE_UPDATE_INI_FIELDS || id == DIRECTIVE_INI2REG ||
           (id != N_DIRECTIVES &&
            directive_info(id)->class == DIRECTIVES_ADVANCED);
}

static bool has_legacy(struct walk *walk, const struct inf_section *section)
{
    for (uint32_t i = section->first; i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        const struct inf_line *line = &walk->document->lines[i];
        if (inf_line_has_key(walk->document, line) == INF_KEY_WRITTEN &&
            is_legacy(walk_directive(walk, line))) {
            return true;
        }
    }
    return false;
}

/* Whether a form of DefaultInstall or DefaultUninstall keeps the file from
 * being a driver without devices. */
static bool forbids_primitive(struct walk *walk,
                              const struct inf_section *section)
{
    static const struct str install = {"DefaultInstall", 14};
    static const struct str uninstall = {"DefaultUninstall", 16};
    struct str name = slice_str(section->name);
    struct str suffix = str_sub(name, install.len, name.len);
    bool is_install = str_starts_fold(name, install);

    if (is_install && (!suffix.len || str_equal_fold(suffix, STR(".NT")))) {
        return true;
    }
    if (is_install && suffix.bytes[0] == '.' &&
        decoration_has_architecture(name)) {
        return has_legacy(walk, section);
    }
    suffix = str_sub(name, uninstall.len, name.len);
    bool is_uninstall =
        str_starts_fold(name, uninstall) &&
        (!suffix.len || str_equal_fold(suffix, STR(".NT")) ||
         (suffix.bytes[0] == '.' && decoration_has_architecture(name)));
    return is_uninstall &&
           !str_equal(slice_str(walk_find_value(walk, section,
                                                STR("LegacyUninstall"))),
                      STR("1"));
}

/* A driver without devices. Source: Microsoft, "Creating a Primitive Driver",
 * and INF DefaultInstall Section. */
static bool is_primitive(struct walk *walk)
{
    static const struct str needed[] = {
        {"Provider", 8}, {"Class", 5}, {"ClassGuid", 9}};
    const struct inf_document *document = walk->document;
    const struct inf_section *version =
        inf_document_find(document, STR("Version"));
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (!version || !walk_find_value(walk, version, needed[i]).len) {
            return false;
        }
    }
    for (uint32_t i = 0; i < document->n_sections; i++) {
        if (forbids_primitive(walk, &document->sections[i])) {
            return false;
        }
    }
    return true;
}

/* An architecture's DefaultInstall, which the plan is then called after. */
static void enter_primitive(struct walk *walk, struct route *route)
{
    struct decorated forms[DECORATION_MAX_FORMS];
    if (!is_primitive(walk)) {
        return;
    }
    unsigned n =
        decoration_select(walk_finder(walk), STR("DefaultInstall"), forms);
    for (unsigned i = 0; i < n; i++) {
        struct slice name = walk->document->sections[forms[i].section].name;
        if ((forms[i].targets & route->targets) &&
            decoration_has_architecture(slice_str(name))) {
            route->section = name;
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

/* What a plan is called after where no maker is named: the class or interface
 * that is new. */
static struct slice class_section(const struct walk *walk)
{
    static const struct str names[] = {{"ClassInstall32", 14},
                                       {"InterfaceInstall32", 18}};
    struct decorated forms[DECORATION_MAX_FORMS];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (decoration_forms(walk_finder(walk), names[i], forms)) {
            return walk->document->sections[forms[0].section].name;
        }
    }
    return SLICE_NONE;
}

/* What Windows of today would do, one plan for each kind of machine. */
static void route_today(struct walk *walk, struct route *route,
                        const struct inf_section *makers)
{
    for (unsigned target = INFSCAN_TARGET_X86; target < INFSCAN_TARGET_ALL;
         target <<= 1) {
        route->targets = target;
        route->section = makers ? makers->name : class_section(walk);
        route_begin(walk, LAUNCHER_PNP);
        walk->once = true;
        enter_class(walk, target);
        enter_makers(walk, makers, target);
        enter_interfaces(walk);
        if (!makers) {
            enter_primitive(walk, route);
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
    struct route route = {.launcher = LAUNCHER_PNP,
                          .section = SLICE_NONE,
                          .reach = REACH_LAUNCHER,
                          .invocation = ""};
    if (makers) {
        walk->sections[makers - walk->document->sections].is_touched = true;
    }
    route_today(walk, &route, makers);
    if (makers) {
        route_others(walk, &route, makers);
    }
}
