/* SPDX-License-Identifier: MIT */
/* Lines of security templates. */
#include "install/registry.h"
#include "install/roles_reader.h"

#define NAME(literal)                                                          \
    {                                                                          \
        literal, sizeof(literal) - 1                                           \
    }

/* The root of a security template's path and what follows it. */
static enum registry_root template_root(struct slice path, struct slice *rest)
{
    static const struct {
        struct str name;
        enum registry_root root;
    } names[] = {{NAME("MACHINE\\"), REGISTRY_HKLM},
                 {NAME("USERS\\"), REGISTRY_HKU},
                 {NAME("CLASSES_ROOT\\"), REGISTRY_HKCR}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_starts_fold(slice_str(path), names[i].name)) {
            *rest = slice_sub(path, names[i].name.len, path.len);
            return names[i].root;
        }
    }
    return REGISTRY_NO_ROOT;
}

void role_registry(struct reader *reader, const struct role *role,
                   const struct inf_section *section,
                   const struct inf_line *line)
{
    static const struct registry_base no_base;
    struct slice path = slice_trim(
        inf_expand(&reader->expander, inf_line_key(reader->document, line)));
    struct slice rest = SLICE_NONE;
    enum registry_root root = template_root(path, &rest);
    struct str text = slice_str(rest);
    size_t cut = text.len;

    while (cut > 0 && text.bytes[cut - 1] != '\\') {
        cut--;
    }
    if (root == REGISTRY_NO_ROOT || cut == 0) {
        return;
    }
    struct slice key = slice_sub(rest, 0, cut - 1);
    struct slice name = slice_sub(rest, cut, rest.len);
    struct slice data = role_value(reader, line, 1);
    struct text_builder builder;
    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, SIZE_MAX);
    registry_build_key(&builder, root, &no_base, key,
                       inf_line_place(reader->document, line));
    size_t key_len = builder.len;
    text_build_fold(&builder, STR(" -> "), slice_sub(name, 0, 0), 0, 0);
    text_build_copy(&builder, name);
    text_build_fold(&builder, STR(" = "), slice_sub(name, name.len, 0), 0, 0);
    text_build_copy(&builder, data);
    const struct text *subject = text_build_finish(&builder);
    if (!subject) {
        reader->failed = true;
        return;
    }
    /* To set policies is what a template is for; a value that starts programs
     * is no policy. */
    bool starts_programs = registry_is_command(
        str_sub(subject->bytes, 0, key_len), slice_str(name));
    struct action *action = role_action(reader, role, section, line,
                                        starts_programs ? INFSCAN_WRITE_REGISTRY
                                                        : INFSCAN_SET_SECURITY);
    if (!action) {
        return;
    }
    if (starts_programs) {
        role_command(reader, action, data);
    }
    action_add(action, "key", key);
    action_add(action, "value", name);
    action_add(action, "data", data);
    action_add(action, "normalized", slice_sub(slice_all(subject), 0, key_len));
    role_finish(reader, action, subject);
}

/* "SeDebugPrivilege = *S-1-1-0": what is granted, and to whom. */
void role_right(struct reader *reader, const struct role *role,
                const struct inf_section *section, const struct inf_line *line)
{
    struct slice value = role_value(reader, line, 0);
    struct action *action =
        role_action(reader, role, section, line, INFSCAN_SET_SECURITY);
    struct text_builder builder;

    if (!action) {
        return;
    }
    text_build_init(&builder, reader->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_copy(&builder, section->name);
    struct slice start = slice_sub(action->place, 0, 0);
    text_build_fold(&builder, STR(": "), start, 0, 0);
    if (inf_line_has_key(reader->document, line) == INF_KEY_WRITTEN) {
        text_build_copy(&builder,
                        slice_trim(inf_line_key(reader->document, line)));
        text_build_fold(&builder, STR(" = "), start, 0, 0);
    }
    text_build_copy(&builder, value);
    role_finish(reader, action, text_build_finish(&builder));
}
