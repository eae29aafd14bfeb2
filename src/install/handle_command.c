/* SPDX-License-Identifier: MIT */
/* Directives that run programs and load DLLs. */
#include "install/walk.h"

/* Key and fields as they would stand without the cut at the first `=`. */
static struct slice whole_line(struct walk *walk, const struct inf_line *line,
                               struct slice value)
{
    struct str written = slice_str(walk_place(walk, line));
    bool plain = str_find_char(written, '\n', 0) == STR_NONE &&
                 str_find_char(written, '"', 0) == STR_NONE;
    if (plain) {
        return slice_trim(inf_expand(&walk->expander, walk_place(walk, line)));
    }
    struct wording whole;
    wording_begin(&whole, walk, walk_place(walk, line));
    wording_add(&whole, walk_key(walk, line));
    wording_say(&whole, "=");
    wording_add(&whole, value);
    return wording_end(&whole, walk, walk_place(walk, line));
}

/* Layers of another reading go behind those of the command. */
static void peel_alternative(struct walk *walk, struct action *action,
                             struct slice other)
{
    struct peeled more;
    uint32_t n = action->peeled.n_layers;
    walk_peel(walk, other, &more);
    action->peeled.limits |= more.limits;
    if (!more.n_layers) {
        return;
    }
    struct layer *layers =
        ARENA_ARRAY(walk->arena, struct layer, (size_t)n + more.n_layers);
    if (!layers) {
        walk->failed = true;
        return;
    }
    if (n) {
        memcpy(layers, action->peeled.layers, n * sizeof *layers);
    }
    memcpy(layers + n, more.layers, more.n_layers * sizeof *layers);
    action->peeled.layers = layers;
    action->peeled.n_layers = n + more.n_layers;
}

/* What CreateProcess is given: the line's text without its key. Whether advpack
 * takes the whole line instead is not known, so that is the other reading.
 * Source: Wine, advpack/install.c. */
void walk_command(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice text = walk_line_text(walk, line, 0);
    struct slice other = SLICE_NONE;
    if (inf_line_has_key(walk->document, line) == INF_KEY_WRITTEN &&
        inf_line_key(walk->document, line).len) {
        other = whole_line(walk, line, text);
    }
    if (!slice_trim(text).len) {
        text = other;
        other = SLICE_NONE;
    }
    struct action *action =
        text.len ? walk_action(walk, site, INFSCAN_RUN_COMMAND) : NULL;
    if (!action) {
        return;
    }
    action->text = text;
    action->subject = text;
    action->command = text;
    action_add(action, "flags", site->flags);
    walk_finish(walk, action);
    struct slice *alternative =
        other.len ? ARENA_NEW(walk->arena, struct slice) : NULL;
    if (alternative) {
        *alternative = other;
        action->alternatives = alternative;
        action->n_alternatives = 1;
        peel_alternative(walk, action, other);
    }
}

void walk_misplaced(struct walk *walk, const struct site *site)
{
    struct action *action = walk_action(walk, site, INFSCAN_RUN_COMMAND);
    if (action) {
        action->text = walk_line_text(walk, site->line, 0);
        action->subject = action->text;
        action->command = action->text;
        walk_finish(walk, action);
    }
}

enum call {
    CALL_SERVER = 1, /* DllRegisterServer, DllUnregisterServer */
    CALL_INSTALL = 2 /* DllInstall */
};

static bool is_removal(enum directive_id directive)
{
    return directive == DIRECTIVE_UNREGISTER_DLLS ||
           directive == DIRECTIVE_UNREGISTER_OCXS;
}

/* The functions that are called, as the subject spells them. */
static const char *entry_points(unsigned calls, enum directive_id directive)
{
    static const char *const names[2][4] = {
        {"", "DllRegisterServer", "DllInstall", "DllRegisterServer+DllInstall"},
        {"", "DllUnregisterServer", "DllInstall",
         "DllUnregisterServer+DllInstall"}};
    return names[is_removal(directive) ? 1 : 0][calls & 3];
}

/* What is loaded and called. */
struct load {
    struct slice path;
    const char *calls;  /* our own words for the functions, or NULL: */
    struct slice entry; /* as the file spells it */
    struct slice arguments;
    struct slice command;
};

static void load_dll(struct walk *walk, const struct site *site,
                     const struct load *load)
{
    struct action *action = walk_action(walk, site, INFSCAN_LOAD_DLL);
    if (!action) {
        return;
    }
    /* a program may have arguments behind it, which are no part of the path */
    struct slice path =
        load->command.len ? load->path : walk_path(walk, load->path);
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, path);
    wording_say(&subject, " | ");
    size_t entry_at = subject.builder.len;
    if (load->calls) {
        wording_say(&subject, load->calls);
    } else {
        wording_add(&subject, load->entry);
    }
    size_t entry_end = subject.builder.len;
    wording_say(&subject, " | ");
    wording_add(&subject, load->arguments);
    action->subject = wording_end(&subject, walk, action->place);
    action->command = load->command;
    action_add(action, "path", path);
    action_add(action, "entry",
               slice_sub(action->subject, entry_at, entry_end - entry_at));
    action_add(action, "arguments", load->arguments);
    walk_finish(walk, action);
}

