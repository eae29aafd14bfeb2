/* SPDX-License-Identifier: MIT */
#include "cli/nearest.h"

#include <stdint.h>
#include <string.h>

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

static char folded(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* Levenshtein's, one row at a time. */
size_t nearest_distance(const char *a, const char *b)
{
    size_t row[NEAREST_MAX_LENGTH + 1];
    size_t len_a = strlen(a);
    size_t len_b = strlen(b);

    if (len_a > NEAREST_MAX_LENGTH || len_b > NEAREST_MAX_LENGTH) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= len_b; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= len_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= len_b; j++) {
            size_t above = row[j];
            row[j] =
                smallest(above + 1, row[j - 1] + 1,
                         diagonal + (folded(a[i - 1]) != folded(b[j - 1])));
            diagonal = above;
        }
    }
    return row[len_b];
}

const char *nearest_name(const char *name, const char *const *names)
{
    const char *best = names[0];
    size_t least = SIZE_MAX;

    for (size_t i = 0; names[i]; i++) {
        size_t distance = nearest_distance(name, names[i]);
        if (distance < least) {
            least = distance;
            best = names[i];
        }
    }
    return best;
}
