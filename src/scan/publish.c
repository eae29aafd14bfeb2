/* SPDX-License-Identifier: MIT */
/*
 * Turns slices into the plain strings and places of result.h. Strings are not
 * copied: slices lie in the result's arena, as the views do.
 */
#include "scan/publish.h"

#include "base/buf.h"
#include "text/trace.h"

#define SUMMARY_BYTES ((size_t)600)
#define MAX_SHAPE_PLACES 32u /* lines that a finding of the shape names */

struct infscan_string publish_view(struct slice slice)
{
    return result_string(slice_str(slice));
}

/* A region's place in whichever file it is in. */
static struct infscan_place place_in(const struct analysis *analysis,
                                     struct region region)
{
    const struct infscan_result *result = analysis->result;

    for (size_t i = 0; i < result->n_files; i++) {
        const struct result_file *file = &result->files[i];
        if (file->source.text == region.file) {
            struct infscan_place place = trace_place(&file->source, region);
            place.file = file->name;
            return place;
        }
    }
    return trace_place(&result->source, region);
}

struct infscan_place publish_place(const struct analysis *analysis,
                                   struct slice slice)
{
    struct arena_mark mark = arena_get_mark(analysis->arena);
    struct infscan_place place = {0};
    struct regions regions;

    if (slice.text &&
        trace_regions(analysis->arena, slice, TRACE_SITE, &regions) &&
        regions.n) {
        place = place_in(analysis, regions.items[0]);
    }
    arena_rewind(analysis->arena, mark);
    return place;
}

static bool is_same(struct slice a, struct slice b)
{
    return a.text == b.text && a.off == b.off && a.len == b.len;
}

/* Place of the i-th step to an action. Neighbours come the same way, and the
 * last step is the action's own line: no need to look for either again. */
static struct infscan_place place_of_link(const struct analysis *analysis,
                                          uint32_t action, uint32_t i,
                                          const struct infscan_action *actions)
{
    const struct action *here = &analysis->install.actions[action];
    const struct action *before = action ? here - 1 : NULL;
    struct slice place = here->chain[i].place;

    if (is_same(place, here->place)) {
        return actions[action].place;
    }
    if (before && i < actions[action - 1].n_chain &&
        is_same(place, before->chain[i].place)) {
        return actions[action - 1].chain[i].place;
    }
    return publish_place(analysis, place);
}

static bool publish_chain(struct analysis *analysis, uint32_t id,
                          struct infscan_action *actions)
{
    const struct action *action = &analysis->install.actions[id];
    struct infscan_action *out = &actions[id];
    struct infscan_link *chain =
        PUBLISH_LIST(analysis, struct infscan_link, action->n_chain);

    if (!chain) {
        return false;
    }
    for (uint32_t i = 0; i < action->n_chain; i++) {
        chain[i].section = publish_view(action->chain[i].section);
        chain[i].directive = publish_view(action->chain[i].directive);
        chain[i].place = place_of_link(analysis, id, i, actions);
    }
    out->chain = chain;
    out->n_chain = action->n_chain;
    return true;
}

static bool publish_layers(struct analysis *analysis,
                           const struct action *action,
                           struct infscan_action *out)
{
    uint32_t n = action->peeled.n_layers;
    struct infscan_layer *layers =
        PUBLISH_LIST(analysis, struct infscan_layer, n);

    if (!layers) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct layer *layer = &action->peeled.layers[i];
        layers[i] = (struct infscan_layer){
            layer->step, publish_view(layer->text), layer->gave_up};
    }
    out->layers = layers;
    out->n_layers = n;
    return true;
}

static bool publish_members(struct analysis *analysis,
                            const struct action *action,
                            struct infscan_action *out)
{
    struct infscan_member *members =
        PUBLISH_LIST(analysis, struct infscan_member, action->n_members);
    struct infscan_string *alternatives =
        PUBLISH_LIST(analysis, struct infscan_string, action->n_alternatives);

