/* SPDX-License-Identifier: MIT */
#include "report/story.h"

#include <inttypes.h>

/* How much is shown without -v. */
#define MAX_LAYER_LINES 12u

unsigned story_max_lines(const struct page *page, unsigned lines)
{
    return page_is_verbose(page) ? PAGE_ALL_LINES : lines;
}

const struct infscan_action *story_action(const struct infscan_result *result,
                                          uint32_t id)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    return id < n ? &actions[id] : NULL;
}

struct infscan_string story_member(const struct infscan_action *action,
                                   const char *name)
{
    for (size_t i = 0; i < action->n_members; i++) {
        if (strcmp(action->members[i].name, name) == 0) {
            return action->members[i].text;
        }
    }
    return string_of_z(NULL);
}

void story_add_section(struct page *page, struct infscan_string section)
{
    page_add(page, "[");
    page_add_hostile(page, section);
    page_add(page, "]");
}

void story_add_line_number(struct page *page, struct infscan_place place)
{
    if (place.line) {
        page_add_format(page, ", line %" PRIu32, place.line);
        if (place.file) {
            page_add(page, " of ");
            page_add_hostile_z(page, place.file);
        }
    }
}

/* What stands on the line that led there, as in autorun.inf. */
static bool is_same_line(const struct infscan_link *link,
                         const struct infscan_link *before)
{
    return link->directive.len == 0 && link->place.line == before->place.line &&
           str_equal(str_of_string(link->section),
                     str_of_string(before->section));
}

void story_chain(struct page *page, const struct infscan_action *action,
                 unsigned indent)
{
    if (action->n_chain == 0) {
        return;
    }
    page_add(page, "via ");
    for (size_t i = 0; i < action->n_chain; i++) {
        const struct infscan_link *link = &action->chain[i];
        if (i && is_same_line(link, link - 1)) {
            continue;
        }
        page_add(page, i ? " > " : "");
        story_add_section(page, link->section);
        if (link->directive.len) {
            page_add(page, " ");
            page_add_hostile(page, link->directive);
        }
        story_add_line_number(page, link->place);
    }
    page_flush(page, indent, indent + 4, PAGE_ALL_LINES);
}

/* One line of a layer, the mark underlined if it lies in it. */
static void layer_line(struct page *page, struct str line, unsigned indent,
                       struct infscan_string mark, bool *marked)
{
    size_t at = mark.len && !*marked ? str_find(line, str_of_string(mark), 0)
                                     : STR_NONE;
    struct infscan_string shown = {line.bytes ? line.bytes : "", line.len};

    if (at != STR_NONE) {
        *marked = true;
        page_excerpt(page, indent, NULL, shown,
                     (struct span){at, at + mark.len});
        return;
    }
    page_add_hostile(page, shown);
    page_flush(page, indent, indent,
               story_max_lines(page, STORY_COMMAND_LINES));
}

static struct str without_cr(struct str line)
{
    while (line.len && line.bytes[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

void story_layer(struct page *page, const struct infscan_layer *layer,
                 size_t number, unsigned indent, struct infscan_string mark)
{
    struct str rest = str_of_string(layer->text);
    struct str line;
    unsigned lines = 0;
    bool marked = false;

    page_add_format(page, "decoded %zu, %s:", number, layer->step);
    page_flush(page, indent, indent + 2, PAGE_ALL_LINES);
    while (str_next(&rest, '\n', &line)) {
        line = without_cr(line);
        if (line.len == 0) {
            continue;
        }
        if (lines++ == MAX_LAYER_LINES && !page_is_verbose(page)) {
            page_add(page, "[more lines, see -v]");
            page_flush(page, indent + 2, indent + 2, PAGE_ALL_LINES);
            break;
        }
        layer_line(page, line, indent + 2, mark, &marked);
    }
    if (layer->gave_up) {
        page_add(page, "not resolved: ");
        page_add_hostile_z(page, layer->gave_up);
        page_flush(page, indent + 2, indent + 4, PAGE_ALL_LINES);
    }
}

static void add_after(struct page *page, const char *before,
                      const struct infscan_action *action, const char *name)
{
    struct infscan_string text = story_member(action, name);

    if (text.len) {
        page_add(page, before);
        page_add_hostile(page, text);
    }
}

/* Source: Microsoft, INF AddService Directive, StartType. */
static const char *start_words(const struct infscan_action *action)
{
    static const char *const words[] = {
        ", started by the boot loader",
        ", started with the kernel",
        ", started with Windows",
        ", started on demand",
        ", disabled",
    };

    for (size_t i = 0; i < action->n_members; i++) {
        const struct infscan_member *member = &action->members[i];
        if (strcmp(member->name, "start") == 0 && member->is_number &&
            member->number < sizeof words / sizeof words[0]) {
            return words[member->number];
        }
    }
    return "";
}

void story_add_action_text(struct page *page,
                           const struct infscan_action *action)
{
    if (action->kind == INFSCAN_LOAD_DLL && story_member(action, "path").len) {
        add_after(page, "", action, "path");
        add_after(page, ", ", action, "entry");
        add_after(page, ", ", action, "arguments");
    } else if (action->kind == INFSCAN_INSTALL_SERVICE &&
               story_member(action, "name").len) {
        add_after(page, "", action, "name");
        add_after(page, " = ", action, "binary");
        page_add(page, start_words(action));
    } else {
        page_add_hostile(page, action->text);
    }
}

void story_action_line(struct page *page, const struct infscan_action *action)
{
    page_add_format(page, "#%" PRIu32 " %s: ", action->id,
                    infscan_action_kind_name(action->kind));
    story_add_action_text(page, action);
    page_flush(page, 4, 7, story_max_lines(page, STORY_COMMAND_LINES));
}

void story_all_actions(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "All actions", "in the order of the file");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_action *action = &actions[i];
        story_action_line(page, action);
        if (!action->reachable) {
            page_add(page, "reached only by naming a section, or not at all");
            page_flush(page, 7, 7, PAGE_ALL_LINES);
        }
        for (size_t k = 0; k < action->n_layers; k++) {
            story_layer(page, &action->layers[k], k + 1, 7, string_of_z(NULL));
        }
        story_chain(page, action, 7);
    }
}

void story_diagnostics(struct page *page, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_diagnostic *diagnostics =
        infscan_result_diagnostics(result, &n);

    if (n == 0) {
        return;
    }
    page_heading(page, "Diagnostics",
                 "what Windows reads otherwise than one may think");
    for (size_t i = 0; i < n; i++) {
        const struct infscan_diagnostic *diagnostic = &diagnostics[i];
        page_add_format(page, "%s  %-8s  ", diagnostic->code,
                        infscan_severity_name(diagnostic->severity));
        page_add_hostile(page, diagnostic->message);
        story_add_line_number(page, diagnostic->place);
        page_flush(page, 2, 21, PAGE_ALL_LINES);
    }
}
