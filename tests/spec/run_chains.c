/* SPDX-License-Identifier: MIT */
/* Runs chains.spec, effects.spec and indicators.spec: see the heads of those
 * files. */
#include <errno.h>

#include "base/buf.h"
#include "inf/parser.h"
#include "inf/profile.h"
#include "install/autorun.h"
#include "install/effects.h"
#include "rules/indicator.h"
#include "text/decode.h"

#define MAX_SPEC_BYTES ((size_t)1 << 20)

struct spec {
    const char *name;
    struct str rest;
    uint32_t line;
    unsigned passed;
    unsigned failed;
};

struct test_case {
    uint32_t line;
    struct str title;
    struct str launcher; /* what stands behind "$ ", or empty */
    struct buf input;
    struct buf expected;
};

static bool next_line(struct spec *spec, struct str *line)
{
    bool more = str_next(&spec->rest, '\n', line);

    spec->line += more;
    return more;
}

/* Adds a line; its ␍ is CR, its ␚ Ctrl-Z. */
static void add_line(struct buf *out, struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (str_equal(str_sub(line, i, 3), STR("\xE2\x90\x8D"))) {
            buf_add_char(out, '\r');
            i += 2;
        } else if (str_equal(str_sub(line, i, 3), STR("\xE2\x90\x9A"))) {
            buf_add_char(out, '\x1a');
            i += 2;
        } else {
            buf_add_char(out, line.bytes[i]);
        }
    }
    buf_add_char(out, '\n');
}

static bool next_case(struct spec *spec, struct test_case *out)
{
    struct str line;

    do {
        if (!next_line(spec, &line)) {
            return false;
        }
    } while (!str_starts_fold(line, STR("### ")));
    out->line = spec->line;
    out->title = str_sub(line, 4, line.len);
    out->launcher = STR("");
    buf_clear(&out->input);
    buf_clear(&out->expected);
    while (next_line(spec, &line) && !str_equal(line, STR("---"))) {
        add_line(&out->input, line);
    }
    while (next_line(spec, &line) && line.len) {
        if (str_starts_fold(line, STR("$ "))) {
            out->launcher = str_sub(line, 2, line.len);
        } else {
            add_line(&out->expected, line);
        }
    }
    return true;
}

static void show_targets(unsigned targets, struct buf *out)
{
    if (targets == INFSCAN_TARGET_ALL) {
        return;
    }
    buf_add_z(out, targets & INFSCAN_TARGET_X86 ? " x86" : "");
    buf_add_z(out, targets & INFSCAN_TARGET_AMD64 ? " amd64" : "");
    buf_add_z(out, targets & INFSCAN_TARGET_ARM64 ? " arm64" : "");
}

static void show_action(const struct action *action, struct buf *out)
{
    static const char *const kinds[INFSCAN_N_ACTION_KINDS] = {
        "run-command",      "load-dll",
        "write-registry",   "delete-registry",
        "copy-file",        "delete-file",
        "rename-file",      "install-service",
        "delete-service",   "create-shortcut",
        "write-ini",        "include-inf",
        "install-software", "add-filter",
        "set-security",     "other"};
    static const char *const reaches[] = {"", " (named)", " (removal)",
                                          " (nothing)"};

    buf_add_format(out, "  %s:", kinds[action->kind]);
    if (action->subject.len) {
        buf_add_char(out, ' ');
        buf_add(out, slice_str(action->subject));
    }
    buf_add_format(out, "%s\n", reaches[action->reach]);
    for (uint32_t i = 0; i < action->n_alternatives; i++) {
        buf_add_z(out, "    or: ");
        buf_add(out, slice_str(action->alternatives[i]));
        buf_add_char(out, '\n');
    }
}

static void show(const struct install *install, const struct diag_list *diags,
                 struct buf *out)
{
    for (uint32_t i = 0; i < install->n_plans; i++) {
        const struct plan *plan = &install->plans[i];
        buf_add_format(out, "%s [", launcher_name(plan->launcher));
        buf_add(out, slice_str(plan->section));
        buf_add_z(out, "]");
        show_targets(plan->targets, out);
        buf_add_z(out, plan->other_windows ? " (other Windows)" : "");
        buf_add_char(out, '\n');
        for (uint32_t k = 0; k < plan->n_actions; k++) {
            show_action(&install->actions[plan->actions[k]], out);
        }
    }
    for (uint32_t i = 0; i < diags->list.n; i++) {
        const struct diag *diag = &diags->list.items[i];
        struct slice what = diag->detail.len ? diag->detail : diag->place;
        buf_add_format(out, "! %s ", diag_info(diag->code)->code);
        buf_add(out, slice_str(what));
        buf_add_char(out, '\n');
    }
}

static void show_part(const char *before, struct slice part, struct buf *out)
{
    if (part.len) {
        buf_add_z(out, before);
        buf_add(out, slice_str(part));
    }
}

/* KIND: TARGET, NAME = DETAIL | TYPE | FLAGS | starts at WHEN | LAUNCHERS */
static bool show_effects(struct arena *arena, const struct install *install,
                         struct buf *out)
{
    struct effects effects;

