/* SPDX-License-Identifier: MIT */
#include "report/technique.h"

#include <infscan/attack.h>

#define WHOLE_BYTES 5u /* of T1218.003: T1218 */

static void add_whole(struct page *page, const char *id)
{
    char whole[WHOLE_BYTES + 1] = "";

    if (strlen(id) > WHOLE_BYTES) {
        memcpy(whole, id, WHOLE_BYTES);
    }
    const struct infscan_technique *technique = infscan_attack_find(whole);
    if (technique) {
        page_add(page, technique->name);
        page_add(page, ": ");
    }
}

static void add_tactics(struct page *page,
                        const struct infscan_technique *technique)
{
    const struct infscan_tactic *tactic;
    const char *before = " (";

    for (unsigned i = 0; (tactic = infscan_attack_tactic(i)); i++) {
        if (technique->tactics & 1u << i) {
            page_add(page, before);
            page_add(page, tactic->name);
            before = ", ";
        }
    }
    page_add(page, ")");
}

void technique_line(struct page *page, const char *id, unsigned indent)
{
    const char *now = infscan_attack_moved(id);
    const struct infscan_technique *technique =
        infscan_attack_find(now ? now : id);

    page_add_hostile_z(page, id);
    if (now) {
        page_add(page, ", now ");
        page_add(page, now);
    }
    if (technique) {
        page_add(page, strlen(id) > WHOLE_BYTES ? "  " : "      ");
        add_whole(page, technique->id);
        page_add(page, technique->name);
        add_tactics(page, technique);
    }
    page_flush(page, indent, indent + 11, PAGE_ALL_LINES);
}
