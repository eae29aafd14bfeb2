/* SPDX-License-Identifier: MIT */
/* The plain spelling of a path. */
#include "install/path.h"

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

/* Without \\?\ and its kin; *unc says that a share's name follows. */
static struct str without_device_prefix(struct str path, bool *unc)
{
    static const struct str prefixes[] = {
        {"\\\\?\\", 4}, {"\\\\.\\", 4}, {"\\??\\", 4}, {"//?/", 4}};
    *unc = false;
    for (size_t i = 0; i < N_OF(prefixes); i++) {
        if (!str_starts_fold(path, prefixes[i])) {
            continue;
        }
        path = str_sub(path, prefixes[i].len, path.len);
        if (str_starts_fold(path, STR("UNC\\"))) {
            *unc = true;
            path = str_sub(path, 4, path.len);
        }
        return path;
    }
    return path;
}

/* Bytes at the start that ".." may not remove: drive and root, or a share's
 * two backslashes. Written to out. */
static size_t copy_root(struct str *path, bool unc, char *out)
{
    size_t n = 0;
    size_t taken = 0;
    if (unc) {
        out[n++] = '\\';
        out[n++] = '\\';
    } else if (path->len >= 2 &&
               (path->bytes[0] == '\\' || path->bytes[0] == '/') &&
               (path->bytes[1] == '\\' || path->bytes[1] == '/')) {
        out[n++] = '\\';
        out[n++] = '\\';
        taken = 2;
    } else {
        if (path->len >= 2 && path->bytes[1] == ':') {
            out[n++] = path->bytes[0];
            out[n++] = ':';
            taken = 2;
        }
        if (path->len > taken &&
            (path->bytes[taken] == '\\' || path->bytes[taken] == '/')) {
            out[n++] = '\\';
            taken++;
        }
    }
    *path = str_sub(*path, taken, path->len);
    return n;
}

/* Takes the last component away from out[0, n), but nothing of the root.
 * false where there is none, or where it is a ".." itself. */
static bool drop_last(const char *out, size_t root, size_t *n)
{
    size_t end = *n;
    if (end > root && out[end - 1] == '\\') {
        end--;
    }
    size_t start = end;
    while (start > root && out[start - 1] != '\\') {
        start--;
    }
    if (start == end ||
        (end - start == 2 && out[start] == '.' && out[start + 1] == '.')) {
        return false;
    }
    *n = start;
    return true;
}

/* Win32 drops dots and blanks at the end of a path, and one dot at the end of
 * a component before it; blanks there stay: "C:\Windows \System32" is another
 * folder. Source: Microsoft, File path formats on Windows. */
static struct str without_tail(struct str part, bool last)
{
    size_t len = part.len;
    if (!last) {
        bool one_dot =
            len > 1 && part.bytes[len - 1] == '.' && part.bytes[len - 2] != '.';
        return str_sub(part, 0, one_dot ? len - 1 : len);
    }
    while (len > 0 &&
           (part.bytes[len - 1] == '.' || part.bytes[len - 1] == ' ')) {
        len--;
    }
    return len ? str_sub(part, 0, len) : part;
}

/* a.exe::$DATA is a.exe. */
static struct str without_default_stream(struct str part)
{
    static const struct str stream = {"::$DATA", 7};
    return part.len > stream.len && str_ends_fold(part, stream)
               ? str_sub(part, 0, part.len - stream.len)
               : part;
}

/* Slashes, dots and prefixes. */
static struct str plain_components(struct arena *arena, struct str path)
{
    char *out = arena_alloc(arena, path.len + 3, 1);
    if (!out) {
        return (struct str){NULL, 0};
    }
    bool unc = false;
    struct str rest = without_device_prefix(path, &unc);
    bool verbatim = rest.len != path.len;
    size_t root = copy_root(&rest, unc, out);
    size_t n = root;
    size_t i = 0;
    while (rest.bytes && i < rest.len) {
        size_t end = i;
        while (end < rest.len && rest.bytes[end] != '\\' &&
               rest.bytes[end] != '/') {
            end++;
        }
        struct str part = str_of(rest.bytes + i, end - i);
        bool last = end == rest.len;
        i = end + 1;
        if (!part.len || str_equal(part, STR("."))) {
            continue;
        }
        if (str_equal(part, STR("..")) &&
            (drop_last(out, root, &n) || root > 0)) {
            continue;
        }
        if (last) {
            part = without_default_stream(part);
        }
        if (!verbatim && !str_equal(part, STR(".."))) {
            part = without_tail(part, last);
        }
        memcpy(out + n, part.bytes, part.len);
        n += part.len;
        if (!last) {
            out[n++] = '\\';
        }
    }
    return str_of(out, n);
}

