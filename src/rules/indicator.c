/* SPDX-License-Identifier: MIT */
#include "rules/indicator.h"

#include "install/path.h"
#include "rules/indicator_text.h"

static void search_command(struct search *search, const struct action *action,
                           struct source_text source)
{
    const struct peeled *peeled = &action->peeled;

    source.text = action->command;
    source.is_command = true;
    search_text(search, &source);
    for (uint32_t i = 0; i < peeled->n_layers; i++) {
        source.text = peeled->layers[i].text;
        source.layer = i;
        search_text(search, &source);
    }
}

/* Only addresses: honest files write thousands of plain values. */
static void search_data(struct search *search, const struct action *action,
                        struct source_text source)
{
    struct str subject = slice_str(action->subject);

    if (action->command.len ||
        (str_find(subject, STR("://"), 0) == STR_NONE &&
         str_find(subject, STR("= \\\\"), 0) == STR_NONE)) {
        return;
    }
    source.text = action->subject;
    source.role = "target";
    search_text(search, &source);
}

/* The part of an action's subject before the arrow. */
static struct slice before_arrow(const struct action *action)
{
    size_t arrow = str_find(slice_str(action->subject), STR(" -> "), 0);

    return arrow == STR_NONE ? SLICE_NONE
                             : slice_sub(action->subject, 0, arrow);
}

/* A library is worth a look where it is not one of Windows' own. */
static void search_library(struct search *search, const struct action *action,
                           struct source_text source)
{
    struct slice path = action_member_value(action, "path");
    struct str s = slice_str(path);

    if (path_marks(s) & (PATH_WRITABLE | PATH_PER_USER)) {
        search_add(search, &source, INDICATOR_PATH, path, "payload", 0);
    }
    if (s.len > 1 && s.bytes[1] == ':') { /* a drive's, said as a whole */
        source.text = action_member_value(action, "arguments");
    }
    search_text(search, &source);
}

/* One that Windows starts, and whatever any of them points to. */
static void search_shortcut(struct search *search, const struct action *action,
                            struct source_text source)
{
    struct slice path = before_arrow(action);

    if (path_marks(slice_str(path)) & PATH_AUTOSTART) {
        search_add(search, &source, INDICATOR_PATH, path, "persistence", 0);
    }
    source.text = action_member_value(action, "target");
    search_text(search, &source);
}

static void search_action(struct search *search, const struct action *action,
                          uint32_t index)
{
    struct source_text source = {action->subject, "download", index,
                                 INFSCAN_NO_INDEX, false};
    struct slice name = action_member_value(action, "name");

    switch (action->kind) {
    case INFSCAN_LOAD_DLL:
        search_library(search, action, source);
        break;
    case INFSCAN_CREATE_SHORTCUT:
        search_shortcut(search, action, source);
        break;
    case INFSCAN_INSTALL_SOFTWARE:
        search_text(search, &source);
        break;
    case INFSCAN_INSTALL_SERVICE:
        search_add(search, &source, INDICATOR_SERVICE, name, "persistence", 0);
        break;
    case INFSCAN_DELETE_SERVICE:
        search_add(search, &source, INDICATOR_SERVICE, name, "target", 0);
        break;
    case INFSCAN_WRITE_REGISTRY:
        if (action->command.len) {
            search_add(search, &source, INDICATOR_REGISTRY_KEY,
                       before_arrow(action), "persistence", 0);
        }
        search_data(search, action, source);
        break;
    case INFSCAN_INCLUDE_INF:
        if (slice_str(source.text).len > 1 &&
            slice_str(source.text).bytes[1] != ':') {
            search_text(search, &source);
        }
        break;
    case INFSCAN_COPY_FILE:
    case INFSCAN_RENAME_FILE:
    case INFSCAN_WRITE_INI:
        search_data(search, action, source);
        break;
    case INFSCAN_RUN_COMMAND:
    case INFSCAN_DELETE_REGISTRY:
    case INFSCAN_DELETE_FILE:
    case INFSCAN_ADD_FILTER:
    case INFSCAN_SET_SECURITY:
    case INFSCAN_OTHER:
    case INFSCAN_N_ACTION_KINDS:
        break;
    }
    if (action->command.len) {
        search_command(search, action, source);
    }
}

enum infscan_status indicators_find(struct arena *arena,
                                    const struct install *install,
                                    const struct limits *limits,
                                    struct indicators *out,
                                    limit_set *limits_hit)
{
    struct search search = {
        .arena = arena,
        .out = out,
        .max = (uint32_t)limits->value[LIMIT_indicators],
        .limits = limits_hit,
    };

    for (uint32_t i = 0; i < install->n_actions && !search.no_memory; i++) {
        search_action(&search, &install->actions[i], i);
    }
    return search.no_memory ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
