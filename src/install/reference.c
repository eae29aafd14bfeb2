/* SPDX-License-Identifier: MIT */
#include "install/reference.h"

#include "base/buf.h"
#include "install/directive.h"
#include "install/flag.h"
#include "install/launcher.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))
#define MAX_TEXT_BYTES ((size_t)4096)

/* --- the tables --- */

static const struct launcher_row {
    const char *name;
    const char *invocation;
    const char *privileges;
    const char *source;
    unsigned honours;
    const char *order;
} launchers[] = {
#define LAUNCHER(id, name, invocation, privileges, source, honours, order)     \
    {name, invocation, privileges, source, honours, order},
#include "install/launchers.def"
#undef LAUNCHER
};

static const struct {
    enum launcher_id launcher;
    const char *section;
} entries[] = {
#define ENTRY(launcher, section, ...) {LAUNCHER_##launcher, section},
#include "install/entries.def"
#undef ENTRY
};

static const struct suffix_row {
    const char *suffix;
    unsigned adds;
    unsigned launchers;
    const char *source;
} suffixes[] = {
#define ON(launcher) (1u << LAUNCHER_##launcher)
#define SUFFIX(suffix, adds, launchers, source)                                \
    {suffix, adds, launchers, source},
#include "install/suffixes.def"
#undef SUFFIX
#undef ON
};

static const struct key_row {
    const char *place;
    const char *name;
    const char *effect;
    const char *source;
} keys[] = {
#define KEY(place, name, effect, source) {place, name, effect, source},
#include "install/keys.def"
#undef KEY
};

enum role_effect {
    ROLE_ACTION,
    ROLE_COMMAND,
    ROLE_SOURCE,
    ROLE_REGISTRY,
    ROLE_RIGHT,
    ROLE_LIBRARY,
    ROLE_COMPONENT,
    ROLE_INF
};

static const struct role_row {
    enum launcher_id launcher;
    const char *name;
    const char *section;
    const char *key;
    enum role_effect effect;
    const char *source;
} roles[] = {
#define ROLE(launcher, guard, section, key, effect, source)                    \
    {LAUNCHER_##launcher,                                                      \
     "[" section "] " key,                                                     \
     section,                                                                  \
     key,                                                                      \
     ROLE_##effect,                                                            \
     source},
#include "install/roles.def"
#undef ROLE
};

static const struct way_row {
    const char *name;
    const char *programs;
    const char *ordinals;
    enum launcher_id launcher;
    const char *section;
    const char *privileges;
    const char *line;
    const char *source;
} ways[] = {
#define WAY(id, name, programs, library, entry, ordinals, launcher, grammar,   \
            arguments, section, privileges, line, source)                      \
    {name,    programs,   ordinals, LAUNCHER_##launcher,                       \
     section, privileges, line,     source},
#include "install/ways.def"
#undef WAY
};

enum way_row_id {
#define WAY(id, ...) WAY_ROW_##id,
#include "install/ways.def"
#undef WAY
};

