/* SPDX-License-Identifier: MIT */
#include "command/cmdline.h"
#include "command/powershell/eval.h"
#include "command/powershell/method.h"

enum name_kind {
    NAME_ALIAS,
    NAME_CMDLET,
    NAME_VARIABLE
};

static const struct {
    enum name_kind kind;
    const char *name;
    const char *value;
} names[] = {
#define A(name, cmdlet) {NAME_ALIAS, name, cmdlet},
#define C(cmdlet) {NAME_CMDLET, cmdlet, cmdlet},
#define V(name, value) {NAME_VARIABLE, name, value},
#include "command/powershell/names.def"
#undef A
#undef C
#undef V
};

#define N_NAMES (sizeof names / sizeof *names)

const char *ps_stock_variable(struct str name)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_VARIABLE &&
            str_equal_fold(name, str_from(names[i].name))) {
            return names[i].value;
        }
    }
    return NULL;
}

struct str ps_cmdlet(const struct ps_eval *eval, struct str name)
{
    if (!peel_spend(eval->peel, (size_t)eval->aliases.n * 16)) {
        return name;
    }
    for (uint32_t i = 0; i < eval->aliases.n; i++) {
        if (str_equal_fold(name, eval->aliases.items[i].name)) {
            name = eval->aliases.items[i].value->text;
            break;
        }
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_ALIAS &&
            str_equal_fold(name, str_from(names[i].name))) {
            return str_from(names[i].value);
        }
    }
    return name;
}

/* One call of a cmdlet. */
struct invocation {
    struct ps_eval *eval;
    struct ps_node *node;
    const struct ps_value *input;
    enum ps_input piped;
    struct ps_node **nodes; /* positional arguments */
    const struct ps_value **values;
    uint32_t n;
};

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
    node->run = powershell_peel_script(peel, layer);
    node->run_hidden = argument && ps_is_hidden(eval, argument);
}

static bool value_text(const struct invocation *call, uint32_t i,
                       struct str *out)
{
    return i < call->n && call->values[i] &&
           psv_text(call->eval->peel, call->values[i], out);
}

static const struct ps_value *invoke_expression(const struct invocation *call)
{
    if (call->n && call->values[0]) {
        ps_run(call->eval, call->node, call->values[0], call->nodes[0]);
    } else if (!call->n && call->input) {
        ps_run(call->eval, call->node, call->input, NULL);
    }
    return NULL;
}

static const struct ps_value *for_each(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct ps_node *block = call->n ? call->nodes[call->n - 1] : NULL;
    VEC(const struct ps_value *) outputs = {0};
    struct str member;

    if (!call->input || !block) {
        return NULL;
    }
    if (block->kind != PS_SCRIPT) { /* % Name */
        return value_text(call, 0, &member)
                   ? ps_property(eval->peel, call->input, member)
                   : NULL;
    }
    const struct ps_value *before = eval->item;
    bool known = true;
    for (size_t i = 0; known && i < psv_count(call->input); i++) {
        eval->item = psv_item(eval->peel, call->input, i);
        const struct ps_value *out =
            eval->item ? ps_eval_block(eval, block) : NULL;
        known = out != NULL;
        for (size_t k = 0; known && k < psv_count(out); k++) {
            const struct ps_value *item = psv_item(eval->peel, out, k);
            known = item && VEC_PUSH(eval->peel->arena, &outputs, item);
        }
        /* %{iex $_} runs what comes in. */
        struct ps_node *only = block->first;
        if (only && only->run.text && !only->next) {
            call->node->run = only->run;
            call->node->run_hidden = true;
        }
    }
    eval->item = NULL;
    if (!call->node->run.text) {
        ps_eval_block(eval, block); /* what its nodes are for any item */
    }
    eval->item = before;
    struct ps_value *array = known ? psv_array(eval->peel, 0) : NULL;
    if (array) {
        array->items = outputs.items;
        array->n = outputs.n;
        if (outputs.n == 1) {
            return outputs.items[0];
        }
    }
    return array;
}

static const struct ps_value *item_of(struct ps_eval *eval, struct str name,
                                      const struct ps_value *value)
{
    const struct ps_value *item = psv_kind(eval->peel, PSV_ITEM, name);
    struct ps_value *copy =
        item ? ARENA_NEW(eval->peel->arena, struct ps_value) : NULL;

    if (!copy) {
        return NULL;
    }
    *copy = *item;
    copy->items = ARENA_ARRAY(eval->peel->arena, const struct ps_value *, 1);
    if (value && copy->items) {
        copy->items[0] = value;
        copy->n = 1;
    }
    return copy;
}

