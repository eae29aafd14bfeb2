/* SPDX-License-Identifier: MIT */
#include "install/shape.h"

#include "install/decoration.h"

struct facts {
    struct walk *walk;
    const struct install *install;
    const struct inf_section *version;
    bool directives[N_DIRECTIVES]; /* that some action comes from */
    bool kinds[INFSCAN_N_ACTION_KINDS];
    bool only_commands; /* what is reached runs programs and does no more */
    bool fixed_command; /* one of them is spelled as no installer would */
    bool own_service;   /* a program of its own that starts with Windows */
    bool cm_app_paths;  /* a directory is read from CMMGR32.EXE's key */
    bool cm_error_used; /* and %UnexpectedError% is what else it is */
};

static bool has_string(const struct facts *facts, struct str name)
{
    return map_get(&facts->walk->expander.strings->keys, name) != MAP_NONE;
}

static bool has_version_key(const struct facts *facts, const char *argument,
                            unsigned number)
{
    (void)number;
    return facts->version &&
           walk_find_key(facts->walk, facts->version, str_from(argument));
}

static bool has_version_prefix(const struct facts *facts, const char *argument,
                               unsigned number)
{
    const struct inf_document *document = facts->walk->document;
    (void)number;
    for (uint32_t i = facts->version ? facts->version->first : INF_NONE;
         i != INF_NONE; i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        char room[INF_SHORT_KEY];
        if (inf_line_has_key(document, line) == INF_KEY_WRITTEN &&
            str_starts_fold(inf_line_short_key(document, line, room),
                            str_from(argument))) {
            return true;
        }
    }
    return false;
}

static bool has_section(const struct facts *facts, const char *argument,
                        unsigned number)
{
    (void)number;
    return inf_document_find(facts->walk->document, str_from(argument));
}

static bool has_form(const struct facts *facts, const char *argument,
                     unsigned number)
{
    struct decorated forms[DECORATION_MAX_FORMS];
    (void)number;
    return decoration_forms(walk_finder(facts->walk), str_from(argument),
                            forms) > 0;
}

static bool has_directive(const struct facts *facts, const char *argument,
                          unsigned number)
{
    (void)argument;
    return facts->directives[number];
}

static bool has_action(const struct facts *facts, const char *argument,
                       unsigned number)
{
    (void)argument;
    return facts->kinds[number];
}

static bool has_refusal(const struct facts *facts, const char *argument,
                        unsigned number)
{
    (void)argument;
    return (unsigned)facts->walk->document->refusal == number;
}

