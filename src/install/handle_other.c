/* SPDX-License-Identifier: MIT */
/* Services, device directives, and those that name other files. */
#include "install/walk.h"

void walk_nothing(struct walk *walk, const struct site *site)
{
    (void)walk;
    (void)site;
}

/* What a directive says, where nothing more is known about it. */
void walk_other(struct walk *walk, const struct site *site)
{
    struct action *action = walk_action(walk, site, INFSCAN_OTHER);
    if (!action) {
        return;
    }
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, inf_expand(&walk->expander, site->line->key));
    wording_say(&subject, " = ");
    wording_add(&subject, walk_line_text(walk, site->line, 0));
    action->subject = wording_end(&subject, walk, action->place);
    walk_finish(walk, action);
}

/* Include and CopyINF: one file for each field. */
void walk_include(struct walk *walk, const struct site *site)
{
    for (uint32_t i = 1; i <= site->line->n_fields; i++) {
        struct slice name = slice_trim(walk_field(walk, site->line, i));
        struct action *action =
            name.len ? walk_action(walk, site, INFSCAN_INCLUDE_INF) : NULL;
        if (action) {
            action->subject = name;
            action_add(action, "name", name);
            walk_finish(walk, action);
        }
    }
}

/* --- services --- */

struct service {
    struct slice name;
    struct slice binary;
    struct slice type;
    struct slice start;
    int64_t type_number;
    int64_t start_number;
};

/* All four keys are needed, else Windows says ERROR_BAD_SERVICE_INSTALLSECT. */
static bool read_service(struct walk *walk, const struct site *site,
                         struct service *out)
{
    const struct inf_line *binary =
        walk_find_key(walk, site->section, STR("ServiceBinary"));
    const struct inf_line *type =
        walk_find_key(walk, site->section, STR("ServiceType"));
    const struct inf_line *start =
        walk_find_key(walk, site->section, STR("StartType"));
    if (!binary || !type || !start ||
        !walk_find_key(walk, site->section, STR("ErrorControl"))) {
        return false;
    }
    out->binary = walk_line_text(walk, binary, 0);
    out->type = walk_field(walk, type, 1);
    out->start = walk_field(walk, start, 1);
    return walk_int(out->type, &out->type_number) &&
           walk_int(out->start, &out->start_number);
}

/* The number in decimal where it was written in another way. */
static void say_number(struct wording *wording, struct slice written,
                       int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    text_build_fold(&wording->builder, str_of(digits + at, sizeof digits - at),
                    written.text ? written : wording->near, 0, 0);
}

/* One service-install section under one name: the leaf of walk_add_service. */
static void install_service(struct walk *walk, const struct site *site)
{
    struct service service = {.name = walk->bases.items[site->base].name,
                              .binary = SLICE_NONE};
    if (!read_service(walk, site, &service)) {
        diag_add_detail(walk->diags, DIAG_FIELD_MALFORMED,
                        site->section->header, site->section->name);
        return;
    }
    struct site here = *site;
    here.line = walk_find_key(walk, site->section, STR("ServiceBinary"));
    struct action *action = walk_action(walk, &here, INFSCAN_INSTALL_SERVICE);
    if (!action) {
        return;
    }
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, service.name);
    wording_say(&subject, " | ");
    wording_add(&subject, service.binary);
    wording_say(&subject, " | type=");
    say_number(&subject, service.type, service.type_number);
    wording_say(&subject, " | start=");
    say_number(&subject, service.start, service.start_number);
    action->subject = wording_end(&subject, walk, action->place);
    action->command = service.binary;
    action_add(action, "name", service.name);
    action_add(action, "binary", service.binary);
    action_add_number(action, "start", service.start,
                      (uint64_t)service.start_number);
    action_add_number(action, "service_type", service.type,
                      (uint64_t)service.type_number);
    walk_finish(walk, action);
}

/* HKR below it is `base`; its AddReg, DelReg and BitReg count. */
static void enter_service_section(struct walk *walk, const struct site *site,
                                  const struct inf_section *section,
                                  uint32_t base)
{
    walk_again(walk, (uint32_t)(section - walk->document->sections), site->way,
               base, DIRECTIVES_PLAIN);
}

