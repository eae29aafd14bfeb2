/* SPDX-License-Identifier: MIT */
#include "install/flag.h"

#include "install/walk.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    enum flag_group group;
    uint32_t bit;
    const char *word;
} rows[] = {
#define FLAG(group, bit, word, source) {FLAGS_##group, bit, word},
#include "install/flags.def"
#undef FLAG
};

const char *flag_word(enum flag_group group, uint32_t bit)
{
    for (size_t i = 0; i < N_OF(rows); i++) {
        if (rows[i].group == group && rows[i].bit == bit) {
            return rows[i].word;
        }
    }
    return NULL;
}

bool flag_is_word(struct str word)
{
    for (size_t i = 0; i < N_OF(rows); i++) {
        if (str_equal(str_from(rows[i].word), word)) {
            return true;
        }
    }
    return false;
}

struct slice walk_flags(struct walk *walk, enum flag_group group, int64_t flags,
                        struct slice written)
{
    const char *first = NULL;
    struct wording words;
    unsigned n = 0;
    for (uint32_t left = (uint32_t)flags; left; left &= left - 1) {
        const char *word = flag_word(group, left & (0 - left)); /* lowest bit */
        if (!word) {
            continue;
        }
        if (++n == 1) {
            first = word; /* most have one alone, which is made once */
            continue;
        }
        if (n == 2) {
            wording_begin(&words, walk, written);
            wording_say(&words, first);
        }
        wording_say(&words, ",");
        wording_say(&words, word);
    }
    if (n == 0) {
        return SLICE_NONE;
    }
    return n == 1 ? walk_word(walk, first) : wording_end(&words, walk, written);
}
