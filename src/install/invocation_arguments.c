/* SPDX-License-Identifier: MIT */
#include "install/invocation_arguments.h"

#include "install/path.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])
#define MAX_PARTS 8

enum switch_value {
    VALUE_NONE,
    VALUE_INF,
    VALUE_SKIPPED,
    VALUE_IMPLIED
};

static const struct switch_row {
    enum way_id way;
    const char *name;
    enum switch_value value;
    const char *word;
    unsigned cases;
} switches[] = {
#define SWITCH(way, name, value, word, cases, source)                          \
    {WAY_##way, name, VALUE_##value, word, cases},
#include "install/switches.def"
#undef SWITCH
};

/* A number whose bits `mask` are `value`, or, where `text` is given, a word. */
static const struct flag_row {
    const char *argument;
    int64_t mask;
    int64_t value;
    const char *text;
    const char *word;
} flags[] = {
#define FLAG(argument, bit, word, source) {#argument, bit, bit, NULL, word},
#define VALUE(argument, mask, value, word, source)                             \
    {#argument, mask, value, NULL, word},
#define WORD(argument, text, word, source) {#argument, 0, 0, text, word},
#include "install/invocation_flags.def"
#undef FLAG
#undef VALUE
#undef WORD
};

void invocation_fact(struct invocation *invocation, const char *fact)
{
    for (uint32_t i = 0; i < invocation->n_facts; i++) {
        if (strcmp(invocation->facts[i], fact) == 0) {
            return;
        }
    }
    if (*fact && invocation->n_facts < INVOCATION_MAX_FACTS) {
        invocation->facts[invocation->n_facts++] = fact;
    }
}

static struct str unquoted(struct str s)
{
    s = str_trim(s);
    if (s.len && s.bytes[0] == '"') {
        s = str_sub(s, 1, s.len - 1);
    }
    if (s.len && s.bytes[s.len - 1] == '"') {
        s.len--;
    }
    return s;
}

/* One argument by its name in ways.def. */
static void take(struct invocation *out, struct str argument, struct str value)
{
    int64_t number = 0;

    if (str_equal(argument, STR("INF")) || str_equal(argument, STR("FOLDER"))) {
        out->inf = value;
        return;
    }
    if (str_equal(argument, STR("SECTION")) && value.len) {
        out->section = value;
        return;
    }
    bool is_number = str_parse_int(value, &number);
    for (size_t i = 0; i < N_OF(flags); i++) {
        const struct flag_row *row = &flags[i];
        bool fits = row->text ? str_equal_fold(value, str_from(row->text))
                              : is_number && (number & row->mask) == row->value;
        if (fits && str_equal(argument, str_from(row->argument))) {
            invocation_fact(out, row->word);
        }
    }
}

/* --- commas --- */

/* The next part; commas within quotes divide nothing. */
static bool next_part(struct str *rest, struct str *out)
{
    bool quoted = false;
    size_t end = 0;

    if (!rest->bytes) {
        return false;
    }
    for (; end < rest->len && (quoted || rest->bytes[end] != ','); end++) {
        quoted = (rest->bytes[end] == '"') != quoted;
    }
    *out = unquoted(str_sub(*rest, 0, end));
    *rest =
        end < rest->len ? str_sub(*rest, end + 1, rest->len) : str_of(NULL, 0);
    return true;
}

/* Microsoft's page of LaunchINFSection has a cabinet in third place, where
 * everybody has the flags: a number there decides. Source: Wine,
 * advpack/install.c. */
static struct str layout_of(const struct way *way, const struct str *parts,
                            size_t n)
{
    int64_t number;
    bool has_flags = n < 3 || !parts[2].len || str_parse_int(parts[2], &number);

    return str_find(way->arguments, STR(",FLAGS,"), 0) != STR_NONE &&
                   (!has_flags || n > 4 ||
                    (n == 4 && !parts[2].len &&
                     str_parse_int(parts[3], &number)))
               ? STR("INF,SECTION,CAB,FLAGS_EX,REBOOT")
               : way->arguments;
}

static void read_commas(const struct way *way, struct str rest,
                        struct invocation *out)
{
    struct str parts[MAX_PARTS];
    struct str argument;
    size_t n = 0;

    while (n < MAX_PARTS && next_part(&rest, &parts[n])) {
        n++;
    }
    while (n > 1 && !parts[n - 1].len) { /* a comma at the end is usual */
        n--;
    }
    struct str layout = layout_of(way, parts, n);
    for (size_t i = 0; i < n && str_next(&layout, ',', &argument); i++) {
        take(out, argument, parts[i]);
    }
}

/* --- blanks --- */

static void read_blanks(const struct way *way, struct str rest,
                        struct invocation *out)
{
    struct str layout = way->arguments;
    struct str argument;

    while (str_next(&layout, ' ', &argument)) {
        rest = str_trim(rest);
        size_t blank = layout.bytes ? str_find_char(rest, ' ', 0) : rest.len;
        size_t end = blank == STR_NONE ? rest.len : blank;
        take(out, argument, unquoted(str_sub(rest, 0, end)));
        rest = str_sub(rest, end, rest.len - end);
    }
}

/* --- words --- */

struct words {
    const struct way *way;
    const struct cmdline *line;
    uint32_t at; /* next word */
    struct invocation *out;
};

static const struct switch_row *find_switch(const struct way *way,
                                            struct str name)
{
    for (size_t i = 0; i < N_OF(switches); i++) {
        if (switches[i].way == way->id &&
            str_equal_fold(name, str_from(switches[i].name))) {
            return &switches[i];
        }
    }
    return NULL;
}

static void use_switch(struct words *words, const struct switch_row *row,
                       struct str value)
{
    struct invocation *out = words->out;

    invocation_fact(out, row->word);
    out->cases |= row->cases;
    if (row->value == VALUE_IMPLIED) {
        out->inf = STR("ieuinit.inf"); /* of the folder it is started in */
        return;
    }
    if (row->value == VALUE_NONE) {
        return;
    }
    if (!value.bytes && words->at < words->line->n) {
        value = slice_str(words->line->arguments[words->at++].value);
    }
    if (row->value == VALUE_INF && value.len) {
        out->inf = value;
    }
}

static bool read_switch(struct words *words, struct str word)
{
    if (word.len < 2 || !strchr("/-", word.bytes[0])) {
        return false;
    }
    struct str rest = str_sub(word, 1, word.len - 1);
    struct str name = rest;
    struct str value = {NULL, 0};
    size_t colon = rest.bytes ? str_find_char(rest, ':', 0) : STR_NONE;
    if (colon != STR_NONE) {
        name = str_sub(rest, 0, colon);
        value = str_sub(rest, colon + 1, rest.len - colon - 1);
    }
    const struct switch_row *row = find_switch(words->way, name);
    if (row) {
        use_switch(words, row, value);
    } else {
        invocation_fact(words->out, "unknown-switch");
    }
    return true;
}

/* A path with blanks that nobody put quotes around: words are joined until it
 * ends as INFs do. */
static struct str join_path(struct words *words, struct slice first)
{
    const struct cmdline *line = words->line;
    struct str path = slice_str(first);

    for (uint32_t i = words->at;
         i < line->n && !str_ends_fold(path, STR(".inf")); i++) {
        struct slice raw = line->arguments[i].raw;
        if (raw.text != first.text || strchr("/-\"", slice_str(raw).bytes[0])) {
            break;
        }
        path = str_of(path.bytes, raw.off + raw.len - first.off);
        if (str_ends_fold(path, STR(".inf"))) {
            words->at = i + 1;
            return path;
        }
    }
    return slice_str(first);
}

static void read_words(struct words *words)
{
    struct str layout = words->way->arguments;
    struct str argument;

    while (words->at < words->line->n) {
        const struct argument *word = &words->line->arguments[words->at++];
        struct str value = slice_str(word->value);
        if (!value.len || read_switch(words, value) || !layout.len ||
            !str_next(&layout, ' ', &argument)) {
            continue;
        }
        if (str_equal(argument, STR("COMMAND"))) {
            const struct switch_row *row = find_switch(words->way, value);
            if (!row) { /* another command of the program: takes no INF */
                return;
            }
            use_switch(words, row, STR(""));
        } else if (str_equal(argument, STR("INF"))) {
            take(words->out, argument,
                 str_equal(value, slice_str(word->raw))
                     ? join_path(words, word->raw)
                     : value);
        }
    }
}

bool invocation_arguments(struct arena *arena, const struct way *way,
                          struct slice tail, const struct cmdline *words,
                          struct invocation *out)
{
    struct words reader = {.way = way, .line = words, .at = 1, .out = out};
    struct cmdline rest;

    switch (way->grammar) {
    case GRAMMAR_COMMAS:
        read_commas(way, slice_str(tail), out);
        break;
    case GRAMMAR_BLANKS:
        read_blanks(way, slice_str(tail), out);
        break;
    case GRAMMAR_REST:
        take(out, way->arguments, unquoted(slice_str(tail)));
        break;
    case GRAMMAR_WORDS:
        if (way->library.len) { /* the program's words are rundll32's own */
            if (!cmdline_split(arena, tail, &rest)) {
                return false;
            }
            reader.line = &rest;
            reader.at = 0;
        }
        read_words(&reader);
        break;
    case GRAMMAR_NONE:
        break;
    }
    return out->inf.len > 0;
}
