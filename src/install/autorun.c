/* SPDX-License-Identifier: MIT */
#include "install/autorun.h"

#include "base/map.h"
#include "command/cmdline.h"

/* What a value of an [autorun] section is for. */
enum value_kind {
    VALUE_OPEN,    /* open, shellexecute */
    VALUE_COMMAND, /* shell\VERB\command */
    VALUE_ACTION,
    VALUE_ICON,
    VALUE_LABEL,
    VALUE_AUTOPLAY, /* UseAutoPlay */
    VALUE_OTHER
};

enum trait {
    TRAIT_BARE_ACTION,
    TRAIT_BARE_AUTOPLAY,
    TRAIT_BOAST,
    TRAIT_BROKEN_START,
    TRAIT_BUILTIN_VERB,
    TRAIT_DOUBLE_START,
    TRAIT_EXPLORE_TAKEN,
    TRAIT_HIDDEN_PATH,
    TRAIT_IN_PROGRAM,
    TRAIT_JUNK,
    TRAIT_LURE_ACTION,
    TRAIT_LURE_ICON,
    TRAIT_OPEN,
    TRAIT_RUNS_ITSELF,
    TRAIT_SCRIPT_TARGET,
    TRAIT_SHELL_VERB,
    N_TRAITS
};

static const char *const trait_names[N_TRAITS] = {
    "autorun-bare-action",   "autorun-bare-autoplay", "autorun-boast",
    "autorun-broken-start",  "autorun-builtin-verb",  "autorun-double-start",
    "autorun-explore-taken", "autorun-hidden-path",   "autorun-in-program",
    "autorun-junk",          "autorun-lure-action",   "autorun-lure-icon",
    "autorun-open",          "autorun-runs-itself",   "autorun-script-target",
    "autorun-shell-verb"};

enum word_where {
    WHERE_COMMAND,
    WHERE_ACTION,
    WHERE_ICON,
    WHERE_LABEL
};
enum word_how {
    HOW_INSIDE,
    HOW_WORD,
    HOW_EXTENSION,
    HOW_FOLDER
};

struct reader {
    struct arena *arena;
    const struct inf_document *profile;
    const struct limits *limits;
    VEC(struct action) actions;
    VEC(struct plan) plans;
    VEC(uint32_t) ids; /* of the section that is read */
    bool traits[N_TRAITS];
    bool has[VALUE_OTHER + 1]; /* by enum value_kind */
    struct peel_budget peels;
    limit_set hit;
    bool failed;
};

static enum value_kind kind_of(struct str key)
{
    if (str_equal_fold(key, STR("open")) ||
        str_equal_fold(key, STR("shellexecute"))) {
        return VALUE_OPEN;
    }
    if (str_starts_fold(key, STR("shell\\")) &&
        str_ends_fold(key, STR("\\command")) && key.len > 14) {
        return VALUE_COMMAND;
    }
    if (str_equal_fold(key, STR("action"))) {
        return VALUE_ACTION;
    }
    if (str_equal_fold(key, STR("label"))) {
        return VALUE_LABEL;
    }
    if (str_equal_fold(key, STR("UseAutoPlay"))) {
        return VALUE_AUTOPLAY;
    }
    return str_equal_fold(key, STR("icon")) ? VALUE_ICON : VALUE_OTHER;
}

/* Whether a key of shell\VERB\command takes over what Explorer itself offers
 * for a drive. Source: published autorun worms. */
static bool is_builtin_verb(struct str key)
{
    static const struct str verbs[] = {{"open", 4},     {"explore", 7},
                                       {"find", 4},     {"search", 6},
                                       {"autoplay", 8}, {"auto", 4}};
    struct str verb = str_sub(key, 6, key.len - 6 - 8);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (str_equal_fold(verb, verbs[i])) {
            return true;
        }
    }
    return false;
}

/* Whether a command starts Explorer, as the verb does by itself. */
static bool is_explorer(struct str command)
{
    size_t end;
    struct str program = command;

    if (str_at(command, 0) == '"') {
        program = str_sub(command, 1, command.len);
        end = str_find_char(program, '"', 0);
    } else {
        end = str_find_char(program, ' ', 0);
    }
    program = cmdline_program(str_sub(program, 0, end));
    return str_equal_fold(program, STR("explorer"));
}

