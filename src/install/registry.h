/* SPDX-License-Identifier: MIT */
#ifndef INSTALL_REGISTRY_H
#define INSTALL_REGISTRY_H

#include "text/text.h"

enum registry_root {
    REGISTRY_NO_ROOT,
    REGISTRY_HKCR,
    REGISTRY_HKCU,
    REGISTRY_HKLM,
    REGISTRY_HKU,
    REGISTRY_HKR
};

/* What HKR stands for where a line is read. */
enum registry_base_kind {
    REGISTRY_BASE_NONE, /* nothing: the line is invalid */
    REGISTRY_BASE_OPEN, /* a key that depends on the device: HKR stays */
    REGISTRY_BASE_KEY   /* a known key below HKLM */
};

struct registry_base {
    enum registry_base_kind kind;
    struct str before; /* "SYSTEM\CurrentControlSet\Services\" */
    struct slice name; /* the service's name */
};

/* AddReg and DelReg flags. Source: Microsoft, INF AddReg Directive. */
enum registry_flag {
    REGISTRY_BINVALUETYPE = 0x1,
    REGISTRY_NOCLOBBER = 0x2,
    REGISTRY_DELVAL = 0x4,
    REGISTRY_APPEND = 0x8,
    REGISTRY_KEYONLY = 0x10,
    REGISTRY_OVERWRITEONLY = 0x20,
    REGISTRY_64BITKEY = 0x1000,
    REGISTRY_KEYONLY_COMMON = 0x2000,
    REGISTRY_32BITKEY = 0x4000,
    REGISTRY_DELREG_BIT = 0x8000,
    REGISTRY_DELREG_STRING = 0x18002, /* DelReg: one string of a MULTI_SZ */
    REGISTRY_TYPE_MULTI_SZ = 0x10000,
    REGISTRY_TYPE_EXPAND_SZ = 0x20000,
    REGISTRY_TYPE_DWORD = 0x10001,
    REGISTRY_TYPE_NONE = 0x20001,
    REGISTRY_TYPE_QWORD = 0xB0001
};

#define REGISTRY_TYPE_MASK 0xFFFF0001u

/* "HKLM" and the other four, letter case aside. The long names, which honest
 * files use although no page lists them, are taken as well. */
enum registry_root registry_root_parse(struct str name);

/* Static; "" for REGISTRY_NO_ROOT. */
const char *registry_root_name(enum registry_root root);

/* "REG_SZ", "REG_DWORD", ... by AddReg flags; "REG_OTHER" for a custom number.
 * Static. */
const char *registry_type_name(uint32_t flags);

/**
 * registry_build_key - add the one spelling of a key to a text
 *
 * root:    not REGISTRY_NO_ROOT
 * base:    what HKR stands for; not REGISTRY_BASE_NONE for REGISTRY_HKR
 * key:     as written, after substitution
 * place:   what the made-up parts are traced to
 *
 * So that one pattern finds a key however it is written: doubled backslashes
 * and those at the ends go away, ControlSet001 and its kin below HKLM\SYSTEM
 * become CurrentControlSet, Wow6432Node goes away, and HKLM\Software\Classes
 * becomes HKCR. HKU\S-1-5-18 becomes HKU\.DEFAULT, and a user's SID_Classes
 * SID\Software\Classes. HKCU\Software\Classes, which overrides HKCR for one
 * user, keeps its name. Letters keep their case.
 */
void registry_build_key(struct text_builder *builder, enum registry_root root,
                        const struct registry_base *base, struct slice key,
                        struct slice place);

/**
 * registry_is_command - whether a value's data is run as a command line
 *
 * key:     as registry_build_key spells it
 * value:   empty for the default value
 */
bool registry_is_command(struct str key, struct str value);

/* What a value names that Windows loads ("print-monitor", "co-installer"), by
 * registry_loads.def; NULL for any other. Arguments as above; static. */
const char *registry_loads(struct str key, struct str value);

/* When Windows by itself runs or loads what a value names: "boot" or "logon";
 * NULL where somebody has to do something first, and for any other value.
 * Arguments as above; static. */
const char *registry_autostart(struct str key, struct str value);

#endif
