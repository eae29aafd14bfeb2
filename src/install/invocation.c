/* SPDX-License-Identifier: MIT */
/* Which row of ways.def a command line is, and what that says of the INF.
 * Reading the arguments is invocation_arguments.c. */
#include "base/error.h"
#include "command/layer.h"
#include "install/invocation_arguments.h"
#include "install/path.h"

#define FACTS_BYTES                                                            \
    ((size_t)1024) /* names of all facts, and what divides them */

static const struct way ways[] = {
#define TEXT_OF(literal)                                                       \
    {                                                                          \
        literal, sizeof(literal) - 1                                           \
    }
#define WAY(id, name, programs, library, entry, ordinals, launcher, grammar,   \
            arguments, section, privileges, line, source)                      \
    {WAY_##id,                                                                 \
     name,                                                                     \
     TEXT_OF(programs),                                                        \
     TEXT_OF(library),                                                         \
     TEXT_OF(entry),                                                           \
     TEXT_OF(ordinals),                                                        \
     LAUNCHER_##launcher,                                                      \
     GRAMMAR_##grammar,                                                        \
     TEXT_OF(arguments),                                                       \
     TEXT_OF(section)},
#include "install/ways.def"
#undef WAY
#undef TEXT_OF
};

/* Whether a list, divided by `separator`, has a word. */
static bool list_has(struct str list, char separator, struct str word)
{
    struct str item;

    while (list.len && str_next(&list, separator, &item)) {
        if (str_equal_fold(item, word)) {
            return true;
        }
    }
    return false;
}

/* --- what rundll32 is told to call --- */

struct call {
    struct str library; /* base name, no .dll */
    struct str entry;   /* as written */
    struct str ordinal; /* digits, where `entry` is a number */
    struct slice rest;  /* what the function is given */
};

/* "#44", "#+44", "# 044", "#-4294967252": the number that atoi makes of it, of
 * which the low half counts. Empty for a name. */
static struct str ordinal_of(struct arena *arena, struct str entry)
{
    uint32_t number = 0;
    size_t at = 1;
    bool is_negative = false;

