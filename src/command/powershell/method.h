/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_POWERSHELL_METHOD_H
#define COMMAND_POWERSHELL_METHOD_H

#include "command/powershell/pattern.h"
#include "command/powershell/value.h"

/* Arguments of one call. */
struct ps_arguments {
    const struct ps_value **items;
    uint32_t n;
};

/* "text".Name(...); self is a value of any kind. NULL: not known. */
const struct ps_value *ps_method(struct peel *peel, const struct ps_value *self,
                                 struct str name,
                                 const struct ps_arguments *arguments);

/* value.Name */
const struct ps_value *
ps_property(struct peel *peel, const struct ps_value *self, struct str name);

/* [type]::Name(...); type as in PSV_TYPE. */
const struct ps_value *ps_static(struct peel *peel, struct str type,
                                 struct str name,
                                 const struct ps_arguments *arguments);

/* [type]::Name */
const struct ps_value *ps_static_property(struct peel *peel, struct str type,
                                          struct str name);

/* [type]value */
const struct ps_value *ps_cast(struct peel *peel, struct str type,
                               const struct ps_value *value);

/* New-Object type arguments */
const struct ps_value *ps_new_object(struct peel *peel, struct str type,
                                     const struct ps_arguments *arguments);

/* "pattern" -f items */
const struct ps_value *ps_format(struct peel *peel, struct str pattern,
                                 const struct ps_value *items);

/* value -replace pattern, by */
const struct ps_value *ps_replace(struct peel *peel, struct str text,
                                  struct str pattern, struct str by,
                                  enum pattern_case letter_case);

/* value -split pattern; pieces are added to an array */
const struct ps_value *ps_split(struct peel *peel, const struct ps_value *value,
                                struct str pattern,
                                enum pattern_case letter_case);

/* Every occurrence of `old` in text replaced. */
const struct ps_value *ps_replace_literal(struct peel *peel, struct str text,
                                          struct str old, struct str by);

/* Bytes as text: type is "text.utf8encoding", "text.asciiencoding", ... */
const struct ps_value *ps_decode(struct peel *peel, struct str encoding,
                                 struct str bytes);

#endif
