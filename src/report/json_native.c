/* SPDX-License-Identifier: MIT */
#include <infscan/difference.h>
#include <infscan/document.h>
#include <infscan/infscan.h>

#include "base/utf8.h"
#include "report/json_value.h"

/* Most fields of a line that are held as one tree. */
#define MOST_FIELDS_AT_ONCE 1000u

/* The records of infscan-json(5). Members stand in the order of that page. */

static bool is_utf8(struct infscan_string text)
{
    return utf8_is_valid(str_of(text.bytes, text.len));
}

static struct infscan_string string_of(const char *z)
{
    return (struct infscan_string){z ? z : "", z ? strlen(z) : 0};
}

static bool has_text(const char *z)
{
    return z && *z;
}

static void set_text(struct json_out *out, cJSON *object, const char *name,
                     struct infscan_string text)
{
    json_set(out, object, name, json_text(out, text));
}

static void set_z(struct json_out *out, cJSON *object, const char *name,
                  const char *z)
{
    json_set(out, object, name, json_z(out, z));
}

static void set_some(struct json_out *out, cJSON *object, const char *name,
                     struct infscan_string text)
{
    if (text.len) {
        set_text(out, object, name, text);
    }
}

static void set_uint(struct json_out *out, cJSON *object, const char *name,
                     uint64_t value)
{
    json_set(out, object, name, json_uint(value));
}

static void set_bool(struct json_out *out, cJSON *object, const char *name,
                     int value)
{
    json_set(out, object, name, cJSON_CreateBool(value));
}

static void set_index(struct json_out *out, cJSON *object, const char *name,
                      uint32_t index)
{
    if (index != INFSCAN_NO_INDEX) {
        set_uint(out, object, name, index);
    }
}

static cJSON *make_place(struct json_out *out, struct infscan_place place)
{
    cJSON *object = cJSON_CreateObject();

    set_uint(out, object, "line", place.line);
    set_uint(out, object, "column", place.column);
    set_uint(out, object, "offset", place.offset);
    set_uint(out, object, "length", place.length);
    if (place.file) {
        set_z(out, object, "file", place.file);
    }
    return object;
}

static void set_place(struct json_out *out, cJSON *object,
                      struct infscan_place place)
{
    if (place.line) {
        json_set(out, object, "place", make_place(out, place));
    }
}

static cJSON *make_texts(struct json_out *out,
                         const struct infscan_string *texts, size_t n)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < n; i++) {
        json_add(out, list, json_text(out, texts[i]));
    }
    return list;
}

static cJSON *make_names(struct json_out *out, const char *const *names)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; names && names[i]; i++) {
        json_add(out, list, json_z(out, names[i]));
    }
    return list;
}

static void add_head(struct json_out *out, const char *type)
{
    json_member(out, "type", json_z(out, type));
    json_member(out, "schema_version", json_z(out, INFSCAN_SCHEMA_VERSION));
}

/* The id that whoever asked for the record gave. */
static void add_id(struct json_out *out,
                   const struct infscan_render_options *options)
{
    if (options->request_id) {
        json_member(out, "id",
                    options->request_id_is_number
                        ? cJSON_CreateRaw(options->request_id)
                        : json_z(out, options->request_id));
    }
}

static void add_tool(struct json_out *out, const char *rules_digest)
{
    cJSON *tool = cJSON_CreateObject();

    set_z(out, tool, "name", "infscan");
    set_z(out, tool, "version", infscan_version());
    if (has_text(rules_digest)) {
        set_z(out, tool, "rules", rules_digest);
    }
    set_z(out, tool, "attack", infscan_attack_version());
    json_member(out, "tool", tool);
}

/* Bytes that are no UTF-8 as they are, beside their readable form. */
static void add_raw(struct json_out *out, const char *name,
                    struct infscan_string raw)
{
    if (!is_utf8(raw)) {
        json_member(out, name, json_base64(out, raw));
    }
}

static void add_path(struct json_out *out, struct infscan_string path,
                     struct infscan_string raw_path)
{
    json_member(out, "path", json_text(out, path));
    add_raw(out, "path_b64", raw_path);
}

