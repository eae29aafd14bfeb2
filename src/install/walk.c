/* SPDX-License-Identifier: MIT */
#include "install/walk.h"

/* How often every line may be read in another way, and what small files may
 * spend: an honest file reads each line once or twice. */
#define WORK_PER_LINE 32
#define WORK_BASE 1000000

/* So many texts may be as long as the limit expansion_bytes, and how long the
 * others may be. */
#define TEXTS_AT_FULL_LENGTH 32
#define SHORT_TEXT 256

bool walk_spend(struct walk *walk, uint64_t lines)
{
    uint64_t most =
        WORK_BASE + (uint64_t)walk->document->n_lines * WORK_PER_LINE;
    walk->work += lines;
    if (walk->work > most) {
        limit_hit(&walk->hit, LIMIT_actions);
        return false;
    }
    return true;
}

/* Accounts for a text. Once a file had more made of it than any honest one,
 * only short texts are made, and the rest stays as it is written. */
static void account(struct walk *walk, size_t bytes)
{
    uint64_t most =
        walk->limits->value[LIMIT_expansion_bytes] * TEXTS_AT_FULL_LENGTH;
    walk->worded += bytes;
    if (walk->worded > most && walk->expander.max_bytes > SHORT_TEXT) {
        walk->expander.max_bytes = SHORT_TEXT;
        limit_hit(&walk->hit, LIMIT_expansion_bytes);
    }
}

struct slice walk_field(struct walk *walk, const struct inf_line *line,
                        uint32_t number)
{
    if (!number || number > walk_n_fields(walk, line)) {
        return SLICE_NONE;
    }
    struct slice written = inf_line_field(walk->document, line, number - 1);
    struct slice field = inf_expand(&walk->expander, written);
    if (field.text != written.text) {
        account(walk, field.len);
    }
    return field;
}

struct slice walk_key(struct walk *walk, const struct inf_line *line)
{
    return inf_expand(&walk->expander, inf_line_key(walk->document, line));
}

enum directive_id walk_directive_of(const struct walk *walk,
                                    const struct inf_line *line, struct str key)
{
    enum directive_id id = directive_find(key);
    struct str trimmed = str_trim(key);
    if (id == N_DIRECTIVES && trimmed.len < key.len &&
        str_find_char(slice_str(walk_place(walk, line)), '\0', 0) != STR_NONE) {
        id = directive_find(trimmed);
    }
    return id;
}

enum directive_id walk_directive(struct walk *walk, const struct inf_line *line)
{
    char room[INF_SHORT_KEY];
    struct str key = inf_line_short_key(walk->document, line, room);
    if (str_find_char(key, '%', 0) != STR_NONE) {
        key = slice_str(walk_key(walk, line));
    }
    return walk_directive_of(walk, line, key);
}

struct slice walk_line_text(struct walk *walk, const struct inf_line *line,
                            uint32_t first)
{
    struct slice text =
        inf_line_text(&walk->expander, walk->document, line, first);
    account(walk, text.len);
    return text;
}

const struct inf_line *walk_find_key(struct walk *walk,
                                     const struct inf_section *section,
                                     struct str key)
{
    const struct inf_line *lines = walk->document->lines;
    for (uint32_t i = section->first; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        if (!walk_spend(walk, 1)) {
            return NULL;
        }
        if (inf_line_has_key(walk->document, &lines[i]) != INF_KEY_NONE &&
            str_equal_fold(slice_str(walk_key(walk, &lines[i])), key)) {
            return &lines[i];
        }
    }
    return NULL;
}

struct slice walk_find_value(struct walk *walk,
                             const struct inf_section *section, struct str key)
{
    const struct inf_line *line = walk_find_key(walk, section, key);
    return line ? walk_field(walk, line, 1) : SLICE_NONE;
}

bool walk_int(struct slice field, int64_t *out)
{
    struct str text = str_trim(slice_str(field));
    if (!text.len) {
        *out = 0;
        return true;
    }
    return str_parse_int(text, out);
}

/* Each kind of note has a bit of a line's. */
static uint8_t mark_of(enum diag_code code)
{
    switch (code) {
    case DIAG_SECTION_MISSING:
        return LINE_NOTED;
    case DIAG_FLAG_OR_SECTION:
        return LINE_NOTED << 1;
    case DIAG_CHAIN_CYCLE:
        return LINE_NOTED << 2;
    case DIAG_DIRECTIVE_FROM_STRING:
        return LINE_NOTED << 3;
    case DIAG_QUOTE_INSIDE_WORD:
        return LINE_NOTED << 4;
    default:
        return LINE_NOTED << 5;
    }
}

