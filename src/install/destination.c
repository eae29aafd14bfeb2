/* SPDX-License-Identifier: MIT */
/* Where files go and come from: the sections that name directories. */
#include "install/walk.h"

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

/* The LDIDs of a scope that is made. */
struct numbers {
    struct path_ldid *items; /* a VEC, sorted */
    uint32_t n, capacity;
};

/* Keeps the array sorted; the first definition of a number wins. SetupAPI takes
 * none below DIRID_USER. */
static void define(struct walk *walk, struct numbers *numbers, int64_t number,
                   struct slice path)
{
    uint32_t at = numbers->n;
    if (number < PATH_FIRST_LDID) {
        return;
    }
    while (at > 0 && numbers->items[at - 1].number >= number) {
        if (numbers->items[--at].number == number) {
            return;
        }
    }
    if (numbers->n == walk->limits->value[LIMIT_directory_numbers]) {
        limit_hit(&walk->hit, LIMIT_directory_numbers);
        return;
    }
    if (!VEC_PUSH(walk->arena, numbers, (struct path_ldid){number, path})) {
        walk->failed = true;
        return;
    }
    memmove(numbers->items + at + 1, numbers->items + at,
            (numbers->n - 1 - at) * sizeof *numbers->items);
    numbers->items[at] = (struct path_ldid){number, path};
}

static void define_field(struct walk *walk, struct numbers *numbers,
                         struct slice field, struct slice path)
{
    int64_t number = 0;
    if (field.len && walk_int(field, &number)) {
        define(walk, numbers, number, path);
    }
}

/* "49000 = Sec, 7" has a key; "49000,49001=Sec, 7" is three fields without. */
static void read_line(struct walk *walk, const struct inf_line *line,
                      struct numbers *numbers)
{
    if (inf_line_has_key(walk->document, line) == INF_KEY_WRITTEN) {
        struct slice name = slice_trim(walk_field(walk, line, 1));
        define_field(walk, numbers, walk_key(walk, line),
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
            define_field(walk, numbers, walk_field(walk, line, left), path);
        }
        define_field(walk, numbers, slice_sub(field, 0, equals), path);
        return;
    }
}

static void read_numbers(struct walk *walk, const struct inf_section *section,
                         struct numbers *numbers)
{
    const struct inf_line *lines = walk->document->lines;
    for (uint32_t i = section->first; i != INF_NONE && walk_spend(walk, 1);
         i = inf_document_next(walk->document, i)) {
        read_line(walk, &lines[i], numbers);
        walk->paths.ldids = numbers->items; /* for those that build on it */
        walk->paths.n_ldids = numbers->n;
    }
}

static void read_custom(struct walk *walk, const struct inf_line *directive,
                        struct numbers *numbers)
{
    for (uint32_t f = 1; f <= walk_n_fields(walk, directive); f++) {
        struct slice name = slice_trim(walk_field(walk, directive, f));
        const struct inf_section *section =
            inf_document_find(walk->document, slice_str(name));
        if (section) {
            read_numbers(walk, section, numbers);
        }
    }
}

static uint32_t add_scope(struct walk *walk, const struct numbers *numbers)
{
    if (!VEC_PUSH(walk->arena, &walk->scopes,
                  (struct scope){numbers->items, numbers->n})) {
        walk->failed = true;
        return SCOPE_NONE;
    }
    return walk->scopes.n - 1;
}

void walk_use_scope(struct walk *walk, uint32_t scope)
{
    if (scope >= walk->scopes.n) { /* memory ran out */
        return;
    }
    walk->scope = scope;
    walk->paths.ldids = walk->scopes.items[scope].ldids;
    walk->paths.n_ldids = walk->scopes.items[scope].n;
}

static bool same_numbers(const struct scope *scope,
                         const struct numbers *numbers)
{
    for (uint32_t i = 0; i < numbers->n && scope->n == numbers->n; i++) {
        if (scope->ldids[i].number != numbers->items[i].number ||
            !str_equal(slice_str(scope->ldids[i].path),
                       slice_str(numbers->items[i].path))) {
            return false;
        }
    }
    return scope->n == numbers->n;
}

/* A profile of Connection Manager has sections of its own for one user and for
 * all, which come to the same; so many scopes are compared. */
#define SCOPES_COMPARED 8u

/* The scope that a CustomDestination line makes. */
static uint32_t make_scope(struct walk *walk, const struct inf_line *line)
{
    struct numbers numbers = {0};
    walk_use_scope(walk, SCOPE_NONE);
    read_custom(walk, line, &numbers);
    for (uint32_t i = 0; i < walk->scopes.n && i < SCOPES_COMPARED; i++) {
        if (same_numbers(&walk->scopes.items[i], &numbers)) {
            return i;
        }
    }
    return add_scope(walk, &numbers);
}

/* Sections that name the same ones have the same numbers. Of several lines the
 * first counts. Source: Wine, advpack/install.c. */
uint32_t walk_scope_of(struct walk *walk, uint32_t section)
{
    const struct inf_document *document = walk->document;
    if (!walk->sections[section].has_numbers) {
        return SCOPE_NONE;
    }
    for (uint32_t i = document->sections[section].first; i != INF_NONE;
         i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_has_key(document, line) != INF_KEY_WRITTEN ||
            walk_directive(walk, line) != DIRECTIVE_CUSTOM_DESTINATION) {
            continue;
        }
        struct slice names = walk_line_text(walk, line, 0);
        uint32_t scope = map_get(&walk->scope_names, slice_str(names));
        if (scope == MAP_NONE) {
            scope = make_scope(walk, line);
            if (map_put(&walk->scope_names, walk->arena, slice_str(names),
                        scope) == MAP_NONE) {
                walk->failed = true;
            }
        }
        return scope;
    }
    return SCOPE_NONE;
}

/* Which sections have directives, and all the directory numbers that any of
 * them defines, for what is not followed by a launcher. */
static void read_directives(struct walk *walk, struct numbers *numbers)
{
    const struct inf_document *document = walk->document;
    for (uint32_t i = 0; i < document->n_lines; i++) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_has_key(document, line) != INF_KEY_WRITTEN) {
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
            state->has_numbers = true;
            read_custom(walk, line, numbers);
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
    uint32_t scope = walk->scope;
    walk_use_scope(walk, SCOPE_ALL);
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
    walk_use_scope(walk, scope);
}

void walk_read_directories(struct walk *walk)
{
    struct numbers none = {0};
    struct numbers all = {0};
    walk->printer = is_for_printers(walk);
    (void)add_scope(walk, &none);
    read_directives(walk, &all);
    (void)add_scope(walk, &all);
    walk_use_scope(walk, SCOPE_ALL);
    walk->paths.asked = &walk->asked;
}