/* Whether a command is no more than the batch file that an honest medium is
 * set up with. */
static bool is_setup_batch(struct str command)
{
    static const struct str names[] = {{"setup.bat", 9},
                                       {"setup.cmd", 9},
                                       {"install.bat", 11},
                                       {"install.cmd", 11}};
    size_t slash = command.len;

    while (slash && command.bytes[slash - 1] != '\\') {
        slash--;
    }
    struct str name = str_sub(command, slash, command.len);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal_fold(name, names[i])) {
            return str_find_char(command, ' ', 0) == STR_NONE;
        }
    }
    return false;
}

/* Whether a file name with that extension is named anywhere in a command. */
static bool names_extension(struct str command, struct str extension)
{
    size_t at = 0;
    while ((at = str_find_fold(command, extension, at)) != STR_NONE) {
        size_t end = at + extension.len;
        if (end == command.len || !ascii_is_alnum(command.bytes[end])) {
            return true;
        }
        at = end;
    }
    return false;
}

/* Whether a folder's name begins with `start`: ".x\", but not "..\". */
static bool names_folder(struct str command, struct str start)
{
    size_t at = 0;
    while ((at = str_find_fold(command, start, at)) != STR_NONE) {
        bool begins = at == 0 || !ascii_is_alnum(command.bytes[at - 1]);
        size_t end = at + start.len;
        size_t name = end;
        while (end < command.len && command.bytes[end] != '\\' &&
               command.bytes[end] != '/' && command.bytes[end] != '.') {
            end++;
        }
        if (begins && end > name && end < command.len &&
            command.bytes[end] != '.' &&
            (at == 0 || command.bytes[at - 1] != '.')) {
            return true;
        }
        at = name;
    }
    return false;
}

static bool is_word_byte(char c)
{
    return ascii_is_alnum(c) || c == '-' || (unsigned char)c >= 0x80;
}

/* Whether a word stands there alone: "Virus", but not "Anti-Virus". */
static bool names_word(struct str value, struct str word)
{
    size_t at = 0;
    while ((at = str_find_fold(value, word, at)) != STR_NONE) {
        size_t end = at + word.len;
        if ((at == 0 || !is_word_byte(value.bytes[at - 1])) &&
            (end == value.len || !is_word_byte(value.bytes[end]))) {
            return true;
        }
        at = end;
    }
    return false;
}

static bool has_word(struct str value, enum word_how how, struct str word)
{
    switch (how) {
    case HOW_WORD:
        return names_word(value, word);
    case HOW_INSIDE:
        return str_find_fold(value, word, 0) != STR_NONE;
    case HOW_EXTENSION:
        return names_extension(value, word);
    case HOW_FOLDER:
        return names_folder(value, word);
    }
    return false;
}

static void set_trait(struct reader *reader, const char *name)
{
    for (unsigned i = 0; i < N_TRAITS; i++) {
        if (strcmp(trait_names[i], name) == 0) {
            reader->traits[i] = true;
        }
    }
}

static void look_for_words(struct reader *reader, enum word_where where,
                           struct str value)
{
    static const struct {
        const char *trait;
        enum word_where where;
        enum word_how how;
        struct str word;
    } rows[] = {
#define WORD(trait, where, how, word, source)                                  \
    {trait, WHERE_##where, HOW_##how, {word, sizeof(word) - 1}},
#include "install/autorun_traits.def"
#undef WORD
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool expected = rows[i].how == HOW_EXTENSION && is_setup_batch(value);
        if (rows[i].where == where && !expected &&
            has_word(value, rows[i].how, rows[i].word)) {
            set_trait(reader, rows[i].trait);
        }
    }
}

static void note_traits(struct reader *reader, enum value_kind kind,
                        struct str value)
{
    switch (kind) {
    case VALUE_OPEN:
        reader->traits[TRAIT_OPEN] = true;
        look_for_words(reader, WHERE_COMMAND, value);
        break;
    case VALUE_COMMAND:
        reader->traits[TRAIT_SHELL_VERB] = true;
        look_for_words(reader, WHERE_COMMAND, value);
        break;
    case VALUE_ACTION:
        look_for_words(reader, WHERE_ACTION, value);
        break;
    case VALUE_ICON:
        look_for_words(reader, WHERE_ICON, value);
        break;
    case VALUE_LABEL:
        look_for_words(reader, WHERE_LABEL, value);
        break;
    case VALUE_AUTOPLAY:
    case VALUE_OTHER:
        break;
    }
}

/* "open a.exe": meant to start something, though Explorer sees only a key. */
static bool is_broken_start(struct str key)
{
    static const struct str starts[] = {{"open ", 5}, {"shellexecute ", 13}};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (str_starts_fold(key, starts[i]) && key.len > starts[i].len) {
            return true;
        }
    }
    return false;
}

