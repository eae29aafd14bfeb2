/* SPDX-License-Identifier: MIT */
#include "report/story.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"

/* How much is shown without -v. */
#define MAX_PLANS 12u
#define MAX_PLAN_ACTIONS 12u
#define MAX_COMMAND_LINES 4u
#define MAX_LAYER_LINES 12u
#define MAX_INDICATORS 40u

static struct infscan_string string_of(const char *z)
{
    return (struct infscan_string){z ? z : "", z ? strlen(z) : 0};
}

static struct str str_of_string(struct infscan_string s)
{
    return str_of(s.bytes, s.len);
}

static unsigned max_lines(const struct page *page, unsigned lines)
{
    return page_is_verbose(page) ? PAGE_ALL_LINES : lines;
}

static const struct infscan_action *
action_at(const struct infscan_result *result, uint32_t id)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    return id < n ? &actions[id] : NULL;
}

struct infscan_string story_member(const struct infscan_action *action,
                                   const char *name)
{
    for (size_t i = 0; i < action->n_members; i++) {
        if (strcmp(action->members[i].name, name) == 0) {
            return action->members[i].text;
        }
    }
    return string_of(NULL);
}

static void add_section(struct page *page, struct infscan_string section)
{
    page_add(page, "[");
    page_add_hostile(page, section);
    page_add(page, "]");
}

static void add_line_number(struct page *page, struct infscan_place place)
{
    if (place.line) {
        page_add_format(page, ", line %" PRIu32, place.line);
        if (place.file) {
            page_add(page, " of ");
            page_add_hostile_z(page, place.file);
        }
    }
}

void story_chain(struct page *page, const struct infscan_action *action,
                 unsigned indent)
{
    if (action->n_chain == 0) {
        return;
    }
    page_add(page, "via ");
    for (size_t i = 0; i < action->n_chain; i++) {
        const struct infscan_link *link = &action->chain[i];
        page_add(page, i ? " > " : "");
        add_section(page, link->section);
        if (link->directive.len) {
            page_add(page, " ");
            page_add_hostile(page, link->directive);
        }
        add_line_number(page, link->place);
    }
    page_flush(page, indent, indent + 4, PAGE_ALL_LINES);
}

/* One line of a layer, the mark underlined if it lies in it. */
static void layer_line(struct page *page, struct str line, unsigned indent,
                       struct infscan_string mark, bool *marked)
{
    size_t at = mark.len && !*marked ? str_find(line, str_of_string(mark), 0)
                                     : STR_NONE;
    struct infscan_string shown = {line.bytes ? line.bytes : "", line.len};

    if (at != STR_NONE) {
        *marked = true;
        page_excerpt(page, indent, NULL, shown,
                     (struct span){at, at + mark.len});
        return;
    }
    page_add_hostile(page, shown);
    page_flush(page, indent, indent, max_lines(page, MAX_COMMAND_LINES));
}

