/* SPDX-License-Identifier: MIT */
#include "rules/indicator.h"

#include "base/map.h"
#include "install/path.h"

enum indicator_type {
    TYPE_URL,
    TYPE_DOMAIN,
    TYPE_IP,
    TYPE_UNC,
    TYPE_PATH,
    TYPE_REGISTRY_KEY,
    TYPE_CLSID,
    TYPE_SERVICE,
    N_TYPES
};

static const char *const type_names[N_TYPES] = {
    "url", "domain", "ip", "unc", "path", "registry-key", "clsid", "service",
};

/* Longer ones are no addresses but a whole script. */
#define MAX_VALUE_BYTES 2048
#define CLSID_BYTES 38 /* {8-4-4-4-12} */

struct search {
    struct arena *arena;
    struct indicators *out;
    struct map seen[N_TYPES];
    uint32_t max;
    limit_set *limits;
    bool no_memory;
};

/* The text that is looked through, and what a find in it means. */
struct source_text {
    struct slice text;
    const char *role;
    uint32_t action;
    uint32_t layer;
};

static void add(struct search *search, const struct source_text *source,
                enum indicator_type type, struct slice value, const char *role)
{
    struct indicator indicator = {type_names[type], value, role, source->action,
                                  source->layer};

    if (!value.len || value.len > MAX_VALUE_BYTES || search->no_memory ||
        map_get(&search->seen[type], slice_str(value)) != MAP_NONE) {
        return;
    }
    if (search->out->n >= search->max) {
        limit_hit(search->limits, LIMIT_indicators);
        return;
    }
    search->no_memory = map_put(&search->seen[type], search->arena,
                                slice_str(value), 1) == MAP_NONE ||
                        !VEC_PUSH(search->arena, search->out, indicator);
}

/* Whether a character ends an address or a path that stands unquoted. */
static bool is_end(char c)
{
    return (unsigned char)c <= ' ' || strchr("\"'`<>|^&;,()[]{}", c) != NULL;
}

/* Length of four decimal numbers below 256 joined by dots at `at`, else 0. */
static size_t ip_length(struct str s, size_t at)
{
    size_t start = at;

    for (int part = 0; part < 4; part++) {
        unsigned number = 0;
        size_t digits = 0;
        while (at < s.len && ascii_is_digit(s.bytes[at]) && digits < 4) {
            number = number * 10 + (unsigned)(s.bytes[at++] - '0');
            digits++;
        }
        if (!digits || digits > 3 || number > 255) {
            return 0;
        }
        if (part < 3 && (at >= s.len || s.bytes[at++] != '.')) {
            return 0;
        }
    }
    return at - start;
}

static void add_host(struct search *search, const struct source_text *source,
                     struct slice host)
{
    struct str s = slice_str(host);

    if (!s.len) {
        return;
    }
    if (ip_length(s, 0) == s.len) {
        add(search, source, TYPE_IP, host, source->role);
    } else if (str_find_char(s, '.', 0) != STR_NONE &&
               ascii_is_alpha(s.bytes[s.len - 1])) {
        add(search, source, TYPE_DOMAIN, host, source->role);
    }
}

/* Bytes of a host name at `at`. */
static size_t host_length(struct str s, size_t at)
{
    size_t end = at;

    while (end < s.len &&
           (ascii_is_alnum(s.bytes[end]) || s.bytes[end] == '.' ||
            s.bytes[end] == '-' || s.bytes[end] == '_')) {
        end++;
    }
    return end - at;
}

/* An address whose "://" stands at `colon`. Offset behind it. */
static size_t take_url(struct search *search, const struct source_text *source,
                       size_t colon)
{
    struct str s = slice_str(source->text);
    size_t from = colon;
    size_t to = colon + 3;

    while (from > 0 && colon - from < 8 && ascii_is_alpha(s.bytes[from - 1])) {
        from--;
    }
    if (from == colon) {
        return to;
    }
    size_t host = to;
    while (to < s.len && !is_end(s.bytes[to])) {
        to++;
    }
    if (to > host) {
        size_t at_sign = str_find_char(str_of(s.bytes, to), '@', host);
        size_t slash = str_find_char(str_of(s.bytes, to), '/', host);
        if (at_sign != STR_NONE && (slash == STR_NONE || at_sign < slash)) {
            host = at_sign + 1; /* user:password@ */
        }
        add(search, source, TYPE_URL, slice_sub(source->text, from, to - from),
            source->role);
        add_host(search, source,
                 slice_sub(source->text, host, host_length(s, host)));
    }
    return to;
}

