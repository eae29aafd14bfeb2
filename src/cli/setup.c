/* SPDX-License-Identifier: MIT */
#include "cli/setup.h"

#include <libgen.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/extract.h"
#include "cli/inputs.h"
#include "cli/sandbox.h"
#include "cli/say.h"

/* A report is 80 columns wide, and no wider than the terminal. */
#define REPORT_COLUMNS 80u

/* What a thread may keep for its next file: what one of 2 MB takes. Larger
 * objects are mapped and given back one by one. */
#define KEPT_BYTES (16 << 20)
#define MAPPED_BYTES (4 << 20)
#define STEP_BYTES (1 << 20)

/* More threads than this gain nothing where -j is not given. */
#define MAX_DEFAULT_JOBS 64

int setup_rules(const struct options *options, struct infscan_ruleset **out)
{
    struct infscan_error error = {0};
    enum infscan_ruleset_base base = options->no_builtin_rules
                                         ? INFSCAN_RULESET_EMPTY
                                         : INFSCAN_RULESET_BUILTIN;

    if (infscan_ruleset_new(base, options->rules.items, options->rules.n, out,
                            &error) != INFSCAN_OK) {
        say_error(&error);
        infscan_error_clear(&error);
        return -1;
    }
    return 0;
}

struct infscan_options setup_scan(const struct options *options)
{
    return (struct infscan_options){
        .inf_dir = options->inf_dir,
        .codepage = options->codepage,
        .launchers = options->launchers.items,
        .n_launchers = options->launchers.n,
        .passwords = options->passwords.items,
        .n_passwords = options->passwords.n,
        .limits = options->limits,
        .n_limits = options->n_limits,
        .invocation = options->invocation,
        .effects = options->all_actions || options->verbose ||
                   options->job == JOB_DIFF,
    };
}

int setup_to_terminal(const struct options *options)
{
    return (!options->output || strcmp(options->output, "-") == 0) &&
           isatty(STDOUT_FILENO);
}

static int wants_color(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    switch ((enum color_choice)options->color) {
    case COLOR_ALWAYS:
        return 1;
    case COLOR_NEVER:
        return 0;
    case COLOR_AUTO:
        break;
    }
    return setup_to_terminal(options) && !(no_color && *no_color) && term &&
           *term && strcmp(term, "dumb") != 0;
}

static unsigned columns(const struct options *options)
{
    struct winsize size;

    if (setup_to_terminal(options) &&
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
        size.ws_col < REPORT_COLUMNS) {
        return size.ws_col;
    }
    return REPORT_COLUMNS;
}

struct infscan_render_options setup_render(const struct options *options)
{
    unsigned flags = 0;

    flags |= wants_color(options) ? INFSCAN_RENDER_COLOR : 0u;
    flags |= options->quiet ? INFSCAN_RENDER_QUIET : 0u;
    flags |= options->verbose ? INFSCAN_RENDER_VERBOSE : 0u;
    flags |= options->all_actions ? INFSCAN_RENDER_ALL_ACTIONS : 0u;
    flags |= options->only_findings ? INFSCAN_RENDER_ONLY_FINDINGS : 0u;
    flags |= options->defang == DEFANG_OFF ? INFSCAN_RENDER_NO_DEFANG : 0u;
    return (struct infscan_render_options){
        .format = (enum infscan_format)options->format,
        .flags = flags,
        .width = columns(options),
        .min_severity = (enum infscan_severity)options->min_severity,
    };
}

/* The folder of a file to be written, as named and behind a symbolic link: the
 * link's target is what gets replaced. NULL where there is none. */
static char *folder_of(const char *path, int behind_links)
{
    char *copy = behind_links ? realpath(path, NULL) : strdup(path);
    char *folder = copy ? strdup(dirname(copy)) : NULL;

    free(copy);
    return folder;
}

static void free_folders(char **folders, size_t n)
{
    while (n > 0) {
        free(folders[--n]);
    }
}

int setup_sandbox(const struct options *options)
{
    char *folders[SANDBOX_MAX_FOLDERS] = {NULL};
    size_t n = 0;
    unsigned parts;

    if (options->output && strcmp(options->output, "-") != 0) {
        for (int behind = 0; behind <= 1; behind++) {
            folders[n] = folder_of(options->output, behind);
            n += folders[n] != NULL;
        }
    }
    if (options->extract_dir) {
        /* It has to be there for the sandbox to know it. */
        if (extract_make_folder(options->extract_dir) != 0) {
            free_folders(folders, n);
            return -1;
        }
        folders[n] = strdup(options->extract_dir);
        n += folders[n] != NULL;
    }
    int status = sandbox_enter((enum sandbox_mode)options->sandbox,
                               (const char *const *)folders, n, &parts);
    free_folders(folders, n);
    return status;
}

void setup_memory(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_TOP_PAD, STEP_BYTES);
#endif
}

unsigned setup_jobs(const struct options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (options->jobs) {
        return options->jobs;
    }
    int is_single = options->job == JOB_SCAN && inputs_is_single(options);
    if (processors < 1 || is_single) { /* a thread for it is no gain */
        return 1;
    }
    return processors > MAX_DEFAULT_JOBS ? MAX_DEFAULT_JOBS
                                         : (unsigned)processors;
}