static const struct chain_link *make_chain(struct reader *reader,
                                           const struct inf_section *section,
                                           const struct inf_line *line)
{
    struct chain_link *chain = ARENA_ARRAY(reader->arena, struct chain_link, 2);
    struct slice place = inf_line_place(reader->profile, line);
    if (chain) {
        chain[0] = (struct chain_link){
            section->name, inf_line_key(reader->profile, line), place};
        chain[1] =
            (struct chain_link){section->name, slice_sub(place, 0, 0), place};
    }
    return chain;
}

static void add_command(struct reader *reader,
                        const struct inf_section *section,
                        const struct inf_line *line, enum reach reach)
{
    struct slice command = inf_line_field(reader->profile, line, 0);
    if (reader->actions.n >= reader->limits->value[LIMIT_actions]) {
        limit_hit(&reader->hit, LIMIT_actions);
        return;
    }
    struct action action = {.kind = INFSCAN_RUN_COMMAND,
                            .text = command,
                            .subject = command,
                            .command = command,
                            .place = inf_line_place(reader->profile, line),
                            .chain = make_chain(reader, section, line),
                            .n_chain = 2,
                            .reach = reach,
                            .directive = UINT32_MAX};
    if (!action_peel(reader->arena, command, reader->limits, &reader->peels,
                     &action.peeled)) {
        reader->failed = true;
    }
    if (!action.chain ||
        !VEC_PUSH(reader->arena, &reader->ids, reader->actions.n) ||
        !VEC_PUSH(reader->arena, &reader->actions, action)) {
        reader->failed = true;
    }
}

/* Commands of one section, and what is odd about it. */
static void read_section(struct reader *reader,
                         const struct inf_section *section, enum reach reach)
{
    const struct inf_line *lines = reader->profile->lines;
    struct map seen = {0};
    bool has_open = false;
    for (uint32_t i = section->first; i != INF_NONE && !reader->failed;
         i = inf_document_next(reader->profile, i)) {
        struct str key = slice_str(inf_line_key(reader->profile, &lines[i]));
        struct str value =
            slice_str(inf_line_field(reader->profile, &lines[i], 0));
        enum value_kind kind = kind_of(key);
        if (!inf_line_n_fields(reader->profile, &lines[i]) &&
            is_broken_start(key)) {
            reader->traits[TRAIT_BROKEN_START] = true;
        }
        if (kind == VALUE_OTHER || !value.len) {
            continue;
        }
        uint32_t first = map_put(&seen, reader->arena, key, i);
        if (first != i) {
            reader->failed = reader->failed || first == MAP_NONE;
            continue; /* only the first key of a name counts */
        }
        note_traits(reader, kind, value);
        if (kind == VALUE_OPEN) {
            reader->traits[TRAIT_DOUBLE_START] =
                reader->traits[TRAIT_DOUBLE_START] || has_open;
            has_open = true;
        }
        reader->has[kind] = true;
        if (kind == VALUE_COMMAND && is_builtin_verb(key) &&
            !is_explorer(value)) {
            reader->traits[TRAIT_BUILTIN_VERB] = true;
            reader->traits[TRAIT_EXPLORE_TAKEN] =
                reader->traits[TRAIT_EXPLORE_TAKEN] ||
                str_equal_fold(key, STR("shell\\explore\\command"));
        }
        if (kind == VALUE_OPEN || kind == VALUE_COMMAND) {
            add_command(reader, section, &lines[i], reach);
        }
    }
}

