/* SPDX-License-Identifier: MIT */
/* Prints infscan-directives(7) for scdoc: the file that is named, and a section
 * for each of the tables. */
#include <stdio.h>
#include <stdlib.h>

#include "install/reference.h"

static const struct {
    enum topic_kind kind;
    const char *heading;
    const char *text;
} parts[] = {
    {TOPIC_LAUNCHER, "LAUNCHERS",
     "Programs that start an INF file, as *--launcher* and records name them."},
    {TOPIC_WAY, "COMMAND LINES",
     "What starts a launcher, as *--invocation* reads it and a log shows it. "
     "FILE and SECTION stand for themselves."},
    {TOPIC_DIRECTIVE, "DIRECTIVES", "Keys of install sections."},
    {TOPIC_SECTION, "SECTIONS BESIDE AN INSTALL SECTION",
     "Their names are that of the chosen section with one of these behind it."},
    {TOPIC_KEY, "OTHER SECTIONS AND KEYS",
     "What else a reader of INF files comes across."},
    {TOPIC_OTHER, "LINES THAT OTHER READERS ACT ON",
     "Answer files, packages, profiles and templates. The lines that count are "
     "named by section and key; \\* stands for any."},
};

/* What scdoc would take for markup is escaped. */
static void put(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_alnum(text.bytes[i]) &&
            !strchr(" .,;:()/'", text.bytes[i])) {
            putchar('\\');
        }
        putchar(text.bytes[i]);
    }
}

static int put_topic(enum topic_kind kind, size_t row)
{
    struct arena *arena = arena_new((size_t)1 << 20);
    struct reference_topic topic;

    if (!arena || !reference_topic(kind, row, arena, &topic)) {
        fputs("infscan-directives: out of memory\n", stderr);
        return -1;
    }
    printf("\n*");
    put(topic.name);
    printf("*\n\t");
    put(topic.effect);
    printf(".");
    for (size_t i = 0; i < topic.n_facts; i++) {
        printf("++\n_%s_: ", topic.facts[i].label);
        put(topic.facts[i].text);
    }
    printf("++\n_Source_: ");
    put(topic.source);
    printf("\n");
    arena_free(arena);
    return 0;
}

static int copy_head(const char *path)
{
    FILE *file = fopen(path, "rb");
    int c;

    if (!file) {
        perror(path);
        return -1;
    }
    while ((c = getc(file)) != EOF) {
        putchar(c);
    }
    fclose(file);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 || copy_head(argv[1]) != 0) {
        fputs("usage: infscan-directives HEAD.scd\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        printf("\n# %s\n\n%s\n", parts[i].heading, parts[i].text);
        for (size_t k = 0; k < reference_count(parts[i].kind); k++) {
            if (put_topic(parts[i].kind, k) != 0) {
                return 1;
            }
        }
    }
    puts("\n# SEE ALSO\n\n*infscan*(1), *infscan-json*(5), *infscan-rules*(5)");
    return fflush(stdout) == 0 ? 0 : 1;
}
