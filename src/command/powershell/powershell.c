/* SPDX-License-Identifier: MIT */
#include "command/cmdline.h"
#include "command/codec.h"
#include "command/peel.h"
#include "command/powershell/ast.h"

enum role {
    ROLE_SWITCH,
    ROLE_VALUE,
    ROLE_COMMAND,
    ROLE_ENCODED,
    ROLE_FILE
};

/* Parameters of powershell.exe in the order in which abbreviations are tried.
 * Source: Microsoft, "about_PowerShell_exe" for the names; the order and the
 * abbreviations are observed behaviour, not documented. */
static const struct {
    const char *name;
    enum role role;
} parameters[] = {
    {"ec", ROLE_ENCODED},
    {"encodedcommand", ROLE_ENCODED},
    {"command", ROLE_COMMAND},
    {"commandwithargs", ROLE_COMMAND},
    {"cwa", ROLE_COMMAND},
    {"file", ROLE_FILE},
    {"ep", ROLE_VALUE},
    {"executionpolicy", ROLE_VALUE},
    {"ea", ROLE_VALUE},
    {"encodedarguments", ROLE_VALUE},
    {"windowstyle", ROLE_VALUE},
    {"if", ROLE_VALUE},
    {"inputformat", ROLE_VALUE},
    {"of", ROLE_VALUE},
    {"outputformat", ROLE_VALUE},
    {"psconsolefile", ROLE_VALUE},
    {"version", ROLE_VALUE},
    {"configurationname", ROLE_VALUE},
    {"configurationfile", ROLE_VALUE},
    {"custompipename", ROLE_VALUE},
    {"settingsfile", ROLE_VALUE},
    {"wd", ROLE_VALUE},
    {"workingdirectory", ROLE_VALUE},
};

static enum role role_of(struct str name)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (name.len && str_starts_fold(str_from(parameters[i].name), name)) {
            return parameters[i].role;
        }
    }
    return ROLE_SWITCH;
}

/* Name of a parameter without its dashes or slash; empty for an argument. */
static struct str parameter_name(struct str argument)
{
    size_t at = ps_dash(argument, 0);

    if (!at && argument.len && argument.bytes[0] == '/') {
        at = 1;
    }
    if (at == 1 && ps_dash(argument, 1)) { /* --command */
        at += ps_dash(argument, 1);
    }
    if (!at || at >= argument.len || !ascii_is_alpha(argument.bytes[at])) {
        return STR("");
    }
    struct str name = str_sub(argument, at, argument.len);
    if (str_find_char(name, ' ', 0) != STR_NONE) {
        return STR(""); /* "-join (...)" is a command */
    }
    size_t colon = str_find_char(name, ':', 0);
    return colon == STR_NONE ? name : str_sub(name, 0, colon);
}

/* The words from `first` on, as PowerShell joins them. */
static struct slice join_words(struct peel *peel, const struct cmdline *line,
                               uint32_t first)
{
    struct text_builder out;

    if (first + 1 == line->n) {
        return line->arguments[first].value;
    }
    text_build_init(&out, peel->arena, TEXT_UNQUOTE, peel->max_bytes);
    for (uint32_t i = first; i < line->n; i++) {
        struct slice raw = line->arguments[i].raw;
        if (i > first) {
            struct slice before = raw;
            before.off--;
            before.len = 1;
            text_build_fold(&out, STR(" "), before, 0, 0);
        }
        text_build_copy(&out, line->arguments[i].value);
    }
    const struct text *text = text_build_finish(&out);
    if (!text && !out.too_large) {
        peel->failed = true;
    }
    return slice_all(text);
}

enum quoting {
    QUOTING_NONE,
    QUOTING_AROUND
};

/* A resolved script with quotes as the command line needs them. */
static struct slice quote_script(struct peel *peel, struct slice script,
                                 enum quoting quoting)
{
    struct str s = slice_str(script);
    struct text_builder out;
    size_t from = 0;

    text_build_init(&out, peel->arena, TEXT_PEEL, peel->max_bytes);
    if (quoting == QUOTING_AROUND) {
        text_build_fold(&out, STR("\""), slice_sub(script, 0, 1), 0, 0);
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.bytes[i] == '"') {
            text_build_copy(&out, slice_sub(script, from, i - from));
            text_build_fold(&out, STR("\\\""), slice_sub(script, i, 1), 0, 0);
            from = i + 1;
        }
    }
    text_build_copy(&out, slice_sub(script, from, s.len - from));
    if (quoting == QUOTING_AROUND) {
        text_build_fold(&out, STR("\""), slice_sub(script, s.len - 1, 1), 0, 0);
    }
    const struct text *text = text_build_finish(&out);
    return text ? slice_all(text) : script;
}

static struct slice peel_body(struct peel *peel, struct slice command,
                              const struct cmdline *line, uint32_t first)
{
    struct slice script = join_words(peel, line, first);
    struct rewrite out;

    if (!script.len) {
        return command;
    }
    peel_add(peel, "powershell.command", script, NULL);
    struct slice peeled = powershell_peel_script(peel, script);
    if (peeled.text == script.text && peeled.len == script.len) {
        return command;
    }
    struct slice raw = line->arguments[first].raw;
    size_t start = raw.off - command.off;
    bool quoted = slice_str(raw).bytes[0] == '"' && first + 1 == line->n;
    rewrite_init(&out, peel, command);
    rewrite_put(
        &out, start, command.len - start,
        quote_script(peel, peeled, quoted ? QUOTING_AROUND : QUOTING_NONE));
    return rewrite_finish(&out);
}

static struct slice peel_encoded(struct peel *peel, struct slice command,
                                 const struct argument *argument)
{
    const struct text *text = NULL;
    struct rewrite out;

    if (peel_spend(peel, (size_t)argument->value.len * 2)) {
        text = codec_encoded_command(peel->arena, argument->value,
                                     peel->max_bytes);
    }
    if (!text) {
        peel_add(peel, "powershell.encoded-command", argument->value,
                 "not base64");
        return command;
    }
    struct slice script = slice_all(text);
    peel_add(peel, "powershell.encoded-command", script, NULL);
    struct slice peeled = powershell_peel_script(peel, script);
    rewrite_init(&out, peel, command);
    rewrite_put(&out, argument->raw.off - command.off, argument->raw.len,
                slice_trim(peeled));
    return rewrite_finish(&out);
}

struct slice powershell_peel(struct peel *peel, struct slice command,
                             size_t tail)
{
    struct cmdline line;
    struct str s = slice_str(command);

    /* powershell/e: the switch starts right behind the program. */
    bool glued = tail < s.len && s.bytes[tail] == '/';
    if (!peel_spend(peel, command.len) ||
        !cmdline_split(peel->arena,
                       glued ? slice_sub(command, tail, s.len) : command,
                       &line)) {
        return command;
    }
    for (uint32_t i = glued ? 0 : 1; i < line.n; i++) {
        struct str word = slice_str(line.arguments[i].value);
        struct str name = parameter_name(word);
        if (!name.len) {
            bool reads_pipe = ps_dash(word, 0) == word.len;
            return reads_pipe ? command : peel_body(peel, command, &line, i);
        }
        enum role role = role_of(name);
        if (role == ROLE_FILE || (role != ROLE_SWITCH && i + 1 >= line.n)) {
            return command;
        }
        if (role == ROLE_COMMAND) {
            return peel_body(peel, command, &line, i + 1);
        }
        if (role == ROLE_ENCODED) {
            return peel_encoded(peel, command, &line.arguments[i + 1]);
        }
        i += role == ROLE_VALUE;
    }
    return command;
}