static void plan_section(struct reader *reader,
                         const struct inf_section *section,
                         enum launcher_id launcher, enum reach reach)
{
    reader->ids.items = NULL; /* the plan before keeps its own */
    reader->ids.n = 0;
    reader->ids.capacity = 0;
    read_section(reader, section, reach);
    if (!reader->ids.n) {
        return;
    }
    struct plan plan = {.launcher = launcher,
                        .section = section->name,
                        .targets = INFSCAN_TARGET_ALL,
                        .invocation =
                            launcher == LAUNCHER_AUTORUN
                                ? STR("explorer.exe (AutoPlay of the drive)")
                                : STR(""),
                        .actions = reader->ids.items,
                        .n_actions = reader->ids.n};
    if (!VEC_PUSH(reader->arena, &reader->plans, plan)) {
        reader->failed = true;
    }
}

/* Bytes that no honest author writes: control characters here and there, or
 * hardly any ASCII at all, as Conficker wrote them. */
static bool is_junk(struct str text)
{
    size_t control = 0;
    size_t high = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte >= 0x80) {
            high++;
        } else if (byte < 0x20 && !ascii_is_space(text.bytes[i])) {
            control++;
        }
    }
    return text.len >= 256 &&
           (control * 50 >= text.len || high * 3 >= text.len);
}

static struct slice describe(struct reader *reader)
{
    struct text_builder builder;
    struct slice near = reader->actions.n
                            ? slice_sub(reader->actions.items[0].place, 0, 0)
                            : SLICE_NONE;

    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, 4096);
    for (unsigned i = 0; i < N_TRAITS; i++) {
        if (!reader->traits[i]) {
            continue;
        }
        if (builder.len) {
            text_build_fold(&builder, STR(" "), near, 0, 0);
        }
        text_build_fold(&builder, str_from(trait_names[i]), near, 0, 0);
    }
    const struct text *text = text_build_finish(&builder);
    reader->failed = reader->failed || !text;
    return slice_all(text);
}

const char *autorun_trait_name(unsigned number)
{
    return number < N_TRAITS ? trait_names[number] : NULL;
}

bool autorun_is_trait(struct str name)
{
    for (unsigned i = 0; i < N_TRAITS; i++) {
        if (str_equal(name, str_from(trait_names[i]))) {
            return true;
        }
    }
    return false;
}

enum infscan_status autorun_analyse(struct arena *arena,
                                    const struct inf_document *profile,
                                    const struct limits *limits,
                                    struct install *out)
{
    struct reader reader = {
        .arena = arena, .profile = profile, .limits = limits};
    const struct inf_section *first =
        inf_document_find(profile, STR("autorun"));
    for (uint32_t i = 0; i < profile->n_sections && !reader.failed; i++) {
        const struct inf_section *section = &profile->sections[i];
        struct str name = slice_str(section->name);
        if (section == first) {
            plan_section(&reader, section, LAUNCHER_AUTORUN, REACH_LAUNCHER);
        } else if (str_equal_fold(name, STR("autorun"))) {
            plan_section(&reader, section, LAUNCHER_NONE, REACH_NONE);
        } else if (str_starts_fold(name, STR("autorun."))) {
            plan_section(&reader, section, LAUNCHER_AUTORUN, REACH_NAMED);
        }
    }
    /* Media with a face of their own have an icon or a name; the templates that
     * go round for sticks start a program and nothing else. */
    if (reader.has[VALUE_OPEN] && !reader.has[VALUE_ICON]) {
        reader.traits[TRAIT_BARE_ACTION] = reader.has[VALUE_ACTION];
        reader.traits[TRAIT_BARE_AUTOPLAY] =
            reader.has[VALUE_AUTOPLAY] && !reader.has[VALUE_LABEL];
    }
    if (first) {
        struct str text = profile->source->text->bytes;
        reader.traits[TRAIT_JUNK] = is_junk(text);
        reader.traits[TRAIT_IN_PROGRAM] = str_starts_fold(text, STR("MZ"));
    }
    *out = (struct install){.actions = reader.actions.items,
                            .n_actions = reader.actions.n,
                            .plans = reader.plans.items,
                            .n_plans = reader.plans.n,
                            .shape = describe(&reader),
                            .limits = reader.hit | reader.peels.hit};
    return reader.failed ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
