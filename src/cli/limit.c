/* SPDX-License-Identifier: MIT */
#include "cli/limit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <infscan/scanner.h>

#include "cli/nearest.h"
#include "cli/say.h"

#define MAX_LIMITS 64
#define HELP_COLUMNS 79
#define HELP_INDENT 21 /* of reasons, under the numbers */

/* The limit whose name is the first `len` letters of a word; or NULL. */
static const struct infscan_limit *find(const char *word, size_t len)
{
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);

    for (size_t i = 0; i < n; i++) {
        if (strlen(limits[i].name) == len &&
            memcmp(limits[i].name, word, len) == 0) {
            return &limits[i];
        }
    }
    return NULL;
}

static int unknown(const char *word, size_t len)
{
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);
    const char *names[MAX_LIMITS + 1] = {NULL};
    char *name = strndup(word, len);

    for (size_t i = 0; i < n && i < MAX_LIMITS; i++) {
        names[i] = limits[i].name;
    }
    say("unknown limit '%s'; did you mean %s? --limit help lists them",
        name ? name : "", nearest_name(name ? name : "", names));
    free(name);
    return -1;
}

/* Bits that a unit's letter shifts by; -1: no such unit. */
static int unit_bits(const char *end)
{
    static const char letters[] = "KMG";
    const char *found = *end ? strchr(letters, *end & ~0x20) : NULL;

    if (*end == '\0') {
        return 0;
    }
    return found && end[1] == '\0' ? 10 * (int)(found - letters + 1) : -1;
}

static int parse_value(const char *text, uint64_t *out)
{
    char *end;

    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    int bits = unit_bits(end);
    if (errno || text[0] < '0' || text[0] > '9' || bits < 0 ||
        value > UINT64_MAX >> bits) {
        return -1;
    }
    *out = value << bits;
    return 0;
}

int limit_parse(const char *word, struct infscan_limit_value *out)
{
    size_t len = strcspn(word, "=");
    const struct infscan_limit *limit = find(word, len);
    uint64_t value;

    if (!word[len]) {
        say("--limit takes NAME=VALUE, not '%s'; --limit help lists them",
            word);
        return -1;
    }
    if (!limit) {
        return unknown(word, len);
    }
    if (parse_value(word + len + 1, &value) != 0 || value < limit->least ||
        value > limit->most) {
        say("the limit %s takes a number from %" PRIu64 " to %" PRIu64
            " (%s), not '%s'",
            limit->name, limit->least, limit->most, limit->unit,
            word + len + 1);
        return -1;
    }
    *out = (struct infscan_limit_value){limit->name, value};
    return 0;
}

/* A sentence on lines that a terminal of 80 columns holds. */
static void print_wrapped(const char *words)
{
    int used = 0;

    while (*words) {
        int len = (int)strcspn(words, " ");
        if (used == 0 || used + 1 + len > HELP_COLUMNS) {
            printf("%s%*s", used ? "\n" : "", HELP_INDENT, "");
            used = HELP_INDENT;
        } else {
            putchar(' ');
            used++;
        }
        printf("%.*s", len, words);
        used += len;
        words += len;
        words += strspn(words, " ");
    }
    putchar('\n');
}

void limit_help(void)
{
    size_t n;
    const struct infscan_limit *limits = infscan_limits(&n);

    puts(
        "For --limit NAME=VALUE; K, M or G behind the value multiplies it by "
        "1024 once,\ntwice or three times. A limit that is reached is named in "
        "the record, whose\nstatus is then partial.\n");
    for (size_t i = 0; i < n; i++) {
        printf("  %-18s %" PRIu64 " %s\n", limits[i].name, limits[i].value,
               limits[i].unit);
        print_wrapped(limits[i].reason);
    }
}