void walk_note(struct walk *walk, const struct inf_line *line,
               enum diag_code code, struct slice what)
{
    size_t index = (size_t)(line - walk->document->lines);
    uint8_t mark = mark_of(code);
    if (!(walk->lines[index] & mark)) {
        walk->lines[index] |= mark;
        diag_add_detail(walk->diags, code, walk_place(walk, line), what);
    }
}

/* The site's way and, last, the line itself. */
static const struct chain_link *
make_chain(struct walk *walk, const struct site *site, struct slice place)
{
    uint32_t n = site->way ? site->way->n : 0;
    struct chain_link *chain =
        ARENA_ARRAY(walk->arena, struct chain_link, n + 1);
    if (!chain) {
        walk->failed = true;
        return NULL;
    }
    chain[n] =
        (struct chain_link){site->section->name, slice_sub(place, 0, 0), place};
    for (const struct way *way = site->way; way && n; way = way->up) {
        chain[--n] = way->link;
    }
    return chain;
}

struct action *walk_action(struct walk *walk, const struct site *site,
                           enum infscan_action_kind kind)
{
    if (walk->actions.n >= walk->limits->value[LIMIT_actions]) {
        limit_hit(&walk->hit, LIMIT_actions);
        return NULL;
    }
    struct slice place =
        site->line ? walk_place(walk, site->line) : site->section->name;
    struct action action = {.kind = kind,
                            .place = place,
                            .chain = make_chain(walk, site, place),
                            .n_chain = (site->way ? site->way->n : 0) + 1,
                            .reach = REACH_NONE,
                            .directive = site->directive};
    const struct action *last =
        walk->actions.n ? &walk->actions.items[walk->actions.n - 1] : NULL;
    if (!action.chain ||
        !action_take_room(walk->arena, &walk->members, last, &action) ||
        !VEC_PUSH(walk->arena, &walk->actions, action)) {
        walk->failed = true;
        return NULL;
    }
    return &walk->actions.items[walk->actions.n - 1];
}

void walk_peel(struct walk *walk, struct slice command, struct peeled *out)
{
    if (!action_peel(walk->arena, command, walk->limits, &walk->peels, out)) {
        walk->failed = true;
    }
}

void walk_finish(struct walk *walk, struct action *action)
{
    if (!action->text.len) {
        action->text = action->subject;
    }
    if (action->command.len) {
        walk_peel(walk, action->command, &action->peeled);
    }
}

void wording_begin(struct wording *wording, struct walk *walk,
                   struct slice place)
{
    text_build_init(&wording->builder, walk->arena, TEXT_DESCRIBE,
                    walk->expander.max_bytes);
    wording->near = slice_sub(place, 0, 0);
}

void wording_say(struct wording *wording, const char *words)
{
    text_build_fold(&wording->builder, str_from(words), wording->near, 0, 0);
}

void wording_add(struct wording *wording, struct slice part)
{
    text_build_copy(&wording->builder, part);
}

void wording_directory(struct wording *wording, const struct walk *walk,
                       int64_t dirid, struct slice reference)
{
    const struct path_ldid *ldid = path_find_ldid(&walk->paths, dirid);
    if (ldid) {
        text_build_via(&wording->builder, ldid->path, reference);
        return;
    }
    struct str path = path_directory(&walk->paths, dirid);
    if (path.bytes) {
        text_build_stand_in(&wording->builder, path, reference);
    } else { /* nobody knows: as it would stand in a path */
        wording_say(wording, "%");
        wording_add(wording, reference);
        wording_say(wording, "%");
    }
}

void wording_path(struct wording *wording, struct slice part)
{
    struct text_builder *builder = &wording->builder;
    struct str bytes = slice_str(part);
    if (!bytes.len || builder->failed) {
        return;
    }
    if (builder->len) {
        bool ends = builder->bytes[builder->len - 1] == '\\';
        bool starts = bytes.bytes[0] == '\\';
        if (!ends && !starts) {
            wording_say(wording, "\\");
        } else if (ends && starts) {
            part = slice_sub(part, 1, part.len);
        }
    }
    wording_add(wording, part);
}

struct slice wording_end(struct wording *wording, struct walk *walk,
                         struct slice place)
{
    const struct text *text = text_build_finish(&wording->builder);
    if (text) {
        account(walk, text->bytes.len);
        return slice_all(text);
    }
    if (wording->builder.too_large) {
        limit_hit(&walk->hit, LIMIT_expansion_bytes);
    } else {
        walk->failed = true;
    }
    return place;
}

