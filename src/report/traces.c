/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include <infscan/attack.h>

#include "report/story.h"
#include "report/technique.h"

/* How much is shown without -v. */
#define MAX_ROWS 20u /* of one section */

/* What an action leaves on a host: first the members that say where, joined by
 * `separator`, then the one that says what. */
struct trace_row {
    enum infscan_action_kind kind;
    const char *label;
    const char *where; /* preferred alone, if the action has it */
    const char *first;
    const char *second;
    const char *what;
};

static const struct trace_row traces[] = {
    {INFSCAN_LOAD_DLL, "file", NULL, "path", NULL, NULL},
    {INFSCAN_COPY_FILE, "file", NULL, "destination", NULL, NULL},
    {INFSCAN_RENAME_FILE, "file", NULL, "destination", NULL, NULL},
    {INFSCAN_CREATE_SHORTCUT, "shortcut", NULL, "folder", "name", "target"},
    {INFSCAN_WRITE_INI, "INI file", NULL, "destination", NULL, "entry"},
    {INFSCAN_WRITE_REGISTRY, "registry", "normalized", "root", "key", "data"},
    {INFSCAN_INSTALL_SERVICE, "service", NULL, "name", NULL, "binary"},
    {INFSCAN_ADD_FILTER, "filter", NULL, "name", NULL, "binary"},
};

static const struct trace_row *trace_of(enum infscan_action_kind kind)
{
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
        if (traces[i].kind == kind) {
            return &traces[i];
        }
    }
    return NULL;
}

static void add_member(struct page *page, const char *before,
                       const struct infscan_action *action, const char *name)
{
    struct infscan_string text =
        name ? story_member(action, name) : string_of_z(NULL);

    if (text.len) {
        page_add(page, before);
        page_add_hostile(page, text);
    }
}

/* "HKCU\Software\...  value = data" */
static void trace_line(struct page *page, const struct infscan_action *action,
                       const struct trace_row *row)
{
    page_add_format(page, "%-9s ", row->label);
    if (row->where && story_member(action, row->where).len) {
        add_member(page, "", action, row->where);
    } else {
        add_member(page, "", action, row->first);
        add_member(page, "\\", action, row->second);
    }
    if (row->kind == INFSCAN_WRITE_REGISTRY) {
        add_member(page, ", value ", action, "value");
    }
    add_member(page, " = ", action, row->what);
    page_flush(page, 2, 12, story_max_lines(page, 3));
}

/* A section whose heading comes with its first row. */
struct listing {
    struct page *page;
    const char *heading;
    const char *note;
    size_t rows;
};

/* Whether the next row is to be written. */
static bool listing_row(struct listing *listing)
{
    if (listing->rows == 0) {
        page_heading(listing->page, listing->heading, listing->note);
    }
    return listing->rows++ < MAX_ROWS || page_is_verbose(listing->page);
}

static void listing_end(const struct listing *listing)
{
    if (listing->rows > MAX_ROWS && !page_is_verbose(listing->page)) {
        page_add_format(listing->page, "and %zu more, see -v",
                        listing->rows - MAX_ROWS);
        page_flush(listing->page, 2, 2, PAGE_ALL_LINES);
    }
}

/* What a report is about: a bare command has no lines and one action. */
enum subject {
    SUBJECT_FILE,
    SUBJECT_COMMAND
};