static void add_file(struct json_out *out,
                     const struct infscan_summary *summary)
{
    add_path(out, summary->path, summary->raw_path);
    if (summary->member.len) {
        json_member(out, "member", json_text(out, summary->member));
        add_raw(out, "member_b64", summary->raw_member);
    }
}

static void add_archive(struct json_out *out,
                        const struct infscan_result *result)
{
    const struct infscan_archive *archive = infscan_result_archive(result);
    cJSON *object = archive ? cJSON_CreateObject() : NULL;
    cJSON *passed = archive ? cJSON_CreateObject() : NULL;

    if (!archive) {
        return;
    }
    set_z(out, object, "format", archive->format);
    set_uint(out, object, "members", archive->members);
    set_uint(out, object, "analysed", archive->analysed);
    set_uint(out, object, "archives", archive->archives);
    set_uint(out, object, "failed", archive->failed);
    set_uint(out, object, "encrypted", archive->encrypted);
    set_uint(out, object, "unsafe_names", archive->unsafe_names);
    set_uint(out, passed, passed_over_names[INFSCAN_PASSED_NOT_INF],
             archive->not_inf);
    set_uint(out, passed, passed_over_names[INFSCAN_PASSED_LINK],
             archive->link);
    set_uint(out, passed, passed_over_names[INFSCAN_PASSED_SPECIAL],
             archive->special);
    json_set(out, object, "passed_over", passed);
    json_member(out, "archive", object);
}

static void add_error(struct json_out *out, struct infscan_string message)
{
    cJSON *error = cJSON_CreateObject();

    json_member(out, "status",
                json_z(out, infscan_result_status_name(INFSCAN_RESULT_ERROR)));
    set_text(out, error, "message", message);
    json_member(out, "error", error);
}

static void add_encoding(struct json_out *out, const char *name, int bom)
{
    if (has_text(name)) {
        cJSON *encoding = cJSON_CreateObject();
        set_z(out, encoding, "name", name);
        set_bool(out, encoding, "bom", bom);
        json_member(out, "encoding", encoding);
    }
}

static void add_accepted(struct json_out *out, int accepted,
                         const char *refusal, uint32_t refusal_line)
{
    cJSON *object = cJSON_CreateObject();

    set_bool(out, object, "setupapi", accepted);
    if (!accepted && has_text(refusal)) {
        set_z(out, object, "reason", refusal);
    }
    if (!accepted && refusal_line) {
        set_uint(out, object, "line", refusal_line);
    }
    json_member(out, "accepted", object);
}

/* Whether the record holds this action. Plans name only those it holds. */
static bool is_shown(const struct infscan_action *action,
                     const struct infscan_render_options *options)
{
    return action->listed || (options->flags & INFSCAN_RENDER_ALL_ACTIONS);
}

static cJSON *make_targets(struct json_out *out, unsigned targets)
{
    static const struct {
        enum infscan_target bit;
        const char *name;
    } names[] = {{INFSCAN_TARGET_X86, "x86"},
                 {INFSCAN_TARGET_AMD64, "amd64"},
                 {INFSCAN_TARGET_ARM64, "arm64"}};
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (targets & names[i].bit) {
            json_add(out, list, json_z(out, names[i].name));
        }
    }
    return list;
}

/* Left out where all are alike. */
static void set_targets(struct json_out *out, cJSON *object, unsigned targets)
{
    if (targets && targets != INFSCAN_TARGET_ALL) {
        json_set(out, object, "targets", make_targets(out, targets));
    }
}

static cJSON *make_plan(struct json_out *out, const struct infscan_plan *plan,
                        const struct infscan_action *actions, size_t n_actions,
                        const struct infscan_render_options *options)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *ids = cJSON_CreateArray();

    set_z(out, object, "launcher", plan->launcher);
    set_text(out, object, "invocation", plan->invocation);
    set_text(out, object, "section", plan->section);
    set_targets(out, object, plan->targets);
    if (plan->strings.len) {
        set_text(out, object, "strings", plan->strings);
    }
    if (has_text(plan->windows)) {
        set_z(out, object, "windows", plan->windows);
    }
    for (size_t i = 0; i < plan->n_actions; i++) {
        uint32_t id = plan->actions[i];
        if (id < n_actions && is_shown(&actions[id], options)) {
            json_add(out, ids, json_uint(id));
        }
    }
    json_set(out, object, "actions", ids);
    return object;
}

