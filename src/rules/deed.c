/* SPDX-License-Identifier: MIT */
#include "rules/deed.h"

#include "install/registry.h"
#include "rules/rule.h"

enum deed_how {
    REG_ADD,
    REG_DELETE,
    SC_CREATE,
    SC_CONFIG,
    SC_DELETE,
    PS_SET,
    PS_DELETE,
    PS_SERVICE,
    SCRIPT_SET
};

static const struct row {
    struct str program;
    struct str verb;
    enum deed_how how;
} rows[] = {
#define DEED(program, verb, how, source)                                       \
    {{program, sizeof(program) - 1}, {verb, sizeof(verb) - 1}, how},
#include "rules/deeds.def"
#undef DEED
};

/* The words of one command, up to the sign that ends it. */
struct words {
    struct slice line;
    struct str s;
    size_t at;
    struct str ends;
};

static const struct str shell_ends = {"&|<>\r\n", 6};
static const struct str script_ends = {"&|;,(){}\r\n", 10};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* How many bytes open a quoted word here: ", ' or \" of a line within quotes.
 */
static size_t quote_length(struct str s, size_t at)
{
    char c = str_at(s, at);

    if (c == '"' || c == '\'') {
        return 1;
    }
    return c == '\\' && str_at(s, at + 1) == '"' ? 2 : 0;
}

/* Where the word closes that opens at `at` with so many bytes. */
static size_t find_close(const struct words *words, size_t at, size_t opening)
{
    struct str s = words->s;
    bool escapes = opening == 1 && words->ends.bytes == shell_ends.bytes;
    struct str mark = str_sub(s, at, opening);
    size_t close = at + opening;

    for (;;) {
        close = str_find(s, mark, close);
        if (close == STR_NONE) {
            return s.len;
        }
        /* \" within "..." is a quote of the value's own */
        if (escapes && s.bytes[close] == '"' && close > at + 1 &&
            s.bytes[close - 1] == '\\') {
            close++;
            continue;
        }
        return close;
    }
}

static size_t skip_word(const struct words *words, size_t at)
{
    while (at < words->s.len && !is_blank(words->s.bytes[at]) &&
           str_find_char(words->ends, words->s.bytes[at], 0) == STR_NONE) {
        at++;
    }
    return at;
}

/* The next word without its quotes; false behind the last. */
static bool next_word(struct words *words, struct slice *out)
{
    struct str s = words->s;

    while (is_blank(str_at(s, words->at))) {
        words->at++;
    }
    size_t start = words->at;
    if (start >= s.len ||
        str_find_char(words->ends, s.bytes[start], 0) != STR_NONE) {
        return false;
    }
    size_t opening = quote_length(s, start);
    if (opening) {
        size_t close = find_close(words, start, opening);
        *out = slice_sub(words->line, start + opening, close - start - opening);
        words->at =
            skip_word(words, close + opening < s.len ? close + opening : s.len);
        return true;
    }
    size_t end = skip_word(words, start);
    words->at = end;
    while (end > start && quote_length(s, end - 1)) {
        end--; /* of the line that this one stands in */
    }
    *out = slice_sub(words->line, start, end - start);
    return true;
}

/* A key with its root taken off: HKLM\A, HKLM:\A, \\host\HKLM\A and
 * Registry::HKEY_LOCAL_MACHINE\A. */
static enum registry_root take_root(struct slice *key)
{
    struct str s = slice_str(*key);
    size_t start = str_find(s, STR("::"), 0);

    start = start == STR_NONE ? 0 : start + 2;
    if (str_starts_fold(s, STR("\\\\"))) {
        size_t host = str_find_char(s, '\\', 2);
        start = host == STR_NONE ? 0 : host + 1;
    }
    size_t slash = str_find_char(s, '\\', start);
    size_t end = slash == STR_NONE ? s.len : slash;
    size_t name_end = end > start && s.bytes[end - 1] == ':' ? end - 1 : end;
    enum registry_root root =
        registry_root_parse(str_sub(s, start, name_end - start));
    *key = slice_sub(*key, end, s.len);
    return root;
}

/* KEY -> VALUE = DATA; without data KEY -> VALUE, as DelReg has it. */
static enum deed_result word_value(struct arena *arena, struct slice key,
                                   struct slice value, const struct slice *data,
                                   struct deed *out)
{
    static const struct registry_base no_base;
    struct text_builder builder;
    enum registry_root root = take_root(&key);