    if (!members || !alternatives) {
        return false;
    }
    for (uint32_t i = 0; i < action->n_members; i++) {
        const struct action_member *member = &action->members[i];
        members[i] =
            (struct infscan_member){member->name, publish_view(member->value),
                                    member->is_number, member->number};
    }
    for (uint32_t i = 0; i < action->n_alternatives; i++) {
        alternatives[i] = publish_view(action->alternatives[i]);
    }
    out->members = members;
    out->n_members = action->n_members;
    out->alternatives = alternatives;
    out->n_alternatives = action->n_alternatives;
    return true;
}

/* Kinds that run code belong in every record. */
static int runs_code(enum infscan_action_kind kind)
{
    switch (kind) {
    case INFSCAN_RUN_COMMAND:
    case INFSCAN_LOAD_DLL:
    case INFSCAN_INSTALL_SERVICE:
    case INFSCAN_CREATE_SHORTCUT:
    case INFSCAN_INSTALL_SOFTWARE:
    case INFSCAN_ADD_FILTER:
        return 1;
    case INFSCAN_WRITE_REGISTRY:
    case INFSCAN_DELETE_REGISTRY:
    case INFSCAN_COPY_FILE:
    case INFSCAN_DELETE_FILE:
    case INFSCAN_RENAME_FILE:
    case INFSCAN_DELETE_SERVICE:
    case INFSCAN_WRITE_INI:
    case INFSCAN_INCLUDE_INF:
    case INFSCAN_SET_SECURITY:
    case INFSCAN_OTHER:
    case INFSCAN_N_ACTION_KINDS:
        return 0;
    }
    return 0;
}

static void mark_listed(struct infscan_action *actions, uint32_t n,
                        uint32_t action)
{
    if (action < n) {
        actions[action].listed = 1;
    }
}

/* What runs code, and what somebody found something in. */
static void mark_all_listed(const struct analysis *analysis,
                            struct infscan_action *actions)
{
    uint32_t n = analysis->install.n_actions;

    for (uint32_t i = 0; i < n; i++) {
        actions[i].listed = runs_code(analysis->install.actions[i].kind);
    }
    for (uint32_t i = 0; i < analysis->findings.n; i++) {
        mark_listed(actions, n, analysis->findings.items[i].action);
    }
    for (uint32_t i = 0; i < analysis->indicators.n; i++) {
        mark_listed(actions, n, analysis->indicators.items[i].action);
    }
}

static bool publish_actions(struct analysis *analysis)
{
    const struct install *install = &analysis->install;
    struct infscan_action *actions =
        arena_zalloc(analysis->arena, install->n_actions, sizeof *actions);

    if (!actions) {
        return false;
    }
    mark_all_listed(analysis, actions);
    for (uint32_t i = 0; i < install->n_actions; i++) {
        const struct action *action = &install->actions[i];
        actions[i].id = i;
        actions[i].kind = action->kind;
        actions[i].text = publish_view(action->text);
        actions[i].reachable = action->reach == REACH_LAUNCHER;
        if (analysis->scanner->brief && !actions[i].listed) {
            continue;
        }
        actions[i].place = publish_place(analysis, action->place);
        if (!publish_chain(analysis, i, actions) ||
            !publish_layers(analysis, action, &actions[i]) ||
            !publish_members(analysis, action, &actions[i])) {
            return false;
        }
    }
    analysis->result->actions = actions;
    analysis->result->n_actions = install->n_actions;
    return true;
}

static bool publish_plans(struct analysis *analysis)
{
    const struct install *install = &analysis->install;
    struct infscan_plan *plans =
        PUBLISH_LIST(analysis, struct infscan_plan, install->n_plans);

    if (!plans) {
        return false;
    }
    for (uint32_t i = 0; i < install->n_plans; i++) {
        const struct plan *plan = &install->plans[i];
        plans[i] = (struct infscan_plan){
            .launcher = launcher_name(plan->launcher),
            .invocation = result_string(plan->invocation),
            .section = publish_view(plan->section),
            .targets = plan->targets,
            .strings = result_string(plan->language),
            .windows = plan->other_windows ? "other" : NULL,
            .actions = plan->actions,
            .n_actions = plan->n_actions,
        };
    }
    analysis->result->plans = plans;
    analysis->result->n_plans = install->n_plans;
    return true;
}