static void add_plans(struct json_out *out, const struct infscan_result *result,
                      const struct infscan_render_options *options)
{
    size_t n;
    size_t n_actions;
    const struct infscan_plan *plans = infscan_result_plans(result, &n);
    const struct infscan_action *actions =
        infscan_result_actions(result, &n_actions);

    json_list_begin(out, "plans");
    for (size_t i = 0; i < n; i++) {
        json_element(out,
                     make_plan(out, &plans[i], actions, n_actions, options));
    }
    json_list_end(out);
}

static cJSON *make_companion(struct json_out *out,
                             const struct infscan_companion *companion)
{
    cJSON *object = cJSON_CreateObject();

    set_text(out, object, "name", companion->name);
    set_z(out, object, "role", companion->role);
    set_bool(out, object, "present", companion->present);
    if (companion->present) {
        set_uint(out, object, "size", companion->size);
    }
    if (companion->sha256[0]) {
        set_z(out, object, "sha256", companion->sha256);
    }
    return object;
}

/* Left out where no file is needed, or none can be beside. */
static void add_companions(struct json_out *out,
                           const struct infscan_result *result)
{
    size_t n;
    const struct infscan_companion *companions =
        infscan_result_companions(result, &n);

    if (!n) {
        return;
    }
    json_list_begin(out, "companions");
    for (size_t i = 0; i < n; i++) {
        json_element(out, make_companion(out, &companions[i]));
    }
    json_list_end(out);
}

static cJSON *make_link(struct json_out *out, const struct infscan_link *link)
{
    cJSON *object = cJSON_CreateObject();

    set_text(out, object, "section", link->section);
    if (link->directive.len) {
        set_text(out, object, "directive", link->directive);
    }
    set_place(out, object, link->place);
    return object;
}

static cJSON *make_layer(struct json_out *out,
                         const struct infscan_layer *layer)
{
    cJSON *object = cJSON_CreateObject();

    set_z(out, object, "step", layer->step);
    set_text(out, object, "text", layer->text);
    if (has_text(layer->gave_up)) {
        set_z(out, object, "gave_up", layer->gave_up);
    }
    return object;
}

static cJSON *make_layers(struct json_out *out,
                          const struct infscan_action *action)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < action->n_layers; i++) {
        json_add(out, list, make_layer(out, &action->layers[i]));
    }
    return list;
}

static void set_members(struct json_out *out, cJSON *object,
                        const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_members; i++) {
        const struct infscan_member *member = &action->members[i];
        if (member->is_number) {
            set_uint(out, object, member->name, member->number);
        } else {
            set_text(out, object, member->name, member->text);
        }
    }
}

static cJSON *make_action(struct json_out *out,
                          const struct infscan_action *action)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *chain = cJSON_CreateArray();

    set_uint(out, object, "id", action->id);
    set_z(out, object, "kind", infscan_action_kind_name(action->kind));
    set_text(out, object, "text", action->text);
    set_members(out, object, action);
    if (action->n_alternatives) {
        json_set(out, object, "alternatives",
                 make_texts(out, action->alternatives, action->n_alternatives));
    }
    set_place(out, object, action->place);
    for (size_t i = 0; i < action->n_chain; i++) {
        json_add(out, chain, make_link(out, &action->chain[i]));
    }
    json_set(out, object, "chain", chain);
    set_bool(out, object, "reachable", action->reachable);
    json_set(out, object, "layers", make_layers(out, action));
    return object;
}

static void add_actions(struct json_out *out,
                        const struct infscan_result *result,
                        const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    json_list_begin(out, "actions");
    for (size_t i = 0; i < n; i++) {
        if (is_shown(&actions[i], options)) {
            json_element(out, make_action(out, &actions[i]));
        }
    }
    json_list_end(out);
}

