/* SPDX-License-Identifier: MIT */
#include "inf/parser.h"

#include <assert.h>

#include "base/utf8.h"
#include "inf/lexer.h"

#define MAX_SECTION_NAME 255 /* UTF-16 units; 256 is an error */
#define MAX_FIELD 4095       /* UTF-16 units before substitution */

struct parser {
    struct arena *arena;
    const struct limits *limits;
    struct diag_list *diags;
    struct inf_document *document;
    VEC(struct inf_section) sections;
    VEC(struct inf_line) lines;
    VEC(struct slice) fields; /* of the open line; [0] is its key if written */
    uint32_t section;
    uint32_t line_from;
    uint32_t line_to;
    bool line_open;
    bool key_written;
    uint32_t first_junk; /* line number, 0: none */
    bool failed;
};

/* Length as Windows counts it. */
static size_t utf16_units(struct str s)
{
    size_t units = 0;

    if (s.len <= MAX_SECTION_NAME) {
        return s.len; /* never more units than bytes */
    }
    while (s.len) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        units += code >= 0x10000 ? 2 : 1;
        s = str_sub(s, n, s.len);
    }
    return units;
}

static void check_name(struct parser *parser, struct slice name)
{
    struct str rest = slice_str(name);

    while (rest.len) {
        uint32_t code = (unsigned char)rest.bytes[0];
        size_t n = code < 0x80 ? 1 : utf8_decode(rest, &code);
        if (utf8_is_invisible(code)) {
            diag_add(parser->diags, DIAG_INVISIBLE_IN_NAME, name);
            return;
        }
        rest = str_sub(rest, n, rest.len);
    }
}

static void refuse(struct parser *parser, enum inf_refusal refusal,
                   uint32_t line)
{
    if (parser->document->refusal == INF_ACCEPTED) {
        parser->document->refusal = refusal;
        parser->document->refusal_line = line;
    }
}

static uint32_t line_of(const struct parser *parser, uint32_t offset)
{
    return source_line(parser->document->source, offset);
}

static void open_section(struct parser *parser, const struct lexer_token *token)
{
    struct slice name = token->text;
    struct slice header = {parser->document->source->text, token->start,
                           token->end - token->start};

    if (utf16_units(slice_str(name)) > MAX_SECTION_NAME) {
        diag_add(parser->diags, DIAG_SECTION_TOO_LONG, header);
        refuse(parser, INF_SECTION_NAME_TOO_LONG,
               line_of(parser, token->start));
    }
    check_name(parser, name);
    if (parser->sections.n >= parser->limits->value[LIMIT_sections] &&
        map_get(&parser->document->names, slice_str(name)) == MAP_NONE) {
        limit_hit(&parser->document->limits, LIMIT_sections);
        parser->section = INF_NONE; /* its lines are not kept either */
        return;
    }
    uint32_t index = map_put(&parser->document->names, parser->arena,
                             slice_str(name), parser->sections.n);
    if (index == MAP_NONE) {
        parser->failed = true;
        return;
    }
    if (index == parser->sections.n &&
        !VEC_PUSH(parser->arena, &parser->sections,
                  (struct inf_section){name, header, INF_NONE, INF_NONE, 0})) {
        parser->failed = true;
        return;
    }
    parser->section = index;
    struct str written = slice_str(header);
    size_t nul = str_find_char(written, '\0', 0);
    if (nul != STR_NONE &&
        map_put(&parser->document->aliases, parser->arena,
                str_sub(written, 0, nul), index) == MAP_NONE) {
        parser->failed = true;
    }
}

static void add_token(struct parser *parser, const struct lexer_token *token)
{
    if (!parser->line_open) {
        parser->line_open = true;
        parser->key_written = token->kind == LEXER_KEY;
        parser->fields.n = 0;
        parser->line_from = token->start;
        if (parser->key_written) {
            check_name(parser, token->text);
        }
    }
    if (token->text.len > MAX_FIELD &&
        utf16_units(slice_str(token->text)) > MAX_FIELD) {
        diag_add(parser->diags, DIAG_FIELD_TOO_LONG,
                 (struct slice){parser->document->source->text, token->start,
                                token->end - token->start});
    }
    parser->line_to = token->end;
    if (!VEC_PUSH(parser->arena, &parser->fields, token->text)) {
        parser->failed = true;
    }
}

