/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_ACTION_H
#define INSTALL_ACTION_H

#include <infscan/result.h>

#include "base/vec.h"
#include "command/layer.h"
#include "text/text.h"

/* One step of the way to an action. */
struct chain_link {
    struct slice section;
    struct slice directive; /* key, after substitution; empty in the last */
    struct slice place;     /* the line */
};

struct action_member {
    const char *name; /* static; names of infscan-json(5) */
    struct slice value;
    bool is_number;
    uint64_t number;
};

/* Which parties get to an action. */
enum reach {
    REACH_LAUNCHER, /* some launcher, without being told a section */
    REACH_NAMED,    /* only by naming a section */
    REACH_REMOVAL,  /* only by an uninstallation */
    REACH_NONE      /* nothing refers to it */
};

#define ACTION_MAX_MEMBERS 12

/* What would happen. */
struct action {
    enum infscan_action_kind kind;
    struct slice text; /* the command; for other kinds one line that says it */
    struct slice subject; /* the line that rules look at, see below */
    struct slice command; /* a command line that this runs now or leaves
                           * behind (service, Run value, shortcut); or empty */
    const struct slice *alternatives; /* other plausible readings */
    uint32_t n_alternatives;
    struct slice place;
    const struct chain_link *chain;
    uint32_t n_chain;
    struct action_member *members; /* room for ACTION_MAX_MEMBERS while it is
                                    * made; NULL: it takes none */
    uint32_t n_members;
    enum reach reach;
    unsigned directive;   /* enum directive_id; UINT32_MAX: of none */
    struct peeled peeled; /* of `command`; behind its layers stand those of
                           * the alternatives */
};

/* The subject by kind; parts that are missing are left empty:
 *
 * run-command         the command itself
 * load-dll            PATH | ENTRY | ARGUMENT, ENTRY one of DllRegisterServer,
 *                     DllUnregisterServer, DllInstall (all that are called,
 *                     joined by +)
 * write-registry      KEY -> VALUE = DATA, key in its one spelling
 *                     (HKLM\Software\...; HKCR for HKLM\Software\Classes;
 *                     the default value is "(default)"; see registry.h)
 *                     "KEY -> " alone where only the key is made; numbers are
 *                     in decimal, bytes as 1f,00
 * delete-registry     KEY -> VALUE; "KEY -> " where the whole key goes
 * copy-file,
 * rename-file         SOURCE -> DESTINATION
 * delete-file         PATH
 * install-service     NAME | BINARY | type=N | start=N
 * delete-service      NAME
 * create-shortcut     FOLDER\NAME -> TARGET
 * write-ini           FILE | SECTION | ENTRY
 * include-inf         NAME
 * install-software    the command; for an app of the store NAME | ID
 * add-filter          AddFilter SERVICE | POSITION
 * set-security        SECTION | SDDL
 * other               what the directive says
 */

/* The member of that name, or SLICE_NONE. */
struct slice action_member_value(const struct action *action, const char *name);

/* Members of one action after the other, close together. Start with {0}. */
struct action_room {
    struct action_member *next;
    uint32_t left;
};

/**
 * action_take_room - give a new action room for its members
 *
 * last:    the action that got room before, whose members are complete; or NULL
 *
 * false when the arena failed.
 */
bool action_take_room(struct arena *arena, struct action_room *room,
                      const struct action *last, struct action *action);

/* Add a member; ignored where there is no room or value is empty. */
void action_add(struct action *action, const char *name, struct slice value);
void action_add_number(struct action *action, const char *name,
                       struct slice value, uint64_t number);

/* What the commands of one file may still cost. Start with {0}. */
struct peel_budget {
    uint32_t n; /* commands peeled so far */
    limit_set hit;
};

/**
 * action_peel - peel a command, within what the commands before it left
 *
 * The more commands a file has, the less may each of them cost, so that
 * nobody hides one behind thousands of dear ones. Past half the file's memory
 * none is peeled, and budget->hit says so. false when memory ran out.
 */
bool action_peel(struct arena *arena, struct slice command,
                 const struct limits *limits, struct peel_budget *budget,
                 struct peeled *out);

#endif
