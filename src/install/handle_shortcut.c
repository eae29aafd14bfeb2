/* SPDX-License-Identifier: MIT */
/* ProfileItems: shortcuts and folders of the Start menu. */
#include "install/walk.h"

#define LINK_EXTENSION ".lnk"
#define DIRID_COMMON_PROGRAMS 16407
#define DIRID_USER_PROGRAMS 16386

enum shortcut_attribute {
    SHORTCUT_USER = 1,
    SHORTCUT_DELETE = 2,
    SHORTCUT_GROUP = 4
};

struct shortcut {
    struct slice name;
    struct slice folder;
    int64_t attributes;
    struct slice flags;
    struct slice target;
    struct slice directory;
    struct slice icon;
};

/* Where the program ends in a file name that arguments stand behind: at the
 * first blank behind an extension. */
static size_t program_end(struct str file)
{
    for (size_t i = 0; i < file.len; i++) {
        size_t dot = i;
        while (dot && i - dot < 5 && ascii_is_alnum(file.bytes[dot - 1])) {
            dot--;
        }
        bool is_extension =
            dot && dot < i && i - dot < 5 && file.bytes[dot - 1] == '.';
        if (ascii_is_space(file.bytes[i]) && is_extension) {
            return i;
        }
    }
    return file.len;
}

/* dirid,[subdir],[file] of a key as a path; empty where the key is missing.
 * What stands behind the program is no path and stays as it is. */
static struct slice place_of(struct walk *walk,
                             const struct inf_section *section, struct str key)
{
    const struct inf_line *line = walk_find_key(walk, section, key);
    int64_t dirid = 0;
    if (!line) {
        return SLICE_NONE;
    }
    struct slice reference = walk_field(walk, line, 1);
    if (!walk_int(reference, &dirid)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, reference);
        return walk_line_text(walk, line, 1);
    }
    struct slice file = walk_field(walk, line, 3);
    size_t end = program_end(slice_str(file));
    struct slice path =
        walk_join(walk, dirid, reference, walk_field(walk, line, 2),
                  slice_sub(file, 0, end), walk_place(walk, line));
    if (end == file.len) {
        return path;
    }
    struct wording command;
    wording_begin(&command, walk, walk_place(walk, line));
    wording_add(&command, path);
    wording_add(&command, slice_sub(file, end, file.len));
    return wording_end(&command, walk, walk_place(walk, line));
}

/* FOLDER\NAME, with .lnk behind it unless it is a folder itself */
static struct slice link_path(struct walk *walk, const struct shortcut *link,
                              struct slice place)
{
    struct wording path;
    wording_begin(&path, walk, place);
    wording_add(&path, link->folder);
    wording_path(&path, link->name);
    if (!(link->attributes & SHORTCUT_GROUP)) {
        wording_say(&path, LINK_EXTENSION);
    }
    return wording_end_path(&path, walk, place);
}

static void remove_link(struct walk *walk, const struct site *site,
                        const struct shortcut *link)
{
    struct action *action = walk_action(walk, site, INFSCAN_DELETE_FILE);
    if (action) {
        action->subject = link_path(walk, link, action->place);
        action_add(action, "path", action->subject);
        action_add(action, "flags", link->flags);
        walk_finish(walk, action);
    }
}

/* A folder of the Start menu, with nothing in it yet. */
static void make_group(struct walk *walk, const struct site *site,
                       const struct shortcut *link)
{
    struct action *action = walk_action(walk, site, INFSCAN_OTHER);
    if (action) {
        struct slice path = link_path(walk, link, action->place);
        struct wording subject;
        wording_begin(&subject, walk, action->place);
        wording_say(&subject, "Start menu folder | ");
        wording_add(&subject, path);
        action->subject = wording_end(&subject, walk, action->place);
        action_add(action, "path", path);
        action_add(action, "flags", link->flags);
        walk_finish(walk, action);
    }
}

static void make_link(struct walk *walk, const struct site *site,
                      const struct shortcut *link)
{
    struct action *action = walk_action(walk, site, INFSCAN_CREATE_SHORTCUT);
    if (!action) {
        return;
    }
    /* SubDir and Name may both lead elsewhere */
    struct slice path = link_path(walk, link, action->place);
    size_t name_len = path_base(slice_str(path)).len;
    size_t folder_len = path.len - name_len;
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, path);
    wording_say(&subject, " -> ");
    wording_add(&subject, link->target);
    action->subject = wording_end(&subject, walk, action->place);
    action->command = link->target;
    action_add(action, "path", path);
    action_add(action, "name",
               slice_sub(path, folder_len,
                         name_len - (name_len < sizeof LINK_EXTENSION
                                         ? 0
                                         : sizeof LINK_EXTENSION - 1)));
    action_add(action, "folder",
               slice_sub(path, 0, folder_len - (folder_len ? 1 : 0)));
    action_add(action, "target", link->target);
    action_add(action, "directory", link->directory);
    action_add(action, "icon", link->icon);
    action_add(action, "flags", link->flags);
    walk_finish(walk, action);
}

/* Source: Microsoft, INF ProfileItems Directive. */
void walk_profile_item(struct walk *walk, const struct site *site)
{
    struct shortcut link = {.attributes = 0};
    struct site here = *site;
    here.line = walk_find_key(walk, site->section, STR("Name"));
    if (!here.line) {
        return;
    }
    struct slice place = walk_place(walk, here.line);
    struct slice written = walk_field(walk, here.line, 2);
    link.name = walk_field(walk, here.line, 1);
    if (!walk_int(written, &link.attributes)) {
        walk_note(walk, here.line, DIAG_FIELD_MALFORMED, place);
    }
    link.flags = walk_flags(walk, FLAGS_SHORTCUT, link.attributes, written);
    link.folder = walk_join(
        walk,
        link.attributes & SHORTCUT_USER ? DIRID_USER_PROGRAMS
                                        : DIRID_COMMON_PROGRAMS,
        slice_sub(place, 0, 0),
        walk_find_value(walk, site->section, STR("SubDir")), SLICE_NONE, place);
    if (link.attributes & SHORTCUT_DELETE) {
        remove_link(walk, &here, &link);
        return;
    }
    if (link.attributes & SHORTCUT_GROUP) {
        make_group(walk, &here, &link);
        return;
    }
    link.target = place_of(walk, site->section, STR("CmdLine"));
    link.directory = place_of(walk, site->section, STR("WorkingDir"));
    link.icon = place_of(walk, site->section, STR("IconPath"));
    make_link(walk, &here, &link);
}