static const struct {
    enum way_row_id way;
    const char *name;
    const char *word;
} switches[] = {
#define SWITCH(way, name, value, word, cases, source)                          \
    {WAY_ROW_##way, name, word},
#include "install/switches.def"
#undef SWITCH
};

/* Flags that records name, by the directive whose lines have them. */
static const struct {
    enum directive_id directive;
    enum flag_group group;
} flag_groups[] = {
    {DIRECTIVE_COPY_FILES, FLAGS_COPY},
    {DIRECTIVE_DEL_FILES, FLAGS_DELETE},
    {DIRECTIVE_ADD_REG, FLAGS_REGISTRY},
    {DIRECTIVE_DEL_REG, FLAGS_REGISTRY},
    {DIRECTIVE_BIT_REG, FLAGS_BITS},
    {DIRECTIVE_UPDATE_INIS, FLAGS_INI},
    {DIRECTIVE_UPDATE_INI_FIELDS, FLAGS_INI_FIELD},
    {DIRECTIVE_INI2REG, FLAGS_INI2REG},
    {DIRECTIVE_ADD_SERVICE, FLAGS_SERVICE},
    {DIRECTIVE_DEL_SERVICE, FLAGS_DEL_SERVICE},
    {DIRECTIVE_ADD_SOFTWARE, FLAGS_SOFTWARE},
    {DIRECTIVE_PROFILE_ITEMS, FLAGS_SHORTCUT},
    {DIRECTIVE_RUN_PRE_SETUP, FLAGS_COMMANDS},
    {DIRECTIVE_RUN_POST_SETUP, FLAGS_COMMANDS},
};

static const struct {
    enum directive_id directive;
    uint32_t flags;
    const char *words;
} flag_kinds[] = {
#define KIND(directive, flags, words, source)                                  \
    {DIRECTIVE_##directive, flags, words},
#include "install/flag_kinds.def"
#undef KIND
};

/* --- words --- */

static const char *role_words(enum role_effect effect)
{
    switch (effect) {
    case ROLE_ACTION:
    case ROLE_COMMAND:
        return "runs it: run-command";
    case ROLE_SOURCE:
        return "where a file is fetched from: copy-file";
    case ROLE_REGISTRY:
        return "sets a registry value: set-security, or write-registry where "
               "the value starts programs";
    case ROLE_RIGHT:
        return "sets a right, a policy or who may use what: set-security";
    case ROLE_LIBRARY:
        return "loads it: load-dll";
    case ROLE_COMPONENT:
        return "loads the library, calls the function and reads the INF that "
               "the line names: load-dll, include-inf";
    case ROLE_INF:
        return "runs a section of the INF that the line names: include-inf";
    }
    return "";
}

const char *reference_kind_name(enum topic_kind kind)
{
    switch (kind) {
    case TOPIC_LAUNCHER:
        return "launcher";
    case TOPIC_WAY:
        return "command line";
    case TOPIC_DIRECTIVE:
        return "directive";
    case TOPIC_SECTION:
        return "section beside an install section";
    case TOPIC_KEY:
        return "section or key";
    case TOPIC_OTHER:
        return "line that another reader acts on";
    case N_TOPIC_KINDS:
        break;
    }
    return "";
}

/* --- one topic --- */

struct maker {
    struct arena *arena;
    struct buf text;
    bool failed;
    struct reference_topic *out;
};

/* A fact of one piece of static text; none where that is empty. */
static void add_fact(struct maker *maker, const char *label, const char *text)
{
    if (*text) {
        maker->out->facts[maker->out->n_facts++] =
            (struct reference_fact){label, str_from(text)};
    }
}

/* One more piece of a fact that is put together. */
static void say(struct maker *maker, const char *text)
{
    buf_add_z(&maker->text, maker->text.len ? ", " : "");
    buf_add_z(&maker->text, text);
}

/* What was said becomes a fact, if there is any. */
static void end_fact(struct maker *maker, const char *label)
{
    if (maker->text.len) {
        struct str copy = arena_copy(maker->arena, buf_str(&maker->text));
        maker->failed = maker->failed || maker->text.failed || !copy.bytes;
        maker->out->facts[maker->out->n_facts++] =
            (struct reference_fact){label, copy};
    }
    buf_clear(&maker->text);
}

static struct str launcher_effect(const struct launcher_row *launcher)
{
    if (!*launcher->invocation) {
        return STR("no launcher: nothing leads to the section");
    }
    return launcher->honours ? STR("carries out the directives of the sections "
                                   "that it enters")
                             : STR("acts on lines of its own");
}

static void make_launcher(struct maker *maker, size_t row)
{
    const struct launcher_row *launcher = &launchers[row];

    maker->out->effect = launcher_effect(launcher);
    maker->out->source = str_from(launcher->source);
    add_fact(maker, "Started as", launcher->invocation);
    add_fact(maker, "Privileges", launcher->privileges);
    for (size_t i = 0; i < N_OF(entries); i++) {
        if (entries[i].launcher == (enum launcher_id)row) {
            say(maker, entries[i].section);
        }
    }
    end_fact(maker, "Enters");
    add_fact(maker, "Order", launcher->order);
    for (size_t i = 0; i < N_OF(ways); i++) {
        if (ways[i].launcher == (enum launcher_id)row) {
            say(maker, ways[i].name);
        }
    }
    end_fact(maker, "Command lines");
    for (unsigned i = 0; launcher->honours && i < N_DIRECTIVES; i++) {
        const struct directive_info *info =
            directive_info((enum directive_id)i);
        if (info->class & launcher->honours) {
            say(maker, info->name.bytes);
        }
    }
    end_fact(maker, "Carries out");
    for (size_t i = 0; i < N_OF(suffixes); i++) {
        if (suffixes[i].launchers >> row & 1u) {
            say(maker, suffixes[i].suffix);
        }
    }
    end_fact(maker, "Beside that");
    for (size_t i = 0; i < N_OF(roles); i++) {
        if (roles[i].launcher == (enum launcher_id)row &&
            (!i || strcmp(roles[i - 1].section, roles[i].section) != 0)) {
            say(maker, roles[i].section);
        }
    }
    end_fact(maker, "Reads");
}

static void make_way(struct maker *maker, size_t row)
{
    const struct way_row *way = &ways[row];

    maker->out->effect = STR("starts an INF file");
    maker->out->source = str_from(way->source);
    add_fact(maker, "As a log shows it", way->line);
    add_fact(maker, "Launcher", launchers[way->launcher].name);
    add_fact(maker, "Privileges", way->privileges);
    add_fact(maker, "Section where none is named", way->section);
    add_fact(maker, "Functions by number", way->ordinals);
    for (size_t i = 0; i < N_OF(switches); i++) {
        if (switches[i].way == (enum way_row_id)row) {
            const char *word = switches[i].word;
            say(maker, switches[i].name);
            if (*word && strcmp(word, switches[i].name) != 0) {
                buf_add_format(&maker->text, " (%s)", word);
            }
        }
    }
    end_fact(maker, "Switches");
}

/* Kinds of sections that directives of a class stand in. */
static void say_places(struct maker *maker, enum directive_class class)
{
    bool anywhere = false;

    for (size_t i = 0; i < LAUNCHER_NAMED_SECTION; i++) {
        anywhere = anywhere || (launchers[i].honours & (unsigned)class) != 0;
    }
    if (anywhere) {
        say(maker, "install sections");
    }
    if (class == DIRECTIVES_PRINTER) {
        say(maker, "install sections of printers");
    }
    for (size_t i = 0; i < N_OF(suffixes); i++) {
        if (suffixes[i].adds & (unsigned)class) {
            say(maker, suffixes[i].suffix);
        }
    }
    if (class == DIRECTIVES_SERVICE || class == DIRECTIVES_PLAIN) {
        say(maker, "service-install sections");
    }
}

static void say_flags(struct maker *maker, enum directive_id directive)
{
    for (size_t i = 0; i < N_OF(flag_groups); i++) {
        if (flag_groups[i].directive != directive) {
            continue;
        }
        for (unsigned bit = 0; bit < 32; bit++) {
            const char *word = flag_word(flag_groups[i].group, 1u << bit);
            if (word) {
                say(maker, word);
                buf_add_format(&maker->text, " (0x%x)", 1u << bit);
            }
        }
    }
}

static void say_flag_kinds(struct maker *maker, enum directive_id directive)
{
    for (size_t i = 0; i < N_OF(flag_kinds); i++) {
        if (flag_kinds[i].directive == directive) {
            say(maker, flag_kinds[i].words);
            buf_add_format(&maker->text, " (0x%x)", flag_kinds[i].flags);
        }
    }
}

/* Whether a launcher gets to directives of a class: in the section that it
 * enters, or in one beside it. Those of a service's section come with the
 * services; printers are devices. */
static bool carries_out(enum launcher_id launcher, enum directive_class class)
{
    unsigned classes = (unsigned)class;
    unsigned honours = launchers[launcher].honours;

    classes |= class == DIRECTIVES_SERVICE ? DIRECTIVES_SERVICES : 0u;
    if (class == DIRECTIVES_PRINTER) {
        return launcher == LAUNCHER_PNP;
    }
    if (honours & classes) {
        return true;
    }
    for (size_t i = 0; i < N_OF(suffixes); i++) {
        if ((suffixes[i].launchers >> launcher & 1u) &&
            (suffixes[i].adds & classes)) {
            return true;
        }
    }
    return false;
}

static void make_directive(struct maker *maker, size_t row)
{
    const struct directive_info *info = directive_info((enum directive_id)row);

    maker->out->effect = str_from(info->effect);
    maker->out->source = str_from(info->source);
    for (size_t i = 0; i < N_OF(launchers); i++) {
        if (carries_out((enum launcher_id)i, info->class)) {
            say(maker, launchers[i].name);
        }
    }
    end_fact(maker, "Launchers");
    say_places(maker, info->class);
    end_fact(maker, "Stands in");
    add_fact(maker, "Value", directive_operand_words(info->operand));
    add_fact(maker, "Fields", info->layout);
    add_fact(maker, "When", directive_phase_words(info->phase));
    say_flags(maker, (enum directive_id)row);
    end_fact(maker, "Flags that records name");
    say_flag_kinds(maker, (enum directive_id)row);
    end_fact(maker, "Flags that make another action");
}

static void make_section(struct maker *maker, size_t row)
{
    const struct suffix_row *suffix = &suffixes[row];

    maker->out->effect =
        STR("goes with the install section whose name stands before it");
    maker->out->source = str_from(suffix->source);
    for (unsigned i = 0; i < N_DIRECTIVES; i++) {
        const struct directive_info *info =
            directive_info((enum directive_id)i);
        if (info->class & (suffix->adds | DIRECTIVES_ANY)) {
            say(maker, info->name.bytes);
        }
    }
    end_fact(maker, "Directives");
    for (size_t i = 0; i < N_OF(launchers); i++) {
        if (suffix->launchers >> i & 1u) {
            say(maker, launchers[i].name);
        }
    }
    end_fact(maker, "Launchers");
}

static void make_key(struct maker *maker, size_t row)
{
    maker->out->effect = str_from(keys[row].effect);
    maker->out->source = str_from(keys[row].source);
    add_fact(maker, "Stands in",
             strcmp(keys[row].place, "section") == 0 ? "" : keys[row].place);
}

static void make_other(struct maker *maker, size_t row)
{
    maker->out->effect = str_from(role_words(roles[row].effect));
    maker->out->source = str_from(roles[row].source);
    add_fact(maker, "Launcher", launchers[roles[row].launcher].name);
}

static void make_topic(struct maker *maker, enum topic_kind kind, size_t row)
{
    switch (kind) {
    case TOPIC_LAUNCHER:
        make_launcher(maker, row);
        break;
    case TOPIC_WAY:
        make_way(maker, row);
        break;
    case TOPIC_DIRECTIVE:
        make_directive(maker, row);
        break;
    case TOPIC_SECTION:
        make_section(maker, row);
        break;
    case TOPIC_KEY:
        make_key(maker, row);
        break;
    case TOPIC_OTHER:
        make_other(maker, row);
        break;
    case N_TOPIC_KINDS:
        break;
    }
}

size_t reference_count(enum topic_kind kind)
{
    static const size_t counts[N_TOPIC_KINDS] = {
        [TOPIC_LAUNCHER] = N_OF(launchers), [TOPIC_WAY] = N_OF(ways),
        [TOPIC_DIRECTIVE] = N_DIRECTIVES,   [TOPIC_SECTION] = N_OF(suffixes),
        [TOPIC_KEY] = N_OF(keys),           [TOPIC_OTHER] = N_OF(roles),
    };

    return counts[kind];
}

struct str reference_name(enum topic_kind kind, size_t row)
{
    switch (kind) {
    case TOPIC_LAUNCHER:
        return str_from(launchers[row].name);
    case TOPIC_WAY:
        return str_from(ways[row].name);
    case TOPIC_DIRECTIVE:
        return directive_info((enum directive_id)row)->name;
    case TOPIC_SECTION:
        return str_from(suffixes[row].suffix);
    case TOPIC_KEY:
        return str_from(keys[row].name);
    case TOPIC_OTHER:
        return str_from(roles[row].name);
    case N_TOPIC_KINDS:
        break;
    }
    return STR("");
}

bool reference_topic(enum topic_kind kind, size_t row, struct arena *arena,
                     struct reference_topic *out)
{
    struct maker maker = {.arena = arena, .out = out};

    *out = (struct reference_topic){.kind = kind,
                                    .name = reference_name(kind, row)};
    buf_init(&maker.text, MAX_TEXT_BYTES);
    make_topic(&maker, kind, row);
    buf_deinit(&maker.text);
    return !maker.failed;
}

/* Whether a row bears a name: among several, divided by ", ", as section or key
 * of another reader's line, or as the function that a command line calls. */
static bool bears(enum topic_kind kind, size_t row, struct str name)
{
    struct str names = reference_name(kind, row);
    struct str one;

    if (kind == TOPIC_WAY) {
        struct str programs = str_from(ways[row].programs);
        while (programs.len && str_next(&programs, '|', &one)) {
            if (!*ways[row].ordinals && str_equal_fold(one, name)) {
                return true;
            }
        }
        size_t dot = str_find_char(names, '.', 0);
        if (dot != STR_NONE &&
            str_equal_fold(str_sub(names, dot + 1, names.len), name)) {
            return true;
        }
    }
    if (kind == TOPIC_OTHER &&
        (str_equal_fold(str_from(roles[row].section), name) ||
         str_equal_fold(str_from(roles[row].key), name))) {
        return true;
    }
    while (str_next(&names, ',', &one)) {
        if (str_equal_fold(str_trim(one), name)) {
            return true;
        }
    }
    return false;
}

bool reference_find(struct str name, enum topic_kind *out_kind, size_t *out_row)
{
    for (unsigned kind = 0; kind < N_TOPIC_KINDS; kind++) {
        for (size_t i = 0; i < reference_count((enum topic_kind)kind); i++) {
            if (bears((enum topic_kind)kind, i, name)) {
                *out_kind = (enum topic_kind)kind;
                *out_row = i;
                return true;
            }
        }
    }
    return false;
}
