/* SPDX-License-Identifier: MIT */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

#include <infscan/types.h>

/* Every limit of an analysis: X(name, default, least, most, unit, reason).
 * Reaching one is reported in the result under its name and never reads as
 * clean. `least` and `most` bound what --limit takes: offsets and counts fit 32
 * bits, and what is walked by recursion must fit a thread's stack. */
#define LIMITS(X)                                                              \
    X(file_bytes, 64u << 20, 1, UINT32_MAX / 2, "bytes",                       \
      "largest real INF seen is under 10 MB; offsets must fit 32 bits")        \
    X(memory_bytes, 768u << 20, 1u << 16, INT64_MAX, "bytes",                  \
      "cap on all that is derived from one file")                              \
    X(seconds, 300, 0, INT32_MAX, "seconds",                                   \
      "a watchdog behind all other limits, which no real file reaches")        \
    X(sections, 8000000, 1, UINT32_MAX / 64, "sections",                       \
      "a 64 MB file can hold 4 million with a line each")                      \
    X(lines, 24000000, 1, UINT32_MAX / 64, "lines",                            \
      "one for three bytes of a 64 MB file; longest real INF seen: 200000")    \
    X(fields, 40000000, 1, UINT32_MAX / 64, "keys and fields",                 \
      "one for two bytes of a 64 MB file, and some more")                      \
    X(expansion_bytes, 4u << 20, 1, UINT32_MAX / 64, "bytes",                  \
      "one line after % substitution; Windows itself stops at 4096 a field")   \
    X(chain_depth, 64, 1, 256, "sections",                                     \
      "Include and Needs may be cyclic; of 2000 honest files none needs four") \
    X(languages, 40, 1, 10000, "sections",                                     \
      "Windows has more, but no driver seen comes in more than 30")            \
    X(actions, 100000, 1, UINT32_MAX / 64, "actions",                          \
      "largest driver package seen has 20000")                                 \
    X(diagnostics, 1000, 1, UINT32_MAX / 64, "diagnostics",                    \
      "more of the same tell nothing new")                                     \
    X(layers, 32, 1, 64, "layers",                                             \
      "honest commands have two; malware seen, nine")                          \
    X(layer_bytes, 1u << 20, 1, UINT32_MAX / 64, "bytes", "one peeled text")   \
    X(peel_depth, 24, 1, 24, "commands",                                       \
      "inside each other; malware seen has six")                               \
    X(peel_steps, 1000000, 1, UINT32_MAX / 2, "steps",                         \
      "work of peeling one command")                                           \
    X(regex_match, 2000000, 1, UINT32_MAX / 2, "steps",                        \
      "PCRE2 match limit of one pattern")                                      \
    X(regex_depth, 2000, 1, UINT32_MAX / 2, "kilobytes",                       \
      "PCRE2 heap limit of one match")                                         \
    X(findings, 2000, 1, UINT32_MAX / 64, "findings",                          \
      "a report nobody can read")                                              \
    X(indicators, 2000, 1, UINT32_MAX / 64, "indicators",                      \
      "a report nobody can read")                                              \
    X(directory_numbers, 256, 1, 100000, "numbers",                            \
      "of CustomDestination; Connection Manager's own profiles define two")    \
    X(included_files, 64, 1, 10000, "files",                                   \
      "INFs that one includes; Windows' own drivers name up to ten")           \
    X(companions, 50000, 1, UINT32_MAX / 64, "files",                          \
      "files that one INF needs; those that list a Windows CD have 18000")     \
    X(companion_bytes, UINT64_C(16) << 30, 1, INT64_MAX, "bytes",              \
      "hashed of the files beside one INF; display drivers have under 1 GB")   \
    X(folder_entries, 1000000, 1, UINT32_MAX / 64, "names",                    \
      "of a folder in which a name is looked for in any letter case")          \
    X(archive_bytes, (uint64_t)2 << 30, 1, INT64_MAX, "bytes",                 \
      "unpacked from one file, archives within it included")                   \
    X(archive_member_bytes, 128u << 20, 1, UINT32_MAX / 2, "bytes",            \
      "an archive within another one; it is held in memory")                   \
    X(archive_members, 200000, 1, UINT32_MAX / 64, "members",                  \
      "of one file; the largest disc of drivers seen has 60000")               \
    X(archive_depth, 8, 1, 32, "archives",                                     \
      "within each other; honest ones have three")                             \
    X(archive_ratio, 200, 1, INT64_MAX, "times",                               \
      "unpacked to packed size, from 16 MB on; INF text packs to a 30th")

enum limit {
#define X(name, value, least, most, unit, reason) LIMIT_##name,
    LIMITS(X)
#undef X
    N_LIMITS
};

/* The values of one scan, by enum limit. */
struct limits {
    uint64_t value[N_LIMITS];
};

extern const struct limits limits_default;

/* By enum limit. */
extern const struct infscan_limit limit_table[N_LIMITS];

/* Name of a limit; static. */
const char *limit_name(enum limit limit);

/* A rule file is read while a scan is set up: longer ones are refused, and no
 * option changes that. They are written by hand. */
#define RULE_FILE_MAX_BYTES ((size_t)4 << 20)

/* Which limits an analysis ran into: bit 1 << enum limit. */
typedef uint64_t limit_set;
_Static_assert(N_LIMITS <= 64, "limit_set has 64 bits");

static inline void limit_hit(limit_set *set, enum limit limit)
{
    *set |= UINT64_C(1) << limit;
}

static inline int limit_is_hit(limit_set set, enum limit limit)
{
    return (int)(set >> limit & 1);
}

#endif
