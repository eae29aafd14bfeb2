/* SPDX-License-Identifier: MIT */
#include "command/powershell/cmdlet.h"

/* Cmdlets that look up and set variables, aliases, commands and members: the
 * names that obfuscators draw letters and commands from. */

enum name_kind {
    NAME_ALIAS,
    NAME_CMDLET,
    NAME_VARIABLE,
    NAME_MEMBER
};

static const struct {
    enum name_kind kind;
    const char *name;
    const char *value;
} names[] = {
#define A(name, cmdlet) {NAME_ALIAS, name, cmdlet},
#define C(cmdlet) {NAME_CMDLET, cmdlet, cmdlet},
#define V(name, value) {NAME_VARIABLE, name, value},
#define M(type, name) {NAME_MEMBER, name, type},
#include "command/powershell/names.def"
#undef A
#undef C
#undef V
#undef M
};

#define N_NAMES (sizeof names / sizeof *names)

const char *ps_stock_variable(struct str name)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_VARIABLE &&
            str_equal_fold_z(name, names[i].name)) {
            return names[i].value;
        }
    }
    return NULL;
}

struct str ps_cmdlet(const struct ps_eval *eval, struct str name)
{
    size_t slash = str_find_char(name, '\\', 0);

    if (slash != STR_NONE) { /* Microsoft.PowerShell.Utility\Invoke-... */
        struct str module = str_sub(name, 0, slash);
        if (str_starts_fold(module, STR("microsoft.powershell."))) {
            name = str_sub(name, slash + 1, name.len);
        }
    }
    if (!peel_spend(eval->peel, (size_t)eval->aliases.n * 16)) {
        return name;
    }
    for (uint32_t i = eval->aliases.n; i-- > 0;) {
        if (str_equal_fold(name, eval->aliases.items[i].name)) {
            name = eval->aliases.items[i].value->text;
            break;
        }
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_ALIAS &&
            str_equal_fold_z(name, names[i].name)) {
            return str_from(names[i].value);
        }
    }
    return name;
}

const struct ps_value *invocation_item(struct ps_eval *eval, struct str name,
                                       const struct ps_value *value)
{
    struct ps_value *item = psv_array(eval->peel, 1);

    if (item) {
        item->kind = PSV_ITEM;
        item->text = name;
        item->items[0] = value;
        item->n = value != NULL;
    }
    return item;
}

/* Value of a stock variable: most are texts. */
static const struct ps_value *stock_value(struct ps_eval *eval, size_t i)
{
    return str_equal_fold(str_from(names[i].name), STR("ExecutionContext"))
               ? psv_object(eval->peel, str_from(names[i].value), NULL)
               : psv_string(eval->peel, str_from(names[i].value));
}

static const struct ps_value *find_variable(struct ps_eval *eval,
                                            struct str name)
{
    if (!peel_spend(eval->peel, (size_t)eval->variables.n * 16)) {
        return NULL;
    }
    for (uint32_t i = eval->variables.n; i-- > 0;) {
        const struct ps_variable *have = &eval->variables.items[i];
        if (pattern_wildcard(name, have->name)) {
            return invocation_item(eval, have->name, have->value);
        }
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == NAME_VARIABLE &&
            pattern_wildcard(name, str_from(names[i].name))) {
            return invocation_item(eval, str_from(names[i].name),
                                   stock_value(eval, i));
        }
    }
    return NULL;
}

const struct ps_value *cmdlet_get_variable(const struct invocation *call)
{
    struct str name;

    if (!invocation_text(call, STR("name"), 0, &name) &&
        !(call->n && call->values[0] &&
          psv_text(call->eval->peel, call->values[0], &name))) {
        return NULL;
    }
    const struct ps_value *found = find_variable(call->eval, name);
    if (found && invocation_switch(call, STR("valueonly"))) {
        return found->n ? found->items[0] : NULL;
    }
    return found;
}

static const struct ps_value *environment_item(struct ps_eval *eval,
                                               struct str name)
{
    struct slice value;

    for (uint32_t i = 0; i < eval->peel->variables.n; i++) {
        struct str have = slice_str(eval->peel->variables.items[i].name);
        if (pattern_wildcard(name, have)) {
            name = have;
            break;
        }
    }
    if (peel_get(eval->peel, name, &value)) {
        return invocation_item(eval, name,
                               psv_string(eval->peel, slice_str(value)));
    }
    struct str full;
    const char *stock = peel_default_like(name, pattern_wildcard, &full);
    return stock ? invocation_item(eval, full,
                                   psv_string(eval->peel, str_from(stock)))
                 : NULL;
}

/* "drive:\name" taken apart. */
static bool split_path(struct str path, struct str *drive, struct str *name)
{
    size_t colon = str_find_char(path, ':', 0);

    if (colon == STR_NONE) {
        return false;
    }
    *drive = str_sub(path, 0, colon);
    *name = str_sub(path, colon + 1, path.len);
    while (name->len && (name->bytes[0] == '\\' || name->bytes[0] == '/' ||
                         name->bytes[0] == ':')) {
        *name = str_sub(*name, 1, name->len);
    }
    return true;
}

static const struct ps_value *find_name(struct ps_eval *eval,
                                        enum name_kind kind, struct str pattern)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].kind == kind &&
            pattern_wildcard(pattern, str_from(names[i].name))) {
            return invocation_item(
                eval, str_from(names[i].name),
                psv_string(eval->peel, str_from(names[i].value)));
        }
    }
    return NULL;
}

