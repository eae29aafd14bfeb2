/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_WALK_H
#define INSTALL_WALK_H

#include "install/chain.h"
#include "install/decoration.h"
#include "install/directive.h"
#include "install/flag.h"
#include "install/path.h"
#include "install/registry.h"

/* What the walk through one document knows. Private to install/. */

/* Actions that one list section, read in one way, came to. They are worked out
 * once however often the section is named. */
struct memo {
    uint32_t first;
    uint32_t n;
    uint32_t epoch; /* the walk that used it last */
    uint32_t scope; /* that it was worked out in; SCOPE_ANY: all are alike */
};

/* Directory numbers that CustomDestination defines for an install section, or
 * several with the same ones. */
struct scope {
    const struct path_ldid *ldids; /* sorted by number */
    uint32_t n;
};

#define SCOPE_NONE 0u        /* what SetupAPI knows by itself */
#define SCOPE_ALL 1u         /* what any section defines */
#define SCOPE_ANY UINT32_MAX /* in struct memo */

/* One use of a memo in the walk that is under way. */
struct step {
    uint32_t group; /* of sections that are carried out together, in order */
    enum directive_phase phase;
    uint32_t memo;
};

/* A file may be made of sections, and of lines of four bytes, so what is kept
 * of each is small. */
struct section_state {
    uint32_t entered : 28;       /* number of the walk that entered it last */
    uint32_t is_active : 1;      /* is being walked through */
    uint32_t is_touched : 1;     /* something refers to it */
    uint32_t has_directives : 1; /* a line with a known directive */
    uint32_t has_numbers : 1;    /* one with CustomDestination */
};
#define WALK_MAX_EPOCH ((1u << 28) - 1)

enum line_mark {
    LINE_FOLLOWED = 1,  /* some launcher carries it out */
    LINE_MISPLACED = 2, /* a command where a section belongs */
    LINE_NOTED = 4      /* and on: kinds of diagnostics that it has (walk.c) */
};

/* Words are static, and few are used again and again. */
#define WALK_LAST_WORDS 32

struct walk {
    struct arena *arena;
    const struct inf_document *document; /* what the launcher at work sees: */
    const struct inf_document *own;      /* the file alone */
    const struct inf_document *all;      /* with those that it includes */
    const struct limits *limits;
    struct diag_list *diags;
    struct inf_expander expander;
    struct path_context paths;
    limit_set hit;
    bool failed; /* memory ran out */

    VEC(struct action) actions;
    struct action_room members;
    VEC(struct registry_base) bases; /* what HKR may stand for */
    struct map base_names;
    VEC(struct memo) memos;
    struct map memo_names;
    VEC(struct scope) scopes;
    struct map scope_names; /* by the sections that define them */
    uint32_t scope;         /* whose numbers `paths` has */
    bool asked;             /* one of them was asked for */
    VEC(struct step) steps; /* of the walk that is under way */
    VEC(struct plan) plans;
    uint64_t planned; /* actions in all plans */

    struct map deferred; /* names of sections that are run later */
    uint32_t n_deferred; /* actions that were looked at for such */
    struct str line;     /* that started the launcher; empty: not known */
    uint32_t epoch;      /* number of the walk that is under way */
    bool once;           /* a memo counts once in a walk */
    bool other_windows;  /* the walk is what other releases would do */
    struct section_state *sections; /* by section of `all` */
    uint8_t *lines;                 /* by line of `all`: enum line_mark */
    struct name_tails tails;        /* of `all` */
    enum directive_phase phase;     /* of what a service's section has done;
                                     * N_PHASES: each directive has its own */
    uint32_t group;                 /* of the section that is walked through */
    uint32_t groups;                /* so far in this walk */
    unsigned depth;                 /* sections entered from within sections */
    uint64_t work;                  /* lines read */
    uint64_t worded;                /* bytes of texts made */
    struct peel_budget peels;
    bool has_include; /* sections may stand in another file */
    bool advanced;    /* speaks to advpack or Connection Manager */
    bool printer;     /* [Version] names the class of printers */

    bool has_lists;          /* the next three are filled: walk_read_lists */
    struct map destinations; /* [DestinationDirs] key to line */
    struct map source_files; /* [SourceDisksFiles] key to line */
    struct map source_disks; /* [SourceDisksNames] key to line */

