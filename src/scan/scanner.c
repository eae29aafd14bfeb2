/* SPDX-License-Identifier: MIT */
#include "scan/scanner.h"

#include <infscan/command.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "inf/profile.h"
#include "install/autorun.h"
#include "install/merge.h"
#include "install/roles.h"
#include "scan/copied.h"
#include "scan/digest.h"
#include "scan/input.h"
#include "scan/options.h"
#include "scan/ruleset.h"

static enum infscan_status unknown_launcher(const char *spec,
                                            struct infscan_error *error)
{
    struct buf known;

    buf_init(&known, 1024);
    for (unsigned i = 0; i < N_LAUNCHERS; i++) {
        buf_add_z(&known, i ? ", " : "");
        buf_add_z(&known, launcher_name((enum launcher_id)i));
    }
    error_set(error, INFSCAN_INVALID, "unknown launcher '%s'; known: %.*s",
              spec, (int)known.len, known.bytes);
    buf_deinit(&known);
    return INFSCAN_INVALID;
}

static enum infscan_status parse_choices(struct infscan_scanner *scanner,
                                         const struct infscan_options *options,
                                         struct infscan_error *error)
{
    const struct invocation *started = scanner->invocation;

    scanner->choices =
        calloc(options->n_launchers + 1, sizeof *scanner->choices);
    if (!scanner->choices) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    scanner->n_choices = options->n_launchers;
    if (started && started->line.len) {
        scanner->choices[scanner->n_choices++] = (struct launcher_choice){
            started->launcher, started->section, started->cases, started->line};
    }
    for (size_t i = 0; i < options->n_launchers; i++) {
        if (!launcher_parse(str_from(options->launchers[i]),
                            &scanner->choices[i])) {
            return unknown_launcher(options->launchers[i], error);
        }
    }
    return INFSCAN_OK;
}

/* Options that say where the file was and what started it. */
static enum infscan_status parse_start(struct infscan_scanner *scanner,
                                       const struct infscan_options *options,
                                       struct infscan_error *error)
{
    struct str line = str_from(options->invocation);
    struct str folder = str_from(options->inf_dir);

    scanner->arena =
        arena_new((size_t)scanner->limits.value[LIMIT_memory_bytes]);
    struct invocation *started =
        scanner->arena ? ARENA_NEW(scanner->arena, struct invocation) : NULL;
    if (!started) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    if (options->invocation) {
        enum infscan_status status =
            invocation_parse(scanner->arena, line, started, error);
        if (status != INFSCAN_OK) {
            return status;
        }
        folder = folder.len ? folder : started->folder;
        scanner->invocation = started;
    } else if (folder.len) {
        if (!invocation_of_folder(scanner->arena, folder, started)) {
            return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
        }
        scanner->invocation = started;
    }
    scanner->inf_dir = arena_copy_z(scanner->arena, folder);
    return scanner->inf_dir
               ? INFSCAN_OK
               : error_set(error, INFSCAN_NO_MEMORY, "out of memory");
}

/* The passwords that malware is commonly packed with come first. */
static bool copy_passwords(struct infscan_scanner *scanner,
                           const struct infscan_options *options)
{
    static const char *const usual[] = {"infected", "malware", "virus"};
    size_t n_usual = sizeof usual / sizeof usual[0];
    size_t n = n_usual + options->n_passwords;

    scanner->passwords = calloc(n, sizeof *scanner->passwords);
    for (size_t i = 0; scanner->passwords && i < n; i++) {
        scanner->passwords[i] =
            strdup(i < n_usual ? usual[i] : options->passwords[i - n_usual]);
        if (!scanner->passwords[i]) {
            return false;
        }
        scanner->n_passwords++;
    }
    return scanner->passwords != NULL;
}

static enum infscan_status fill(struct infscan_scanner *scanner,
                                const struct infscan_options *options,
                                struct infscan_error *error)
{
    enum infscan_status status =
        options_limits(options, &scanner->limits, error);

    if (status != INFSCAN_OK) {
        return status;
    }
    scanner->codepage = options->codepage;
    scanner->brief = options->brief != 0;
    if (!decode_codepage_name(options->codepage)) {
        return error_set(error, INFSCAN_INVALID, "unknown code page: %u",
                         options->codepage);
    }
    status = parse_start(scanner, options, error);
    if (status != INFSCAN_OK) {
        return status;
    }
    scanner->effects = options->effects;
    scanner->matcher =
        matcher_new(ruleset_rules(scanner->rules), &scanner->limits);
    scanner->names =
        folder_names_new(scanner->limits.value[LIMIT_folder_entries]);
    if (!scanner->matcher || !scanner->names ||
        !copy_passwords(scanner, options)) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    return parse_choices(scanner, options, error);
}