static struct str without_cr(struct str line)
{
    while (line.len && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

void story_layer(struct page *page, const struct infscan_layer *layer,
                 size_t number, unsigned indent, struct infscan_string mark)
{
    struct str rest = str_of_string(layer->text);
    struct str line;
    unsigned lines = 0;
    bool marked = false;

    page_add_format(page, "decoded %zu, %s:", number, layer->step);
    page_flush(page, indent, indent + 2, PAGE_ALL_LINES);
    while (str_next(&rest, '\n', &line)) {
        line = without_cr(line);
        if (line.len == 0) {
            continue;
        }
        if (lines++ == MAX_LAYER_LINES && !page_is_verbose(page)) {
            page_add(page, "[more lines, see -v]");
            page_flush(page, indent + 2, indent + 2, PAGE_ALL_LINES);
            break;
        }
        layer_line(page, line, indent + 2, mark, &marked);
    }
    if (layer->gave_up) {
        page_add(page, "not resolved: ");
        page_add_hostile_z(page, layer->gave_up);
        page_flush(page, indent + 2, indent + 4, PAGE_ALL_LINES);
    }
}

static void plan_action(struct page *page, const struct infscan_action *action)
{
    page_add_format(page, "#%" PRIu32 " %s: ", action->id,
                    infscan_action_kind_name(action->kind));
    page_add_hostile(page, action->text);
    page_flush(page, 4, 7, max_lines(page, MAX_COMMAND_LINES));
}

static bool same_actions(const struct infscan_plan *a,
                         const struct infscan_plan *b)
{
    return a->n_actions == b->n_actions &&
           (a->n_actions == 0 ||
            memcmp(a->actions, b->actions, a->n_actions * sizeof *a->actions) ==
                0);
}

static void plan_actions(struct page *page, const struct infscan_result *result,
                         const struct infscan_plan *plan)
{
    uint64_t left_out = 0;
    unsigned shown = 0;

    for (size_t i = 0; i < plan->n_actions; i++) {
        const struct infscan_action *action =
            action_at(result, plan->actions[i]);
        bool fits = page_is_verbose(page) || shown < MAX_PLAN_ACTIONS;
        if (action && fits && (action->listed || page_is_verbose(page))) {
            plan_action(page, action);
            shown++;
        } else {
            left_out++;
        }
    }
    if (left_out) {
        page_add_format(page,
                        shown ? "and %" PRIu64 " more, see -v"
                              : "%" PRIu64 " actions, see -v",
                        left_out);
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
}

static void plan_head(struct page *page, const struct infscan_plan *plan)
{
    if (plan->invocation.len) {
        page_add_hostile(page, plan->invocation);
    } else {
        page_add_format(page, "launcher: %s", plan->launcher);
    }
    if (plan->section.len) {
        page_add(page, plan->invocation.len ? " enters " : ", ");
        add_section(page, plan->section);
    }
    if (plan->targets && plan->targets != INFSCAN_TARGET_ALL) {
        page_add_format(page, ", on%s%s%s",
                        plan->targets & INFSCAN_TARGET_X86 ? " x86" : "",
                        plan->targets & INFSCAN_TARGET_AMD64 ? " amd64" : "",
                        plan->targets & INFSCAN_TARGET_ARM64 ? " arm64" : "");
    }
    if (plan->strings.len) {
        page_add(page, ", where Windows speaks language ");
        page_add_hostile(page, plan->strings);
    }
    page_flush(page, 2, 6, PAGE_ALL_LINES);
}

/* The earlier plan that does the same, or `at` itself. */
static size_t first_alike(const struct infscan_plan *plans, size_t at)
{
    for (size_t i = 0; i < at && i < MAX_PLANS; i++) {
        if (same_actions(&plans[i], &plans[at])) {
            return i;
        }
    }
    return at;
}

void story_plans(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_plan *plans = infscan_result_plans(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "What would run");
    for (size_t i = 0; i < n; i++) {
        if (i == MAX_PLANS && !page_is_verbose(page)) {
            page_add_format(page, "and %zu other ways to start it, see -v",
                            n - i);
            page_flush(page, 2, 2, PAGE_ALL_LINES);
            break;
        }
        plan_head(page, &plans[i]);
        size_t alike = first_alike(plans, i);
        if (alike != i && plans[i].n_actions) {
            page_add_format(page, "the same as %s", plans[alike].launcher);
            page_flush(page, 4, 4, PAGE_ALL_LINES);
        } else {
            plan_actions(page, result, &plans[i]);
        }
    }
}

/* Bytes of a raw file that a character took. Encodings whose characters differ
 * in size otherwise count one byte each: an underline may then be short. */
static size_t raw_bytes(const char *encoding, uint32_t code, size_t utf8_bytes)
{
    if (encoding && strncmp(encoding, "utf-16", 6) == 0) {
        return code > 0xFFFF ? 4 : 2;
    }
    if (encoding && strncmp(encoding, "utf-8", 5) == 0) {
        return utf8_bytes;
    }
    return 1;
}

/* Where a place lies in its decoded line. */
static struct span mark_of(struct infscan_string line,
                           struct infscan_place place, const char *encoding)
{
    struct str rest = str_of_string(line);
    struct span mark = {0, 0};
    uint64_t raw = 0;

    for (uint32_t column = 1; rest.len; column++) {
        uint32_t code;
        size_t n = utf8_decode(rest, &code);
        size_t at = line.len - rest.len;
        if (column == place.column) {
            mark = (struct span){at, at};
        }
        if (column >= place.column) {
            if (raw >= place.length) {
                break;
            }
            raw += raw_bytes(encoding, code, n);
            mark.to = at + n;
        }
        rest = str_sub(rest, n, rest.len);
    }
    return mark;
}

/* What is underlined: of a match that comes from several places of one line
 * (a subject put together from fields), the longest. */
static struct infscan_place best_place(const struct infscan_finding *finding)
{
    struct infscan_place best = finding->place;

    for (size_t i = 0; i < finding->n_related; i++) {
        if (finding->related[i].line == best.line &&
            finding->related[i].length > best.length) {
            best = finding->related[i];
        }
    }
    return best;
}

static void finding_line(struct page *page, const struct infscan_result *result,
                         const struct infscan_finding *finding)
{
    struct infscan_place place = best_place(finding);
    char gutter[12];

    if (place.line == 0) {
        return;
    }
    struct infscan_string line = infscan_result_place_line(result, &place);
    snprintf(gutter, sizeof gutter, "%" PRIu32, place.line);
    page_excerpt(
        page, 2, gutter, line,
        mark_of(line, place, infscan_result_summary(result)->encoding));
}

static void finding_head(struct page *page,
                         const struct infscan_finding *finding)
{
    static const enum style styles[] = {
        [INFSCAN_INFO] = STYLE_DIM,       [INFSCAN_LOW] = STYLE_PLAIN,
        [INFSCAN_MEDIUM] = STYLE_WARNING, [INFSCAN_HIGH] = STYLE_BAD,
        [INFSCAN_CRITICAL] = STYLE_BAD,
    };
    char severity[16];

    snprintf(severity, sizeof severity, "  %-8s",
             infscan_severity_name(finding->severity));
    page_put(page, styles[finding->severity], severity);
    page_add_format(page, "  +%" PRIu32 "  ", finding->score);
    page_add_hostile_z(page, finding->rule);
    for (size_t i = 0; finding->attack && finding->attack[i]; i++) {
        page_add(page, i ? ", " : "  ");
        page_add_hostile_z(page, finding->attack[i]);
    }
    if (finding->action != INFSCAN_NO_INDEX) {
        page_add_format(page, "  #%" PRIu32, finding->action);
    }
    page_flush(page, 0, 12, PAGE_ALL_LINES);
    page_add_hostile_z(page, finding->title);
    page_flush(page, 4, 4, PAGE_ALL_LINES);
}

/* Layers that a finding shows: all under the first of an action, later only
 * the one it matched in. */
static void finding_layers(struct page *page,
                           const struct infscan_action *action,
                           const struct infscan_finding *finding, bool is_first)
{
    for (size_t i = 0; i < action->n_layers; i++) {
        bool is_own = finding->layer == i;
        if (is_first || is_own) {
            story_layer(page, &action->layers[i], i + 1, 4,
                        is_own ? finding->match : string_of(NULL));
        }
    }
}

/* The lines of strings that a match was spelled in, other than its own. */
static void finding_related(struct page *page,
                            const struct infscan_finding *finding)
{
    uint32_t last = finding->place.line;
    bool any = false;

    for (size_t i = 0; i < finding->n_related; i++) {
        uint32_t line = finding->related[i].line;
        if (line && line != last) {
            page_add_format(page, "%s %" PRIu32, any ? "," : "spelled in line",
                            line);
            any = true;
            last = line;
        }
    }
    if (any) {
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
}

static void finding_why(struct page *page,
                        const struct infscan_finding *finding)
{
    if (finding->why && *finding->why) {
        page_add_hostile_z(page, finding->why);
        page_flush(page, 4, 4, PAGE_ALL_LINES);
    }
    finding_related(page, finding);
}

void story_findings(struct page *page, const struct infscan_result *result,
                    enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);
    bool started = false;
    uint32_t last_action = INFSCAN_NO_INDEX;

    for (size_t i = 0; i < n; i++) {
        const struct infscan_finding *finding = &findings[i];
        const struct infscan_action *action =
            action_at(result, finding->action);
        if (finding->severity < min_severity) {
            continue;
        }
        if (started) {
            page_blank(page);
        } else {
            page_heading(page, "Findings");
        }
        started = true;
        finding_head(page, finding);
        finding_line(page, result, finding);
        finding_why(page, finding);
        if (action) {
            bool is_first = finding->action != last_action;
            finding_layers(page, action, finding, is_first);
            if (is_first) {
                story_chain(page, action, 4);
            }
        }
        last_action = finding->action;
    }
}

void story_indicators(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "Indicators");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_indicator *indicator = &indicators[i];
        if (i == MAX_INDICATORS && !page_is_verbose(page)) {
            page_add_format(page, "and %zu more, see -v", n - i);
            page_flush(page, 2, 2, PAGE_ALL_LINES);
            break;
        }
        page_add_format(page, "%-12s  ", indicator->type);
        page_add_hostile(page, indicator->value);
        if (indicator->role && *indicator->role) {
            page_add_format(page, "  (%s)", indicator->role);
        }
        add_line_number(page, indicator->place);
        page_flush(page, 2, 16, max_lines(page, MAX_COMMAND_LINES));
    }
}

static void gap(struct page *page)
{
    page_flush(page, 2, 4, PAGE_ALL_LINES);
}

static void gaps_of_file(struct page *page, const struct infscan_result *result)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    size_t n;
    const struct infscan_limit_hit *limits = infscan_result_limits(result, &n);

