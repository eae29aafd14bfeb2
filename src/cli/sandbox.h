/* SPDX-License-Identifier: MIT */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stddef.h>

enum sandbox_mode {
    SANDBOX_AUTO, /* as much as the kernel offers */
    SANDBOX_REQUIRE,
    SANDBOX_OFF
};

/* What holds the process, once it is held. */
enum sandbox_part {
    SANDBOX_LANDLOCK = 1, /* which files may be written */
    SANDBOX_SECCOMP = 2   /* which system calls there are */
};

/* How many folders may be written to: that of -o, by the name given and by the
 * one behind symbolic links, and --extract-dir. */
#define SANDBOX_MAX_FOLDERS 3u

/**
 * sandbox_enter - give up what reading hostile bytes does not need
 *
 * folders: where files may be made, written, renamed and removed; none: no file
 *          anywhere can be opened for writing
 * parts:   on return, what is in force (of enum sandbox_part)
 *
 * From here on the process, and each thread it starts, cannot run a program,
 * make a process, reach a network or change a file elsewhere; it can read what
 * its user can, write to what is open, and load libraries. There is no way
 * back. Call it before threads start: Landlock holds the calling thread and
 * those that come from it.
 *
 * 0; or -1, after a line on stderr, when `mode` is SANDBOX_REQUIRE and a part
 * cannot be had.
 */
int sandbox_enter(enum sandbox_mode mode, const char *const *folders, size_t n,
                  unsigned *parts);

/**
 * sandbox_seal_code - from here on no memory is both written and executed
 *
 * To be called after sandbox_enter, when patterns are compiled to machine code;
 * from then on such code cannot be made, and matching goes without.
 */
void sandbox_seal_code(void);

/* What a sandboxed run would have here, in words: "seccomp, Landlock 4". Static
 * text, or in `buffer`. */
const char *sandbox_describe(char *buffer, size_t size);

#endif