    if (root == REGISTRY_NO_ROOT || root == REGISTRY_HKR) {
        return DEED_NONE;
    }
    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    registry_build_key(&builder, root, &no_base, key, out->from);
    text_build_stand_in(&builder, STR(" -> "), out->from);
    if (value.len || !data) {
        text_build_copy(&builder, value);
    } else {
        text_build_stand_in(&builder, STR("(default)"), out->from);
    }
    if (data) {
        text_build_stand_in(&builder, STR(" = "), out->from);
        text_build_copy(&builder, *data);
    }
    out->target = data ? INFSCAN_WRITE_REGISTRY : INFSCAN_DELETE_REGISTRY;
    out->text = slice_all(text_build_finish(&builder));
    return out->text.text ? DEED_FOUND : DEED_NO_MEMORY;
}

/* A value of the key of a service. */
static enum deed_result word_service_value(struct arena *arena,
                                           struct slice name, const char *value,
                                           struct str data, struct slice from,
                                           struct deed *out)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_stand_in(
        &builder, STR("HKLM\\SYSTEM\\CurrentControlSet\\Services\\"), name);
    text_build_copy(&builder, name);
    text_build_stand_in(&builder, STR(" -> "), name);
    text_build_stand_in(&builder, str_from(value), name);
    text_build_stand_in(&builder, STR(" = "), name);
    text_build_stand_in(&builder, data, from);
    out->target = INFSCAN_WRITE_REGISTRY;
    out->text = slice_all(text_build_finish(&builder));
    return out->text.text ? DEED_FOUND : DEED_NO_MEMORY;
}

static bool is_option(struct slice word, struct str name)
{
    struct str s = slice_str(word);

    return (str_at(s, 0) == '/' || str_at(s, 0) == '-') &&
           str_equal_fold(str_sub(s, 1, s.len), name);
}

static enum deed_result read_reg(struct arena *arena, struct words *words,
                                 enum deed_how how, struct deed *out)
{
    struct slice key, word;
    struct slice value = SLICE_NONE;
    struct slice data = SLICE_NONE;

    if (!next_word(words, &key)) {
        return DEED_NONE;
    }
    while (next_word(words, &word)) {
        if (is_option(word, STR("v"))) {
            next_word(words, &value);
        } else if (is_option(word, STR("d"))) {
            next_word(words, &data);
        } else if (is_option(word, STR("t"))) {
            next_word(words, &word);
        }
    }
    return word_value(arena, key, value, how == REG_ADD ? &data : NULL, out);
}

/* What sc's words for how a service starts are in the registry. */
static struct str start_number(struct str word)
{
    static const struct {
        const char *word;
        const char *number;
    } starts[] = {{"boot", "0"},      {"system", "1"},   {"auto", "2"},
                  {"demand", "3"},    {"disabled", "4"}, {"delayed-auto", "2"},
                  {"automatic", "2"}, {"manual", "3"}};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (str_equal_fold(word, str_from(starts[i].word))) {
            return str_from(starts[i].number);
        }
    }
    return STR("3");
}

static struct str type_number(struct str word)
{
    return str_equal_fold(word, STR("kernel"))    ? STR("1")
           : str_equal_fold(word, STR("filesys")) ? STR("2")
           : str_equal_fold(word, STR("share"))   ? STR("32")
                                                  : STR("16");
}

struct service {
    struct slice name;
    struct slice binary;
    struct slice failure; /* the command to run after one */
    struct slice start;
    struct slice type;
};

/* "binPath= X" and "binPath=X" */
static void read_sc_options(struct words *words, struct service *service)
{
    const struct {
        struct str name;
        struct slice *value;
    } options[] = {{{"binpath=", 8}, &service->binary},
                   {{"command=", 8}, &service->failure},
                   {{"start=", 6}, &service->start},
                   {{"type=", 5}, &service->type}};
    struct slice word;

    while (next_word(words, &word)) {
        for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
            struct str name = options[i].name;
            if (!str_starts_fold(slice_str(word), name)) {
                continue;
            }
            struct slice value = slice_sub(word, name.len, word.len);
            if (value.len) {
                size_t opening = quote_length(slice_str(value), 0);
                *options[i].value = slice_sub(value, opening, value.len);
            } else {
                next_word(words, options[i].value);
            }
            break;
        }
    }
}

