/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/limit.h"
#include "cli/nearest.h"
#include "cli/sandbox.h"
#include "cli/say.h"

#define MAX_JOBS 256
#define FORMAT_UNSAID (-1)

/* What an option does with its value, if it takes one. */
enum option_kind {
    OPTION_SET,    /* int = number */
    OPTION_TEXT,   /* const char * = value */
    OPTION_LIST,   /* one more word */
    OPTION_NUMBER, /* unsigned = value, from min to max */
    OPTION_CHOICE  /* int = number of the choice */
};

struct choice {
    const char *name;
    int number;
};

/* Which jobs take an option. */
#define SCAN (1u << JOB_SCAN)
#define DUMP (1u << JOB_DUMP)
#define DECODE (1u << JOB_DECODE)
#define RULES (1u << JOB_RULES | 1u << JOB_EXPLAIN)
#define DIFF (1u << JOB_DIFF)
#define SCHEMA (1u << JOB_SCHEMA)
#define EVERY (SCAN | DUMP | DECODE | RULES | DIFF | SCHEMA)

struct option_row {
    const char *name; /* long, without the dashes */
    char letter;      /* or 0 */
    enum option_kind kind;
    size_t offset; /* in struct options */
    int number;    /* OPTION_SET: what is stored */
    unsigned min, max;
    const struct choice *choices;
    unsigned jobs;
    const char *value; /* what --help calls its value */
    const char *help;
};

static const struct choice formats[] = {{"text", INFSCAN_FORMAT_TEXT},
                                        {"json", INFSCAN_FORMAT_JSON},
                                        {"ndjson", INFSCAN_FORMAT_NDJSON},
                                        {"csv", INFSCAN_FORMAT_CSV},
                                        {NULL, 0}};
static const struct choice verdicts[] = {{"malicious", FAIL_ON_MALICIOUS},
                                         {"suspicious", FAIL_ON_SUSPICIOUS},
                                         {"never", FAIL_ON_NEVER},
                                         {NULL, 0}};
static const struct choice severities[] = {
    {"info", INFSCAN_INFO},         {"low", INFSCAN_LOW},
    {"medium", INFSCAN_MEDIUM},     {"high", INFSCAN_HIGH},
    {"critical", INFSCAN_CRITICAL}, {NULL, 0}};
static const struct choice colors[] = {{"auto", COLOR_AUTO},
                                       {"always", COLOR_ALWAYS},
                                       {"never", COLOR_NEVER},
                                       {NULL, 0}};

static const struct choice progresses[] = {{"auto", PROGRESS_AUTO},
                                           {"always", PROGRESS_ALWAYS},
                                           {"never", PROGRESS_NEVER},
                                           {NULL, 0}};

static const struct choice sandboxes[] = {{"auto", SANDBOX_AUTO},
                                          {"require", SANDBOX_REQUIRE},
                                          {"off", SANDBOX_OFF},
                                          {NULL, 0}};

static const struct option_row option_table[] = {
#define OPTION(name, letter, kind, member, number, min, max, choices, jobs,    \
               value, help)                                                    \
    {name,   letter, OPTION_##kind, offsetof(struct options, member),          \
     number, min,    max,           choices,                                   \
     jobs,   value,  help},
#include "cli/options.def"
#undef OPTION
};

#define N_OPTIONS (sizeof option_table / sizeof option_table[0])

_Static_assert(sizeof option_table / sizeof option_table[0] <= 64,
               "the set of options used is a uint64_t");

/* By enum job. */
static const char *const job_names[] = {
    [JOB_SCAN] = "scan",     [JOB_DUMP] = "dump",       [JOB_DECODE] = "decode",
    [JOB_RULES] = "rules",   [JOB_EXPLAIN] = "explain", [JOB_DIFF] = "diff",
    [JOB_SCHEMA] = "schema", [N_JOBS] = NULL,
};

struct parser {
    char **argv;
    int argc;
    int at; /* next word */
    struct options *out;
    uint64_t used;  /* bits by row of the table */
    int job_closed; /* "--" came first: no operand names a job */
};

/* The option whose long name is `name`, up to `len` letters; or NULL. */
static const struct option_row *find_long(const char *name, size_t len)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (strlen(option_table[i].name) == len &&
            memcmp(option_table[i].name, name, len) == 0) {
            return &option_table[i];
        }
    }
    return NULL;
}

static const struct option_row *find_letter(char letter)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (option_table[i].letter == letter) {
            return &option_table[i];
        }
    }
    return NULL;
}

/* Switches of a command that is to be decoded look like options. */
static const char *decode_hint(const struct parser *parser)
{
    return parser->out->job == JOB_DECODE ? " (-- ends the options)" : "";
}

