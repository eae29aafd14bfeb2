/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TECHNIQUE_H
#define REPORT_TECHNIQUE_H

#include "report/layout.h"

/**
 * technique_line - one technique of ATT&CK as a line of its own
 *
 *     T1218.003  System Binary Proxy Execution: CMSTP (Stealth)
 *
 * An id that is not in the data stands alone; a retired one says what stands
 * for it now.
 */
void technique_line(struct page *page, const char *id, unsigned indent);

#endif
