/* SPDX-License-Identifier: MIT */
#include "install/registry.h"

#include <limits.h>

#define N_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *const root_names[] = {"",     "HKCR", "HKCU",
                                         "HKLM", "HKU",  "HKR"};

enum registry_root registry_root_parse(struct str name)
{
    static const char *const long_names[] = {
        "", "HKEY_CLASSES_ROOT", "HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE",
        "HKEY_USERS"};
    struct str trimmed = str_trim(name);
    for (size_t i = 1; i < N_OF(root_names); i++) {
        if (str_equal_fold(trimmed, str_from(root_names[i])) ||
            (i < N_OF(long_names) &&
             str_equal_fold(trimmed, str_from(long_names[i])))) {
            return (enum registry_root)i;
        }
    }
    return REGISTRY_NO_ROOT;
}

const char *registry_root_name(enum registry_root root)
{
    return root_names[root];
}

const char *registry_type_name(uint32_t flags)
{
    switch (flags & REGISTRY_TYPE_MASK) {
    case 0:
        return "REG_SZ";
    case REGISTRY_TYPE_EXPAND_SZ:
        return "REG_EXPAND_SZ";
    case REGISTRY_TYPE_MULTI_SZ:
        return "REG_MULTI_SZ";
    case REGISTRY_BINVALUETYPE:
        return "REG_BINARY";
    case REGISTRY_TYPE_DWORD:
        return "REG_DWORD";
    case REGISTRY_TYPE_NONE:
        return "REG_NONE";
    case REGISTRY_TYPE_QWORD:
        return "REG_QWORD";
    default:
        return "REG_OTHER";
    }
}

/* Takes the next component of a key; false after the last. */
static bool next_component(struct slice *rest, struct slice *out)
{
    struct str bytes = slice_str(*rest);
    size_t start = 0;
    while (start < bytes.len && bytes.bytes[start] == '\\') {
        start++;
    }
    size_t end = str_find_char(bytes, '\\', start);
    if (end == STR_NONE) {
        end = bytes.len;
    }
    *out = slice_sub(*rest, start, end - start);
    *rest = slice_sub(*rest, end, bytes.len);
    return out->len > 0;
}

static bool is_named(struct slice component, struct str name)
{
    struct str bytes = slice_str(component);
    return bytes.bytes && str_equal_fold(bytes, name);
}

static bool is_wow64(struct slice component)
{
    return is_named(component, STR("Wow6432Node")) ||
           is_named(component, STR("WowAA32Node"));
}

/* The next component but for Wow6432Node, which is another view of the same
 * names. */
static bool next_plain(struct slice *rest, struct slice *out)
{
    while (next_component(rest, out)) {
        if (!is_wow64(*out)) {
            return true;
        }
    }
    return false;
}

/* ControlSet001: one of the sets that CurrentControlSet is a link to. */
static bool is_control_set(struct slice component)
{
    struct str name = slice_str(component);
    if (name.len != 13 || !str_starts_fold(name, STR("ControlSet"))) {
        return false;
    }
    return ascii_is_digit(name.bytes[10]) && ascii_is_digit(name.bytes[11]) &&
           ascii_is_digit(name.bytes[12]);
}

static void add_component(struct text_builder *builder, struct slice component)
{
    text_build_fold(builder, STR("\\"), slice_sub(component, 0, 0), 0, 0);
    text_build_copy(builder, component);
}

/* HKLM\Software\Classes: the rest of the key behind it is left in *key. */
static bool take_machine_classes(struct slice *key)
{
    struct slice rest = *key;
    struct slice first;
    struct slice second;
    if (next_plain(&rest, &first) && next_plain(&rest, &second) &&
        is_named(first, STR("Software")) && is_named(second, STR("Classes"))) {
        *key = rest;
        return true;
    }
    return false;
}

static void add_base(struct text_builder *builder,
                     const struct registry_base *base, struct slice place)
{
    struct slice near = slice_sub(place, 0, 0);
    if (base->kind == REGISTRY_BASE_OPEN) {
        text_build_fold(builder, STR("HKR"), near, 0, 0);
        return;
    }
    text_build_fold(builder, STR("HKLM\\"), near, 0, 0);
    text_build_fold(builder, base->before, near, 0, 0);
    text_build_copy(builder, base->name);
}

/* HKU has the system's account under two names, and per-user classes under a
 * name of their own: the first component in its one spelling. */
static void add_user(struct text_builder *builder, struct slice component)
{
    static const struct str classes = {"_Classes", 8};
    struct str name = slice_str(component);
    if (is_named(component, STR("S-1-5-18"))) {
        text_build_fold(builder, STR("\\.DEFAULT"), component, 0, 0);
        return;
    }
    if (name.len > classes.len && str_ends_fold(name, classes)) {
        add_component(builder, slice_sub(component, 0, name.len - classes.len));
        text_build_fold(
            builder, STR("\\Software\\Classes"),
            slice_sub(component, name.len - classes.len, classes.len), 0, 0);
        return;
    }
    add_component(builder, component);
}