static void append_line(struct parser *parser, const struct inf_line *line)
{
    uint32_t index = parser->lines.n;

    assert(parser->section < parser->sections.n && parser->sections.items);
    struct inf_section *section = &parser->sections.items[parser->section];

    if (!VEC_PUSH(parser->arena, &parser->lines, *line)) {
        parser->failed = true;
        return;
    }
    if (section->last == INF_NONE) {
        section->first = index;
    } else {
        parser->lines.items[section->last].next = index;
    }
    section->last = index;
    section->n_lines++;
}

static void close_line(struct parser *parser)
{
    if (!parser->line_open) {
        return;
    }
    parser->line_open = false;
    if (parser->section == INF_NONE) {
        return;
    }
    if (parser->lines.n >= parser->limits->value[LIMIT_lines]) {
        limit_hit(&parser->document->limits, LIMIT_lines);
        return;
    }
    uint32_t skip = parser->key_written ? 1 : 0;
    uint32_t n = parser->fields.n - skip;
    struct slice *fields = ARENA_ARRAY(parser->arena, struct slice, n);
    if (!fields) {
        parser->failed = true;
        return;
    }
    if (n) {
        memcpy(fields, parser->fields.items + skip, n * sizeof *fields);
    }
    struct inf_line line = {
        .place = {parser->document->source->text, parser->line_from,
                  parser->line_to > parser->line_from
                      ? parser->line_to - parser->line_from
                      : 0},
        .key = SLICE_NONE,
        .fields = fields,
        .n_fields = n,
        .next = INF_NONE,
        .section = parser->section,
        .has_key = INF_KEY_NONE,
    };
    if (parser->key_written) {
        line.key = parser->fields.items[0];
        line.has_key = INF_KEY_WRITTEN;
    } else if (n == 1) { /* a single field is its own key */
        line.key = fields[0];
        line.has_key = INF_KEY_IMPLIED;
        check_name(parser, line.key);
    }
    append_line(parser, &line);
}

static void note_junk(struct parser *parser, const struct lexer_token *token)
{
    uint32_t line = line_of(parser, token->start);

    if (!parser->first_junk) {
        parser->first_junk = line;
        diag_add(parser->diags, DIAG_TEXT_BEFORE_SECTION,
                 source_line_text(parser->document->source, line));
    }
}

static void take(struct parser *parser, const struct lexer_token *token)
{
    switch (token->kind) {
    case LEXER_SECTION:
        close_line(parser);
        open_section(parser, token);
        break;
    case LEXER_SECTION_BROKEN:
        close_line(parser);
        diag_add(parser->diags, DIAG_SECTION_UNCLOSED, token->text);
        refuse(parser, INF_BAD_SECTION_NAME, line_of(parser, token->start));
        open_section(parser, token);
        break;
    case LEXER_JUNK:
        note_junk(parser, token);
        break;
    case LEXER_KEY:
    case LEXER_FIELD:
        add_token(parser, token);
        break;
    case LEXER_LINE_END:
    case LEXER_END:
        close_line(parser);
        break;
    }
}

/* Only LF ends a line for SetupAPI: a CR elsewhere tells readers apart. */
static void check_carriage_returns(struct parser *parser, struct str in)
{
    for (size_t at = 0; (at = str_find_char(in, '\r', at)) != STR_NONE; at++) {
        size_t next = at + 1;
        while (next < in.len && in.bytes[next] == '\r') {
            next++;
        }
        if (next < in.len && in.bytes[next] != '\n' &&
            in.bytes[next] != '\x1a') {
            diag_add(parser->diags, DIAG_LONE_CR,
                     (struct slice){parser->document->source->text,
                                    (uint32_t)at, 1});
            return;
        }
        at = next - 1;
    }
}