struct alias {
    const char *written;
    const char *plain;
};

#define MAX_CAPTURES 2

/* Whether a path begins as an alias is written; how much of it that is, and
 * what its `?` and `*` stand for. */
static bool fits(const char *written, struct str path, size_t *len,
                 struct str captures[MAX_CAPTURES])
{
    size_t i = 0;
    size_t n = 0;
    for (const char *p = written; *p; p++) {
        size_t start = i;
        if (*p == '*') {
            while (i < path.len && path.bytes[i] != '\\') {
                i++;
            }
        } else if (i < path.len && (*p == '?' ? ascii_is_alpha(path.bytes[i])
                                              : ascii_lower(path.bytes[i]) ==
                                                    ascii_lower(*p))) {
            i++;
        }
        if (i == start) {
            return false;
        }
        if (*p == '*' || *p == '?') {
            captures[n++] = str_sub(path, start, i - start);
        }
    }
    *len = i;
    return i == path.len || path.bytes[i] == '\\' ||
           written[strlen(written) - 1] == '%';
}

static struct str put_plain(struct arena *arena, const char *plain,
                            struct str rest,
                            const struct str captures[MAX_CAPTURES])
{
    size_t room = strlen(plain) + rest.len;
    size_t n = 0;
    size_t used = 0;
    for (unsigned i = 0; i < MAX_CAPTURES; i++) {
        room += captures[i].len;
    }
    char *out = arena_alloc(arena, room, 1);
    if (!out) {
        return (struct str){NULL, 0};
    }
    for (const char *p = plain; *p; p++) {
        if (*p != '*' && *p != '?') {
            out[n++] = *p;
        } else if (used < MAX_CAPTURES) {
            memcpy(out + n, captures[used].bytes, captures[used].len);
            n += captures[used++].len;
        }
    }
    if (rest.len) {
        memcpy(out + n, rest.bytes, rest.len);
    }
    return str_of(out, n + rest.len);
}

/* A byte by which most rows differ from most paths: the one behind the root of
 * a drive, or the first of any other path. Every row of a drive begins with
 * "?:\\" and a byte that is no wildcard, and no other row with one. */
#define MARK_DRIVE(third) (unsigned char)(((third) | 0x20) & 0x7F)
#define MARK_OTHER(first) (unsigned char)((first) | 0x20 | 0x80)

static int mark_of(struct str path)
{
    bool has_drive =
        path.len > 3 && path.bytes[1] == ':' && path.bytes[2] == '\\';

    return has_drive ? MARK_DRIVE(path.bytes[3]) : MARK_OTHER(path.bytes[0]);
}

/* One alias resolved; `path` itself where none fits. */
static struct str resolve_alias(struct arena *arena, struct str path)
{
    static const struct alias rows[] = {
#define ALIAS(written, plain, source) {written, plain},
#include "install/aliases.def"
#undef ALIAS
    };
    static const unsigned char marks[] = {
#define ALIAS(written, plain, source)                                          \
    (written)[0] == '?' ? MARK_DRIVE((written)[3]) : MARK_OTHER((written)[0]),
#include "install/aliases.def"
#undef ALIAS
    };
    const unsigned char *end = marks + sizeof marks;
    const unsigned char *at = marks;

    if (!path.len) {
        return path;
    }
    int mark = mark_of(path);
    while ((at = memchr(at, mark, (size_t)(end - at)))) {
        const struct alias *row = &rows[at - marks];
        struct str captures[MAX_CAPTURES] = {{"", 0}, {"", 0}};
        size_t len = 0;
        if (fits(row->written, path, &len, captures)) {
            return put_plain(arena, row->plain, str_sub(path, len, path.len),
                             captures);
        }
        at++;
    }
    return path;
}

/* Short names within short names, and a junction behind them. */
#define MAX_ALIASES 8

struct str path_normalise(struct arena *arena, struct str path)
{
    if (path_is_url(path)) {
        return path;
    }
    /* a variable first: its folder is what ".." behind it counts from */
    struct str known =
        path.len && path.bytes[0] == '%' ? resolve_alias(arena, path) : path;
    struct str plain = plain_components(arena, known);
    for (unsigned i = 0; i < MAX_ALIASES && plain.bytes; i++) {
        struct str next = resolve_alias(arena, plain);
        if (next.bytes == plain.bytes) {
            break;
        }
        /* "\\host\C$" ends the root of a share: ".." may go further now */
        plain = next.bytes ? plain_components(arena, next) : next;
    }
    return plain.bytes && str_equal(plain, path) ? path : plain;
}
