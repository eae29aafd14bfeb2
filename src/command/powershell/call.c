/* SPDX-License-Identifier: MIT */
#include "command/powershell/method.h"
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
static bool runs_script(const struct ps_node *callee, struct str name)
{
    if (str_equal_fold(name, STR("invokescript")) ||
        str_equal_fold(name, STR("newscriptblock")) ||
        str_equal_fold(name, STR("addscript"))) {
        return true;
    }
    const struct ps_node *type = callee->first;
    return str_equal_fold(name, STR("create")) && type && type->value &&
           type->value->kind == PSV_TYPE &&
           str_ends_fold(type->value->text, STR("scriptblock"));
}

const struct ps_value *ps_eval_call(struct ps_eval *eval, struct ps_node *node)
{
    struct ps_node *callee = node->first;
    struct ps_arguments arguments;

    struct str name = member_name(eval, callee->last);
    /* X.Name.Invoke(...) is X.Name(...) */
    if (str_equal_fold(name, STR("invoke")) &&
        (callee->first->kind == PS_MEMBER ||
         callee->first->kind == PS_STATIC)) {
        callee = callee->first;
        name = member_name(eval, callee->last);
    }
    const struct ps_value *object = ps_eval_node(eval, callee->first);
    bool known = eval_arguments(eval, node->last, &arguments);
    if (!known) {
        return NULL;
    }
    if (runs_script(callee, name) && arguments.n) {
        ps_run(eval, node, arguments.items[0], node->last);
        return NULL;
    }
    if (!object) {
        return NULL;
    }
    /* [array]::Reverse($x) turns the variable around. */
    if (callee->kind == PS_STATIC && object->kind == PSV_TYPE &&
        str_equal_fold(name, STR("reverse")) && arguments.n == 1 &&
        node->last->first->kind == PS_VARIABLE) {
        const struct ps_value *array = arguments.items[0];
        int64_t n = (int64_t)psv_count(array);
        const struct ps_value *back = n ? ps_range(eval, n - 1, 0) : NULL;
        ps_set(eval, node->last->first->text,
               back ? ps_eval_index(eval, array, back) : NULL, PS_WORKED_OUT);
        return psv_null();
    }
    if (callee->kind == PS_STATIC) {
        return object->kind == PSV_TYPE
                   ? ps_static(eval->peel, object->text, name, &arguments)
                   : NULL;
    }
    /* ''.SubString.ToString() lists the overloads of the method. */
    if (callee->first->kind == PS_MEMBER && !object->text.len &&
        str_equal_fold(name, STR("tostring"))) {
        return object;
    }
    return ps_method(eval->peel, object, name, &arguments);
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
    if (object->kind == PSV_STRING && str_equal_fold(name, STR("substring"))) {
        /* The text of a method group, from which letters are drawn. */
        return psv_string(eval->peel,
                          STR("string Substring(int startIndex), string "
                              "Substring(int startIndex, int length)"));
    }
    return ps_property(eval->peel, object, name);
}