/* NAME | BINARY | type=N | start=N */
static enum deed_result word_service(struct arena *arena,
                                     const struct service *service,
                                     struct deed *out)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_copy(&builder, service->name);
    text_build_stand_in(&builder, STR(" | "), out->from);
    text_build_copy(&builder, service->binary);
    text_build_stand_in(&builder, STR(" | type="), out->from);
    text_build_stand_in(&builder, type_number(slice_str(service->type)),
                        out->from);
    text_build_stand_in(&builder, STR(" | start="), out->from);
    text_build_stand_in(&builder, start_number(slice_str(service->start)),
                        out->from);
    out->target = INFSCAN_INSTALL_SERVICE;
    out->text = slice_all(text_build_finish(&builder));
    return out->text.text ? DEED_FOUND : DEED_NO_MEMORY;
}

static enum deed_result read_sc(struct arena *arena, struct words *words,
                                enum deed_how how, struct deed *out)
{
    struct service service = {0};

    if (!next_word(words, &service.name)) {
        return DEED_NONE;
    }
    read_sc_options(words, &service);
    if (how == SC_DELETE) {
        out->target = INFSCAN_DELETE_SERVICE;
        out->text = service.name;
        return DEED_FOUND;
    }
    if (how == SC_CREATE) {
        return word_service(arena, &service, out);
    }
    if (service.failure.len) {
        return word_service_value(arena, service.name, "FailureCommand",
                                  slice_str(service.failure), service.failure,
                                  out);
    }
    if (service.binary.len) {
        return word_service_value(arena, service.name, "ImagePath",
                                  slice_str(service.binary), service.binary,
                                  out);
    }
    return service.start.len
               ? word_service_value(arena, service.name, "Start",
                                    start_number(slice_str(service.start)),
                                    service.start, out)
               : DEED_NONE;
}

/* Which parameter a word with a dash is, abbreviated or not. */
static size_t find_parameter(struct str word, const struct str *names, size_t n)
{
    struct str given = str_sub(word, 1, word.len);

    for (size_t i = 0; given.len && i < n; i++) {
        if (str_starts_fold(names[i], given)) {
            return i;
        }
    }
    return n;
}

/* Parameters by name, and what stands before none by position: the first
 * n_positions of `names`. */
static void read_parameters(struct words *words, const struct str *names,
                            size_t n, size_t n_positions, struct slice *values)
{
    struct slice word;
    size_t position = 0;

    while (next_word(words, &word)) {
        struct str s = slice_str(word);
        bool quoted = word.off > words->line.off &&
                      quote_length(words->s, word.off - words->line.off - 1);
        if (s.len > 1 && s.bytes[0] == '-' && !quoted) {
            size_t i = find_parameter(s, names, n);
            if (i < n) {
                next_word(words, &values[i]);
            }
            continue;
        }
        while (position < n_positions && values[position].text) {
            position++;
        }
        if (position < n_positions) {
            values[position] = word;
        }
    }
}

static enum deed_result read_item(struct arena *arena, struct words *words,
                                  enum deed_how how, struct deed *out)
{
    static const struct str names[] = {
        {"path", 4},          {"name", 4},
        {"value", 5},         {"literalpath", 11},
        {"propertytype", 12}, {"type", 4},
        {"erroraction", 11},  {"ea", 2}};
    struct slice values[sizeof names / sizeof *names] = {SLICE_NONE};

    read_parameters(words, names, sizeof names / sizeof *names, 3, values);
    struct slice path = values[0].text ? values[0] : values[3];
    return path.text ? word_value(arena, path, values[1],
                                  how == PS_SET ? &values[2] : NULL, out)
                     : DEED_NONE;
}

static enum deed_result read_new_service(struct arena *arena,
                                         struct words *words, struct deed *out)
{
    static const struct str names[] = {{"name", 4},
                                       {"binarypathname", 14},
                                       {"startuptype", 11},
                                       {"displayname", 11},
                                       {"description", 11}};
    struct slice values[sizeof names / sizeof *names] = {SLICE_NONE};

