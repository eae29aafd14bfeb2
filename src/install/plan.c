/* SPDX-License-Identifier: MIT */
/* Launchers: which sections each enters, and what comes of it. */
#include "install/decoration.h"
#include "install/route.h"
#include "install/shape.h"
#include "install/walk.h"

/* Actions in all plans together: so often may each be planned. */
#define PLANS_PER_ACTION 16

enum entry_how {
    ENTRY_EXACT,
    ENTRY_FORMS,
    ENTRY_PREFIX
};
enum entry_when {
    ENTRY_ALWAYS,
    ENTRY_ADVANCED
};

struct entry {
    enum launcher_id launcher;
    struct str section;
    enum entry_how how;
    enum entry_when when;
    unsigned cases; /* of enum launcher_case */
    enum reach reach;
    const char *invocation;
};

static const struct entry entries[] = {
#define ENTRY(launcher, section, how, when, cases, reach, invocation, source)  \
    {LAUNCHER_##launcher, {section, sizeof(section) - 1},                      \
     ENTRY_##how,         ENTRY_##when,                                        \
     CASE_##cases,        reach,                                               \
     invocation},
#include "install/entries.def"
#undef ENTRY
};

static const struct {
    const char *invocation;
    unsigned honours;
} launchers[] = {
#define LAUNCHER(id, name, invocation, privileges, source, honours, order)     \
    {invocation, honours},
#include "install/launchers.def"
#undef LAUNCHER
};

static const struct {
    const char *suffix;
    unsigned adds;
    unsigned launchers;
} suffixes[] = {
#define ON(launcher) (1u << LAUNCHER_##launcher)
#define SUFFIX(suffix, adds, launchers, source) {suffix, adds, launchers},
#include "install/suffixes.def"
#undef SUFFIX
#undef ON
};

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

void route_view(struct walk *walk, enum launcher_id launcher)
{
    walk->document =
        launchers[launcher].honours & DIRECTIVES_ANY ? walk->all : walk->own;
}

void route_begin(struct walk *walk, enum launcher_id launcher)
{
    route_view(walk, launcher);
    if (walk->epoch == WALK_MAX_EPOCH) { /* far more walks than lines */
        walk->failed = true;
        return;
    }
    walk->epoch++;
    walk_use_scope(walk, launcher == LAUNCHER_NONE ? SCOPE_ALL : SCOPE_NONE);
    walk->steps.n = 0;
    walk->once = false;
    walk->group = walk->groups = 0;
}

/* The template with SECTION put in, or the line itself where it is known. */
static struct str invocation_of(struct walk *walk, const struct route *route)
{
    if (walk->line.len) {
        return walk->line;
    }
    struct str form =
        str_from(*route->invocation ? route->invocation
                                    : launchers[route->launcher].invocation);
    struct str word = STR("SECTION");
    struct str name =
        route->asked.len ? route->asked : slice_str(route->section);
    /* "LaunchINFSection" has another case, so this finds the placeholder */
    size_t at = str_find(form, word, 0);
    if (at == STR_NONE) {
        return form;
    }
    char *bytes = arena_alloc(walk->arena, form.len + name.len, 1);
    if (!bytes) {
        walk->failed = true;
        return form;
    }
    size_t n = 0;
    memcpy(bytes, form.bytes, at);
    n += at;
    if (name.len) {
        memcpy(bytes + n, name.bytes, name.len);
        n += name.len;
    }
    size_t rest = form.len - at - word.len;
    memcpy(bytes + n, form.bytes + at + word.len, rest);
    return str_of(bytes, n + rest);
}

/* Ids of the steps from one on that are of its group, phase by phase, as far as
 * there is room. */
static uint32_t add_group(struct walk *walk, uint32_t from, uint32_t end,
                          uint32_t *ids, uint32_t n, uint32_t room)
{
    for (unsigned phase = 0; phase < N_PHASES && n < room; phase++) {
        for (uint32_t i = from; i < end; i++) {
            const struct step *step = &walk->steps.items[i];
            const struct memo *memo = &walk->memos.items[step->memo];
            for (uint32_t k = 0;
                 step->phase == phase && k < memo->n && n < room; k++) {
                ids[n++] = memo->first + k;
            }
        }
    }
    return n;
}