const struct ps_value *cmdlet_get_item(const struct invocation *call)
{
    struct ps_eval *eval = call->eval;
    struct str path, drive, name;

    if (!invocation_text(call, STR("path"), 0, &path) ||
        !split_path(path, &drive, &name)) {
        return NULL;
    }
    if (str_equal_fold(drive, STR("env"))) {
        return environment_item(eval, name);
    }
    if (str_equal_fold(drive, STR("alias"))) {
        return find_name(eval, NAME_ALIAS, name);
    }
    return str_equal_fold(drive, STR("variable")) ? find_variable(eval, name)
                                                  : NULL;
}

const struct ps_value *cmdlet_set_variable(const struct invocation *call)
{
    struct str name;
    uint32_t i = invocation_find(call, STR("value"), 1);

    if (i >= call->n || !invocation_text(call, STR("name"), 0, &name)) {
        return NULL;
    }
    ps_set(call->eval, name, call->values[i],
           ps_is_hidden(call->eval, call->nodes[i]) ? PS_WORKED_OUT
                                                    : PS_SPELLED);
    return psv_null();
}

static void add_alias(struct ps_eval *eval, struct str name, struct str target)
{
    const struct ps_value *value = psv_string(eval->peel, target);
    struct ps_variable alias = {name, value, true};

    if (value && !VEC_PUSH(eval->peel->arena, &eval->aliases, alias)) {
        eval->peel->failed = true;
    }
}

const struct ps_value *cmdlet_set_item(const struct invocation *call)
{
    struct str path, drive, name, text;
    uint32_t i = invocation_find(call, STR("value"), 1);

    if (!invocation_text(call, STR("path"), 0, &path) || i >= call->n ||
        !split_path(path, &drive, &name)) {
        return NULL;
    }
    if (str_equal_fold(drive, STR("variable")) ||
        str_equal_fold(drive, STR("env"))) {
        bool env = str_equal_fold(drive, STR("env"));
        ps_set(call->eval, env ? path : name, call->values[i],
               ps_is_hidden(call->eval, call->nodes[i]) ? PS_WORKED_OUT
                                                        : PS_SPELLED);
        return psv_null();
    }
    if (str_equal_fold(drive, STR("alias")) && call->values[i] &&
        psv_text(call->eval->peel, call->values[i], &text)) {
        add_alias(call->eval, name, text);
        return psv_null();
    }
    return NULL;
}

const struct ps_value *cmdlet_get_alias(const struct invocation *call)
{
    struct str pattern;
    struct ps_eval *eval = call->eval;

    if (invocation_switch(call, STR("definition")) &&
        invocation_text(call, STR("definition"), 0, &pattern)) {
        for (size_t i = 0; i < N_NAMES; i++) {
            if (names[i].kind == NAME_ALIAS &&
                pattern_wildcard(pattern, str_from(names[i].value))) {
                return invocation_item(
                    eval, str_from(names[i].name),
                    psv_string(eval->peel, str_from(names[i].value)));
            }
        }
        return NULL;
    }
    return invocation_text(call, STR("name"), 0, &pattern)
               ? find_name(eval, NAME_ALIAS, pattern)
               : NULL;
}

const struct ps_value *ps_find_command(struct ps_eval *eval, struct str pattern)
{
    const struct ps_value *found = find_name(eval, NAME_CMDLET, pattern);

    return found ? found : find_name(eval, NAME_ALIAS, pattern);
}

const struct ps_value *cmdlet_get_command(const struct invocation *call)
{
    struct str pattern;

    return invocation_text(call, STR("name"), 0, &pattern)
               ? ps_find_command(call->eval, pattern)
               : NULL;
}

const struct ps_value *cmdlet_set_alias(const struct invocation *call)
{
    struct str name, target;

    if (invocation_text(call, STR("name"), 0, &name) &&
        invocation_text(call, STR("value"), 1, &target)) {
        add_alias(call->eval, name, target);
    }
    return psv_null();
}

const struct ps_value *ps_members(struct ps_eval *eval,
                                  const struct ps_value *object,
                                  struct str pattern)
{
    VEC(const struct ps_value *) list = {0};
    struct str type = object->kind == PSV_STRING ? STR("string") : object->text;

    for (size_t i = 0; i < N_NAMES; i++) {
        struct str name = str_from(names[i].name);
        if (names[i].kind != NAME_MEMBER ||
            !str_equal_fold_z(type, names[i].value) ||
            !pattern_wildcard(pattern, name)) {
            continue;
        }
        const struct ps_value *item =
            invocation_item(eval, name, psv_string(eval->peel, name));
        if (!item || !VEC_PUSH(eval->peel->arena, &list, item)) {
            return NULL;
        }
    }
    struct ps_value *array = list.n ? psv_array(eval->peel, 0) : NULL;
    if (array) {
        array->items = list.items;
        array->n = list.n;
    }
    return array;
}

const struct ps_value *cmdlet_get_member(const struct invocation *call)
{
    struct str pattern = STR("*");

    if (!call->input || psv_count(call->input) != 1) {
        return NULL;
    }
    if (call->n && !invocation_text(call, STR("name"), 0, &pattern)) {
        return NULL;
    }
    return ps_members(call->eval, psv_item(call->eval->peel, call->input, 0),
                      pattern);
}
