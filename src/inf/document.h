/* SPDX-License-Identifier: MIT */
#ifndef INF_DOCUMENT_H
#define INF_DOCUMENT_H

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "text/diag.h"
#include "text/source.h"

#define INF_NONE UINT32_MAX

enum inf_key {
    INF_KEY_NONE,    /* several fields, no `=` before the first comma */
    INF_KEY_WRITTEN, /* key = ... */
    INF_KEY_IMPLIED  /* the only field is the key, too */
};

/* One logical line. Fields are as written: unquoted, continuations joined,
 * %tokens% not yet substituted. */
struct inf_line {
    struct slice place;         /* in the decoded text, comment left out */
    struct slice key;           /* empty for INF_KEY_NONE */
    const struct slice *fields; /* fields[0] is SetupAPI's field 1 */
    uint32_t n_fields;
    uint32_t next; /* next line of the same section, INF_NONE after the last */
    uint32_t section;
    enum inf_key has_key;
};

/* Sections of one name are one, under the first spelling. */
struct inf_section {
    struct slice name;
    struct slice header; /* the first header's name, in the decoded text */
    uint32_t first;      /* line, or INF_NONE */
    uint32_t last;
    uint32_t n_lines;
};

/* Why SetupOpenInfFile would refuse the file. */
enum inf_refusal {
    INF_ACCEPTED,
    INF_WRONG_STYLE,           /* ERROR_WRONG_INF_STYLE */
    INF_EXPECTED_SECTION_NAME, /* ERROR_EXPECTED_SECTION_NAME */
    INF_BAD_SECTION_NAME,      /* ERROR_BAD_SECTION_NAME_LINE */
    INF_SECTION_NAME_TOO_LONG  /* ERROR_SECTION_NAME_TOO_LONG */
};

struct inf_document {
    const struct source *source;
    struct inf_section *sections; /* in file order */
    uint32_t n_sections;
    struct inf_line *lines; /* in file order */
    uint32_t n_lines;
    struct map names;
    struct map aliases; /* names cut at a NUL, where no section has that name */
    bool has_signature; /* that SetupAPI accepts */
    enum inf_refusal refusal;
    uint32_t refusal_line;  /* from 1; 0: none given */
    struct slice after_end; /* text behind Ctrl-Z */
    limit_set limits;
};

/* Section by name, letter case aside, or NULL. The name is taken as it is:
 * trim a reference first. */
const struct inf_section *inf_document_find(const struct inf_document *document,
                                            struct str name);

/* Static name of a refusal ("ERROR_WRONG_INF_STYLE"); NULL for INF_ACCEPTED. */
const char *inf_refusal_name(enum inf_refusal refusal);

/* Walks the lines of a section: for (i = section->first; i != INF_NONE;
 * i = document->lines[i].next). */

#endif
