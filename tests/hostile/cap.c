/* SPDX-License-Identifier: MIT */
/*
 * What happens when the memory of a result is used up: every file given is
 * scanned and rendered with a cap that grows from nothing until it no longer
 * matters, by a 64th each time, or object by object with --every before
 * the files. Each step ends in a status; a result says that it is not whole or
 * is the one that is expected.
 *
 * Unlike allocation.c this runs under sanitizers, too.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <infscan/infscan.h>

#include "scan/scanner.h"

#define SMALLEST_OBJECT ((uint64_t)16)

struct check {
    struct infscan_scanner *scanner;
    int every;
    unsigned long steps;
    unsigned long files;
    unsigned long failures;
};

/* What a file came to. */
struct outcome {
    enum infscan_result_status status;
    enum infscan_verdict verdict;
    size_t bytes; /* of its JSON line */
};

static int measure(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)context += len;
    return 0;
}

static bool is_whole(const struct outcome *outcome)
{
    return outcome->status != INFSCAN_RESULT_ERROR &&
           outcome->status != INFSCAN_RESULT_PARTIAL;
}

/* NULL, or what is wrong. */
static const char *render(const struct infscan_result *result,
                          struct outcome *out)
{
    for (int i = 0; i <= INFSCAN_FORMAT_CSV; i++) {
        const struct infscan_render_options options = {
            .format = (enum infscan_format)i,
            .flags = INFSCAN_RENDER_VERBOSE | INFSCAN_RENDER_ALL_ACTIONS,
        };
        size_t bytes = 0;
        if (infscan_render_result(result, &options, measure, &bytes) !=
                INFSCAN_OK ||
            !bytes) {
            return "is not rendered";
        }
        if (options.format == INFSCAN_FORMAT_NDJSON) {
            out->bytes = bytes;
        }
    }
    return NULL;
}

static const char *scan(struct check *check, const char *path, uint64_t cap,
                        struct outcome *out)
{
    struct infscan_result *result = NULL;
    const char *fault = NULL;

    *out = (struct outcome){INFSCAN_RESULT_ERROR, INFSCAN_VERDICT_NONE, 0};
    check->scanner->limits.value[LIMIT_memory_bytes] = cap;
    if (infscan_scan_file(check->scanner, path, &result) == INFSCAN_OK) {
        const struct infscan_summary *summary = infscan_result_summary(result);
        out->status = summary->status;
        out->verdict = summary->verdict;
        fault = render(result, out);
        infscan_result_free(result);
    }
    return fault;
}

static void fail(struct check *check, const char *path, uint64_t cap,
                 const char *what)
{
    fprintf(stderr, "%s: %llu bytes: %s\n", path, (unsigned long long)cap,
            what);
    check->failures++;
}

static void check_file(struct check *check, const char *path)
{
    const uint64_t most = limits_default.value[LIMIT_memory_bytes];
    struct outcome expected;
    struct outcome outcome;
    const char *fault = scan(check, path, most, &expected);
    uint64_t cap = SMALLEST_OBJECT;

    check->files++;
    do {
        outcome = (struct outcome){0};
        const char *what = scan(check, path, cap, &outcome);
        fault = fault ? fault : what;
        check->steps++;
        if (!fault && is_whole(&outcome) &&
            outcome.verdict != expected.verdict) {
            fault = "another verdict, and nothing says why";
        }
        cap += check->every ? SMALLEST_OBJECT : SMALLEST_OBJECT + cap / 64;
    } while (!fault && cap < most &&
             memcmp(&outcome, &expected, sizeof outcome) != 0);
    if (!fault && cap >= most) {
        fault = "never the same as without a cap";
    }
    if (fault) {
        fail(check, path, cap, fault);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): depth of the folders given */
static void check_path(struct check *check, const char *path)
{
    struct stat info;
    DIR *folder = NULL;

    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        check_file(check, path);
        return;
    }
    if (!(folder = opendir(path))) {
        fail(check, path, 0, strerror(errno));
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
    const struct infscan_options options = {.effects = 1};
    struct check check = {0};
    struct infscan_ruleset *rules = NULL;

    if (infscan_ruleset_new(INFSCAN_RULESET_BUILTIN, NULL, 0, &rules, NULL) !=
            INFSCAN_OK ||
        infscan_scanner_new(rules, &options, &check.scanner, NULL) !=
            INFSCAN_OK) {
        return 1;
    }
    check.every = argc > 1 && strcmp(argv[1], "--every") == 0;
    for (int i = 1 + check.every; i < argc; i++) {
        check_path(&check, argv[i]);
    }
    infscan_scanner_free(check.scanner);
    infscan_ruleset_free(rules);
    printf("cap: %lu files, %lu steps, %lu failures\n", check.files,
           check.steps, check.failures);
    return check.failures || !check.files;
}
