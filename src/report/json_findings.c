/* SPDX-License-Identifier: MIT */
#include "report/json_part.h"

static cJSON *make_finding(struct json_out *out,
                           const struct infscan_finding *finding)
{
    cJSON *object = cJSON_CreateObject();

    json_set_z(out, object, "rule", finding->rule);
    json_set_z(out, object, "title", finding->title);
    json_set_z(out, object, "severity",
               infscan_severity_name(finding->severity));
    json_set_uint(out, object, "score", finding->score);
    json_set(out, object, "attack", json_make_names(out, finding->attack));
    if (finding->goodware_of) {
        json_set(out, object, "goodware",
                 json_make_goodware(out, finding->goodware_seen,
                                    finding->goodware_of));
    }
    json_set_index(out, object, "action", finding->action);
    json_set_index(out, object, "layer", finding->layer);
    json_set_text(out, object, "match", finding->match);
    json_set_place(out, object, finding->place);
    if (finding->n_related) {
        cJSON *related = cJSON_CreateArray();
        for (size_t i = 0; i < finding->n_related; i++) {
            json_add(out, related, json_make_place(out, finding->related[i]));
        }
        json_set(out, object, "related", related);
    }
    if (json_has_text(finding->why)) {
        json_set_z(out, object, "why", finding->why);
    }
    return object;
}

void json_add_findings(struct json_out *out,
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

void json_add_indicators(struct json_out *out,
                         const struct infscan_result *result)
{
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    json_list_begin(out, "indicators");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_indicator *indicator = &indicators[i];
        cJSON *object = cJSON_CreateObject();
        json_set_z(out, object, "type", indicator->type);
        json_set_text(out, object, "value", indicator->value);
        if (json_has_text(indicator->role)) {
            json_set_z(out, object, "role", indicator->role);
        }
        if (indicator->port) {
            json_set_uint(out, object, "port", indicator->port);
        }
        json_set_index(out, object, "action", indicator->action);
        json_set_index(out, object, "layer", indicator->layer);
        json_set_place(out, object, indicator->place);
        json_element(out, object);
    }
    json_list_end(out);
}

void json_add_diagnostics(struct json_out *out,
                          const struct infscan_result *result)
{
    size_t n;
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);

    json_list_begin(out, "diagnostics");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_diagnostic *diagnostic = &diagnostics[i];
        cJSON *object = cJSON_CreateObject();
        json_set_z(out, object, "code", diagnostic->code);
        json_set_z(out, object, "severity",
                   infscan_severity_name(diagnostic->severity));
        if (diagnostic->evasion) {
            json_set_bool(out, object, "evasion", 1);
        }
        json_set_text(out, object, "message", diagnostic->message);
        json_set_place(out, object, diagnostic->place);
        json_element(out, object);
    }
    json_list_end(out);
}

static void add_basis(struct json_out *out, const struct infscan_basis *basis)
{
    cJSON *object = cJSON_CreateObject();

    json_set_uint(out, object, "margin", basis->margin);
    if (basis->missing) {
        json_set_uint(out, object, "missing", basis->missing);
    }
    if (basis->decisive && basis->decisive[0]) {
        json_set(out, object, "decisive",
                 json_make_names(out, basis->decisive));
        json_set_z(out, object, "otherwise",
                   infscan_verdict_name(basis->otherwise));
    }
    if (basis->honest) {
        json_set_z(out, object, "honest", basis->honest);
    }
    json_member(out, "basis", object);
}

void json_add_verdict(struct json_out *out,
                      const struct infscan_summary *summary)
{
    json_put_z(out, "verdict", infscan_verdict_name(summary->verdict));
    json_put_uint(out, "score", summary->score);
    add_basis(out, &summary->basis);
}
