/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_ROLES_READER_H
#define INSTALL_ROLES_READER_H

#include "install/roles.h"

/* What is shared by those who act on lines with a role. Private to install/. */

/* What a line with a role does. */
enum role_effect {
    ROLE_COMMAND,   /* its value is a command line */
    ROLE_ACTION,    /* program[,] arguments, as Connection Manager takes them */
    ROLE_LIBRARY,   /* its value is a DLL whose RasCustomDial is called */
    ROLE_SOURCE,    /* its value is where a file is fetched from */
    ROLE_REGISTRY,  /* key\value=type,data */
    ROLE_RIGHT,     /* a right, membership or start type, and who gets it */
    ROLE_COMPONENT, /* library,function,inf,...: loaded, and the INF is read */
    ROLE_INF        /* *,inf,section: an INF that is run */
};

struct role {
    enum launcher_id launcher;
    struct str guard;
    struct str section;
    struct str key;
    enum role_effect effect;
};

struct reader {
    struct arena *arena;
    const struct inf_document *document;
    const struct limits *limits;
    struct inf_expander expander;
    VEC(struct action) actions;
    struct action_room members;
    VEC(uint32_t) ids[N_LAUNCHERS];
    bool *seen;                  /* lines of the source; may be NULL */
    const struct inf_line *last; /* that was acted on: twice is allowed */
    limit_set hit;
    bool failed;
};

/* The value as one text: fields from `first` on joined, tokens replaced. */
struct slice role_value(struct reader *reader, const struct inf_line *line,
                        uint32_t first);

/* A new action for a line; NULL where another reading has acted on it, past
 * the limit or without memory. Valid until the next call. */
struct action *role_action(struct reader *reader, const struct role *role,
                           const struct inf_section *section,
                           const struct inf_line *line,
                           enum infscan_action_kind kind);

/* Sets subject and text. */
void role_finish(struct reader *reader, struct action *action,
                 const struct text *text);

/* The action runs this command. */
void role_command(struct reader *reader, struct action *action,
                  struct slice command);

/* --- roles_template.c: security templates --- */

void role_registry(struct reader *reader, const struct role *role,
                   const struct inf_section *section,
                   const struct inf_line *line);
void role_right(struct reader *reader, const struct role *role,
                const struct inf_section *section, const struct inf_line *line);

/* --- roles_library.c: libraries and other INFs that a line names --- */

/* value: a DLL whose RasCustomDial is called. */
void role_library(struct reader *reader, const struct role *role,
                  const struct inf_section *section,
                  const struct inf_line *line, struct slice value);
void role_component(struct reader *reader, const struct role *role,
                    const struct inf_section *section,
                    const struct inf_line *line);
void role_inf(struct reader *reader, const struct role *role,
              const struct inf_section *section, const struct inf_line *line);

#endif
