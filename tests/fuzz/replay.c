/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without a fuzzer: every file given, and every file below a
 * folder given, goes through it once. That makes ordinary tests of all that
 * fuzzing found, under any compiler, and is what AFL++ runs.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define MAX_BYTES ((size_t)16 << 20)

static unsigned long n_files;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(MAX_BYTES);

    if (!file || !bytes) {
        perror(path);
        exit(2);
    }
    size_t size = fread(bytes, 1, MAX_BYTES, file);
    fclose(file);
    /* Of its own size, so that a sanitizer sees what reads past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact) {
        exit(2);
    }
    memcpy(exact, bytes, size);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    n_files++;
}

/* NOLINTNEXTLINE(misc-no-recursion): depth of the folders given */
static void replay(const char *path)
{
    struct stat info;
    struct dirent **entries;

    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        replay_file(path);
        return;
    }
    int n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            replay(child);
        }
        free(entries[i]);
    }
    if (n >= 0) {
        free(entries);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        replay(argv[i]);
    }
    printf("%lu inputs\n", n_files);
    return n_files == 0;
}
