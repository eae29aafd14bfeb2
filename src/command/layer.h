/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_LAYER_H
#define COMMAND_LAYER_H

#include "base/limits.h"
#include "text/text.h"

/* One text that peeling brought out. */
struct layer {
    const char *step; /* static: "cmd.caret", "powershell.encoded-command" */
    struct slice text;
    const char *gave_up; /* static; why a part stays unresolved, or NULL */
};

/* A command and all that was found under it. */
struct peeled {
    const struct layer *layers; /* outermost first */
    uint32_t n_layers;
    struct slice final; /* the whole line with everything obfuscated resolved
                         * in place; the command itself when nothing was */
    limit_set limits;   /* that cut the peeling short */
    uint64_t steps;     /* of peel_steps that it took */
};

/**
 * command_peel - peel one command line to a fixed point
 *
 * arena:    receives layers and their texts
 * command:  what CreateProcess (or a shell) would be given; UTF-8
 * limits:   layers, layer_bytes, peel_steps
 * out:      always filled; with no layers for a plain command
 *
 * Runs every peeler of the table over the command and over each layer that
 * comes out, until none makes progress or a limit is hit. Nothing is executed,
 * and nothing depends on host, network or time. A nested program's command line
 * ("cmd /c X" gives X) is a layer; `final` leaves nested programs as they are.
 * false when memory ran out; `out` then holds what was found so far.
 */
bool command_peel(struct arena *arena, struct slice command,
                  const struct limits *limits, struct peeled *out);

#endif
