/* SPDX-License-Identifier: MIT */
#include "install/shape.h"

#include "install/decoration.h"

struct facts {
    struct walk *walk;
    const struct install *install;
    const struct inf_section *version;
    bool directives[N_DIRECTIVES]; /* that some action comes from */
    bool kinds[INFSCAN_N_ACTION_KINDS];
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
    const struct inf_line *lines = facts->walk->document->lines;
    (void)number;
    for (uint32_t i = facts->version ? facts->version->first : INF_NONE;
         i != INF_NONE; i = lines[i].next) {
        if (lines[i].has_key == INF_KEY_WRITTEN &&
            str_starts_fold(slice_str(lines[i].key), str_from(argument))) {
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
    return decoration_forms(facts->walk->document, facts->walk->arena,
                            str_from(argument), forms) > 0;
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
    const struct inf_section *files =
        inf_document_find(facts->walk->document, STR("SourceDisksFiles"));
    const struct inf_line *lines = facts->walk->document->lines;
    bool settings = false;
    (void)argument;
    for (uint32_t i = files ? files->first : INF_NONE; i != INF_NONE;
         i = lines[i].next) {
        struct str name = slice_str(lines[i].key);
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
    if (line->n_fields < 3 ||
        !str_equal_fold(slice_str(line->fields[2]),
                        STR("ProfileInstallPath")) ||
        !str_ends_fold(slice_str(line->fields[1]), STR("CMMGR32.EXE"))) {
        return;
    }
    facts->cm_app_paths = true;
    for (uint32_t i = 3; i < line->n_fields; i++) {
        if (str_find_fold(slice_str(line->fields[i]), STR("%UnexpectedError%"),
                          0) != STR_NONE) {
            facts->cm_error_used = true;
        }
    }
}

static void gather(struct facts *facts)
{
    const struct inf_document *document = facts->walk->document;
    for (uint32_t i = 0; i < facts->install->n_actions; i++) {
        const struct action *action = &facts->install->actions[i];
        if (action->reach != REACH_NONE) {
            facts->directives[action->directive] = true;
            facts->kinds[action->kind] = true;
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
    return walk->document->n_sections ? walk->document->sections[0].header
                                      : SLICE_NONE;
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
