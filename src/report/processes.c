/* SPDX-License-Identifier: MIT */
#include "report/story.h"

/* How much is shown. */
#define MAX_PROCESS_ROWS 24u
#define MAX_PROCESSES 8u /* in one row, parent to child */

/* Programs that a decoded layer may start with; other first words there are
 * part of a script. */
static const char *const nested_programs[] = {
    "cmd",      "powershell", "pwsh",     "mshta",       "rundll32",
    "regsvr32", "wscript",    "cscript",  "certutil",    "bitsadmin",
    "msbuild",  "msiexec",    "schtasks", "wmic",        "curl",
    "reg",      "net",        "sc",       "conhost",     "forfiles",
    "explorer", "cmstp",      "control",  "installutil",
};

/* Programs that ask a service to start what they were given: it is the
 * service's child, not theirs. Source: Microsoft, Task Scheduler, WMI
 * Architecture, Service Control Manager, BITS; Sysinternals, PsExec. */
static const struct {
    const char *program;
    const char *starter;
} brokers[] = {
    {"schtasks", "svchost"}, {"at", "svchost"},  {"bitsadmin", "svchost"},
    {"wmic", "WmiPrvSE"},    {"sc", "services"}, {"psexec", "PSEXESVC"},
};

/* The program of a command line, without folder and .exe. */
static struct str program_of(struct infscan_string command)
{
    struct str rest = str_trim(str_of_string(command));
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

/* What "start" starts: behind its title and switches. */
static struct str started(struct infscan_string command)
{
    struct str rest = str_trim(str_of_string(command));

    if (!str_equal_fold(program_of(command), STR("start"))) {
        return STR("");
    }
    rest = str_trim(str_sub(rest, sizeof "start" - 1, rest.len));
    while (rest.len && (rest.bytes[0] == '/' || rest.bytes[0] == '"')) {
        size_t end = str_find_char(rest, rest.bytes[0] == '"' ? '"' : ' ', 1);
        struct str behind = str_trim(
            str_sub(rest, end == STR_NONE ? rest.len : end + 1, rest.len));
        if (rest.bytes[0] == '"' && !behind.len) {
            break; /* the program itself in quotes */
        }
        rest = behind;
    }
    return program_of(string_of_str(rest));
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

/* Windows starts services from a process of its own, and what a user's logon
 * starts from the shell. */
static struct lineage lineage_of(const struct infscan_plan *plan,
                                 const struct infscan_action *action)
{
    struct lineage lineage = {0};
    struct infscan_string first = action->text;

    if (action->kind == INFSCAN_INSTALL_SERVICE) {
        first = story_member(action, "binary");
        add_process(&lineage, STR("services"));
    } else if (action->kind == INFSCAN_RUN_COMMAND) {
        add_process(&lineage, program_of(plan->invocation));
    } else {
        first = story_member(action, action->kind == INFSCAN_CREATE_SHORTCUT
                                         ? "target"
                                         : "data");
        add_process(&lineage, STR("explorer"));
    }
    add_process(&lineage, program_of(first));
    for (size_t i = 0; i < action->n_layers; i++) {
        struct str name = program_of(action->layers[i].text);
        if (is_nested_program(name)) {
            add_process(&lineage, name);
        }
        add_process(&lineage, started(action->layers[i].text));
    }
    return lineage;
}

/* Whether the shell starts it at the next logon. */
static bool runs_at_logon(const struct infscan_action *action)
{
    struct infscan_string place;

    if (action->kind == INFSCAN_CREATE_SHORTCUT) {
        place = story_member(action, "folder");
        return str_ends_fold(str_of_string(place), STR("\\Programs\\Startup"));
    }
    if (action->kind == INFSCAN_WRITE_REGISTRY) {
        place = story_member(action, "normalized");
        struct str key = str_of_string(place);
        return str_ends_fold(key, STR("\\CurrentVersion\\Run")) ||
               str_ends_fold(key, STR("\\CurrentVersion\\RunOnce"));
    }
    return false;
}

/* A driver runs in no process. */
static bool makes_process(const struct infscan_action *action)
{
    struct infscan_string binary;

    if (action->kind == INFSCAN_INSTALL_SERVICE) {
        binary = story_member(action, "binary");
        return binary.len && !str_ends_fold(str_of_string(binary), STR(".sys"));
    }
    return action->kind == INFSCAN_RUN_COMMAND || runs_at_logon(action);
}

/* Whether two are alike from one generation on. */
static bool same_lineage(const struct lineage *a, const struct lineage *b,
                         unsigned from)
{
    if (a->n != b->n || a->n <= from) {
        return false;
    }
    for (unsigned i = from; i < a->n; i++) {
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
    page_add_hostile(page, string_of_str(name));
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
        if (same_lineage(&processes->rows[i], lineage, 0)) {
            return;
        }
    }
    if (processes->n < MAX_PROCESS_ROWS) {
        processes->rows[processes->n++] = *lineage;
    }
}

static const char *starter_of(struct str program)
{
    for (size_t i = 0; i < sizeof brokers / sizeof brokers[0]; i++) {
        if (str_equal_fold(program, str_from(brokers[i].program))) {
            return brokers[i].starter;
        }
    }
    return NULL;
}

/* A row for each process that has the next ones as its children. */
static void note_families(struct processes *processes,
                          const struct lineage *lineage)
{
    struct lineage family = {0};

    for (unsigned i = 0; i < lineage->n; i++) {
        const char *starter = starter_of(lineage->items[i]);
        add_process(&family, lineage->items[i]);
        if (starter && i + 1 < lineage->n) {
            note(processes, &family);
            family = (struct lineage){.items = {str_from(starter)}, .n = 1};
        }
    }
    note(processes, &family);
}

static void note_plan(struct processes *processes,
                      const struct infscan_result *result,
                      const struct infscan_plan *plan)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    for (size_t i = 0; i < plan->n_actions; i++) {
        uint32_t id = plan->actions[i];
        if (id < n && makes_process(&actions[id])) {
            struct lineage lineage = lineage_of(plan, &actions[id]);
            note_families(processes, &lineage);
        }
    }
}

/* The first row that is this one but for the parent. */
static unsigned first_alike(const struct processes *processes, unsigned at)
{
    for (unsigned i = 0; i < at; i++) {
        if (same_lineage(&processes->rows[i], &processes->rows[at], 1)) {
            return i;
        }
    }
    return at;
}

/* "cmstp.exe, rundll32.exe > powershell.exe" */
static void put_row(struct page *page, const struct processes *processes,
                    unsigned first)
{
    const struct lineage *row = &processes->rows[first];

    add_program(page, row->items[0]);
    for (unsigned i = first + 1; i < processes->n; i++) {
        if (first_alike(processes, i) == first) {
            page_add(page, ", ");
            add_program(page, processes->rows[i].items[0]);
        }
    }
    for (unsigned k = 1; k < row->n; k++) {
        page_add(page, " > ");
        add_program(page, row->items[k]);
    }
    page_flush(page, 2, 4, PAGE_ALL_LINES);
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
    page_heading(page, "Processes to expect", "parent > child");
    for (unsigned i = 0; i < processes.n; i++) {
        if (first_alike(&processes, i) == i) {
            put_row(page, &processes, i);
        }
    }
}