/* A finding of the whole file's shape has no match in the file: its places are
 * the lines that run code, the first of them its own. */
static bool publish_shape_places(struct analysis *analysis,
                                 struct infscan_finding *out)
{
    const struct install *install = &analysis->install;
    VEC(struct infscan_place) places = {0};

    for (uint32_t i = 0; i < install->n_actions && places.n < MAX_SHAPE_PLACES;
         i++) {
        const struct action *action = &install->actions[i];
        struct infscan_place place = analysis->result->actions[i].place;
        bool is_new = true;
        for (uint32_t k = 0; k < places.n && is_new; k++) {
            is_new = places.items[k].offset != place.offset ||
                     places.items[k].file != place.file;
        }
        if (runs_code(action->kind) && action->reach != REACH_NONE &&
            place.line && is_new &&
            !VEC_PUSH(analysis->arena, &places, place)) {
            return false;
        }
    }
    if (places.n) {
        out->place = places.items[0];
        out->related = places.items + 1;
        out->n_related = places.n - 1;
    }
    return true;
}

/* Where a match is used, and everywhere else it comes from. */
static bool publish_places(struct analysis *analysis, struct slice match,
                           struct infscan_finding *out)
{
    struct regions sites;
    struct regions spellings;
    VEC(struct infscan_place) related = {0};

    if (match.text && out->action < analysis->install.n_actions) {
        /* where the match is in words of our own, the line says it */
        out->place = publish_place(
            analysis, analysis->install.actions[out->action].place);
    }
    if (!match.text) {
        return true;
    }
    if (!trace_regions(analysis->arena, match, TRACE_SITE, &sites) ||
        !trace_regions(analysis->arena, match, TRACE_SPELLING, &spellings)) {
        return false;
    }
    if (sites.n) {
        out->place = place_in(analysis, sites.items[0]);
    }
    for (uint32_t i = 1; i < sites.n; i++) {
        if (!VEC_PUSH(analysis->arena, &related,
                      place_in(analysis, sites.items[i]))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < spellings.n; i++) {
        bool is_site = false;
        for (uint32_t k = 0; k < sites.n && !is_site; k++) {
            is_site =
                sites.items[k].file == spellings.items[i].file &&
                sites.items[k].raw_off <= spellings.items[i].raw_off &&
                sites.items[k].raw_off + sites.items[k].raw_len >=
                    spellings.items[i].raw_off + spellings.items[i].raw_len;
        }
        if (!is_site && !VEC_PUSH(analysis->arena, &related,
                                  place_in(analysis, spellings.items[i]))) {
            return false;
        }
    }
    out->related = related.items;
    out->n_related = related.n;
    if (match.text == analysis->install.shape.text) {
        return publish_shape_places(analysis, out);
    }
    return true;
}

static const char *copy_z(struct analysis *analysis, const char *text)
{
    const char *copy = arena_copy_z(analysis->arena, str_from(text));

    return copy ? copy : "";
}

/* A copy of a rule's ids: the rule set may be gone before the result is. */
static const char *const *copy_list(struct analysis *analysis,
                                    const char *const *list)
{
    size_t n = 0;

    while (list[n]) {
        n++;
    }
    const char **copy = ARENA_ARRAY(analysis->arena, const char *, n + 1);
    for (size_t i = 0; copy && i < n; i++) {
        copy[i] = copy_z(analysis, list[i]);
    }
    if (copy) {
        copy[n] = NULL;
    }
    return copy;
}

static const struct infscan_rule limit_rule = {
    .id = "infscan.limit",
    .title = "A limit cut the analysis short",
    .description = "What lies behind the limit was not looked at, and hostile "
                   "files run into limits on purpose.",
    .severity = INFSCAN_MEDIUM,
};

static bool publish_findings(struct analysis *analysis)
{
    static const char *const no_attack[] = {NULL};
    uint32_t n = analysis->findings.n;
    struct infscan_finding *findings =
        PUBLISH_LIST(analysis, struct infscan_finding, n);

    if (!findings) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct finding *finding = &analysis->findings.items[i];
        const struct infscan_rule *rule =
            finding->rule ? &finding->rule->info : &limit_rule;
        findings[i] = (struct infscan_finding){
            .rule = copy_z(analysis, rule->id),
            .title = copy_z(analysis, rule->title),
            .why = copy_z(analysis, rule->description),
            .severity = rule->severity,
            .score = finding->score,
            .attack =
                rule->attack ? copy_list(analysis, rule->attack) : no_attack,
            .goodware_seen = rule->goodware_seen,
            .goodware_of = rule->goodware_of,
            .action = finding->action,
            .layer = finding->layer,
            .match = publish_view(finding->match),
        };
        if (!findings[i].attack ||
            !publish_places(analysis, finding->match, &findings[i])) {
            return false;
        }
    }
    analysis->result->findings = findings;
    analysis->result->n_findings = n;
    return true;
}

