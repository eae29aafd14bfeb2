/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "command/cmdline.h"
#include "inf/append.h"
#include "install/directive.h"
#include "install/path.h"
#include "scan/scanner.h"

/* In companion_names: the INF itself. */
#define SELF (MAP_NONE - 1)

enum role {
#define ROLE(id, name, source) ROLE_##id,
#include "scan/companions.def"
#undef ROLE
    N_ROLES
};

static const char *const role_names[] = {
#define ROLE(id, name, source) name,
#include "scan/companions.def"
#undef ROLE
};

const char *companion_role(unsigned role)
{
    return role < N_ROLES ? role_names[role] : "";
}

static bool is_part(struct str part)
{
    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.bytes[i];
        if (c < 0x20 || strchr("/:*?\"<>|", c)) {
            return false;
        }
    }
    return part.len && !str_equal(part, STR(".."));
}

struct str companion_name(struct arena *arena, struct str written)
{
    static const struct str none = {NULL, 0};
    struct str rest = str_trim(written);
    char *bytes = arena_alloc(arena, rest.len + 1, 1);
    struct str part;
    size_t n = 0;

    for (size_t i = 0; bytes && i < rest.len; i++) {
        bytes[i] = rest.bytes[i] == '/' ? '\\' : rest.bytes[i];
    }
    rest = str_of(bytes, rest.len);
    if (!rest.bytes || !rest.len || rest.bytes[0] == '\\') {
        return none;
    }
    while (str_next(&rest, '\\', &part)) {
        if (str_equal(part, STR(".")) || (!part.len && rest.bytes)) {
            continue;
        }
        if (!is_part(part)) {
            return none;
        }
        if (n) {
            bytes[n++] = '\\';
        }
        memmove(bytes + n, part.bytes, part.len);
        n += part.len;
    }
    return n ? str_of(bytes, n) : none;
}

/* The companion of that name, new where there is none; NULL past the limit or
 * without memory. */
static struct companion *add(struct analysis *analysis, struct str name,
                             enum role role)
{
    struct infscan_scanner *scanner = analysis->scanner;
    uint32_t fresh = analysis->companions.n;
    uint32_t index = map_get(&analysis->companion_names, name);

    if (index == SELF) {
        return NULL;
    }
    if (index == MAP_NONE) {
        if (fresh >= scanner->limits.value[LIMIT_companions]) {
            limit_hit(&analysis->limits, LIMIT_companions);
            return NULL;
        }
        index =
            map_put(&analysis->companion_names, analysis->arena, name, fresh);
        if (index != fresh ||
            !VEC_PUSH(analysis->arena, &analysis->companions,
                      (struct companion){.name = name, .role = role})) {
            return NULL;
        }
    }
    struct companion *there = &analysis->companions.items[index];
    if (role < there->role) {
        there->role = role;
    }
    return there;
}

/* As add; notes that an action needs the companion. NULL: none does. */
static void need(struct analysis *analysis, const struct action *action,
                 struct str name, enum role role)
{
    const struct companion *companion = add(analysis, name, role);

    if (companion && action) { /* without memory the arena says so at the end */
        VEC_PUSH(analysis->arena, &analysis->needed,
                 (struct companion_need){
                     (uint32_t)(action - analysis->install.actions),
                     (uint32_t)(companion - analysis->companions.items)});
    }
}

static void look(struct analysis *analysis, struct companion *companion,
                 size_t max_bytes, struct arena *arena)
{
    const struct companion_source *beside = analysis->beside;
    struct companion_request request = {companion->name, max_bytes, arena};

    companion->is_present =
        beside->read(beside->context, &request, &companion->file);
    if (!companion->is_present && beside->is_cut(beside->context)) {
        limit_hit(&analysis->limits, LIMIT_folder_entries);
    }
}

/* --- included INFs --- */

struct str companion_folder(const struct included_file *file)
{
    size_t n = file->is_part ? 0 : file->name.len;

    while (n > 0 && file->name.bytes[n - 1] != '\\') {
        n--;
    }
    return str_sub(file->name, 0, n);
}

/* As companion_name, of a name in an INF that lies in `folder`. */
static struct str name_below(struct arena *arena, struct str folder,
                             struct str written)
{
    struct str name = companion_name(arena, written);

    if (!name.bytes || !folder.len) {
        return name;
    }
    char *bytes = arena_alloc(arena, folder.len + name.len, 1);
    if (!bytes) {
        return str_of(NULL, 0);
    }
    memcpy(bytes, folder.bytes, folder.len);
    memcpy(bytes + folder.len, name.bytes, name.len);
    return str_of(bytes, folder.len + name.len);
}