/* A file whose sections stand between carriage returns alone. */
static void check_only_carriage_returns(struct parser *parser, struct str in)
{
    size_t at = 0;

    if (str_find_char(in, '\n', 0) != STR_NONE) {
        return;
    }
    while ((at = str_find(in, STR("\r["), at)) != STR_NONE) {
        size_t end = str_find_char(in, '\r', at + 1);
        struct str line =
            str_sub(in, at + 1, end == STR_NONE ? STR_NONE : end - at - 1);
        if (str_find_char(line, ']', 0) != STR_NONE) {
            diag_add(parser->diags, DIAG_ONLY_CR,
                     (struct slice){parser->document->source->text,
                                    (uint32_t)at + 1, (uint32_t)line.len});
            return;
        }
        at++;
    }
}

static void check_bytes(struct parser *parser, uint32_t end)
{
    const struct text *text = parser->document->source->text;
    struct str in = str_of(text->bytes.bytes, end);
    size_t nul = str_find_char(in, '\0', 0);

    check_carriage_returns(parser, in);
    check_only_carriage_returns(parser, in);
    if (nul != STR_NONE) {
        diag_add(parser->diags, DIAG_NUL,
                 (struct slice){text, (uint32_t)nul, 1});
    }
    if (end < text->bytes.len) {
        struct slice rest = slice_trim(
            (struct slice){text, end + 1, (uint32_t)text->bytes.len - end - 1});
        parser->document->after_end = rest;
        if (rest.len) {
            diag_add(parser->diags, DIAG_TEXT_AFTER_CTRL_Z, rest);
        }
    }
}

/* First Signature line of the merged [Version], as raw text. */
static bool has_signature(const struct inf_document *document)
{
    static const struct str accepted[] = {
        {"$chicago$", 9}, {"$windows nt$", 12}, {"$windows 95$", 12}};
    const struct inf_section *version =
        inf_document_find(document, STR("Version"));

    for (uint32_t i = version ? version->first : INF_NONE; i != INF_NONE;
         i = document->lines[i].next) {
        assert(document->lines);
        const struct inf_line *line = &document->lines[i];
        if (line->has_key == INF_KEY_NONE ||
            !str_equal_fold(slice_str(line->key), STR("Signature"))) {
            continue;
        }
        struct str value =
            line->n_fields ? slice_str(line->fields[0]) : STR("");
        for (size_t k = 0; k < sizeof accepted / sizeof *accepted; k++) {
            if (str_equal_fold(value, accepted[k])) {
                return true;
            }
        }
        return false;
    }
    return false;
}

/* Text before the first section is tolerated where [Strings] exists; text and
 * no section at all is no INF of this style. */
static void judge(struct parser *parser)
{
    struct inf_document *document = parser->document;

    if (parser->first_junk && document->n_sections &&
        !inf_document_find(document, STR("Strings"))) {
        refuse(parser, INF_EXPECTED_SECTION_NAME, parser->first_junk);
    }
    document->has_signature = has_signature(document);
    if (!document->has_signature) {
        diag_add(parser->diags, DIAG_NO_SIGNATURE,
                 slice_sub(slice_all(document->source->text), 0, 0));
        refuse(parser, INF_WRONG_STYLE, 0);
    }
}

enum infscan_status inf_parse(struct arena *arena, const struct source *source,
                              const struct limits *limits,
                              struct diag_list *diags, struct inf_document *out)
{
    struct inf_document document = {.source = source, .after_end = SLICE_NONE};
    struct parser parser = {.arena = arena,
                            .limits = limits,
                            .diags = diags,
                            .document = &document};
    struct lexer lexer;
    struct lexer_token token;
    bool more = true;

    lexer_init(&lexer, arena, source->text, diags);
    while (more && !parser.failed) {
        more = lexer_next(&lexer, &token);
        if (lexer.failed) {
            return INFSCAN_NO_MEMORY;
        }
        take(&parser, &token);
    }
    if (parser.failed) {
        return INFSCAN_NO_MEMORY;
    }
    document.sections = parser.sections.items;
    document.n_sections = parser.sections.n;
    document.lines = parser.lines.items;
    document.n_lines = parser.lines.n;
    check_bytes(&parser, lexer.at);
    judge(&parser);
    *out = document;
    return INFSCAN_OK;
}