static const struct ps_value *get_variable(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct str name;

    if (!value_text(call, 0, &name)) {
        return NULL;
    }
    for (uint32_t i = eval->variables.n; i-- > 0;) {
        if (pattern_wildcard(name, eval->variables.items[i].name)) {
            return item_of(eval, eval->variables.items[i].name,
                           eval->variables.items[i].value);
        }
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_VARIABLE &&
            pattern_wildcard(name, str_from(names[i].name))) {
            return item_of(eval, str_from(names[i].name),
                           psv_string(eval->peel, str_from(names[i].value)));
        }
    }
    return NULL;
}

static const struct ps_value *get_item(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct str path;
    struct slice value;

    if (!value_text(call, 0, &path)) {
        return NULL;
    }
    size_t colon = str_find_char(path, ':', 0);
    if (colon == STR_NONE) {
        return NULL;
    }
    struct str drive = str_sub(path, 0, colon);
    struct str name = str_sub(path, colon + 1, path.len);
    while (name.len && (name.bytes[0] == '\\' || name.bytes[0] == '/')) {
        name = str_sub(name, 1, name.len);
    }
    if (str_equal_fold(drive, STR("env"))) {
        for (uint32_t i = 0; i < eval->peel->variables.n; i++) {
            struct str have = slice_str(eval->peel->variables.items[i].name);
            if (pattern_wildcard(name, have)) {
                name = have;
                break;
            }
        }
        const char *stock = peel_default(name);
        if (peel_get(eval->peel, name, &value)) {
            return item_of(eval, name,
                           psv_string(eval->peel, slice_str(value)));
        }
        return stock ? item_of(eval, name,
                               psv_string(eval->peel, str_from(stock)))
                     : NULL;
    }
    if (!str_equal_fold(drive, STR("variable"))) {
        return NULL;
    }
    const struct ps_value *names_only = psv_string(eval->peel, name);
    struct invocation inner = *call;
    inner.values = &names_only;
    inner.n = 1;
    return get_variable(&inner);
}

static const struct ps_value *set_variable(const struct invocation *call)
{
    struct str name;

    if (call->n >= 2 && value_text(call, 0, &name)) {
        ps_set(call->eval, name, call->values[1],
               ps_is_hidden(call->eval, call->nodes[1]) ? PS_WORKED_OUT
                                                        : PS_SPELLED);
        return psv_null();
    }
    return NULL;
}

static const struct ps_value *set_item(const struct invocation *call)
{
    struct str path;

    if (value_text(call, 0, &path) && str_starts_fold(path, STR("variable:"))) {
        return set_variable(call);
    }
    return NULL;
}

static const struct ps_value *find_name(const struct invocation *call,
                                        enum name_kind kind)
{
    struct str pattern;

    if (!value_text(call, 0, &pattern)) {
        return NULL;
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == kind &&
            pattern_wildcard(pattern, str_from(names[i].name))) {
            return item_of(
                call->eval, str_from(names[i].name),
                psv_string(call->eval->peel, str_from(names[i].value)));
        }
    }
    return NULL;
}

static const struct ps_value *get_alias(const struct invocation *call)
{
    return find_name(call, NAME_ALIAS);
}

static const struct ps_value *get_command(const struct invocation *call)
{
    const struct ps_value *found = find_name(call, NAME_CMDLET);

    return found ? found : find_name(call, NAME_ALIAS);
}

static const struct ps_value *set_alias(const struct invocation *call)
{
    struct str name, target;

    if (value_text(call, 0, &name) && value_text(call, 1, &target)) {
        const struct ps_value *value = psv_string(call->eval->peel, target);
        struct ps_variable alias = {name, value, true};
        if (value &&
            !VEC_PUSH(call->eval->peel->arena, &call->eval->aliases, alias)) {
            call->eval->peel->failed = true;
        }
    }
    return psv_null();
}

static const struct ps_value *write_output(const struct invocation *call)
{
    return call->n ? call->values[0] : call->input;
}