/* \\host\share... at `at`. Offset behind it. */
static size_t take_unc(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    size_t host = at + 2;
    size_t n = host_length(s, host);
    size_t to = host + n;

    if (!n || (n == 1 && s.bytes[host] == '.')) {
        return to;
    }
    while (to < s.len && !is_end(s.bytes[to])) {
        to++;
    }
    /* a share follows, perhaps behind @SSL or @port */
    if (str_find_char(str_of(s.bytes, to), '\\', host + n) == STR_NONE) {
        return to;
    }
    add(search, source, TYPE_UNC, slice_sub(source->text, at, to - at),
        source->role);
    add_host(search, source, slice_sub(source->text, host, n));
    return to;
}

static size_t prefix_length(struct str rest)
{
    static const struct str prefixes[] = {
#define PREFIX(text) {text, sizeof(text) - 1},
#include "rules/indicator_paths.def"
#undef PREFIX
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (str_starts_fold(rest, prefixes[i])) {
            return prefixes[i].len;
        }
    }
    return 0;
}

/* C:\... or %TEMP%\... at `at`, kept where it is worth a look. Offset behind
 * it, or `at` where no path begins. */
static size_t take_path(struct search *search, const struct source_text *source,
                        size_t at)
{
    struct str s = slice_str(source->text);
    struct str rest = str_sub(s, at, s.len - at);
    bool has_drive = rest.len > 3 && ascii_is_alpha(rest.bytes[0]) &&
                     rest.bytes[1] == ':' && rest.bytes[2] == '\\';
    /* prefixes begin with a variable's sign */
    size_t prefix = has_drive                       ? 3
                    : ascii_is_alpha(rest.bytes[0]) ? 0
                                                    : prefix_length(rest);
    char quote = at ? s.bytes[at - 1] : ' ';
    bool is_quoted = quote == '"' || quote == '\'';
    size_t to = at + prefix;

    if (!prefix || (at && ascii_is_alnum(s.bytes[at - 1]))) {
        return at;
    }
    while (to < s.len && (is_quoted ? s.bytes[to] != quote &&
                                          (unsigned char)s.bytes[to] >= ' '
                                    : !is_end(s.bytes[to]))) {
        to++;
    }
    struct slice value = slice_sub(source->text, at, to - at);
    if (!has_drive || path_marks(slice_str(value)) &
                          (PATH_WRITABLE | PATH_AUTOSTART | PATH_PER_USER)) {
        add(search, source, TYPE_PATH, value, "payload");
    }
    return to;
}

static bool is_clsid(struct str s, size_t at)
{
    if (s.len - at < CLSID_BYTES || s.bytes[at + CLSID_BYTES - 1] != '}') {
        return false;
    }
    for (size_t i = 1; i < CLSID_BYTES - 1; i++) {
        char c = s.bytes[at + i];
        bool is_hyphen = i == 9 || i == 14 || i == 19 || i == 24;
        if (is_hyphen ? c != '-' : ascii_hex_value(c) < 0) {
            return false;
        }
    }
    return true;
}

/* What begins at `at`. Offset behind it; at least at + 1. */
static size_t take_any(struct search *search, const struct source_text *source,
                       size_t at)
{
    struct str s = slice_str(source->text);
    char c = s.bytes[at];
    size_t to = at;

    if (c == ':' && s.len - at > 3 && s.bytes[at + 1] == '/' &&
        s.bytes[at + 2] == '/') {
        to = take_url(search, source, at);
    } else if (c == '\\' && s.len - at > 3 && s.bytes[at + 1] == '\\' &&
               (!at || is_end(s.bytes[at - 1]) || s.bytes[at - 1] == '=' ||
                s.bytes[at - 1] == ':')) {
        to = take_unc(search, source, at);
    } else if (c == '{' && is_clsid(s, at)) {
        add(search, source, TYPE_CLSID,
            slice_sub(source->text, at, CLSID_BYTES), "target");
        to = at + CLSID_BYTES;
    } else if (ascii_is_digit(c) &&
               (!at || (!ascii_is_alnum(s.bytes[at - 1]) &&
                        s.bytes[at - 1] != '.' && s.bytes[at - 1] != '-'))) {
        size_t n = ip_length(s, at);
        char behind = at + n < s.len ? s.bytes[at + n] : ' ';
        if (n && !ascii_is_alnum(behind) && behind != '.') {
            add(search, source, TYPE_IP, slice_sub(source->text, at, n),
                source->role);
            to = at + n;
        }
    } else if (ascii_is_alpha(c) || c == '%' || c == '$') {
        to = take_path(search, source, at);
    }
    return to > at ? to : at + 1;
}

