/* SPDX-License-Identifier: MIT */
#include "scan/copied.h"

#include "install/merge.h"
#include "install/path.h"
#include "scan/scanner.h"

/* "pnputil.exe /add-driver NAME /install" */
static struct str line_for(struct arena *arena, struct str name)
{
    static const struct str form = {"pnputil.exe /add-driver  /install", 33};
    const size_t at = sizeof "pnputil.exe /add-driver " - 1;
    char *bytes = arena_alloc(arena, form.len + name.len, 1);

    if (!bytes) {
        return str_of(NULL, 0);
    }
    memcpy(bytes, form.bytes, at);
    memcpy(bytes + at, name.bytes, name.len);
    memcpy(bytes + at + name.len, form.bytes + at, form.len - at);
    return str_of(bytes, form.len + name.len);
}

/* Where the copied file would lie if the analysed one lay in its folder. */
static struct str folder_for(struct analysis *analysis,
                             const struct included_file *file)
{
    struct str folder = companion_folder(file);
    struct path_context paths;

    if (!path_context_init(&paths, analysis->arena,
                           str_from(analysis->scanner->inf_dir))) {
        return str_of(NULL, 0);
    }
    char *bytes =
        arena_alloc(analysis->arena, paths.inf_dir.len + folder.len, 1);
    if (!bytes) {
        return str_of(NULL, 0);
    }
    memcpy(bytes, paths.inf_dir.bytes, paths.inf_dir.len);
    if (folder.len) {
        memcpy(bytes + paths.inf_dir.len, folder.bytes, folder.len);
    }
    return str_of(bytes, paths.inf_dir.len + folder.len);
}

/* One file, read for the language of one of its strings sections. */
static bool analyse_for(struct analysis *analysis,
                        const struct included_file *file,
                        const struct included *included, uint32_t language)
{
    const struct infscan_scanner *scanner = analysis->scanner;
    struct launcher_choice choice = {.launcher = LAUNCHER_PNP,
                                     .section = STR(""),
                                     .line =
                                         line_for(analysis->arena, file->name)};
    struct install_options options = {.inf_dir = folder_for(analysis, file),
                                      .choices = &choice,
                                      .n_choices = 1,
                                      .included = included};
    struct install install = {.shape = SLICE_NONE};

    if (!choice.line.bytes || !options.inf_dir.bytes ||
        install_analyse(analysis->arena, &file->reading->document,
                        &file->strings[language], &options, &scanner->limits,
                        NULL, &install) != INFSCAN_OK) {
        return false;
    }
    install.shape = SLICE_NONE; /* says nothing of the analysed file */
    analysis->limits |= install.limits;
    return install_merge(analysis->arena, &analysis->install, &install,
                         file->strings[language].language);
}

static bool analyse_file(struct analysis *analysis,
                         const struct included_file *file)
{
    uint64_t most = analysis->scanner->limits.value[LIMIT_languages] + 1;
    uint32_t n = analysis->included.n;
    const struct inf_strings **others =
        ARENA_ARRAY(analysis->arena, const struct inf_strings *, n);
    struct inf_document *all = ARENA_NEW(analysis->arena, struct inf_document);
    struct included included = {all, others, n};

    if (!others || !all ||
        !companions_append(analysis, &file->reading->document, all)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        others[i] = analysis->included.items[i].strings;
    }
    for (uint32_t i = 0; i < file->n_strings; i++) {
        if (i >= most) {
            limit_hit(&analysis->limits, LIMIT_languages);
            break;
        }
        if (!analyse_for(analysis, file, &included, i)) {
            return false;
        }
    }
    return true;
}

bool copied_analyse(struct analysis *analysis)
{
    const struct infscan_scanner *scanner = analysis->scanner;

    if (!launcher_is_chosen(scanner->choices, scanner->n_choices,
                            LAUNCHER_PNP)) {
        return true;
    }
    for (uint32_t i = 0; i < analysis->included.n; i++) {
        const struct included_file file = analysis->included.items[i];
        if (file.is_copied && !analyse_file(analysis, &file)) {
            return false;
        }
    }
    return true;
}