static int unknown_long(const struct parser *parser, const char *name,
                        size_t len)
{
    const char *names[N_OPTIONS + 1];
    char copy[NEAREST_MAX_LENGTH + 2] = {0};

    memcpy(copy, name, len < sizeof copy ? len : sizeof copy - 1);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        names[i] = option_table[i].name;
    }
    names[N_OPTIONS] = NULL;
    say("unknown option --%.*s; did you mean --%s?%s", (int)len, name,
        nearest_name(copy, names), decode_hint(parser));
    return -1;
}

/* The option whose long name begins with the letter is the nearest one. */
static int unknown_letter(const struct parser *parser, char letter)
{
    const char *nearest = "help";

    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (option_table[i].name[0] == (letter | 0x20)) {
            nearest = option_table[i].name;
            break;
        }
    }
    say("unknown option -%c; did you mean --%s?%s", letter, nearest,
        decode_hint(parser));
    return -1;
}

static int add_word(struct word_list *list, const char *word)
{
    const char **items =
        realloc(list->items, (list->n + 1) * sizeof *list->items);

    if (!items) {
        say("out of memory");
        return -1;
    }
    list->items = items;
    list->items[list->n++] = word;
    return 0;
}

static int set_number(const struct option_row *row, unsigned *out,
                      const char *value)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (errno || *end || value[0] < '0' || value[0] > '9' ||
        number < row->min || number > row->max) {
        say("--%s takes a number from %u to %u, not '%s'", row->name, row->min,
            row->max, value);
        return -1;
    }
    *out = (unsigned)number;
    return 0;
}

static int set_choice(const struct option_row *row, int *out, const char *value)
{
    char known[128] = "";
    size_t len = 0;

    for (const struct choice *c = row->choices; c->name; c++) {
        if (strcmp(c->name, value) == 0) {
            *out = c->number;
            return 0;
        }
        const char *before = len == 0 ? "" : c[1].name ? ", " : " or ";
        int n =
            snprintf(known + len, sizeof known - len, "%s%s", before, c->name);
        len += n > 0 ? (size_t)n : 0;
        if (len >= sizeof known) {
            len = sizeof known - 1;
        }
    }
    say("--%s takes %s, not '%s'", row->name, known, value);
    return -1;
}

static int store(struct parser *parser, const struct option_row *row,
                 const char *value)
{
    void *target = (char *)parser->out + row->offset;

    parser->used |= UINT64_C(1) << (row - option_table);
    switch (row->kind) {
    case OPTION_SET:
        *(int *)target = row->number;
        return 0;
    case OPTION_TEXT:
        *(const char **)target = value;
        return 0;
    case OPTION_LIST:
        return add_word(target, value);
    case OPTION_NUMBER:
        return set_number(row, target, value);
    case OPTION_CHOICE:
        return set_choice(row, target, value);
    }
    return -1;
}

/* The word after an option, as its value. */
static const char *next_value(struct parser *parser,
                              const struct option_row *row)
{
    if (parser->at >= parser->argc) {
        say("--%s needs a value: %s", row->name, row->value);
        return NULL;
    }
    return parser->argv[parser->at++];
}

static int parse_long(struct parser *parser, const char *word)
{
    size_t len = strcspn(word, "=");
    const struct option_row *row = find_long(word, len);
    const char *value = word[len] ? word + len + 1 : NULL;

    if (!row) {
        return unknown_long(parser, word, len);
    }
    if (row->kind == OPTION_SET) {
        if (value) {
            say("--%s takes no value", row->name);
            return -1;
        }
        return store(parser, row, NULL);
    }
    if (!value) {
        value = next_value(parser, row);
    }
    return value ? store(parser, row, value) : -1;
}

