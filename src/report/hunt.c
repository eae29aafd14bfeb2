/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "report/story.h"

/* How much is shown without -v. */
#define MAX_HUNT_ROWS 20u
#define MAX_PROCESS_ROWS 10u
#define MAX_PROCESSES 8u /* in one row, parent to child */

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
        name ? story_member(action, name) : (struct infscan_string){"", 0};

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
    page_flush(page, 2, 12, page_is_verbose(page) ? PAGE_ALL_LINES : 3);
}

static bool is_traced(const struct page *page,
                      const struct infscan_action *action)
{
    const struct trace_row *row = trace_of(action->kind);

    if (!row || !(action->listed || page_is_verbose(page))) {
        return false;
    }
    return story_member(action, row->first).len ||
           (row->where && story_member(action, row->where).len);
}

void story_hunt(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    size_t rows = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is_traced(page, &actions[i])) {
            continue;
        }
        if (rows == 0) {
            page_heading(page, "Hunt for");
        }
        if (rows++ < MAX_HUNT_ROWS || page_is_verbose(page)) {
            trace_line(page, &actions[i], trace_of(actions[i].kind));
        }
    }
    if (rows > MAX_HUNT_ROWS && !page_is_verbose(page)) {
        page_add_format(page, "and %zu more, see -v", rows - MAX_HUNT_ROWS);
        page_flush(page, 2, 2, PAGE_ALL_LINES);
    }
}

/* Programs that a decoded layer may start with; other first words there are
 * part of a script. */
static const char *const nested_programs[] = {
    "cmd",      "powershell", "pwsh",     "mshta",    "rundll32",
    "regsvr32", "wscript",    "cscript",  "certutil", "bitsadmin",
    "msbuild",  "msiexec",    "schtasks", "wmic",     "curl",
    "reg",      "net",        "sc",       "conhost",  "forfiles",
    "start",    "explorer",   "cmstp",    "control",  "installutil",
};

/* The program of a command line, without folder and .exe. */
static struct str program_of(struct infscan_string command)
{
    struct str rest = str_trim(str_of(command.bytes, command.len));
    struct str word = rest;

    if (rest.len && rest.bytes[0] == '"') {
        rest = str_sub(rest, 1, rest.len);
        word = rest;
        str_next(&rest, '"', &word);
    } else {
        str_next(&rest, ' ', &word);
    }
    for (size_t i = word.len; i > 0; i--) {
        if (word.bytes[i - 1] == '\\' || word.bytes[i - 1] == '/') {
            word = str_sub(word, i, word.len);
            break;
        }
    }
    if (str_ends_fold(word, STR(".exe"))) {
        word.len -= 4;
    }
    return word;
}

static bool is_nested_program(struct str name)
{
    for (size_t i = 0; i < sizeof nested_programs / sizeof nested_programs[0];
         i++) {
        if (str_equal_fold(name, str_from(nested_programs[i]))) {
            return true;
        }
    }
    return false;
}

/* Parent to child. */
struct lineage {
    struct str items[MAX_PROCESSES];
    unsigned n;
};

static void add_process(struct lineage *lineage, struct str name)
{
    if (name.len && lineage->n < MAX_PROCESSES &&
        !(lineage->n && str_equal_fold(lineage->items[lineage->n - 1], name))) {
        lineage->items[lineage->n++] = name;
    }
}

static struct lineage lineage_of(const struct infscan_plan *plan,
                                 const struct infscan_action *action)
{
    struct lineage lineage = {0};

    add_process(&lineage, program_of(plan->invocation));
    add_process(&lineage, program_of(action->text));
    for (size_t i = 0; i < action->n_layers; i++) {
        struct str name = program_of(action->layers[i].text);
        if (is_nested_program(name)) {
            add_process(&lineage, name);
        }
    }
    return lineage;
}

static bool same_lineage(const struct lineage *a, const struct lineage *b)
{
    if (a->n != b->n) {
        return false;
    }
    for (unsigned i = 0; i < a->n; i++) {
        if (!str_equal_fold(a->items[i], b->items[i])) {
            return false;
        }
    }
    return true;
}

static void add_program(struct page *page, struct str name)
{
    bool is_plain = true;

    for (size_t i = 0; i < name.len; i++) {
        is_plain = is_plain && (ascii_is_alnum(name.bytes[i]) ||
                                memchr("-_", name.bytes[i], 2) != NULL);
    }
    page_add_hostile(page, (struct infscan_string){name.bytes, name.len});
    page_add(page, is_plain ? ".exe" : "");
}

struct processes {
    struct lineage rows[MAX_PROCESS_ROWS];
    unsigned n;
};

/* Notes a row that is new. */
static void note(struct processes *processes, const struct lineage *lineage)
{
    for (unsigned i = 0; i < processes->n; i++) {
        if (same_lineage(&processes->rows[i], lineage)) {
            return;
        }
    }
    if (processes->n < MAX_PROCESS_ROWS) {
        processes->rows[processes->n++] = *lineage;
    }
}

static void note_plan(struct processes *processes,
                      const struct infscan_result *result,
                      const struct infscan_plan *plan)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < plan->n_actions; i++) {
        uint32_t id = plan->actions[i];
        if (id < n && actions[id].kind == INFSCAN_RUN_COMMAND) {
            struct lineage lineage = lineage_of(plan, &actions[id]);
            note(processes, &lineage);
        }
    }
}

void story_processes(struct page *page, const struct infscan_result *result)
{
    struct processes processes = {0};
    size_t n;
    const struct infscan_plan *plans = infscan_result_plans(result, &n);

    for (size_t i = 0; i < n && processes.n < MAX_PROCESS_ROWS; i++) {
        note_plan(&processes, result, &plans[i]);
    }
    if (processes.n == 0) {
        return;
    }
    page_heading(page, "Processes to expect");
    for (unsigned i = 0; i < processes.n; i++) {
        for (unsigned k = 0; k < processes.rows[i].n; k++) {
            page_add(page, k ? " > " : "");
            add_program(page, processes.rows[i].items[k]);
        }
        page_flush(page, 2, 4, PAGE_ALL_LINES);
    }
}
