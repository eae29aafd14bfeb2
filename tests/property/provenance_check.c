/* SPDX-License-Identifier: MIT */
/*
 * Whatever is derived from a file can name the raw bytes it came
 * from. Over every file given (folders are walked): each text that a field, a
 * substituted field or a finding stands in is sound down to the raw file; each
 * slice reached by copies alone equals the decoded bytes it names; every place
 * of a result lies inside the file, and its line and column lead to its offset.
 */
#include "provenance_check.h"

#include <infscan/infscan.h>

#include "base/buf.h"
#include "inf/strings.h"
#include "install/path.h"
#include "scan/reading.h"
#include "text/trace.h"

#define MAX_DEPTH 140

struct check {
    const char *path;
    struct arena *arena;
    struct reading *reading;
    struct infscan_scanner *scanner;
    struct provenance_counts *counts;
};

static void fail(struct check *check, const char *what, struct str text)
{
    char *visible = infscan_visible(text.bytes ? text.bytes : "",
                                    text.len < 80 ? text.len : 80);

    fprintf(stderr, "%s: %s: %s\n", check->path, what, visible);
    free(visible);
    check->counts->failures++;
}

/* Every text on the way down; hostile depth is cut. */
static bool sound_down(const struct text *text, struct str raw, unsigned depth)
{
    if (depth > MAX_DEPTH || !text_is_sound(text, raw)) {
        return false;
    }
    const struct text *last = NULL;
    for (uint32_t i = 0; i < text->n_pieces && i < 64; i++) {
        const struct text *origin = text_kind(text, i)->origin;
        if (origin && origin != last && origin->step != TEXT_DECODE &&
            !sound_down(origin, raw, depth + 1)) {
            return false;
        }
        last = origin;
    }
    return true;
}

static bool only_copies(struct slice slice)
{
    const struct text *text = slice.text;

    while (text && text->step != TEXT_DECODE) {
        if (text->n_pieces != 1 || !text_kind(text, 0)->copied ||
            text_kind(text, 0)->via.text) {
            return false;
        }
        text = text_kind(text, 0)->origin;
    }
    return text != NULL;
}

static void check_slice(struct check *check, struct slice slice)
{
    const struct source *source = &check->reading->source;
    struct arena_mark mark = arena_get_mark(check->arena);
    struct regions regions;

    check->counts->slices++;
    if (!slice.text) {
        return;
    }
    if (slice.text != source->text && !sound_down(slice.text, source->raw, 0)) {
        fail(check, "unsound text", slice_str(slice));
    }
    for (enum trace_view view = TRACE_SITE; view <= TRACE_SPELLING; view++) {
        if (!trace_regions(check->arena, slice, view, &regions)) {
            fail(check, "out of memory", slice_str(slice));
            break;
        }
        for (uint32_t i = 0; i < regions.n; i++) {
            struct region r = regions.items[i];
            if ((uint64_t)r.raw_off + r.raw_len > source->raw.len ||
                (uint64_t)r.text_off + r.text_len > source->text->bytes.len) {
                fail(check, "region outside the file", slice_str(slice));
            }
        }
        if (only_copies(slice) && regions.n == 1 &&
            !str_equal(str_sub(source->text->bytes, regions.items[0].text_off,
                               regions.items[0].text_len),
                       slice_str(slice))) {
            fail(check, "copy differs from its origin", slice_str(slice));
        }
    }
    arena_rewind(check->arena, mark);
}

static void check_model(struct check *check)
{
    const struct inf_document *document = &check->reading->document;
    const struct inf_strings *strings;
    uint32_t n_strings;
    struct path_context paths;

    if (!path_context_init(&paths, check->arena, STR("I:\\")) ||
        inf_strings_list(check->arena, document, &strings, &n_strings) !=
            INFSCAN_OK) {
        fail(check, "out of memory", STR(""));
        return;
    }
    struct inf_expander expander = {.arena = check->arena,
                                    .strings = strings,
                                    .directory = path_directory,
                                    .context = &paths,
                                    .max_bytes = SIZE_MAX};
    for (uint32_t i = 0; i < document->n_lines; i++) {
        const struct inf_line *line = &document->lines[i];
        check_slice(check, inf_line_place(document, line));
        for (uint32_t k = 0; k < inf_line_n_fields(document, line); k++) {
            struct slice expanded =
                inf_expand(&expander, inf_line_field(document, line, k));
            check_slice(check, inf_line_field(document, line, k));
            if (expanded.text != inf_line_field(document, line, k).text) {
                check_slice(check, expanded);
            }
        }
        if (inf_line_n_fields(document, line) > 1 && i % 16 == 0) {
            check_slice(check, inf_line_text(&expander, document, line, 0));
        }
    }
    for (uint32_t i = 0; i < document->n_sections; i++) {
        check_slice(check, document->sections[i].name);
    }
}

