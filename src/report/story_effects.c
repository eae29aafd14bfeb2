/* SPDX-License-Identifier: MIT */
#include "report/story.h"

#define MAX_DETAIL_LINES 8u /* the action itself has it all */
#define MAX_BRIEF_LINES 3u  /* without -v */

static void add_after(struct page *page, const char *before,
                      struct infscan_string text)
{
    if (text.len) {
        page_add(page, before);
        page_add_hostile(page, text);
    }
}

static void add_targets(struct page *page, unsigned targets)
{
    static const char *const names[] = {"x86", "amd64", "arm64"};

    if (targets == INFSCAN_TARGET_ALL) {
        return;
    }
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (targets >> i & 1u) {
            page_add_format(page, " %s", names[i]);
        }
    }
}

void story_effect(struct page *page, const struct infscan_effect *effect,
                  unsigned indent)
{
    page_add_format(page, "%s: ", effect->kind);
    page_add_hostile(page, effect->target);
    add_after(page, ", ", effect->name);
    add_after(page, " = ", effect->detail);
    page_flush(page, indent, 6,
               page_is_verbose(page) ? MAX_DETAIL_LINES : MAX_BRIEF_LINES);
}

void story_effect_reach(struct page *page, const struct infscan_effect *effect,
                        unsigned indent)
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
    page_add(page, effect->targets == INFSCAN_TARGET_ALL ? "" : ";");
    add_targets(page, effect->targets);
    page_flush(page, indent, 6, PAGE_ALL_LINES);
}

void story_effects(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_effect *effects = infscan_result_effects(result, &n);

    if (n) {
        page_heading(page, "What would remain", "changes that last");
    }
    for (size_t i = 0; i < n; i++) {
        story_effect(page, &effects[i], 2);
        story_effect_reach(page, &effects[i], 6);
    }
}
