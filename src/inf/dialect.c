/* SPDX-License-Identifier: MIT */
#include "inf/dialect.h"

#include "base/utf8.h"

/* A section (and, where given, a key in it) that tells a dialect. The first
 * dialect with a row that is there wins; `signed_only` rows count only with a
 * signature that SetupAPI accepts. */
enum requirement {
    ANY_FILE,
    SIGNED_FILE
};

static const struct mark {
    enum dialect dialect;
    enum requirement requirement;
    const char *section;
    const char *key; /* NULL: the section is enough */
} marks[] = {
    {DIALECT_EDK2, ANY_FILE, "Defines", "INF_VERSION"},
    {DIALECT_EDK2, ANY_FILE, "Defines", "BASE_NAME"},
    {DIALECT_IEXPRESS, ANY_FILE, "Version", "SEDVersion"},
    {DIALECT_WINDOWS_CE, ANY_FILE, "CEStrings", NULL},
    {DIALECT_WINDOWS_CE, ANY_FILE, "CEDevice", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Privilege Rights", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "System Access", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Event Audit", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Group Membership", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Registry Values", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Service General Setting", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Kerberos Policy", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "File Security", NULL},
    {DIALECT_SECURITY_TEMPLATE, ANY_FILE, "Registry Keys", NULL},
    {DIALECT_ANSWER_FILE, ANY_FILE, "Unattended", NULL},
    {DIALECT_ANSWER_FILE, ANY_FILE, "Unattend", NULL},
    {DIALECT_ANSWER_FILE, ANY_FILE, "GuiUnattended", NULL},
    {DIALECT_ANSWER_FILE, ANY_FILE, "GuiRunOnce", NULL},
    {DIALECT_CONNECTION_MANAGER, ANY_FILE, "Connection Manager", NULL},
    {DIALECT_CONNECTION_MANAGER, SIGNED_FILE, "CMAK Status", NULL},
    {DIALECT_CODE_DOWNLOAD, SIGNED_FILE, "Add.Code", NULL},
    {DIALECT_CODE_DOWNLOAD, SIGNED_FILE, "Setup Hooks", NULL},
    {DIALECT_DRIVER, SIGNED_FILE, "Manufacturer", NULL},
    {DIALECT_ADVANCED, SIGNED_FILE, "Version", "AdvancedINF"},
    {DIALECT_LEGACY_NT, ANY_FILE, "Identification", "OptionType"},
};

static const struct {
    const char *name;
    bool is_inf;
} table[N_DIALECTS] = {
#define DIALECT(id, name, is_inf) {name, is_inf},
#include "inf/dialects.def"
#undef DIALECT
};

const char *dialect_name(enum dialect dialect)
{
    return table[dialect].name;
}

bool dialect_is_inf(enum dialect dialect)
{
    return table[dialect].is_inf;
}

static bool has_key(const struct inf_document *document,
                    const struct inf_section *section, struct str key)
{
    for (uint32_t i = section->first; i != INF_NONE;
         i = inf_document_next(document, i)) {
        char room[INF_SHORT_KEY];
        if (str_equal_fold(
                inf_line_short_key(document, &document->lines[i], room), key)) {
            return true;
        }
    }
    return false;
}

static bool matches(const struct mark *mark,
                    const struct inf_document *document, bool is_signed)
{
    const struct inf_section *section =
        inf_document_find(document, str_from(mark->section));

    return section && (mark->requirement == ANY_FILE || is_signed) &&
           (!mark->key || has_key(document, section, str_from(mark->key)));
}

