/* SPDX-License-Identifier: MIT */
#include "inf/document.h"

#include <assert.h>

#include "inf/lexer.h"

/* A token that was put together, and where it stands. */
struct inf_built {
    struct slice content;
    uint32_t off;
};

struct inf_cache {
    struct arena *arena;
    VEC(struct inf_built) list;
};

const struct inf_section *inf_document_find(const struct inf_document *document,
                                            struct str name)
{
    uint32_t index = map_get(&document->names, name);

    if (index == MAP_NONE) { /* whether Windows cuts a name at NUL is unknown */
        index = map_get(&document->aliases, name);
    }

    return index == MAP_NONE ? NULL : &document->sections[index];
}

const char *inf_refusal_name(enum inf_refusal refusal)
{
    switch (refusal) {
    case INF_ACCEPTED:
        return NULL;
    case INF_WRONG_STYLE:
        return "ERROR_WRONG_INF_STYLE";
    case INF_EXPECTED_SECTION_NAME:
        return "ERROR_EXPECTED_SECTION_NAME";
    case INF_BAD_SECTION_NAME:
        return "ERROR_BAD_SECTION_NAME_LINE";
    case INF_SECTION_NAME_TOO_LONG:
        return "ERROR_SECTION_NAME_TOO_LONG";
    }
    return NULL;
}

uint32_t inf_section_offset(const struct inf_section *section)
{
    const struct text *text = section->name.text;

    /* a name with NULs in it is a text of its own, and begins in the file */
    return text->step == TEXT_DECODE ? section->name.off : text->pieces[0].from;
}

/* --- lines and runs --- */

static uint32_t index_of(const struct inf_document *document,
                         const struct inf_line *line)
{
    return (uint32_t)(line - document->lines);
}

/* The run that holds a line. */
static const struct inf_run *run_of(const struct inf_document *document,
                                    uint32_t line)
{
    uint32_t low = 0;
    uint32_t high = document->n_runs;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (document->runs[middle].first <= line) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &document->runs[low];
}

uint32_t inf_document_next_run(const struct inf_document *document,
                               uint32_t line)
{
    uint32_t next = run_of(document, line)->next;

    return next == INF_NONE ? INF_NONE : document->runs[next].first;
}

uint32_t inf_line_section(const struct inf_document *document,
                          const struct inf_line *line)
{
    return run_of(document, index_of(document, line))->section;
}

/* The decoded text that a line is read from. */
static const struct text *text_of(const struct inf_document *document,
                                  const struct inf_line *line)
{
    uint32_t index = index_of(document, line);

    for (uint32_t i = document->n_parts; i > 0; i--) {
        if (document->parts[i - 1].first_line <= index) {
            return document->parts[i - 1].text;
        }
    }
    return document->source->text;
}

/* --- tokens --- */

static uint32_t offset_of(const struct inf_document *document,
                          const struct inf_token *token)
{
    return token->form == INF_BUILT
               ? document->cache->list.items[token->off].off
               : token->off;
}

struct slice inf_line_place(const struct inf_document *document,
                            const struct inf_line *line)
{
    const struct inf_token *last = &document->tokens[line[1].first - 1];
    uint32_t start = offset_of(document, &document->tokens[line->first]);
    uint32_t end = offset_of(document, last) + last->len;

    return (struct slice){text_of(document, line), start,
                          end > start ? end - start : 0};
}

struct inf_token inf_document_token(const struct inf_document *document,
                                    uint32_t index)
{
    struct inf_token token = document->tokens[index];

    if (token.form == INF_BUILT) {
        token.off = offset_of(document, &token);
        token.form = INF_PIECED;
    }
    return token;
}

static enum lexer_position position_of(const struct inf_line *line,
                                       uint32_t index)
{
    return index == line->first ? LEXER_FIRST : LEXER_LATER;
}

/* Content that stands in the text, or was put together. false: it must be. */
static bool is_there(const struct inf_document *document,
                     const struct inf_line *line, uint32_t index,
                     struct slice *out)
{
    const struct inf_token *token = &document->tokens[index];