static bool publish_indicators(struct analysis *analysis)
{
    uint32_t n = analysis->indicators.n;
    struct infscan_indicator *indicators =
        PUBLISH_LIST(analysis, struct infscan_indicator, n);

    if (!indicators) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct indicator *indicator = &analysis->indicators.items[i];
        indicators[i] = (struct infscan_indicator){
            .type = indicator->type,
            .value = publish_view(indicator->value),
            .role = indicator->role,
            .action = indicator->action,
            .layer = indicator->layer,
            .place = publish_place(analysis, indicator->value),
            .port = indicator->port,
        };
    }
    analysis->result->indicators = indicators;
    analysis->result->n_indicators = n;
    return true;
}

/* "%s" and "%%" of a diagnostic's message. */
static struct infscan_string message_of(struct analysis *analysis,
                                        const struct diag *diag)
{
    struct slice subject = diag->detail.text ? diag->detail : diag->place;
    struct str format = str_from(diag_info(diag->code)->message);
    struct buf buf;

    buf_init(&buf, 4096);
    for (size_t i = 0; i < format.len; i++) {
        if (format.bytes[i] == '%' && i + 1 < format.len) {
            i++; /* "%s", or the second of "%%" */
            if (format.bytes[i] == 's') {
                buf_add(&buf, str_sub(slice_str(subject), 0, 200));
                continue;
            }
        }
        buf_add_char(&buf, format.bytes[i]);
    }
    struct str copy = arena_copy(analysis->arena, buf_str(&buf));
    buf_deinit(&buf);
    return result_string(copy);
}

static bool publish_diagnostics(struct analysis *analysis)
{
    uint32_t n = analysis->diags.list.n;
    struct infscan_diagnostic *diagnostics =
        PUBLISH_LIST(analysis, struct infscan_diagnostic, n);

    if (!diagnostics) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct diag *diag = &analysis->diags.list.items[i];
        const struct diag_info *info = diag_info(diag->code);
        diagnostics[i] = (struct infscan_diagnostic){
            .code = info->code,
            .severity = info->severity,
            .evasion = info->evasion,
            .message = message_of(analysis, diag),
            .place = publish_place(analysis, diag->place),
        };
    }
    analysis->result->diagnostics = diagnostics;
    analysis->result->n_diagnostics = n;
    return true;
}

static bool publish_limits(struct analysis *analysis)
{
    struct infscan_limit_hit *hits =
        PUBLISH_LIST(analysis, struct infscan_limit_hit, N_LIMITS);
    size_t n = 0;

    if (!hits) {
        return false;
    }
    for (enum limit limit = 0; limit < N_LIMITS; limit++) {
        if (limit_is_hit(analysis->limits, limit)) {
            hits[n].name = limit_name(limit);
            hits[n].value = analysis->scanner->limits.value[limit];
            n++;
        }
    }
    analysis->result->limits = hits;
    analysis->result->n_limits = n;
    return true;
}

