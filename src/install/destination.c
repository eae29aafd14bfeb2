/* SPDX-License-Identifier: MIT */
/* Where files go and come from: the sections that name directories. */
#include "install/walk.h"

/* Far more than any installer has. */

static void fill(struct walk *walk, struct map *map, struct str section_name)
{
    const struct inf_line *lines = walk->document->lines;
    const struct inf_section *section =
        inf_document_find(walk->document, section_name);
    for (uint32_t i = section ? section->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        if (inf_line_has_key(walk->document, &lines[i]) == INF_KEY_NONE) {
            continue;
        }
        struct slice key = walk_key(walk, &lines[i]);
        if (map_put(map, walk->arena, slice_str(key), i) == MAP_NONE) {
            walk->failed = true;
            return;
        }
    }
}

/* advpack takes away single quotes around these fields. */
static struct slice unquote(struct slice field)
{
    struct str text = slice_str(field);
    if (text.len >= 2 && text.bytes[0] == '\'' &&
        text.bytes[text.len - 1] == '\'') {
        return slice_sub(field, 1, text.len - 2);
    }
    return field;
}

/* What a registry value holds on every Windows; empty for any other. */
static struct slice known_value(struct walk *walk, struct str key,
                                struct str value, struct slice place)
{
    static const struct {
        const char *key;
        const char *value;
        const char *data;
    } rows[] = {
#define KNOWN(key, value, data, source) {key, value, data},
#include "install/known_values.def"
#undef KNOWN
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal_fold(key, str_from(rows[i].key)) &&
            str_equal_fold(value, str_from(rows[i].value))) {
            struct wording path;
            wording_begin(&path, walk, place);
            text_build_stand_in(&path.builder, str_from(rows[i].data), place);
            return wording_end(&path, walk, place);
        }
    }
    return SLICE_NONE;
}

/* root,key,value,prompt,default: the value, else the default, else a word that
 * says where it would be read. */
static struct slice ldid_path(struct walk *walk, const struct inf_line *line)
{
    struct slice field[5];
    for (uint32_t i = 0; i < 5; i++) {
        field[i] = unquote(walk_field(walk, line, i + 1));
    }
    enum registry_root root = registry_root_parse(slice_str(field[0]));
    if (root == REGISTRY_NO_ROOT || root == REGISTRY_HKR) {
        return field[4];
    }
    struct wording key;
    wording_begin(&key, walk, walk_place(walk, line));
    registry_build_key(&key.builder, root, NULL, field[1],
                       walk_place(walk, line));
    struct slice spelled = wording_end(&key, walk, walk_place(walk, line));
    struct slice path = known_value(
        walk, slice_str(spelled), slice_str(field[2]), walk_place(walk, line));
    if (path.len) {
        return path;
    }
    if (field[4].len) {
        return field[4];
    }
    struct wording unknown;
    wording_begin(&unknown, walk, walk_place(walk, line));
    wording_say(&unknown, "<");
    wording_add(&unknown, spelled);
    wording_say(&unknown, "\\");
    wording_add(&unknown, field[2]);
    wording_say(&unknown, ">");
    return wording_end(&unknown, walk, walk_place(walk, line));
}

/* The INF's own directory without its last backslash, as advpack gives it. */
static struct slice source_dir(struct walk *walk, struct slice place)
{
    struct wording path;
    wording_begin(&path, walk, place);
    text_build_stand_in(
        &path.builder,
        str_sub(walk->paths.inf_dir, 0, walk->paths.inf_dir.len - 1), place);
    return wording_end(&path, walk, place);
}

static struct slice resolve(struct walk *walk, const struct inf_line *line,
                            struct slice section_name)
{
    struct str name = slice_str(section_name);
    if (str_equal_fold(name, STR("SourceDir"))) {
        return source_dir(walk, walk_place(walk, line));
    }
    const struct inf_section *section = inf_document_find(walk->document, name);
    if (!section || section->first == INF_NONE) {
        return SLICE_NONE;
    }
    walk->sections[section - walk->document->sections].is_touched = true;
    return ldid_path(walk, &walk->document->lines[section->first]);
}

/* Keeps the array sorted; the first definition of a number wins. */
static void define(struct walk *walk, struct path_ldid *ldids, uint32_t *n,
                   int64_t number, struct slice path)
{
    uint32_t at = *n;
    while (at > 0 && ldids[at - 1].number >= number) {
        if (ldids[--at].number == number) {
            return;
        }
    }
    if (*n == walk->limits->value[LIMIT_directory_numbers]) {
        limit_hit(&walk->hit, LIMIT_directory_numbers);
        return;
    }
    memmove(ldids + at + 1, ldids + at, (*n - at) * sizeof *ldids);
    ldids[at] = (struct path_ldid){number, path};
    (*n)++;
}

static void define_field(struct walk *walk, struct path_ldid *ldids,
                         uint32_t *n, struct slice field, struct slice path)
{
    int64_t number = 0;
    if (field.len && walk_int(field, &number)) {
        define(walk, ldids, n, number, path);
    }
}