    switch ((enum inf_form)token->form) {
    case INF_PLAIN:
        *out = (struct slice){text_of(document, line), token->off, token->len};
        return true;
    case INF_QUOTED:
        *out = (struct slice){text_of(document, line), token->off + 1,
                              token->len - 2};
        return true;
    case INF_BUILT:
        *out = document->cache->list.items[token->off].content;
        return true;
    case INF_PIECED:
        break;
    }
    return false;
}

static struct slice token_in(struct arena *arena,
                             const struct inf_document *document,
                             const struct inf_line *line, uint32_t index)
{
    const struct inf_token *token = &document->tokens[index];
    struct slice content;

    if (is_there(document, line, index, &content)) {
        return content;
    }
    return lexer_build(arena, text_of(document, line), token->off,
                       token->off + token->len, position_of(line, index));
}

struct slice inf_token_put_together(const struct inf_document *document,
                                    const struct inf_line *line, uint32_t index)
{
    struct inf_token *token = &document->tokens[index];
    struct inf_cache *cache = document->cache;
    struct slice content = token_in(cache->arena, document, line, index);

    if (token->form == INF_PIECED && content.text &&
        VEC_PUSH(cache->arena, &cache->list,
                 (struct inf_built){content, token->off})) {
        token->form = INF_BUILT;
        token->off = cache->list.n - 1;
    }
    return content;
}

/* Number of the token that is field `index`, or INF_NONE. */
static uint32_t field_token(const struct inf_document *document,
                            const struct inf_line *line, uint32_t index)
{
    return index < inf_line_n_fields(document, line)
               ? line->first + document->tokens[line->first].is_key + index
               : INF_NONE;
}

struct slice inf_line_key_in(struct arena *arena,
                             const struct inf_document *document,
                             const struct inf_line *line)
{
    return inf_line_has_key(document, line) == INF_KEY_NONE
               ? SLICE_NONE
               : token_in(arena, document, line, line->first);
}

struct slice inf_line_field_in(struct arena *arena,
                               const struct inf_document *document,
                               const struct inf_line *line, uint32_t index)
{
    uint32_t token = field_token(document, line, index);

    return token == INF_NONE ? SLICE_NONE
                             : token_in(arena, document, line, token);
}

struct str inf_line_short_key(const struct inf_document *document,
                              const struct inf_line *line,
                              char room[INF_SHORT_KEY])
{
    const struct inf_token *token = &document->tokens[line->first];
    struct slice content;

    if (inf_line_has_key(document, line) == INF_KEY_NONE) {
        return STR("");
    }
    if (is_there(document, line, line->first, &content)) {
        return slice_str(content);
    }
    size_t n = lexer_flatten(text_of(document, line), token->off, LEXER_FIRST,
                             room, INF_SHORT_KEY);
    return str_of(room, n < INF_SHORT_KEY ? n : INF_SHORT_KEY);
}

struct str inf_line_key_bytes(struct arena *arena,
                              const struct inf_document *document,
                              const struct inf_line *line)
{
    const struct text *text = text_of(document, line);
    const struct inf_token *token = &document->tokens[line->first];
    struct slice content;

    if (inf_line_has_key(document, line) == INF_KEY_NONE) {
        return STR("");
    }
    if (is_there(document, line, line->first, &content)) {
        return slice_str(content);
    }
    size_t n = lexer_flatten(text, token->off, LEXER_FIRST, NULL, 0);
    char *bytes = arena_alloc(arena, n, 1);
    if (bytes) {
        lexer_flatten(text, token->off, LEXER_FIRST, bytes, n);
    }
    return str_of(bytes, bytes ? n : 0);
}

/* --- making one --- */

void inf_build_section(struct inf_builder *builder, struct slice name)
{
    struct inf_section section = {name, INF_NONE, 0};

    builder->section = builder->sections.n;
    if (!VEC_PUSH(builder->arena, &builder->sections, section)) {
        builder->failed = true;
    }
}

uint32_t inf_build_n_tokens(const struct inf_builder *builder)
{
    return builder->tokens.n - builder->line_from;
}

