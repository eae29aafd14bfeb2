/* SPDX-License-Identifier: MIT */
#include "command/cmd.h"

/* A variable reference taken apart. */
struct reference {
    struct slice name;
    struct slice value; /* text NULL for a stock value */
    struct str stock;
    size_t colon; /* behind the name; STR_NONE without a modifier */
    size_t end;   /* behind the closing mark */
    bool known;
    bool own; /* set by the line itself */
};

static bool find_variable(struct cmd *cmd, struct slice name,
                          struct reference *out)
{
    out->own = false;
    if (peel_get(cmd->peel, slice_str(name), &out->value)) {
        out->own = true;
        return true;
    }
    out->value = SLICE_NONE;
    /* Of a batch file's variable without a value nothing remains. */
    if (cmd->lines.text && peel_is_unset(cmd->peel, slice_str(name))) {
        out->own = true;
        out->stock = STR("");
        return true;
    }
    const char *stock = peel_default(slice_str(name));
    out->stock = stock ? str_from(stock) : STR("");
    return stock != NULL;
}

/* The mark that ends :old=new. What is looked for may hold such marks, since
 * only = ends it: !x:*x!=! */
static size_t modifier_end(struct cmd *cmd, struct str s, size_t colon,
                           size_t close, char mark)
{
    size_t equals = str_find_char(s, '=', colon);

    if (s.bytes[colon + 1] == '~' || equals == STR_NONE || equals < close ||
        !peel_spend(cmd->peel, equals - close)) {
        return close;
    }
    size_t end = str_find_char(s, mark, equals);
    return end == STR_NONE ? close : end;
}

/* The reference at `at`, if its variable is known. */
static bool read_reference(struct cmd *cmd, struct slice text, size_t at,
                           char mark, struct reference *out)
{
    struct str s = slice_str(text);
    size_t close = str_find_char(s, mark, at + 1);

    *out = (struct reference){.colon = STR_NONE};
    /* No name is that long: do not look at a megabyte for each mark. */
    if (close == STR_NONE || close == at + 1 ||
        !peel_spend(cmd->peel, close - at)) {
        return false;
    }
    struct str inside = str_sub(s, at + 1, close - at - 1);
    size_t colon = str_find_char(inside, ':', 1);
    if (colon != STR_NONE) {
        close = modifier_end(cmd, s, at + 1 + colon, close, mark);
    }
    size_t len = colon == STR_NONE ? inside.len : colon;
    out->name = slice_sub(text, at + 1, len);
    out->colon = colon == STR_NONE ? STR_NONE : at + 1 + colon + 1;
    out->end = close + 1;
    out->known = find_variable(cmd, out->name, out);
    return out->known;
}

size_t cmd_reference_end(struct cmd *cmd, struct str s, size_t at, char mark)
{
    size_t close = str_find_char(s, mark, at + 1);
    struct slice ignored;

    if (close == STR_NONE || close == at + 1 ||
        !peel_spend(cmd->peel, close - at)) {
        return at;
    }
    struct str name = str_sub(s, at + 1, close - at - 1);
    size_t colon = str_find_char(name, ':', 1);
    name = colon == STR_NONE ? name : str_sub(name, 0, colon);
    bool known = peel_get(cmd->peel, name, &ignored) || peel_default(name);
    return known ? close + 1 : at;
}

/* A number with sign at *at, blanks before it allowed. */
static bool read_number(struct str s, size_t *at, int64_t *out)
{
    size_t i = *at;
    bool negative = false;

    while (i < s.len && ascii_is_space(s.bytes[i])) {
        i++;
    }
    if (i < s.len && (s.bytes[i] == '-' || s.bytes[i] == '+')) {
        negative = s.bytes[i++] == '-';
    }
    size_t start = i;
    *out = 0;
    for (; i < s.len && ascii_is_digit(s.bytes[i]) && i - start < 9; i++) {
        *out = *out * 10 + (s.bytes[i] - '0');
    }
    *out = negative ? -*out : *out;
    *at = i;
    return i > start;
}

/* :~from,len with cmd's counting from the end. */
static void cut(struct str modifier, size_t n, size_t *from, size_t *len)
{
    int64_t start = 0;
    int64_t count = (int64_t)n;
    int64_t size = (int64_t)n;
    size_t at = 1;

    read_number(modifier, &at, &start);
    start = start < 0 ? (start + size < 0 ? 0 : start + size) : start;
    start = start > size ? size : start;
    while (at < modifier.len && modifier.bytes[at] != ',') {
        at++;
    }
    if (at < modifier.len) {
        at++;
        if (read_number(modifier, &at, &count) && count < 0) {
            count = size - start + count;
        }
    }
    count = count < 0 ? 0 : count;
    *from = (size_t)start;
    *len = (size_t)(count > size - start ? size - start : count);
}

/* :old=new and :*old=new */
static struct slice replace(struct cmd *cmd, struct slice value,
                            struct slice modifier)
{
    struct str m = slice_str(modifier);
    struct str s = slice_str(value);
    bool up_to = m.len && m.bytes[0] == '*';
    size_t equals = str_find_char(m, '=', 1);
    struct rewrite out;