/* By group, otherwise as they came. */
static void sort_steps(struct walk *walk)
{
    struct step *sorted = ARENA_ARRAY(walk->arena, struct step, walk->steps.n);
    uint32_t *starts =
        arena_zalloc(walk->arena, (size_t)walk->groups + 2, sizeof *starts);
    if (!sorted || !starts) {
        walk->failed = true;
        return;
    }
    for (uint32_t i = 0; i < walk->steps.n; i++) {
        starts[walk->steps.items[i].group + 1]++;
    }
    for (uint32_t i = 0; i < walk->groups; i++) {
        starts[i + 1] += starts[i];
    }
    for (uint32_t i = 0; i < walk->steps.n; i++) {
        sorted[starts[walk->steps.items[i].group]++] = walk->steps.items[i];
    }
    memcpy(walk->steps.items, sorted, walk->steps.n * sizeof *sorted);
}

/* What the steps of the walk come to, in order. */
static const uint32_t *collect(struct walk *walk, uint32_t *n_out)
{
    uint64_t most =
        walk->limits->value[LIMIT_actions] * PLANS_PER_ACTION - walk->planned;
    uint64_t total = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < walk->steps.n; i++) {
        total += walk->memos.items[walk->steps.items[i].memo].n;
    }
    if (total > most) {
        limit_hit(&walk->hit, LIMIT_actions);
        total = most;
    }
    uint32_t *ids = ARENA_ARRAY(walk->arena, uint32_t, (size_t)total);
    if (!ids) {
        walk->failed = true;
        total = 0;
    }
    if (walk->groups && walk->steps.n) {
        sort_steps(walk);
    }
    for (uint32_t i = 0, end; i < walk->steps.n && n < total; i = end) {
        for (end = i + 1;
             end < walk->steps.n &&
             walk->steps.items[end].group == walk->steps.items[i].group;) {
            end++;
        }
        n = add_group(walk, i, end, ids, n, (uint32_t)total);
    }
    walk->planned += n;
    *n_out = n;
    return ids;
}

/* The last plan, where it says the same for other machines. */
static struct plan *same_plan(struct walk *walk, const struct route *route,
                              const uint32_t *ids, uint32_t n)
{
    struct plan *last =
        walk->plans.n ? &walk->plans.items[walk->plans.n - 1] : NULL;
    bool same = last && last->launcher == route->launcher &&
                last->section.text == route->section.text &&
                last->section.off == route->section.off &&
                last->other_windows == walk->other_windows &&
                last->n_actions == n &&
                memcmp(last->actions, ids, n * sizeof *ids) == 0;
    return same ? last : NULL;
}

/* Whether plans of the same launcher and targets have all these actions. */
static bool is_known(struct walk *walk, const struct route *route,
                     const uint32_t *ids, uint32_t n)
{
    bool *known = arena_zalloc(walk->arena, walk->actions.n, sizeof *known);
    if (!known) {
        walk->failed = true;
        return false;
    }
    for (uint32_t i = 0; i < walk->plans.n; i++) {
        const struct plan *plan = &walk->plans.items[i];
        if (plan->launcher != route->launcher || plan->other_windows ||
            (plan->targets & route->targets) != route->targets) {
            continue;
        }
        for (uint32_t k = 0; k < plan->n_actions; k++) {
            known[plan->actions[k]] = true;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!known[ids[i]]) {
            return false;
        }
    }
    return true;
}

void route_finish(struct walk *walk, const struct route *route)
{
    uint32_t n = 0;
    const uint32_t *ids = collect(walk, &n);
    if (!n || (walk->other_windows && is_known(walk, route, ids, n))) {
        return; /* does nothing, or nothing else than today's Windows */
    }
    for (uint32_t i = 0; i < n; i++) {
        struct action *action = &walk->actions.items[ids[i]];
        if (route->reach < action->reach) {
            action->reach = route->reach;
        }
    }
    struct plan *same = same_plan(walk, route, ids, n);
    if (same) {
        same->targets |= route->targets;
        return;
    }
    struct plan plan = {.launcher = route->launcher,
                        .section = route->section,
                        .targets = route->targets,
                        .invocation = invocation_of(walk, route),
                        .other_windows = walk->other_windows,
                        .actions = ids,
                        .n_actions = n};
    if (!VEC_PUSH(walk->arena, &walk->plans, plan)) {
        walk->failed = true;
    }
}

/* A section and those that go with it. HKR below an install section that no
 * device stands behind is nothing; below a device's it depends on the device.
 */
