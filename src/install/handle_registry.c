/* SPDX-License-Identifier: MIT */
/* AddReg, DelReg, BitReg, Ini2Reg, PerUserInstall. */
#include "install/walk.h"

/* What is written or deleted. */
struct value {
    enum registry_root root;
    struct slice key;
    struct slice name;
    struct slice data;
    struct slice flags; /* words for them */
    const char *type;   /* NULL: the key alone */
    bool has_number;
    uint64_t number;
};

/* Root of a line. false for a line that Windows skips: of an unknown root, or
 * of HKR where no device or service stands behind it. */
static bool read_root(struct walk *walk, const struct site *site,
                      struct slice field, struct value *value)
{
    value->root = registry_root_parse(slice_str(field));
    if (value->root == REGISTRY_NO_ROOT) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, field);
        return false;
    }
    return value->root != REGISTRY_HKR ||
           walk->bases.items[site->base].kind != REGISTRY_BASE_NONE;
}

/* Position of the parts of a subject. */
struct parts {
    uint32_t key_end;
    uint32_t name_at;
    uint32_t name_end;
};

/* Whether the data is a command line or names a library, so that its program
 * has a plain spelling. */
static bool names_code(const struct wording *subject, const struct value *value,
                       const struct parts *parts)
{
    struct str data = slice_str(value->data);
    struct str key = str_of(subject->builder.bytes, parts->key_end);
    struct str name = slice_str(value->name);
    bool has_path = str_find_char(data, '\\', 0) != STR_NONE ||
                    str_find_char(data, '/', 0) != STR_NONE;
    return has_path && !subject->builder.failed && !value->has_number &&
           (registry_is_command(key, name) || registry_loads(key, name));
}

/* KEY -> VALUE, or KEY -> VALUE = DATA for a write. */
static struct slice word_subject(struct walk *walk, const struct site *site,
                                 const struct value *value, bool writes,
                                 struct parts *parts)
{
    struct slice place =
        site->line ? walk_place(walk, site->line) : site->section->name;
    struct wording subject;
    wording_begin(&subject, walk, place);
    registry_build_key(&subject.builder, value->root,
                       &walk->bases.items[site->base], value->key, place);
    parts->key_end = (uint32_t)subject.builder.len;
    wording_say(&subject, " -> ");
    parts->name_at = (uint32_t)subject.builder.len;
    if (value->name.len) {
        wording_add(&subject, value->name);
    } else if (writes && value->type) {
        wording_say(&subject, "(default)");
    }
    parts->name_end = (uint32_t)subject.builder.len;
    if (writes && value->type) {
        wording_say(&subject, " = ");
        if (names_code(&subject, value, parts)) {
            wording_command(&subject, walk, value->data);
        } else {
            wording_add(&subject, value->data);
        }
    }
    return wording_end(&subject, walk, place);
}

static void add_action(struct walk *walk, const struct site *site,
                       enum infscan_action_kind kind, const struct value *value)
{
    struct action *action = walk_action(walk, site, kind);
    if (!action) {
        return;
    }
    struct parts parts = {0, 0, 0};
    bool writes = kind == INFSCAN_WRITE_REGISTRY;
    struct slice subject = word_subject(walk, site, value, writes, &parts);
    struct slice key = slice_sub(subject, 0, parts.key_end);
    action->subject = subject;
    action_add(action, "root",
               walk_word(walk, registry_root_name(value->root)));
    action_add(action, "key", value->key);
    action_add(action, "value", value->name);
    if (!writes) {
        action_add(action, "data", value->data);
    }
    if (writes && value->type) {
        action_add(action, "type", walk_word(walk, value->type));
        if (value->has_number) {
            action_add_number(action, "data", value->data, value->number);
        } else {
            action_add(action, "data", value->data);
        }
        const char *role =
            registry_loads(slice_str(key), slice_str(value->name));
        if (registry_is_command(slice_str(key), slice_str(value->name))) {
            action->command = value->data;
        } else if (role) {
            action_add(action, "loads", walk_word(walk, role));
        }
    }
    action_add(action, "normalized", key);
    action_add(action, "flags", value->flags);
    walk_finish(walk, action);
}

/* A number as wcstoul(text, NULL, 0) reads it: rubbish ends it. */
static uint64_t parse_number(struct str text)
{
    uint64_t number = 0;
    unsigned radix = 10;
    bool negative = false;
    text = str_trim(text);
    if (text.len && (text.bytes[0] == '-' || text.bytes[0] == '+')) {
        negative = text.bytes[0] == '-';
        text = str_sub(text, 1, text.len);
    }
    if (str_starts_fold(text, STR("0x"))) {
        radix = 16;
        text = str_sub(text, 2, text.len);
    } else if (text.len > 1 && text.bytes[0] == '0') {
        radix = 8;
    }
    for (size_t i = 0; i < text.len; i++) {
        int digit = ascii_hex_value(text.bytes[i]);
        if (digit < 0 || (unsigned)digit >= radix) {
            break;
        }
        number = number * radix + (unsigned)digit;
    }
    return negative ? 0 - number : number;
}

