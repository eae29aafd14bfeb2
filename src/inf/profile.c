/* SPDX-License-Identifier: MIT */
#include "inf/profile.h"

struct profile {
    struct inf_builder builder;
    struct diag_list *diags;
    struct inf_document *document;
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
static enum inf_form form_of(struct str value)
{
    bool is_quoted = value.len >= 2 &&
                     (value.bytes[0] == '"' || value.bytes[0] == '\'') &&
                     value.bytes[value.len - 1] == value.bytes[0];

    return is_quoted ? INF_QUOTED : INF_PLAIN;
}

static void add_section(struct profile *profile, struct slice name)
{
    struct inf_document *document = profile->document;
    struct inf_builder *builder = &profile->builder;
    uint32_t fresh = builder->sections.n;

    if (fresh >= builder->limits->value[LIMIT_sections]) {
        limit_hit(&document->limits, LIMIT_sections);
        return;
    }
    uint32_t index =
        map_put(&document->names, builder->arena, slice_str(name), fresh);
    if (index == MAP_NONE) {
        builder->failed = true;
        return;
    }
    inf_build_section(builder, name);
    if (index != fresh && str_starts_fold(slice_str(name), STR("autorun"))) {
        diag_add(profile->diags, DIAG_DUPLICATE_AUTORUN, name);
    }
}

static struct inf_token token_of(struct slice text, enum inf_form form)
{
    return (struct inf_token){
        .off = text.off, .len = text.len & INF_MAX_TEXT, .form = form & 3u};
}

/* Keys before the first section are invisible: those lines are dropped. */
static void add_line(struct profile *profile, struct slice text)
{
    size_t equals = str_find_char(slice_str(text), '=', 0);
    struct inf_token key =
        token_of(trim(slice_sub(text, 0, equals)), INF_PLAIN);

    key.is_key = 1;
    inf_build_token(&profile->builder, key);
    if (equals != STR_NONE) {
        struct slice value = trim(slice_sub(text, equals + 1, text.len));
        inf_build_token(&profile->builder,
                        token_of(value, form_of(slice_str(value))));
    }
    inf_build_line(&profile->builder);
}

static void take_line(struct profile *profile, struct slice line)
{
    struct slice text = trim(line);
    struct str bytes = slice_str(text);

    if (!bytes.bytes || bytes.len == 0) {
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
    struct profile profile = {.builder = {.arena = arena,
                                          .limits = limits,
                                          .document = &document,
                                          .section = INF_NONE},
                              .diags = diags,
                              .document = &document};
    struct str in = source->text->bytes;

    if (in.len > INF_MAX_TEXT) {
        in.len = INF_MAX_TEXT;
        limit_hit(&document.limits, LIMIT_file_bytes);
    }
    for (size_t at = 0; at < in.len && !profile.builder.failed;) {
        size_t end = at;
        while (end < in.len && in.bytes[end] != '\n' && in.bytes[end] != '\r') {
            end++;
        }
        take_line(&profile, (struct slice){source->text, (uint32_t)at,
                                           (uint32_t)(end - at)});
        at = end + 1;
    }
    if (!inf_build_finish(&profile.builder)) {
        return INFSCAN_NO_MEMORY;
    }
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
