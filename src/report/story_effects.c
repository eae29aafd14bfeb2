/* SPDX-License-Identifier: MIT */
#include "report/story.h"

#define MAX_DETAIL_LINES 8u /* the action itself has it all */

static void add_after(struct page *page, const char *before,
                      struct infscan_string text)
{
    if (text.len) {
        page_add(page, before);
        page_add_hostile(page, text);
    }
}

/* "at logon; line 9; cmstp, advpack" */
static void circumstances(struct page *page,
                          const struct infscan_effect *effect)
{
    if (effect->autostart) {
        page_add_format(page, "starts at %s; ", effect->autostart);
    }
    add_after(page, "", effect->flags);
    page_add(page, effect->flags.len ? "; " : "");
    if (effect->place.file) {
        page_add_hostile_z(page, effect->place.file);
        page_add(page, ", ");
    }
    page_add_format(page, "line %u", (unsigned)effect->place.line);
    for (size_t i = 0; effect->launchers[i]; i++) {
        page_add(page, i ? ", " : "; ");
        page_add(page, effect->launchers[i]);
    }
    page_flush(page, 6, 6, PAGE_ALL_LINES);
}

void story_effect(struct page *page, const struct infscan_effect *effect)
{
    page_add_format(page, "%s: ", effect->kind);
    page_add_hostile(page, effect->target);
    add_after(page, ", ", effect->name);
    add_after(page, " = ", effect->detail);
    page_flush(page, 2, 6, MAX_DETAIL_LINES);
}

void story_effects(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_effect *effects = infscan_result_effects(result, &n);

    if (n) {
        page_heading(page, "What would remain");
    }
    for (size_t i = 0; i < n; i++) {
        story_effect(page, &effects[i]);
        circumstances(page, &effects[i]);
    }
}
