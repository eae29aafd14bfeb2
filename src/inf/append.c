/* SPDX-License-Identifier: MIT */
#include "inf/append.h"

/* Keeps room for INF_NONE. */
#define MAX_LINES ((uint64_t)UINT32_MAX - 1)

static bool is_own(struct str name)
{
    return str_equal_fold(name, STR("Version")) ||
           str_equal_fold(name, STR("Strings")) ||
           str_starts_fold(name, STR("Strings."));
}

/* Room for all, and the first document in it. */
static bool start(struct arena *arena, const struct inf_document *first,
                  const struct inf_document *const *others, uint32_t n_others,
                  struct inf_document *out)
{
    uint64_t lines = first->n_lines;
    uint64_t sections = first->n_sections;

    for (uint32_t i = 0; i < n_others; i++) {
        lines += others[i]->n_lines;
        sections += others[i]->n_sections;
    }
    *out = *first;
    out->names = (struct map){0};
    if (lines > MAX_LINES || sections > MAX_LINES) {
        return false;
    }
    out->sections = ARENA_ARRAY(arena, struct inf_section, (size_t)sections);
    out->lines = ARENA_ARRAY(arena, struct inf_line, (size_t)lines);
    if (!out->sections || !out->lines) {
        return false;
    }
    for (uint32_t i = 0; i < first->n_sections; i++) {
        out->sections[i] = first->sections[i];
        if (map_put(&out->names, arena, slice_str(first->sections[i].name),
                    i) == MAP_NONE) {
            return false;
        }
    }
    for (uint32_t i = 0; i < first->n_lines; i++) {
        out->lines[i] = first->lines[i];
    }
    return true;
}

/* Index of the section of that name, new where there is none. */
static uint32_t section_for(struct arena *arena, struct inf_document *out,
                            const struct inf_section *section)
{
    const struct inf_section *there =
        inf_document_find(out, slice_str(section->name));

    if (there) {
        return (uint32_t)(there - out->sections);
    }
    uint32_t index =
        map_put(&out->names, arena, slice_str(section->name), out->n_sections);
    if (index == out->n_sections) {
        out->sections[index] = (struct inf_section){
            section->name, section->header, INF_NONE, INF_NONE, 0};
        out->n_sections++;
    }
    return index;
}

static void add_line(struct inf_document *out, uint32_t index,
                     const struct inf_line *line)
{
    struct inf_section *section = &out->sections[index];
    uint32_t at = out->n_lines++;

    out->lines[at] = *line;
    out->lines[at].next = INF_NONE;
    out->lines[at].section = index;
    if (section->first == INF_NONE) {
        section->first = at;
    } else {
        out->lines[section->last].next = at;
    }
    section->last = at;
    section->n_lines++;
}

static bool add(struct arena *arena, struct inf_document *out,
                const struct inf_document *other)
{
    for (uint32_t i = 0; i < other->n_sections; i++) {
        const struct inf_section *section = &other->sections[i];
        if (is_own(slice_str(section->name))) {
            continue;
        }
        uint32_t index = section_for(arena, out, section);
        if (index == MAP_NONE) {
            return false;
        }
        for (uint32_t k = section->first; k != INF_NONE;
             k = other->lines[k].next) {
            add_line(out, index, &other->lines[k]);
        }
    }
    return true;
}

bool inf_append(struct arena *arena, const struct inf_document *first,
                const struct inf_document *const *others, uint32_t n_others,
                struct inf_document *out)
{
    if (!start(arena, first, others, n_others, out)) {
        return false;
    }
    for (uint32_t i = 0; i < n_others; i++) {
        if (!add(arena, out, others[i])) {
            return false;
        }
    }
    return true;
}
