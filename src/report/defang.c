/* SPDX-License-Identifier: MIT */
#include "report/defang.h"

#include "report/escape.h"

static bool is_host_byte(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Length of the host at `from`, a user name and port before and behind it
 * included. */
static size_t authority_length(struct str s, size_t from)
{
    size_t i = from;

    while (i < s.len && (is_host_byte(s.bytes[i]) ||
                         memchr(":@[]%~!$&*+=", s.bytes[i], 12) != NULL)) {
        i++;
    }
    return i - from;
}

static size_t host_length(struct str s, size_t from)
{
    size_t i = from;

    while (i < s.len && is_host_byte(s.bytes[i])) {
        i++;
    }
    return i - from;
}

struct scheme {
    struct str live;
    struct str defanged;
};

static const struct scheme schemes[] = {
    {{"https://", 8}, {"hxxps://", 8}},
    {{"http://", 7}, {"hxxp://", 7}},
    {{"ftp://", 6}, {"fxp://", 6}},
};

static const struct scheme *scheme_at(struct str s, size_t at)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (str_starts_fold(str_sub(s, at, s.len), schemes[i].live)) {
            return &schemes[i];
        }
    }
    return NULL;
}

void defang_add_host(struct defang_hosts *hosts, struct str host_or_url)
{
    const struct scheme *scheme = scheme_at(host_or_url, 0);
    size_t skip = scheme ? scheme->live.len : 0;
    struct str host =
        str_sub(host_or_url, skip, host_length(host_or_url, skip));

    if (hosts->n == DEFANG_MAX_HOSTS ||
        str_find_char(host, '.', 0) == STR_NONE) {
        return;
    }
    for (unsigned i = 0; i < hosts->n; i++) {
        if (str_equal_fold(hosts->items[i], host)) {
            return;
        }
    }
    hosts->items[hosts->n++] = host;
}

void defang_learn(struct defang_hosts *hosts,
                  const struct infscan_result *result)
{
    size_t n;
    const struct infscan_indicator *indicators =
        infscan_result_indicators(result, &n);

    for (size_t i = 0; i < n; i++) {
        const char *type = indicators[i].type;
        if (strcmp(type, "url") == 0 || strcmp(type, "domain") == 0 ||
            strcmp(type, "ip") == 0) {
            defang_add_host(hosts, str_of(indicators[i].value.bytes,
                                          indicators[i].value.len));
        }
    }
}

/* Where a host that starts at `at` ends, or `at`. */
static size_t host_end(struct str s, size_t at,
                       const struct defang_hosts *hosts)
{
    bool starts_word = at == 0 || !is_host_byte(s.bytes[at - 1]);

    if (!starts_word) {
        return at;
    }
    if (at >= 2 && s.bytes[at - 1] == '\\' && s.bytes[at - 2] == '\\') {
        size_t len = host_length(s, at);
        size_t end = at + len;
        if (end < s.len && (s.bytes[end] == '\\' || s.bytes[end] == '@')) {
            return end;
        }
    }
    for (unsigned i = 0; i < hosts->n; i++) {
        struct str host = hosts->items[i];
        if (str_starts_fold(str_sub(s, at, s.len), host)) {
            return at + host.len;
        }
    }
    return at;
}

/* The out position of a mark that is met at in position `at`. */
static void meet_mark(const struct span *wanted, struct span *mark, size_t at,
                      size_t taken, size_t position)
{
    if (mark && wanted->from >= at && wanted->from < at + taken) {
        mark->from = position;
    }
    if (mark && wanted->to > at && wanted->to <= at + taken) {
        mark->to = STR_NONE; /* the end of what is written next */
    }
}

static size_t write_next(struct buf *out, struct str s, size_t at,
                         const struct defang_hosts *hosts, size_t *until)
{
    const struct scheme *scheme =
        hosts && (s.bytes[at] | 0x20) >= 'f' && (s.bytes[at] | 0x20) <= 'h'
            ? scheme_at(s, at)
            : NULL;

    if (scheme) {
        size_t from = at + scheme->live.len;
        /* One byte at a time, so that marks inside stay exact. */
        *until = from + authority_length(s, from);
    } else if (hosts && at >= *until) {
        size_t end = host_end(s, at, hosts);
        *until = end > *until ? end : *until;
    }
    if (hosts && at < *until && s.bytes[at] == '.') {
        buf_add_z(out, "[.]");
        return 1;
    }
    return escape_visible_next(out, str_sub(s, at, s.len));
}

/* Letters of "http" and "ftp" that stand in a live scheme: t becomes x. */
static bool is_scheme_t(struct str s, size_t at)
{
    static const struct str forms[] = {{"http://", 7}, {"https://", 8}};

    if (ascii_lower(s.bytes[at]) != 't') {
        return false;
    }
    for (size_t back = 1; back <= 2 && back <= at; back++) {
        for (size_t i = 0; i < 2; i++) {
            if (str_starts_fold(str_sub(s, at - back, s.len), forms[i])) {
                return true;
            }
        }
    }
    return at >= 1 && str_starts_fold(str_sub(s, at - 1, s.len), STR("ftp://"));
}

void defang_visible(struct buf *out, struct str s,
                    const struct defang_hosts *hosts, struct span *mark)
{
    const struct span wanted = mark ? *mark : (struct span){0, 0};
    size_t until = 0; /* end of the host that is being written */
    size_t at = 0;

    if (mark) {
        *mark = (struct span){out->len, out->len};
    }
    while (at < s.len) {
        size_t before = out->len;
        size_t taken;
        if (hosts && is_scheme_t(s, at)) {
            buf_add_char(out, 'x');
            taken = 1;
        } else {
            taken = write_next(out, s, at, hosts, &until);
        }
        meet_mark(&wanted, mark, at, taken, before);
        if (mark && mark->to == STR_NONE) {
            mark->to = out->len;
        }
        at += taken;
    }
}