/* "url       hxxp://example[.]invalid/a  (download, #0, line 9)" */
static void indicator_line(struct page *page,
                           const struct infscan_indicator *indicator,
                           enum subject subject)
{
    page_add_format(page, "%-9s ", indicator->type);
    page_add_hostile(page, indicator->value);
    page_add(page, "  (");
    if (indicator->role && *indicator->role) {
        page_add(page, indicator->role);
        page_add(page, ", ");
    }
    if (indicator->port && (strcmp(indicator->type, "ip") == 0 ||
                            strcmp(indicator->type, "domain") == 0)) {
        page_add_format(page, "port %" PRIu32 ", ", indicator->port);
    }
    if (subject == SUBJECT_FILE) {
        page_add_format(page, "#%" PRIu32, indicator->action);
    }
    if (indicator->layer != INFSCAN_NO_INDEX) {
        page_add_format(page, "%sdecoded %" PRIu32,
                        subject == SUBJECT_FILE ? ", " : "",
                        indicator->layer + 1);
    } else if (subject == SUBJECT_COMMAND) {
        page_add(page, "as given");
    }
    if (subject == SUBJECT_FILE) {
        story_add_line_number(page, indicator->place);
    }
    page_add(page, ")");
    page_flush(page, 2, 12, story_max_lines(page, STORY_COMMAND_LINES));
}

static bool is_address(const struct infscan_indicator *indicator)
{
    return strcmp(indicator->type, "url") == 0 ||
           strcmp(indicator->type, "unc") == 0 ||
           strcmp(indicator->type, "domain") == 0 ||
           strcmp(indicator->type, "ip") == 0;
}

/* A host comes behind the address that it was found in, which shows it. */
static bool is_said_before(const struct infscan_indicator *indicators, size_t i)
{
    const struct infscan_string *host = &indicators[i].value;

    return i > 0 &&
           (strcmp(indicators[i].type, "domain") == 0 ||
            strcmp(indicators[i].type, "ip") == 0) &&
           is_address(&indicators[i - 1]) &&
           str_find(str_of(indicators[i - 1].value.bytes,
                           indicators[i - 1].value.len),
                    str_of(host->bytes, host->len), 0) != STR_NONE;
}

static void put_network(struct page *page, const struct infscan_result *result)
{
    struct listing listing = {page, "Network", "addresses", 0};
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (is_address(&indicators[i]) &&
            (page_is_verbose(page) || !is_said_before(indicators, i)) &&
            listing_row(&listing)) {
            indicator_line(page, &indicators[i], SUBJECT_FILE);
        }
    }
    listing_end(&listing);
}

/* Whether ATT&CK counts one of the techniques as a way to stay. Modify Registry
 * is any change of the registry: what it starts other techniques say. */
static bool is_persistence(const char *const *ids)
{
    for (size_t i = 0; ids && ids[i]; i++) {
        if (strcmp(ids[i], "T1112") == 0) {
            continue;
        }
        const char *now = infscan_attack_moved(ids[i]);
        const struct infscan_technique *technique =
            infscan_attack_find(now ? now : ids[i]);
        const struct infscan_tactic *tactic;
        for (unsigned k = 0; technique && (tactic = infscan_attack_tactic(k));
             k++) {
            if (technique->tactics & 1u << k &&
                strcmp(tactic->name, "Persistence") == 0) {
                return true;
            }
        }
    }
    return false;
}

static void mark_persistence(const struct infscan_result *result,
                             unsigned char *persists, size_t n_actions)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (findings[i].action < n_actions &&
            is_persistence(findings[i].attack)) {
            persists[findings[i].action] = 1;
        }
    }
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);
    for (size_t i = 0; i < n; i++) {
        if (indicators[i].action < n_actions && indicators[i].role &&
            strcmp(indicators[i].role, "persistence") == 0) {
            persists[indicators[i].action] = 1;
        }
    }
}

/* \Windows\System32\x.dll: every host has it. */
static bool is_of_windows(struct infscan_string path)
{
    static const char *const folders[] = {"C:\\Windows\\System32\\",
                                          "C:\\Windows\\SysWOW64\\"};
    struct str s = str_of_string(path);

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        struct str folder = str_from(folders[i]);
        if (str_starts_fold(s, folder)) {
            return str_find_char(s, '\\', folder.len) == STR_NONE;
        }
    }
    return false;
}