static void look_through(struct search *search, struct source_text source)
{
    size_t at = 0;

    while (at < source.text.len && !search->no_memory) {
        at = take_any(search, &source, at);
    }
}

static void search_command(struct search *search, const struct action *action,
                           struct source_text source)
{
    const struct peeled *peeled = &action->peeled;

    source.text = action->command;
    look_through(search, source);
    for (uint32_t i = 0; i < peeled->n_layers; i++) {
        source.text = peeled->layers[i].text;
        source.layer = i;
        look_through(search, source);
    }
}

/* Only addresses: honest files write thousands of plain values. */
static void search_data(struct search *search, const struct action *action,
                        struct source_text source)
{
    struct str subject = slice_str(action->subject);

    if (action->command.len ||
        (str_find(subject, STR("://"), 0) == STR_NONE &&
         str_find(subject, STR("= \\\\"), 0) == STR_NONE)) {
        return;
    }
    source.text = action->subject;
    source.role = "target";
    look_through(search, source);
}

/* The part of a registry action's subject before the arrow. */
static struct slice registry_key(const struct action *action)
{
    size_t arrow = str_find(slice_str(action->subject), STR(" -> "), 0);

    return arrow == STR_NONE ? SLICE_NONE
                             : slice_sub(action->subject, 0, arrow);
}

static void search_action(struct search *search, const struct action *action,
                          uint32_t index)
{
    struct source_text source = {action->subject, "download", index,
                                 INFSCAN_NO_INDEX};
    struct slice name = action_member_value(action, "name");

    switch (action->kind) {
    case INFSCAN_LOAD_DLL:
    case INFSCAN_INCLUDE_INF:
    case INFSCAN_INSTALL_SOFTWARE:
    case INFSCAN_CREATE_SHORTCUT:
        look_through(search, source);
        break;
    case INFSCAN_INSTALL_SERVICE:
        add(search, &source, TYPE_SERVICE, name, "persistence");
        break;
    case INFSCAN_DELETE_SERVICE:
        add(search, &source, TYPE_SERVICE, name, "target");
        break;
    case INFSCAN_WRITE_REGISTRY:
        if (action->command.len) {
            add(search, &source, TYPE_REGISTRY_KEY, registry_key(action),
                "persistence");
        }
        search_data(search, action, source);
        break;
    case INFSCAN_COPY_FILE:
    case INFSCAN_RENAME_FILE:
    case INFSCAN_WRITE_INI:
        search_data(search, action, source);
        break;
    case INFSCAN_RUN_COMMAND:
    case INFSCAN_DELETE_REGISTRY:
    case INFSCAN_DELETE_FILE:
    case INFSCAN_ADD_FILTER:
    case INFSCAN_SET_SECURITY:
    case INFSCAN_OTHER:
    case INFSCAN_N_ACTION_KINDS:
        break;
    }
    if (action->command.len) {
        search_command(search, action, source);
    }
}

enum infscan_status indicators_find(struct arena *arena,
                                    const struct install *install,
                                    const struct limits *limits,
                                    struct indicators *out,
                                    limit_set *limits_hit)
{
    struct search search = {
        .arena = arena,
        .out = out,
        .max = (uint32_t)limits->value[LIMIT_indicators],
        .limits = limits_hit,
    };

    for (uint32_t i = 0; i < install->n_actions && !search.no_memory; i++) {
        search_action(&search, &install->actions[i], i);
    }
    return search.no_memory ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
