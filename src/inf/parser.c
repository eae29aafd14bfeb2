/* SPDX-License-Identifier: MIT */
#include "inf/parser.h"

#include <assert.h>

#include "base/utf8.h"
#include "inf/lexer.h"
#include "inf/plain.h"

#define MAX_SECTION_NAME 255 /* UTF-16 units; 256 is an error */
#define MAX_FIELD 4095       /* UTF-16 units before substitution */

struct parser {
    struct inf_builder builder;
    struct diag_list *diags;
    struct inf_document *document;
    struct lexer_token first; /* of the open line */
    bool line_open;
    uint32_t first_junk; /* line number, 0: none */
};

static bool has_invisible(struct str rest)
{
    for (;;) {
        uint32_t code;
        size_t n = str_ascii_run(rest); /* which hides nothing */
        rest = str_sub(rest, n, rest.len);
        if (!rest.len) {
            return false;
        }
        n = utf8_decode(rest, &code);
        if (utf8_is_invisible(code)) {
            return true;
        }
        rest = str_sub(rest, n, rest.len);
    }
}

static void check_name(struct parser *parser, struct slice name)
{
    if (has_invisible(slice_str(name))) {
        diag_add(parser->diags, DIAG_INVISIBLE_IN_NAME, name);
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

/* Whether a section of that name has to be left out. */
static bool is_one_too_many(const struct parser *parser, struct str name)
{
    const struct inf_builder *builder = &parser->builder;

    return builder->sections.n >= builder->limits->value[LIMIT_sections] &&
           map_get(&parser->document->names, name) == MAP_NONE;
}

/* The name cut at its NUL, too. */
static void add_alias(struct parser *parser, struct slice header)
{
    struct inf_builder *builder = &parser->builder;
    struct str written = slice_str(header);
    size_t nul = str_find_char(written, '\0', 0);

    if (nul != STR_NONE &&
        map_put(&parser->document->aliases, builder->arena,
                str_sub(written, 0, nul), builder->section) == MAP_NONE) {
        builder->failed = true;
    }
}

static void open_section(struct parser *parser, const struct lexer_token *token)
{
    struct inf_builder *builder = &parser->builder;
    struct slice header = token->text;
    struct slice name = token->form == LEXER_PIECED
                            ? lexer_build_name(builder->arena, header)
                            : header;

    if (!name.text) {
        builder->failed = true;
        return;
    }
    if (utf8_utf16_units(slice_str(name)) > MAX_SECTION_NAME) {
        diag_add(parser->diags, DIAG_SECTION_TOO_LONG, header);
        refuse(parser, INF_SECTION_NAME_TOO_LONG,
               line_of(parser, token->start));
    }
    check_name(parser, name);
    if (is_one_too_many(parser, slice_str(name))) {
        limit_hit(&parser->document->limits, LIMIT_sections);
        builder->section = INF_NONE; /* its lines are not kept either */
        return;
    }
    uint32_t index = map_put(&parser->document->names, builder->arena,
                             slice_str(name), builder->sections.n);
    if (index == MAP_NONE) {
        builder->failed = true;
    } else if (index == builder->sections.n) {
        inf_build_section(builder, name);
    } else {
        builder->section = index;
    }
    add_alias(parser, header);
}

/* A key, or the only field of a line, with invisible characters in it. */
static void check_key(struct parser *parser, const struct lexer_token *token,
                      enum inf_form form)
{
    struct slice key = token->text;

    if (form == INF_PIECED && has_invisible(slice_str(key))) {
        key = lexer_build(parser->builder.arena, key.text, token->start,
                          token->end, LEXER_FIRST);
    }
    check_name(parser, key);
}

static enum inf_form form_of(const struct lexer_token *token)
{
    switch (token->form) {
    case LEXER_PLAIN:
        return INF_PLAIN;
    case LEXER_QUOTED:
        return INF_QUOTED;
    case LEXER_PIECED:
        return INF_PIECED;
    }
    return INF_PIECED;
}

static void check_length(struct parser *parser, const struct lexer_token *token)
{
    if (token->n_units > MAX_FIELD &&
        (token->form == LEXER_PIECED ||
         utf8_utf16_units(slice_str(token->text)) > MAX_FIELD)) {
        diag_add(parser->diags, DIAG_FIELD_TOO_LONG,
                 (struct slice){token->text.text, token->start,
                                token->end - token->start});
    }
}

static void add_token(struct parser *parser, const struct lexer_token *token)
{
    bool is_key = token->kind == LEXER_KEY;
    enum inf_form form = form_of(token);

    if (!parser->line_open) {
        parser->line_open = true;
        parser->first = *token;
    }
    check_length(parser, token);
    inf_build_token(
        &parser->builder,
        (struct inf_token){.off = token->start,
                           .len = (token->end - token->start) & INF_MAX_TEXT,
                           .form = form & 3u,
                           .is_key = is_key});
}

static void close_line(struct parser *parser)
{
    if (!parser->line_open) {
        return;
    }
    parser->line_open = false;
    if (parser->builder.section != INF_NONE &&
        (parser->first.kind == LEXER_KEY ||
         inf_build_n_tokens(&parser->builder) == 1)) {
        check_key(parser, &parser->first, form_of(&parser->first));
    }
    inf_build_line(&parser->builder);
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

/* What close_line does, for a line without a diagnostic. Only a quoted key can
 * hold characters beyond ASCII. */
static void take_plain_line(struct parser *parser,
                            const struct plain_reader *reader)
{
    const struct inf_token *first = &reader->tokens[0];

    if (!reader->n) {
        return;
    }
    if (first->form == INF_QUOTED && parser->builder.section != INF_NONE &&
        (first->is_key || reader->n == 1)) {
        check_name(parser, (struct slice){parser->document->source->text,
                                          first->off + 1, first->len - 2});
    }
    inf_build_whole_line(&parser->builder, reader->tokens, reader->n);
}

static void take_plain_section(struct parser *parser, struct inf_token name)
{
    const struct text *text = parser->document->source->text;

    open_section(parser, &(struct lexer_token){
                             .kind = LEXER_SECTION,
                             .form = LEXER_PLAIN,
                             .start = name.off,
                             .end = name.off + name.len,
                             .text = {text, name.off, name.len},
                         });
}

/* Reads plain lines as long as there are some. */
static void take_plain_lines(struct parser *parser, struct lexer *lexer,
                             struct plain_reader *reader)
{
    while (inf_build_has_room(&parser->builder, PLAIN_TOKENS)) {
        switch (plain_read(reader, &lexer->at)) {
        case PLAIN_LINE:
            take_plain_line(parser, reader);
            break;
        case PLAIN_SECTION:
            take_plain_section(parser, reader->tokens[0]);
            break;
        case PLAIN_OTHER:
            return;
        }
    }
}

#define FEW 64

/* Whether a CR stands before anything but LF. Without a branch, since most
 * files have a CR in every line and none elsewhere, and in bytes alone, so that
 * compilers make vector instructions of it. */
static bool has_other_carriage_return(struct str in)
{
    unsigned char found = 0;
    size_t i = 0;

    for (; i + FEW < in.len; i += FEW) {
        for (size_t k = i; k < i + FEW; k++) {
            found |= (unsigned char)((in.bytes[k] == '\r') &
                                     (in.bytes[k + 1] != '\n'));
        }
    }
    for (; i + 1 < in.len; i++) {
        found |=
            (unsigned char)((in.bytes[i] == '\r') & (in.bytes[i + 1] != '\n'));
    }
    return found != 0;
}

/* Only LF ends a line for SetupAPI: a CR elsewhere tells readers apart. */
static void check_carriage_returns(struct parser *parser, struct str in)
{
    if (!has_other_carriage_return(in)) {
        return;
    }
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
         i = inf_document_next(document, i)) {
        assert(document->lines);
        const struct inf_line *line = &document->lines[i];
        char room[INF_SHORT_KEY];
        if (!str_equal_fold(inf_line_short_key(document, line, room),
                            STR("Signature"))) {
            continue;
        }
        struct str value = slice_str(inf_line_field(document, line, 0));
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
    struct parser parser = {.builder = {.arena = arena,
                                        .limits = limits,
                                        .document = &document,
                                        .section = INF_NONE},
                            .diags = diags,
                            .document = &document};
    struct plain_reader reader;
    struct lexer lexer;
    struct lexer_token token;
    bool more = true;

    lexer_init(&lexer, source->text, diags);
    if (lexer.in.len > INF_MAX_TEXT) {
        lexer.in.len = INF_MAX_TEXT;
        limit_hit(&document.limits, LIMIT_file_bytes);
    }
    plain_init(&reader, lexer.in);
    while (more && !parser.builder.failed) {
        if (!parser.line_open && lexer_starts_line(&lexer)) {
            take_plain_lines(&parser, &lexer, &reader);
        }
        more = lexer_next(&lexer, &token);
        take(&parser, &token);
    }
    if (!inf_build_finish(&parser.builder)) {
        return INFSCAN_NO_MEMORY;
    }
    check_bytes(&parser, lexer.at);
    judge(&parser);
    *out = document;
    return INFSCAN_OK;
}