    struct word_slot {
        const char *word;
        struct slice slice;
    } last_words[WALK_LAST_WORDS]; /* walk_word, by address */
    struct map word_names;
    VEC(struct slice) words;
};

#define BASE_NONE 0u /* indexes in walk.bases */
#define BASE_OPEN 1u

/* The way to a section, last step first. Lives on the stack; an action gets a
 * copy. NULL is the way to where a launcher enters. */
struct way {
    struct chain_link link;
    const struct way *up;
    uint32_t n; /* steps */
};

/* A line or list section, how it was got to and how it is read. */
struct site {
    const struct way *way;
    enum directive_id directive;
    uint32_t base;                     /* index in walk.bases */
    const struct inf_section *section; /* where `line` stands */
    const struct inf_line *line;       /* NULL for a whole section */
    struct slice flags; /* words for those of the line that led here */
};

/* Works out what one line (or one section) does. */
typedef void walk_handler(struct walk *walk, const struct site *site);

#define D(id, name, class, operand, handler, phase, layout, effect, source)    \
    walk_handler walk_##handler;
#include "install/directives.def"
#undef D

walk_handler walk_copy_single; /* the @file form of CopyFiles */
walk_handler walk_misplaced;   /* a command in place of a section's name */

/* --- walk.c: reading lines and wording actions --- */

/* Field, from 1, after substitution; empty where there is none. */
struct slice walk_field(struct walk *walk, const struct inf_line *line,
                        uint32_t number);

/* Key after substitution; empty where there is none. */
struct slice walk_key(struct walk *walk, const struct inf_line *line);

/* What names are looked for in, as the launcher at work sees it. */
static inline struct name_finder walk_finder(const struct walk *walk)
{
    return (struct name_finder){walk->document, &walk->tails, walk->arena};
}

/* The directive that a line's key spells, or N_DIRECTIVES. key: walk_key of it.
 * A NUL at either end of a key is a blank that stays, and no directive, for
 * Wine; what it is for Windows is not known, so it is the directive here. */
enum directive_id walk_directive_of(const struct walk *walk,
                                    const struct inf_line *line,
                                    struct str key);

/* The same where the key is not wanted: put together only where it must be. */
enum directive_id walk_directive(struct walk *walk,
                                 const struct inf_line *line);

static inline uint32_t walk_n_fields(const struct walk *walk,
                                     const struct inf_line *line)
{
    return inf_line_n_fields(walk->document, line);
}

static inline struct slice walk_place(const struct walk *walk,
                                      const struct inf_line *line)
{
    return inf_line_place(walk->document, line);
}

/* Fields from `first` (from 0) on, joined by commas: inf_line_text. */
struct slice walk_line_text(struct walk *walk, const struct inf_line *line,
                            uint32_t first);

/* The line of a section with that key, or NULL; the first one. */
const struct inf_line *walk_find_key(struct walk *walk,
                                     const struct inf_section *section,
                                     struct str key);

/* First field of the line with that key. */
struct slice walk_find_value(struct walk *walk,
                             const struct inf_section *section, struct str key);

/* Integer field as SetupGetIntField takes it; empty is 0. */
bool walk_int(struct slice field, int64_t *out);

/* Accounts for so many lines read. false: so much was read that only hostile
 * repetition explains it; the limit `actions` is marked as hit. */
bool walk_spend(struct walk *walk, uint64_t lines);

/* Note odd input, of each kind once for each line. */
void walk_note(struct walk *walk, const struct inf_line *line,
               enum diag_code code, struct slice what);

/**
 * walk_action - a new action for a site's line
 *
 * NULL, and nothing is added, past the limit or without memory. Valid until
 * the next call.
 */
struct action *walk_action(struct walk *walk, const struct site *site,
                           enum infscan_action_kind kind);

/* Work on an action is done: sets text to subject where it is empty, and peels
 * its command. */
void walk_finish(struct walk *walk, struct action *action);

/* Peels a command, within what the file's other commands left of the limits. */
void walk_peel(struct walk *walk, struct slice command, struct peeled *out);

/* Words a text around slices of the file. */
struct wording {
    struct text_builder builder;
    struct slice near; /* empty, where made-up words are traced to */
};

void wording_begin(struct wording *wording, struct walk *walk,
                   struct slice place);