static const struct ps_value *new_object(const struct invocation *call)
{
    struct ps_arguments arguments = {NULL, 0};
    struct str type;

    if (!value_text(call, 0, &type)) {
        return NULL;
    }
    if (call->n > 1) {
        const struct ps_value *list = call->values[1];
        const struct ps_node *node = call->nodes[1];
        if (!list) {
            return NULL;
        }
        bool many =
            node->kind == PS_LIST || (node->kind == PS_PAREN && node->first &&
                                      node->first->kind == PS_LIST);
        if (many && list->kind == PSV_ARRAY) {
            arguments.items = list->items;
            arguments.n = list->n;
        } else {
            arguments.items = call->values + 1;
            arguments.n = 1;
        }
    }
    return ps_new_object(call->eval->peel, type, &arguments);
}

static const struct ps_value *start_process(const struct invocation *call)
{
    struct peel *peel = call->eval->peel;
    struct str program, arguments = STR("");

    if (!value_text(call, 0, &program) ||
        (call->n > 1 && !value_text(call, 1, &arguments))) {
        return NULL;
    }
    struct ps_value parts[2] = {{.kind = PSV_STRING, .text = program},
                                {.kind = PSV_STRING, .text = arguments}};
    const struct ps_value *items[2] = {&parts[0], &parts[1]};
    struct ps_value both = {.kind = PSV_ARRAY, .items = items, .n = 2};
    struct str line;
    if (call->n > 1 && psv_join(peel, &both, STR(" "), &line)) {
        struct slice from = slice_sub(call->eval->script, call->node->off,
                                      call->node->end - call->node->off);
        struct slice command = peel_fold(peel, line, from);
        if (command.text) {
            peel_add(peel, "powershell.start-process", command, NULL);
            peel_command(peel, command);
        }
    }
    return NULL;
}

static const struct {
    const char *name;
    const struct ps_value *(*run)(const struct invocation *call);
} cmdlets[] = {
    {"Invoke-Expression", invoke_expression},
    {"ForEach-Object", for_each},
    {"Get-Variable", get_variable},
    {"Get-Item", get_item},
    {"Get-ChildItem", get_item},
    {"Set-Variable", set_variable},
    {"New-Variable", set_variable},
    {"Set-Item", set_item},
    {"Get-Alias", get_alias},
    {"Get-Command", get_command},
    {"Set-Alias", set_alias},
    {"New-Alias", set_alias},
    {"Write-Output", write_output},
    {"Out-String", write_output},
    {"New-Object", new_object},
    {"Start-Process", start_process},
};

/* Positional arguments: parameter names are left out, their values stay. */
static bool collect(struct invocation *call, struct ps_node *first)
{
    uint32_t n = 0;

    for (const struct ps_node *arg = first; arg; arg = arg->next) {
        n++;
    }
    call->nodes = ARENA_ARRAY(call->eval->peel->arena, struct ps_node *, n);
    call->values =
        ARENA_ARRAY(call->eval->peel->arena, const struct ps_value *, n);
    if (!call->nodes || !call->values) {
        call->eval->peel->failed = true;
        return false;
    }
    for (struct ps_node *arg = first; arg; arg = arg->next) {
        if (arg->kind == PS_WORD && ps_dash(arg->text, 0)) {
            continue;
        }
        bool deferred =
            arg->kind == PS_SCRIPT && call->piped == PS_INPUT && call->input;
        call->nodes[call->n] = arg;
        call->values[call->n++] =
            deferred ? NULL : ps_eval_node(call->eval, arg);
    }
    return true;
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

    if (!name) {
        return NULL;
    }
    const struct ps_value *value = NULL;
    if (name->kind == PS_SCRIPT) { /* &{ ... } */
        value = ps_eval_block(eval, name);
        collect(&call, name->next);
        return name->next ? NULL : value;
    }
    value = ps_eval_node(eval, name);
    if (value && value->kind == PSV_ITEM) {
        text = value->text;
    } else if (!value || !psv_text(eval->peel, value, &text)) {
        text = STR("");
    }
    if (!collect(&call, name->next)) {
        return NULL;
    }
    struct str cmdlet = ps_cmdlet(eval, text);
    for (size_t i = 0; i < sizeof cmdlets / sizeof *cmdlets; i++) {
        if (str_equal_fold(cmdlet, str_from(cmdlets[i].name))) {
            return cmdlets[i].run(&call);
        }
    }
    struct str program = cmdline_program(text);
    if (piped == PS_INPUT && input &&
        (str_equal_fold(program, STR("powershell")) ||
         str_equal_fold(program, STR("pwsh")))) {
        ps_run(eval, node, input, NULL); /* reads its script from the pipe */
        node->run_hidden = false;
    }
    return NULL;
}
