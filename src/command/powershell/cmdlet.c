/* SPDX-License-Identifier: MIT */
#include "command/powershell/cmdlet.h"

#include "command/cmdline.h"

void ps_run(struct ps_eval *eval, struct ps_node *node,
            const struct ps_value *script, const struct ps_node *argument)
{
    struct peel *peel = eval->peel;
    struct slice from =
        slice_sub(eval->script, node->off, node->end - node->off);
    struct str text;

    if (!psv_text(peel, script, &text) || !text.len) {
        return;
    }
    struct slice layer = peel_fold(peel, text, from);
    if (!layer.text) {
        return;
    }
    peel_add(peel, "powershell.invoke", layer, NULL);
    struct slice run = ps_peel_nested(eval, layer);
    if (!eval->quiet) {
        node->run = run;
        node->run_hidden = argument && ps_is_hidden(eval, argument);
    }
}

static bool is_prefix(struct str given, struct str name)
{
    return given.len && str_starts_fold(name, given);
}

uint32_t invocation_find(const struct invocation *call, struct str name,
                         uint32_t position)
{
    for (uint32_t i = 0; i < call->n; i++) {
        if (is_prefix(call->names[i], name)) {
            return i;
        }
    }
    for (uint32_t i = 0; i < call->n; i++) {
        if (!call->names[i].len && position-- == 0) {
            return i;
        }
    }
    return call->n;
}

bool invocation_text(const struct invocation *call, struct str name,
                     uint32_t position, struct str *out)
{
    uint32_t i = invocation_find(call, name, position);

    return i < call->n && call->values[i] &&
           psv_text(call->eval->peel, call->values[i], out);
}

bool invocation_switch(const struct invocation *call, struct str name)
{
    for (const struct ps_node *arg = call->node->first; arg; arg = arg->next) {
        size_t dash = arg->kind == PS_WORD ? ps_dash(arg->text, 0) : 0;
        if (dash && is_prefix(str_sub(arg->text, dash, arg->text.len), name)) {
            return true;
        }
    }
    return false;
}

static const struct ps_value *invoke_expression(const struct invocation *call)
{
    uint32_t i = invocation_find(call, STR("command"), 0);

    if (i < call->n && call->values[i]) {
        ps_run(call->eval, call->node, call->values[i], call->nodes[i]);
    } else if (!call->n && call->input) {
        ps_run(call->eval, call->node, call->input, NULL);
    }
    return NULL;
}

static const struct ps_value *out_null(const struct invocation *call)
{
    (void)call;
    return psv_null();
}

static const struct {
    const char *name;
    cmdlet_run *run;
} cmdlets[] = {
    {"Invoke-Expression", invoke_expression},
    {"Invoke-Command", cmdlet_invoke_command},
    {"ForEach-Object", cmdlet_for_each},
    {"Where-Object", cmdlet_where},
    {"Select-Object", cmdlet_select},
    {"Sort-Object", cmdlet_sort},
    {"Get-Variable", cmdlet_get_variable},
    {"Get-Item", cmdlet_get_item},
    {"Get-ChildItem", cmdlet_get_item},
    {"Get-Alias", cmdlet_get_alias},
    {"Get-Command", cmdlet_get_command},
    {"Get-Member", cmdlet_get_member},
    {"Set-Variable", cmdlet_set_variable},
    {"New-Variable", cmdlet_set_variable},
    {"Set-Item", cmdlet_set_item},
    {"New-Item", cmdlet_set_item},
    {"Set-Alias", cmdlet_set_alias},
    {"New-Alias", cmdlet_set_alias},
    {"Write-Output", cmdlet_write},
    {"Out-String", cmdlet_write},
    {"Out-Null", out_null},
    {"New-Object", cmdlet_new_object},
    {"Start-Process", cmdlet_start_process},
    {"ConvertTo-SecureString", cmdlet_to_secure_string},
    {"Split-Path", cmdlet_split_path},
};

/* What @name hands over: a hash table by name, a list by position; NULL: the
 * argument is another one. */
static const struct ps_value *splatted(const struct ps_eval *eval,
                                       const struct ps_node *arg)
{
    struct str word = arg->kind == PS_WORD ? arg->text : STR("");
    const struct ps_variable *variable =
        word.len > 1 && word.bytes[0] == '@'
            ? ps_find(eval, str_sub(word, 1, word.len))
            : NULL;
    const struct ps_value *value = variable ? variable->value : NULL;
    bool fits = value && (value->kind == PSV_HASH || value->kind == PSV_ARRAY);

    return fits ? value : NULL;
}

static void add_splatted(struct invocation *call, struct ps_node *arg,
                         const struct ps_value *value)
{
    uint32_t step = value->kind == PSV_HASH ? 2 : 1;

    for (uint32_t i = 0; i + step <= value->n; i += step) {
        struct str name = STR("");
        if (step == 2 && !psv_text(call->eval->peel, value->items[i], &name)) {
            continue;
        }
        call->nodes[call->n] = arg;
        call->names[call->n] = name;
        call->values[call->n++] = value->items[i + step - 1];
    }
}

