/* SPDX-License-Identifier: MIT */
#include "inf/strings.h"

#include "base/utf8.h"

/* Suffix of a strings section: "" for [Strings], "0409" for [Strings.0409];
 * bytes NULL for any other section. */
static struct str language_of(struct str name)
{
    if (!str_starts_fold(name, STR("Strings"))) {
        return str_of(NULL, 0);
    }
    struct str suffix = str_sub(name, 7, name.len);
    if (suffix.len == 0) {
        return str_of("", 0);
    }
    if (suffix.len != 5 || suffix.bytes[0] != '.') {
        return str_of(NULL, 0);
    }
    for (size_t i = 1; i < 5; i++) {
        if (ascii_hex_value(suffix.bytes[i]) < 0) {
            return str_of(NULL, 0);
        }
    }
    return str_sub(suffix, 1, 4);
}

/* The first definition of a name wins. */
static bool fill(struct inf_strings *strings, struct arena *arena,
                 const struct inf_document *document,
                 const struct inf_section *section)
{
    for (uint32_t i = section->first; i != INF_NONE;
         i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_has_key(document, line) == INF_KEY_NONE) {
            continue;
        }
        struct str key = inf_line_key_bytes(arena, document, line);
        if (!key.bytes || map_put(&strings->keys, arena, key, i) == MAP_NONE) {
            return false;
        }
    }
    return true;
}

enum infscan_status inf_strings_list(struct arena *arena,
                                     const struct inf_document *document,
                                     const struct inf_strings **out,
                                     uint32_t *n_out)
{
    VEC(struct inf_strings) list = {0};

    if (!VEC_PUSH(arena, &list, (struct inf_strings){document, STR(""), {0}})) {
        return INFSCAN_NO_MEMORY;
    }
    for (uint32_t i = 0; i < document->n_sections; i++) {
        const struct inf_section *section = &document->sections[i];
        struct str language = language_of(slice_str(section->name));
        uint32_t index = 0;
        if (!language.bytes) {
            continue;
        }
        if (language.len) {
            index = list.n;
            if (!VEC_PUSH(arena, &list,
                          (struct inf_strings){document, language, {0}})) {
                return INFSCAN_NO_MEMORY;
            }
        }
        if (!fill(&list.items[index], arena, document, section)) {
            return INFSCAN_NO_MEMORY;
        }
    }
    *out = list.items;
    *n_out = list.n;
    return INFSCAN_OK;
}

/* Value of a [Strings] name: its first field. */
static bool find_string(const struct inf_expander *expander,
                        const struct inf_strings *strings, struct str name,
                        struct slice *value)
{
    uint32_t index = map_get(&strings->keys, name);

    if (index == MAP_NONE) {
        return false;
    }
    *value = inf_line_field_in(expander->arena, strings->document,
                               &strings->document->lines[index], 0);
    return true;
}

/* Decimal, as wcstol reads it: white space, zeros and a sign before the number
 * are fine, a blank behind it or "0x" is not; past 32 bits it stays at their
 * end. */
static bool parse_dirid(struct str name, int64_t *dirid)
{
    int64_t value = 0;
    uint32_t code;
    bool negative = false;

    for (size_t n = utf8_decode(name, &code); n && utf8_is_space(code);
         n = utf8_decode(name, &code)) {
        name = str_sub(name, n, name.len);
    }
    if (name.len && (name.bytes[0] == '-' || name.bytes[0] == '+')) {
        negative = name.bytes[0] == '-';
        name = str_sub(name, 1, name.len);
    }
    for (size_t i = 0; i < name.len; i++) {
        if (!ascii_is_digit(name.bytes[i])) {
            return false;
        }
        value = value * 10 + (name.bytes[i] - '0');
        value = value > INT32_MAX ? INT32_MAX : value;
    }
    *dirid = negative ? -value : value;
    return name.len > 0;
}

/* The strings of the file that a value stands in. */
static const struct inf_strings *strings_of(const struct inf_expander *expander,
                                            struct slice value)
{
    const struct text *file = expander->n_others ? text_file(value.text) : NULL;

