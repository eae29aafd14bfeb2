/* SPDX-License-Identifier: MIT */
#include <infscan/difference.h>

#include "report/json_part.h"

void json_render_rule(struct sink *sink, const struct infscan_rule *rule,
                      const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "rule");
    json_put_z(&out, "id", rule->id);
    json_put_z(&out, "title", rule->title);
    json_put_z(&out, "severity", infscan_severity_name(rule->severity));
    json_put_uint(&out, "score", rule->score);
    json_member(&out, "attack", json_make_names(&out, rule->attack));
    if (rule->goodware_of) {
        json_member(
            &out, "goodware",
            json_make_goodware(&out, rule->goodware_seen, rule->goodware_of));
    }
    json_member(&out, "targets", json_make_names(&out, rule->targets));
    json_put_z(&out, "description", rule->description);
    if (json_has_text(rule->confirm)) {
        json_put_z(&out, "confirm", rule->confirm);
    }
    json_member(&out, "falsepositives",
                json_make_names(&out, rule->falsepositives));
    json_member(&out, "references", json_make_names(&out, rule->references));
    if (json_has_text(rule->source)) {
        json_put_z(&out, "source", rule->source);
        json_put_uint(&out, "line", rule->line);
    }
    json_end(&out);
}

void json_render_use(struct sink *sink, const struct infscan_rule_use *use,
                     const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "rule-use");
    json_put_z(&out, "rule", use->rule->id);
    json_put_uint(&out, "seen", use->seen);
    json_put_uint(&out, "of", use->files);
    json_put_uint(&out, "findings", use->findings);
    json_put_uint(&out, "texts", use->texts);
    json_member(&out, "time", cJSON_CreateNumber(use->time));
    json_end(&out);
}

void json_render_problem(struct sink *sink,
                         const struct infscan_rule_problem *problem,
                         const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "rule-problem");
    json_put_z(&out, "level", problem->is_error ? "error" : "warning");
    json_put_z(&out, "lint", problem->lint);
    if (problem->rule) {
        json_put_z(&out, "rule", problem->rule);
    }
    json_add_path(&out, string_of_z(problem->path), string_of_z(problem->path));
    if (problem->line) {
        json_put_uint(&out, "line", problem->line);
        json_put_uint(&out, "column", problem->column);
    }
    json_put_z(&out, "message", problem->message);
    json_end(&out);
}

void json_render_topic(struct sink *sink, const struct infscan_topic *topic,
                       const struct infscan_render_options *options)
{
    struct json_out out;

    json_begin(&out, sink, options->format);
    json_add_head(&out, "topic");
    json_put_z(&out, "kind", topic->kind);
    json_put_z(&out, "name", topic->name);
    json_put_z(&out, "effect", topic->effect);
    json_list_begin(&out, "facts");
    for (size_t i = 0; i < topic->n_facts; i++) {
        cJSON *fact = cJSON_CreateObject();
        json_set_z(&out, fact, "label", topic->facts[i].label);
        json_set_z(&out, fact, "text", topic->facts[i].text);
        json_element(&out, fact);
    }
    json_list_end(&out);
    json_put_z(&out, "source", topic->source);
    json_end(&out);
}

static void add_compared(struct json_out *out, const char *name,
                         const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    cJSON *object = cJSON_CreateObject();

    json_set_text(out, object, "path", summary->path);
    if (!json_is_utf8(summary->raw_path)) {
        json_set(out, object, "path_b64", json_base64(out, summary->raw_path));
    }
    json_set_uint(out, object, "size", summary->size);
    json_set_z(out, object, "sha256", summary->sha256);
    json_set_z(out, object, "status",
               infscan_result_status_name(summary->status));
    json_set_z(out, object, "verdict", infscan_verdict_name(summary->verdict));
    json_set_uint(out, object, "score", summary->score);
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
            json_set(out, both, "before", json_make_outcome(out, before));
            json_set(out, both, "after", json_make_outcome(out, after));
            json_element(out, both);
        } else {
            json_element(out, json_make_outcome(out, before ? before : after));
        }
    }
    json_list_end(out);
}

void json_render_difference(struct sink *sink,
                            const struct infscan_difference *difference,
                            const struct infscan_render_options *options)
{
    const struct infscan_result *before = infscan_difference_before(difference);
    struct json_out out;
    size_t n;

    infscan_difference_changes(difference, &n);
    json_begin(&out, sink, options->format);
    json_add_head(&out, "difference");
    json_add_tool(&out, infscan_result_summary(before)->rules_digest);
    add_compared(&out, "before", before);
    add_compared(&out, "after", infscan_difference_after(difference));
    json_member(&out, "equal", cJSON_CreateBool(n == 0));
    add_changes(&out, "removed", difference, true, false);
    add_changes(&out, "added", difference, false, true);
    add_changes(&out, "changed", difference, true, true);
    json_end(&out);
}
