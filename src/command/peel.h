/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_PEEL_H
#define COMMAND_PEEL_H

#include "base/map.h"
#include "command/layer.h"

/* One variable of the environment that the command builds up. */
struct peel_variable {
    struct slice name;
    struct slice value; /* text NULL: unset */
};

/* The work of peeling one command: what was found, what may still be spent. */
struct peel {
    struct arena *arena;
    uint64_t max_layers;
    size_t max_bytes;    /* of one text */
    unsigned max_depth;  /* of commands inside each other */
    uint64_t steps_left; /* a step is about sixteen bytes looked at */
    unsigned depth;
    bool failed; /* memory ran out */
    limit_set hit;
    struct str list_separator; /* of PowerShell: $OFS; bytes NULL: a blank */
    VEC(struct layer) layers;
    VEC(struct peel_variable) variables; /* set by the command itself */
    struct map variable_names;           /* to their indexes */
    uint64_t changes;                    /* of their values */
};

/* Pay for work on n bytes; false when the budget is spent. */
bool peel_spend(struct peel *peel, size_t n);

/* Whether something fits into something so deep already, or a text of so many
 * bytes is not too large; where not, the limit is noted. */
bool peel_may_nest(struct peel *peel, unsigned depth, unsigned most);
bool peel_fits(struct peel *peel, uint64_t bytes);

/* Note a layer, unless there is one of the same text. */
void peel_add(struct peel *peel, const char *step, struct slice text,
              const char *gave_up);

/* A text of its own for bytes made out of `from`; SLICE_NONE on failure. */
struct slice peel_fold(struct peel *peel, struct str bytes, struct slice from);

/* A slice of which parts are replaced. */
struct rewrite {
    struct peel *peel;
    struct slice from;
    size_t done; /* of `from` */
    bool changed;
    struct text_builder out;
};

void rewrite_init(struct rewrite *rewrite, struct peel *peel,
                  struct slice from);

/* Offsets count from the start of the slice and only go up. */
void rewrite_put(struct rewrite *rewrite, size_t at, size_t len,
                 struct slice by);
void rewrite_put_str(struct rewrite *rewrite, size_t at, size_t len,
                     struct str by);

/* The slice itself where nothing changed or there was no room. */
struct slice rewrite_finish(struct rewrite *rewrite);

/* Variables of the command, then of a stock Windows 10 (env.def). */
void peel_set(struct peel *peel, struct slice name, struct slice value);
bool peel_get(struct peel *peel, struct str name, struct slice *out);
bool peel_is_unset(const struct peel *peel, struct str name); /* by a command */
const char *peel_default(struct str name);

/* The first stock variable whose name fits, and its name; NULL: none. */
const char *peel_default_like(struct str pattern,
                              bool (*fits)(struct str pattern, struct str name),
                              struct str *name);

/**
 * peel_command - a command line as CreateProcess would get it
 *
 * The command with everything obfuscated resolved in place; the same slice
 * where nothing was. Layers go to `peel`. So do the other readers:
 */
struct slice peel_command(struct peel *peel, struct slice command);

/* The program of a command line as cmd.exe finds it, or NULL where it is none
 * of the table; *end is behind it. */
struct program;
const struct program *peel_program(struct str command, size_t *end);

/* A layer that names the program plainly, where its path is written so as to
 * hide it: C:/dir, doubled or dotted backslashes, \\?\, a variable. */
void peel_program_path(struct peel *peel, struct slice command);

/* Whether !VAR! is a variable: /v:on. */
enum cmd_delayed {
    CMD_DELAYED_OFF,
    CMD_DELAYED_ON
};

/* A line for cmd.exe, that is, what stands behind /c. */
struct slice cmd_peel_line(struct peel *peel, struct slice line,
                           enum cmd_delayed delayed);

/* A command line whose program is cmd; `tail` is what follows the program. */
struct slice cmd_peel(struct peel *peel, struct slice command, size_t tail);

/* A command line whose program is powershell or pwsh; `tail` as above. */
struct slice powershell_peel(struct peel *peel, struct slice command,
                             size_t tail);

/* PowerShell source text. */
struct slice powershell_peel_script(struct peel *peel, struct slice script);

/* VBScript or JScript source text behind "vbscript:" and the like. */
struct slice script_peel(struct peel *peel, struct slice script);

/* Source text of any such language. */
struct slice script_peel_source(struct peel *peel, struct slice source);

#endif
