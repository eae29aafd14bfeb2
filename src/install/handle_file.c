/* SPDX-License-Identifier: MIT */
/* Directives about files and INI files. */
#include "install/walk.h"

#define DIRID_SYSTEM 11
#define DIRID_WINDOWS 10

/* Line that a map from names to lines holds for a name, or NULL. */
static const struct inf_line *find_line(struct walk *walk,
                                        const struct map *map, struct str name)
{
    if (!walk->has_lists) {
        walk_read_lists(walk);
    }
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

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

/* A path of [SourceDisksNames] begins with a backslash and is below the folder
 * of the INF all the same. Source: Microsoft, INF SourceDisksNames Section. */
static bool is_elsewhere(struct str path)
{
    return path_is_absolute(path) &&
           (!is_slash(str_at(path, 0)) || is_slash(str_at(path, 1)));
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
    if (!is_elsewhere(slice_str(disk_path)) && !is_elsewhere(slice_str(file))) {
        text_build_fold(&path.builder, walk->paths.inf_dir, path.near, 0, 0);
    }
    wording_path(&path, disk_path);
    wording_path(&path, subdir);
    wording_path(&path, file);
    return wording_end_path(&path, walk, place);
}

/* Of [SourceDisksFiles] and its forms for architectures. */
static bool lists_files(const struct inf_section *section)
{
    static const struct str stem = {"SourceDisksFiles", 16};
    struct str name = slice_str(section->name);
    return str_starts_fold(name, stem) &&
           (name.len == stem.len || name.bytes[stem.len] == '.');
}

const struct slice *walk_list_sources(struct walk *walk, uint32_t *n)
{
    const struct inf_document *document = walk->document;
    VEC(struct slice) sources = {0};
    for (uint32_t i = 0; i < document->n_sections; i++) {
        const struct inf_section *section = &document->sections[i];
        uint32_t first = lists_files(section) ? section->first : INF_NONE;
        for (uint32_t k = first; k != INF_NONE && walk_spend(walk, 1);
             k = inf_document_next(document, k)) {
            const struct inf_line *line = &document->lines[k];
            struct slice file = slice_trim(walk_key(walk, line));
            if (inf_line_has_key(document, line) == INF_KEY_WRITTEN &&
                file.len &&
                !VEC_PUSH(walk->arena, &sources,
                          source_of(walk, file, walk_place(walk, line)))) {
                walk->failed = true;
            }
        }
    }
    *n = sources.n;
    return sources.items;
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
                      struct slice to, struct slice flags)
{
    struct action *action = walk_action(walk, site, kind);
    if (action) {
        action->subject = arrow(walk, from, to, action->place);
        action_add(action, "source", from);
        action_add(action, "destination", to);
        action_add(action, "flags", flags);
        walk_finish(walk, action);
    }
}

/* Words for the flags in one field; what is no number is noted. */
static struct slice read_flags(struct walk *walk, const struct inf_line *line,
                               uint32_t field, enum flag_group group)
{
    struct slice written = walk_field(walk, line, field);
    int64_t flags = 0;
    if (!walk_int(written, &flags)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, written);
    }
    return walk_flags(walk, group, flags, written);
}

/* destination name,source name,unused,flags; or, for @file, the directive's
 * own field. Source: Microsoft, INF CopyFiles Directive. */
void walk_copy_file(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice name = walk_field(walk, line, 1);
    struct slice source = walk_field(walk, line, 2);
    if (!name.len) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, walk_place(walk, line));
        return;
    }
    if (!source.len) {
        source = name;
    }
    /* One after the other: what each has to note comes in this order, and not
     * in the one that a compiler takes arguments in. */
    struct slice flags = read_flags(walk, line, 4, FLAGS_COPY);
    struct slice to = destination(walk, slice_str(site->section->name), name,
                                  walk_place(walk, line));
    struct slice from = source_of(walk, source, walk_place(walk, line));
    move_file(walk, site, INFSCAN_COPY_FILE, from, to, flags);
}

void walk_copy_single(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    for (uint32_t i = 1; i <= walk_n_fields(walk, line); i++) {
        struct slice name = walk_field(walk, line, i);
        if (name.len > 1 && slice_str(name).bytes[0] == '@') {
            name = slice_trim(slice_sub(name, 1, name.len));
            struct slice to = destination(walk, STR("DefaultDestDir"), name,
                                          walk_place(walk, line));
            struct slice from = source_of(walk, name, walk_place(walk, line));
            move_file(walk, site, INFSCAN_COPY_FILE, from, to, SLICE_NONE);
        }
    }
}

static void delete_path(struct walk *walk, const struct site *site,
                        struct slice path, struct slice flags)
{
    struct action *action = walk_action(walk, site, INFSCAN_DELETE_FILE);
    if (action) {
        action->subject = path;
        action_add(action, "path", path);
        action_add(action, "flags", flags);
        walk_finish(walk, action);
    }
}

void walk_del_file(struct walk *walk, const struct site *site)
{
    struct slice name = walk_field(walk, site->line, 1);
    if (!name.len) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED,
                  walk_place(walk, site->line));
    } else {
        struct slice flags = read_flags(walk, site->line, 4, FLAGS_DELETE);
        struct slice path = destination(walk, slice_str(site->section->name),
                                        name, walk_place(walk, site->line));
        delete_path(walk, site, path, flags);
    }
}