    if (!entry.bytes || !entry.len || entry.bytes[0] != '#') {
        return STR("");
    }
    while (at < entry.len && ascii_is_space(entry.bytes[at])) {
        at++;
    }
    if (at < entry.len && strchr("+-", entry.bytes[at])) {
        is_negative = entry.bytes[at++] == '-';
    }
    for (; at < entry.len && ascii_is_digit(entry.bytes[at]); at++) {
        number = number * 10 + (uint32_t)(entry.bytes[at] - '0');
    }
    number = (is_negative ? 0 - number : number) & 0xFFFF;
    char digits[6];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return arena_copy(arena, str_of(digits + n, sizeof digits - n));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "library,entry rest", the library with or without quotes. After it blanks and
 * commas divide, after the entry only a blank; behind a # blanks may come. */
static bool read_call(struct arena *arena, struct slice tail, struct call *out)
{
    struct str text = slice_str(tail);
    size_t at = 0;
    size_t end;

    while (at < text.len && is_blank(text.bytes[at])) {
        at++;
    }
    bool quoted = at < text.len && text.bytes[at] == '"';
    at += quoted ? 1 : 0;
    for (end = at; end < text.len; end++) {
        char c = text.bytes[end];
        if (quoted ? c == '"' : c == ',' || is_blank(c)) {
            break;
        }
    }
    out->library = path_base(str_sub(text, at, end - at));
    if (str_ends_fold(out->library, STR(".dll"))) {
        out->library.len -= 4;
    }
    at = end + (quoted && end < text.len ? 1 : 0);
    while (at < text.len &&
           (is_blank(text.bytes[at]) || text.bytes[at] == ',')) {
        at++;
    }
    end = at;
    while (end < text.len && (!is_blank(text.bytes[end]) ||
                              (text.bytes[end - 1] == '#' && end > at))) {
        end++;
    }
    out->entry = str_sub(text, at, end - at);
    out->ordinal = ordinal_of(arena, out->entry);
    out->rest = slice_trim(slice_sub(tail, end, tail.len - end));
    return out->entry.len > 0;
}

static bool names_entry(const struct way *way, const struct call *call)
{
    struct str entry = call->entry;

    if (call->ordinal.len) {
        return list_has(way->ordinals, ' ', call->ordinal);
    }
    if (entry.len == way->entry.len + 1 &&
        strchr("AWaw", entry.bytes[entry.len - 1])) {
        entry.len--;
    }
    return str_equal_fold(entry, way->entry);
}

/* The way that a call is. A name that only one library has tells it, whatever
 * the library is called. */
static const struct way *find_call(const struct call *call, bool *is_renamed)
{
    for (size_t i = 0; i < N_WAYS; i++) {
        if (ways[i].library.len &&
            str_equal_fold(call->library, ways[i].library) &&
            names_entry(&ways[i], call)) {
            return &ways[i];
        }
    }
    for (size_t i = 0; i < N_WAYS && !call->ordinal.len; i++) {
        if (ways[i].library.len && names_entry(&ways[i], call)) {
            *is_renamed = true;
            return &ways[i];
        }
    }
    return NULL;
}

/* --- the whole line --- */

/* Why a line is none of the ways; the first that says something counts. */
struct refusal {
    const char *says;
    struct str about;
};

static bool refuse(struct refusal *why, const char *says, struct str about)
{
    if (!why->says) {
        *why = (struct refusal){says, about};
    }
    return false;
}

static bool is_system(struct arena *arena, struct str program)
{
    struct str path = path_normalise(arena, program);

    return !path.bytes || !path_is_absolute(path) ||
           str_starts_fold(path, STR("C:\\Windows\\"));
}

/* Where the INF is, and what is odd about that. */
static void locate(struct arena *arena, struct invocation *out)
{
    static const enum launcher_id infs[] = {LAUNCHER_CMSTP, LAUNCHER_ADVPACK,
                                            LAUNCHER_SETUPAPI, LAUNCHER_PNP};
    struct str path = path_normalise(arena, out->inf);

    out->path = path.bytes ? path : out->inf;
    struct str base = path_base(out->path);
    if (path_is_url(out->path) || str_starts_fold(out->path, STR("\\\\"))) {
        invocation_fact(out, "remote-inf");
    } else if (!path_is_absolute(out->path)) {
        invocation_fact(out, "relative-inf");
    }
    /* what comes from a URL is stored who knows where */
    if (path_is_absolute(out->path) && !path_is_url(out->path) &&
        base.len + 1 < out->path.len) {
        out->folder = str_sub(out->path, 0, out->path.len - base.len - 1);
    }
    for (size_t i = 0; i < sizeof infs / sizeof infs[0]; i++) {
        if (out->launcher == infs[i] && !str_ends_fold(base, STR(".inf"))) {
            invocation_fact(out, "odd-extension");
        }
    }
}

/* Whether a line is cmd.exe's start, and what that is given: behind a title in
 * quotes and switches. */
static bool behind_start(struct arena *arena, struct slice line,
                         struct slice *out)
{
    struct cmdline words;

    if (!cmdline_split(arena, line, &words) || !words.n ||
        !str_equal_fold(slice_str(words.arguments[0].value), STR("start"))) {
        return false;
    }
    for (uint32_t i = 1; i < words.n; i++) {
        struct slice raw = words.arguments[i].raw;
        char first = slice_str(raw).bytes[0];
        if (first != '/' && (first != '"' || i > 1)) {
            *out = slice_sub(line, raw.off - line.off, line.len);
            return true;
        }
    }
    return false;
}

static bool read_line(struct arena *arena, struct slice line,
                      struct invocation *out, struct refusal *why)
{
    struct cmdline words;
    struct call call = {.ordinal = STR("")};
    const struct way *way = NULL;
    bool is_renamed = false;