/* Formats that are told by their first bytes. */
static bool has_foreign_magic(struct str raw)
{
    static const struct str magics[] = {
        {"MZ", 2},
        {"PK\x03\x04", 4},
        {"\x30\x82", 2},
        {"\x7f"
         "ELF",
         4},
        {"HSP\x01", 4},
        {"HSP\x10", 4},
        {"%PDF", 4},
        {"\x89PNG", 4},
        {"MSCF", 4},
        {"7z\xbc\xaf", 4},
        /* Precompiled INF files: version 1.1 to 3.3, then the style of the INF
         * (file(1), Magdir/windows). */
        {"\x01\x01\x02\x00", 4}, /* 98 to XP */
        {"\x01\x03\x02\x00", 4}, /* Vista to 8.1 */
        {"\x02\x03\x02\x00", 4}, /* 10, first builds */
        {"\x03\x03\x02\x00", 4}, /* 10 and 11 */
    };

    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (raw.len >= magics[i].len &&
            memcmp(raw.bytes, magics[i].bytes, magics[i].len) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_autorun(const struct inf_document *profile)
{
    for (uint32_t i = 0; profile && i < profile->n_sections; i++) {
        const struct inf_section *section = &profile->sections[i];
        struct str name = slice_str(section->name);
        if (str_equal_fold(name, STR("autorun")) ||
            str_starts_fold(name, STR("autorun."))) {
            return true;
        }
    }
    return false;
}

static bool uses_advanced_keys(const struct inf_document *document)
{
    static const char *const keys[] = {
        "RunPreSetupCommands", "RunPostSetupCommands", "RegisterOCXs",
        "UnRegisterOCXs",      "CustomDestination",    "PerUserInstall"};

    for (uint32_t i = 0; i < document->n_lines; i++) {
        char room[INF_SHORT_KEY];
        struct str key =
            inf_line_short_key(document, &document->lines[i], room);
        for (size_t k = 0; key.len && k < sizeof keys / sizeof *keys; k++) {
            if (str_equal_fold(key, str_from(keys[k]))) {
                return true;
            }
        }
    }
    return false;
}

/* An INI file at least: a section with a key, in text. */
static bool looks_like_ini(const struct inf_document *profile)
{
    if (!profile) {
        return false;
    }
    const struct text *text = profile->source->text;
    size_t odd = 0;

    for (size_t i = 0; i < text->bytes.len && i < 4096; i++) {
        unsigned char c = (unsigned char)text->bytes.bytes[i];
        odd += c < 0x09 || (c > 0x0D && c < 0x20);
    }
    for (uint32_t i = 0; odd * 10 < 4096 && i < profile->n_lines; i++) {
        if (inf_line_n_fields(profile, &profile->lines[i])) {
            return true;
        }
    }
    return false;
}

/* The sections of the first set-up scripts: those of NT 3 and OEMSETUP.INF of
 * Windows 3.1 and for Workgroups. */
static bool looks_like_legacy_nt(const struct inf_document *document)
{
    static const char *const names[] = {"Shell Commands",
                                        "FileConstants",
                                        "Source Media Descriptions",
                                        "Installable Drivers",
                                        "Installable.Drivers",
                                        "OptionList",
                                        "disks",
                                        "oemdisks",
                                        "netcard"};
    unsigned found = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        found += inf_document_find(document, str_from(names[i])) != NULL;
    }
    return found >= 1;
}

enum dialect dialect_of(struct str raw, const struct inf_document *document,
                        const struct inf_document *profile)
{
    bool is_signed = document->has_signature;

    if (has_foreign_magic(raw) && !has_autorun(profile)) {
        return DIALECT_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (matches(&marks[i], document, is_signed)) {
            return marks[i].dialect;
        }
    }
    if (has_autorun(profile) && !is_signed) {
        return DIALECT_AUTORUN;
    }
    if (is_signed && uses_advanced_keys(document)) {
        return DIALECT_ADVANCED;
    }
    if (is_signed) {
        return has_autorun(profile) ? DIALECT_AUTORUN : DIALECT_SETUP;
    }
    if (looks_like_legacy_nt(document)) {
        return DIALECT_LEGACY_NT;
    }
    if (uses_advanced_keys(document)) {
        return DIALECT_ADVANCED; /* refused, but written to be launched */
    }
    return looks_like_ini(profile) ? DIALECT_INI : DIALECT_UNKNOWN;
}