/* new name,old name */
void walk_ren_file(struct walk *walk, const struct site *site)
{
    struct slice place = walk_place(walk, site->line);
    struct str list = slice_str(site->section->name);
    struct slice new_name = walk_field(walk, site->line, 1);
    struct slice old_name = walk_field(walk, site->line, 2);
    if (!new_name.len || !old_name.len) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, place);
        return;
    }
    struct slice to = destination(walk, list, new_name, place);
    struct slice from = destination(walk, list, old_name, place);
    move_file(walk, site, INFSCAN_RENAME_FILE, from, to, SLICE_NONE);
}

void walk_del_dir(struct walk *walk, const struct site *site)
{
    struct slice text = walk_line_text(walk, site->line, 0);
    if (text.len) {
        delete_path(walk, site, walk_path(walk, text), SLICE_NONE);
    }
}

/* An edit of an INI file. */
struct ini_edit {
    struct slice file;
    struct slice section;
    struct slice entry; /* what is there afterwards; empty: nothing */
    struct slice old;   /* what goes; empty: nothing */
    struct slice flags;
};

/* FILE | SECTION | ENTRY, or FILE | SECTION | (removed) ENTRY */
static struct slice ini_subject(struct walk *walk, const struct ini_edit *edit,
                                struct slice place)
{
    struct wording subject;
    wording_begin(&subject, walk, place);
    wording_add(&subject, edit->file);
    wording_say(&subject, " | ");
    wording_add(&subject, edit->section);
    wording_say(&subject, " | ");
    if (!edit->entry.len) {
        wording_say(&subject, "(removed) ");
    }
    wording_add(&subject, edit->entry.len ? edit->entry : edit->old);
    return wording_end(&subject, walk, place);
}

static void edit_ini(struct walk *walk, const struct site *site,
                     struct ini_edit *edit)
{
    edit->file = walk_field(walk, site->line, 1);
    edit->section = walk_field(walk, site->line, 2);
    if (!edit->file.len || (!edit->entry.len && !edit->old.len)) {
        return;
    }
    if (!path_is_absolute(slice_str(edit->file))) { /* the profile API's rule */
        edit->file =
            walk_join(walk, DIRID_WINDOWS, slice_sub(edit->file, 0, 0),
                      SLICE_NONE, edit->file, walk_place(walk, site->line));
    } else {
        edit->file = walk_path(walk, edit->file);
    }
    struct action *action = walk_action(walk, site, INFSCAN_WRITE_INI);
    if (action) {
        action->subject = ini_subject(walk, edit, action->place);
        action_add(action, "destination", edit->file);
        action_add(action, "section", edit->section);
        action_add(action, "entry", edit->entry);
        action_add(action, "removed", edit->old);
        action_add(action, "flags", edit->flags);
        walk_finish(walk, action);
    }
}

/* file,section,[old entry],[new entry],[flags]; no new entry deletes the old */
void walk_update_ini(struct walk *walk, const struct site *site)
{
    struct ini_edit edit = {.entry = walk_field(walk, site->line, 4),
                            .old = walk_field(walk, site->line, 3),
                            .flags =
                                read_flags(walk, site->line, 5, FLAGS_INI)};
    edit_ini(walk, site, &edit);
}

/* KEY=VALUE; empty without a value */
static struct slice ini_entry(struct walk *walk, const struct inf_line *line,
                              uint32_t value)
{
    struct slice field = walk_field(walk, line, value);
    struct wording entry;
    if (!field.len) {
        return SLICE_NONE;
    }
    wording_begin(&entry, walk, walk_place(walk, line));
    wording_add(&entry, walk_field(walk, line, 3));
    wording_say(&entry, "=");
    wording_add(&entry, field);
    return wording_end(&entry, walk, walk_place(walk, line));
}

/* file,section,key,[old field],[new field],[flags] */
void walk_update_ini_field(struct walk *walk, const struct site *site)
{
    struct ini_edit edit = {
        .entry = ini_entry(walk, site->line, 5),
        .old = ini_entry(walk, site->line, 4),
        .flags = read_flags(walk, site->line, 6, FLAGS_INI_FIELD)};
    edit_ini(walk, site, &edit);
}

/* Windows 9x: lines of autoexec.bat and config.sys. "CmdAdd = command[,
 * arguments]" adds one. */
void walk_startup_line(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct slice key = walk_key(walk, line);
    struct slice command = walk_field(walk, line, 1);
    bool adds = str_equal_fold(slice_str(key), STR("CmdAdd"));
    struct action *action =
        command.len ? walk_action(walk, site, INFSCAN_OTHER) : NULL;
    if (!action) {
        return;
    }
    struct wording said;
    wording_begin(&said, walk, walk_place(walk, line));
    wording_add(&said, command);
    for (uint32_t i = 2; i <= walk_n_fields(walk, line); i++) {
        wording_say(&said, i == 2 ? " " : ",");
        wording_add(&said, walk_field(walk, line, i));
    }
    struct slice whole = wording_end(&said, walk, walk_place(walk, line));
    struct wording subject;
    wording_begin(&subject, walk, walk_place(walk, line));
    wording_say(&subject, site->directive == DIRECTIVE_UPDATE_AUTO_BAT
                              ? "autoexec.bat | "
                              : "config.sys | ");
    wording_add(&subject, key);
    wording_say(&subject, " | ");
    wording_add(&subject, whole);
    action->subject = wording_end(&subject, walk, walk_place(walk, line));
    if (adds) {
        action->command = whole;
    }
    walk_finish(walk, action);
}
