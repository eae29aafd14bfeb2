/* SPDX-License-Identifier: MIT */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include <infscan/render.h>

#include "base/buf.h"

/* The library's strings and its users', as each other. */
static inline struct str str_of_string(struct infscan_string s)
{
    return str_of(s.bytes, s.len);
}

static inline struct infscan_string string_of_z(const char *z)
{
    return (struct infscan_string){z ? z : "", z ? strlen(z) : 0};
}

static inline struct infscan_string string_of_str(struct str s)
{
    return (struct infscan_string){s.bytes ? s.bytes : "", s.len};
}

/* Where finished bytes go: collected in `buf`, handed to the caller's function
 * when there are many and at the end. */
struct sink {
    struct buf buf;
    infscan_write_fn *write;
    void *context;
    enum infscan_status status; /* the first failure stays */
    bool is_cut;                /* a model that a limit cut was written */
};

/* Hand over what is there when it is much; renderers call it between items. */
void sink_drain(struct sink *sink);

/* What one format prints of each kind of record; NULL where it has no form for
 * it. Failures go to the sink. */
struct renderer {
    void (*header)(struct sink *sink);
    void (*result)(struct sink *sink, const struct infscan_result *result,
                   const struct infscan_render_options *options);
    void (*peeled)(struct sink *sink, const struct infscan_result *result,
                   struct infscan_string final,
                   const struct infscan_render_options *options);
    void (*document)(struct sink *sink, const struct infscan_document *document,
                     const struct infscan_render_options *options);
    void (*totals)(struct sink *sink, const struct infscan_totals *totals,
                   const struct infscan_render_options *options);
    void (*failure)(struct sink *sink, const char *path, const char *message,
                    const struct infscan_render_options *options);
    void (*difference)(struct sink *sink,
                       const struct infscan_difference *difference,
                       const struct infscan_render_options *options);
    void (*topic)(struct sink *sink, const struct infscan_topic *topic,
                  const struct infscan_render_options *options);
    void (*rule)(struct sink *sink, const struct infscan_rule *rule,
                 const struct infscan_render_options *options);
    void (*use)(struct sink *sink, const struct infscan_rule_use *use,
                const struct infscan_render_options *options);
    void (*problem)(struct sink *sink,
                    const struct infscan_rule_problem *problem,
                    const struct infscan_render_options *options);
};

extern const struct renderer renderer_terminal;
extern const struct renderer renderer_json; /* json and ndjson */
extern const struct renderer renderer_csv;

/* Words of a summary for each reason to pass a file over: for records, and for
 * a reader. */
extern const char *const passed_over_names[INFSCAN_N_PASSED_OVER];
extern const char *const passed_over_words[INFSCAN_N_PASSED_OVER];

/* schema.json, embedded at build, with a NUL behind it. */
extern const char report_schema_text[];

#endif
