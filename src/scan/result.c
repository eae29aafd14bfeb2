/* SPDX-License-Identifier: MIT */
#include "scan/result.h"

#include "base/utf8.h"

struct infscan_string result_string(struct str s)
{
    return (struct infscan_string){s.bytes ? s.bytes : "", s.len};
}

struct str result_valid_utf8(struct arena *arena, struct str s)
{
    if (utf8_is_valid(s)) {
        return s;
    }
    char *out = arena_alloc(arena, s.len, 3); /* U+FFFD takes three bytes */
    size_t len = 0;

    while (out && s.len) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        if (code >= 0xD800 && code <= 0xDFFF) {
            code = UTF8_REPLACEMENT;
        }
        len += utf8_encode(code, out + len);
        s = str_sub(s, n, s.len);
    }
    return str_of(out ? out : "", len);
}

struct infscan_result *result_new(size_t max_bytes, const char *path)
{
    struct arena *arena = arena_new(max_bytes);
    struct infscan_result *result =
        arena ? ARENA_NEW(arena, struct infscan_result) : NULL;
    struct str raw =
        result ? arena_copy(arena, str_from(path)) : str_of(NULL, 0);

    if (!result || !raw.bytes) {
        arena_free(arena);
        return NULL;
    }
    result->arena = arena;
    result->summary = (struct infscan_summary){
        .path = result_string(result_valid_utf8(arena, raw)),
        .raw_path = result_string(raw),
        .member = result_string(STR("")),
        .raw_member = result_string(STR("")),
        .error_message = result_string(STR("")),
        .encoding = "unknown",
        .dialect = "unknown",
        .text = result_string(STR("")),
        .rules_digest = "",
        .verdict = INFSCAN_VERDICT_NONE,
    };
    return result;
}

void result_set_member(struct infscan_result *result, struct str member)
{
    struct str raw = arena_copy(result->arena, member);

    result->summary.raw_member = result_string(raw);
    result->summary.member =
        result_string(result_valid_utf8(result->arena, raw));
}

static void fail_with(struct infscan_result *result,
                      struct infscan_string message)
{
    result->summary.status = INFSCAN_RESULT_ERROR;
    result->summary.verdict = INFSCAN_VERDICT_NONE;
    result->summary.score = 0;
    result->summary.error_message = message;
    result->summary.text = message;
    result->n_plans = result->n_actions = result->n_findings = 0;
    result->n_indicators = result->n_diagnostics = result->n_limits = 0;
    result->n_effects = 0;
    result->outcomes.n = 0;
}

void result_fail(struct infscan_result *result, const char *message)
{
    struct str text = arena_copy(result->arena, str_from(message));

    fail_with(result, result_string(text.bytes ? text : STR("out of memory")));
}

void result_fail_by_limit(struct infscan_result *result)
{
    fail_with(result,
              result_string(arena_is_late(result->arena)
                                ? STR("the limit seconds was reached")
                                : STR("the limit memory_bytes was reached")));
}

void infscan_result_free(struct infscan_result *result)
{
    if (result) {
        arena_free(result->arena);
    }
}

const struct infscan_summary *
infscan_result_summary(const struct infscan_result *result)
{
    return &result->summary;
}

const struct infscan_plan *
infscan_result_plans(const struct infscan_result *result, size_t *n)
{
    *n = result->n_plans;
    return result->plans;
}

const struct infscan_action *
infscan_result_actions(const struct infscan_result *result, size_t *n)
{
    *n = result->n_actions;
    return result->actions;
}

const struct infscan_finding *
infscan_result_findings(const struct infscan_result *result, size_t *n)
{
    *n = result->n_findings;
    return result->findings;
}

const struct infscan_indicator *
infscan_result_indicators(const struct infscan_result *result, size_t *n)
{
    *n = result->n_indicators;
    return result->indicators;
}

const struct infscan_diagnostic *
infscan_result_diagnostics(const struct infscan_result *result, size_t *n)
{
    *n = result->n_diagnostics;
    return result->diagnostics;
}

const struct infscan_companion *
infscan_result_companions(const struct infscan_result *result, size_t *n)
{
    *n = result->n_companions;
    return result->companions;
}

const struct infscan_effect *
infscan_result_effects(const struct infscan_result *result, size_t *n)
{
    *n = result->n_effects;
    return result->effects;
}

const struct infscan_limit_hit *
infscan_result_limits(const struct infscan_result *result, size_t *n)
{
    *n = result->n_limits;
    return result->limits;
}

const struct infscan_archive *
infscan_result_archive(const struct infscan_result *result)
{
    return result->archive;
}

struct infscan_string infscan_result_bytes(const struct infscan_result *result)
{
    return result_string(result->source.raw);
}

struct infscan_string infscan_result_line(const struct infscan_result *result,
                                          uint32_t line)
{
    if (!result->source.text) {
        return result_string(STR(""));
    }
    return result_string(slice_str(source_line_text(&result->source, line)));
}

struct infscan_string
infscan_result_place_line(const struct infscan_result *result,
                          const struct infscan_place *place)
{
    for (size_t i = 0; place->file && i < result->n_files; i++) {
        if (result->files[i].name == place->file) {
            return result_string(slice_str(
                source_line_text(&result->files[i].source, place->line)));
        }
    }
    return infscan_result_line(result, place->line);
}

const char *infscan_result_status_name(enum infscan_result_status status)
{
    switch (status) {
    case INFSCAN_RESULT_OK:
        return "ok";
    case INFSCAN_RESULT_PARTIAL:
        return "partial";
    case INFSCAN_RESULT_NOT_INF:
        return "not-inf";
    case INFSCAN_RESULT_ERROR:
        return "error";
    }
    return "unknown";
}

const char *infscan_verdict_name(enum infscan_verdict verdict)
{
    switch (verdict) {
    case INFSCAN_VERDICT_NONE:
        return "none";
    case INFSCAN_CLEAN:
        return "clean";
    case INFSCAN_SUSPICIOUS:
        return "suspicious";
    case INFSCAN_MALICIOUS:
        return "malicious";
    }
    return "unknown";
}

const char *infscan_action_kind_name(enum infscan_action_kind kind)
{
    switch (kind) {
    case INFSCAN_RUN_COMMAND:
        return "run-command";
    case INFSCAN_LOAD_DLL:
        return "load-dll";
    case INFSCAN_WRITE_REGISTRY:
        return "write-registry";
    case INFSCAN_DELETE_REGISTRY:
        return "delete-registry";
    case INFSCAN_COPY_FILE:
        return "copy-file";
    case INFSCAN_DELETE_FILE:
        return "delete-file";
    case INFSCAN_RENAME_FILE:
        return "rename-file";
    case INFSCAN_INSTALL_SERVICE:
        return "install-service";
    case INFSCAN_DELETE_SERVICE:
        return "delete-service";
    case INFSCAN_CREATE_SHORTCUT:
        return "create-shortcut";
    case INFSCAN_WRITE_INI:
        return "write-ini";
    case INFSCAN_INCLUDE_INF:
        return "include-inf";
    case INFSCAN_INSTALL_SOFTWARE:
        return "install-software";
    case INFSCAN_ADD_FILTER:
        return "add-filter";
    case INFSCAN_SET_SECURITY:
        return "set-security";
    case INFSCAN_OTHER:
        return "other";
    case INFSCAN_N_ACTION_KINDS:
        break;
    }
    return "unknown";
}