void route_enter(struct walk *walk, enum launcher_id launcher, uint32_t section,
                 const struct way *way)
{
    struct str name = slice_str(walk->document->sections[section].name);
    if (launchers[launcher].honours & DIRECTIVES_ADVANCED) {
        walk_use_scope(walk, walk_scope_of(walk, section));
    }
    uint32_t base = launcher == LAUNCHER_PNP ? BASE_OPEN : BASE_NONE;
    unsigned honours = launchers[launcher].honours;
    if (launcher == LAUNCHER_PNP && walk->printer) {
        honours |= DIRECTIVES_PRINTER;
    }
    walk_section(walk, section, way, base, honours);
    for (size_t i = 0; i < N_OF(suffixes); i++) {
        if (!(suffixes[i].launchers & (1u << launcher))) {
            continue;
        }
        uint32_t index =
            decoration_find(walk_finder(walk), name, suffixes[i].suffix);
        if (index != INF_NONE) {
            if (launcher != LAUNCHER_PNP) {
                walk_group(walk);
            }
            walk_section(walk, index, way, base,
                         suffixes[i].adds | (honours & DIRECTIVES_ANY));
        }
    }
}

void route_one(struct walk *walk, struct route route, uint32_t section)
{
    route_begin(walk, route.launcher);
    route.section = walk->document->sections[section].name;
    route_enter(walk, route.launcher, section, route.way);
    route_finish(walk, &route);
}

static void enter_forms(struct walk *walk, struct route route,
                        enum entry_how how, struct str name)
{
    struct decorated forms[DECORATION_MAX_FORMS];
    route_view(walk, route.launcher);
    unsigned n = how == ENTRY_EXACT
                     ? decoration_select(walk_finder(walk), name, forms)
                     : decoration_forms(walk_finder(walk), name, forms);
    if (how == ENTRY_EXACT) { /* the launcher itself adds the decoration */
        route.asked = name;
    }
    for (unsigned i = 0; i < n && !walk->failed; i++) {
        route.targets = forms[i].targets;
        route_one(walk, route, forms[i].section);
    }
}

void route_forms(struct walk *walk, struct route route, struct str name)
{
    enter_forms(walk, route, ENTRY_FORMS, name);
}

static void enter_prefix(struct walk *walk, struct route route,
                         struct str prefix)
{
    route_view(walk, route.launcher);
    for (uint32_t i = 0; i < walk->document->n_sections && !walk->failed; i++) {
        struct str name = slice_str(walk->document->sections[i].name);
        if (walk->sections[i].has_directives && str_starts_fold(name, prefix)) {
            route.targets = decoration_targets(name);
            route_one(walk, route, i);
        }
    }
}

/* --- all of it --- */

/* Whether the file speaks to advpack or Connection Manager at all. */
static bool is_advanced(struct walk *walk, const struct inf_strings *strings)
{
    const struct inf_section *version =
        inf_document_find(walk->document, STR("Version"));
    return walk->advanced ||
           (version && walk_find_key(walk, version, STR("AdvancedINF"))) ||
           map_get(&strings->keys, STR("ServiceName")) != MAP_NONE ||
           map_get(&strings->keys, STR("ShortSvcName")) != MAP_NONE;
}

/* Whether an entry is taken; choice NULL: all launchers are. */
static bool is_taken(const struct walk *walk, const struct entry *entry,
                     const struct launcher_choice *choice)
{
    if (!choice) {
        return entry->when == ENTRY_ALWAYS || walk->advanced;
    }
    return entry->launcher == choice->launcher &&
           (!choice->cases || choice->cases & entry->cases);
}

/* What somebody did start counts in full, be it a removal. */
static struct route route_chosen(const struct launcher_choice *choice,
                                 enum reach reach)
{
    return (struct route){.launcher = choice->launcher,
                          .section = SLICE_NONE,
                          .targets = INFSCAN_TARGET_ALL,
                          .reach = choice->line.len ? REACH_LAUNCHER : reach,
                          .invocation = ""};
}

static void enter_entries(struct walk *walk,
                          const struct launcher_choice *choice)
{
    for (size_t i = 0; i < N_OF(entries); i++) {
        const struct entry *entry = &entries[i];
        struct route route = {.launcher = entry->launcher,
                              .section = SLICE_NONE,
                              .targets = INFSCAN_TARGET_ALL,
                              .reach = entry->reach,
                              .invocation = entry->invocation};
        if (!is_taken(walk, entry, choice)) {
            continue;
        }
        if (choice && choice->line.len) {
            route = route_chosen(choice, entry->reach);
        }
        if (entry->how == ENTRY_PREFIX) {
            enter_prefix(walk, route, entry->section);
        } else {
            enter_forms(walk, route, entry->how, entry->section);
        }
    }
}

/* A launcher that was told a section: SetupAPI picks the decorated form; of
 * advpack that is not known. Asked for by name its literal section wins where
 * it exists, as Wine has it; of what somebody did start every form counts.
 * Source: Wine, advpack/install.c. */
