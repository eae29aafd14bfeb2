/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_ROLES_H
#define INSTALL_ROLES_H

#include "install/chain.h"

/**
 * roles_analyse - what readers other than SetupAPI's would do with a file
 *
 * arena:    receives actions and plans
 * document: a reading of the file, by either parser
 * strings:  the strings section of that document
 * options:  the launchers that count
 * limits:   actions, expansion_bytes
 * seen:     by line of the source, which ones an earlier reading has acted on;
 *           those are left out, and the ones of this reading added. NULL where
 *           there is one reading
 * out:      always filled; one plan for each launcher that finds something
 *
 * Windows Setup's answer files, IExpress directives, code-download INFs,
 * Connection Manager's service profiles and security templates, after
 * roles.def. Status: NO_MEMORY. Source: that of each row.
 */
enum infscan_status roles_analyse(struct arena *arena,
                                  const struct inf_document *document,
                                  const struct inf_strings *strings,
                                  const struct install_options *options,
                                  const struct limits *limits, bool *seen,
                                  struct install *out);

#endif
