/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_RESULT_H
#define INFSCAN_RESULT_H

#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one file came to. Immutable, owns everything reachable from it, free of
 * scanner and rule set. The members mean what infscan-json(5) says of the
 * member of the same name. */
struct infscan_result;

enum infscan_result_status {
    INFSCAN_RESULT_OK,
    INFSCAN_RESULT_PARTIAL, /* a limit was hit */
    INFSCAN_RESULT_NOT_INF,
    INFSCAN_RESULT_ERROR
};

enum infscan_verdict {
    INFSCAN_VERDICT_NONE, /* status is error */
    INFSCAN_CLEAN,
    INFSCAN_SUSPICIOUS,
    INFSCAN_MALICIOUS
};

enum infscan_action_kind {
    INFSCAN_RUN_COMMAND,
    INFSCAN_LOAD_DLL,
    INFSCAN_WRITE_REGISTRY,
    INFSCAN_DELETE_REGISTRY,
    INFSCAN_COPY_FILE,
    INFSCAN_DELETE_FILE,
    INFSCAN_RENAME_FILE,
    INFSCAN_INSTALL_SERVICE,
    INFSCAN_DELETE_SERVICE,
    INFSCAN_CREATE_SHORTCUT,
    INFSCAN_WRITE_INI,
    INFSCAN_INCLUDE_INF,
    INFSCAN_INSTALL_SOFTWARE,
    INFSCAN_ADD_FILTER,
    INFSCAN_SET_SECURITY,
    INFSCAN_OTHER,
    INFSCAN_N_ACTION_KINDS
};

enum infscan_target {
    INFSCAN_TARGET_X86 = 1,
    INFSCAN_TARGET_AMD64 = 2,
    INFSCAN_TARGET_ARM64 = 4,
    INFSCAN_TARGET_ALL = 7
};

#define INFSCAN_NO_INDEX UINT32_MAX

/* One step of the way from an entry section to an action. `directive` is empty
 * in the last one, the line that says what is done. */
struct infscan_link {
    struct infscan_string section;
    struct infscan_string directive;
    struct infscan_place place;
};

/* One text that peeling brought out of a command, outermost first. */
struct infscan_layer {
    const char *step;           /* "powershell.encoded-command" */
    struct infscan_string text; /* what it came to */
    const char *gave_up;        /* why a part stays unresolved; NULL if none */
};

/* One kind-specific member: "path", "root", "key", "binary", ... */
struct infscan_member {
    const char *name;
    struct infscan_string text;
    int is_number; /* then `number` counts and `text` is its spelling */
    uint64_t number;
};

struct infscan_action {
    uint32_t id; /* its index */
    enum infscan_action_kind kind;
    struct infscan_string text; /* the command, or one line that says it */
    const struct infscan_string *alternatives;
    size_t n_alternatives;
    struct infscan_place place;
    const struct infscan_link *chain;
    size_t n_chain;
    int reachable; /* some launcher gets there without naming a section */
    int listed;    /* in the record without --all-actions */
    const struct infscan_layer *layers;
    size_t n_layers;
    const struct infscan_member *members;
    size_t n_members;
};

struct infscan_plan {
    const char *launcher; /* "cmstp", "advpack", ... */
    struct infscan_string invocation;
    struct infscan_string section;
    unsigned targets;              /* of enum infscan_target */
    struct infscan_string strings; /* LANGID of the strings section that this
                                    * needs ("0407"); empty: any */
    const char *windows; /* NULL: Windows of today; "other": only releases or
                          * editions that take other Models sections */
    const uint32_t *actions; /* ids, in the order of execution */
    size_t n_actions;
};

struct infscan_finding {
    const char *rule;
    const char *title;
    const char *why;
    enum infscan_severity severity;
    uint32_t score;            /* points that it added */
    const char *const *attack; /* NULL-terminated */
    uint32_t goodware_seen;    /* honest files that its rule hit, of so many; */
    uint32_t goodware_of;      /* 0: nobody has counted */
    uint32_t action;           /* INFSCAN_NO_INDEX: of the file */
    uint32_t layer;            /* INFSCAN_NO_INDEX: of the action's own text */
    struct infscan_string match;
    struct infscan_place place;
    const struct infscan_place *related; /* where it is spelled, if elsewhere */
    size_t n_related;
};

struct infscan_indicator {
    const char *type; /* "url", "domain", "ip", "unc", "path", ... */
    struct infscan_string value;
    const char *role; /* "download", "payload", "persistence", "target" */
    uint32_t action;
    uint32_t layer;
    struct infscan_place place;
    uint32_t port; /* of a URL, host or share that names one; 0: it does not */
};

struct infscan_diagnostic {
    const char *code; /* "INF0012" */
    enum infscan_severity severity;
    int evasion;
    struct infscan_string message;
    struct infscan_place place;
};

/* One thing that would remain on the host, however many lines lead to it. There
 * are some only where infscan_options.effects asks for them. */
struct infscan_effect {
    const char *kind;             /* "file-written", "value-set", ... */
    struct infscan_string target; /* path, key, service, ... */
    struct infscan_string name;   /* registry value, INI section, ... */
    struct infscan_string detail; /* data, source, program, ... */
    struct infscan_string type;   /* "REG_SZ", ...; of registry data alone */
    struct infscan_string flags;  /* what its lines depend on */
    const char *autostart;        /* "boot", "logon", "idle"; NULL: never */
    const char *const *launchers; /* that reach it; NULL-terminated */
    unsigned targets; /* of enum infscan_target, where one of them does */
    const uint32_t *actions; /* that do it, ids ascending */
    size_t n_actions;
    struct infscan_place place; /* of the first of them */
};

struct infscan_limit_hit {
    const char *name;
    uint64_t value;
};

