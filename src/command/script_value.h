/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_SCRIPT_VALUE_H
#define COMMAND_SCRIPT_VALUE_H

#include "command/peel.h"

/* Constants of VBScript and JScript, and the expressions that hide them. */

enum script_language {
    SCRIPT_VB,
    SCRIPT_JS /* and whatever writes its strings likewise */
};

enum script_kind {
    SCRIPT_TEXT,
    SCRIPT_NUMBER,
    SCRIPT_LIST,
    SCRIPT_PATTERN /* text: between the slashes; number 1: with /g */
};

struct script_value {
    enum script_kind kind;
    bool hidden; /* it was worked out, not spelled */
    int64_t number;
    struct str text;
    const struct script_value *items;
    uint32_t n;
};

struct script_variable {
    struct str name;
    struct script_value value;
    bool known;
};

struct script_reader {
    struct peel *peel;
    enum script_language language;
    struct str s;
    size_t at;
    unsigned depth;
    VEC(struct script_variable) variables;
};

/* A quoted string at reader->at; *escaped tells whether a character in it was
 * written as its number. false: it does not end. */
bool script_read_literal(struct script_reader *reader, struct str *out,
                         bool *escaped);

/**
 * script_read - an expression of strings, numbers and lists
 *
 * reader->at is left behind the last part that was understood; false, and
 * anywhere, when there is none.
 * Sources: Microsoft, "VBScript Language Reference", "JScript Reference".
 */
bool script_read(struct script_reader *reader, struct script_value *out);

/* name = value, or all unknown of it where value is NULL. */
void script_set(struct script_reader *reader, struct str name,
                const struct script_value *value);
const struct script_value *script_get(const struct script_reader *reader,
                                      struct str name);

/* A name at `at`; empty where there is none. */
struct str script_name(struct str s, size_t at);

/* The text as the language would spell it between double quotes. */
struct str script_quote(struct script_reader *reader, struct str text);

/* What calls by name (script_call.c) and methods give; false: not known. */
bool script_call(struct script_reader *reader, struct str name,
                 const struct script_value *args, uint32_t n,
                 struct script_value *out);
bool script_method(struct script_reader *reader,
                   const struct script_value *self, struct str name,
                   const struct script_value *args, uint32_t n,
                   struct script_value *out);

/* The text of a value: numbers in decimal, lists with commas. */
bool script_text(struct script_reader *reader, const struct script_value *value,
                 struct str *out);

#endif