/* Whether an action leaves, or needs, something that can be looked for. */
static bool is_traced(const struct page *page,
                      const struct infscan_action *action)
{
    const struct trace_row *row = trace_of(action->kind);

    if (!row || !(action->listed || page_is_verbose(page)) ||
        (action->kind == INFSCAN_LOAD_DLL &&
         is_of_windows(story_member(action, row->first)))) {
        return false;
    }
    return story_member(action, row->first).len ||
           (row->where && story_member(action, row->where).len);
}

static void put_persistence(struct page *page,
                            const struct infscan_result *result,
                            const unsigned char *persists)
{
    struct listing listing = {page, "Persistence", "what would start again", 0};
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (!persists[i] || !listing_row(&listing)) {
            continue;
        }
        if (is_traced(page, &actions[i])) {
            trace_line(page, &actions[i], trace_of(actions[i].kind));
        } else {
            page_add_format(page, "#%-8" PRIu32 " ", actions[i].id);
            story_add_action_text(page, &actions[i]);
            page_flush(page, 2, 12, story_max_lines(page, 3));
        }
    }
    listing_end(&listing);
}

/* What is neither an address nor said by the action that it comes from. */
static bool is_hunted(const struct page *page,
                      const struct infscan_result *result,
                      const struct infscan_indicator *indicator,
                      const unsigned char *persists)
{
    const struct infscan_action *action =
        story_action(result, indicator->action);

    return !is_address(indicator) && !(action && (persists[indicator->action] ||
                                                  is_traced(page, action)));
}

static void put_hunt(struct page *page, const struct infscan_result *result,
                     const unsigned char *persists)
{
    struct listing listing = {page, "Hunt for", "what to look for on a host",
                              0};
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (is_hunted(page, result, &indicators[i], persists) &&
            listing_row(&listing)) {
            indicator_line(page, &indicators[i], SUBJECT_FILE);
        }
    }
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    for (size_t i = 0; i < n; i++) {
        if (!persists[i] && is_traced(page, &actions[i]) &&
            listing_row(&listing)) {
            trace_line(page, &actions[i], trace_of(actions[i].kind));
        }
    }
    listing_end(&listing);
}

void story_traces(struct page *page, const struct infscan_result *result)
{
    size_t n;
    unsigned char *persists;

    infscan_result_actions(result, &n);
    persists = calloc(n + 1, sizeof *persists);
    if (!persists) {
        page->sink->buf.failed = true;
        return;
    }
    mark_persistence(result, persists, n);
    put_network(page, result);
    put_persistence(page, result, persists);
    put_hunt(page, result, persists);
    free(persists);
}

void story_indicators(struct page *page, const struct infscan_result *result)
{
    struct listing listing = {page, "Indicators", "addresses, paths and names",
                              0};
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    for (size_t i = 0; i < n; i++) {
        if (listing_row(&listing)) {
            indicator_line(page, &indicators[i], SUBJECT_COMMAND);
        }
    }
    listing_end(&listing);
}

static bool is_named_before(const struct infscan_finding *const *findings,
                            size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; findings[i]->attack && findings[i]->attack[k]; k++) {
            if (strcmp(findings[i]->attack[k], id) == 0) {
                return true;
            }
        }
    }
    return false;
}

void story_techniques(struct page *page, const struct infscan_result *result,
                      enum infscan_severity min_severity)
{
    size_t n;
    const struct infscan_finding **findings =
        story_worst_first(page, result, min_severity, &n);
    struct listing listing = {page, "ATT&CK", "techniques and tactics", 0};

    for (size_t i = 0; i < n; i++) {
        const char *const *ids = findings[i]->attack;
        for (size_t k = 0; ids && ids[k] && listing.rows <= MAX_ROWS; k++) {
            if (!is_named_before(findings, i, ids[k]) &&
                listing_row(&listing)) {
                technique_line(page, ids[k], 2);
            }
        }
    }
    free(findings);
}