/* "49000 = Sec, 7" has a key; "49000,49001=Sec, 7" is three fields without. */
static void read_line(struct walk *walk, const struct inf_line *line,
                      struct path_ldid *ldids, uint32_t *n)
{
    if (inf_line_has_key(walk->document, line) == INF_KEY_WRITTEN) {
        struct slice name = slice_trim(walk_field(walk, line, 1));
        define_field(walk, ldids, n, walk_key(walk, line),
                     resolve(walk, line, name));
        return;
    }
    for (uint32_t i = 1; i <= walk_n_fields(walk, line); i++) {
        struct slice field = walk_field(walk, line, i);
        size_t equals = str_find_char(slice_str(field), '=', 0);
        if (equals == STR_NONE) {
            continue;
        }
        struct slice path = resolve(
            walk, line, slice_trim(slice_sub(field, equals + 1, field.len)));
        for (uint32_t left = 1; left < i; left++) {
            define_field(walk, ldids, n, walk_field(walk, line, left), path);
        }
        define_field(walk, ldids, n, slice_sub(field, 0, equals), path);
        return;
    }
}

static void read_custom(struct walk *walk, const struct inf_line *directive,
                        struct path_ldid *ldids, uint32_t *n)
{
    const struct inf_line *lines = walk->document->lines;
    for (uint32_t f = 1; f <= walk_n_fields(walk, directive); f++) {
        struct slice name = slice_trim(walk_field(walk, directive, f));
        const struct inf_section *section =
            inf_document_find(walk->document, slice_str(name));
        for (uint32_t i = section ? section->first : INF_NONE;
             i != INF_NONE && walk_spend(walk, 1);
             i = inf_document_next(walk->document, i)) {
            read_line(walk, &lines[i], ldids, n);
            walk->paths.n_ldids = *n; /* for those that build on it */
        }
    }
}

/* LDIDs are there before anything else is read, so this looks for every
 * CustomDestination first. */
static void read_ldids(struct walk *walk)
{
    const struct inf_document *document = walk->document;
    struct path_ldid *ldids =
        ARENA_ARRAY(walk->arena, struct path_ldid,
                    (size_t)walk->limits->value[LIMIT_directory_numbers]);
    uint32_t n = 0;
    if (!ldids) {
        walk->failed = true;
        return;
    }
    walk->paths.ldids = ldids;
    for (uint32_t i = 0; i < document->n_lines; i++) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_has_key(walk->document, line) != INF_KEY_WRITTEN) {
            continue;
        }
        enum directive_id id = walk_directive(walk, line);
        if (id == N_DIRECTIVES) {
            continue;
        }
        struct section_state *state =
            &walk->sections[inf_line_section(document, line)];
        if (directive_info(id)->class & DIRECTIVES_ALL) {
            state->has_directives = true;
        }
        if (directive_info(id)->class == DIRECTIVES_ADVANCED) {
            walk->advanced = true;
        }
        if (id == DIRECTIVE_INCLUDE) {
            walk->has_include = true;
        } else if (id == DIRECTIVE_CUSTOM_DESTINATION) {
            read_custom(walk, line, ldids, &n);
        }
    }
}

#define GUID_PRINTERS "{4d36e979-e325-11ce-bfc1-08002be10318}"

/* Whether the class installer of printers reads the file. */
static bool is_for_printers(struct walk *walk)
{
    const struct inf_section *version =
        inf_document_find(walk->document, STR("Version"));
    return version &&
           (str_equal_fold(
                slice_str(walk_find_value(walk, version, STR("Class"))),
                STR("Printer")) ||
            str_equal_fold(
                slice_str(walk_find_value(walk, version, STR("ClassGuid"))),
                STR(GUID_PRINTERS)));
}

void walk_read_lists(struct walk *walk)
{
    static const struct str source_files[] = {{"SourceDisksFiles.amd64", 22},
                                              {"SourceDisksFiles.x86", 20},
                                              {"SourceDisksFiles.arm64", 22},
                                              {"SourceDisksFiles", 16}};
    static const struct str source_disks[] = {{"SourceDisksNames.amd64", 22},
                                              {"SourceDisksNames.x86", 20},
                                              {"SourceDisksNames.arm64", 22},
                                              {"SourceDisksNames", 16}};
    const struct inf_document *seen = walk->document;
    struct diag_list *diags = walk->expander.diags;
    walk->has_lists = true;
    walk->document = walk->all;
    walk->expander.diags = NULL;
    fill(walk, &walk->destinations, STR("DestinationDirs"));
    for (size_t i = 0; i < sizeof source_files / sizeof source_files[0]; i++) {
        fill(walk, &walk->source_files, source_files[i]);
        fill(walk, &walk->source_disks, source_disks[i]);
    }
    walk->document = seen;
    walk->expander.diags = diags;
}

void walk_read_directories(struct walk *walk)
{
    walk->printer = is_for_printers(walk);
    read_ldids(walk);
}