    if (!cmdline_split(arena, line, &words) || !words.n) {
        return refuse(why, "empty command line", STR(""));
    }
    struct slice raw = words.arguments[0].raw;
    struct str program = slice_str(words.arguments[0].value);
    struct str name = cmdline_program(program);
    struct slice tail = slice_sub(line, raw.off + raw.len - line.off,
                                  line.len - (raw.off + raw.len - line.off));
    for (size_t i = 0; i < N_WAYS && !way; i++) {
        bool fits = !ways[i].library.len && ways[i].grammar != GRAMMAR_NONE &&
                    list_has(ways[i].programs, '|', name);
        way = fits ? &ways[i] : NULL;
    }
    bool is_rundll = str_equal_fold(name, STR("rundll32"));
    *out = (struct invocation){.way = ""};
    if (!way && read_call(arena, tail, &call)) {
        way = find_call(&call, &is_renamed);
        if (way && !is_rundll) {
            invocation_fact(out, "renamed-program");
        }
        tail = call.rest;
    }
    if (!way) {
        return is_rundll ? refuse(why, "rundll32 is not told to install: ",
                                  slice_str(line))
                         : refuse(why, "no launcher of INF files: ", name);
    }
    if (is_renamed) {
        invocation_fact(out, "renamed-library");
    }
    if (call.ordinal.len) {
        invocation_fact(out, "ordinal");
    }
    if (!is_system(arena, program)) {
        invocation_fact(out, "foreign-program");
    }
    out->way = way->name;
    out->launcher = way->launcher;
    out->section = way->section;
    if (!invocation_arguments(arena, way, tail, &words, out)) {
        return refuse(why, "no INF file is named: ", slice_str(line));
    }
    if (!out->cases || out->cases & CASE_REMOVAL) {
        out->cases = out->cases ? CASE_REMOVAL : CASE_INSTALL;
    }
    locate(arena, out);
    return true;
}

static struct slice slice_from(struct arena *arena, struct str s)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_stand_in(&builder, s, SLICE_NONE);
    return slice_all(text_build_finish(&builder));
}

enum infscan_status invocation_parse(struct arena *arena, struct str line,
                                     struct invocation *out,
                                     struct infscan_error *error)
{
    struct invocation found;
    struct refusal why = {NULL, {NULL, 0}};
    struct peeled peeled;

    line = str_trim(line);
    struct slice text = slice_from(arena, line);
    bool is_known = read_line(arena, text, &found, &why);
    if (!is_known && !command_peel(arena, text, &limits_default, &peeled)) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    for (uint32_t i = 0; !is_known && i < peeled.n_layers; i++) {
        struct slice layer = peeled.layers[i].text;
        while (behind_start(arena, layer, &layer)) {
        }
        is_known = read_line(arena, layer, &found, &why);
    }
    if (arena_failed(arena)) {
        return error_set(error, INFSCAN_NO_MEMORY, "out of memory");
    }
    if (!is_known) {
        return error_set(error, INFSCAN_INVALID, "invocation: %s%.*s", why.says,
                         (int)why.about.len, why.about.bytes);
    }
    found.line = line;
    *out = found;
    return INFSCAN_OK;
}

bool invocation_of_folder(struct arena *arena, struct str folder,
                          struct invocation *out)
{
    struct str path = path_normalise(arena, folder);

    *out = (struct invocation){.way = "", .launcher = LAUNCHER_NONE};
    if (!path.bytes) {
        return false;
    }
    while (path.len && path.bytes[path.len - 1] == '\\') {
        path.len--;
    }
    char *bytes = arena_alloc(arena, path.len + 1, 1);
    if (!bytes) {
        return false;
    }
    memcpy(bytes, path.bytes, path.len);
    bytes[path.len] = '\\'; /* so that a place inside it is found */
    out->path = str_of(bytes, path.len + 1);
    out->folder = path;
    return true;
}

struct slice invocation_subject(struct arena *arena,
                                const struct invocation *invocation)
{
    struct buf buf;

    buf_init(&buf, FACTS_BYTES + invocation->section.len +
                       invocation->path.len + invocation->line.len);
    buf_add_z(&buf, invocation->way);
    buf_add_z(&buf, " | ");
    for (uint32_t i = 0; i < invocation->n_facts; i++) {
        buf_add_format(&buf, "%s%s", i ? "," : "", invocation->facts[i]);
    }
    buf_add_z(&buf, " | ");
    buf_add(&buf, invocation->section);
    buf_add_z(&buf, " | ");
    buf_add(&buf, invocation->path);
    buf_add_z(&buf, " | ");
    buf_add(&buf, invocation->line);
    struct slice subject =
        buf.failed ? SLICE_NONE : slice_from(arena, buf_str(&buf));
    buf_deinit(&buf);
    return subject;
}
