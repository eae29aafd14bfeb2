/* SPDX-License-Identifier: MIT */
#ifndef INF_PARSER_H
#define INF_PARSER_H

#include "inf/document.h"

/**
 * inf_parse - the document that SetupAPI builds from a decoded file
 *
 * arena:   receives the document
 * source:  must live as long
 * limits:  sections, lines
 * diags:   odd input is noted here; may be NULL
 * out:     written only on success
 *
 * Never refuses a file: what Windows would refuse is parsed on, and `refusal`
 * says why and where. Past a limit the rest is not parsed and document.limits
 * says so. Status: NO_MEMORY. Source: Wine, setupapi/parser.c.
 */
enum infscan_status inf_parse(struct arena *arena, const struct source *source,
                              const struct limits *limits,
                              struct diag_list *diags,
                              struct inf_document *out);

#endif
