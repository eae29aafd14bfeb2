/* SPDX-License-Identifier: MIT */
/* Directives about files, INI files and shortcuts. */
#include "install/walk.h"

#define DIRID_SYSTEM 11
#define DIRID_WINDOWS 10
#define DIRID_COMMON_PROGRAMS 16407
#define DIRID_USER_PROGRAMS 16386

/* Line that a map from names to lines holds for a name, or NULL. */
static const struct inf_line *find_line(const struct walk *walk,
                                        const struct map *map, struct str name)
{
    uint32_t index = map_get(map, name);
    /* the map knows included files, which not every launcher sees */
    return index < walk->document->n_lines ? &walk->document->lines[index]
                                           : NULL;
}

/* Where files of a list section go. Source: Microsoft, INF DestinationDirs
 * Section; without any, the system directory as in Wine. */
static struct slice destination(struct walk *walk, struct str list,
                                struct slice file, struct slice place)
{
    const struct inf_line *line = find_line(walk, &walk->destinations, list);
    if (!line) {
        line = find_line(walk, &walk->destinations, STR("DefaultDestDir"));
    }
    if (!line) {
        return walk_join(walk, DIRID_SYSTEM, slice_sub(place, 0, 0), SLICE_NONE,
                         file, place);
    }
    struct slice reference = walk_field(walk, line, 1);
    int64_t dirid = 0;
    if (!walk_int(reference, &dirid)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, reference);
        dirid = DIRID_SYSTEM;
    }
    return walk_join(walk, dirid, reference, walk_field(walk, line, 2), file,
                     place);
}

/* Where a file comes from: beside the INF, or where SourceDisksNames and
 * SourceDisksFiles say. */
static struct slice source_of(struct walk *walk, struct slice file,
                              struct slice place)
{
    const struct inf_line *line =
        find_line(walk, &walk->source_files, slice_str(file));
    struct slice subdir = SLICE_NONE;
    struct slice disk_path = SLICE_NONE;
    if (line) {
        subdir = walk_field(walk, line, 2);
        const struct inf_line *disk = find_line(
            walk, &walk->source_disks, slice_str(walk_field(walk, line, 1)));
        disk_path = disk ? walk_field(walk, disk, 4) : SLICE_NONE;
    }
    struct wording path;
    wording_begin(&path, walk, place);
    if (!path_is_absolute(slice_str(disk_path)) &&
        !path_is_absolute(slice_str(file))) {
        text_build_fold(&path.builder, walk->paths.inf_dir, path.near, 0, 0);
    }
    wording_path(&path, disk_path);
    wording_path(&path, subdir);
    wording_path(&path, file);
    return wording_end_path(&path, walk, place);
}

/* "A -> B" */
static struct slice arrow(struct walk *walk, struct slice from, struct slice to,
                          struct slice place)
{
    struct wording subject;
    wording_begin(&subject, walk, place);
    wording_add(&subject, from);
    wording_say(&subject, " -> ");
    wording_add(&subject, to);
    return wording_end(&subject, walk, place);
}

static void move_file(struct walk *walk, const struct site *site,
                      enum infscan_action_kind kind, struct slice from,
                      struct slice to)
{
    struct action *action = walk_action(walk, site, kind);
    if (action) {
        action->subject = arrow(walk, from, to, action->place);
        action_add(action, "source", from);
        action_add(action, "destination", to);
        walk_finish(walk, action);
    }
}

/* destination name,source name,unused,flags; or, for @file, the directive's
 * own field. Source: Microsoft, INF CopyFiles Directive. */
void walk_copy_file(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice name = walk_field(walk, line, 1);
    struct slice source = walk_field(walk, line, 2);
    if (!name.len) {
        return;
    }
    if (!source.len) {
        source = name;
    }
    move_file(
        walk, site, INFSCAN_COPY_FILE, source_of(walk, source, line->place),
        destination(walk, slice_str(site->section->name), name, line->place));
}

void walk_copy_single(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    for (uint32_t i = 1; i <= line->n_fields; i++) {
        struct slice name = walk_field(walk, line, i);
        if (name.len > 1 && slice_str(name).bytes[0] == '@') {
            name = slice_trim(slice_sub(name, 1, name.len));
            move_file(
                walk, site, INFSCAN_COPY_FILE,
                source_of(walk, name, line->place),
                destination(walk, STR("DefaultDestDir"), name, line->place));
        }
    }
}

static void delete_path(struct walk *walk, const struct site *site,
                        struct slice path)
{
    struct action *action = walk_action(walk, site, INFSCAN_DELETE_FILE);
    if (action) {
        action->subject = path;
        action_add(action, "path", path);
        walk_finish(walk, action);
    }
}

void walk_del_file(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    if (name.len) {
        delete_path(walk, site,
                    destination(walk, slice_str(site->section->name), name,
                                site->line->place));
    }
}

/* new name,old name */
void walk_ren_file(struct walk *walk, const struct site *site)
{
    struct slice place = site->line->place;
    struct str list = slice_str(site->section->name);
    struct slice new_name = walk_field(walk, site->line, 1);
    struct slice old_name = walk_field(walk, site->line, 2);
    if (!new_name.len || !old_name.len) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, place);
        return;
    }
    move_file(walk, site, INFSCAN_RENAME_FILE,
              destination(walk, list, old_name, place),
              destination(walk, list, new_name, place));
}

void walk_del_dir(struct walk *walk, const struct site *site)
{
    struct slice text = walk_line_text(walk, site->line, 0);
    if (text.len) {
        delete_path(walk, site, text);
    }
}