/* Where to go on looking for names of files. */
struct reader {
    struct analysis *analysis;
    struct inf_expander expander;
    const struct inf_document *document;
    struct str folder; /* of that document, see companion_folder */
    uint32_t depth;
    bool is_part; /* of the analysed one, not of an INF that is copied */
    bool failed;
};

/* A file that was read for another reason before. */
static void note_use(struct analysis *analysis, const struct included_file *use)
{
    for (uint32_t i = 0; i < analysis->included.n; i++) {
        struct included_file *file = &analysis->included.items[i];
        if (str_equal_fold(file->name, use->name)) {
            file->is_copied = file->is_copied || use->is_copied;
            file->is_part = file->is_part || use->is_part;
        }
    }
}

static void read_included(struct reader *reader, struct str name,
                          enum role role)
{
    struct analysis *analysis = reader->analysis;
    const struct infscan_scanner *scanner = analysis->scanner;
    struct included_file file = {.name = name,
                                 .depth = reader->depth + 1,
                                 .is_copied = role == ROLE_COPY_INF};
    uint32_t known = analysis->companions.n;

    file.is_part = reader->is_part && !file.is_copied;
    struct companion *companion = add(analysis, name, role);

    if (!companion) {
        return;
    }
    if (analysis->companions.n == known) { /* read already, or on its way */
        note_use(analysis, &file);
        return;
    }
    if (file.depth > scanner->limits.value[LIMIT_chain_depth]) {
        limit_hit(&analysis->limits, LIMIT_chain_depth);
        return;
    }
    if (analysis->included.n >= scanner->limits.value[LIMIT_included_files]) {
        limit_hit(&analysis->limits, LIMIT_included_files);
        return;
    }
    look(analysis, companion, (size_t)scanner->limits.value[LIMIT_file_bytes],
         analysis->arena);
    if (companion->is_present && !companion->file.bytes.bytes) {
        limit_hit(&analysis->limits, LIMIT_file_bytes);
    }
    if (!companion->file.bytes.bytes) {
        return;
    }
    file.reading = reading_make(analysis->arena, companion->file.bytes,
                                scanner->codepage, &scanner->limits, NULL);
    reader->failed =
        !file.reading ||
        inf_strings_list(analysis->arena, &file.reading->document,
                         &file.strings, &file.n_strings) != INFSCAN_OK ||
        !VEC_PUSH(analysis->arena, &analysis->included, file);
    analysis->limits |= file.reading ? file.reading->document.limits : 0;
}

/* Include and CopyINF anywhere, LayoutFile in [Version]. */
static void read_line(struct reader *reader, const struct inf_line *line)
{
    const struct inf_document *document = reader->document;
    char room[INF_SHORT_KEY];
    struct str key = inf_line_short_key(document, line, room);
    if (str_find_char(key, '%', 0) != STR_NONE) {
        key = slice_str(
            inf_expand(&reader->expander, inf_line_key(document, line)));
    }
    enum directive_id id = directive_find(str_trim(key));
    bool is_include = id == DIRECTIVE_INCLUDE;
    bool is_copy = id == DIRECTIVE_COPY_INF;
    bool is_layout =
        str_equal_fold(key, STR("LayoutFile")) &&
        str_equal_fold(
            slice_str(
                document->sections[inf_line_section(document, line)].name),
            STR("Version"));

    for (uint32_t i = 0;
         (is_include || is_copy || is_layout) &&
         i < inf_line_n_fields(document, line) && !reader->failed;
         i++) {
        struct slice field =
            inf_expand(&reader->expander, inf_line_field(document, line, i));
        struct str name = name_below(reader->analysis->arena, reader->folder,
                                     slice_str(field));
        if (name.bytes) {
            read_included(reader, name,
                          is_include ? ROLE_INCLUDE
                          : is_copy  ? ROLE_COPY_INF
                                     : ROLE_LAYOUT);
        }
    }
}

/* Follows one document's lines. */
static bool read_document(struct analysis *analysis,
                          const struct inf_document *document,
                          const struct included_file *file)
{
    struct reader reader = {
        .analysis = analysis,
        .expander = {.arena = analysis->arena,
                     .strings = file->strings,
                     .max_bytes = (size_t)analysis->scanner->limits
                                      .value[LIMIT_expansion_bytes]},
        .document = document,
        .folder = companion_folder(file),
        .depth = file->depth,
        .is_part = file->is_part};

    for (uint32_t i = 0; i < document->n_lines && !reader.failed; i++) {
        if (inf_line_has_key(document, &document->lines[i]) ==
            INF_KEY_WRITTEN) {
            read_line(&reader, &document->lines[i]);
        }
    }
    return !reader.failed;
}

