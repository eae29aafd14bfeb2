/* SPDX-License-Identifier: MIT */
#include "install/decoration.h"
#include "install/walk.h"

static walk_handler *const handlers[] = {
#define D(id, name, class, operand, handler, phase, layout, effect, source)    \
    walk_##handler,
#include "install/directives.def"
#undef D
};

struct way walk_step(const struct walk *walk, const struct way *up,
                     const struct inf_section *section, struct slice key,
                     const struct inf_line *line)
{
    return (struct way){
        {section->name, key, walk_place(walk, line)}, up, up ? up->n + 1 : 1};
}

static uint32_t index_of(const struct walk *walk,
                         const struct inf_section *section)
{
    return (uint32_t)(section - walk->document->sections);
}

const struct inf_section *
walk_reference(struct walk *walk, const struct site *site, struct slice name)
{
    struct slice trimmed = slice_trim(name);
    const struct inf_section *section =
        inf_document_find(walk->document, slice_str(trimmed));
    if (section) {
        walk->sections[index_of(walk, section)].is_touched = true;
    } else if (trimmed.len && site->line) {
        walk_note(walk, site->line, DIAG_SECTION_MISSING, trimmed);
    }
    return section;
}

/* "Section:1": the suffix tells how to start the commands. The name before it;
 * empty where there is none. */
static struct slice before_flags(struct slice name, struct slice *flags)
{
    struct str text = slice_str(name);
    size_t colon = text.len;
    while (colon > 0 && ascii_is_alnum(text.bytes[colon - 1])) {
        colon--;
    }
    if (colon == 0 || colon == text.len || text.bytes[colon - 1] != ':') {
        return SLICE_NONE;
    }
    *flags = slice_sub(name, colon, name.len);
    return slice_trim(slice_sub(name, 0, colon - 1));
}

#define KEY_BYTES 40

static size_t put_hex(char *out, uint32_t number)
{
    static const char hex[] = "0123456789ABCDEF";
    for (unsigned i = 0; i < 8; i++) {
        out[i] = hex[(number >> (28 - 4 * i)) & 15];
    }
    return 8;
}

/* Whether an included file adds lines to a section, and this walk sees them. */
static bool is_longer(const struct walk *walk, uint32_t section)
{
    return walk->document == walk->all && section < walk->own->n_sections &&
           walk->own->sections[section].n_lines !=
               walk->all->sections[section].n_lines;
}

/* What tells one reading of a line or section from another. */
static struct str memo_key(const struct walk *walk, const struct site *site,
                           char out[KEY_BYTES])
{
    size_t n = 0;
    uint32_t index = site->line ? (uint32_t)(site->line - walk->document->lines)
                                : index_of(walk, site->section);
    out[n++] = site->line ? 'L' : is_longer(walk, index) ? 'M' : 'S';
    n += put_hex(out + n, index);
    n += put_hex(out + n, (uint32_t)site->directive);
    n += put_hex(out + n, site->base);
    return str_of(out, n);
}

/* [X.Security]: one line with the rights of what list section X makes. */
static void read_security(struct walk *walk, const struct site *site)
{
    uint32_t index = decoration_find(
        walk_finder(walk), slice_str(site->section->name), ".Security");
    if (index == INF_NONE ||
        walk->document->sections[index].first == INF_NONE) {
        return;
    }
    struct site here = *site;
    here.section = &walk->document->sections[index];
    here.line = &walk->document->lines[here.section->first];
    walk->sections[index].is_touched = true;
    struct action *action = walk_action(walk, &here, INFSCAN_SET_SECURITY);
    if (action) {
        struct wording subject;
        wording_begin(&subject, walk, action->place);
        wording_add(&subject, site->section->name);
        wording_say(&subject, " | ");
        wording_add(&subject, walk_line_text(walk, here.line, 0));
        action->subject = wording_end(&subject, walk, action->place);
        walk_finish(walk, action);
    }
}

static void read_lines(struct walk *walk, const struct site *site,
                       walk_handler *handler)
{
    const struct inf_line *lines = walk->document->lines;
    struct site here = *site;
    for (uint32_t i = site->section->first; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        if (walk->failed || !walk_spend(walk, 1)) {
            return;
        }
        here.line = &lines[i];
        handler(walk, &here);
    }
    read_security(walk, site);
}

static void run_handler(struct walk *walk, const struct site *site,
                        walk_handler *handler)
{
    if (site->line) {
        handler(walk, site);
        return;
    }
    switch (directive_info(site->directive)->operand) {
    case OPERAND_LINES:
    case OPERAND_COMMANDS:
    case OPERAND_FILES:
        read_lines(walk, site, handler);
        break;
    case OPERAND_BLOCK:
    case OPERAND_SELF:
    case OPERAND_NESTED:
    case OPERAND_NEEDS:
        handler(walk, site);
        break;
    }
}

