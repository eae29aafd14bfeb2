/* SPDX-License-Identifier: MIT */
#include "command/peel.h"
#include "command/script_value.h"

/* VBScript and JScript one-liners: sums of strings and of the functions that
 * hide them are folded; what is passed to Run or Exec is a command. */

/* Words before "name =" that make it a comparison. */
static bool compares(struct str s, size_t at)
{
    static const char *const words[] = {"if", "elseif", "while", "until", "and",
                                        "or", "not",    "case",  "return"};
    size_t end = at;

    while (end && ascii_is_space(s.bytes[end - 1])) {
        end--;
    }
    size_t start = end;
    while (start && ascii_is_alpha(s.bytes[start - 1])) {
        start--;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal_fold(str_sub(s, start, end - start),
                           str_from(words[i]))) {
            return true;
        }
    }
    return false;
}

/* Behind "name =" or "name +=" at `at`, with the sign; STR_NONE: it is none. */
static size_t assignment(struct str s, size_t at, struct str name, char *sign)
{
    size_t i = at + name.len;

    while (ascii_is_space(str_at(s, i))) {
        i++;
    }
    *sign = str_at(s, i);
    if (*sign == '+' || *sign == '&') {
        i++;
    }
    bool is = str_at(s, i) == '=' && str_at(s, i + 1) != '=' &&
              (*sign == '=' || *sign == '+');
    return is && !compares(s, at) ? i + 1 : STR_NONE;
}

static void put_value(struct rewrite *out, struct script_reader *reader,
                      size_t start, const struct script_value *value)
{
    if (value->kind == SCRIPT_TEXT && value->hidden) {
        struct str quoted = script_quote(reader, value->text);
        if (quoted.len) {
            rewrite_put_str(out, start, reader->at - start, quoted);
        }
    }
}

/* name = expression: what it is from now on. */
static void assign(struct rewrite *out, struct script_reader *reader,
                   struct str name, char sign, size_t from)
{
    const struct script_value *old = script_get(reader, name);
    struct script_value value;

    while (ascii_is_space(str_at(reader->s, from))) {
        from++;
    }
    reader->at = from;
    bool known = peel_spend(reader->peel, 16) && script_read(reader, &value);
    size_t end = reader->at;
    while (ascii_is_space(str_at(reader->s, end)) &&
           str_at(reader->s, end) != '\n') {
        end++;
    }
    char next = str_at(reader->s, end);
    known = known && (end == reader->s.len || strchr(";:,\n)}", next));
    if (!known) {
        script_set(reader, name, NULL);
        reader->at = from;
        return;
    }
    put_value(out, reader, from, &value);
    struct str before, added;
    if (sign == '+') {
        known = old && script_text(reader, old, &before) &&
                script_text(reader, &value, &added);
        struct script_value items[2] = {{.kind = SCRIPT_TEXT},
                                        {.kind = SCRIPT_TEXT}};
        if (known) {
            items[0].text = before;
            items[1].text = added;
            known = script_method(reader, &items[0], STR("concat"), &items[1],
                                  1, &value);
        }
    }
    value.hidden = known && (sign == '+' || value.hidden);
    script_set(reader, name, known ? &value : NULL);
}

static struct slice fold_strings(struct script_reader *reader,
                                 struct slice script)
{
    struct peel *peel = reader->peel;
    struct str s = reader->s;
    struct rewrite out;

    rewrite_init(&out, peel, script);
    while (reader->at < s.len) {
        size_t start = reader->at;
        char c = s.bytes[start];
        char before = start ? s.bytes[start - 1] : ' ';
        struct script_value value = {0};
        bool named = !ascii_is_alnum(before) && before != '.' && before != '_';
        struct str name = named ? script_name(s, start) : STR("");
        bool starts = c == '"' || c == '\'' || c == '[' || name.len;
        char sign;
        size_t from = name.len ? assignment(s, start, name, &sign) : STR_NONE;
        if (from != STR_NONE) {
            assign(&out, reader, name, sign, from);
            continue;
        }
        if (starts && peel_spend(peel, 16) && script_read(reader, &value) &&
            reader->at > start && (value.hidden || c == '"' || c == '\'')) {
            put_value(&out, reader, start, &value);
            continue;
        }
        /* what an unknown call is given may still be folded */
        reader->at = start + (name.len ? name.len : 1);
        if (c == '"' || c == '\'') {
            size_t close = str_find_char(s, c, start + 1);
            reader->at = close == STR_NONE ? s.len : close + 1;
        }
    }
    return rewrite_finish(&out);
}

