/* SPDX-License-Identifier: MIT */
/* Directives of device installation. */
#include <stdio.h>

#include "install/walk.h"

/* {class}[,[reference][,[section][,flags]]] */
void walk_add_interface(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 3);
    const struct inf_section *section =
        name.len ? walk_reference(walk, site, name) : NULL;
    if (section) {
        walk_section(walk, (uint32_t)(section - walk->document->sections),
                     site->way, BASE_OPEN, DIRECTIVES_PLAIN | DIRECTIVES_ANY);
    }
}

/* The section that field `number` names, if it is there. */
static const struct inf_section *
own_section(struct walk *walk, const struct site *site, uint32_t number)
{
    struct slice name = walk_field(walk, site->line, number);
    return name.len ? walk_reference(walk, site, name) : NULL;
}

/* NAME | DETAIL */
static void add_named(struct walk *walk, const struct site *site,
                      enum infscan_action_kind kind, struct slice detail)
{
    struct action *action = walk_action(walk, site, kind);
    if (!action) {
        return;
    }
    struct slice name = walk_field(walk, site->line, 1);
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, walk_key(walk, site->line));
    wording_say(&subject, " ");
    wording_add(&subject, name);
    wording_say(&subject, " | ");
    wording_add(&subject, detail);
    action->subject = wording_end(&subject, walk, action->place);
    action_add(action, "name", name);
    walk_finish(walk, action);
}

/* name,flags,section with ComponentIDs */
void walk_add_component(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    const struct inf_line *ids =
        section ? walk_find_key(walk, section, STR("ComponentIDs")) : NULL;
    add_named(walk, site, INFSCAN_OTHER,
              ids ? walk_line_text(walk, ids, 0) : SLICE_NONE);
}

/* service,flags,section with FilterPosition or FilterLevel */
void walk_add_filter(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    struct slice position = SLICE_NONE;
    if (section) {
        position = walk_find_value(walk, section, STR("FilterPosition"));
        if (!position.len) {
            position = walk_find_value(walk, section, STR("FilterLevel"));
        }
    }
    add_named(walk, site, INFSCAN_ADD_FILTER, position);
}

/* A DLL that a key of a section names. */
static void load_named(struct walk *walk, const struct site *site,
                       const struct inf_section *section, struct str key)
{
    struct site here = *site;
    here.section = section;
    here.line = section ? walk_find_key(walk, section, key) : NULL;
    if (here.line) {
        walk_load(walk, &here, walk_line_text(walk, here.line, 0), SLICE_NONE,
                  SLICE_NONE);
    }
}

/* name,flags,section with ServerBinary and the classes that it serves */
void walk_add_com_server(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    const struct inf_line *class =
        section ? walk_find_key(walk, section, STR("AddComClass")) : NULL;
    add_named(walk, site, INFSCAN_OTHER,
              class ? walk_line_text(walk, class, 0) : SLICE_NONE);
    load_named(walk, site, section, STR("ServerBinary"));
    load_named(walk, site, section, STR("ServerBinaryWow64"));
}

/* service,section with KmdfLibraryVersion */
void walk_kmdf_service(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 2);
    const struct inf_line *version =
        section ? walk_find_key(walk, section, STR("KmdfLibraryVersion"))
                : NULL;
    add_named(walk, site, INFSCAN_OTHER,
              version ? walk_line_text(walk, version, 0) : SLICE_NONE);
}

/* name,section with ServiceBinary: a DLL that WUDFHost.exe loads */
void walk_umdf_service(struct walk *walk, const struct site *site)
{
    load_named(walk, site, own_section(walk, site, 2), STR("ServiceBinary"));
}

/* What Windows starts for a binary: itself, or Windows Installer. */
static struct slice software_command(struct walk *walk,
                                     const struct inf_section *section,
                                     struct slice binary, struct slice place)
{
    const struct inf_line *arguments =
        walk_find_key(walk, section, STR("SoftwareArguments"));
    bool package = str_ends_fold(slice_str(binary), STR(".msi"));
    struct wording command;
    wording_begin(&command, walk, place);
    wording_say(&command, package ? "msiexec.exe /i \"" : "");
    wording_add(&command, binary);
    wording_say(&command, package ? "\" /quiet" : "");
    if (arguments) {
        wording_say(&command, " ");
        wording_add(&command, walk_line_text(walk, arguments, 0));
    }
    return wording_end(&command, walk, place);
}