    for (uint32_t i = 0; i < expander->n_others; i++) {
        if (expander->others[i]->document->source->text == file) {
            return expander->others[i];
        }
    }
    return expander->strings;
}

/* Adds what a reference stands for. false: nothing defines it, which is noted.
 */
static bool substitute(struct inf_expander *expander,
                       struct text_builder *builder, struct slice reference,
                       char next)
{
    struct str text = slice_str(reference);
    struct str name = str_sub(text, 1, text.len - 2);
    struct slice value;
    int64_t dirid;

    if (find_string(expander, strings_of(expander, reference), name, &value)) {
        if (parse_dirid(name, &dirid)) {
            diag_add(expander->diags, DIAG_DIRID_REDEFINED, reference);
        }
        text_build_via(builder, value, reference);
        return true;
    }
    struct str path = str_of(NULL, 0);
    if (expander->directory && parse_dirid(name, &dirid)) {
        path = expander->directory(expander->context, dirid);
    }
    if (!path.bytes) {
        diag_add(expander->diags, DIAG_STRING_UNDEFINED, reference);
        return false;
    }
    if (next == '\\' && path.len && path.bytes[path.len - 1] == '\\') {
        path.len--; /* one of two backslashes goes, for directories only */
    }
    text_build_stand_in(builder, path, reference);
    return true;
}

struct slice inf_expand_percent(struct inf_expander *expander,
                                struct slice value)
{
    struct str in = slice_str(value);
    size_t at = str_find_char(in, '%', 0);
    size_t done = 0;
    bool changed = false;
    struct text_builder builder;

    text_build_init(&builder, expander->arena, TEXT_TOKEN, expander->max_bytes);
    while (at != STR_NONE) {
        size_t end = str_find_char(in, '%', at + 1);
        if (end == STR_NONE) { /* an unpaired % stays */
            break;
        }
        text_build_copy(&builder, slice_sub(value, done, at - done));
        struct slice reference = slice_sub(value, at, end + 1 - at);
        char next = end + 1 < in.len ? in.bytes[end + 1] : '\0';
        if (end == at + 1) {
            text_build_fold(&builder, STR("%"), reference, 0, 0);
            changed = true;
        } else if (substitute(expander, &builder, reference, next)) {
            changed = true;
        } else {
            text_build_copy(&builder, reference);
        }
        done = end + 1;
        at = str_find_char(in, '%', done);
    }
    if (!changed) {
        return value;
    }
    text_build_copy(&builder, slice_sub(value, done, in.len));
    const struct text *text = text_build_finish(&builder);
    if (!text) {
        if (builder.too_large) {
            limit_hit(&expander->limits, LIMIT_expansion_bytes);
        }
        return value;
    }
    return slice_all(text);
}

struct slice inf_line_text(struct inf_expander *expander,
                           const struct inf_document *document,
                           const struct inf_line *line, uint32_t first)
{
    uint32_t n_fields = inf_line_n_fields(document, line);
    struct text_builder builder;

    if (first >= n_fields) {
        struct slice place = inf_line_place(document, line);
        return slice_sub(place, place.len, 0);
    }
    struct slice field = inf_line_field(document, line, first);
    if (first + 1 == n_fields) {
        return inf_expand(expander, field);
    }
    text_build_init(&builder, expander->arena, TEXT_JOIN, expander->max_bytes);
    text_build_copy(&builder, inf_expand(expander, field));
    for (uint32_t i = first + 1; i < n_fields; i++) {
        text_build_fold(&builder, STR(","), slice_sub(field, field.len, 0), 0,
                        0);
        field = inf_line_field(document, line, i);
        text_build_copy(&builder, inf_expand(expander, field));
    }
    const struct text *text = text_build_finish(&builder);
    if (!text) {
        if (builder.too_large) {
            limit_hit(&expander->limits, LIMIT_expansion_bytes);
        }
        return inf_line_field(document, line, first);
    }
    return slice_all(text);
}