    if (!effects_list(arena, install, &effects)) {
        return false;
    }
    for (uint32_t i = 0; i < effects.n; i++) {
        const struct effect *effect = &effects.items[i];
        buf_add_z(out, effect_kind_name(effect->kind));
        show_part(": ", effect->target, out);
        show_part(", ", effect->name, out);
        show_part(" = ", effect->detail, out);
        show_part(" | ", effect->type, out);
        show_part(" | ", effect->flags, out);
        if (effect->autostart) {
            buf_add_format(out, " | starts at %s", effect->autostart);
        }
        buf_add_z(out, " |");
        for (unsigned k = 0; k < N_LAUNCHERS; k++) {
            if (effect->launchers >> k & 1u) {
                buf_add_format(out, " %s", launcher_name((enum launcher_id)k));
            }
        }
        show_targets(effect->targets, out);
        buf_add_char(out, '\n');
    }
    return true;
}

/* TYPE ROLE VALUE | #ACTION | layer LAYER | port PORT */
static bool show_indicators(struct arena *arena, const struct install *install,
                            struct buf *out)
{
    struct indicators found = {0};
    limit_set hit = 0;

    if (indicators_find(arena, install, &limits_default, &found, &hit) !=
        INFSCAN_OK) {
        return false;
    }
    for (uint32_t i = 0; i < found.n; i++) {
        const struct indicator *indicator = &found.items[i];
        buf_add_format(out, "%s %s ", indicator->type, indicator->role);
        buf_add(out, slice_str(indicator->value));
        buf_add_format(out, " | #%u", (unsigned)indicator->action);
        if (indicator->layer != INFSCAN_NO_INDEX) {
            buf_add_format(out, " | layer %u", (unsigned)indicator->layer);
        }
        if (indicator->port) {
            buf_add_format(out, " | port %u", (unsigned)indicator->port);
        }
        buf_add_char(out, '\n');
    }
    return true;
}

/* Both readings use the same few steps up to the document. */
static bool analyse(const struct test_case *test, struct arena *arena,
                    const struct source *source, struct diag_list *diags,
                    struct install *install)
{
    struct launcher_choice choice;
    struct install_options options = {.inf_dir = STR("C:\\src")};
    struct inf_document document;
    const struct inf_strings *strings;
    uint32_t n_strings;

    if (str_starts_fold(test->title, STR("autorun:"))) {
        return profile_parse(arena, source, &limits_default, diags,
                             &document) == INFSCAN_OK &&
               autorun_analyse(arena, &document, &limits_default, install) ==
                   INFSCAN_OK;
    }
    if (test->launcher.len) {
        if (!launcher_parse(test->launcher, &choice)) {
            return false;
        }
        options.choices = &choice;
        options.n_choices = 1;
    }
    return inf_parse(arena, source, &limits_default, NULL, &document) ==
               INFSCAN_OK &&
           inf_strings_list(arena, &document, &strings, &n_strings) ==
               INFSCAN_OK &&
           install_analyse(arena, &document, strings, &options, &limits_default,
                           diags, install) == INFSCAN_OK;
}

static bool run(const struct test_case *test, struct buf *actual)
{
    struct arena *arena = arena_new(SIZE_MAX);
    bool whole = str_starts_fold(test->title, STR("autorun:"));
    struct buf raw;
    struct decoded decoded;
    struct source source;
    struct diag_list diags;
    struct install install;

    buf_init(&raw, MAX_SPEC_BYTES);
    if (!whole) {
        buf_add_z(&raw, "[Version]\nSignature=\"$Windows NT$\"\n");
    }
    buf_add(&raw, buf_str(&test->input));
    buf_clear(actual);
    diag_list_init(&diags, arena, 100);
    bool ok = decode_as(arena, buf_str(&raw), ENCODING_ANSI, 0, 0, NULL,
                        &decoded) == INFSCAN_OK &&
              source_init(&source, arena, buf_str(&raw), decoded.text) &&
              analyse(test, arena, &source, &diags, &install);
    if (ok && str_starts_fold(test->title, STR("effects:"))) {
        ok = show_effects(arena, &install, actual);
    } else if (ok && str_starts_fold(test->title, STR("indicators:"))) {
        ok = show_indicators(arena, &install, actual);
    } else if (ok) {
        show(&install, &diags, actual);
    }
    buf_deinit(&raw);
    arena_free(arena);
    return ok;
}

static void run_all(struct spec *spec)
{
    struct test_case test = {0};
    struct buf actual;

    buf_init(&actual, MAX_SPEC_BYTES);
    buf_init(&test.input, MAX_SPEC_BYTES);
    buf_init(&test.expected, MAX_SPEC_BYTES);
    while (next_case(spec, &test)) {
        if (run(&test, &actual) &&
            str_equal(buf_str(&actual), buf_str(&test.expected))) {
            spec->passed++;
            continue;
        }
        spec->failed++;
        fprintf(stderr, "%s:%u: %.*s\n--- expected\n%.*s--- actual\n%.*s\n",
                spec->name, test.line, (int)test.title.len, test.title.bytes,
                (int)test.expected.len,
                test.expected.bytes ? test.expected.bytes : "", (int)actual.len,
                actual.bytes ? actual.bytes : "");
    }
    buf_deinit(&test.input);
    buf_deinit(&test.expected);
    buf_deinit(&actual);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    char *text = malloc(MAX_SPEC_BYTES);

    if (!file || !text) {
        fprintf(stderr, "usage: run_chains FILE.spec: %s\n", strerror(errno));
        free(text);
        return 2;
    }
    size_t len = fread(text, 1, MAX_SPEC_BYTES, file);
    struct spec spec = {.name = argv[1], .rest = str_of(text, len)};
    run_all(&spec);
    printf("%u passed, %u failed\n", spec.passed, spec.failed);
    fclose(file);
    free(text);
    return spec.failed || !spec.passed;
}
