/* SPDX-License-Identifier: MIT */
/* Directives that name other files, show something or only say something. */
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
    wording_add(&subject, walk_key(walk, site->line));
    wording_say(&subject, " = ");
    wording_add(&subject, walk_line_text(walk, site->line, 0));
    action->subject = wording_end(&subject, walk, action->place);
    walk_finish(walk, action);
}

/* DIRECTIVE | KEY = VALUE, for a list of settings that only matter to the
 * device or to a driver. */
void walk_setting(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct action *action = walk_action(walk, site, INFSCAN_OTHER);
    if (!action) {
        return;
    }
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_say(&subject, directive_info(site->directive)->name.bytes);
    wording_say(&subject, " | ");
    if (inf_line_has_key(walk->document, line) == INF_KEY_WRITTEN) {
        wording_add(&subject, walk_key(walk, line));
        wording_say(&subject, " = ");
    }
    wording_add(&subject, walk_line_text(walk, line, 0));
    action->subject = wording_end(&subject, walk, action->place);
    walk_finish(walk, action);
}

/* A switch: 0 and N turn it off, and its name alone turns it on. */
void walk_toggle(struct walk *walk, const struct site *site)
{
    struct str value = slice_str(walk_field(walk, site->line, 1));
    if (inf_line_has_key(walk->document, site->line) == INF_KEY_WRITTEN &&
        (str_equal_fold(value, STR("N")) || str_equal(value, STR("0")))) {
        return;
    }
    if (inf_line_has_key(walk->document, site->line) == INF_KEY_WRITTEN) {
        walk_other(walk, site);
        return;
    }
    struct action *action = walk_action(walk, site, INFSCAN_OTHER);
    if (action) {
        action->subject = walk_key(walk, site->line);
        walk_finish(walk, action);
    }
}

/* The INF itself goes. It is called FILE, as in the lines that start it. */
void walk_cleanup(struct walk *walk, const struct site *site)
{
    uint32_t id = walk->actions.n;
    walk_toggle(walk, site);
    if (walk->actions.n == id) {
        return;
    }
    struct action *action = &walk->actions.items[id];
    struct wording path;
    wording_begin(&path, walk, action->place);
    text_build_stand_in(&path.builder, walk->paths.inf_dir, action->place);
    wording_say(&path, "FILE");
    action_add(action, "path", wording_end(&path, walk, action->place));
}

/* A section with Prompt, Title and ButtonType. Source: IEAK, Advanced INF. */
void walk_prompt(struct walk *walk, const struct site *site)
{
    struct site here = *site;
    here.line = walk_find_key(walk, site->section, STR("Prompt"));
    struct action *action =
        here.line ? walk_action(walk, &here, INFSCAN_OTHER) : NULL;
    if (action) {
        struct wording subject;
        wording_begin(&subject, walk, action->place);
        wording_say(&subject, directive_info(site->directive)->name.bytes);
        wording_say(&subject, " | ");
        wording_add(&subject, walk_line_text(walk, here.line, 0));
        action->subject = wording_end(&subject, walk, action->place);
        walk_finish(walk, action);
    }
}

/* Include and CopyINF: one file for each field. */
void walk_include(struct walk *walk, const struct site *site)
{
    for (uint32_t i = 1; i <= walk_n_fields(walk, site->line); i++) {
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