static cJSON *make_goodware(struct json_out *out, uint32_t seen, uint32_t of)
{
    cJSON *object = cJSON_CreateObject();

    set_uint(out, object, "seen", seen);
    set_uint(out, object, "of", of);
    return object;
}

static cJSON *make_finding(struct json_out *out,
                           const struct infscan_finding *finding)
{
    cJSON *object = cJSON_CreateObject();

    set_z(out, object, "rule", finding->rule);
    set_z(out, object, "title", finding->title);
    set_z(out, object, "severity", infscan_severity_name(finding->severity));
    set_uint(out, object, "score", finding->score);
    json_set(out, object, "attack", make_names(out, finding->attack));
    if (finding->goodware_of) {
        json_set(
            out, object, "goodware",
            make_goodware(out, finding->goodware_seen, finding->goodware_of));
    }
    set_index(out, object, "action", finding->action);
    set_index(out, object, "layer", finding->layer);
    set_text(out, object, "match", finding->match);
    set_place(out, object, finding->place);
    if (finding->n_related) {
        cJSON *related = cJSON_CreateArray();
        for (size_t i = 0; i < finding->n_related; i++) {
            json_add(out, related, make_place(out, finding->related[i]));
        }
        json_set(out, object, "related", related);
    }
    if (has_text(finding->why)) {
        set_z(out, object, "why", finding->why);
    }
    return object;
}

static void add_findings(struct json_out *out,
                         const struct infscan_result *result,
                         const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    json_list_begin(out, "findings");
    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= options->min_severity) {
            json_element(out, make_finding(out, &findings[i]));
        }
    }
    json_list_end(out);
}

static void add_counts(struct json_out *out,
                       const struct infscan_result *result)
{
    uint64_t counts[INFSCAN_N_ACTION_KINDS] = {0};
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    cJSON *object = cJSON_CreateObject();

    for (size_t i = 0; i < n; i++) {
        counts[actions[i].kind]++;
    }
    for (unsigned kind = 0; kind < INFSCAN_N_ACTION_KINDS; kind++) {
        if (counts[kind]) {
            set_uint(out, object,
                     infscan_action_kind_name((enum infscan_action_kind)kind),
                     counts[kind]);
        }
    }
    json_member(out, "counts", object);
}

/* All but the actions, which only a result's own record can name. */
static cJSON *make_outcome(struct json_out *out,
                           const struct infscan_effect *effect)
{
    cJSON *object = cJSON_CreateObject();

    set_z(out, object, "kind", effect->kind);
    set_text(out, object, "target", effect->target);
    set_some(out, object, "name", effect->name);
    set_some(out, object, "detail", effect->detail);
    set_some(out, object, "type", effect->type);
    set_some(out, object, "flags", effect->flags);
    if (has_text(effect->autostart)) {
        set_z(out, object, "autostart", effect->autostart);
    }
    set_targets(out, object, effect->targets);
    json_set(out, object, "launchers", make_names(out, effect->launchers));
    set_place(out, object, effect->place);
    return object;
}

static cJSON *make_effect(struct json_out *out,
                          const struct infscan_effect *effect)
{
    cJSON *object = make_outcome(out, effect);
    cJSON *ids = cJSON_CreateArray();

    for (size_t i = 0; i < effect->n_actions; i++) {
        json_add(out, ids, json_uint(effect->actions[i]));
    }
    json_set(out, object, "actions", ids);
    return object;
}

/* The ledger goes with the actions that it comes from. */
static void add_effects(struct json_out *out,
                        const struct infscan_result *result,
                        const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_effect *effects = infscan_result_effects(result, &n);

    if (!(options->flags & INFSCAN_RENDER_ALL_ACTIONS)) {
        return;
    }
    json_list_begin(out, "effects");
    for (size_t i = 0; i < n; i++) {
        json_element(out, make_effect(out, &effects[i]));
    }
    json_list_end(out);
}

