/* SPDX-License-Identifier: MIT */
#include "command/powershell/builder.h"
#include "command/powershell/cmdlet.h"
#include "command/powershell/collection.h"
#include "command/powershell/operator.h"

/* The items of a call's parentheses. */
static bool eval_arguments(struct ps_eval *eval, struct ps_node *paren,
                           struct ps_arguments *out)
{
    struct ps_node *list = paren ? paren->first : NULL;
    bool known = true;

    *out = (struct ps_arguments){NULL, 0};
    if (!list) {
        return true;
    }
    bool many = list->kind == PS_LIST && !list->next;
    struct ps_node *item = many ? list->first : list;
    for (const struct ps_node *i = item; i; i = i->next) {
        out->n++;
    }
    out->items =
        ARENA_ARRAY(eval->peel->arena, const struct ps_value *, out->n);
    for (uint32_t i = 0; item; item = item->next, i++) {
        const struct ps_value *value = ps_eval_node(eval, item);
        known = known && value && out->items;
        if (known) {
            out->items[i] = value;
        }
    }
    return known;
}

static struct str member_name(struct ps_eval *eval, struct ps_node *name)
{
    struct str text;

    if (!name) {
        return STR("");
    }
    if (name->kind == PS_WORD || name->kind == PS_STRING) {
        return name->text;
    }
    const struct ps_value *value = ps_eval_node(eval, name);
    return value && psv_text(eval->peel, value, &text) ? text : STR("");
}

/* The methods that take a string as a script. */
static bool runs_script(const struct ps_value *object, struct str name)
{
    if (str_equal_fold(name, STR("invokescript")) ||
        str_equal_fold(name, STR("newscriptblock")) ||
        str_equal_fold(name, STR("addscript"))) {
        return true;
    }
    return str_equal_fold(name, STR("create")) && object &&
           object->kind == PSV_TYPE &&
           str_ends_fold(object->text, STR("scriptblock"));
}

/* [scriptblock]::Create('...'): run at once, since it is made to be run. */
static const struct ps_value *run_script(struct ps_eval *eval,
                                         struct ps_node *node,
                                         const struct ps_arguments *arguments)
{
    struct str source;

    ps_run(eval, node, arguments->items[0], node->last);
    return psv_text(eval->peel, arguments->items[0], &source)
               ? psv_block(eval->peel, source, NULL)
               : NULL;
}

/* [array]::Reverse($x) turns the variable around. */
static const struct ps_value *reverse(struct ps_eval *eval,
                                      const struct ps_node *variable,
                                      const struct ps_value *array)
{
    int64_t n = (int64_t)psv_count(array);
    const struct ps_value *back = n ? ps_range(eval, n - 1, 0) : NULL;

    ps_set(eval, variable->text, back ? ps_eval_index(eval, array, back) : NULL,
           PS_WORKED_OUT);
    return psv_null();
}

static bool is_invoke(struct str name)
{
    return str_equal_fold(name, STR("invoke")) ||
           str_equal_fold(name, STR("invokereturnasis")) ||
           str_equal_fold(name, STR("invokewithcontext"));
}

/* {...}.Invoke(arguments) */
static const struct ps_value *invoke_block(struct ps_eval *eval,
                                           struct ps_node *node,
                                           const struct ps_value *block,
                                           const struct ps_arguments *arguments)
{
    struct ps_call call = {.values = arguments->items, .n = arguments->n};

    if (block->block) {
        return ps_call_block(eval, NULL, block->block, &call);
    }
    ps_run(eval, node, block, NULL);
    if (!eval->quiet) {
        node->run_hidden = true;
    }
    return NULL;
}

/* [Environment]::SetEnvironmentVariable('a', 'b') is $env:a = 'b'. */
static const struct ps_value *
set_environment(struct ps_eval *eval, const struct ps_arguments *arguments)
{
    struct ps_value scope = {.kind = PSV_STRING, .text = STR("env:")};
    const struct ps_value *items[] = {&scope, arguments->items[0]};
    struct ps_value both = {.kind = PSV_ARRAY, .items = items, .n = 2};
    struct str name;

    if (psv_join(eval->peel, &both, STR(""), &name)) {
        ps_set(eval, name, arguments->items[1], PS_WORKED_OUT);
    }
    return psv_null();
}

