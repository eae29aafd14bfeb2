/* SPDX-License-Identifier: MIT */
#ifndef SCAN_COPIED_H
#define SCAN_COPIED_H

#include <stdbool.h>

struct analysis;

/**
 * copied_analyse - what the INFs that CopyINF brings along would do
 *
 * Each is a driver package of its own: its devices' installation becomes plans
 * of the analysed file, whose command line names the copied one. Those that are
 * not there are companions that are missing. Does nothing where device
 * installation is not among the launchers asked for. false when memory ran out.
 * Source: Microsoft, INF CopyINF Directive.
 */
bool copied_analyse(struct analysis *analysis);

#endif
