/* SPDX-License-Identifier: MIT */
/* Parts of the records of infscan-json(5), between the files that put them
 * together. Everything that runs out of memory says so to the sink. */
#ifndef REPORT_JSON_PART_H
#define REPORT_JSON_PART_H

#include <infscan/infscan.h>

#include "report/json_value.h"

/* Texts of the caller's as they are; NULL stands for the empty one. */
bool json_is_utf8(struct infscan_string text);
bool json_has_text(const char *z);

/* A value under `name` (static text) of an object that is filled. json_set_some
 * leaves an empty text out, json_set_index INFSCAN_NO_INDEX, json_set_place a
 * place without a line. */
void json_set_text(struct json_out *out, cJSON *object, const char *name,
                   struct infscan_string text);
void json_set_z(struct json_out *out, cJSON *object, const char *name,
                const char *z);
void json_set_some(struct json_out *out, cJSON *object, const char *name,
                   struct infscan_string text);
void json_set_uint(struct json_out *out, cJSON *object, const char *name,
                   uint64_t value);
void json_set_bool(struct json_out *out, cJSON *object, const char *name,
                   int value);
void json_set_index(struct json_out *out, cJSON *object, const char *name,
                    uint32_t index);
void json_set_place(struct json_out *out, cJSON *object,
                    struct infscan_place place);

/* Values for json_set and json_element, which take them. `names` ends with NULL
 * and may be NULL itself. */
cJSON *json_make_place(struct json_out *out, struct infscan_place place);
cJSON *json_make_texts(struct json_out *out, const struct infscan_string *texts,
                       size_t n);
cJSON *json_make_names(struct json_out *out, const char *const *names);
cJSON *json_make_goodware(struct json_out *out, uint32_t seen, uint32_t of);
cJSON *json_make_layer(struct json_out *out, const struct infscan_layer *layer);
cJSON *json_make_outcome(struct json_out *out,
                         const struct infscan_effect *effect);

/* Members that records share: type and version; the id that whoever asked gave;
 * the program; a path with its bytes where they
 * are no UTF-8 (json_add_raw: just these); what went wrong; how it was read. */
void json_add_head(struct json_out *out, const char *type);
void json_add_id(struct json_out *out,
                 const struct infscan_render_options *options);
void json_add_tool(struct json_out *out, const char *rules_digest);
void json_add_raw(struct json_out *out, const char *name,
                  struct infscan_string raw);
void json_add_path(struct json_out *out, struct infscan_string path,
                   struct infscan_string raw_path);
void json_add_error(struct json_out *out, struct infscan_string message);
void json_add_encoding(struct json_out *out, const char *name, int bom);
void json_add_accepted(struct json_out *out, int accepted, const char *refusal,
                       uint32_t refusal_line);
void json_add_limits(struct json_out *out,
                     const struct infscan_limit_hit *limits, size_t n);

/* What a result says is done (json_actions.c). Unlisted actions are left out
 * unless INFSCAN_RENDER_ALL_ACTIONS asks for them, and the ledger with them. */
void json_add_plans(struct json_out *out, const struct infscan_result *result,
                    const struct infscan_render_options *options);
void json_add_companions(struct json_out *out,
                         const struct infscan_result *result);
void json_add_actions(struct json_out *out, const struct infscan_result *result,
                      const struct infscan_render_options *options);
void json_add_counts(struct json_out *out, const struct infscan_result *result);
void json_add_effects(struct json_out *out, const struct infscan_result *result,
                      const struct infscan_render_options *options);

/* What a result says of it (json_findings.c). Findings below the options'
 * severity are left out. */
void json_add_findings(struct json_out *out,
                       const struct infscan_result *result,
                       const struct infscan_render_options *options);
void json_add_indicators(struct json_out *out,
                         const struct infscan_result *result);
void json_add_diagnostics(struct json_out *out,
                          const struct infscan_result *result);
void json_add_verdict(struct json_out *out,
                      const struct infscan_summary *summary);

/* Records that are no file's (json_listing.c). */
void json_render_rule(struct sink *sink, const struct infscan_rule *rule,
                      const struct infscan_render_options *options);
void json_render_use(struct sink *sink, const struct infscan_rule_use *use,
                     const struct infscan_render_options *options);
void json_render_problem(struct sink *sink,
                         const struct infscan_rule_problem *problem,
                         const struct infscan_render_options *options);
void json_render_topic(struct sink *sink, const struct infscan_topic *topic,
                       const struct infscan_render_options *options);
void json_render_difference(struct sink *sink,
                            const struct infscan_difference *difference,
                            const struct infscan_render_options *options);

#endif
