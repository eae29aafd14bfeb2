/* SPDX-License-Identifier: MIT */
#include "install/directive.h"

static const struct directive_info rows[] = {
#define D(id, name, class, operand, handler, phase, layout, effect, source)    \
    {                                                                          \
        {name, sizeof(name) - 1},                                              \
        layout,                                                                \
        effect,                                                                \
        source,                                                                \
        DIRECTIVES_##class,                                                    \
        OPERAND_##operand,                                                     \
        PHASE_##phase},
#include "install/directives.def"
#undef D
};

const struct directive_info *directive_info(enum directive_id id)
{
    return &rows[id];
}

/* Tells most keys from a name: its length and its letters at both ends, either
 * case alike. */
#define UNSIGNED(c) (unsigned)(unsigned char)(c)
#define MARK(len, first, last)                                                 \
    (unsigned char)((unsigned)(len)*29u + (UNSIGNED(first) | 0x20u) * 7u +     \
                    (UNSIGNED(last) | 0x20u))

enum directive_id directive_find(struct str key)
{
    static const unsigned char marks[] = {
#define D(id, name, ...)                                                       \
    MARK(sizeof(name) - 1, (name)[0], (name)[sizeof(name) - 2]),
#include "install/directives.def"
#undef D
    };
    const unsigned char *end = marks + sizeof marks;
    const unsigned char *at = marks;

    if (!key.len) {
        return N_DIRECTIVES;
    }
    int mark = MARK(key.len, key.bytes[0], key.bytes[key.len - 1]);
    while ((at = memchr(at, mark, (size_t)(end - at)))) {
        if (str_equal_fold(rows[at - marks].name, key)) {
            return (enum directive_id)(at - marks);
        }
        at++;
    }
    return N_DIRECTIVES;
}

const char *directive_operand_words(enum directive_operand operand)
{
    switch (operand) {
    case OPERAND_LINES:
        return "names sections, of which each line counts by itself";
    case OPERAND_COMMANDS:
        return "names sections, perhaps with :n behind the name, of which each "
               "line counts by itself";
    case OPERAND_FILES:
        return "names sections, of which each line counts by itself; or @file "
               "for a single file";
    case OPERAND_BLOCK:
        return "names sections, each of which counts as a whole";
    case OPERAND_SELF:
        return "says all itself, or names a section that goes with it";
    case OPERAND_NESTED:
        return "leads to a section with directives of its own";
    case OPERAND_NEEDS:
        return "names further install sections";
    }
    return "";
}

const char *directive_phase_words(enum directive_phase phase)
{
    static const char *const words[N_PHASES] = {
        [PHASE_PROMPT] = "first",
        [PHASE_BEFORE] = "behind the first prompt",
        [PHASE_FILES] = "with the files",
        [PHASE_INIS] = "behind the files",
        [PHASE_DLLS] = "behind the INI files",
        [PHASE_REGISTRY_REMOVED] = "behind the libraries",
        [PHASE_REGISTRY] = "behind what is deleted from the registry",
        [PHASE_SHORTCUTS] = "behind the registry",
        [PHASE_OCXS] = "behind the shortcuts",
        [PHASE_PER_USER] = "behind the libraries of advpack",
        [PHASE_SERVICES] = "behind the section's own directives",
        [PHASE_DEVICE] = "behind the services",
        [PHASE_AFTER] = "behind all that Windows installs",
        [PHASE_CLEAN] = "behind the last commands",
        [PHASE_END] = "last",
    };

    return words[phase];
}