/* One byte of a binary value: hexadecimal, with 0x or without, at most two
 * significant digits. -1 for rubbish. */
static int parse_byte(struct str text)
{
    int byte = 0;
    text = str_trim(text);
    for (size_t i = str_starts_fold(text, STR("0x")) ? 2 : 0; i < text.len;
         i++) {
        int digit = ascii_hex_value(text.bytes[i]);
        if (digit < 0 || byte > 15) {
            return -1;
        }
        byte = byte * 16 + digit;
    }
    return byte;
}

/* The slice that fields from `first` (from 1) were read from. */
static struct slice data_source(const struct walk *walk,
                                const struct inf_line *line, uint32_t first)
{
    struct slice place = walk_place(walk, line);
    return first <= walk_n_fields(walk, line)
               ? inf_line_field(walk->document, line, first - 1)
               : slice_sub(place, place.len, 0);
}

/* Decimal spelling of a number that stands in the file. */
static void set_number(struct walk *walk, struct value *value, uint64_t number,
                       struct slice from)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    struct wording wording;
    wording_begin(&wording, walk, from);
    text_build_fold(&wording.builder, str_of(digits + at, sizeof digits - at),
                    from, 0, 0);
    value->data = wording_end(&wording, walk, from);
    value->has_number = true;
    value->number = number;
}

/* Fields from 5 on as bytes. false for a field that is none. */
static bool read_bytes(struct walk *walk, const struct inf_line *line,
                       struct value *value, uint64_t *little_endian)
{
    static const char hex[] = "0123456789abcdef";
    struct wording wording;
    wording_begin(&wording, walk, walk_place(walk, line));
    *little_endian = 0;
    for (uint32_t i = 5; i <= walk_n_fields(walk, line); i++) {
        struct slice field = walk_field(walk, line, i);
        int byte = parse_byte(slice_str(field));
        if (byte < 0) {
            walk_note(walk, line, DIAG_FIELD_MALFORMED, field);
            return false;
        }
        if (i - 5 < 8) {
            *little_endian |= (uint64_t)byte << (8 * (i - 5));
        }
        char text[3] = {',', hex[byte >> 4], hex[byte & 15]};
        size_t skip = i == 5 ? 1 : 0;
        text_build_fold(&wording.builder, str_of(text + skip, 3 - skip), field,
                        0, 0);
    }
    value->data = wording_end(&wording, walk, walk_place(walk, line));
    return true;
}

/* Data of an AddReg line. false: Windows writes nothing. Source: Microsoft,
 * INF AddReg Directive; Wine, setupapi/install.c. */
static bool read_data(struct walk *walk, const struct inf_line *line,
                      uint32_t flags, struct value *value)
{
    uint32_t type = flags & REGISTRY_TYPE_MASK;
    value->type = registry_type_name(flags);
    if (!(type & REGISTRY_BINVALUETYPE)) {
        value->data = type == REGISTRY_TYPE_MULTI_SZ
                          ? walk_line_text(walk, line, 4)
                          : walk_field(walk, line, 5);
        return true;
    }
    if (type == REGISTRY_TYPE_DWORD && walk_n_fields(walk, line) <= 5) {
        struct slice field = walk_field(walk, line, 5);
        set_number(walk, value, (uint32_t)parse_number(slice_str(field)),
                   field.text ? field : data_source(walk, line, 5));
        return true;
    }
    uint64_t number = 0;
    if (!read_bytes(walk, line, value, &number)) {
        return false;
    }
    if (type == REGISTRY_TYPE_DWORD || type == REGISTRY_TYPE_QWORD) {
        if (type == REGISTRY_TYPE_DWORD) {
            number = (uint32_t)number;
        }
        set_number(walk, value, number, value->data);
    }
    return true;
}

/* Flags; what is no number counts as 0. */
static uint32_t read_flags(struct walk *walk, const struct inf_line *line)
{
    struct slice field = walk_field(walk, line, 4);
    int64_t flags = 0;
    if (!walk_int(field, &flags)) {
        walk_note(walk, line, DIAG_FIELD_MALFORMED, field);
    }
    return (uint32_t)flags;
}

void walk_add_reg(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct value value = {.root = REGISTRY_NO_ROOT};
    if (!read_root(walk, site, walk_field(walk, line, 1), &value)) {
        return;
    }
    uint32_t flags = read_flags(walk, line);
    value.key = walk_field(walk, line, 2);
    value.name = walk_field(walk, line, 3);
    value.flags =
        walk_flags(walk, FLAGS_REGISTRY, flags, walk_field(walk, line, 4));
    if (flags & REGISTRY_DELREG_BIT) {
        return; /* belongs to DelReg */
    }
    if (flags & REGISTRY_DELVAL) {
        add_action(walk, site, INFSCAN_DELETE_REGISTRY, &value);
        return;
    }
    bool key_only = (flags & (REGISTRY_KEYONLY | REGISTRY_KEYONLY_COMMON)) != 0;
    if (key_only) {
        value.name = SLICE_NONE;
    }
    if (key_only || read_data(walk, line, flags, &value)) {
        add_action(walk, site, INFSCAN_WRITE_REGISTRY, &value);
    }
}

