/* SPDX-License-Identifier: MIT */
#ifndef INF_PROFILE_H
#define INF_PROFILE_H

#include "inf/document.h"

/**
 * profile_parse - read a file as the private-profile functions do
 *
 * arena:   receives the document
 * source:  must live as long
 * limits:  sections, lines
 * diags:   odd input is noted here; may be NULL
 * out:     written only on success; its sections are not merged
 *          (inf_document_find gives the first of a name), names are trimmed,
 *          every line has a key and at most one field, quotes around a whole
 *          value are taken off; `refusal` is INF_ACCEPTED
 *
 * Explorer reads autorun.inf this way, Connection Manager .cms and .cmp: lines
 * end at CR or LF, control characters are blanks, there are no inline comments,
 * no continuation and no substitution. [autorun without its ] is taken for a
 * header, since worms that write it so are run. Status: NO_MEMORY. Source:
 * Microsoft, GetPrivateProfileString; Wine, kernel32/profile.c.
 */
enum infscan_status profile_parse(struct arena *arena,
                                  const struct source *source,
                                  const struct limits *limits,
                                  struct diag_list *diags,
                                  struct inf_document *out);

/* Whether a text has something like an [autorun] header: a cheap test. */
bool profile_mentions_autorun(struct str text);

#endif
