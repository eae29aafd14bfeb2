/* SPDX-License-Identifier: MIT */
/* Services: what is installed, and what starts or follows them. */
#include "install/walk.h"

struct service {
    struct slice name;
    struct slice binary;
    struct slice type;
    struct slice start;
    int64_t type_number;
    int64_t start_number;
};

/* Keys of a service-install section that records repeat. */
static const struct {
    struct str key;
    const char *member;
} service_keys[] = {
    {{"StartName", 9}, "account"},
    {{"DisplayName", 11}, "display_name"},
    {{"LoadOrderGroup", 14}, "group"},
    {{"Dependencies", 12}, "dependencies"},
    {{"RequiredPrivileges", 18}, "privileges"},
};

#define SERVICE_USER_MODE 0x30 /* of ServiceType: a process, not a driver */

/* One of these words for each number that a key may have. */
struct number_word {
    int64_t number;
    const char *word;
};

/* Source: Microsoft, INF AddTrigger Directive. */
static const struct number_word trigger_types[] = {
    {1, "device-interface-arrival"},
    {2, "ip-address-availability"},
    {3, "domain-join"},
    {4, "firewall-port-event"},
    {5, "group-policy"},
    {6, "network-endpoint"},
    {7, "system-state-change"},
    {20, "event"},
    {30, "aggregate"},
    {0, NULL},
};

static const struct number_word trigger_actions[] = {
    {1, "start"},
    {2, "stop"},
    {0, NULL},
};

/* Source: Microsoft, SC_ACTION. */
static const struct number_word failure_actions[] = {
    {1, "restart"},
    {2, "reboot"},
    {3, "run FailureCommand"},
    {0, NULL},
};

/* The word for a number, else the number as it is written. */
static void say_word(struct wording *wording, const struct number_word *words,
                     struct slice written)
{
    int64_t number = 0;
    for (; walk_int(written, &number) && words->word; words++) {
        if (words->number == number) {
            wording_say(wording, words->word);
            return;
        }
    }
    wording_add(wording, written);
}

/* Flags of the AddService line that led to a service. */
static struct slice service_flags(struct walk *walk,
                                  const struct inf_line *line)
{
    struct slice written = walk_field(walk, line, 2);
    int64_t flags = 0;
    if (!walk_int(written, &flags)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, written);
    }
    return walk_flags(walk, FLAGS_SERVICE, flags, written);
}

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
        diag_add_detail(walk->diags, DIAG_FIELD_MALFORMED, site->section->name,
                        site->section->name);
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
    size_t binary_at = subject.builder.len;
    wording_command(&subject, walk, service.binary);
    size_t binary_end = subject.builder.len;
    wording_say(&subject, " | type=");
    say_number(&subject, service.type, service.type_number);
    wording_say(&subject, " | start=");
    say_number(&subject, service.start, service.start_number);
    action->subject = wording_end(&subject, walk, action->place);
    action->command = service.binary;
    action_add(action, "name", service.name);
    action_add(action, "binary",
               slice_sub(action->subject, binary_at, binary_end - binary_at));
    action_add_number(action, "start", service.start,
                      (uint64_t)service.start_number);
    action_add_number(action, "service_type", service.type,
                      (uint64_t)service.type_number);
    for (size_t i = 0; i < sizeof service_keys / sizeof *service_keys; i++) {
        const struct inf_line *line =
            walk_find_key(walk, site->section, service_keys[i].key);
        /* of a driver StartName is no account but an object */
        if (line && (service.type_number & SERVICE_USER_MODE ||
                     strcmp(service_keys[i].member, "account") != 0)) {
            action_add(action, service_keys[i].member,
                       walk_line_text(walk, line, 0));
        }
    }
    action_add(action, "flags", site->flags);
    walk_finish(walk, action);
}

/* HKR below it is `base`; its AddReg, DelReg and BitReg count, when the service
 * is there. */
static void enter_service_section(struct walk *walk, const struct site *site,
                                  const struct inf_section *section,
                                  uint32_t base)
{
    enum directive_phase phase = walk->phase;
    walk->phase = PHASE_SERVICES;
    walk_again(walk, (uint32_t)(section - walk->document->sections), site->way,
               base, DIRECTIVES_PLAIN | DIRECTIVES_SERVICE);
    walk->phase = phase;
}

/* Where the sources of the log in field 5 are; System where it names none. */
static struct str log_key(struct walk *walk, const struct inf_line *line)
{
#define LOG(name) "SYSTEM\\CurrentControlSet\\Services\\EventLog\\" name "\\"
    struct str log = slice_str(walk_field(walk, line, 5));
    if (str_equal_fold(log, STR("Application"))) {
        return STR(LOG("Application"));
    }
    if (str_equal_fold(log, STR("Security"))) {
        return STR(LOG("Security"));
    }
    return STR(LOG("System"));
#undef LOG
}