/* root,subkey[,value[,flags[,string]]]: with flags for it, one string of
 * several goes. Source: Microsoft, INF DelReg Directive. */
void walk_del_reg(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct value value = {.root = REGISTRY_NO_ROOT};
    if (!read_root(walk, site, walk_field(walk, line, 1), &value)) {
        return;
    }
    uint32_t flags = read_flags(walk, line);
    value.key = walk_field(walk, line, 2);
    value.name = walk_field(walk, line, 3);
    value.flags =
        walk_flags(walk, FLAGS_REGISTRY, flags & ~(uint32_t)REGISTRY_NOCLOBBER,
                   walk_field(walk, line, 4));
    if ((flags & REGISTRY_DELREG_STRING) == REGISTRY_DELREG_STRING) {
        value.data = walk_field(walk, line, 5);
    }
    add_action(walk, site, INFSCAN_DELETE_REGISTRY, &value);
}

/* root,subkey,value,flags,mask,byte */
void walk_bit_reg(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    struct value value = {.root = REGISTRY_NO_ROOT};
    if (!read_root(walk, site, walk_field(walk, line, 1), &value)) {
        return;
    }
    value.key = walk_field(walk, line, 2);
    value.name = walk_field(walk, line, 3);
    value.flags = walk_flags(walk, FLAGS_BITS, read_flags(walk, line),
                             walk_field(walk, line, 4));
    value.type = registry_type_name(REGISTRY_BINVALUETYPE);
    value.data = walk_line_text(walk, line, 3);
    add_action(walk, site, INFSCAN_WRITE_REGISTRY, &value);
}

/* ini file,section,[key],root,subkey,[flags] */
void walk_ini_to_registry(struct walk *walk, const struct site *site)
{
    struct value value = {.root = REGISTRY_NO_ROOT};
    if (!read_root(walk, site, walk_field(walk, site->line, 4), &value)) {
        return;
    }
    value.key = walk_field(walk, site->line, 5);
    value.name = walk_field(walk, site->line, 3);
    value.type = registry_type_name(0);
    value.data = walk_field(walk, site->line, 1);
    int64_t flags = 0;
    struct slice written = walk_field(walk, site->line, 6);
    if (!walk_int(written, &flags)) {
        walk_note(walk, site->line, DIAG_FIELD_MALFORMED, written);
    }
    value.flags = walk_flags(walk, FLAGS_INI2REG, flags, written);
    add_action(walk, site, INFSCAN_WRITE_REGISTRY, &value);
}

void walk_write_setting(struct walk *walk, const struct site *site,
                        struct slice key, struct slice name, struct slice data)
{
    struct value value = {.root = REGISTRY_HKLM,
                          .key = key,
                          .name = name,
                          .data = data,
                          .type = registry_type_name(0)};
    int64_t number = 0;
    if (data.len && walk_int(data, &number)) {
        value.type = registry_type_name(REGISTRY_TYPE_DWORD);
        set_number(walk, &value, (uint32_t)number, data);
    }
    add_action(walk, site, INFSCAN_WRITE_REGISTRY, &value);
}

/* Active Setup: keys of the section are written as values under the
 * component's GUID. Source: Wine, advpack/install.c. */
void walk_per_user_install(struct walk *walk, const struct site *site)
{
    static const struct {
        struct str key;
        const char *value; /* "": the default value */
        bool is_number;
    } rows[] = {{{"DisplayName", 11}, "", false},
                {{"Version", 7}, "Version", false},
                {{"IsInstalled", 11}, "IsInstalled", true},
                {{"ComponentID", 11}, "ComponentID", false},
                {{"Locale", 6}, "Locale", false},
                {{"StubPath", 8}, "StubPath", false}};
    struct slice guid = walk_find_value(walk, site->section, STR("GUID"));
    if (!guid.len) {
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct site here = *site;
        here.line = walk_find_key(walk, site->section, rows[i].key);
        if (!here.line) {
            continue;
        }
        struct value value = {.root = REGISTRY_HKLM,
                              .type = registry_type_name(0),
                              .data = walk_field(walk, here.line, 1)};
        if (rows[i].is_number) {
            value.type = registry_type_name(REGISTRY_TYPE_DWORD);
            set_number(walk, &value,
                       (uint32_t)parse_number(slice_str(value.data)),
                       walk_place(walk, here.line));
        }
        struct wording key;
        wording_begin(&key, walk, walk_place(walk, here.line));
        wording_say(
            &key, "SOFTWARE\\Microsoft\\Active Setup\\Installed Components\\");
        wording_add(&key, guid);
        value.key = wording_end(&key, walk, walk_place(walk, here.line));
        if (*rows[i].value) {
            value.name = walk_word(walk, rows[i].value);
        }
        add_action(walk, &here, INFSCAN_WRITE_REGISTRY, &value);
    }
}
