/* SPDX-License-Identifier: MIT */
#include "command/powershell/render.h"

/* A text that changes this often was built to. */
#define MAX_ROUNDS 8
#define MAX_NESTING 10

/* Plain words cannot hide anything: spare them the parser. */
static bool may_hide(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.bytes[i];
        if (c == '\'' || c == '"' || c == '`' || c == '[' || c == '$' ||
            c == '(' || c == '#') {
            return true;
        }
    }
    return str_find_fold(s, STR("powershell"), 0) != STR_NONE ||
           str_find_fold(s, STR("pwsh"), 0) != STR_NONE ||
           str_find_fold(s, STR("cmd"), 0) != STR_NONE ||
           str_find_fold(s, STR("start"), 0) != STR_NONE;
}

/* End of the comment, string or character at `at`. */
static size_t skip_token(struct str s, size_t at)
{
    char c = s.bytes[at];
    size_t i = at + 1;

    if (c == '`') {
        return at + 2;
    }
    if (c != '\'' && c != '"') {
        return i;
    }
    while (i < s.len && s.bytes[i] != c) {
        i += c == '"' && s.bytes[i] == '`' ? 2 : 1;
    }
    return i + 1;
}

/* Without <# comments #>, which split words for a reader. */
static struct slice without_comments(struct peel *peel, struct slice script)
{
    struct str s = slice_str(script);
    struct rewrite out;

    if (str_find(s, STR("<#"), 0) == STR_NONE) {
        return script;
    }
    rewrite_init(&out, peel, script);
    for (size_t at = 0; at < s.len;) {
        if (s.bytes[at] == '<' && at + 1 < s.len && s.bytes[at + 1] == '#') {
            size_t end = str_find(s, STR("#>"), at + 2);
            if (end == STR_NONE) {
                break;
            }
            bool glue = at && at + 1 < s.len && end + 2 < s.len &&
                        ascii_is_alnum(s.bytes[at - 1]) &&
                        ascii_is_alnum(s.bytes[end + 2]);
            rewrite_put_str(&out, at, end + 2 - at, glue ? STR(" ") : STR(""));
            at = end + 2;
        } else {
            at = skip_token(s, at);
        }
    }
    return rewrite_finish(&out);
}

/* Names that hold in both scripts. */
static void share(struct ps_eval *to, const struct ps_eval *from)
{
    for (uint32_t i = 0; i < from->variables.n; i++) {
        const struct ps_variable *have = &from->variables.items[i];
        ps_set(to, have->name, have->value,
               have->hidden ? PS_WORKED_OUT : PS_SPELLED);
    }
    for (uint32_t i = to->aliases.n; i < from->aliases.n; i++) {
        to->peel->failed |=
            !VEC_PUSH(to->peel->arena, &to->aliases, from->aliases.items[i]);
    }
    for (uint32_t i = to->functions.n; i < from->functions.n; i++) {
        to->peel->failed |= !VEC_PUSH(to->peel->arena, &to->functions,
                                      from->functions.items[i]);
    }
}

/* One reading of a script; the same slice when it said nothing new. */
static struct slice peel_once(struct peel *peel, struct slice script,
                              struct ps_eval *around)
{
    struct ps_eval eval = {.peel = peel};
    struct str text;

    eval.script = without_comments(peel, script);
    struct ps_node *root = ps_parse(peel, slice_str(eval.script));
    if (!root) {
        return eval.script;
    }
    if (around) {
        share(&eval, around);
        eval.item = around->item;
    }
    ps_eval_node(&eval, root);
    if (around) {
        share(around, &eval);
    }
    if (ps_constant(&eval, root, &text)) {
        return peel_fold(peel, text, eval.script);
    }
    return ps_render(&eval, root);
}

static struct slice peel_rounds(struct peel *peel, struct slice script,
                                struct ps_eval *around)
{
    struct slice now = script;

    if (!peel_may_nest(peel, peel->depth, MAX_NESTING)) {
        return script;
    }
    peel->depth++;
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        if (!may_hide(slice_str(now)) || !peel_spend(peel, now.len)) {
            break;
        }
        struct slice next = peel_once(peel, now, around);
        if (!next.text || next.text == now.text ||
            str_equal(slice_str(next), slice_str(now))) {
            break;
        }
        peel_add(peel, "powershell.fold", next, NULL);
        now = next;
        around = NULL; /* its effects are there once */
    }
    peel->depth--;
    return now;
}

struct slice powershell_peel_script(struct peel *peel, struct slice script)
{
    return peel_rounds(peel, script, NULL);
}

struct slice ps_peel_nested(struct ps_eval *eval, struct slice script)
{
    return peel_rounds(eval->peel, script, eval);
}
