/* SPDX-License-Identifier: MIT */
#include "inf/append.h"

static bool is_own(struct str name)
{
    return str_equal_fold(name, STR("Version")) ||
           str_equal_fold(name, STR("Strings")) ||
           str_starts_fold(name, STR("Strings."));
}

/* Makes the section of that name the one that lines go to; new where there is
 * none. */
static void enter(struct inf_builder *builder, struct slice name)
{
    uint32_t fresh = builder->sections.n;
    uint32_t index = map_put(&builder->document->names, builder->arena,
                             slice_str(name), fresh);

    if (index == fresh) {
        inf_build_section(builder, name);
    } else {
        builder->section = index;
        builder->failed = builder->failed || index == MAP_NONE;
    }
}

static void add_line(struct inf_builder *builder,
                     const struct inf_document *other,
                     const struct inf_line *line)
{
    for (uint32_t i = line->first; i < line[1].first; i++) {
        inf_build_token(builder, inf_document_token(other, i));
    }
    inf_build_line(builder);
}

/* All of the first document, in its order and with its numbers. */
static void start(struct inf_builder *builder, const struct inf_document *first)
{
    for (uint32_t i = 0; i < first->n_sections; i++) {
        map_put(&builder->document->names, builder->arena,
                slice_str(first->sections[i].name), i);
        inf_build_section(builder, first->sections[i].name);
    }
    for (uint32_t r = 0; r < first->n_runs && !builder->failed; r++) {
        builder->section = first->runs[r].section;
        uint32_t end =
            r + 1 < first->n_runs ? first->runs[r + 1].first : first->n_lines;
        for (uint32_t i = first->runs[r].first; i < end; i++) {
            add_line(builder, first, &first->lines[i]);
        }
    }
}

static void add(struct inf_builder *builder, const struct inf_document *other)
{
    for (uint32_t i = 0; i < other->n_sections && !builder->failed; i++) {
        const struct inf_section *section = &other->sections[i];
        if (is_own(slice_str(section->name))) {
            continue;
        }
        enter(builder, section->name);
        for (uint32_t k = section->first; k != INF_NONE;
             k = inf_document_next(other, k)) {
            add_line(builder, other, &other->lines[k]);
        }
    }
}

bool inf_append(struct arena *arena, const struct inf_document *first,
                const struct inf_document *const *others, uint32_t n_others,
                struct inf_document *out)
{
    /* Each file kept to its limits; together they are what memory allows. */
    static const struct limits none = {
        .value = {[LIMIT_lines] = INT32_MAX, [LIMIT_fields] = INT32_MAX}};
    struct inf_builder builder = {
        .arena = arena, .limits = &none, .document = out, .section = INF_NONE};
    struct inf_part *parts = ARENA_ARRAY(arena, struct inf_part, n_others);

    *out = *first;
    out->names = (struct map){0};
    if (!parts) {
        return false;
    }
    start(&builder, first);
    for (uint32_t i = 0; i < n_others; i++) {
        parts[i] = (struct inf_part){builder.lines.n, others[i]->source->text};
        add(&builder, others[i]);
    }
    out->parts = parts;
    out->n_parts = n_others;
    return inf_build_finish(&builder);
}