static bool has_uninstall_key(const struct facts *facts, const char *argument,
                              unsigned number)
{
    (void)number;
    for (uint32_t i = 0; i < facts->install->n_actions; i++) {
        const struct action *action = &facts->install->actions[i];
        if (action->kind == INFSCAN_WRITE_REGISTRY &&
            str_find_fold(slice_str(action_member_value(action, "normalized")),
                          str_from(argument), 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static bool has_only_commands(const struct facts *facts, const char *argument,
                              unsigned number)
{
    (void)argument;
    (void)number;
    return facts->only_commands && facts->kinds[INFSCAN_RUN_COMMAND];
}

static bool has_fixed_command(const struct facts *facts, const char *argument,
                              unsigned number)
{
    (void)argument;
    (void)number;
    return facts->fixed_command;
}

static bool has_own_service(const struct facts *facts, const char *argument,
                            unsigned number)
{
    (void)argument;
    (void)number;
    return facts->own_service;
}

static bool has_driver_package(const struct facts *facts, const char *argument,
                               unsigned number)
{
    (void)argument;
    return has_version_key(facts, "Class", number) &&
           has_version_key(facts, "ClassGuid", number) &&
           has_section(facts, "Manufacturer", number);
}

static bool has_cm_strings(const struct facts *facts, const char *argument,
                           unsigned number)
{
    (void)argument;
    (void)number;
    return has_string(facts, STR("ServiceName")) &&
           has_string(facts, STR("ShortSvcName"));
}

static bool has_cm_app_paths(const struct facts *facts, const char *argument,
                             unsigned number)
{
    (void)argument;
    (void)number;
    return facts->cm_app_paths;
}

static bool has_cm_undefined_error(const struct facts *facts,
                                   const char *argument, unsigned number)
{
    (void)argument;
    (void)number;
    return facts->cm_error_used && !has_string(facts, STR("UnexpectedError"));
}

/* What CMAK writes and copies of its text leave out. */
static bool has_cm_genuine(const struct facts *facts, const char *argument,
                           unsigned number)
{
    const struct inf_document *document = facts->walk->document;
    const struct inf_section *files =
        inf_document_find(document, STR("SourceDisksFiles"));
    bool settings = false;
    (void)argument;
    for (uint32_t i = files ? files->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(document, i)) {
        char room[INF_SHORT_KEY];
        struct str name =
            inf_line_short_key(document, &document->lines[i], room);
        settings = settings || str_ends_fold(name, STR(".cms")) ||
                   str_ends_fold(name, STR(".cmp"));
    }
    return settings && facts->kinds[INFSCAN_COPY_FILE] &&
           has_cm_strings(facts, argument, number) &&
           has_string(facts, STR("UnexpectedError"));
}

/* "HKLM","...\App Paths\CMMGR32.EXE","ProfileInstallPath",prompt,default */
static void look_at_line(struct facts *facts, const struct inf_line *line)
{
    const struct inf_document *document = facts->walk->document;
    uint32_t n_fields = inf_line_n_fields(document, line);
    if (n_fields < 3 ||
        !str_equal_fold(slice_str(inf_line_field(document, line, 2)),
                        STR("ProfileInstallPath")) ||
        !str_ends_fold(slice_str(inf_line_field(document, line, 1)),
                       STR("CMMGR32.EXE"))) {
        return;
    }
    facts->cm_app_paths = true;
    for (uint32_t i = 3; i < n_fields; i++) {
        if (str_find_fold(slice_str(inf_line_field(document, line, i)),
                          STR("%UnexpectedError%"), 0) != STR_NONE) {
            facts->cm_error_used = true;
        }
    }
}

/* Installers name what they start by a directory number or by a file beside
 * the INF, since nobody knows the drive and folders of another computer. A
 * drive letter, or an interpreter of Windows, is written by hand. */
static bool is_fixed(struct str line)
{
    static const struct str programs[] = {
        {"cmd", 3},     {"powershell", 10}, {"pwsh", 4},    {"mshta", 5},
        {"wscript", 7}, {"cscript", 7},     {"command", 7}, {"conhost", 7}};

    line = str_trim(line);
    while (line.len && line.bytes[0] == '"') {
        line = str_sub(line, 1, line.len - 1);
    }
    if (line.len > 2 && ascii_is_alpha(line.bytes[0]) && line.bytes[1] == ':' &&
        (line.bytes[2] == '\\' || line.bytes[2] == '/')) {
        return true;
    }
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        size_t n = programs[i].len;
        if (str_starts_fold(line, programs[i]) &&
            (line.len == n || !ascii_is_alnum(line.bytes[n]))) {
            return true;
        }
    }
    return false;
}

/* A command as it is written, but for one that a string spells: directory
 * numbers look like drives once they are replaced. */
static struct str spelling(const struct action *action)
{
    struct str line = str_trim(slice_str(action->place));
    bool is_string =
        line.len > 1 && line.bytes[0] == '%' && !ascii_is_digit(line.bytes[1]);

    return is_string ? slice_str(action->command) : line;
}

/* SERVICE_WIN32_OWN_PROCESS or _SHARE_PROCESS, SERVICE_AUTO_START or sooner.
 * Source: Microsoft, INF AddService Directive. */
static bool starts_with_windows(const struct action *action)
{
    uint64_t type = 0;
    uint64_t start = UINT64_MAX;

    for (uint32_t i = 0; i < action->n_members; i++) {
        const struct action_member *member = &action->members[i];
        if (member->is_number && strcmp(member->name, "service_type") == 0) {
            type = member->number;
        } else if (member->is_number && strcmp(member->name, "start") == 0) {
            start = member->number;
        }
    }
    return (type & 0x30) != 0 && start <= 2;
}

static void gather_action(struct facts *facts, const struct action *action)
{
    facts->directives[action->directive] = true;
    facts->kinds[action->kind] = true;
    switch (action->kind) {
    case INFSCAN_RUN_COMMAND:
        facts->fixed_command =
            facts->fixed_command || is_fixed(spelling(action));
        return;
    case INFSCAN_INSTALL_SERVICE:
        facts->own_service = facts->own_service || starts_with_windows(action);
        break;
    default:
        break;
    }
    facts->only_commands = false;
}

static void gather(struct facts *facts)
{
    const struct inf_document *document = facts->walk->document;
    for (uint32_t i = 0; i < facts->install->n_actions; i++) {
        const struct action *action = &facts->install->actions[i];
        if (action->reach != REACH_NONE) {
            gather_action(facts, action);
        }
    }
    for (uint32_t i = 0; i < document->n_lines; i++) {
        look_at_line(facts, &document->lines[i]);
    }
}

/* What a reader is shown for a fact about the whole file. */
static struct slice evidence(const struct walk *walk,
                             const struct install *install)
{
    if (install->n_actions) {
        return install->actions[0].place;
    }
    return walk->document->n_sections ? walk->document->sections[0].name
                                      : SLICE_NONE;
}

const char *shape_trait_name(unsigned number)
{
    static const char *const names[] = {
#define TRAIT(name, test, argument, number, source) name,
#include "install/traits.def"
#undef TRAIT
    };
    return number < sizeof names / sizeof names[0] ? names[number] : NULL;
}

bool shape_is_trait(struct str name)
{
    const char *trait;

    for (unsigned i = 0; (trait = shape_trait_name(i)) != NULL; i++) {
        if (str_equal(name, str_from(trait))) {
            return true;
        }
    }
    return false;
}

struct slice shape_describe(struct walk *walk, const struct install *install)
{
    static const struct {
        const char *name;
        bool (*test)(const struct facts *facts, const char *argument,
                     unsigned number);
        const char *argument;
        unsigned number;
    } traits[] = {
#define TRAIT(name, test, argument, number, source)                            \
    {name, has_##test, argument, number},
#include "install/traits.def"
#undef TRAIT
    };
    struct facts facts = {
        .walk = walk,
        .install = install,
        .only_commands = true,
        .version = inf_document_find(walk->document, STR("Version"))};
    struct wording words;
    gather(&facts);
    wording_begin(&words, walk, evidence(walk, install));
    for (size_t i = 0; i < sizeof traits / sizeof traits[0]; i++) {
        if (traits[i].test(&facts, traits[i].argument, traits[i].number)) {
            if (words.builder.len) {
                wording_say(&words, " ");
            }
            wording_say(&words, traits[i].name);
        }
    }
    return wording_end(&words, walk, SLICE_NONE);
}