    for (size_t i = 0; i < n; i++) {
        page_add_format(page,
                        "the limit %s (%" PRIu64 ") was reached: what lies "
                        "behind it was not analysed",
                        limits[i].name, limits[i].value);
        gap(page);
    }
    if (!summary->accepted && summary->refusal) {
        page_add(page, "Windows would refuse this file: ");
        page_add_hostile_z(page, summary->refusal);
        if (summary->refusal_line) {
            page_add_format(page, ", line %" PRIu32, summary->refusal_line);
        }
        page_add(page, ". The report says what it would do if accepted.");
        gap(page);
    }
}

static void gaps_of_action(struct page *page,
                           const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_alternatives; i++) {
        page_add_format(page, "#%" PRIu32 " may also be read as: ", action->id);
        page_add_hostile(page, action->alternatives[i]);
        page_flush(page, 2, 4, max_lines(page, MAX_COMMAND_LINES));
    }
    for (size_t i = 0; i < action->n_layers; i++) {
        if (action->layers[i].gave_up) {
            page_add_format(page, "#%" PRIu32 ", %s: ", action->id,
                            action->layers[i].step);
            page_add_hostile_z(page, action->layers[i].gave_up);
            gap(page);
        }
    }
}

static bool has_gaps(const struct infscan_action *action)
{
    for (size_t i = 0; i < action->n_layers; i++) {
        if (action->layers[i].gave_up) {
            return true;
        }
    }
    return action->n_alternatives > 0;
}