/* The program of an invocation: its first word, or two for rundll32. */
static struct str program_of(struct str invocation)
{
    size_t end = str_find_char(invocation, ' ', 0);

    if (end != STR_NONE && str_starts_fold(invocation, STR("rundll32"))) {
        end = str_find_char(invocation, ' ', end + 1);
    }
    return str_sub(invocation, 0, end);
}

/* The launcher that gets to an action, in words. */
static struct str launcher_words(const struct analysis *analysis,
                                 uint32_t action)
{
    const struct install *install = &analysis->install;

    for (uint32_t i = 0; i < install->n_plans; i++) {
        for (uint32_t k = 0; k < install->plans[i].n_actions; k++) {
            if (install->plans[i].actions[k] == action) {
                return program_of(install->plans[i].invocation);
            }
        }
    }
    return STR("Nothing reaches it, but somebody wrote that INF");
}

static const char *verb_of(enum infscan_action_kind kind)
{
    switch (kind) {
    case INFSCAN_RUN_COMMAND:
        return "run";
    case INFSCAN_LOAD_DLL:
        return "load";
    case INFSCAN_WRITE_REGISTRY:
        return "write";
    case INFSCAN_DELETE_REGISTRY:
    case INFSCAN_DELETE_FILE:
    case INFSCAN_DELETE_SERVICE:
        return "delete";
    case INFSCAN_COPY_FILE:
        return "copy";
    case INFSCAN_RENAME_FILE:
        return "rename";
    case INFSCAN_INSTALL_SERVICE:
        return "install the service";
    case INFSCAN_CREATE_SHORTCUT:
        return "create the shortcut";
    case INFSCAN_WRITE_INI:
        return "write";
    case INFSCAN_INCLUDE_INF:
        return "pull in";
    case INFSCAN_INSTALL_SOFTWARE:
        return "install";
    case INFSCAN_ADD_FILTER:
        return "add the filter";
    case INFSCAN_SET_SECURITY:
    case INFSCAN_OTHER:
    case INFSCAN_N_ACTION_KINDS:
        break;
    }
    return "do";
}

/* The finding that weighs most and belongs to an action. */
static const struct finding *heaviest(const struct analysis *analysis)
{
    const struct finding *best = NULL;

    for (uint32_t i = 0; i < analysis->findings.n; i++) {
        const struct finding *finding = &analysis->findings.items[i];
        if (finding->action < analysis->install.n_actions &&
            (!best || finding->score > best->score)) {
            best = finding;
        }
    }
    return best;
}

/* The members of an action that say what it does, or its text. */
static void add_action_words(struct buf *buf, const struct action *action)
{
    static const struct {
        enum infscan_action_kind kind;
        const char *members[3];
    } rows[] = {
        {INFSCAN_LOAD_DLL, {"path", "entry", "arguments"}},
        {INFSCAN_INSTALL_SERVICE, {"name", "binary", NULL}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind != action->kind) {
            continue;
        }
        for (size_t k = 0; k < 3 && rows[i].members[k]; k++) {
            struct slice value =
                action_member_value(action, rows[i].members[k]);
            buf_add_z(buf, k && value.len ? ", " : "");
            buf_add(buf, str_sub(slice_str(value), 0, SUMMARY_BYTES));
        }
        return;
    }
    buf_add(buf, str_sub(slice_str(action->text), 0, SUMMARY_BYTES));
}

static bool publish_basis(struct analysis *analysis)
{
    const struct score *score = &analysis->score;
    struct infscan_basis *basis = &analysis->result->summary.basis;

    *basis = (struct infscan_basis){
        .margin = score->margin,
        .missing = score->missing,
        .decisive = copy_list(analysis, score->decisive),
        .otherwise = score->otherwise,
        .honest = score->honest,
    };
    return basis->decisive != NULL;
}