/* A file beside the INF that it needs. */
struct infscan_companion {
    struct infscan_string
        name;         /* relative to the INF, divided by backslashes */
    const char *role; /* "include", "copied", "run", ... */
    int present;
    uint64_t size;   /* 0 where it is not there */
    char sha256[65]; /* "" where it is not there or too large */
};

/* How firm a verdict is. */
struct infscan_basis {
    uint32_t margin;  /* points above the least of this verdict */
    uint32_t missing; /* points to the next worse one; 0: there is none */
    /* The fewest rules without which the verdict would be `otherwise`, heaviest
     * first; NULL-terminated, never NULL. Empty for clean, and where so many
     * would have to go that it tells nothing. */
    const char *const *decisive;
    enum infscan_verdict otherwise;
    const char *honest; /* shape that made lesser findings count less: "driver-
                         * package", "cm-genuine", ...; NULL: none */
};

/* The command line that started the file, as infscan_options gave it. */
struct infscan_invocation {
    struct infscan_string line;
    const char *launcher;
    const char *way;           /* "cmstp", "advpack.LaunchINFSection", ... */
    struct infscan_string inf; /* as written */
    struct infscan_string section; /* empty: the launcher's own choice */
    const char *const *facts; /* "silent", "ordinal", ...; NULL-terminated */
};

/* The plain members of a record. */
struct infscan_summary {
    struct infscan_string path;     /* valid UTF-8; U+FFFD for each bad byte */
    struct infscan_string raw_path; /* as named */
    /* Where in the archive at `path` it is, archives within it included:
     * "inner.zip/x.inf". Empty for the file itself. */
    struct infscan_string member; /* valid UTF-8, as path */
    struct infscan_string raw_member;
    uint64_t size;   /* bytes */
    char sha256[65]; /* "" where nothing could be read */
    enum infscan_result_status status;
    struct infscan_string error_message; /* only with status error */
    const char *encoding;                /* "utf-16le", "windows-1252", ... */
    int bom;
    const char *dialect;
    int accepted;          /* by SetupAPI */
    const char *refusal;   /* NULL when accepted */
    uint32_t refusal_line; /* 0: none */
    enum infscan_verdict verdict;
    uint32_t score;             /* 0 to 100 */
    struct infscan_basis basis; /* why this verdict and no other */
    struct infscan_string text; /* the one-sentence summary */
    const char *rules_digest;
    const struct infscan_invocation *invocation; /* NULL: none was given */
};

/* What an archive held. Its verdict is the worst of its members'. */
struct infscan_archive {
    const char *format;    /* "zip", "cab", ... */
    uint64_t members;      /* without folders and without those of archives
                            * within it */
    uint64_t analysed;     /* INFs */
    uint64_t archives;     /* archives in it */
    uint64_t failed;       /* members that could not be read */
    uint64_t encrypted;    /* members, whether a password opened them or not */
    uint64_t unsafe_names; /* that lead out of the folder it is unpacked to */
    uint64_t not_inf;      /* passed over: does not look like an INF */
    uint64_t link;         /* passed over: link */
    uint64_t special;      /* passed over: device, FIFO, ... */
};

/**
 * infscan_result_free - release a result and all that was read from it
 */
INFSCAN_API void infscan_result_free(struct infscan_result *result);

INFSCAN_API const struct infscan_summary *
infscan_result_summary(const struct infscan_result *result);

/* The lists of a result: a borrowed array and its length. */
INFSCAN_API const struct infscan_plan *
infscan_result_plans(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_action *
infscan_result_actions(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_finding *
infscan_result_findings(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_indicator *
infscan_result_indicators(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_diagnostic *
infscan_result_diagnostics(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_companion *
infscan_result_companions(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_effect *
infscan_result_effects(const struct infscan_result *result, size_t *n);
INFSCAN_API const struct infscan_limit_hit *
infscan_result_limits(const struct infscan_result *result, size_t *n);

/**
 * infscan_result_archive - what the file held, if it is an archive
 *
 * NULL where it is none.
 */
INFSCAN_API const struct infscan_archive *
infscan_result_archive(const struct infscan_result *result);

/**
 * infscan_result_bytes - the raw bytes that were analysed
 *
 * Empty where none were, as for an archive or a file that cannot be read.
 */
INFSCAN_API struct infscan_string
infscan_result_bytes(const struct infscan_result *result);

/**
 * infscan_result_line - the decoded text of a line of the file
 *
 * line:    from 1
 *
 * Without its line end; empty where there is no such line.
 */
INFSCAN_API struct infscan_string
infscan_result_line(const struct infscan_result *result, uint32_t line);

/**
 * infscan_result_place_line - the decoded line that a place stands in
 *
 * place:   of this result, in whichever file
 *
 * As infscan_result_line; empty for a place of line 0.
 */
INFSCAN_API struct infscan_string
infscan_result_place_line(const struct infscan_result *result,
                          const struct infscan_place *place);

INFSCAN_API const char *
infscan_result_status_name(enum infscan_result_status status);
/* SHA-256 of some bytes, as 64 lower-case hexadecimal digits and a NUL. */
INFSCAN_API void infscan_sha256(const void *data, size_t size, char out[65]);

INFSCAN_API const char *infscan_verdict_name(enum infscan_verdict verdict);
INFSCAN_API const char *infscan_action_kind_name(enum infscan_action_kind kind);

/**
 * infscan_diagnostic_explain - what a diagnostic code means, for a reader
 *
 * code:    "INF0012", letter case aside
 *
 * Static text of one or more lines, the last without line end; NULL for an
 * unknown code.
 */
INFSCAN_API const char *infscan_diagnostic_explain(const char *code);

#ifdef __cplusplus
}
#endif

#endif