    read_parameters(words, names, sizeof names / sizeof *names, 2, values);
    const struct service service = {.name = values[0],
                                    .binary = values[1],
                                    .start = values[2].text ? values[2]
                                                            : SLICE_NONE};
    return service.binary.text ? word_service(arena, &service, out) : DEED_NONE;
}

/* RegWrite "HKCU\A\value", "data"; a path that ends in \ is a default value. */
static enum deed_result read_regwrite(struct arena *arena, struct words *words,
                                      struct deed *out)
{
    struct slice path, data;

    while (str_at(words->s, words->at) == '(' ||
           is_blank(str_at(words->s, words->at))) {
        words->at++;
    }
    if (!next_word(words, &path)) {
        return DEED_NONE;
    }
    while (str_at(words->s, words->at) == ',' ||
           is_blank(str_at(words->s, words->at))) {
        words->at++;
    }
    struct str s = slice_str(path);
    size_t cut = s.len;
    while (cut && s.bytes[cut - 1] != '\\') {
        cut--;
    }
    return cut && next_word(words, &data)
               ? word_value(arena, slice_sub(path, 0, cut - 1),
                            slice_sub(path, cut, s.len), &data, out)
               : DEED_NONE;
}

static enum deed_result read_deed(struct arena *arena, struct words *words,
                                  enum deed_how how, struct deed *out)
{
    switch (how) {
    case REG_ADD:
    case REG_DELETE:
        return read_reg(arena, words, how, out);
    case SC_CREATE:
    case SC_CONFIG:
    case SC_DELETE:
        return read_sc(arena, words, how, out);
    case PS_SET:
    case PS_DELETE:
        return read_item(arena, words, how, out);
    case PS_SERVICE:
        return read_new_service(arena, words, out);
    case SCRIPT_SET:
        return read_regwrite(arena, words, out);
    }
    return DEED_NONE;
}

/* The row whose words begin here, and where they end. */
static const struct row *find_row(struct str s, size_t at, size_t *end)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str rest = str_sub(s, at, s.len);
        if (!str_starts_fold(rest, rows[i].program)) {
            continue;
        }
        size_t next = at + rows[i].program.len;
        if (str_starts_fold(str_sub(s, next, 4), STR(".exe"))) {
            next += 4;
        }
        next += quote_length(s, next);
        if (!is_blank(str_at(s, next)) && str_at(s, next) != '(') {
            continue;
        }
        while (is_blank(str_at(s, next))) {
            next++;
        }
        /* sc \\host create */
        if (rows[i].verb.len && str_at(s, next) == '\\') {
            size_t blank = str_find_char(s, ' ', next);
            next = blank == STR_NONE ? s.len : blank + 1;
        }
        if (rows[i].verb.len &&
            (!str_starts_fold(str_sub(s, next, s.len), rows[i].verb) ||
             !is_blank(str_at(s, next + rows[i].verb.len)))) {
            continue;
        }
        *end = next + rows[i].verb.len;
        return &rows[i];
    }
    return NULL;
}

/* Whether some row's program begins with the letter. */
static bool may_begin(char c)
{
    c = ascii_lower(c);
    return c == 'r' || c == 's' || c == 'n';
}

enum deed_result deed_next(struct arena *arena, struct slice text, size_t *at,
                           struct deed *out)
{
    struct str s = slice_str(text);
    size_t end;

    for (; *at < s.len; (*at)++) {
        char before = *at ? s.bytes[*at - 1] : ' ';
        if (!may_begin(s.bytes[*at]) || ascii_is_alnum(before) ||
            before == '-' || before == '_') {
            continue;
        }
        const struct row *row = find_row(s, *at, &end);
        if (!row) {
            continue;
        }
        struct words words = {.line = text,
                              .s = s,
                              .at = end,
                              .ends =
                                  row->how < PS_SET ? shell_ends : script_ends};
        size_t start = *at;
        size_t last = end; /* to be behind it whatever comes of it */
        for (size_t i = end; i < s.len; i++) {
            if (str_find_char(words.ends, s.bytes[i], 0) != STR_NONE) {
                break;
            }
            last = i + 1;
        }
        out->from = slice_sub(text, start, last - start);
        *at = end;
        enum deed_result result = read_deed(arena, &words, row->how, out);
        if (result != DEED_NONE) {
            return result;
        }
    }
    return DEED_NONE;
}