static bool is_refused(const struct infscan_summary *summary)
{
    return !summary->accepted && summary->refusal;
}

void story_gaps(struct page *page, const struct infscan_result *result)
{
    size_t n_limits;
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    bool started = (infscan_result_limits(result, &n_limits), n_limits > 0) ||
                   is_refused(infscan_result_summary(result));

    if (started) {
        page_heading(page, "Not established");
        gaps_of_file(page, result);
    }
    for (size_t i = 0; i < n; i++) {
        if (!has_gaps(&actions[i])) {
            continue;
        }
        if (!started) {
            page_heading(page, "Not established");
            started = true;
        }
        gaps_of_action(page, &actions[i]);
    }
}

void story_all_actions(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "All actions");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_action *action = &actions[i];
        plan_action(page, action);
        if (!action->reachable) {
            page_add(page, "reached only by naming a section, or not at all");
            page_flush(page, 7, 7, PAGE_ALL_LINES);
        }
        for (size_t k = 0; k < action->n_layers; k++) {
            story_layer(page, &action->layers[k], k + 1, 7, string_of(NULL));
        }
        story_chain(page, action, 7);
    }
}

void story_diagnostics(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "Diagnostics");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_diagnostic *diagnostic = &diagnostics[i];
        page_add_format(page, "%s  %-8s  ", diagnostic->code,
                        infscan_severity_name(diagnostic->severity));
        page_add_hostile(page, diagnostic->message);
        add_line_number(page, diagnostic->place);
        page_flush(page, 2, 21, PAGE_ALL_LINES);
    }
}