void inf_build_token(struct inf_builder *builder, struct inf_token token)
{
    if (builder->tokens.n >= builder->limits->value[LIMIT_fields]) {
        limit_hit(&builder->document->limits, LIMIT_fields);
    } else if (!VEC_PUSH(builder->arena, &builder->tokens, token)) {
        builder->failed = true;
    }
}

/* The next line begins a run of lines of the section. */
static void begin_run(struct inf_builder *builder)
{
    uint32_t run = builder->runs.n;
    uint32_t line = builder->lines.n;

    if (run && builder->runs.items[run - 1].section == builder->section) {
        return;
    }
    if (!VEC_PUSH(builder->arena, &builder->runs,
                  (struct inf_run){line, builder->section, INF_NONE})) {
        builder->failed = true;
        return;
    }
    if (line) {
        builder->lines.items[line - 1].ends_run = 1;
    }
}

/* Gives each section its first line and each run the one after it, from the
 * last to the first. */
static void link_runs(struct inf_builder *builder)
{
    struct inf_section *sections = builder->sections.items;

    for (uint32_t i = builder->runs.n; i > 0; i--) {
        struct inf_run *run = &builder->runs.items[i - 1];
        run->next = sections[run->section].first;
        sections[run->section].first = i - 1; /* a run, for now */
    }
    for (uint32_t i = 0; i < builder->sections.n; i++) {
        if (sections[i].first != INF_NONE) {
            sections[i].first = builder->runs.items[sections[i].first].first;
        }
    }
}

void inf_build_line(struct inf_builder *builder)
{
    bool is_full = builder->lines.n >= builder->limits->value[LIMIT_lines];

    if (builder->failed || builder->section == INF_NONE || is_full ||
        !inf_build_n_tokens(builder)) {
        if (is_full) {
            limit_hit(&builder->document->limits, LIMIT_lines);
        }
        builder->tokens.n = builder->line_from;
        return;
    }
    assert(builder->section < builder->sections.n && builder->sections.items);
    begin_run(builder);
    if (builder->failed ||
        !VEC_PUSH(builder->arena, &builder->lines,
                  (struct inf_line){builder->line_from & INT32_MAX, 0})) {
        builder->failed = true;
        return;
    }
    builder->sections.items[builder->section].n_lines++;
    builder->line_from = builder->tokens.n;
}

bool inf_build_has_room(const struct inf_builder *builder, uint32_t n)
{
    uint64_t most = builder->limits->value[LIMIT_fields];

    return !builder->failed && most >= builder->tokens.n &&
           most - builder->tokens.n >= n;
}

void inf_build_whole_line(struct inf_builder *builder,
                          const struct inf_token *tokens, uint32_t n)
{
    while (builder->tokens.capacity - builder->tokens.n < n) {
        if (!vec_reserve(builder->arena, (void **)&builder->tokens.items,
                         builder->tokens.capacity, &builder->tokens.capacity,
                         sizeof *tokens)) {
            builder->failed = true;
            return;
        }
    }
    memcpy(builder->tokens.items + builder->tokens.n, tokens,
           n * sizeof *tokens);
    builder->tokens.n += n;
    inf_build_line(builder);
}

bool inf_build_finish(struct inf_builder *builder)
{
    struct inf_document *document = builder->document;
    struct inf_cache *cache = ARENA_NEW(builder->arena, struct inf_cache);

    document->n_lines = builder->lines.n;
    if (builder->lines.n) {
        builder->lines.items[builder->lines.n - 1].ends_run = 1;
    }
    if (builder->failed || !cache ||
        !VEC_PUSH(builder->arena, &builder->lines,
                  (struct inf_line){builder->tokens.n & INT32_MAX, 0})) {
        return false;
    }
    link_runs(builder);
    cache->arena = builder->arena;
    document->cache = cache;
    document->sections = builder->sections.items;
    document->n_sections = builder->sections.n;
    document->lines = builder->lines.items;
    document->tokens = builder->tokens.items;
    document->runs = builder->runs.items;
    document->n_runs = builder->runs.n;
    return true;
}
