/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <infscan/infscan.h>

#include "cli/jobs.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/setup.h"
#include "cli/walk.h"

/* Rules over files that nobody minds: how often each is seen, and its cost. */
struct trial {
    const struct infscan_ruleset *rules;
    struct infscan_scanner *scanner;
    struct infscan_rule_use *uses; /* by index of the rule */
    size_t n_rules;
    uint64_t *last; /* by index: number of the last file that it hit */
    uint64_t files;
    uint64_t by_verdict[4];
    uint64_t failed;
};

static int is_rule_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

/* A rule file, or a folder that holds one. */
static int holds_rules(const char *path)
{
    struct stat info;
    int found = 0;

    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return is_rule_name(path);
    }
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder && !found && (entry = readdir(folder)) != NULL) {
        found = entry->d_name[0] != '.' && is_rule_name(entry->d_name);
    }
    if (folder) {
        closedir(folder);
    }
    return found;
}

static size_t index_of(const struct trial *trial, const char *id)
{
    size_t from = 0;
    size_t to = trial->n_rules;

    while (from < to) { /* rules are sorted by id */
        size_t middle = from + (to - from) / 2;
        int order = strcmp(id, trial->uses[middle].rule->id);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return trial->n_rules;
}

static void count_findings(struct trial *trial,
                           const struct infscan_result *result)
{
    size_t n;
    const struct infscan_finding *findings =
        infscan_result_findings(result, &n);

    for (size_t i = 0; i < n; i++) {
        size_t at = index_of(trial, findings[i].rule);
        if (at == trial->n_rules) {
            continue; /* of a limit */
        }
        trial->uses[at].findings++;
        if (trial->last[at] != trial->files) {
            trial->last[at] = trial->files;
            trial->uses[at].seen++;
        }
    }
}

static void try_file(void *context, const char *path)
{
    struct trial *trial = context;
    struct infscan_result *result = NULL;

    if (infscan_scan_file(trial->scanner, path, &result) != INFSCAN_OK ||
        infscan_result_summary(result)->status == INFSCAN_RESULT_ERROR) {
        trial->failed++;
    } else {
        trial->files++;
        trial->by_verdict[infscan_result_summary(result)->verdict]++;
        count_findings(trial, result);
    }
    infscan_result_free(result);
}

static void try_found(void *context, const char *path)
{
    if (file_looks_like_inf(path) != 0) {
        try_file(context, path);
    }
}

static void pass(void *context, const char *path,
                 enum infscan_passed_over reason)
{
    (void)context;
    (void)path;
    (void)reason;
}

static void fail(void *context, const char *path, int error)
{
    struct trial *trial = context;

    (void)path;
    (void)error;
    trial->failed++;
}

static void try_path(struct trial *trial, const struct options *options,
                     const char *path)
{
    const struct walk_filter filter = {.max_depth = options->max_depth};
    const struct walk_visitor visitor = {
        .context = trial, .file = try_found, .passed = pass, .failed = fail};
    struct stat info;

    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        walk_folder(path, &filter, &visitor);
    } else {
        try_file(trial, path);
    }
}

/* Rules that were seen most come first. */
static int by_use(const void *left, const void *right)
{
    const struct infscan_rule_use *a = left;
    const struct infscan_rule_use *b = right;

    if (a->seen != b->seen) {
        return a->seen < b->seen ? 1 : -1;
    }
    return strcmp(a->rule->id, b->rule->id);
}

static void add_costs(struct trial *trial)
{
    uint64_t total = 0;

    for (size_t i = 0; i < trial->n_rules; i++) {
        total += infscan_scanner_rule_cost(trial->scanner, i).nanoseconds;
    }
    for (size_t i = 0; i < trial->n_rules; i++) {
        struct infscan_rule_cost cost =
            infscan_scanner_rule_cost(trial->scanner, i);
        trial->uses[i].files = trial->files;
        trial->uses[i].texts = cost.texts;
        trial->uses[i].time =
            total ? (double)cost.nanoseconds / (double)total : 0;
    }
}

static void print_uses(struct trial *trial, const struct options *options,
                       struct output *output)
{
    struct infscan_render_options render = setup_render(options);
    int is_text = render.format == INFSCAN_FORMAT_TEXT;
    char line[256];