    if (equals == STR_NONE) {
        return value;
    }
    struct str old = str_sub(m, up_to, equals - up_to);
    struct slice by = slice_sub(modifier, equals + 1, modifier.len);
    rewrite_init(&out, cmd->peel, value);
    size_t at = 0;
    while (old.len && peel_spend(cmd->peel, s.len - at)) {
        size_t found = str_find_fold(s, old, at);
        if (found == STR_NONE) {
            break;
        }
        rewrite_put(&out, up_to ? 0 : found, up_to ? found + old.len : old.len,
                    by);
        at = found + old.len;
        if (up_to) {
            break;
        }
    }
    return rewrite_finish(&out);
}

static struct slice reference_value(struct cmd *cmd, struct slice text,
                                    size_t at, const struct reference *ref)
{
    struct slice value = ref->value;

    if (!value.text) {
        value = peel_fold(cmd->peel, ref->stock,
                          slice_sub(text, at, ref->end - at));
    }
    if (ref->colon == STR_NONE) {
        return value;
    }
    struct slice modifier =
        slice_sub(text, ref->colon, ref->end - 1 - ref->colon);
    struct str m = slice_str(modifier);
    if (m.len && m.bytes[0] == '~') {
        size_t from, len;
        cut(m, value.len, &from, &len);
        return slice_sub(value, from, len);
    }
    return replace(cmd, value, modifier);
}

/* Whether a caret before c only hides, or also takes away a meaning. */
static bool caret_hides(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '/' || c == '.' || c == ':' ||
           c == '\\' || c == '_' || c == '$' || c == '\'' || c == '{' ||
           c == '[' || c == '+' || c == '@' || c == '?';
}

static size_t put_reference(struct cmd *cmd, struct rewrite *out,
                            struct slice text, size_t at, char mark)
{
    struct reference ref;

    if (!read_reference(cmd, text, at, mark, &ref)) {
        return at;
    }
    bool plain = !ref.own && ref.colon == STR_NONE;
    if (plain) { /* %SystemRoot% stays as it is */
        return ref.end;
    }
    cmd->hidden = true;
    struct slice value = reference_value(cmd, text, at, &ref);
    rewrite_put(out, at, ref.end - at, value);
    return ref.end;
}

struct slice cmd_expand_percent(struct cmd *cmd, struct slice text,
                                enum cmd_carets carets)
{
    struct str s = slice_str(text);
    struct rewrite out;
    bool quoted = false;

    rewrite_init(&out, cmd->peel, text);
    for (size_t i = 0; i < s.len;) {
        char c = s.bytes[i];
        if (c == '%') {
            size_t end = put_reference(cmd, &out, text, i, '%');
            i = end > i ? end : i + 1;
        } else if (c == '^' && !quoted && carets == CMD_CARETS_DROP) {
            cmd->hidden =
                cmd->hidden || (i + 1 < s.len && caret_hides(s.bytes[i + 1]));
            rewrite_put(&out, i, 1, SLICE_NONE);
            i++;
            /* The escaped character itself; a percent sign is none. */
            i += i < s.len && s.bytes[i] != '%';
        } else {
            quoted = c == '"' ? !quoted : quoted;
            i++;
        }
    }
    return rewrite_finish(&out);
}

struct slice cmd_drop_idle_carets(struct cmd *cmd, struct slice text)
{
    struct str s = slice_str(text);
    struct rewrite out;
    bool quoted = false;

    if (str_find_char(s, '^', 0) == STR_NONE) {
        return text;
    }
    rewrite_init(&out, cmd->peel, text);
    for (size_t i = 0; i < s.len; i++) {
        quoted = s.bytes[i] == '"' ? !quoted : quoted;
        if (s.bytes[i] != '^' || quoted) {
            continue;
        }
        char next = i + 1 < s.len ? s.bytes[i + 1] : '\0';
        if (next && strchr("&|<>()^\"", next)) {
            i++;
        } else {
            rewrite_put(&out, i, 1, SLICE_NONE);
        }
    }
    return rewrite_finish(&out);
}

static struct slice expand_delayed(struct cmd *cmd, struct slice text)
{
    struct str s = slice_str(text);
    struct rewrite out;

    rewrite_init(&out, cmd->peel, text);
    for (size_t i = 0; i < s.len;) {
        size_t end = i;
        if (s.bytes[i] == '!') {
            end = put_reference(cmd, &out, text, i, '!');
        }
        i = end > i ? end : i + 1;
    }
    return rewrite_finish(&out);
}

struct slice cmd_expand(struct cmd *cmd, struct slice text)
{
    cmd->hidden = false;
    text = cmd_expand_percent(cmd, text, CMD_CARETS_DROP);
    if (cmd->delayed && str_find_char(slice_str(text), '!', 0) != STR_NONE) {
        text = expand_delayed(cmd, text);
    }
    return text;
}