static void enter_told(struct walk *walk, const struct launcher_choice *choice)
{
    struct route route = route_chosen(choice, REACH_LAUNCHER);
    route_view(walk, choice->launcher);
    uint32_t literal = decoration_find(walk_finder(walk), choice->section, "");
    if (choice->launcher == LAUNCHER_SETUPAPI ||
        choice->launcher == LAUNCHER_PNP) {
        enter_forms(walk, route, ENTRY_EXACT, choice->section);
    } else if (literal != INF_NONE && !choice->line.len) {
        route_one(walk, route, literal);
    } else {
        enter_forms(walk, route, ENTRY_FORMS, choice->section);
    }
}

static void enter_choice(struct walk *walk,
                         const struct launcher_choice *choice)
{
    walk->line =
        choice->line.len ? arena_copy(walk->arena, choice->line) : STR("");
    if (choice->section.len) {
        enter_told(walk, choice);
        return;
    }
    enter_entries(walk, choice);
    if (choice->launcher == LAUNCHER_PNP) {
        route_devices(walk);
    }
    if (choice->launcher == LAUNCHER_ADVPACK || choice->line.len) {
        route_deferred(walk);
    } else if (choice->launcher == LAUNCHER_NAMED_SECTION) {
        route_named(walk);
    } else if (choice->launcher == LAUNCHER_NONE) {
        route_orphans(walk);
    }
}

static bool prepare(struct walk *walk, const struct install_options *options)
{
    const struct inf_document *document = walk->all;
    walk->sections =
        arena_zalloc(walk->arena, document->n_sections, sizeof *walk->sections);
    walk->lines =
        arena_zalloc(walk->arena, document->n_lines, sizeof *walk->lines);
    if (!walk->sections || !walk->lines) {
        return false;
    }
    decoration_read_tails(document, &walk->tails);
    struct registry_base none = {REGISTRY_BASE_NONE, {NULL, 0}, SLICE_NONE};
    struct registry_base open = {REGISTRY_BASE_OPEN, {NULL, 0}, SLICE_NONE};
    if (!VEC_PUSH(walk->arena, &walk->bases, none) ||
        !VEC_PUSH(walk->arena, &walk->bases, open) ||
        !path_context_init(&walk->paths, walk->arena, options->inf_dir)) {
        return false;
    }
    walk->paths.reading = PATH_CURRENT;
    walk->phase = N_PHASES;
    return true;
}

static void run(struct walk *walk, const struct inf_strings *strings,
                const struct install_options *options)
{
    walk->document = walk->all;
    walk_read_directories(walk);
    walk->document = walk->own;
    walk->advanced = is_advanced(walk, strings);
    for (uint32_t i = 0; i < options->n_choices; i++) {
        enter_choice(walk, &options->choices[i]);
    }
    if (!options->n_choices) {
        enter_entries(walk, NULL);
        route_devices(walk);
        route_deferred(walk);
        route_named(walk);
        route_deferred(walk);
        route_orphans(walk);
    }
}

enum infscan_status install_analyse(
    struct arena *arena, const struct inf_document *document,
    const struct inf_strings *strings, const struct install_options *options,
    const struct limits *limits, struct diag_list *diags, struct install *out)
{
    const struct included *included = options->included;
    struct walk walk = {
        .arena = arena,
        .document = document,
        .own = document,
        .all = included ? included->all : document,
        .limits = limits,
        .diags = diags,
        .expander = {.arena = arena,
                     .strings = strings,
                     .others = included ? included->strings : NULL,
                     .n_others = included ? included->n_strings : 0,
                     .directory = path_directory,
                     .max_bytes =
                         (size_t)limits->value[LIMIT_expansion_bytes]}};
    walk.expander.context = &walk.paths;
    *out = (struct install){0};
    if (prepare(&walk, options)) {
        run(&walk, strings, options);
    } else {
        walk.failed = true;
    }
    out->actions = walk.actions.items;
    out->n_actions = walk.actions.n;
    out->plans = walk.plans.items;
    out->n_plans = walk.plans.n;
    walk.document = walk.own; /* the shape is that of the file itself */
    walk_use_scope(&walk, SCOPE_ALL);
    if (options->lists_sources && !walk.failed) {
        out->sources = walk_list_sources(&walk, &out->n_sources);
    }
    out->shape = shape_describe(&walk, out);
    out->inf_dir = walk.paths.inf_dir;
    out->limits = walk.hit | walk.expander.limits | walk.peels.hit;
    return walk.failed ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