static bool publish_summary(struct analysis *analysis)
{
    const struct finding *finding = heaviest(analysis);
    struct buf buf;

    buf_init(&buf, SUMMARY_BYTES * 4);
    if (finding) {
        const struct action *action =
            &analysis->install.actions[finding->action];
        buf_add(&buf, launcher_words(analysis, finding->action));
        buf_add_format(&buf, " would %s ", verb_of(action->kind));
        add_action_words(&buf, action);
        buf_add_format(&buf, " (%s)", finding->rule->info.title);
    } else if (analysis->findings.n) {
        const struct finding *first = &analysis->findings.items[0];
        for (uint32_t i = 1; i < analysis->findings.n; i++) {
            const struct finding *other = &analysis->findings.items[i];
            first = other->score > first->score ? other : first;
        }
        buf_add_z(&buf,
                  first->rule ? first->rule->info.title : limit_rule.title);
    } else if (!dialect_is_inf(analysis->dialect)) {
        buf_add_z(&buf, "Not a file that Windows' INF readers act on");
    } else {
        buf_add_z(&buf, "Nothing here that honest INF files do not also do");
    }
    struct str copy = arena_copy(
        analysis->arena, result_valid_utf8(analysis->arena, buf_str(&buf)));
    bool ok = !buf.failed && copy.bytes;
    buf_deinit(&buf);
    analysis->result->summary.text = result_string(copy);
    return ok;
}

/* The files beside the analysed one that places may be in. */
static bool publish_files(struct analysis *analysis)
{
    uint32_t n = analysis->included.n;
    struct result_file *files = PUBLISH_LIST(analysis, struct result_file, n);

    if (!files) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct str name = analysis->included.items[i].name;
        struct str valid = result_valid_utf8(analysis->arena, name);
        files[i] = (struct result_file){
            .source = analysis->included.items[i].reading->source,
            .name = arena_copy_z(analysis->arena, valid)};
    }
    analysis->result->files = files;
    analysis->result->n_files = n;
    return true;
}

static bool publish_companions(struct analysis *analysis)
{
    uint32_t n = analysis->companions.n;
    struct infscan_companion *companions =
        PUBLISH_LIST(analysis, struct infscan_companion, n);

    if (!companions) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct companion *companion = &analysis->companions.items[i];
        companions[i] = (struct infscan_companion){
            .name = result_string(
                result_valid_utf8(analysis->arena, companion->name)),
            .role = companion_role(companion->role),
            .present = companion->is_present,
            .size = companion->file.size,
        };
        memcpy(companions[i].sha256, companion->file.sha256,
               sizeof companions[i].sha256);
    }
    analysis->result->companions = companions;
    analysis->result->n_companions = n;
    return true;
}

static struct infscan_string copy_of(struct analysis *analysis, struct str s)
{
    struct str copy =
        arena_copy(analysis->arena, result_valid_utf8(analysis->arena, s));

    return result_string(copy);
}

static bool publish_invocation(struct analysis *analysis)
{
    const struct invocation *started = analysis->scanner->invocation;

    if (!started || !started->line.len) {
        return true;
    }
    struct infscan_invocation *out =
        ARENA_NEW(analysis->arena, struct infscan_invocation);
    const char **facts =
        PUBLISH_LIST(analysis, const char *, started->n_facts + 1);
    if (!out || !facts) {
        return false;
    }
    for (uint32_t i = 0; i < started->n_facts; i++) {
        facts[i] = started->facts[i]; /* static */
    }
    facts[started->n_facts] = NULL;
    *out = (struct infscan_invocation){
        .line = copy_of(analysis, started->line),
        .launcher = launcher_name(started->launcher),
        .way = started->way,
        .inf = copy_of(analysis, started->inf),
        .section = copy_of(analysis, started->section),
        .facts = facts,
    };
    analysis->result->summary.invocation = out;
    return true;
}

bool analysis_publish(struct analysis *analysis)
{
    return publish_invocation(analysis) && publish_files(analysis) &&
           publish_companions(analysis) && publish_actions(analysis) &&
           publish_plans(analysis) && publish_effects(analysis) &&
           publish_findings(analysis) && publish_indicators(analysis) &&
           publish_diagnostics(analysis) && publish_limits(analysis) &&
           publish_basis(analysis) && publish_summary(analysis) &&
           !arena_failed(analysis->arena);
}