/* name,flags,section. Source: Microsoft, INF AddSoftware Directive. */
void walk_add_software(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    struct slice written = walk_field(walk, site->line, 2);
    int64_t flags = 0;
    if (!section) {
        return;
    }
    if (!walk_int(written, &flags)) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, written);
    }
    struct slice binary = walk_find_value(walk, section, STR("SoftwareBinary"));
    if (!binary.len) { /* type 2: an app of the store */
        add_named(walk, site, INFSCAN_INSTALL_SOFTWARE,
                  walk_find_value(walk, section, STR("SoftwareID")));
        return;
    }
    struct action *action = walk_action(walk, site, INFSCAN_INSTALL_SOFTWARE);
    if (action) {
        action->command =
            software_command(walk, section, binary, action->place);
        action->subject = action->command;
        action_add(action, "name", walk_field(walk, site->line, 1));
        action_add(action, "path", binary);
        action_add(action, "flags",
                   walk_flags(walk, FLAGS_SOFTWARE, flags, written));
        walk_finish(walk, action);
    }
}

/* {class},flags,section with Security. Source: Microsoft, INF DDInstall.WMI
 * Section. */
void walk_wmi_interface(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    struct site here = *site;
    if (!section) { /* {class},section is taken as well */
        section = own_section(walk, site, 2);
    }
    here.section = section;
    here.line = section ? walk_find_key(walk, section, STR("Security")) : NULL;
    struct action *action =
        here.line ? walk_action(walk, &here, INFSCAN_SET_SECURITY) : NULL;
    if (action) {
        struct slice name = walk_field(walk, site->line, 1);
        struct wording subject;
        wording_begin(&subject, walk, action->place);
        wording_say(&subject, "WMI ");
        wording_add(&subject, name);
        wording_say(&subject, " | ");
        wording_add(&subject, walk_line_text(walk, here.line, 0));
        action->subject = wording_end(&subject, walk, action->place);
        action_add(action, "name", name);
        walk_finish(walk, action);
    }
}

/* --- what is registered under HKLM --- */

struct home {
    enum directive_id directive;
    const char *key;  /* the first field goes behind it */
    uint32_t section; /* field that names the section */
};

static const struct home homes[] = {
#define HOME(directive, key, section, source)                                  \
    {DIRECTIVE_##directive, key, section},
#define SETTING(directive, key, value)
#define CHANNEL(key, value, source)
#include "install/settings.def"
#undef HOME
#undef SETTING
#undef CHANNEL
};

/* Value that a key of such a section is written to; NULL for any other.
 * Channels are those of N_DIRECTIVES. */
static const char *value_of_key(enum directive_id directive, struct str key)
{
    static const struct {
        enum directive_id directive;
        const char *key;
        const char *value;
    } rows[] = {
#define HOME(directive, key, section, source)
#define SETTING(directive, key, value) {DIRECTIVE_##directive, key, value},
#define CHANNEL(key, value, source) {N_DIRECTIVES, key, value},
#include "install/settings.def"
#undef HOME
#undef SETTING
#undef CHANNEL
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].directive == directive &&
            str_equal_fold(str_from(rows[i].key), key)) {
            return rows[i].value;
        }
    }
    return NULL;
}

static const struct home *home_of(enum directive_id directive)
{
    size_t i = 0;
    while (homes[i].directive != directive) {
        i++;
    }
    return &homes[i];
}

/* A key, and one below it. */
static struct slice key_below(struct walk *walk, const char *before,
                              struct slice upper, struct slice lower,
                              struct slice place)
{
    struct wording key;
    wording_begin(&key, walk, place);
    wording_say(&key, before);
    wording_add(&key, upper);
    if (lower.len) {
        wording_say(&key, "\\");
        wording_add(&key, lower);
    }
    return wording_end(&key, walk, place);
}

/* Windows has numbers for the types of channels. */
static struct slice channel_type(struct walk *walk, struct slice written)
{
    static const struct {
        struct str word;
        const char *number;
    } types[] = {{{"Admin", 5}, "0"},
                 {{"Operational", 11}, "1"},
                 {{"Analytic", 8}, "2"},
                 {{"Debug", 5}, "3"}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal_fold(slice_str(written), types[i].word)) {
            return walk_word(walk, types[i].number);
        }
    }
    return written;
}

#define WINEVT "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\"

