/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever is derived from a file can name the raw bytes it came
 * from, over every file given (folders are walked). See provenance_check.c.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "provenance_check.h"
#include "scan/input.h"

#define MAX_FILE_BYTES ((size_t)64 << 20)

struct run {
    struct infscan_scanner *scanner;
    unsigned long files;
    struct provenance_counts counts;
};

static void check_file(struct run *run, const char *path)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct str raw;

    if (input_read_file(arena, path, MAX_FILE_BYTES, &raw, NULL) ==
        INFSCAN_OK) {
        run->files++;
        run->counts.failures +=
            !provenance_check(run->scanner, path, raw, &run->counts);
    }
    arena_free(arena);
}

/* NOLINTNEXTLINE(misc-no-recursion): depth of the folders given */
static void check_path(struct run *run, const char *path)
{
    struct stat info;
    struct dirent **entries;

    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        check_file(run, path);
        return;
    }
    int n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct buf child;
        buf_init(&child, 8192);
        buf_add_format(&child, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            check_path(run, child.bytes);
        }
        buf_deinit(&child);
        free(entries[i]);
    }
    if (n >= 0) {
        free(entries);
    }
}

int main(int argc, char **argv)
{
    struct run run = {0};
    struct infscan_ruleset *rules;

    if (infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, NULL) !=
            INFSCAN_OK ||
        infscan_scanner_new(rules, NULL, &run.scanner, NULL) != INFSCAN_OK) {
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        check_path(&run, argv[i]);
    }
    infscan_scanner_free(run.scanner);
    infscan_ruleset_free(rules);
    printf("%lu files, %lu slices, %lu places, %lu failures\n", run.files,
           run.counts.slices, run.counts.places, run.counts.failures);
    return run.counts.failures || !run.files;
}
