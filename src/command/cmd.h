/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_CMD_H
#define COMMAND_CMD_H

#include "command/peel.h"

/* One line that cmd.exe works through. */
struct cmd {
    struct peel *peel;
    bool delayed; /* /v:on */
    unsigned depth;
    bool hidden;   /* something obfuscated was resolved in the last expansion */
    bool revealed; /* so was anything since a loop began */
    bool collecting;
    bool is_doubtful;   /* only the host knows whether this is run */
    struct slice lines; /* the text where it is more than one line: labels have
                         * a place in it; else NONE */
    struct str target;  /* label to go on at; empty: none */
    size_t line_at;     /* offset in `lines` that is being run */
    size_t doubt;       /* where one may leave a loop; STR_NONE: nowhere */
    uint64_t changes;   /* peel->changes at the last jump back */
    uint32_t jumps;     /* back */
    VEC(struct slice) executed; /* inside a `for` */
    struct slice piped;         /* what `echo` put into the pipe */
};

/* Commands one after the other; the block with everything put in place. */
struct slice cmd_run_block(struct cmd *cmd, struct slice block);

/**
 * cmd_expand - variables, carets and !variables! of one command
 *
 * Sets cmd->hidden where that undid more than an escape: a part or replacement
 * of a variable, a variable of the line itself, a caret before a letter.
 * The order of the phases is observed behaviour, not documented.
 */
struct slice cmd_expand(struct cmd *cmd, struct slice text);

/* Without carets outside quotes; as cmd_expand otherwise. */
enum cmd_carets {
    CMD_CARETS_KEEP,
    CMD_CARETS_DROP
};
struct slice cmd_expand_percent(struct cmd *cmd, struct slice text,
                                enum cmd_carets carets);

/* Without carets that take no meaning away; everything else stays. */
struct slice cmd_drop_idle_carets(struct cmd *cmd, struct slice text);

/* End of the variable reference at `at`, or `at`: %NAME%, %NAME:~1,2%. */
size_t cmd_reference_end(struct cmd *cmd, struct str s, size_t at, char mark);

/* Runs "for ..." from its first word on, as often as its list says; what came
 * out of it, or the slice itself where the list is not known. */
struct slice cmd_run_for(struct cmd *cmd, struct slice statement);

/* set /a */
void cmd_set_arithmetic(struct cmd *cmd, struct slice text);

enum cmd_truth {
    CMD_FALSE,
    CMD_TRUE,
    CMD_UNKNOWN /* only the host knows */
};

/* The condition behind "if"; *at moves behind it. */
enum cmd_truth cmd_condition(struct cmd *cmd, struct slice text, size_t *at);

/* What stands behind a condition: offsets, the parentheses included. */
struct cmd_branches {
    size_t yes, yes_end;
    size_t no, no_end; /* empty without an "else" */
};
struct cmd_branches cmd_find_branches(struct slice text, size_t at);

/* Where the line of `at` ends. */
size_t cmd_line_end(struct str s, size_t at);

/* Where a statement that takes the rest of its line ends, parentheses that go
 * on over line ends included. */
size_t cmd_statement_end(struct str s, size_t at);

/* Behind the line of a label, or STR_NONE. */
size_t cmd_find_label(struct str s, struct str name);

/* Behind the word "goto", which ends at `at` of a block: sets cmd->target when
 * the jump is made. */
void cmd_goto(struct cmd *cmd, struct slice block, size_t at);

/* Where in cmd->lines to go on for cmd->target, which is done then; `at`, from
 * where the jump is made, where it would lead to nothing new. */
size_t cmd_jump(struct cmd *cmd, size_t at);

/* Blanks and the characters that cmd.exe takes for them. */
static inline bool cmd_is_delimiter(char c)
{
    return ascii_is_space(c) || c == ',' || c == ';' || c == '=';
}

/* End of a run of delimiters; whether others than blanks hide in it. */
size_t cmd_delimiters_end(struct str s, size_t at, bool *odd);

#endif
