/* SPDX-License-Identifier: MIT */
#ifndef RULES_READER_H
#define RULES_READER_H

#include <yaml.h>

#include "base/arena.h"
#include "base/error.h"

/* The plain subset of YAML that rule files are written in, event by event.
 * Every complaint is INVALID with file, line and column and says the mend. */
struct rule_reader {
    struct arena *arena;
    struct infscan_error *error;
    const char *name; /* of the file, in the arena */
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool has_event;
    uint32_t depth; /* lists and blocks that are open behind the event */
};

/**
 * reader_open - begin to read
 *
 * name:    copied into the arena
 * yaml:    must stay until reader_close
 *
 * Status: NO_MEMORY; then there is nothing to close.
 */
enum infscan_status reader_open(struct rule_reader *reader, struct arena *arena,
                                const char *name, struct str yaml,
                                struct infscan_error *error);
void reader_close(struct rule_reader *reader);

/* The next event; anything outside of the subset is INVALID. */
enum infscan_status reader_next(struct rule_reader *reader);

/* As reader_next; an event of another type is INVALID with `mend`. */
enum infscan_status reader_expect(struct rule_reader *reader,
                                  yaml_event_type_t type, const char *mend);

/* After a complaint: past everything that was opened below a depth. What is
 * passed may hold anything that is YAML. */
enum infscan_status reader_skip_to(struct rule_reader *reader, uint32_t depth);

/* As reader_next, but past all that the event begins, if it begins something;
 * it too may be anything that is YAML. */
enum infscan_status reader_skip(struct rule_reader *reader);

/* Where the current event begins, from 1. */
uint32_t reader_line(const struct rule_reader *reader);
uint32_t reader_column(const struct rule_reader *reader);

/* Text of the current event, which must be a scalar. */
struct str reader_scalar(const struct rule_reader *reader);

/* INVALID at the current event, or at an offset into a one-line scalar. */
#define READER_BAD_AT(reader, offset, ...)                                     \
    error_set_at((reader)->error, INFSCAN_INVALID, (reader)->name,             \
                 reader_line(reader),                                          \
                 reader_column(reader) + (uint32_t)(offset), __VA_ARGS__)
#define READER_BAD(reader, ...) READER_BAD_AT(reader, 0, __VA_ARGS__)

enum infscan_status reader_no_memory(struct rule_reader *reader);

/* The current event as text in the arena: not empty, not too long, no NUL;
 * reader_take_line wants one line besides. `key` is for the complaint. */
enum infscan_status reader_take_text(struct rule_reader *reader,
                                     const char *key, const char **out);
enum infscan_status reader_take_line(struct rule_reader *reader,
                                     const char *key, const char **out);

/* Called for each scalar of a list, with the event in place. */
typedef enum infscan_status reader_item_fn(struct rule_reader *reader,
                                           const char *key, void *context);

/* A scalar, or a list of at least one scalar. */
enum infscan_status reader_each_item(struct rule_reader *reader,
                                     const char *key, reader_item_fn *item,
                                     void *context);

#endif