enum infscan_status infscan_scanner_new(const struct infscan_ruleset *rules,
                                        const struct infscan_options *options,
                                        struct infscan_scanner **out,
                                        struct infscan_error *error)
{
    static const struct infscan_options defaults;
    struct infscan_scanner *scanner = calloc(1, sizeof *scanner);

    if (!scanner) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    scanner->rules = rules;
    enum infscan_status status =
        fill(scanner, options ? options : &defaults, error);
    if (status != INFSCAN_OK) {
        infscan_scanner_free(scanner);
        return status;
    }
    *out = scanner;
    return INFSCAN_OK;
}

void infscan_scanner_free(struct infscan_scanner *scanner)
{
    if (scanner) {
        matcher_free(scanner->matcher);
        folder_names_free(scanner->names);
        for (size_t i = 0; i < scanner->n_passwords; i++) {
            free(scanner->passwords[i]);
        }
        free(scanner->passwords);
        libarchive_close(scanner->libarchive);
        free(scanner->choices);
        arena_free(scanner->arena);
        free(scanner);
    }
}

enum infscan_status infscan_scanner_measure(struct infscan_scanner *scanner)
{
    return matcher_measure(scanner->matcher) ? INFSCAN_OK : INFSCAN_NO_MEMORY;
}

struct infscan_rule_cost
infscan_scanner_rule_cost(const struct infscan_scanner *scanner, size_t index)
{
    return matcher_cost(scanner->matcher, index);
}

/* The stages, in order. Each returns false when memory ran out. */

static bool stage_read(struct analysis *analysis)
{
    struct infscan_summary *summary = &analysis->result->summary;

    if (analysis->forced) {
        analysis->reading =
            reading_make_as(analysis->arena, analysis->raw, *analysis->forced,
                            &analysis->scanner->limits, &analysis->diags);
    } else {
        analysis->reading = reading_make(
            analysis->arena, analysis->raw, analysis->scanner->codepage,
            &analysis->scanner->limits, &analysis->diags);
    }
    if (!analysis->reading) {
        return false;
    }
    if (analysis->is_ambiguous) {
        diag_add(&analysis->diags, DIAG_TWO_ENCODINGS,
                 slice_sub(slice_all(analysis->reading->source.text), 0, 1));
    }
    const struct inf_document *document = &analysis->reading->document;
    analysis->result->source = analysis->reading->source;
    analysis->limits |= document->limits;
    summary->encoding = analysis->reading->decoded.name;
    summary->bom = analysis->reading->decoded.bom;
    summary->accepted = document->refusal == INF_ACCEPTED;
    summary->refusal = inf_refusal_name(document->refusal);
    summary->refusal_line = document->refusal_line;
    return inf_strings_list(analysis->arena, document, &analysis->strings,
                            &analysis->n_strings) == INFSCAN_OK;
}

/* The other parser's reading, where it may matter. */
static bool stage_profile(struct analysis *analysis)
{
    const struct inf_document *document = &analysis->reading->document;
    const struct source *source = &analysis->reading->source;

    if (document->refusal == INF_ACCEPTED &&
        !inf_document_find(document, STR("Connection Manager")) &&
        !profile_mentions_autorun(source->text->bytes)) {
        return true;
    }
    analysis->profile = ARENA_NEW(analysis->arena, struct inf_document);
    if (!analysis->profile ||
        profile_parse(analysis->arena, source, &analysis->scanner->limits,
                      &analysis->diags, analysis->profile) != INFSCAN_OK) {
        return false;
    }
    analysis->limits |= analysis->profile->limits;
    return true;
}

static void stage_dialect(struct analysis *analysis)
{
    analysis->dialect = dialect_of(analysis->raw, &analysis->reading->document,
                                   analysis->profile);
    analysis->result->summary.dialect = dialect_name(analysis->dialect);
}

static struct install_options
install_options_of(const struct infscan_scanner *scanner)
{
    return (struct install_options){
        .inf_dir = str_from(scanner->inf_dir),
        .choices = scanner->choices,
        .n_choices = (uint32_t)scanner->n_choices,
    };
}