static void check_place(struct check *check, struct infscan_place place,
                        const char *what)
{
    const struct source *source = &check->reading->source;

    check->counts->places++;
    if (place.line == 0) {
        return;
    }
    struct slice line = source_line_text(source, place.line);
    if (place.offset + place.length > source->raw.len ||
        place.line > source->n_lines || place.column == 0) {
        fail(check, what, STR("place outside the file"));
        return;
    }
    /* the column, walked along the decoded line, leads to the offset */
    struct infscan_place start = trace_slice(
        source, check->arena,
        (struct slice){source->text, source_line_start(source, place.line), 0});
    if (place.offset < start.offset) {
        fail(check, what, slice_str(line));
    }
}

static void check_result(struct check *check,
                         const struct infscan_result *result)
{
    size_t n;

    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);
    for (size_t i = 0; i < n; i++) {
        check_place(check, findings[i].place, findings[i].rule);
        for (size_t k = 0; k < findings[i].n_related; k++) {
            check_place(check, findings[i].related[k], findings[i].rule);
        }
    }
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    for (size_t i = 0; i < n; i++) {
        if (actions[i].place.line == 0) {
            fail(check, "action without a place",
                 str_of(actions[i].text.bytes, actions[i].text.len));
        }
        check_place(check, actions[i].place, "action");
        for (size_t k = 0; k < actions[i].n_chain; k++) {
            check_place(check, actions[i].chain[k].place, "chain");
        }
    }
    const struct infscan_effect *effects = infscan_result_effects(result, &n);
    for (size_t i = 0; i < n; i++) {
        if (effects[i].n_actions == 0 || effects[i].place.line == 0) {
            fail(check, "effect from nowhere",
                 str_of(effects[i].target.bytes, effects[i].target.len));
        }
        check_place(check, effects[i].place, "effect");
    }
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);
    for (size_t i = 0; i < n; i++) {
        check_place(check, diagnostics[i].place, diagnostics[i].code);
    }
}

/* Bytes may be two files, by how they are read: the result tells of the worse
 * one. false when memory ran out. */
static bool check_other_reading(struct check *check, struct str raw,
                                const struct infscan_result *result)
{
    const char *encoding = infscan_result_summary(result)->encoding;
    struct decode_guess other;

    if (decode_other_guess(raw, 0, &other)) {
        struct reading *first = check->reading;
        check->reading =
            reading_make_as(check->arena, raw, other, &limits_default, NULL);
        if (!check->reading) {
            return false;
        }
        check_model(check);
        if (encoding && strcmp(encoding, first->decoded.name) == 0) {
            check->reading = first;
        }
    }
    return true;
}

bool provenance_check(struct infscan_scanner *scanner, const char *name,
                      struct str raw, struct provenance_counts *counts)
{
    struct check check = {.path = name, .scanner = scanner, .counts = counts};
    struct infscan_result *result = NULL;

    check.arena = arena_new(SIZE_MAX);
    if (!check.arena) {
        return false;
    }
    check.reading = reading_make(check.arena, raw, 0, &limits_default, NULL);
    bool ok = check.reading &&
              infscan_scan_bytes(scanner, name, raw.bytes, raw.len, &result) ==
                  INFSCAN_OK;
    if (ok) {
        check_slice(&check, slice_all(check.reading->source.text));
        check_model(&check);
        ok = check_other_reading(&check, raw, result);
    }
    if (ok) {
        check_result(&check, result);
    }
    infscan_result_free(result);
    arena_free(check.arena);
    return ok;
}