/* name,flags,service section[,event-log section[,log type[,event name]]].
 * Source: Microsoft, INF AddService Directive. */
void walk_add_service(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    struct slice section_name = walk_field(walk, site->line, 3);
    struct slice event_name = walk_field(walk, site->line, 4);
    if (!name.len || !section_name.len) {
        return; /* "AddService=,2": no service, and no error */
    }
    struct site here = *site;
    here.section = walk_reference(walk, site, section_name);
    here.line = NULL;
    if (here.section) {
        here.base =
            walk_base(walk, STR("SYSTEM\\CurrentControlSet\\Services\\"), name);
        walk_leaf(walk, &here, install_service);
        enter_service_section(walk, site, here.section, here.base);
    }
    here.section =
        event_name.len ? walk_reference(walk, site, event_name) : NULL;
    if (here.section) {
        struct slice source = walk_field(walk, site->line, 6);
        here.base = walk_base(
            walk,
            STR("SYSTEM\\CurrentControlSet\\Services\\EventLog\\System\\"),
            source.len ? source : name);
        enter_service_section(walk, site, here.section, here.base);
    }
}

void walk_del_service(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    struct action *action =
        name.len ? walk_action(walk, site, INFSCAN_DELETE_SERVICE) : NULL;
    if (action) {
        action->subject = name;
        action_add(action, "name", name);
        walk_finish(walk, action);
    }
}

/* --- device installation --- */

/* {class}[,[reference][,[section][,flags]]] */
void walk_add_interface(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 3);
    const struct inf_section *section =
        name.len ? walk_reference(walk, site, name) : NULL;
    if (section) {
        walk_section(walk, (uint32_t)(section - walk->document->sections),
                     site->way, BASE_OPEN, DIRECTIVES_PLAIN);
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
    wording_add(&subject, inf_expand(&walk->expander, site->line->key));
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

/* name,flags,section with ServerBinary */
void walk_add_com_server(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    add_named(walk, site, INFSCAN_OTHER,
              section ? walk_find_value(walk, section, STR("ServerBinary"))
                      : SLICE_NONE);
}

/* name,flags,section. Source: Microsoft, INF AddSoftware Directive. */
void walk_add_software(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 3);
    if (!section) {
        return;
    }
    struct slice binary = walk_find_value(walk, section, STR("SoftwareBinary"));
    if (!binary.len) { /* type 2: an app of the store */
        add_named(walk, site, INFSCAN_INSTALL_SOFTWARE,
                  walk_find_value(walk, section, STR("SoftwareID")));
        return;
    }
    const struct inf_line *arguments =
        walk_find_key(walk, section, STR("SoftwareArguments"));
    struct action *action = walk_action(walk, site, INFSCAN_INSTALL_SOFTWARE);
    if (!action) {
        return;
    }
    struct wording command;
    wording_begin(&command, walk, action->place);
    wording_add(&command, binary);
    if (arguments) {
        wording_say(&command, " ");
        wording_add(&command, walk_line_text(walk, arguments, 0));
    }
    action->command = wording_end(&command, walk, action->place);
    action->subject = action->command;
    action_add(action, "name", walk_field(walk, site->line, 1));
    action_add(action, "path", binary);
    walk_finish(walk, action);
}

/* name,section with ServiceBinary: a DLL that WUDFHost.exe loads */
void walk_umdf_service(struct walk *walk, const struct site *site)
{
    const struct inf_section *section = own_section(walk, site, 2);
    const struct inf_line *line =
        section ? walk_find_key(walk, section, STR("ServiceBinary")) : NULL;
    if (!line) {
        return;
    }
    struct site here = *site;
    here.section = section;
    here.line = line;
    struct action *action = walk_action(walk, &here, INFSCAN_LOAD_DLL);
    if (!action) {
        return;
    }
    struct slice path = walk_line_text(walk, line, 0);
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, path);
    wording_say(&subject, " |  | ");
    action->subject = wording_end(&subject, walk, action->place);
    action_add(action, "path", path);
    walk_finish(walk, action);
}