/* The strings section for a language, else the undecorated one. */
static const struct inf_strings *strings_for(const struct inf_strings *strings,
                                             uint32_t n, struct str language)
{
    for (uint32_t i = 1; i < n; i++) {
        if (str_equal_fold(strings[i].language, language)) {
            return &strings[i];
        }
    }
    return &strings[0];
}

/* Reads the file for a system of one language; "" is one that no decorated
 * strings section is for. */
static bool install_for(struct analysis *analysis, struct str language,
                        struct diag_list *diags, struct install *out)
{
    uint32_t n = analysis->included.n;
    const struct inf_strings **others =
        ARENA_ARRAY(analysis->arena, const struct inf_strings *, n);
    struct install_options options = install_options_of(analysis->scanner);
    struct included included = {&analysis->all, others, n};

    if (!others) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct included_file *file = &analysis->included.items[i];
        others[i] = strings_for(file->strings, file->n_strings, language);
    }
    options.included = n ? &included : NULL;
    options.lists_sources = analysis->beside && out == &analysis->install;
    return install_analyse(
               analysis->arena, &analysis->reading->document,
               strings_for(analysis->strings, analysis->n_strings, language),
               &options, &analysis->scanner->limits, diags, out) == INFSCAN_OK;
}

/* The languages of all strings sections, the undecorated one first. */
struct languages {
    VEC(struct str) list;
    struct map names;
};

static bool add_languages(struct arena *arena, struct languages *languages,
                          const struct inf_strings *strings, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t fresh = languages->list.n;
        uint32_t at =
            map_put(&languages->names, arena, strings[i].language, fresh);
        if (at == MAP_NONE || (at == fresh && !VEC_PUSH(arena, &languages->list,
                                                        strings[i].language))) {
            return false;
        }
    }
    return true;
}

static bool stage_install(struct analysis *analysis)
{
    const struct infscan_scanner *scanner = analysis->scanner;
    struct languages languages = {0};

    if (analysis->dialect == DIALECT_EDK2) {
        return true; /* another build system's file: nothing for Windows */
    }
    if (!companions_read(analysis) ||
        !add_languages(analysis->arena, &languages, analysis->strings,
                       analysis->n_strings) ||
        !languages.list.items) {
        return false;
    }
    for (uint32_t i = 0; i < analysis->included.n; i++) {
        const struct included_file *file = &analysis->included.items[i];
        if (!add_languages(analysis->arena, &languages, file->strings,
                           file->n_strings)) {
            return false;
        }
    }
    if (languages.list.n - 1 > scanner->limits.value[LIMIT_languages]) {
        limit_hit(&analysis->limits, LIMIT_languages);
        languages.list.n = (uint32_t)scanner->limits.value[LIMIT_languages] + 1;
    }
    /* Which strings section counts depends on the system's language, so each
     * gets a reading; only what differs is added. */
    for (uint32_t i = 0; i < languages.list.n; i++) {
        struct install install = {.shape = SLICE_NONE};
        struct str language = languages.list.items[i];
        if (!install_for(analysis, language, i ? NULL : &analysis->diags,
                         i ? &install : &analysis->install) ||
            (i && !install_merge(analysis->arena, &analysis->install, &install,
                                 language))) {
            return false;
        }
    }
    return true;
}

/* Plans of what the invocation started bear its line. false when memory ran
 * out. */
static bool name_plans(struct analysis *analysis, struct install *install)
{
    const struct invocation *started = analysis->scanner->invocation;

    if (!started || !started->line.len) {
        return true;
    }
    struct str line = arena_copy(analysis->arena, started->line);
    for (uint32_t i = 0; i < install->n_plans; i++) {
        if (install->plans[i].launcher == started->launcher) {
            install->plans[i].invocation = line;
        }
    }
    return line.bytes != NULL;
}

/* What Explorer would do with the same bytes. */
static bool stage_autorun(struct analysis *analysis)
{
    struct install install = {.shape = SLICE_NONE};

    if (!analysis->profile ||
        !launcher_is_chosen(analysis->scanner->choices,
                            analysis->scanner->n_choices, LAUNCHER_AUTORUN)) {
        return true;
    }
    return autorun_analyse(analysis->arena, analysis->profile,
                           &analysis->scanner->limits,
                           &install) == INFSCAN_OK &&
           name_plans(analysis, &install) &&
           install_merge(analysis->arena, &analysis->install, &install,
                         STR(""));
}