void wording_say(struct wording *wording, const char *words);
void wording_add(struct wording *wording, struct slice part);
void wording_directory(struct wording *wording, const struct walk *walk,
                       int64_t dirid, struct slice reference);
/* A part of a path, with one backslash before it where one is needed. */
void wording_path(struct wording *wording, struct slice part);
/* A command line, or "LIBRARY,FUNCTION", with its program in the plain
 * spelling. */
void wording_command(struct wording *wording, struct walk *walk,
                     struct slice command);
/* The text; `place` where memory ran out or it became too large. */
struct slice wording_end(struct wording *wording, struct walk *walk,
                         struct slice place);
/* The same, as a normalised path. */
struct slice wording_end_path(struct wording *wording, struct walk *walk,
                              struct slice place);

/* The plain spelling of a path: path_normalise. */
struct slice walk_path(struct walk *walk, struct slice path);

/* A word of our own as a slice: made once, from nowhere. `word` is static. */
struct slice walk_word(struct walk *walk, const char *word);

/* dirid\subdir\file */
struct slice walk_join(struct walk *walk, int64_t dirid, struct slice reference,
                       struct slice subdir, struct slice file,
                       struct slice place);

/* Index in walk.bases of a key below HKLM. */
uint32_t walk_base(struct walk *walk, struct str before, struct slice name);

/* --- flag.c --- */

/* Words for the flags of a line, joined by commas: flags.def. Empty where no
 * flag has one. written: the field. */
struct slice walk_flags(struct walk *walk, enum flag_group group, int64_t flags,
                        struct slice written);

/* --- handle_registry.c --- */

/* A value below HKLM that a directive of its own stands for: HKLM\key -> name
 * = data. A number becomes a REG_DWORD, all else a REG_SZ. */
void walk_write_setting(struct walk *walk, const struct site *site,
                        struct slice key, struct slice name, struct slice data);

/* --- handle_command.c --- */

/* A DLL is loaded: PATH | ENTRY | ARGUMENTS; all but path may be empty. */
void walk_load(struct walk *walk, const struct site *site, struct slice path,
               struct slice entry, struct slice arguments);

/* --- destination.c --- */

/* What directives there are, and the LDIDs that any CustomDestination section
 * defines. */
void walk_read_directories(struct walk *walk);

/* From here on directory numbers are those of a scope. */
void walk_use_scope(struct walk *walk, uint32_t scope);

/* The scope of an install section: what its CustomDestination defines. */
uint32_t walk_scope_of(struct walk *walk, uint32_t section);

/* Fills the maps of where files go and come from, for the first line that asks:
 * most files have none, and layouts name thousands. */
void walk_read_lists(struct walk *walk);

/* --- handle_file.c --- */

/* Where the files of every [SourceDisksFiles] come from. */
const struct slice *walk_list_sources(struct walk *walk, uint32_t *n);

/* --- chain.c --- */

/**
 * walk_section - follow the directives of one section
 *
 * classes: of directives that count
 *
 * A section is entered once in each walk.
 */
void walk_section(struct walk *walk, uint32_t section, const struct way *way,
                  uint32_t base, unsigned classes);

/* What is walked through from here on is carried out after all before it. */
void walk_group(struct walk *walk);

/* Whether a directive counts in any section that somebody names. */
bool walk_is_open(enum directive_id id);

/* As walk_section for a section that is entered anew each time: a service's. */
void walk_again(struct walk *walk, uint32_t section, const struct way *way,
                uint32_t base, unsigned classes);

/* The section that a site's field names, marked as referred to; NULL and a
 * diagnostic where it does not exist. */
const struct inf_section *
walk_reference(struct walk *walk, const struct site *site, struct slice name);

/* Uses a handler on a site, or what it came to before in the same place. A
 * site without a line stands for every line of its section where the directive
 * reads line by line. */
void walk_leaf(struct walk *walk, const struct site *site,
               walk_handler *handler);

/* A section as the list of a directive that nobody wrote down. */
void walk_orphan(struct walk *walk, uint32_t section,
                 enum directive_id directive);

/* One step more: to a line of `section`. */
struct way walk_step(const struct walk *walk, const struct way *up,
                     const struct inf_section *section, struct slice key,
                     const struct inf_line *line);

#endif
