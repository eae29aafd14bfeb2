/* SPDX-License-Identifier: MIT */
#include "inf/profile.h"

struct profile {
    struct arena *arena;
    const struct limits *limits;
    struct diag_list *diags;
    struct inf_document *document;
    VEC(struct inf_section) sections;
    VEC(struct inf_line) lines;
    bool failed;
};

/* The functions' own white space: every control character, Ctrl-Z and NUL
 * among them. Worms pad the lines that count with them. */
static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

static struct slice trim(struct slice s)
{
    struct str bytes = slice_str(s);
    size_t from = 0;
    size_t to = bytes.len;

    while (from < to && is_blank(bytes.bytes[from])) {
        from++;
    }
    while (to > from && is_blank(bytes.bytes[to - 1])) {
        to--;
    }
    return slice_sub(s, from, to - from);
}

/* One pair of equal quotes around the whole value goes. */
static struct slice unquote(struct slice s)
{
    struct str bytes = slice_str(s);

    if (bytes.len >= 2 && (bytes.bytes[0] == '"' || bytes.bytes[0] == '\'') &&
        bytes.bytes[bytes.len - 1] == bytes.bytes[0]) {
        return slice_sub(s, 1, bytes.len - 2);
    }
    return s;
}

static void add_section(struct profile *profile, struct slice name)
{
    struct inf_document *document = profile->document;

    if (profile->sections.n >= profile->limits->value[LIMIT_sections]) {
        limit_hit(&document->limits, LIMIT_sections);
        return;
    }
    uint32_t index = map_put(&document->names, profile->arena, slice_str(name),
                             profile->sections.n);
    if (index == MAP_NONE ||
        !VEC_PUSH(profile->arena, &profile->sections,
                  (struct inf_section){name, name, INF_NONE, INF_NONE, 0})) {
        profile->failed = true;
        return;
    }
    if (index + 1 != profile->sections.n &&
        str_starts_fold(slice_str(name), STR("autorun"))) {
        diag_add(profile->diags, DIAG_DUPLICATE_AUTORUN, name);
    }
}

static void add_line(struct profile *profile, struct slice text)
{
    struct inf_document *document = profile->document;
    size_t equals = str_find_char(slice_str(text), '=', 0);

    if (!profile->sections.n) {
        return; /* keys before the first section are invisible */
    }
    if (profile->lines.n >= profile->limits->value[LIMIT_lines]) {
        limit_hit(&document->limits, LIMIT_lines);
        return;
    }
    uint32_t n_fields = equals == STR_NONE ? 0 : 1;
    struct slice *fields = ARENA_ARRAY(profile->arena, struct slice, n_fields);
    struct inf_line line = {
        .place = text,
        .key = trim(slice_sub(text, 0, equals)),
        .fields = fields,
        .n_fields = n_fields,
        .next = INF_NONE,
        .section = profile->sections.n - 1,
        .has_key = INF_KEY_WRITTEN,
    };
    if (fields && n_fields) {
        fields[0] = unquote(trim(slice_sub(text, equals + 1, text.len)));
    }
    uint32_t index = profile->lines.n;
    if (!fields || !VEC_PUSH(profile->arena, &profile->lines, line)) {
        profile->failed = true;
        return;
    }
    struct inf_section *section = &profile->sections.items[line.section];
    if (section->last == INF_NONE) {
        section->first = index;
    } else {
        profile->lines.items[section->last].next = index;
    }
    section->last = index;
    section->n_lines++;
}

static void take_line(struct profile *profile, struct slice line)
{
    struct slice text = trim(line);
    struct str bytes = slice_str(text);

    if (bytes.len == 0) {
        return;
    }
    if (bytes.bytes[0] == '[') { /* up to the last ] of the line */
        size_t close = bytes.len;
        while (close > 0 && bytes.bytes[close - 1] != ']') {
            close--;
        }
        /* Wine takes a header without ] for a key. Worms write one that way
         * and are run, so for [autorun the worse reading counts. */
        bool is_open_autorun =
            close == 0 &&
            str_starts_fold(str_trim(str_sub(bytes, 1, 32)), STR("autorun"));
        if (close > 0 || is_open_autorun) {
            size_t len = close > 0 ? close - 2 : bytes.len - 1;
            add_section(profile, trim(slice_sub(text, 1, len)));
            return;
        }
    }
    if (bytes.bytes[0] != ';') {
        add_line(profile, text);
    }
}

enum infscan_status profile_parse(struct arena *arena,
                                  const struct source *source,
                                  const struct limits *limits,
                                  struct diag_list *diags,
                                  struct inf_document *out)
{
    struct inf_document document = {.source = source, .after_end = SLICE_NONE};
    struct profile profile = {.arena = arena,
                              .limits = limits,
                              .diags = diags,
                              .document = &document};
    struct str in = source->text->bytes;

    for (size_t at = 0; at < in.len && !profile.failed;) {
        size_t end = at;
        while (end < in.len && in.bytes[end] != '\n' && in.bytes[end] != '\r') {
            end++;
        }
        take_line(&profile, (struct slice){source->text, (uint32_t)at,
                                           (uint32_t)(end - at)});
        at = end + 1;
    }
    if (profile.failed) {
        return INFSCAN_NO_MEMORY;
    }
    document.sections = profile.sections.items;
    document.n_sections = profile.sections.n;
    document.lines = profile.lines.items;
    document.n_lines = profile.lines.n;
    *out = document;
    return INFSCAN_OK;
}

bool profile_mentions_autorun(struct str text)
{
    for (size_t at = 0; (at = str_find_char(text, '[', at)) != STR_NONE; at++) {
        size_t name = at + 1;
        while (name < text.len && is_blank(text.bytes[name])) {
            name++;
        }
        if (str_starts_fold(str_sub(text, name, 7), STR("autorun"))) {
            return true;
        }
    }
    return false;
}