static bool add_roles(struct analysis *analysis,
                      const struct inf_document *document,
                      const struct inf_strings *strings, bool *seen)
{
    struct install_options options = install_options_of(analysis->scanner);
    struct install install = {.shape = SLICE_NONE};

    return roles_analyse(analysis->arena, document, strings, &options,
                         &analysis->scanner->limits, seen,
                         &install) == INFSCAN_OK &&
           name_plans(analysis, &install) &&
           (!install.n_actions ||
            install_merge(analysis->arena, &analysis->install, &install,
                          STR("")));
}

/* What other readers than SetupAPI would do: answer files, templates, ... Some
 * of them use the one parser, some the other: a line counts that either sees.
 */
static bool stage_roles(struct analysis *analysis)
{
    const struct inf_document *document = &analysis->reading->document;
    const struct inf_strings *strings;
    uint32_t n_strings;

    if (analysis->dialect == DIALECT_EDK2) {
        return true;
    }
    if (!analysis->profile) {
        return add_roles(analysis, document, analysis->strings, NULL);
    }
    bool *seen = arena_zalloc(analysis->arena,
                              (size_t)analysis->reading->source.n_lines + 1, 1);
    return seen &&
           inf_strings_list(analysis->arena, analysis->profile, &strings,
                            &n_strings) == INFSCAN_OK &&
           add_roles(analysis, analysis->profile, strings, seen) &&
           add_roles(analysis, document, analysis->strings, seen);
}

static bool describe_start(struct analysis *analysis)
{
    const struct invocation *started = analysis->scanner->invocation;
    struct install *install = &analysis->install;

    install->invocation = SLICE_NONE;
    install->started_at = STR("");
    if (!started) {
        return true;
    }
    install->invocation = invocation_subject(analysis->arena, started);
    install->started_at = started->path;
    return install->invocation.text != NULL;
}

static bool stage_judge(struct analysis *analysis)
{
    struct infscan_scanner *scanner = analysis->scanner;

    if (!describe_start(analysis)) {
        return false;
    }
    analysis->limits |= analysis->install.limits;
    for (uint32_t i = 0; i < analysis->install.n_actions; i++) {
        analysis->limits |= analysis->install.actions[i].peeled.limits;
    }
    if (match_run(scanner->matcher, analysis->arena, &analysis->install,
                  &analysis->diags, &analysis->findings,
                  &analysis->limits) != INFSCAN_OK ||
        indicators_find(analysis->arena, &analysis->install, &scanner->limits,
                        &analysis->indicators,
                        &analysis->limits) != INFSCAN_OK) {
        return false;
    }
    if (analysis->diags.dropped) {
        /* Only repetitions are dropped: no reason for a partial result. */
        analysis->diags.dropped = 0;
    }
    return score_findings(analysis->arena, &analysis->findings,
                          &analysis->install, analysis->limits,
                          &analysis->score) == INFSCAN_OK;
}

static void set_status(struct analysis *analysis)
{
    struct infscan_summary *summary = &analysis->result->summary;

    summary->verdict = analysis->score.verdict;
    summary->score = analysis->score.points;
    if (analysis->limits) {
        summary->status = INFSCAN_RESULT_PARTIAL;
    } else if (!dialect_is_inf(analysis->dialect) &&
               analysis->score.verdict == INFSCAN_CLEAN) {
        summary->status = INFSCAN_RESULT_NOT_INF;
    } else {
        summary->status = INFSCAN_RESULT_OK;
    }
}

static struct analysis *analysis_new(struct infscan_scanner *scanner,
                                     struct infscan_result *result)
{
    struct analysis *analysis = ARENA_NEW(result->arena, struct analysis);

    if (analysis) {
        analysis->scanner = scanner;
        analysis->result = result;
        analysis->arena = result->arena;
        analysis->install.shape = SLICE_NONE;
        diag_list_init(&analysis->diags, result->arena,
                       (uint32_t)scanner->limits.value[LIMIT_diagnostics]);
    }
    return analysis;
}

