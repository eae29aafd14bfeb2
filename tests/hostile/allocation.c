/* SPDX-License-Identifier: MIT */
/*
 * What happens when memory runs out: every file given is scanned and rendered
 * while the k-th allocation fails, until none is left to fail; once with that
 * one failing and once with all from there on. k is 1, 2, 3 ... with --every
 * before the files, else the steps grow by and by. Each step
 * ends in a status, a result that was made says that it is not whole or is the
 * one that is expected, and all that was allocated is given back.
 *
 * malloc and its kin are this program's own, so that what the libraries below
 * allocate fails as well.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <infscan/infscan.h>

/* glibc's allocator by its other names. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *old);

static struct {
    int watching;
    int all_from_there; /* else only the one */
    unsigned long fail_at;
    unsigned long calls;
    long live; /* blocks that are held */
} memory;

static int must_fail(void)
{
    if (!memory.watching) {
        return 0;
    }
    memory.calls++;
    return memory.all_from_there ? memory.calls >= memory.fail_at
                                 : memory.calls == memory.fail_at;
}

static void *counted(void *block)
{
    memory.live += memory.watching && block;
    return block;
}

void *malloc(size_t size)
{
    return must_fail() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
    return must_fail() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
    if (must_fail()) {
        return NULL;
    }
    return old ? __libc_realloc(old, size)
               : counted(__libc_realloc(NULL, size));
}

void free(void *old)
{
    memory.live -= memory.watching && old;
    __libc_free(old);
}

struct check {
    const struct infscan_ruleset *rules;
    int every;
    unsigned long steps;
    unsigned long files;
    unsigned long failures;
};

/* What the file comes to while memory lasts. */
struct outcome {
    enum infscan_verdict verdict;
    size_t bytes[INFSCAN_FORMAT_NDJSON + 1]; /* by enum infscan_format */
};

static int measure(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)context += len;
    return 0;
}

static const char *render(const struct infscan_result *result,
                          struct outcome *out)
{
    for (int i = 0; i <= INFSCAN_FORMAT_NDJSON; i++) {
        const struct infscan_render_options options = {
            .format = (enum infscan_format)i,
            .flags = INFSCAN_RENDER_VERBOSE | INFSCAN_RENDER_ALL_ACTIONS,
        };
        size_t bytes = 0;
        enum infscan_status status =
            infscan_render_result(result, &options, measure, &bytes);
        /* Half a record would pass for a whole one. */
        if (status != INFSCAN_OK && bytes != 0 &&
            options.format != INFSCAN_FORMAT_TEXT) {
            return "half a record";
        }
        out->bytes[i] = status == INFSCAN_OK ? bytes : 0;
    }
    return NULL;
}

/* A file does what it does, whatever fails while that is found out. */
static const char *compare(const struct infscan_result *result)
{
    struct infscan_difference *difference = NULL;
    const char *fault = NULL;
    size_t n = 0;

    if (infscan_result_summary(result)->status == INFSCAN_RESULT_ERROR) {
        return NULL;
    }
    if (infscan_difference_new(result, result, &difference) == INFSCAN_OK) {
        infscan_difference_changes(difference, &n);
        fault = n ? "a difference from itself" : NULL;
    }
    infscan_difference_free(difference);
    return fault;
}

/* One scan; what is wrong with how it ended, or NULL. */
static const char *scan(const struct check *check, const char *path,
                        const struct outcome *expected, struct outcome *out)
{
    const struct infscan_options options = {.effects = 1};
    struct infscan_scanner *scanner = NULL;
    struct infscan_result *result = NULL;
    const char *fault = NULL;

    if (infscan_scanner_new(check->rules, &options, &scanner, NULL) !=
        INFSCAN_OK) {
        return scanner ? "a scanner without success" : NULL;
    }
    if (infscan_scan_file(scanner, path, &result) == INFSCAN_OK) {
        const struct infscan_summary *summary = infscan_result_summary(result);
        out->verdict = summary->verdict;
        if (expected && summary->status != INFSCAN_RESULT_ERROR &&
            summary->status != INFSCAN_RESULT_PARTIAL &&
            summary->verdict != expected->verdict) {
            fault = "another verdict, and nothing says why";
        }
        const char *other = render(result, out);
        fault = fault ? fault : other;
        fault = fault ? fault : compare(result);
        infscan_result_free(result);
    }
    infscan_scanner_free(scanner);
    return fault;
}

static void fail(struct check *check, const char *path, const char *what)
{
    fprintf(stderr, "%s: allocation %lu%s: %s\n", path, memory.fail_at,
            memory.all_from_there ? " and all after it" : "", what);
    check->failures++;
}

static unsigned long next(const struct check *check)
{
    return memory.fail_at + 1 + (check->every ? 0 : memory.fail_at / 16);
}

static void run_out(struct check *check, const char *path,
                    const struct outcome *expected)
{
    for (memory.fail_at = 1;; memory.fail_at = next(check)) {
        struct outcome outcome = {INFSCAN_VERDICT_NONE, {0}};
        memory.calls = 0;
        memory.live = 0;
        memory.watching = 1;
        const char *fault = scan(check, path, expected, &outcome);
        memory.watching = 0;
        check->steps++;
        if (fault) {
            fail(check, path, fault);
        }
        if (memory.live != 0) {
            fail(check, path, "memory is not given back");
        }
        if (memory.calls < memory.fail_at) {
            if (memcmp(&outcome, expected, sizeof outcome) != 0) {
                fail(check, path, "another result, and nothing failed");
            }
            return;
        }
    }
}

static void check_file(struct check *check, const char *path)
{
    struct outcome expected = {INFSCAN_VERDICT_NONE, {0}};
    const char *fault = scan(check, path, NULL, &expected);

    check->files++;
    if (fault) {
        fail(check, path, fault);
    }
    for (int all = 0; all <= 1; all++) {
        memory.all_from_there = all;
        run_out(check, path, &expected);
    }
}

static void check_path(struct check *check, const char *path)
{
    struct stat info;
    DIR *folder = NULL;

    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        check_file(check, path);
        return;
    }
    if (!(folder = opendir(path))) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        check->failures++;
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char below[4096];
        int len = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof below) {
            check_path(check, below);
        }
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    struct check check = {0};
    struct infscan_ruleset *rules = NULL;

    if (infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, NULL) !=
        INFSCAN_OK) {
        return 1;
    }
    check.rules = rules;
    check.every = argc > 1 && strcmp(argv[1], "--every") == 0;
    for (int i = 1 + check.every; i < argc; i++) {
        check_path(&check, argv[i]);
    }
    infscan_ruleset_free(rules);
    printf("allocation: %lu files, %lu steps, %lu failures\n", check.files,
           check.steps, check.failures);
    return check.failures || !check.files;
}