void registry_build_key(struct text_builder *builder, enum registry_root root,
                        const struct registry_base *base, struct slice key,
                        struct slice place)
{
    struct slice component = SLICE_NONE;
    if (root == REGISTRY_HKR) {
        add_base(builder, base, place);
    } else {
        if (root == REGISTRY_HKLM && take_machine_classes(&key)) {
            root = REGISTRY_HKCR;
        }
        text_build_fold(builder, str_from(registry_root_name(root)),
                        slice_sub(place, 0, 0), 0, 0);
    }
    bool in_system = false;
    for (unsigned i = 0; next_plain(&key, &component); i++) {
        if (i == 0) {
            in_system =
                root == REGISTRY_HKLM && is_named(component, STR("SYSTEM"));
        }
        if (i == 1 && in_system && is_control_set(component)) {
            text_build_fold(builder, STR("\\CurrentControlSet"), component, 0,
                            0);
        } else if (i == 0 && root == REGISTRY_HKU) {
            add_user(builder, component);
        } else {
            add_component(builder, component);
        }
    }
}

/* Whether s matches a pattern of letters and `*`, letter case aside. What
 * stands between two stars is taken where it is found first: that leaves most
 * for the rest. */
static bool matches(struct str s, struct str pattern)
{
    size_t star = str_find_char(pattern, '*', 0);
    size_t at = 0;
    if (star == STR_NONE) {
        return str_equal_fold(s, pattern);
    }
    struct str part = str_sub(pattern, 0, star);
    if (!str_starts_fold(s, part)) {
        return false;
    }
    do {
        s = str_sub(s, at + part.len, s.len);
        pattern = str_sub(pattern, star + 1, pattern.len);
        star = str_find_char(pattern, '*', 0);
        part = str_sub(pattern, 0, star);
        at = star == STR_NONE ? STR_NONE : str_find_fold(s, part, 0);
    } while (at != STR_NONE);
    return star == STR_NONE && str_ends_fold(s, pattern);
}

/* A row of registry_commands.def or registry_loads.def. */
struct value_row {
    struct str key;
    struct str value;
    const char *role;
    const char *when;
};

#define ROW(key, value, role, when)                                            \
    {                                                                          \
        {key, sizeof(key) - 1}, {value, sizeof(value) - 1}, role, when         \
    }
static const struct value_row command_rows[] = {
#define COMMAND(key, value, when, source) ROW(key, value, "command", when),
#include "install/registry_commands.def"
#undef COMMAND
};

static const struct value_row load_rows[] = {
#define LOADS(key, value, role, when, source) ROW(key, value, role, when),
#include "install/registry_loads.def"
#undef LOADS
};
#undef ROW

/* What tells most rows from a value: the length and first letter of its name,
 * and the last letter of its key. "*" is any name, and a key may end in any. */
struct row_mark {
    unsigned char length, first, last;
};

#define ANY_VALUE 1
#define MARK(key, value)                                                       \
    {sizeof(value) - 1, (unsigned char)((value)[0] | 0x20),                    \
     (unsigned char)((key)[sizeof(key) - 2] | 0x20)},
static const struct row_mark command_marks[] = {
#define COMMAND(key, value, when, source) MARK(key, value)
#include "install/registry_commands.def"
#undef COMMAND
};

static const struct row_mark load_marks[] = {
#define LOADS(key, value, role, when, source) MARK(key, value)
#include "install/registry_loads.def"
#undef LOADS
};

static struct row_mark mark_of(struct str key, struct str value)
{
    return (struct row_mark){
        (unsigned char)(value.len < UCHAR_MAX ? value.len : UCHAR_MAX),
        (unsigned char)(value.len ? value.bytes[0] | 0x20 : 0x20),
        (unsigned char)(key.len ? key.bytes[key.len - 1] | 0x20 : 0)};
}

static bool may_match(struct row_mark row, struct row_mark mark)
{
    return (row.last == mark.last || row.last == ('*' | 0x20)) &&
           (row.length == ANY_VALUE ||
            (row.length == mark.length && row.first == mark.first));
}

static const struct value_row *find_row(const struct value_row *rows,
                                        const struct row_mark *marks, size_t n,
                                        struct str key, struct str value)
{
    struct row_mark mark = mark_of(key, value);

    for (size_t i = 0; i < n; i++) {
        if (may_match(marks[i], mark) && matches(value, rows[i].value) &&
            matches(key, rows[i].key)) {
            return &rows[i];
        }
    }
    return NULL;
}

static const struct value_row *find_command(struct str key, struct str value)
{
    return find_row(command_rows, command_marks, N_OF(command_rows), key,
                    value);
}

static const struct value_row *find_load(struct str key, struct str value)
{
    return find_row(load_rows, load_marks, N_OF(load_rows), key, value);
}

bool registry_is_command(struct str key, struct str value)
{
    return find_command(key, value) != NULL;
}

const char *registry_loads(struct str key, struct str value)
{
    const struct value_row *row = find_load(key, value);

    return row ? row->role : NULL;
}

const char *registry_autostart(struct str key, struct str value)
{
    const struct value_row *row = find_command(key, value);

    if (!row) {
        row = find_load(key, value);
    }
    return row && strcmp(row->when, "use") != 0 ? row->when : NULL;
}
