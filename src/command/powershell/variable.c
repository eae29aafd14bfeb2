/* SPDX-License-Identifier: MIT */
#include "command/powershell/operator.h"

static struct str without_scope(struct str name)
{
    static const char *const scopes[] = {
        "global:", "script:", "local:", "private:", "variable:"};

    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        struct str scope = str_from(scopes[i]);
        if (str_starts_fold(name, scope)) {
            return str_sub(name, scope.len, name.len);
        }
    }
    return name;
}

const struct ps_variable *ps_find(const struct ps_eval *eval, struct str name)
{
    name = without_scope(name);
    if (!peel_spend(eval->peel, (size_t)eval->variables.n * 8)) {
        return NULL;
    }
    for (uint32_t i = eval->variables.n; i-- > 0;) {
        if (str_equal_fold(eval->variables.items[i].name, name)) {
            return &eval->variables.items[i];
        }
    }
    return NULL;
}

/* $env:name is an environment variable, for programs too. */
static void set_environment(struct ps_eval *eval, struct str name,
                            const struct ps_value *value)
{
    struct str text;
    struct slice from = slice_sub(eval->script, 0, eval->script.len);

    if (value && name.len && psv_text(eval->peel, value, &text)) {
        struct slice key = peel_fold(eval->peel, name, from);
        struct slice as = peel_fold(eval->peel, text, from);
        if (key.text && as.text) {
            peel_set(eval->peel, key, as);
        }
    }
}

/* $OFS stands between the items of a list that becomes a string. */
static void set_separator(struct ps_eval *eval, const struct ps_value *value)
{
    struct str text = str_of(NULL, 0);

    if (value && value->kind != PSV_NULL &&
        psv_join(eval->peel, value, STR(""), &text)) {
        eval->peel->list_separator = text;
    } else {
        eval->peel->list_separator =
            value && value->kind == PSV_NULL ? STR("") : str_of(NULL, 0);
    }
}

void ps_set(struct ps_eval *eval, struct str name, const struct ps_value *value,
            enum ps_origin origin)
{
    struct ps_variable variable = {without_scope(name), value,
                                   origin == PS_WORKED_OUT};

    if (str_starts_fold(name, STR("env:"))) {
        set_environment(eval, str_sub(name, 4, name.len), value);
        return;
    }
    if (str_equal_fold(variable.name, STR("ofs"))) {
        set_separator(eval, value);
    }
    bool outer = str_starts_fold(name, STR("global:")) ||
                 str_starts_fold(name, STR("script:"));
    if (outer && eval->calls &&
        !VEC_PUSH(eval->peel->arena, &eval->outer, variable)) {
        eval->peel->failed = true;
    }
    if (!peel_spend(eval->peel, (size_t)eval->variables.n * 16)) {
        return;
    }
    for (uint32_t i = 0; i < eval->variables.n; i++) {
        if (str_equal_fold(eval->variables.items[i].name, variable.name)) {
            eval->variables.items[i] = variable;
            return;
        }
    }
    if (!VEC_PUSH(eval->peel->arena, &eval->variables, variable)) {
        eval->peel->failed = true;
    }
}

static const struct ps_value *eval_environment(struct ps_eval *eval,
                                               struct str name)
{
    struct slice value;
    const char *stock = peel_default(name);

    if (peel_get(eval->peel, name, &value)) {
        return psv_string(eval->peel, slice_str(value));
    }
    return stock ? psv_string(eval->peel, str_from(stock)) : NULL;
}

const struct ps_value *ps_eval_variable(struct ps_eval *eval, struct str name)
{
    static const struct ps_value yes = {.kind = PSV_BOOL, .number = 1};
    static const struct ps_value no = {.kind = PSV_BOOL};

    if (str_equal(name, STR("_")) || str_equal_fold(name, STR("PSItem"))) {
        return eval->item;
    }
    if (str_starts_fold(name, STR("env:"))) {
        return eval_environment(eval, str_sub(name, 4, name.len));
    }
    const struct ps_variable *variable = ps_find(eval, name);
    if (variable) {
        return variable->value;
    }
    name = without_scope(name);
    if (str_equal_fold(name, STR("true")) || str_equal(name, STR("?"))) {
        return &yes;
    }
    if (str_equal_fold(name, STR("false"))) {
        return &no;
    }
    if (str_equal_fold(name, STR("null"))) {
        return psv_null();
    }
    const char *stock = ps_stock_variable(name);
    if (str_equal_fold(name, STR("ExecutionContext"))) {
        return psv_object(eval->peel, str_from(stock), NULL);
    }
    return stock ? psv_string(eval->peel, str_from(stock)) : NULL;
}
