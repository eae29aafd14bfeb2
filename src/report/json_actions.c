/* SPDX-License-Identifier: MIT */
#include "report/json_part.h"

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

    json_set_z(out, object, "launcher", plan->launcher);
    json_set_text(out, object, "invocation", plan->invocation);
    json_set_text(out, object, "section", plan->section);
    set_targets(out, object, plan->targets);
    if (plan->strings.len) {
        json_set_text(out, object, "strings", plan->strings);
    }
    if (json_has_text(plan->windows)) {
        json_set_z(out, object, "windows", plan->windows);
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

void json_add_plans(struct json_out *out, const struct infscan_result *result,
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

static void add_companion(struct json_out *out,
                          const struct infscan_companion *companion)
{
    json_object_begin(out);
    json_put_text(out, "name", companion->name);
    json_put_z(out, "role", companion->role);
    json_put_bool(out, "present", companion->present);
    if (companion->present) {
        json_put_uint(out, "size", companion->size);
    }
    if (companion->sha256[0]) {
        json_put_z(out, "sha256", companion->sha256);
    }
    json_object_end(out);
}

/* Left out where no file is needed, or none can be beside. */
void json_add_companions(struct json_out *out,
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
        add_companion(out, &companions[i]);
    }
    json_list_end(out);
}

static cJSON *make_link(struct json_out *out, const struct infscan_link *link)
{
    cJSON *object = cJSON_CreateObject();

    json_set_text(out, object, "section", link->section);
    if (link->directive.len) {
        json_set_text(out, object, "directive", link->directive);
    }
    json_set_place(out, object, link->place);
    return object;
}

cJSON *json_make_layer(struct json_out *out, const struct infscan_layer *layer)
{
    cJSON *object = cJSON_CreateObject();

    json_set_z(out, object, "step", layer->step);
    json_set_text(out, object, "text", layer->text);
    if (json_has_text(layer->gave_up)) {
        json_set_z(out, object, "gave_up", layer->gave_up);
    }
    return object;
}

static cJSON *make_layers(struct json_out *out,
                          const struct infscan_action *action)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < action->n_layers; i++) {
        json_add(out, list, json_make_layer(out, &action->layers[i]));
    }
    return list;
}

static void set_members(struct json_out *out, cJSON *object,
                        const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_members; i++) {
        const struct infscan_member *member = &action->members[i];
        if (member->is_number) {
            json_set_uint(out, object, member->name, member->number);
        } else {
            json_set_text(out, object, member->name, member->text);
        }
    }
}

static cJSON *make_action(struct json_out *out,
                          const struct infscan_action *action)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *chain = cJSON_CreateArray();

    json_set_uint(out, object, "id", action->id);
    json_set_z(out, object, "kind", infscan_action_kind_name(action->kind));
    json_set_text(out, object, "text", action->text);
    set_members(out, object, action);
    if (action->n_alternatives) {
        json_set(
            out, object, "alternatives",
            json_make_texts(out, action->alternatives, action->n_alternatives));
    }
    json_set_place(out, object, action->place);
    for (size_t i = 0; i < action->n_chain; i++) {
        json_add(out, chain, make_link(out, &action->chain[i]));
    }
    json_set(out, object, "chain", chain);
    json_set_bool(out, object, "reachable", action->reachable);
    json_set(out, object, "layers", make_layers(out, action));
    return object;
}

void json_add_actions(struct json_out *out, const struct infscan_result *result,
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

void json_add_counts(struct json_out *out, const struct infscan_result *result)
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
            json_set_uint(
                out, object,
                infscan_action_kind_name((enum infscan_action_kind)kind),
                counts[kind]);
        }
    }
    json_member(out, "counts", object);
}

/* All but the actions, which only a result's own record can name. */
cJSON *json_make_outcome(struct json_out *out,
                         const struct infscan_effect *effect)
{
    cJSON *object = cJSON_CreateObject();

    json_set_z(out, object, "kind", effect->kind);
    json_set_text(out, object, "target", effect->target);
    json_set_some(out, object, "name", effect->name);
    json_set_some(out, object, "detail", effect->detail);
    json_set_some(out, object, "type", effect->type);
    json_set_some(out, object, "flags", effect->flags);
    if (json_has_text(effect->autostart)) {
        json_set_z(out, object, "autostart", effect->autostart);
    }
    set_targets(out, object, effect->targets);
    json_set(out, object, "launchers", json_make_names(out, effect->launchers));
    json_set_place(out, object, effect->place);
    return object;
}

static cJSON *make_effect(struct json_out *out,
                          const struct infscan_effect *effect)
{
    cJSON *object = json_make_outcome(out, effect);
    cJSON *ids = cJSON_CreateArray();

    for (size_t i = 0; i < effect->n_actions; i++) {
        json_add(out, ids, json_uint(effect->actions[i]));
    }
    json_set(out, object, "actions", ids);
    return object;
}

/* The ledger goes with the actions that it comes from. */
void json_add_effects(struct json_out *out, const struct infscan_result *result,
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