/* FILE | SECTION | ENTRY */
static void write_ini(struct walk *walk, const struct site *site,
                      struct slice entry)
{
    struct slice file = walk_field(walk, site->line, 1);
    struct slice section = walk_field(walk, site->line, 2);
    if (!file.len) {
        return;
    }
    if (!path_is_absolute(slice_str(file))) { /* the profile API's rule */
        file = walk_join(walk, DIRID_WINDOWS, slice_sub(file, 0, 0), SLICE_NONE,
                         file, site->line->place);
    }
    struct action *action = walk_action(walk, site, INFSCAN_WRITE_INI);
    if (!action) {
        return;
    }
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, file);
    wording_say(&subject, " | ");
    wording_add(&subject, section);
    wording_say(&subject, " | ");
    wording_add(&subject, entry);
    action->subject = wording_end(&subject, walk, action->place);
    action_add(action, "destination", file);
    action_add(action, "section", section);
    action_add(action, "entry", entry);
    walk_finish(walk, action);
}

/* file,section,[old entry],[new entry],[flags]; no new entry deletes the old */
void walk_update_ini(struct walk *walk, const struct site *site)
{
    struct slice entry = walk_field(walk, site->line, 4);
    write_ini(walk, site, entry.len ? entry : walk_field(walk, site->line, 3));
}

/* file,section,key,[old field],[new field],[flags] */
void walk_update_ini_field(struct walk *walk, const struct site *site)
{
    struct wording entry;
    wording_begin(&entry, walk, site->line->place);
    wording_add(&entry, walk_field(walk, site->line, 3));
    wording_say(&entry, "=");
    wording_add(&entry, walk_field(walk, site->line, 5));
    write_ini(walk, site, wording_end(&entry, walk, site->line->place));
}

/* Windows 9x: lines of autoexec.bat and config.sys. "CmdAdd = command[,
 * arguments]" adds one. */
void walk_startup_line(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice key = inf_expand(&walk->expander, line->key);
    struct slice command = walk_field(walk, line, 1);
    bool adds = str_equal_fold(slice_str(key), STR("CmdAdd"));
    struct action *action =
        command.len ? walk_action(walk, site, INFSCAN_OTHER) : NULL;
    if (!action) {
        return;
    }
    struct wording said;
    wording_begin(&said, walk, line->place);
    wording_add(&said, command);
    for (uint32_t i = 2; i <= line->n_fields; i++) {
        wording_say(&said, i == 2 ? " " : ",");
        wording_add(&said, walk_field(walk, line, i));
    }
    struct slice whole = wording_end(&said, walk, line->place);
    struct wording subject;
    wording_begin(&subject, walk, line->place);
    wording_say(&subject, site->directive == DIRECTIVE_UPDATE_AUTO_BAT
                              ? "autoexec.bat | "
                              : "config.sys | ");
    wording_add(&subject, key);
    wording_say(&subject, " | ");
    wording_add(&subject, whole);
    action->subject = wording_end(&subject, walk, line->place);
    if (adds) {
        action->command = whole;
    }
    walk_finish(walk, action);
}

enum shortcut_attribute {
    SHORTCUT_USER = 1,
    SHORTCUT_DELETE = 2
};

/* dirid,subdir,file of a CmdLine key; empty where the key is missing. */
static struct slice shortcut_target(struct walk *walk,
                                    const struct inf_section *section)
{
    const struct inf_line *line = walk_find_key(walk, section, STR("CmdLine"));
    int64_t dirid = 0;
    if (!line) {
        return SLICE_NONE;
    }
    struct slice reference = walk_field(walk, line, 1);
    if (!walk_int(reference, &dirid)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, reference);
        return walk_line_text(walk, line, 1);
    }
    return walk_join(walk, dirid, reference, walk_field(walk, line, 2),
                     walk_field(walk, line, 3), line->place);
}

static void make_shortcut(struct walk *walk, const struct site *site,
                          struct slice folder, struct slice name,
                          struct slice target)
{
    struct action *action = walk_action(walk, site, INFSCAN_CREATE_SHORTCUT);
    if (!action) {
        return;
    }
    struct wording subject;
    wording_begin(&subject, walk, action->place);
    wording_add(&subject, folder);
    wording_path(&subject, name);
    wording_say(&subject, ".lnk -> ");
    wording_add(&subject, target);
    action->subject = wording_end(&subject, walk, action->place);
    action->command = target;
    action_add(action, "name", name);
    action_add(action, "folder", folder);
    action_add(action, "target", target);
    walk_finish(walk, action);
}

/* Source: Microsoft, INF ProfileItems Directive. */
void walk_profile_item(struct walk *walk, const struct site *site)
{
    struct site here = *site;
    int64_t attributes = 0;
    here.line = walk_find_key(walk, site->section, STR("Name"));
    if (!here.line) {
        return;
    }
    struct slice place = here.line->place;
    struct slice name = walk_field(walk, here.line, 1);
    struct slice subdir = walk_find_value(walk, site->section, STR("SubDir"));
    if (!walk_int(walk_field(walk, here.line, 2), &attributes)) {
        walk_note(walk, here.line, DIAG_FIELD_MALFORMED, place);
    }
    int64_t base = attributes & SHORTCUT_USER ? DIRID_USER_PROGRAMS
                                              : DIRID_COMMON_PROGRAMS;
    struct slice folder = walk_join(walk, base, slice_sub(place, 0, 0), subdir,
                                    SLICE_NONE, place);
    if (attributes & SHORTCUT_DELETE) {
        struct wording link;
        wording_begin(&link, walk, place);
        wording_add(&link, folder);
        wording_path(&link, name);
        wording_say(&link, ".lnk");
        delete_path(walk, &here, wording_end_path(&link, walk, place));
        return;
    }
    make_shortcut(walk, &here, folder, name,
                  shortcut_target(walk, site->section));
}
