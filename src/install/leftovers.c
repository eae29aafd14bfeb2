/* SPDX-License-Identifier: MIT */
/* What no launcher enters by itself: sections that a registry value has Windows
 * run later, sections that somebody may name, and lists that nothing names. */
#include "install/decoration.h"
#include "install/route.h"

/* --- later --- */

/* The way to what an action's line leads to. */
static const struct way *way_behind(struct walk *walk,
                                    const struct action *action)
{
    struct way *ways = ARENA_ARRAY(walk->arena, struct way, action->n_chain);

    for (uint32_t i = 0; ways && i < action->n_chain; i++) {
        ways[i] =
            (struct way){action->chain[i], i ? &ways[i - 1] : NULL, i + 1};
    }
    walk->failed = walk->failed || !ways;
    return ways ? &ways[action->n_chain - 1] : NULL;
}

/* The line that runs the section that a value names; NULL for any other value.
 */
static const char *section_line(struct str key, struct str value)
{
    static const struct {
        struct str key;
        struct str value;
        const char *line;
    } rows[] = {
#define SECTION(key, value, line, source)                                      \
    {{key, sizeof(key) - 1}, {value, sizeof(value) - 1}, line},
#include "install/registry_sections.def"
#undef SECTION
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_starts_fold(value, rows[i].value) &&
            str_ends_fold(key, rows[i].key)) {
            return rows[i].line;
        }
    }
    return NULL;
}

/* advpack enters the section that a value names, once for each name. */
static void enter_deferred(struct walk *walk, const struct action *action)
{
    struct slice name = slice_trim(action_member_value(action, "data"));
    const char *line =
        section_line(slice_str(action_member_value(action, "normalized")),
                     slice_str(action_member_value(action, "value")));

    if (!line || !name.len || map_get(&walk->deferred, slice_str(name)) == 0) {
        return;
    }
    if (map_put(&walk->deferred, walk->arena, slice_str(name), 0) == MAP_NONE) {
        walk->failed = true;
        return;
    }
    struct route route = {.launcher = LAUNCHER_ADVPACK,
                          .section = SLICE_NONE,
                          .targets = INFSCAN_TARGET_ALL,
                          .reach = action->reach,
                          .invocation = line,
                          .way = way_behind(walk, action)};
    struct str started = walk->line;
    walk->line = STR(""); /* what was started is not what runs later */
    route_forms(walk, route, slice_str(name));
    walk->line = started;
}

void route_deferred(struct walk *walk)
{
    for (; walk->n_deferred < walk->actions.n && !walk->failed;
         walk->n_deferred++) {
        struct action action = walk->actions.items[walk->n_deferred];
        if (action.kind == INFSCAN_WRITE_REGISTRY) {
            enter_deferred(walk, &action);
        }
    }
}

/* --- by name --- */

/* Whether a section has an install directive that no launcher carried out. */
static bool has_open(struct walk *walk, uint32_t section)
{
    const struct inf_document *own = walk->own;

    walk->document = own;
    for (uint32_t i = own->sections[section].first; i != INF_NONE;
         i = inf_document_next(own, i)) {
        if (walk->lines[i] & LINE_FOLLOWED ||
            inf_line_has_key(own, &own->lines[i]) != INF_KEY_WRITTEN) {
            continue;
        }
        enum directive_id id = walk_directive(walk, &own->lines[i]);
        if (id != N_DIRECTIVES && walk_is_open(id)) {
            return true;
        }
    }
    return false;
}

/* Whether naming a section does what no launcher does by itself: nothing
 * refers to it, or it has directives that whatever refers to it passes over: a
 * list, a Models section, a device's section with commands. */
static bool may_be_named(struct walk *walk, uint32_t section)
{
    return walk->sections[section].has_directives &&
           (!walk->sections[section].is_touched || has_open(walk, section));
}

void route_named(struct walk *walk)
{
    for (uint32_t i = 0; i < walk->own->n_sections && !walk->failed; i++) {
        if (may_be_named(walk, i)) {
            struct str name = slice_str(walk->own->sections[i].name);
            struct route route = {.launcher = LAUNCHER_NAMED_SECTION,
                                  .section = SLICE_NONE,
                                  .targets = decoration_targets(name),
                                  .reach = REACH_NAMED,
                                  .invocation = ""};
            if (!route.targets) {
                route.targets = INFSCAN_TARGET_ALL;
            }
            route_one(walk, route, i);
        }
    }
}

/* Directive whose list a section is by its name ("RunPreSetupCommandsSection"),
 * among those that run something; N_DIRECTIVES if none. */
static enum directive_id directive_by_name(struct str section)
{
    enum directive_id best = N_DIRECTIVES;
    size_t longest = 0;
    for (unsigned i = 0; i < N_DIRECTIVES; i++) {
        const struct directive_info *row = directive_info((enum directive_id)i);
        bool runs =
            row->operand == OPERAND_COMMANDS || row->phase == PHASE_OCXS;
        struct str stem = str_sub(row->name, 0, row->name.len - 1);
        if (runs && stem.len > longest &&
            str_find_fold(section, stem, 0) != STR_NONE) {
            best = (enum directive_id)i;
            longest = stem.len;
        }
    }
    return best;
}

static struct route nowhere(const struct inf_section *section)
{
    return (struct route){.launcher = LAUNCHER_NONE,
                          .section = section->name,
                          .targets = INFSCAN_TARGET_ALL,
                          .reach = REACH_NONE,
                          .invocation = ""};
}

/* "RunPreSetupCommands = cmd /c x": Windows looks for a section of that name
 * and does nothing, but it shows what its author was after. */
static void enter_misplaced(struct walk *walk)
{
    const struct inf_document *document = walk->own;
    route_view(walk, LAUNCHER_NONE);
    for (uint32_t i = 0; i < document->n_lines && !walk->failed; i++) {
        if (!(walk->lines[i] & LINE_MISPLACED)) {
            continue;
        }
        const struct inf_line *line = &document->lines[i];
        const struct inf_section *section =
            &document->sections[inf_line_section(document, line)];
        struct slice key = walk_key(walk, line);
        struct way way = walk_step(walk, NULL, section, key, line);
        struct site site = {.way = &way,
                            .directive =
                                walk_directive_of(walk, line, slice_str(key)),
                            .section = section,
                            .line = line};
        struct route route = nowhere(section);
        route_begin(walk, LAUNCHER_NONE);
        walk_leaf(walk, &site, walk_misplaced);
        route_finish(walk, &route);
    }
}

void route_orphans(struct walk *walk)
{
    enter_misplaced(walk);
    for (uint32_t i = 0; i < walk->own->n_sections && !walk->failed; i++) {
        const struct inf_section *section = &walk->own->sections[i];
        if (walk->sections[i].is_touched || !section->n_lines) {
            continue;
        }
        enum directive_id id = directive_by_name(slice_str(section->name));
        if (id != N_DIRECTIVES) {
            struct route route = nowhere(section);
            route_begin(walk, LAUNCHER_NONE);
            walk_orphan(walk, i, id);
            route_finish(walk, &route);
        }
    }
}