/* The memo under a name that counts in the scope of this walk: where what it
 * came to hangs on directory numbers, each scope has one. Adds the scope to the
 * key where it matters. */
static uint32_t find_memo(const struct walk *walk, char bytes[KEY_BYTES],
                          struct str *key)
{
    uint32_t index = map_get(&walk->memo_names, *key);
    uint32_t scope =
        index == MAP_NONE ? SCOPE_ANY : walk->memos.items[index].scope;
    if (scope == SCOPE_ANY || scope == walk->scope) {
        return index;
    }
    key->len += put_hex(bytes + key->len, walk->scope);
    return map_get(&walk->memo_names, *key);
}

void walk_leaf(struct walk *walk, const struct site *site,
               walk_handler *handler)
{
    char bytes[KEY_BYTES];
    struct str key = memo_key(walk, site, bytes);
    size_t plain = key.len;
    uint32_t index = find_memo(walk, bytes, &key);
    if (index == MAP_NONE) {
        bool is_first = key.len == plain;
        bool asked = walk->asked;
        walk->asked = false;
        uint32_t first = walk->actions.n;
        /* what is odd about its strings is noted once; a number that is defined
         * for another launcher is not odd */
        walk->expander.diags = is_first ? walk->diags : NULL;
        run_handler(walk, site, handler);
        walk->expander.diags = NULL;
        index = walk->memos.n;
        struct str name = arena_copy(walk->arena, key);
        if (!name.bytes ||
            map_put(&walk->memo_names, walk->arena, name, index) == MAP_NONE ||
            !VEC_PUSH(walk->arena, &walk->memos,
                      (struct memo){first, walk->actions.n - first, 0,
                                    walk->asked ? walk->scope : SCOPE_ANY})) {
            walk->failed = true;
            return;
        }
        walk->asked = walk->asked || asked;
    }
    struct memo *memo = &walk->memos.items[index];
    if (!memo->n || (walk->once && memo->epoch == walk->epoch)) {
        return;
    }
    memo->epoch = walk->epoch;
    enum directive_phase phase = walk->phase < N_PHASES
                                     ? walk->phase
                                     : directive_info(site->directive)->phase;
    if (!VEC_PUSH(walk->arena, &walk->steps,
                  (struct step){walk->group, phase, index})) {
        walk->failed = true;
    }
}

/* A section of commands. The whole text may be its name, and then what stands
 * before the colon may be meant as well. Only published files have it, no page
 * of Microsoft's. */
static void read_commands(struct walk *walk, const struct site *site,
                          struct slice name)
{
    struct slice flags = SLICE_NONE;
    struct slice plain = before_flags(name, &flags);
    bool has_whole = inf_document_find(walk->document, slice_str(name)) != NULL;
    bool has_plain =
        plain.len && inf_document_find(walk->document, slice_str(plain));
    struct site here = *site;
    if (has_whole && has_plain) {
        walk_note(walk, site->line, DIAG_FLAG_OR_SECTION, name);
    }
    here.line = NULL;
    if (has_whole || !plain.len) {
        here.section = walk_reference(walk, site, name);
        if (here.section) {
            walk_leaf(walk, &here, handlers[site->directive]);
        }
    }
    if (plain.len && (has_plain || !has_whole)) {
        int64_t bits = 0;
        (void)walk_int(flags, &bits);
        here.section = walk_reference(walk, site, plain);
        here.flags = walk_flags(walk, FLAGS_COMMANDS, bits, flags);
        if (here.section) {
            walk_leaf(walk, &here, handlers[site->directive]);
        }
    }
    if (!has_whole && !has_plain &&
        str_find_char(slice_str(name), ' ', 0) != STR_NONE) {
        walk->lines[site->line - walk->document->lines] |= LINE_MISPLACED;
    }
}

/* Each field names a section. */
static void read_lists(struct walk *walk, const struct site *site)
{
    enum directive_operand operand = directive_info(site->directive)->operand;
    bool single = false;
    for (uint32_t i = 1; i <= walk_n_fields(walk, site->line); i++) {
        struct slice name = slice_trim(walk_field(walk, site->line, i));
        if (!name.len) {
            continue;
        }
        if (operand == OPERAND_FILES && slice_str(name).bytes[0] == '@') {
            single = true;
            continue;
        }
        if (operand == OPERAND_COMMANDS) {
            read_commands(walk, site, name);
            continue;
        }
        struct site here = *site;
        here.section = walk_reference(walk, site, name);
        here.line = NULL;
        if (here.section) {
            walk_leaf(walk, &here, handlers[site->directive]);
        }
    }
    if (single) {
        walk_leaf(walk, site, walk_copy_single);
    }
}

void walk_group(struct walk *walk)
{
    walk->group = ++walk->groups;
}

bool walk_is_open(enum directive_id id)
{
    return directive_info(id)->class & (DIRECTIVES_PLAIN | DIRECTIVES_ADVANCED);
}