/* name,flags,service section[,event-log section[,log type[,event name]]].
 * Source: Microsoft, INF AddService Directive. */
void walk_add_service(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    struct slice section_name = walk_field(walk, site->line, 3);
    struct slice event_name = walk_field(walk, site->line, 4);
    if (name.len && !section_name.len) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, name);
    }
    if (!name.len || !section_name.len) {
        return; /* "AddService=,2": no service, and no error */
    }
    struct site here = *site;
    here.section = walk_reference(walk, site, section_name);
    here.line = NULL;
    if (here.section) {
        here.base =
            walk_base(walk, STR("SYSTEM\\CurrentControlSet\\Services\\"), name);
        here.flags = service_flags(walk, site->line);
        struct service service;
        walk_leaf(walk, &here, install_service);
        if (!read_service(walk, &here, &service)) {
            return; /* ERROR_BAD_SERVICE_INSTALLSECT: nothing is done */
        }
        enter_service_section(walk, site, here.section, here.base);
    }
    here.section =
        event_name.len ? walk_reference(walk, site, event_name) : NULL;
    if (here.section) {
        struct slice source = walk_field(walk, site->line, 6);
        here.base = walk_base(walk, log_key(walk, site->line),
                              source.len ? source : name);
        enter_service_section(walk, site, here.section, here.base);
    }
}

/* NAME | WHAT | of a service whose section is read. */
static void say_service(struct wording *wording, struct walk *walk,
                        const struct site *site, const char *what)
{
    wording_begin(wording, walk,
                  site->line ? walk_place(walk, site->line)
                             : site->section->name);
    wording_add(wording, walk->bases.items[site->base].name);
    wording_say(wording, " | ");
    wording_say(wording, what);
    wording_say(wording, " | ");
}

/* TriggerType, Action, SubType, DataItem. Source: Microsoft, INF AddTrigger
 * Directive. */
void walk_add_trigger(struct walk *walk, const struct site *site)
{
    struct site here = *site;
    here.line = walk_find_key(walk, site->section, STR("TriggerType"));
    struct action *action =
        here.line ? walk_action(walk, &here, INFSCAN_OTHER) : NULL;
    if (!action) {
        return;
    }
    struct wording subject;
    say_service(&subject, walk, &here, "trigger");
    say_word(&subject, trigger_actions,
             walk_find_value(walk, site->section, STR("Action")));
    wording_say(&subject, " at ");
    say_word(&subject, trigger_types, walk_field(walk, here.line, 1));
    wording_say(&subject, " ");
    wording_add(&subject, walk_find_value(walk, site->section, STR("SubType")));
    action->subject = wording_end(&subject, walk, action->place);
    action_add(action, "name", walk->bases.items[site->base].name);
    walk_finish(walk, action);
}

/* One action for each "Action = type,delay". Source: Microsoft, INF AddService
 * Directive. */
void walk_failure_actions(struct walk *walk, const struct site *site)
{
    const struct inf_line *lines = walk->document->lines;
    struct site here = *site;
    for (uint32_t i = site->section->first;
         i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        struct slice key = walk_key(walk, &lines[i]);
        here.line = &lines[i];
        struct action *action = str_equal_fold(slice_str(key), STR("Action"))
                                    ? walk_action(walk, &here, INFSCAN_OTHER)
                                    : NULL;
        if (!action) {
            continue;
        }
        struct wording subject;
        say_service(&subject, walk, &here, "failure");
        say_word(&subject, failure_actions, walk_field(walk, here.line, 1));
        wording_say(&subject, " after ");
        wording_add(&subject, walk_field(walk, here.line, 2));
        action->subject = wording_end(&subject, walk, action->place);
        action_add(action, "name", walk->bases.items[site->base].name);
        walk_finish(walk, action);
    }
}

void walk_service_security(struct walk *walk, const struct site *site)
{
    struct action *action = walk_action(walk, site, INFSCAN_SET_SECURITY);
    if (action) {
        struct wording subject;
        wording_begin(&subject, walk, action->place);
        wording_add(&subject, walk->bases.items[site->base].name);
        wording_say(&subject, " | ");
        wording_add(&subject, walk_line_text(walk, site->line, 0));
        action->subject = wording_end(&subject, walk, action->place);
        action_add(action, "name", walk->bases.items[site->base].name);
        walk_finish(walk, action);
    }
}

void walk_del_service(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    struct slice written = walk_field(walk, site->line, 2);
    int64_t flags = 0;
    if (!walk_int(written, &flags)) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, written);
    }
    struct action *action =
        name.len ? walk_action(walk, site, INFSCAN_DELETE_SERVICE) : NULL;
    if (action) {
        action->subject = name;
        action_add(action, "name", name);
        action_add(action, "flags",
                   walk_flags(walk, FLAGS_DEL_SERVICE, flags, written));
        walk_finish(walk, action);
    }
}