static void add_indicators(struct json_out *out,
                           const struct infscan_result *result)
{
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    json_list_begin(out, "indicators");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_indicator *indicator = &indicators[i];
        cJSON *object = cJSON_CreateObject();
        set_z(out, object, "type", indicator->type);
        set_text(out, object, "value", indicator->value);
        if (has_text(indicator->role)) {
            set_z(out, object, "role", indicator->role);
        }
        if (indicator->port) {
            set_uint(out, object, "port", indicator->port);
        }
        set_index(out, object, "action", indicator->action);
        set_index(out, object, "layer", indicator->layer);
        set_place(out, object, indicator->place);
        json_element(out, object);
    }
    json_list_end(out);
}

static void add_diagnostics(struct json_out *out,
                            const struct infscan_result *result)
{
    size_t n;
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);

    json_list_begin(out, "diagnostics");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_diagnostic *diagnostic = &diagnostics[i];
        cJSON *object = cJSON_CreateObject();
        set_z(out, object, "code", diagnostic->code);
        set_z(out, object, "severity",
              infscan_severity_name(diagnostic->severity));
        if (diagnostic->evasion) {
            set_bool(out, object, "evasion", 1);
        }
        set_text(out, object, "message", diagnostic->message);
        set_place(out, object, diagnostic->place);
        json_element(out, object);
    }
    json_list_end(out);
}

static void add_limits(struct json_out *out,
                       const struct infscan_limit_hit *limits, size_t n)
{
    json_list_begin(out, "limits");
    for (size_t i = 0; i < n; i++) {
        cJSON *object = cJSON_CreateObject();
        set_z(out, object, "name", limits[i].name);
        set_uint(out, object, "value", limits[i].value);
        json_element(out, object);
    }
    json_list_end(out);
}

static void add_basis(struct json_out *out, const struct infscan_basis *basis)
{
    cJSON *object = cJSON_CreateObject();

    set_uint(out, object, "margin", basis->margin);
    if (basis->missing) {
        set_uint(out, object, "missing", basis->missing);
    }
    if (basis->decisive && basis->decisive[0]) {
        json_set(out, object, "decisive", make_names(out, basis->decisive));
        set_z(out, object, "otherwise", infscan_verdict_name(basis->otherwise));
    }
    if (basis->honest) {
        set_z(out, object, "honest", basis->honest);
    }
    json_member(out, "basis", object);
}

static void add_result_limits(struct json_out *out,
                              const struct infscan_result *result)
{
    size_t n;
    const struct infscan_limit_hit *limits = infscan_result_limits(result, &n);

    add_limits(out, limits, n);
}

static void add_verdict(struct json_out *out,
                        const struct infscan_summary *summary)
{
    json_member(out, "verdict",
                json_z(out, infscan_verdict_name(summary->verdict)));
    json_member(out, "score", json_uint(summary->score));
    add_basis(out, &summary->basis);
}

static void render_error(struct sink *sink, const struct infscan_result *result,
                         const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "error");
    add_tool(&out, summary->rules_digest);
    add_id(&out, options);
    add_file(&out, summary);
    if (summary->size) {
        json_member(&out, "size", json_uint(summary->size));
    }
    if (summary->sha256[0]) {
        json_member(&out, "sha256", json_z(&out, summary->sha256));
    }
    add_error(&out, summary->error_message);
    add_archive(&out, result);
    json_end(&out);
}

static void add_invocation(struct json_out *out,
                           const struct infscan_invocation *invocation)
{
    if (!invocation) {
        return;
    }
    cJSON *object = cJSON_CreateObject();
    set_text(out, object, "line", invocation->line);
    set_z(out, object, "launcher", invocation->launcher);
    set_z(out, object, "way", invocation->way);
    set_text(out, object, "inf", invocation->inf);
    if (invocation->section.len) {
        set_text(out, object, "section", invocation->section);
    }
    json_set(out, object, "facts", make_names(out, invocation->facts));
    json_member(out, "invocation", object);
}