/* Lines of the section that a channel has for itself. */
static void write_channel_settings(struct walk *walk, const struct site *site,
                                   struct slice key)
{
    const struct inf_line *lines = walk->document->lines;
    struct site here = *site;

    here.section = own_section(walk, site, 3);
    for (uint32_t i = here.section ? here.section->first : INF_NONE;
         i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        const char *value =
            value_of_key(N_DIRECTIVES, slice_str(walk_key(walk, &lines[i])));
        here.line = &lines[i];
        if (value) {
            walk_write_setting(walk, &here, key, walk_word(walk, value),
                               walk_line_text(walk, &lines[i], 0));
        }
    }
}

/* "AddChannel = name[,type[,section]]", "ImportChannel = name", the n-th one of
 * a provider. Source: Microsoft, INF AddEventProvider Directive. */
static void write_channel(struct walk *walk, const struct site *site,
                          struct slice provider, uint32_t n, bool is_own)
{
    struct slice place = walk_place(walk, site->line);
    struct slice name = walk_field(walk, site->line, 1);
    struct slice type = walk_field(walk, site->line, 2);
    char number[16];
    struct wording key;

    snprintf(number, sizeof number, "%u", n);
    wording_begin(&key, walk, place);
    wording_say(&key, WINEVT "Publishers\\");
    wording_add(&key, provider);
    wording_say(&key, "\\ChannelReferences\\");
    wording_say(&key, number);
    walk_write_setting(walk, site, wording_end(&key, walk, place), SLICE_NONE,
                       name);
    if (!is_own) {
        return;
    }
    struct slice channel =
        key_below(walk, WINEVT "Channels\\", name, SLICE_NONE, place);
    walk_write_setting(walk, site, channel, walk_word(walk, "OwningPublisher"),
                       provider);
    if (type.len) {
        walk_write_setting(walk, site, channel, walk_word(walk, "Type"),
                           channel_type(walk, type));
    }
    write_channel_settings(walk, site, channel);
}

/* The lines of one section as values of a key. "AddAutoLoggerProvider =
 * {guid},section" has a key of its own. */
static void write_settings(struct walk *walk, const struct site *site,
                           struct slice provider)
{
    const struct home *home = home_of(site->directive);
    const struct inf_line *lines = walk->document->lines;
    struct slice name = walk_field(walk, site->line, 1);
    struct site here = *site;
    uint32_t n_channels = 0;
    for (uint32_t i = site->section->first;
         i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        struct slice key = walk_key(walk, &lines[i]);
        const char *value = value_of_key(site->directive, slice_str(key));
        here.line = &lines[i];
        if (value) {
            walk_write_setting(walk, &here,
                               key_below(walk, home->key, name, provider,
                                         walk_place(walk, &lines[i])),
                               *value ? walk_word(walk, value) : SLICE_NONE,
                               walk_line_text(walk, &lines[i], 0));
        }
        bool adds = str_equal_fold(slice_str(key), STR("AddChannel"));
        if (adds || str_equal_fold(slice_str(key), STR("ImportChannel"))) {
            write_channel(walk, &here, name, n_channels++, adds);
        }
        if (!provider.len &&
            str_equal_fold(slice_str(key), STR("AddAutoLoggerProvider"))) {
            struct site below = *site;
            below.section = own_section(walk, &here, 2);
            if (below.section) {
                write_settings(walk, &below, walk_field(walk, &lines[i], 1));
            }
        }
    }
}

void walk_registered(struct walk *walk, const struct site *site)
{
    struct site here = *site;
    here.section = own_section(walk, site, home_of(site->directive)->section);
    if (here.section) {
        write_settings(walk, &here, SLICE_NONE);
    }
}

/* A section with TransportService and HelperDllName, whose values stand below
 * the service's key. */
void walk_add_sock(struct walk *walk, const struct site *site)
{
    struct site here = *site;
    struct slice service =
        walk_find_value(walk, site->section, STR("TransportService"));
    here.line = walk_find_key(walk, site->section, STR("HelperDllName"));
    if (here.line) {
        struct wording key;
        wording_begin(&key, walk, walk_place(walk, here.line));
        wording_say(&key, "SYSTEM\\CurrentControlSet\\Services\\");
        wording_add(&key, service);
        wording_say(&key, "\\Parameters\\Winsock");
        walk_write_setting(walk, &here,
                           wording_end(&key, walk, walk_place(walk, here.line)),
                           walk_word(walk, "HelperDllName"),
                           walk_line_text(walk, here.line, 0));
    }
}