    if (is_text) {
        int len = snprintf(
            line, sizeof line,
            "%llu files: %llu clean, %llu suspicious, %llu malicious\n%s",
            (unsigned long long)trial->files,
            (unsigned long long)trial->by_verdict[INFSCAN_CLEAN],
            (unsigned long long)trial->by_verdict[INFSCAN_SUSPICIOUS],
            (unsigned long long)trial->by_verdict[INFSCAN_MALICIOUS],
            options->quiet ? "" : "  files findings     texts    time  rule\n");
        output_record(output, line, len > 0 ? (size_t)len : 0);
    }
    qsort(trial->uses, trial->n_rules, sizeof *trial->uses, by_use);
    for (size_t i = 0; i < trial->n_rules && !(is_text && options->quiet);
         i++) {
        const struct infscan_rule_use *use = &trial->uses[i];
        if (!is_text || use->seen || use->texts) {
            infscan_render_rule_use(use, &render, output_write, output);
        }
    }
}

static int start(struct trial *trial, const struct options *options)
{
    struct infscan_options scan = setup_scan(options);
    struct infscan_error error = {0};

    trial->n_rules = infscan_ruleset_count(trial->rules);
    trial->uses = calloc(trial->n_rules + 1, sizeof *trial->uses);
    trial->last = calloc(trial->n_rules + 1, sizeof *trial->last);
    for (size_t i = 0; trial->uses && i < trial->n_rules; i++) {
        trial->uses[i].rule = infscan_ruleset_rule(trial->rules, i);
    }
    if (infscan_scanner_new(trial->rules, &scan, &trial->scanner, &error) !=
            INFSCAN_OK ||
        infscan_scanner_measure(trial->scanner) != INFSCAN_OK || !trial->uses ||
        !trial->last) {
        say("out of memory");
        infscan_error_clear(&error);
        return -1;
    }
    return 0;
}

static void stop(struct trial *trial)
{
    infscan_scanner_free(trial->scanner);
    free(trial->uses);
    free(trial->last);
}

static int try_files(const struct infscan_ruleset *rules,
                     const struct options *options,
                     const struct word_list *files, struct output *output)
{
    struct trial trial = {.rules = rules};
    int status = 0;

    if (start(&trial, options) != 0) {
        stop(&trial);
        return 2;
    }
    for (size_t i = 0; i < files->n; i++) {
        try_path(&trial, options, files->items[i]);
    }
    add_costs(&trial);
    print_uses(&trial, options, output);
    if (trial.failed) {
        say("%llu files could not be analysed",
            (unsigned long long)trial.failed);
        status = 3;
    }
    stop(&trial);
    return status;
}

/* Every example of every rule. 0, or 2 after lines on stderr. */
static int try_examples(const struct infscan_ruleset *rules,
                        const struct options *options, struct output *output)
{
    struct infscan_error error = {0};
    size_t failed = 0;
    char line[64];

    if (infscan_ruleset_test(rules, &failed, &error) != INFSCAN_OK) {
        say_error(&error);
        say("%zu examples failed", failed);
        infscan_error_clear(&error);
        return 2;
    }
    if (options->format == INFSCAN_FORMAT_TEXT) {
        int len =
            snprintf(line, sizeof line, "%zu rules: all examples behave\n",
                     infscan_ruleset_count(rules));
        output_record(output, line, len > 0 ? (size_t)len : 0);
    }
    return 0;
}

static int test(const struct infscan_ruleset *rules,
                const struct options *options, const struct word_list *files)
{
    struct output output;

    if (output_open(&output, options->output,
                    options->format == INFSCAN_FORMAT_JSON
                        ? OUTPUT_ARRAY
                        : OUTPUT_PLAIN) != 0) {
        return 2;
    }
    int status = try_examples(rules, options, &output);
    if (status == 0 && files->n) {
        status = try_files(rules, options, files, &output);
    }
    return output_close(&output) == 0 ? status : 2;
}

int rules_test(const struct options *options, const struct word_list *operands)
{
    struct options own = *options;
    struct infscan_ruleset *rules = NULL;
    const char **words = calloc(2 * operands->n + 1, sizeof *words);
    struct word_list of_rules = {.items = words};
    struct word_list files = {.items = words ? words + operands->n : NULL};

    if (!words) {
        say("out of memory");
        return 2;
    }
    for (size_t i = 0; i < operands->n; i++) {
        struct word_list *list =
            holds_rules(operands->items[i]) ? &of_rules : &files;
        list->items[list->n++] = operands->items[i];
    }
    if (of_rules.n) {
        own.no_builtin_rules = 1;
        own.rules = of_rules;
    }
    int status = setup_rules(&own, &rules) != 0 ? 2 : test(rules, &own, &files);
    infscan_ruleset_free(rules);
    free(words);
    return status;
}
