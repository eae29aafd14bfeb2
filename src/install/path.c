/* SPDX-License-Identifier: MIT */
#include "install/path.h"

#define DIRID_INF 1

struct dirid {
    int64_t number;
    struct str path;
    unsigned marks;
};

#define W PATH_WRITABLE
#define A PATH_AUTOSTART
#define S PATH_SYSTEM
#define P PATH_PER_USER
#define DIRID(number, path, marks, source)                                     \
    {number, {path, sizeof(path) - 1}, marks},
static const struct dirid basic[] = {
#include "install/dirids.def"
};
static const struct dirid later[] = {
#include "install/dirids_later.def"
};
#undef DIRID
#undef W
#undef A
#undef S
#undef P

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

bool path_context_init(struct path_context *context, struct arena *arena,
                       struct str inf_dir)
{
    *context = (struct path_context){.inf_dir = STR("C:\\inf\\")};
    if (!inf_dir.len) {
        return true;
    }
    if (inf_dir.bytes[inf_dir.len - 1] == '\\') {
        context->inf_dir = inf_dir;
        return true;
    }
    char *bytes = arena_alloc(arena, inf_dir.len + 1, 1);
    if (!bytes) {
        return false;
    }
    memcpy(bytes, inf_dir.bytes, inf_dir.len);
    bytes[inf_dir.len] = '\\';
    context->inf_dir = str_of(bytes, inf_dir.len + 1);
    return true;
}

static const struct dirid *find_in(const struct dirid *table, size_t n,
                                   int64_t number)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].number == number) {
            return &table[i];
        }
    }
    return NULL;
}

const struct path_ldid *path_find_ldid(const struct path_context *context,
                                       int64_t number)
{
    uint32_t low = 0;
    uint32_t high = context->n_ldids;
    if (number < PATH_FIRST_LDID) {
        return NULL;
    }
    if (context->asked) {
        *context->asked = true;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (context->ldids[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < context->n_ldids && context->ldids[low].number == number
               ? &context->ldids[low]
               : NULL;
}

struct str path_directory(const void *context, int64_t dirid)
{
    const struct path_context *paths = context;
    if (dirid == DIRID_INF) {
        return paths->inf_dir;
    }
    const struct path_ldid *ldid = path_find_ldid(paths, dirid);
    if (ldid) {
        return slice_str(ldid->path);
    }
    const struct dirid *row = find_in(basic, N_OF(basic), dirid);
    if (!row && paths->reading == PATH_CURRENT) {
        row = find_in(later, N_OF(later), dirid);
    }
    if (row) {
        return row->path;
    }
    return dirid < PATH_FIRST_LDID ? STR("C:\\Windows\\System32\\unknown")
                                   : (struct str){NULL, 0};
}

/* Whether path is directory or lies below it. */
static bool is_below(struct str path, struct str directory)
{
    if (!str_starts_fold(path, directory)) {
        return false;
    }
    return path.len == directory.len || path.bytes[directory.len] == '\\' ||
           directory.bytes[directory.len - 1] == '\\';
}

unsigned path_marks(struct str path)
{
    static const struct str users = {"C:\\Users\\", 9};
    size_t best = 0;
    unsigned marks = 0;
    for (size_t i = 0; i < N_OF(basic) + N_OF(later); i++) {
        const struct dirid *row =
            i < N_OF(basic) ? &basic[i] : &later[i - N_OF(basic)];
        if (row->path.len > best && is_below(path, row->path)) {
            best = row->path.len;
            marks = row->marks;
        }
    }
    /* Somebody else's profile: not in the table, but a profile. */
    if (best <= users.len && str_starts_fold(path, users)) {
        marks = PATH_WRITABLE | PATH_PER_USER;
    }
    return marks;
}

bool path_is_url(struct str path)
{
    size_t i = 0;
    while (i < path.len && ascii_is_alpha(path.bytes[i])) {
        i++;
    }
    return i >= 2 && str_starts_fold(str_sub(path, i, 3), STR("://"));
}

bool path_is_absolute(struct str path)
{
    if (!path.len) {
        return false;
    }
    if (path.bytes[0] == '\\' || path.bytes[0] == '/') {
        return true;
    }
    return path_is_url(path) || (path.len >= 2 && path.bytes[1] == ':');
}

struct str path_base(struct str path)
{
    size_t start = path.len;
    while (start > 0 && path.bytes[start - 1] != '\\' &&
           path.bytes[start - 1] != '/' && path.bytes[start - 1] != ':') {
        start--;
    }
    return str_sub(path, start, path.len - start);
}