static bool collect_room(struct invocation *call, struct ps_node *first)
{
    struct arena *arena = call->eval->peel->arena;
    uint32_t n = 0;

    for (const struct ps_node *arg = first; arg; arg = arg->next) {
        const struct ps_value *value = splatted(call->eval, arg);
        n += value ? value->n : 1;
    }
    call->nodes = ARENA_ARRAY(arena, struct ps_node *, n);
    call->values = ARENA_ARRAY(arena, const struct ps_value *, n);
    call->names = ARENA_ARRAY(arena, struct str, n);
    if (!call->nodes || !call->values || !call->names) {
        call->eval->peel->failed = true;
        return false;
    }
    return true;
}

/* Positional arguments: parameter names are left out, their values stay. */
static bool collect(struct invocation *call, struct ps_node *first)
{
    struct str name = STR("");

    if (!collect_room(call, first)) {
        return false;
    }
    for (struct ps_node *arg = first; arg; arg = arg->next) {
        size_t dash = arg->kind == PS_WORD ? ps_dash(arg->text, 0) : 0;
        if (dash) {
            name = str_sub(arg->text, dash, arg->text.len);
            name.len -= name.len && name.bytes[name.len - 1] == ':';
            continue;
        }
        const struct ps_value *handed = splatted(call->eval, arg);
        if (handed) {
            add_splatted(call, arg, handed);
            continue;
        }
        bool deferred =
            arg->kind == PS_SCRIPT && call->piped == PS_INPUT && call->input;
        call->nodes[call->n] = arg;
        call->names[call->n] = name;
        call->values[call->n++] =
            deferred ? psv_block(call->eval->peel, STR(""), arg)
                     : ps_eval_node(call->eval, arg);
        name = STR("");
    }
    return true;
}

static struct ps_call call_of(const struct invocation *call)
{
    return (struct ps_call){.values = call->values,
                            .names = call->names,
                            .n = call->n,
                            .input =
                                call->piped == PS_INPUT ? call->input : NULL};
}

/* &{ ... }, .{ ... } and & $block, with arguments. */
static const struct ps_value *run_block(const struct invocation *call,
                                        const struct ps_value *block)
{
    struct ps_eval *eval = call->eval;
    struct ps_call args = call_of(call);

    if (block->block) {
        return ps_call_block(eval, NULL, block->block, &args);
    }
    ps_run(eval, call->node, block, NULL);
    if (!eval->quiet) {
        call->node->run_hidden = true;
    }
    return NULL;
}

static const struct ps_value *run_literal_block(struct ps_eval *eval,
                                                struct ps_node *block,
                                                struct invocation *call)
{
    bool params = block->first && block->first->kind == PS_PARAMS;

    if (!collect(call, block->next)) {
        return NULL;
    }
    if (!block->next && !params && call->piped != PS_INPUT) {
        return ps_eval_block(eval, block); /* once: its values can be shown */
    }
    const struct ps_value *value = ps_eval_node(eval, block);
    return value ? run_block(call, value) : NULL;
}

static const struct ps_value *run_program(const struct invocation *call,
                                          struct str text)
{
    struct str program = cmdline_program(text);

    if (call->piped == PS_INPUT && call->input &&
        (str_equal_fold(program, STR("powershell")) ||
         str_equal_fold(program, STR("pwsh")))) {
        /* reads its script from the pipe */
        ps_run(call->eval, call->node, call->input, NULL);
    }
    return NULL;
}

const struct ps_value *ps_eval_command(struct ps_eval *eval,
                                       struct ps_node *node,
                                       const struct ps_value *input,
                                       enum ps_input piped)
{
    struct invocation call = {
        .eval = eval, .node = node, .input = input, .piped = piped};
    struct ps_node *name = node->first;
    struct str text;

    if (!eval->quiet) {
        node->run = SLICE_NONE;
    }
    if (!name) {
        return NULL;
    }
    if (name->kind == PS_SCRIPT) {
        return run_literal_block(eval, name, &call);
    }
    const struct ps_value *value = ps_eval_node(eval, name);
    if (value && value->kind == PSV_ITEM) {
        text = value->text;
    } else if (!value || !psv_text(eval->peel, value, &text)) {
        text = STR("");
    }
    if (!collect(&call, name->next)) {
        return NULL;
    }
    if (value && value->kind == PSV_BLOCK && node->sign) {
        return run_block(&call, value);
    }
    struct ps_node *function = ps_function(eval, text);
    if (function) {
        struct ps_call args = call_of(&call);
        return ps_call_block(
            eval, function->first->kind == PS_PARAMS ? function->first : NULL,
            function->last, &args);
    }
    struct str cmdlet = ps_cmdlet(eval, text);
    for (size_t i = 0; i < sizeof cmdlets / sizeof *cmdlets; i++) {
        if (str_equal_fold_z(cmdlet, cmdlets[i].name)) {
            /* Its result never points to the call. */
            /* cppcheck-suppress returnDanglingLifetime */
            return cmdlets[i].run(&call);
        }
    }
    return run_program(&call, text);
}
