/* SPDX-License-Identifier: MIT */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

struct output;

/**
 * signals_watch - end the program in good order on SIGINT, SIGTERM and SIGHUP
 *
 * output:  what was printed stays complete lines; must live until the end
 *
 * Call it before any other thread is made. The exit status is then 128 plus
 * the signal. A signal that was ignored stays ignored.
 */
void signals_watch(struct output *output);

#endif
