/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_ROUTE_H
#define INSTALL_ROUTE_H

#include "install/walk.h"

/* One way into a document, and the plan that comes of it. Private to
 * install/. */
struct route {
    enum launcher_id launcher;
    struct slice section;
    unsigned targets;
    enum reach reach;
    const char *invocation; /* "" for the launcher's own */
    struct str asked;       /* what the section is called there; may be empty */
    const struct way *way;  /* NULL: the launcher enters by itself */
};

/* Look at what a launcher sees: included files are there for those that heed
 * Include. */
void route_view(struct walk *walk, enum launcher_id launcher);

/* Start a walk; what was walked through before is forgotten. Looks at
 * what the launcher sees. */
void route_begin(struct walk *walk, enum launcher_id launcher);

/**
 * route_enter - walk through a section and those that go with it
 *
 * HKR below an install section that no device stands behind is nothing; below
 * a device's it depends on the device.
 */
void route_enter(struct walk *walk, enum launcher_id launcher, uint32_t section,
                 const struct way *way);

/* Make a plan of the walk; none where it came to nothing. */
void route_finish(struct walk *walk, const struct route *route);

/* Plan one section. */
void route_one(struct walk *walk, struct route route, uint32_t section);

/* Plan every decorated form of a section that is there. */
void route_forms(struct walk *walk, struct route route, struct str name);

/* --- leftovers.c --- */

/* Sections that registry values have advpack run later, of actions that were
 * not looked at before; reached as the value is. */
void route_deferred(struct walk *walk);

/* Sections that do something only where somebody names them. */
void route_named(struct walk *walk);

/* What nothing leads to: lists by their name, commands in place of one. */
void route_orphans(struct walk *walk);

/* --- devices.c --- */

/* All that device installation would do, one plan for each kind of machine
 * that has its own. */
void route_devices(struct walk *walk);

#endif