void walk_load(struct walk *walk, const struct site *site, struct slice path,
               struct slice entry, struct slice arguments)
{
    struct load load = {.path = path,
                        .entry = entry,
                        .arguments = arguments,
                        .command = SLICE_NONE};
    load_dll(walk, site, &load);
}

/* Whether the first word of a path names a program. */
static bool is_program(struct str path)
{
    size_t end = str_find_fold(path, STR(".exe"), 0);
    return end != STR_NONE &&
           (end + 4 == path.len || path.bytes[end + 4] == ' ' ||
            path.bytes[end + 4] == '"');
}

/* path[,switches[,parameter]]. Source: Wine, advpack/advpack.c. */
void walk_register_ocx(struct walk *walk, const struct site *site)
{
    struct slice path = walk_field(walk, site->line, 1);
    struct str bytes = slice_str(path);
    if (!bytes.len || bytes.bytes[0] == '@') {
        return; /* advpack skips lines that begin with @ */
    }
    struct str switches = slice_str(walk_field(walk, site->line, 2));
    bool has_i = str_find_fold(switches, STR("I"), 0) != STR_NONE;
    bool has_n = str_find_fold(switches, STR("N"), 0) != STR_NONE;
    unsigned calls = CALL_SERVER;
    if (has_i || has_n) {
        calls = has_n ? CALL_INSTALL : CALL_SERVER | CALL_INSTALL;
    }
    struct slice argument = walk_n_fields(walk, site->line) > 2
                                ? walk_line_text(walk, site->line, 2)
                                : SLICE_NONE;
    struct load load = {
        .path = path,
        .calls = entry_points(calls, site->directive),
        .entry = SLICE_NONE,
        .arguments = argument,
        .command = is_program(bytes) ? path : SLICE_NONE,
    };
    load_dll(walk, site, &load);
}

/* A program in a RegisterDlls section is started. */
static void run_server(struct walk *walk, const struct site *site,
                       struct slice path, struct slice argument)
{
    struct action *action = walk_action(walk, site, INFSCAN_RUN_COMMAND);
    if (!action) {
        return;
    }
    struct wording command;
    wording_begin(&command, walk, walk_place(walk, site->line));
    wording_say(&command, "\"");
    wording_add(&command, path);
    wording_say(&command, "\" ");
    if (argument.len) {
        wording_add(&command, argument);
    } else {
        wording_say(&command, is_removal(site->directive) ? "/UnRegServer"
                                                          : "/RegServer");
    }
    action->command = wording_end(&command, walk, walk_place(walk, site->line));
    action->text = action->command;
    action->subject = action->command;
    walk_finish(walk, action);
}

/* Wine reads a number with a leading zero in octal; of Windows that is not
 * known. 0 where there is no such reading. */
static int64_t octal_of(struct str number)
{
    int64_t value = 0;
    number = str_trim(number);
    if (!number.len || number.bytes[0] != '0') {
        return 0;
    }
    for (size_t i = 1; i < number.len && value <= INT32_MAX; i++) {
        if (number.bytes[i] < '0' || number.bytes[i] > '7') {
            return 0;
        }
        value = value * 8 + (number.bytes[i] - '0');
    }
    return value;
}

/* dirid,subdir,file,flags[,timeout[,argument]]. Source: Microsoft, INF
 * RegisterDlls Directive. */
void walk_register_dll(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice reference = walk_field(walk, line, 1);
    struct slice file = walk_field(walk, line, 3);
    int64_t dirid = 0;
    int64_t flags = 0;
    if (!walk_int(reference, &dirid) || !file.len) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, reference);
        return;
    }
    struct slice written = walk_field(walk, line, 4);
    if (!walk_int(written, &flags)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, written);
    }
    flags |= octal_of(slice_str(written));
    struct slice path =
        walk_join(walk, dirid, reference, walk_field(walk, line, 2), file,
                  walk_place(walk, line));
    struct slice argument = walk_field(walk, line, 6);
    if (str_ends_fold(slice_str(path), STR(".exe"))) {
        run_server(walk, site, path, argument);
        return;
    }
    struct load load = {
        .path = path,
        .calls = entry_points((unsigned)flags & 3, site->directive),
        .entry = SLICE_NONE,
        .arguments = argument,
        .command = SLICE_NONE,
    };
    load_dll(walk, site, &load);
}