const struct ps_value *ps_eval_call(struct ps_eval *eval, struct ps_node *node)
{
    struct ps_node *callee = node->first;
    struct ps_arguments arguments;
    struct str text;

    struct str name = member_name(eval, callee->last);
    const struct ps_value *object = NULL;
    bool invoke = is_invoke(name);
    if (invoke && (callee->first->kind == PS_MEMBER ||
                   callee->first->kind == PS_STATIC)) {
        /* X.Name.Invoke(...) is X.Name(...), unless X.Name is a block */
        object = ps_eval_node(eval, callee->first);
        if (!object || object->kind != PSV_BLOCK) {
            callee = callee->first;
            name = member_name(eval, callee->last);
            object = NULL;
        }
    }
    if (!object) {
        object = ps_eval_node(eval, callee->first);
    }
    bool known = eval_arguments(eval, node->last, &arguments);
    if (object && ps_is_builder(object)) {
        return ps_builder_call(eval, callee->first, object, name,
                               known ? &arguments : NULL);
    }
    const struct ps_value *given = NULL;
    if (object && ps_collection_call(eval, callee->first, object, name,
                                     known ? &arguments : NULL, &given)) {
        return given;
    }
    if (!known) {
        return NULL;
    }
    if (runs_script(object, name) && arguments.n) {
        return run_script(eval, node, &arguments);
    }
    if (!object) {
        return NULL;
    }
    if (object->kind == PSV_BLOCK && invoke) {
        return invoke_block(eval, node, object, &arguments);
    }
    if (callee->kind == PS_STATIC && object->kind == PSV_TYPE &&
        str_equal_fold(name, STR("reverse")) && arguments.n == 1 &&
        node->last->first->kind == PS_VARIABLE) {
        return reverse(eval, node->last->first, arguments.items[0]);
    }
    if (object->kind == PSV_OBJECT && str_starts_fold(name, STR("get")) &&
        arguments.n && psv_text(eval->peel, arguments.items[0], &text) &&
        str_ends_fold(object->text, STR("commandinvocationintrinsics"))) {
        return ps_find_command(eval, text); /* GetCommand('Ne*-O*', ...) */
    }
    if (callee->kind == PS_STATIC && arguments.n > 1 &&
        object->kind == PSV_TYPE &&
        str_equal_fold(name, STR("setenvironmentvariable"))) {
        return set_environment(eval, &arguments);
    }
    if (callee->kind == PS_STATIC) {
        return object->kind == PSV_TYPE
                   ? ps_static(eval->peel, object->text, name, &arguments)
                   : NULL;
    }
    /* ''.SubString.ToString() lists the overloads of the method. */
    if (callee->first->kind == PS_MEMBER && !object->text.len &&
        object->kind == PSV_STRING && str_equal_fold(name, STR("tostring"))) {
        return object;
    }
    return ps_method(eval->peel, object, name, &arguments);
}

/* The text of a method that is named and not called, or NULL. */
static const char *method_group(struct str name)
{
    static const struct {
        const char *name;
        const char *text;
    } groups[] = {
#define G(name, text) {name, text},
#include "command/powershell/method_groups.def"
#undef G
    };

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (str_equal_fold_z(name, groups[i].name)) {
            return groups[i].text;
        }
    }
    return NULL;
}

const struct ps_value *ps_eval_member(struct ps_eval *eval,
                                      struct ps_node *node)
{
    const struct ps_value *object = ps_eval_node(eval, node->first);
    struct str name = member_name(eval, node->last);

    if (!object || !name.len) {
        return NULL;
    }
    if (node->kind == PS_STATIC) {
        return object->kind == PSV_TYPE
                   ? ps_static_property(eval->peel, object->text, name)
                   : NULL;
    }
    if (str_equal_fold(name, STR("psobject"))) {
        return object;
    }
    if (str_equal_fold(name, STR("methods")) ||
        str_equal_fold(name, STR("members"))) {
        return ps_members(eval, object, STR("*"));
    }
    if (object->kind == PSV_HASH) {
        const struct ps_value *value = ps_hash_find(eval, object, name);
        return value ? value : ps_property(eval->peel, object, name);
    }
    const char *group = object->kind == PSV_STRING ? method_group(name) : NULL;
    if (group) {
        return psv_string(eval->peel, str_from(group));
    }
    return ps_property(eval->peel, object, name);
}