static void render_result(struct sink *sink,
                          const struct infscan_result *result,
                          const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct json_out out;

    if (summary->status == INFSCAN_RESULT_ERROR) {
        render_error(sink, result, options);
        return;
    }
    json_begin(&out, sink, options->format);
    add_head(&out, "result");
    add_tool(&out, summary->rules_digest);
    add_id(&out, options);
    add_file(&out, summary);
    json_member(&out, "size", json_uint(summary->size));
    json_member(&out, "sha256", json_z(&out, summary->sha256));
    json_member(&out, "status",
                json_z(&out, infscan_result_status_name(summary->status)));
    add_encoding(&out, summary->encoding, summary->bom);
    json_member(&out, "dialect", json_z(&out, summary->dialect));
    add_accepted(&out, summary->accepted, summary->refusal,
                 summary->refusal_line);
    add_verdict(&out, summary);
    json_member(&out, "summary", json_text(&out, summary->text));
    add_invocation(&out, summary->invocation);
    add_plans(&out, result, options);
    add_actions(&out, result, options);
    add_findings(&out, result, options);
    add_companions(&out, result);
    add_effects(&out, result, options);
    add_counts(&out, result);
    add_indicators(&out, result);
    add_diagnostics(&out, result);
    add_result_limits(&out, result);
    add_archive(&out, result);
    json_end(&out);
}

static void render_peeled(struct sink *sink,
                          const struct infscan_result *result,
                          struct infscan_string final,
                          const struct infscan_render_options *options)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "decoded");
    json_member(&out, "input",
                json_text(&out, n ? actions[0].text : string_of(NULL)));
    json_list_begin(&out, "layers");
    for (size_t i = 0; n && i < actions[0].n_layers; i++) {
        json_element(&out, make_layer(&out, &actions[0].layers[i]));
    }
    json_list_end(&out);
    json_member(&out, "final", json_text(&out, final));
    add_verdict(&out, infscan_result_summary(result));
    add_findings(&out, result, options);
    add_indicators(&out, result);
    add_result_limits(&out, result);
    json_end(&out);
}

/* A line as one tree; its fields one by one where they are many, so that memory
 * does not grow with them. */
static void add_line(struct json_out *out,
                     struct infscan_document_cursor *cursor,
                     const struct infscan_document_line *line)
{
    if (line->n_fields > MOST_FIELDS_AT_ONCE) {
        json_object_begin(out);
        json_member(out, "line", json_uint(line->line));
        if (line->has_key) {
            json_member(out, "key", json_text(out, line->key));
        }
        json_list_begin(out, "fields");
        for (size_t i = 0; i < line->n_fields; i++) {
            json_element(out,
                         json_text(out, infscan_document_field(cursor, i)));
        }
        json_list_end(out);
        json_object_end(out);
        return;
    }
    cJSON *object = cJSON_CreateObject();
    cJSON *fields = cJSON_CreateArray();
    set_uint(out, object, "line", line->line);
    if (line->has_key) {
        set_text(out, object, "key", line->key);
    }
    for (size_t i = 0; i < line->n_fields; i++) {
        json_add(out, fields,
                 json_text(out, infscan_document_field(cursor, i)));
    }
    json_set(out, object, "fields", fields);
    json_element(out, object);
}

static void add_sections(struct json_out *out,
                         const struct infscan_document *document,
                         struct infscan_document_cursor *cursor)
{
    struct infscan_document_section section;
    struct infscan_document_line line;

    json_list_begin(out, "sections");
    for (size_t i = 0; infscan_document_get_section(document, i, &section);
         i++) {
        json_object_begin(out);
        json_member(out, "name", json_text(out, section.name));
        json_member(out, "line", json_uint(section.line));
        json_list_begin(out, "lines");
        infscan_document_cursor_enter(cursor, i);
        while (infscan_document_next(cursor, &line)) {
            add_line(out, cursor, &line);
        }
        json_list_end(out);
        json_object_end(out);
    }
    json_list_end(out);
}