/* A string or a variable at reader->at, as a text of its own where it is not
 * spelled as it is; SLICE_NONE: it is neither. */
static struct slice argument(struct script_reader *reader, struct slice script)
{
    size_t start = reader->at;
    char c = str_at(reader->s, start);
    struct str name = script_name(reader->s, start);
    struct str text;
    bool escaped;

    if (name.len) {
        const struct script_value *value = script_get(reader, name);
        reader->at += name.len;
        return value && value->kind == SCRIPT_TEXT
                   ? peel_fold(reader->peel, value->text,
                               slice_sub(script, start, name.len))
                   : SLICE_NONE;
    }
    if ((c != '"' && c != '\'') ||
        !script_read_literal(reader, &text, &escaped)) {
        return SLICE_NONE;
    }
    struct slice raw = slice_sub(script, start + 1, reader->at - start - 2);
    return str_equal(slice_str(raw), text) ? raw
                                           : peel_fold(reader->peel, text, raw);
}

/* What stands behind .Run( or .Exec( or Run "..." */
static void find_commands(struct script_reader *reader, struct slice script)
{
    static const char *const calls[] = {
#define RUN(name) name,
#define CODE(name)
#include "command/script_calls.def"
#undef CODE
#undef RUN
    };
    struct peel *peel = reader->peel;
    struct str s = slice_str(script);

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct str call = str_from(calls[i]);
        size_t at = 0;
        while ((at = str_find_fold(s, call, at)) != STR_NONE &&
               peel_spend(peel, 16)) {
            bool inside =
                at && call.bytes[0] != '.' &&
                (ascii_is_alnum(s.bytes[at - 1]) || s.bytes[at - 1] == '_');
            at += call.len;
            if (inside || ascii_is_alnum(str_at(s, at))) {
                continue; /* of a longer name */
            }
            while (ascii_is_space(str_at(s, at)) || str_at(s, at) == '(') {
                at++;
            }
            reader->at = at;
            struct slice command = argument(reader, script);
            if (command.text) {
                peel_add(peel, "script.run", command, NULL);
                peel_command(peel, command);
                at = reader->at;
            }
        }
    }
}

static struct slice peel_text(struct peel *peel, struct slice script,
                              enum script_language language);

/* The string behind Execute( or eval( is a script. */
static void find_scripts(struct script_reader *reader, struct slice script)
{
    static const char *const calls[] = {
#define RUN(name)
#define CODE(name) name "(",
#include "command/script_calls.def"
#undef CODE
#undef RUN
    };
    struct peel *peel = reader->peel;
    struct str s = slice_str(script);

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct str call = str_from(calls[i]);
        size_t at = 0;
        while ((at = str_find_fold(s, call, at)) != STR_NONE &&
               peel_spend(peel, 16)) {
            at += call.len;
            reader->at = at;
            struct slice inner = argument(reader, script);
            if (inner.text && inner.len) {
                peel_add(peel, "script.execute", inner, NULL);
                peel_text(peel, inner, reader->language);
            }
        }
    }
}

static struct slice peel_text(struct peel *peel, struct slice script,
                              enum script_language language)
{
    struct script_reader reader = {
        .peel = peel, .language = language, .s = slice_str(script)};

    if (!peel_may_nest(peel, peel->depth, peel->max_depth)) {
        return script;
    }
    peel->depth++;
    struct slice folded = fold_strings(&reader, script);
    if (folded.text != script.text) {
        peel_add(peel, "script.fold", folded, NULL);
    }
    reader.s = slice_str(folded);
    find_commands(&reader, folded);
    find_scripts(&reader, folded);
    peel->depth--;
    return folded;
}

struct slice script_peel(struct peel *peel, struct slice script)
{
    struct str s = slice_str(script);
    bool is_vb = str_find_fold(s, STR("vbscript:"), 0) != STR_NONE;

    if (str_find_fold(s, STR("script:"), 0) == STR_NONE ||
        !peel_spend(peel, s.len)) {
        return script;
    }
    return peel_text(peel, script, is_vb ? SCRIPT_VB : SCRIPT_JS);
}

struct slice script_peel_source(struct peel *peel, struct slice source)
{
    return peel_spend(peel, source.len) ? peel_text(peel, source, SCRIPT_JS)
                                        : source;
}
