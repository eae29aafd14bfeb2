/* SPDX-License-Identifier: MIT */
#include "command/powershell/builder.h"

static const struct str type_name = {"text.stringbuilder", 18};

bool ps_is_builder(const struct ps_value *value)
{
    return value->kind == PSV_OBJECT && str_equal(value->text, type_name);
}

const struct ps_value *ps_builder_new(struct peel *peel,
                                      const struct ps_arguments *arguments)
{
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;
    struct str text = STR("");

    /* A number is how much it may hold. */
    if (first && first->kind == PSV_STRING) {
        text = first->text;
    }
    return psv_object(peel, type_name, psv_string(peel, text));
}

/* What is put behind the text. */
static bool suffix(struct peel *peel, struct str name,
                   const struct ps_arguments *arguments, struct str *out)
{
    const struct ps_value *first = arguments->n ? arguments->items[0] : NULL;

    *out = STR("");
    if (str_equal_fold(name, STR("append")) && arguments->n == 1) {
        /* an array of characters is its characters */
        return psv_join(peel, first, STR(""), out);
    }
    if (str_equal_fold(name, STR("appendline"))) {
        return arguments->n < 2 && (!first || psv_text(peel, first, out));
    }
    if (str_equal_fold(name, STR("appendformat")) && arguments->n > 1 &&
        psv_text(peel, first, out)) {
        struct ps_value rest = {.kind = PSV_ARRAY,
                                .items = arguments->items + 1,
                                .n = arguments->n - 1};
        const struct ps_value *text = ps_format(peel, *out, &rest);
        return text && psv_text(peel, text, out);
    }
    return false;
}

/* Its text after a method that changes it; NULL for any other. */
static const struct ps_value *change(struct peel *peel,
                                     const struct ps_value *text,
                                     struct str name,
                                     const struct ps_arguments *arguments)
{
    struct str added, both;

    if (str_starts_fold(name, STR("append"))) {
        bool line = str_equal_fold(name, STR("appendline"));
        if (!suffix(peel, name, arguments, &added)) {
            return NULL;
        }
        struct ps_value behind = {.kind = PSV_STRING, .text = added};
        struct ps_value end = {.kind = PSV_STRING,
                               .text = line ? STR("\r\n") : STR("")};
        const struct ps_value *items[] = {text, &behind, &end};
        struct ps_value all = {.kind = PSV_ARRAY, .items = items, .n = 3};
        return psv_join(peel, &all, STR(""), &both) ? psv_string(peel, both)
                                                    : NULL;
    }
    if (str_equal_fold(name, STR("clear"))) {
        return psv_string(peel, STR(""));
    }
    bool known = str_equal_fold(name, STR("insert")) ||
                 str_equal_fold(name, STR("remove")) ||
                 str_equal_fold(name, STR("replace"));
    return known ? ps_method(peel, text, name, arguments) : NULL;
}

const struct ps_value *ps_builder_call(struct ps_eval *eval,
                                       const struct ps_node *receiver,
                                       const struct ps_value *self,
                                       struct str name,
                                       const struct ps_arguments *arguments)
{
    const struct ps_value *text = self->n ? self->items[0] : NULL;

    if (!text || text->kind != PSV_STRING) {
        return NULL;
    }
    if (arguments && str_equal_fold(name, STR("tostring"))) {
        return arguments->n
                   ? ps_method(eval->peel, text, STR("substring"), arguments)
                   : text;
    }
    text = arguments ? change(eval->peel, text, name, arguments) : NULL;
    const struct ps_value *changed =
        text ? psv_object(eval->peel, type_name, text) : NULL;
    /* $s.Append('a').Append('b') changes $s twice */
    while (receiver && receiver->kind == PS_CALL) {
        receiver = receiver->first ? receiver->first->first : NULL;
    }
    if (receiver && receiver->kind == PS_VARIABLE) {
        ps_set(eval, receiver->text, changed, PS_WORKED_OUT);
    }
    return changed;
}