static void render_document(struct sink *sink,
                            const struct infscan_document *document,
                            const struct infscan_render_options *options)
{
    const struct infscan_document_summary *summary =
        infscan_document_get_summary(document);
    struct infscan_document_cursor *cursor =
        infscan_document_cursor_new(document);
    struct json_out out;
    size_t n;

    if (!cursor) {
        sink->status = INFSCAN_NO_MEMORY;
        return;
    }
    json_begin(&out, sink, options->format);
    add_head(&out, "document");
    add_id(&out, options);
    add_path(&out, summary->path, summary->raw_path);
    add_encoding(&out, summary->encoding, summary->bom);
    add_accepted(&out, summary->accepted, summary->refusal,
                 summary->refusal_line);
    add_sections(&out, document, cursor);
    const struct infscan_limit_hit *limits =
        infscan_document_cursor_limits(cursor, &n);
    if (n) {
        add_limits(&out, limits, n);
        sink->is_cut = true;
    }
    json_end(&out);
    infscan_document_cursor_free(cursor);
}

static void render_totals(struct sink *sink,
                          const struct infscan_totals *totals,
                          const struct infscan_render_options *options)
{
    struct json_out out;
    cJSON *verdicts = cJSON_CreateObject();
    cJSON *statuses = cJSON_CreateObject();
    cJSON *passed = cJSON_CreateObject();

    json_begin(&out, sink, options->format);
    add_head(&out, "summary");
    json_member(&out, "files", json_uint(totals->files));
    for (unsigned v = INFSCAN_MALICIOUS; v >= INFSCAN_CLEAN; v--) {
        set_uint(&out, verdicts, infscan_verdict_name((enum infscan_verdict)v),
                 totals->by_verdict[v]);
    }
    json_member(&out, "verdicts", verdicts);
    for (unsigned s = INFSCAN_RESULT_OK; s <= INFSCAN_RESULT_ERROR; s++) {
        set_uint(&out, statuses,
                 infscan_result_status_name((enum infscan_result_status)s),
                 totals->by_status[s]);
    }
    json_member(&out, "statuses", statuses);
    for (unsigned i = 0; i < INFSCAN_N_PASSED_OVER; i++) {
        set_uint(&out, passed, passed_over_names[i], totals->passed_over[i]);
    }
    json_member(&out, "passed_over", passed);
    json_end(&out);
}

static void render_failure(struct sink *sink, const char *path,
                           const char *message,
                           const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "error");
    add_tool(&out, NULL);
    add_id(&out, options);
    add_path(&out, string_of(path), string_of(path));
    add_error(&out, string_of(message));
    json_end(&out);
}

static void render_rule(struct sink *sink, const struct infscan_rule *rule,
                        const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "rule");
    json_member(&out, "id", json_z(&out, rule->id));
    json_member(&out, "title", json_z(&out, rule->title));
    json_member(&out, "severity",
                json_z(&out, infscan_severity_name(rule->severity)));
    json_member(&out, "score", json_uint(rule->score));
    json_member(&out, "attack", make_names(&out, rule->attack));
    if (rule->goodware_of) {
        json_member(
            &out, "goodware",
            make_goodware(&out, rule->goodware_seen, rule->goodware_of));
    }
    json_member(&out, "targets", make_names(&out, rule->targets));
    json_member(&out, "description", json_z(&out, rule->description));
    if (has_text(rule->confirm)) {
        json_member(&out, "confirm", json_z(&out, rule->confirm));
    }
    json_member(&out, "falsepositives", make_names(&out, rule->falsepositives));
    json_member(&out, "references", make_names(&out, rule->references));
    if (has_text(rule->source)) {
        json_member(&out, "source", json_z(&out, rule->source));
        json_member(&out, "line", json_uint(rule->line));
    }
    json_end(&out);
}

static void add_compared(struct json_out *out, const char *name,
                         const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    cJSON *object = cJSON_CreateObject();

    set_text(out, object, "path", summary->path);
    if (!is_utf8(summary->raw_path)) {
        json_set(out, object, "path_b64", json_base64(out, summary->raw_path));
    }
    set_uint(out, object, "size", summary->size);
    set_z(out, object, "sha256", summary->sha256);
    set_z(out, object, "status", infscan_result_status_name(summary->status));
    set_z(out, object, "verdict", infscan_verdict_name(summary->verdict));
    set_uint(out, object, "score", summary->score);
    json_member(out, name, object);
}