/* Further install sections, which count as if their lines stood here. */
static void read_needs(struct walk *walk, const struct site *site,
                       unsigned classes)
{
    for (uint32_t i = 1; i <= walk_n_fields(walk, site->line); i++) {
        struct slice name = slice_trim(walk_field(walk, site->line, i));
        const struct inf_section *section =
            inf_document_find(walk->document, slice_str(name));
        if (section) {
            uint32_t index = index_of(walk, section);
            walk->sections[index].is_touched = true;
            if (walk->sections[index].is_active) {
                walk_note(walk, site->line, DIAG_CHAIN_CYCLE, name);
            }
            uint32_t group = walk->group;
            if (site->directive == DIRECTIVE_NEEDS) {
                walk_group(walk); /* comes behind all of this one */
            }
            walk_section(walk, index, site->way, site->base, classes);
            walk->group = group;
        } else if (name.len && !walk->has_include) {
            walk_note(walk, site->line, DIAG_SECTION_MISSING, name);
        }
    }
}

/* Whether quotes split the key itself: Ab"Cd"=x, but not "AbCd"=x. */
static bool key_is_split(const struct walk *walk, const struct inf_line *line)
{
    struct str place = slice_str(walk_place(walk, line));
    struct str key = slice_str(inf_line_key(walk->document, line));
    if (str_starts_fold(place, key)) {
        return false;
    }
    size_t quote = str_find_char(place, '"', 0);
    size_t equals = str_find_char(place, '=', 0);
    if (quote == STR_NONE || quote > equals) {
        return false;
    }
    struct str inner = str_sub(place, quote + 1, key.len);
    return !(quote == 0 && str_equal_fold(inner, key));
}

static void note_disguise(struct walk *walk, const struct inf_line *line,
                          struct slice key)
{
    if (key.text != inf_line_key(walk->document, line).text) {
        walk_note(walk, line, DIAG_DIRECTIVE_FROM_STRING, key);
    } else if (key_is_split(walk, line)) {
        walk_note(walk, line, DIAG_QUOTE_INSIDE_WORD, key);
    }
}

static void follow(struct walk *walk, const struct inf_section *section,
                   const struct inf_line *line, const struct way *way,
                   uint32_t base, unsigned classes)
{
    struct slice key = walk_key(walk, line);
    enum directive_id id = walk_directive_of(walk, line, slice_str(key));
    if (id == N_DIRECTIVES || !(directive_info(id)->class & classes)) {
        return;
    }
    walk->lines[line - walk->document->lines] |= LINE_FOLLOWED;
    note_disguise(walk, line, key);
    struct way here = walk_step(walk, way, section, key, line);
    struct site site = {.way = &here,
                        .directive = id,
                        .base = base,
                        .section = section,
                        .line = line};
    switch (directive_info(id)->operand) {
    case OPERAND_LINES:
    case OPERAND_COMMANDS:
    case OPERAND_FILES:
    case OPERAND_BLOCK:
        read_lists(walk, &site);
        break;
    case OPERAND_SELF:
        walk_leaf(walk, &site, handlers[id]);
        break;
    case OPERAND_NESTED:
        handlers[id](walk, &site);
        break;
    case OPERAND_NEEDS:
        read_needs(walk, &site, classes);
        break;
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): depth and walk_spend bound it */
void walk_again(struct walk *walk, uint32_t section, const struct way *way,
                uint32_t base, unsigned classes)
{
    const struct inf_line *lines = walk->document->lines;
    const struct inf_section *here = &walk->document->sections[section];
    if (walk->depth >= walk->limits->value[LIMIT_chain_depth]) {
        limit_hit(&walk->hit, LIMIT_chain_depth);
        return;
    }
    walk->depth++;
    for (uint32_t i = here->first; i != INF_NONE;
         i = inf_document_next(walk->document, i)) {
        if (walk->failed || !walk_spend(walk, 1)) {
            break;
        }
        if (inf_line_has_key(walk->document, &lines[i]) != INF_KEY_NONE) {
            follow(walk, here, &lines[i], way, base, classes);
        }
    }
    walk->depth--;
}

void walk_section(struct walk *walk, uint32_t section, const struct way *way,
                  uint32_t base, unsigned classes)
{
    struct section_state *state = &walk->sections[section];
    state->is_touched = true;
    if (state->entered == walk->epoch) {
        return;
    }
    state->entered = walk->epoch & WALK_MAX_EPOCH;
    state->is_active = true;
    walk_again(walk, section, way, base, classes);
    state->is_active = false;
}

void walk_orphan(struct walk *walk, uint32_t section,
                 enum directive_id directive)
{
    struct site site = {.directive = directive,
                        .base = BASE_NONE,
                        .section = &walk->document->sections[section]};
    walk->sections[section].is_touched = true;
    walk_leaf(walk, &site, handlers[directive]);
}
