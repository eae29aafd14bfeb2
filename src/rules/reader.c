/* SPDX-License-Identifier: MIT */
#include "rules/reader.h"

/* More than hand-written rules need, few enough to fit every count. */
#define MAX_LIST 256
#define MAX_SCALAR_BYTES ((size_t)8192)

enum infscan_status reader_no_memory(struct rule_reader *reader)
{
    return error_set(reader->error, INFSCAN_NO_MEMORY, "out of memory");
}

uint32_t reader_line(const struct rule_reader *reader)
{
    return (uint32_t)reader->event.start_mark.line + 1;
}

uint32_t reader_column(const struct rule_reader *reader)
{
    return (uint32_t)reader->event.start_mark.column + 1;
}

static void drop_event(struct rule_reader *reader)
{
    if (reader->has_event) {
        yaml_event_delete(&reader->event);
        reader->has_event = false;
    }
}

static enum infscan_status refuse_extras(struct rule_reader *reader)
{
    const yaml_event_t *event = &reader->event;
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT) {
        return READER_BAD(reader,
                          "aliases (*name) are not allowed in rule files: "
                          "write the value out, or quote a leading *");
    }
    if (anchor) {
        return READER_BAD(reader,
                          "anchors (&name) are not allowed in rule files: "
                          "remove it, or quote a leading &");
    }
    if (tag) {
        return READER_BAD(reader, "tags (!name) are not allowed in rule files: "
                                  "remove it, or quote a leading !");
    }
    return INFSCAN_OK;
}

/* The next event, whatever it is. */
static enum infscan_status take_event(struct rule_reader *reader)
{
    drop_event(reader);
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        const yaml_parser_t *parser = &reader->parser;
        if (parser->error == YAML_MEMORY_ERROR) {
            return reader_no_memory(reader);
        }
        if (parser->error == YAML_READER_ERROR) {
            return error_set_at(reader->error, INFSCAN_INVALID, reader->name, 1,
                                1, "not UTF-8 at byte %zu: %s",
                                parser->problem_offset, parser->problem);
        }
        return error_set_at(reader->error, INFSCAN_INVALID, reader->name,
                            (uint32_t)parser->problem_mark.line + 1,
                            (uint32_t)parser->problem_mark.column + 1,
                            "not YAML: %s%s%s", parser->problem,
                            parser->context ? " " : "",
                            parser->context ? parser->context : "");
    }
    reader->has_event = true;
    switch (reader->event.type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        reader->depth++;
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->depth--;
        break;
    default:
        break;
    }
    return INFSCAN_OK;
}

enum infscan_status reader_next(struct rule_reader *reader)
{
    enum infscan_status status = take_event(reader);

    return status == INFSCAN_OK ? refuse_extras(reader) : status;
}

enum infscan_status reader_skip_to(struct rule_reader *reader, uint32_t depth)
{
    enum infscan_status status = INFSCAN_OK;

    while (status == INFSCAN_OK && reader->depth > depth) {
        status = take_event(reader);
    }
    return status;
}

enum infscan_status reader_skip(struct rule_reader *reader)
{
    uint32_t depth = reader->depth;
    enum infscan_status status = take_event(reader);

    return status == INFSCAN_OK ? reader_skip_to(reader, depth) : status;
}

enum infscan_status reader_open(struct rule_reader *reader, struct arena *arena,
                                const char *name, struct str yaml,
                                struct infscan_error *error)
{
    *reader = (struct rule_reader){.arena = arena, .error = error};
    reader->name = arena_copy_z(arena, str_from(name));
    if (!reader->name || !yaml_parser_initialize(&reader->parser)) {
        return reader_no_memory(reader);
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser,
                                 (const unsigned char *)yaml.bytes, yaml.len);
    return INFSCAN_OK;
}

void reader_close(struct rule_reader *reader)
{
    drop_event(reader);
    yaml_parser_delete(&reader->parser);
}

struct str reader_scalar(const struct rule_reader *reader)
{
    return str_of((const char *)reader->event.data.scalar.value,
                  reader->event.data.scalar.length);
}

enum infscan_status reader_take_text(struct rule_reader *reader,
                                     const char *key, const char **out)
{
    if (reader->event.type != YAML_SCALAR_EVENT) {
        return READER_BAD(
            reader, "%s takes plain text: quote it, and do not nest", key);
    }
    struct str s = reader_scalar(reader);
    while (s.len && s.bytes[s.len - 1] == '\n') {
        s.len--; /* of a block scalar; blanks may be part of a pattern */
    }
    if (str_trim(s).len == 0) {
        return READER_BAD(
            reader, "%s is empty: write something, or leave the key out", key);
    }
    if (s.len > MAX_SCALAR_BYTES || memchr(s.bytes, '\0', s.len)) {
        return READER_BAD(reader, "%s is longer than %zu bytes or holds a NUL",
                          key, MAX_SCALAR_BYTES);
    }
    *out = arena_copy_z(reader->arena, s);
    return *out ? INFSCAN_OK : reader_no_memory(reader);
}

enum infscan_status reader_take_line(struct rule_reader *reader,
                                     const char *key, const char **out)
{
    enum infscan_status status = reader_take_text(reader, key, out);

    if (status == INFSCAN_OK && *out && strpbrk(*out, "\r\n")) {
        return READER_BAD(reader, "%s must be one line", key);
    }
    return status;
}

enum infscan_status reader_each_item(struct rule_reader *reader,
                                     const char *key, reader_item_fn *item,
                                     void *context)
{
    uint32_t n = 0;

    if (reader->event.type == YAML_SCALAR_EVENT) {
        return item(reader, key, context);
    }
    if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
        return READER_BAD(reader,
                          "%s takes a list: put each item on a line of its "
                          "own behind \"- \", quoted",
                          key);
    }
    for (;;) {
        enum infscan_status status = reader_next(reader);
        if (status != INFSCAN_OK) {
            return status;
        }
        if (reader->event.type == YAML_SEQUENCE_END_EVENT) {
            break;
        }
        if (++n > MAX_LIST) {
            return READER_BAD(reader,
                              "%s has more than %d items: split the rule", key,
                              MAX_LIST);
        }
        status = item(reader, key, context);
        if (status != INFSCAN_OK) {
            return status;
        }
    }
    return n ? INFSCAN_OK
             : READER_BAD(reader,
                          "%s is empty: add an item, or leave the key out",
                          key);
}

enum infscan_status reader_expect(struct rule_reader *reader,
                                  yaml_event_type_t type, const char *mend)
{
    enum infscan_status status = reader_next(reader);

    if (status != INFSCAN_OK || reader->event.type == type) {
        return status;
    }
    return READER_BAD(reader, "%s", mend);
}