struct slice walk_path(struct walk *walk, struct slice path)
{
    struct str written = slice_str(path);
    struct str plain = path_normalise(walk->arena, written);
    if (!plain.bytes || str_equal(plain, written)) {
        return path;
    }
    struct wording again;
    wording_begin(&again, walk, path);
    text_build_fold(&again.builder, plain, path, 0, 0);
    return wording_end(&again, walk, path);
}

/* Bytes at the start of a command line, or of "LIBRARY,FUNCTION", that are the
 * path of its program: up to the second quote, to what stands behind an
 * extension, or to the first blank or comma. */
static size_t program_length(struct str command)
{
    static const struct str endings[] = {{".exe", 4}, {".sys", 4}, {".dll", 4},
                                         {".com", 4}, {".bat", 4}, {".cmd", 4},
                                         {".scr", 4}, {".ocx", 4}};
    size_t end = command.len;
    if (command.len && command.bytes[0] == '"') {
        size_t quote = str_find_char(command, '"', 1);
        return quote == STR_NONE ? command.len : quote;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t at = str_find_fold(command, endings[i], 0);
        size_t behind = at == STR_NONE ? STR_NONE : at + endings[i].len;
        if (behind < end &&
            (command.bytes[behind] == ' ' || command.bytes[behind] == ',')) {
            end = behind;
        }
        if (behind == command.len) {
            return command.len;
        }
    }
    for (size_t i = 0; i < end && end == command.len; i++) {
        if (command.bytes[i] == ' ' || command.bytes[i] == ',') {
            end = i;
        }
    }
    return end;
}

void wording_command(struct wording *wording, struct walk *walk,
                     struct slice command)
{
    struct str bytes = slice_str(command);
    size_t start = bytes.len && bytes.bytes[0] == '"';
    size_t end = program_length(bytes);
    struct str program = str_sub(bytes, start, end - start);
    if (!path_is_absolute(program) && !str_starts_fold(program, STR("%"))) {
        wording_add(wording, command); /* found by Windows, wherever it is */
        return;
    }
    wording_add(wording, slice_sub(command, 0, start));
    wording_add(wording,
                walk_path(walk, slice_sub(command, start, end - start)));
    wording_add(wording, slice_sub(command, end, bytes.len));
}

struct slice wording_end_path(struct wording *wording, struct walk *walk,
                              struct slice place)
{
    return walk_path(walk, wording_end(wording, walk, place));
}

static struct slice make_word(struct walk *walk, const char *word)
{
    uint32_t fresh = walk->words.n;
    uint32_t index =
        map_put(&walk->word_names, walk->arena, str_from(word), fresh);
    if (index != MAP_NONE && index < fresh) {
        return walk->words.items[index];
    }
    struct wording wording;
    wording_begin(&wording, walk, SLICE_NONE);
    wording_say(&wording, word);
    struct slice slice = wording_end(&wording, walk, SLICE_NONE);
    if (index == MAP_NONE || !VEC_PUSH(walk->arena, &walk->words, slice)) {
        walk->failed = true;
    }
    return slice;
}

struct slice walk_word(struct walk *walk, const char *word)
{
    size_t slot = ((uintptr_t)word >> 2) % WALK_LAST_WORDS;
    struct word_slot *last = &walk->last_words[slot];
    if (last->word != word) {
        *last = (struct word_slot){word, make_word(walk, word)};
    }
    return last->slice;
}

struct slice walk_join(struct walk *walk, int64_t dirid, struct slice reference,
                       struct slice subdir, struct slice file,
                       struct slice place)
{
    struct wording path;
    if (dirid > INT32_MAX) { /* 0xFFFFFFFF is -1 */
        dirid -= (int64_t)UINT32_MAX + 1;
    }
    wording_begin(&path, walk, place);
    wording_directory(&path, walk, dirid, reference);
    wording_path(&path, subdir);
    wording_path(&path, file);
    return wording_end_path(&path, walk, place);
}

uint32_t walk_base(struct walk *walk, struct str before, struct slice name)
{
    struct str bytes = slice_str(name);
    char *key = arena_alloc(walk->arena, before.len + bytes.len + 1, 1);
    if (!key) {
        walk->failed = true;
        return BASE_OPEN;
    }
    memcpy(key, before.bytes, before.len);
    if (bytes.len) {
        memcpy(key + before.len, bytes.bytes, bytes.len);
    }
    uint32_t fresh = walk->bases.n;
    uint32_t index = map_put(&walk->base_names, walk->arena,
                             str_of(key, before.len + bytes.len), fresh);
    if (index == MAP_NONE ||
        (index == fresh &&
         !VEC_PUSH(walk->arena, &walk->bases,
                   (struct registry_base){REGISTRY_BASE_KEY, before, name}))) {
        walk->failed = true;
        return BASE_OPEN;
    }
    return index;
}