/* -qv, -j4, -j 4 */
static int parse_cluster(struct parser *parser, const char *word)
{
    for (; *word; word++) {
        const struct option_row *row = find_letter(*word);
        if (!row) {
            return unknown_letter(parser, *word);
        }
        if (row->kind != OPTION_SET) {
            const char *value = word[1] ? word + 1 : next_value(parser, row);
            return value ? store(parser, row, value) : -1;
        }
        if (store(parser, row, NULL) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The first operand may name the job. */
static int parse_operand(struct parser *parser, const char *word)
{
    if (!parser->job_closed) {
        parser->job_closed = 1;
        for (unsigned job = 0; job_names[job]; job++) {
            if (strcmp(word, job_names[job]) == 0) {
                parser->out->job = (enum job)job;
                return 0;
            }
        }
    }
    return add_word(&parser->out->operands, word);
}

static int parse_words(struct parser *parser)
{
    int only_operands = 0;

    while (parser->at < parser->argc) {
        const char *word = parser->argv[parser->at++];
        int status;
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            status = parse_operand(parser, word);
        } else if (strcmp(word, "--") == 0) {
            only_operands = 1;
            parser->job_closed = 1;
            status = 0;
        } else if (word[1] == '-') {
            status = parse_long(parser, word + 2);
        } else {
            status = parse_cluster(parser, word + 1);
        }
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

static int check_jobs(const struct parser *parser)
{
    if (parser->out->format == INFSCAN_FORMAT_CSV &&
        parser->out->job != JOB_SCAN) {
        say("--format csv has a row for each file scanned; '%s' has none",
            job_names[parser->out->job]);
        return -1;
    }
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if ((parser->used >> i & 1) &&
            !(option_table[i].jobs >> parser->out->job & 1)) {
            say("--%s is not an option of '%s'; see --help",
                option_table[i].name, job_names[parser->out->job]);
            return -1;
        }
    }
    return 0;
}

/* NAME=VALUE words, understood. */
static int read_limits(struct options *options)
{
    const struct word_list *words = &options->limit_words;

    options->limits = calloc(words->n + 1, sizeof *options->limits);
    if (!options->limits) {
        say("out of memory");
        return -1;
    }
    for (size_t i = 0; i < words->n; i++) {
        if (strcmp(words->items[i], "help") == 0) {
            options->limit_help = 1;
        } else if (limit_parse(words->items[i],
                               &options->limits[options->n_limits++]) != 0) {
            return -1;
        }
    }
    return 0;
}

int options_parse(int argc, char **argv, struct options *out)
{
    struct parser parser = {.argv = argv, .argc = argc, .at = 1, .out = out};

    *out = (struct options){
        .format = FORMAT_UNSAID,
        .max_depth = UINT_MAX,
        .fail_on = FAIL_ON_SUSPICIOUS,
    };
    if (parse_words(&parser) != 0 || check_jobs(&parser) != 0 ||
        read_limits(out) != 0) {
        options_deinit(out);
        return -1;
    }
    if (out->format == FORMAT_UNSAID) {
        out->format = out->stream ? INFSCAN_FORMAT_NDJSON : INFSCAN_FORMAT_TEXT;
    }
    return 0;
}

void options_deinit(struct options *options)
{
    free(options->operands.items);
    free(options->include.items);
    free(options->exclude.items);
    free(options->rules.items);
    free(options->launchers.items);
    free(options->passwords.items);
    free(options->limit_words.items);
    free(options->limits);
    *options = (struct options){0};
}

static const char help_head[] =
    "Examples:\n"
    "  infscan file.inf                      what would this file do?\n"
    "  infscan -q folder                     one line for each INF in it\n"
    "  infscan -f ndjson folder | jq .       one JSON record a file\n"
    "  find . -print0 | infscan --files-from - -0 -q\n"
    "  infscan --launcher cmstp file.inf     only what cmstp.exe would do\n"
    "  infscan decode 'cmd /c p^o^w^ershell' peel one command line\n"
    "  infscan explain powershell.hidden-window\n"
    "\n"
    "Usage:\n"
    "  infscan [OPTION]... [FILE|DIR|-]...   scan\n"
    "  infscan dump [OPTION]... FILE...      sections, keys and fields\n"
    "  infscan decode [OPTION]... [--] COMMAND | -\n"
    "  infscan rules list|check|test [FILE|DIR]...\n"
    "  infscan explain NAME                  what a rule, diagnostic, "
    "launcher,\n"
    "                                        directive or key means\n"
    "  infscan diff [OPTION]... A.inf B.inf  what only one of them would do\n"
    "  infscan schema                        JSON Schema of the records\n"
    "\n"
    "Options:\n";

static const char help_tail[] =
    "\n"
    "Exit status: 0 nothing found, 1 a verdict at or above --fail-on,\n"
    "2 usage or set-up error, 3 some input could not be analysed.\n"
    "See infscan(1) and infscan-json(5).\n";

void options_help(void)
{
    fputs(help_head, stdout);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_row *row = &option_table[i];
        char left[40];
        char letter[8] = "    ";
        if (row->letter) {
            snprintf(letter, sizeof letter, "-%c, ", row->letter);
        }
        snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name,
                 row->value ? " " : "", row->value ? row->value : "");
        if (strlen(left) > 23) {
            printf("  %s\n  %-23s %s\n", left, "", row->help);
        } else {
            printf("  %-23s %s\n", left, row->help);
        }
    }
    fputs(help_tail, stdout);
}
