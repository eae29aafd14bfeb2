/* SPDX-License-Identifier: MIT */
/* Lines that name a library, or another INF. */
#include "install/path.h"
#include "install/roles_reader.h"

/* PATH | ENTRY | : the path in its plain spelling. */
static void load(struct reader *reader, struct action *action,
                 struct slice path, struct slice entry)
{
    struct str normal = path_normalise(reader->arena, slice_str(path));
    struct text_builder builder;

    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_fold(&builder, normal, path, 0, 0);
    size_t path_len = builder.len;
    text_build_fold(&builder, STR(" | "), slice_sub(path, path.len, 0), 0, 0);
    size_t at = builder.len;
    text_build_copy(&builder, entry);
    size_t entry_len = builder.len - at;
    text_build_fold(&builder, STR(" | "), slice_sub(entry, entry.len, 0), 0, 0);
    role_finish(reader, action, text_build_finish(&builder));
    action_add(action, "path", slice_sub(action->subject, 0, path_len));
    action_add(action, "entry", slice_sub(action->subject, at, entry_len));
}

/* A word that stands nowhere in the file. */
static struct slice word_at(struct reader *reader, struct str word,
                            struct slice near)
{
    struct text_builder builder;

    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_fold(&builder, word, near, 0, 0);
    const struct text *text = text_build_finish(&builder);
    reader->failed = reader->failed || !text;
    return text ? slice_all(text) : near;
}

void role_library(struct reader *reader, const struct role *role,
                  const struct inf_section *section,
                  const struct inf_line *line, struct slice value)
{
    struct action *action =
        value.len ? role_action(reader, role, section, line, INFSCAN_LOAD_DLL)
                  : NULL;

    if (action) {
        load(reader, action, value,
             word_at(reader, STR("RasCustomDial"),
                     slice_sub(value, value.len, 0)));
    }
}

/* Part `number`, from 0, of a value whose parts commas divide. */
static struct slice part_of(struct slice value, unsigned number)
{
    struct slice rest = value;

    for (;; number--) {
        size_t comma = str_find_char(slice_str(rest), ',', 0);
        size_t end = comma == STR_NONE ? rest.len : comma;
        if (!number) {
            return slice_trim(slice_sub(rest, 0, end));
        }
        if (comma == STR_NONE) {
            return SLICE_NONE;
        }
        rest = slice_sub(rest, end + 1, rest.len);
    }
}

static void name_inf(struct reader *reader, const struct role *role,
                     const struct inf_section *section,
                     const struct inf_line *line, struct slice name)
{
    struct action *action =
        name.len ? role_action(reader, role, section, line, INFSCAN_INCLUDE_INF)
                 : NULL;

    if (action) {
        action->subject = action->text = name;
        action_add(action, "name", name);
    }
}

void role_component(struct reader *reader, const struct role *role,
                    const struct inf_section *section,
                    const struct inf_line *line)
{
    struct slice value = role_value(reader, line, 0);
    struct slice library = part_of(value, 0);
    struct slice entry = part_of(value, 1);

    /* others have sections of that name: "hook = section", a list of files */
    if (inf_line_has_key(reader->document, line) != INF_KEY_WRITTEN ||
        !entry.len || str_find_char(slice_str(library), '.', 0) == STR_NONE) {
        return;
    }
    struct action *action =
        role_action(reader, role, section, line, INFSCAN_LOAD_DLL);
    if (action) {
        load(reader, action, library, entry);
        name_inf(reader, role, section, line, part_of(value, 2));
    }
}

void role_inf(struct reader *reader, const struct role *role,
              const struct inf_section *section, const struct inf_line *line)
{
    name_inf(reader, role, section, line,
             part_of(role_value(reader, line, 0), 1));
}