bool companions_append(struct analysis *analysis,
                       const struct inf_document *document,
                       struct inf_document *out)
{
    bool is_main = document == &analysis->reading->document;
    const struct inf_document **others = ARENA_ARRAY(
        analysis->arena, const struct inf_document *, analysis->included.n);
    uint32_t n = 0;

    for (uint32_t i = 0; others && i < analysis->included.n; i++) {
        const struct included_file *file = &analysis->included.items[i];
        if (is_main ? file->is_part : !file->is_copied) {
            others[n++] = &file->reading->document;
        }
    }
    return others && inf_append(analysis->arena, document, others, n, out);
}

/* The INF itself is no file that it needs, even where it includes itself. */
static bool note_self(struct analysis *analysis)
{
    const struct infscan_summary *summary = &analysis->result->summary;
    struct infscan_string raw =
        summary->raw_member.len ? summary->raw_member : summary->raw_path;
    struct str path = str_of(raw.bytes, raw.len);
    size_t at = path.len;

    while (at > 0 && path.bytes[at - 1] != '/' &&
           !(summary->raw_member.len && path.bytes[at - 1] == '\\')) {
        at--;
    }
    return map_put(&analysis->companion_names, analysis->arena,
                   str_sub(path, at, path.len), SELF) != MAP_NONE;
}

bool companions_read(struct analysis *analysis)
{
    struct included_file self = {.strings = analysis->strings,
                                 .n_strings = analysis->n_strings,
                                 .is_part = true};

    if (!analysis->beside) {
        return true;
    }
    if (!note_self(analysis) ||
        !read_document(analysis, &analysis->reading->document, &self)) {
        return false;
    }
    for (uint32_t i = 0; i < analysis->included.n; i++) {
        struct included_file file = analysis->included.items[i];
        if (!read_document(analysis, &file.reading->document, &file)) {
            return false;
        }
    }
    return !analysis->included.n ||
           companions_append(analysis, &analysis->reading->document,
                             &analysis->all);
}

/* --- files that actions need --- */

/* The end of a path that begins at `at`: at the quote that opened before it,
 * else at the first character that no unquoted path has in a command. */
static size_t path_end(struct str text, size_t at)
{
    bool quoted = at > 0 && text.bytes[at - 1] == '"';
    size_t end = at;

    while (end < text.len) {
        char c = text.bytes[end];
        if (c == '"' ||
            (!quoted && (ascii_is_space(c) || strchr(",;'|&<>)", c) != NULL))) {
            break;
        }
        end++;
    }
    return end;
}

/* Finds the INF's folder in a text, and what is named there. */
static void need_paths(struct analysis *analysis, const struct action *action,
                       struct str folder, struct str text, enum role role)
{
    size_t at = 0;

    while ((at = str_find_fold(text, folder, at)) != STR_NONE) {
        size_t end = role == ROLE_RUN ? path_end(text, at) : text.len;
        size_t from = at + folder.len;
        struct str name = end > from
                              ? companion_name(analysis->arena,
                                               str_sub(text, from, end - from))
                              : str_of(NULL, 0);
        if (name.bytes) {
            need(analysis, action, name, role);
        }
        at = end > from ? end : from;
    }
}

/* A program without a folder is looked for in the folder that the command is
 * started in, which is the INF's. Most are Windows' own, so only those that are
 * there count. */
static void need_program(struct analysis *analysis, const struct action *action)
{
    struct cmdline line;
    struct companion_file file;

    if (!cmdline_split(analysis->arena, action->command, &line) || !line.n) {
        return;
    }
    struct str program = slice_str(line.arguments[0].value);
    if (!program.len || str_find_char(program, '\\', 0) != STR_NONE) {
        return;
    }
    struct str name = companion_name(analysis->arena, program);
    if (name.bytes && str_find_char(name, '.', 0) == STR_NONE) {
        char *bytes = arena_alloc(analysis->arena, name.len + 4, 1);
        if (bytes) {
            memcpy(bytes, name.bytes, name.len);
            memcpy(bytes + name.len, ".exe", 4);
            name = str_of(bytes, name.len + 4);
        }
    }
    struct companion_request request = {name, 0, NULL};
    if (name.bytes &&
        analysis->beside->read(analysis->beside->context, &request, &file)) {
        need(analysis, action, name, ROLE_RUN);
    }
}

/* Folder of the INF that an action stands in. */
static struct str folder_of(const struct analysis *analysis,
                            const struct action *action)
{
    const struct text *text = text_file(action->place.text);

    for (uint32_t i = 0; i < analysis->included.n; i++) {
        const struct included_file *file = &analysis->included.items[i];
        if (file->reading->source.text == text) {
            return companion_folder(file);
        }
    }
    return STR("");
}

