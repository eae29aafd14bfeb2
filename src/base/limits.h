/* SPDX-License-Identifier: MIT */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

/* Every limit of an analysis: X(name, default, unit, reason). Reaching one is
 * reported in the result under its name and never reads as clean. */
#define LIMITS(X)                                                              \
    X(file_bytes, 64u << 20, "bytes",                                          \
      "largest real INF seen is under 10 MB; offsets must fit 32 bits")        \
    X(memory_bytes, 768u << 20, "bytes",                                       \
      "cap on all that is derived from one file")                              \
    X(sections, 200000, "sections", "a parse must stay linear in memory")      \
    X(lines, 4000000, "lines", "a 64 MB file of two-byte lines would pass it") \
    X(expansion_bytes, 4u << 20, "bytes",                                      \
      "one line after % substitution; Windows itself stops at 4096 a field")   \
    X(chain_depth, 16, "sections", "Include and Needs may be cyclic")          \
    X(languages, 40, "sections",                                               \
      "Windows has more, but no driver seen comes in more than 30")            \
    X(actions, 100000, "actions", "largest driver package seen has 20000")     \
    X(diagnostics, 1000, "diagnostics", "more of the same tell nothing new")   \
    X(layers, 32, "layers", "honest commands have two; malware seen, nine")    \
    X(layer_bytes, 1u << 20, "bytes", "one peeled text")                       \
    X(peel_steps, 1000000, "steps", "work of peeling one command")             \
    X(regex_match, 2000000, "steps", "PCRE2 match limit of one pattern")       \
    X(regex_depth, 2000, "kilobytes", "PCRE2 heap limit of one match")         \
    X(findings, 2000, "findings", "a report nobody can read")                  \
    X(indicators, 2000, "indicators", "a report nobody can read")              \
    X(directory_numbers, 256, "numbers",                                       \
      "of CustomDestination; Connection Manager's own profiles define two")    \
    X(included_files, 64, "files",                                             \
      "INFs that one includes; Windows' own drivers name up to ten")           \
    X(companions, 10000, "files",                                              \
      "files that one INF needs; the largest driver package seen has 2000")    \
    X(folder_entries, 1000000, "names",                                        \
      "of a folder in which a name is looked for in any letter case")          \
    X(rule_file_bytes, 4u << 20, "bytes", "rule files are written by hand")

enum limit {
#define X(name, value, unit, reason) LIMIT_##name,
    LIMITS(X)
#undef X
    N_LIMITS
};

/* The values of one scan, by enum limit. */
struct limits {
    uint64_t value[N_LIMITS];
};

extern const struct limits limits_default;

/* Name of a limit, as --limit takes it and records give it. */
const char *limit_name(enum limit limit);

/* Which limits an analysis ran into: bit 1 << enum limit. */
typedef uint32_t limit_set;
_Static_assert(N_LIMITS <= 32, "limit_set has 32 bits");

static inline void limit_hit(limit_set *set, enum limit limit)
{
    *set |= 1u << limit;
}

#endif