/* The changes that are all of one kind: with a side before, after or both. */
static void add_changes(struct json_out *out, const char *name,
                        const struct infscan_difference *difference,
                        bool has_before, bool has_after)
{
    size_t n;
    const struct infscan_change *changes =
        infscan_difference_changes(difference, &n);

    json_list_begin(out, name);
    for (size_t i = 0; i < n; i++) {
        const struct infscan_effect *before = changes[i].before;
        const struct infscan_effect *after = changes[i].after;
        if ((before != NULL) != has_before || (after != NULL) != has_after) {
            continue;
        }
        if (before && after) {
            cJSON *both = cJSON_CreateObject();
            json_set(out, both, "before", make_outcome(out, before));
            json_set(out, both, "after", make_outcome(out, after));
            json_element(out, both);
        } else {
            json_element(out, make_outcome(out, before ? before : after));
        }
    }
    json_list_end(out);
}

static void render_difference(struct sink *sink,
                              const struct infscan_difference *difference,
                              const struct infscan_render_options *options)
{
    const struct infscan_result *before = infscan_difference_before(difference);
    struct json_out out;
    size_t n;

    infscan_difference_changes(difference, &n);
    json_begin(&out, sink, options->format);
    add_head(&out, "difference");
    add_tool(&out, infscan_result_summary(before)->rules_digest);
    add_compared(&out, "before", before);
    add_compared(&out, "after", infscan_difference_after(difference));
    json_member(&out, "equal", cJSON_CreateBool(n == 0));
    add_changes(&out, "removed", difference, true, false);
    add_changes(&out, "added", difference, false, true);
    add_changes(&out, "changed", difference, true, true);
    json_end(&out);
}

static void render_topic(struct sink *sink, const struct infscan_topic *topic,
                         const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "topic");
    json_member(&out, "kind", json_z(&out, topic->kind));
    json_member(&out, "name", json_z(&out, topic->name));
    json_member(&out, "effect", json_z(&out, topic->effect));
    json_list_begin(&out, "facts");
    for (size_t i = 0; i < topic->n_facts; i++) {
        cJSON *fact = cJSON_CreateObject();
        set_z(&out, fact, "label", topic->facts[i].label);
        set_z(&out, fact, "text", topic->facts[i].text);
        json_element(&out, fact);
    }
    json_list_end(&out);
    json_member(&out, "source", json_z(&out, topic->source));
    json_end(&out);
}

static void render_use(struct sink *sink, const struct infscan_rule_use *use,
                       const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "rule-use");
    json_member(&out, "rule", json_z(&out, use->rule->id));
    json_member(&out, "seen", json_uint(use->seen));
    json_member(&out, "of", json_uint(use->files));
    json_member(&out, "findings", json_uint(use->findings));
    json_member(&out, "texts", json_uint(use->texts));
    json_member(&out, "time", cJSON_CreateNumber(use->time));
    json_end(&out);
}

static void render_problem(struct sink *sink,
                           const struct infscan_rule_problem *problem,
                           const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    add_head(&out, "rule-problem");
    json_member(&out, "level",
                json_z(&out, problem->is_error ? "error" : "warning"));
    json_member(&out, "lint", json_z(&out, problem->lint));
    if (problem->rule) {
        json_member(&out, "rule", json_z(&out, problem->rule));
    }
    add_path(&out, string_of(problem->path), string_of(problem->path));
    if (problem->line) {
        json_member(&out, "line", json_uint(problem->line));
        json_member(&out, "column", json_uint(problem->column));
    }
    json_member(&out, "message", json_z(&out, problem->message));
    json_end(&out);
}

const struct renderer renderer_json = {
    .result = render_result,
    .peeled = render_peeled,
    .document = render_document,
    .totals = render_totals,
    .failure = render_failure,
    .difference = render_difference,
    .topic = render_topic,
    .rule = render_rule,
    .use = render_use,
    .problem = render_problem,
};