void scanner_read(struct infscan_scanner *scanner,
                  struct infscan_result *result, struct str raw,
                  const struct companion_source *beside,
                  const struct decode_guess *forced, enum reading_count count)
{
    struct analysis *analysis = analysis_new(scanner, result);

    arena_set_deadline(result->arena, scanner->limits.value[LIMIT_seconds]);
    result->summary.size = raw.len;
    digest_sha256(raw, result->summary.sha256);
    if (!analysis) {
        result_fail(result, "out of memory");
        return;
    }
    analysis->raw = raw;
    analysis->beside = beside;
    analysis->forced = forced;
    analysis->is_ambiguous = count == READING_TWO;
    if (!stage_read(analysis) || arena_is_late(analysis->arena) ||
        !stage_profile(analysis)) {
        result_fail_by_limit(result);
        return;
    }
    stage_dialect(analysis);
    if (!stage_install(analysis) || !copied_analyse(analysis) ||
        !stage_autorun(analysis) || !stage_roles(analysis) ||
        !companions_list(analysis) || !stage_judge(analysis)) {
        result_fail_by_limit(result);
        return;
    }
    set_status(analysis);
    if (!analysis_publish(analysis)) {
        result_fail_by_limit(result);
    }
}

struct infscan_result *scanner_begin(const struct infscan_scanner *scanner,
                                     const char *path)
{
    struct infscan_result *result =
        result_new((size_t)scanner->limits.value[LIMIT_memory_bytes], path);

    if (result) { /* the rule set may be gone before the result is */
        struct str digest = arena_copy(
            result->arena, str_from(infscan_ruleset_digest(scanner->rules)));
        result->summary.rules_digest = digest.bytes ? digest.bytes : "";
    }
    return result;
}

void scanner_conclude(struct infscan_scanner *scanner,
                      struct infscan_result *result, limit_set limits)
{
    struct analysis *analysis = analysis_new(scanner, result);

    if (!analysis) {
        result_fail(result, "out of memory");
        return;
    }
    analysis->limits = limits;
    analysis->dialect = DIALECT_UNKNOWN;
    result->summary.refusal = inf_refusal_name(INF_WRONG_STYLE);
    if (!stage_judge(analysis)) {
        result_fail(result, "out of memory");
        return;
    }
    set_status(analysis);
    if (!analysis_publish(analysis)) {
        result_fail(result, "out of memory");
    }
}

bool scanner_need_libarchive(struct infscan_scanner *scanner)
{
    if (!scanner->libarchive) {
        scanner->libarchive = libarchive_open();
    }
    return scanner->libarchive != NULL;
}

/* An install of one action, for a command that no INF is around. */
static bool install_of_command(struct analysis *analysis, struct slice command)
{
    struct action *action = ARENA_NEW(analysis->arena, struct action);

    if (!action) {
        return false;
    }
    action->kind = INFSCAN_RUN_COMMAND;
    action->text = action->subject = action->command = action->place = command;
    action->reach = REACH_LAUNCHER;
    analysis->install.actions = action;
    analysis->install.n_actions = 1;
    return command_peel(analysis->arena, command, &analysis->scanner->limits,
                        &action->peeled);
}

enum infscan_status infscan_peel(struct infscan_scanner *scanner,
                                 const char *command, size_t len,
                                 struct infscan_result **out,
                                 struct infscan_string *final)
{
    struct infscan_result *result = scanner_begin(scanner, "-");
    struct analysis *analysis = result ? analysis_new(scanner, result) : NULL;
    struct str raw =
        result ? arena_copy(result->arena, str_of(command, len)) : STR("");
    struct decoded decoded;

    if (result) {
        arena_set_deadline(result->arena, scanner->limits.value[LIMIT_seconds]);
    }
    enum encoding encoding = utf8_is_valid(raw) ? ENCODING_UTF8 : ENCODING_ANSI;

    if (!analysis || !raw.bytes ||
        decode_as(result->arena, raw, encoding, 0, 0, NULL, &decoded) !=
            INFSCAN_OK ||
        !source_init(&result->source, result->arena, raw, decoded.text) ||
        !install_of_command(analysis, slice_all(decoded.text)) ||
        !stage_judge(analysis)) {
        infscan_result_free(result);
        return INFSCAN_NO_MEMORY;
    }
    result->summary.size = raw.len;
    result->summary.encoding = decoded.name;
    analysis->dialect = DIALECT_ADVANCED;
    set_status(analysis);
    if (!analysis_publish(analysis)) {
        infscan_result_free(result);
        return INFSCAN_NO_MEMORY;
    }
    *final =
        result_string(slice_str(analysis->install.actions[0].peeled.final));
    *out = result;
    return INFSCAN_OK;
}