static void need_action(struct analysis *analysis, struct str folder,
                        const struct action *action)
{
    if (action->kind == INFSCAN_COPY_FILE) {
        need_paths(analysis, action, folder,
                   slice_str(action_member_value(action, "source")),
                   ROLE_COPIED);
    } else if (action->kind == INFSCAN_LOAD_DLL) {
        struct str path = slice_str(action_member_value(action, "path"));
        bool is_bare = str_find_char(path, '\\', 0) == STR_NONE;
        need_paths(analysis, action, folder, path, ROLE_REGISTERED);
        struct str name =
            is_bare ? companion_name(analysis->arena, path) : str_of(NULL, 0);
        struct companion_request request = {name, 0, NULL};
        struct companion_file file;
        if (name.bytes && analysis->beside->read(analysis->beside->context,
                                                 &request, &file)) {
            need(analysis, action, name, ROLE_REGISTERED);
        }
    } else if (action->kind == INFSCAN_INCLUDE_INF) {
        struct str name =
            name_below(analysis->arena, folder_of(analysis, action),
                       slice_str(action_member_value(action, "name")));
        if (name.bytes) {
            need(analysis, action, name,
                 action->directive == DIRECTIVE_COPY_INF ? ROLE_COPY_INF
                                                         : ROLE_INCLUDE);
        }
    }
    if (action->command.len) {
        need_paths(analysis, action, folder, slice_str(action->command),
                   ROLE_RUN);
    }
    if (action->kind == INFSCAN_RUN_COMMAND) {
        need_program(analysis, action);
    }
}

/* CatalogFile and CatalogFile.ntamd64 of [Version]. */
static void need_catalogs(struct analysis *analysis)
{
    const struct inf_document *document = &analysis->reading->document;
    const struct inf_section *version =
        inf_document_find(document, STR("Version"));

    for (uint32_t i = version ? version->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        char room[INF_SHORT_KEY];
        if (inf_line_has_key(document, line) == INF_KEY_WRITTEN &&
            str_starts_fold(inf_line_short_key(document, line, room),
                            STR("CatalogFile"))) {
            struct str name = companion_name(
                analysis->arena, slice_str(inf_line_field(document, line, 0)));
            if (name.bytes) {
                add(analysis, name, ROLE_CATALOG);
            }
        }
    }
}

static int compare(const void *left, const void *right)
{
    const struct companion *a = left;
    const struct companion *b = right;
    int order = str_compare_fold(a->name, b->name);

    return order ? order : (a->role > b->role) - (a->role < b->role);
}

/* Tells the rules which actions have what they need. */
static void note_beside(struct analysis *analysis)
{
    uint8_t *beside =
        arena_zalloc(analysis->arena, analysis->install.n_actions, 1);

    for (uint32_t i = 0; beside && i < analysis->needed.n; i++) {
        struct companion_need need = analysis->needed.items[i];
        beside[need.action] |=
            analysis->companions.items[need.companion].is_present
                ? BESIDE_PRESENT
                : BESIDE_MISSING;
    }
    analysis->install.beside = beside;
}

bool companions_list(struct analysis *analysis)
{
    struct path_context paths;
    uint64_t left = analysis->scanner->limits.value[LIMIT_companion_bytes];

    if (!analysis->beside || analysis->dialect == DIALECT_EDK2) {
        return true;
    }
    if (!path_context_init(&paths, analysis->arena,
                           str_from(analysis->scanner->inf_dir))) {
        return false;
    }
    for (uint32_t i = 0; i < analysis->install.n_actions; i++) {
        need_action(analysis, paths.inf_dir, &analysis->install.actions[i]);
    }
    for (uint32_t i = 0; i < analysis->install.n_sources; i++) {
        need_paths(analysis, NULL, paths.inf_dir,
                   slice_str(analysis->install.sources[i]), ROLE_LISTED);
    }
    need_catalogs(analysis);
    for (uint32_t i = 0; i < analysis->companions.n; i++) {
        struct companion *companion = &analysis->companions.items[i];
        if (!companion->is_present) {
            look(analysis, companion, (size_t)left, NULL);
            if (companion->is_present && !companion->file.sha256[0]) {
                limit_hit(&analysis->limits, LIMIT_companion_bytes);
            }
            left -= companion->file.sha256[0] ? companion->file.size : 0;
        }
    }
    note_beside(analysis);
    if (analysis->companions.n) {
        qsort(analysis->companions.items, analysis->companions.n,
              sizeof *analysis->companions.items, compare);
    }
    return !arena_failed(analysis->arena);
}
