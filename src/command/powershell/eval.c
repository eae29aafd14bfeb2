/* SPDX-License-Identifier: MIT */
#include "command/powershell/eval.h"

#include "command/powershell/method.h"

#define MAX_DEPTH 300
#define MAX_RANGE 200000

bool ps_is_hidden(const struct ps_eval *eval, const struct ps_node *node)
{
    switch (node->kind) {
    case PS_STRING:
    case PS_WORD:
        return node->noisy;
    case PS_NUMBER:
    case PS_TYPE:
    case PS_SCRIPT:
    case PS_HASH:
        return false;
    case PS_VARIABLE: {
        const struct ps_variable *variable = ps_find(eval, node->text);
        return variable && variable->hidden;
    }
    case PS_EXPAND:
        for (const struct ps_node *part = node->first; part;
             part = part->next) {
            if (part->kind == PS_SUBEXPR ||
                (part->kind == PS_VARIABLE && ps_is_hidden(eval, part))) {
                return true;
            }
        }
        return node->noisy;
    case PS_PAREN:
    case PS_LIST:
    case PS_ARRAY:
    case PS_BLOCK:
        for (const struct ps_node *part = node->first; part;
             part = part->next) {
            if (ps_is_hidden(eval, part)) {
                return true;
            }
        }
        return false;
    case PS_PIPELINE:
    case PS_COMMAND:
    case PS_ASSIGN:
    case PS_CAST:
    case PS_UNARY:
    case PS_BINARY:
    case PS_SUBEXPR:
    case PS_MEMBER:
    case PS_STATIC:
    case PS_CALL:
    case PS_INDEX:
        return true;
    }
    return false;
}

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

void ps_set(struct ps_eval *eval, struct str name, const struct ps_value *value,
            enum ps_origin origin)
{
    struct ps_variable variable = {without_scope(name), value,
                                   origin == PS_WORKED_OUT};

    if (str_starts_fold(name, STR("env:"))) {
        return;
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

static const struct ps_value *eval_variable(struct ps_eval *eval,
                                            struct str name)
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
    return stock ? psv_string(eval->peel, str_from(stock)) : NULL;
}

static const struct ps_value *
join(struct ps_eval *eval, const struct ps_value *items, struct str separator)
{
    struct str text;

    return items && psv_join(eval->peel, items, separator, &text)
               ? psv_string(eval->peel, text)
               : NULL;
}

/* Items of both, one after the other. */
static const struct ps_value *
append(struct ps_eval *eval, const struct ps_value *a, const struct ps_value *b)
{
    size_t n = psv_count(a);
    struct ps_value *array = psv_array(eval->peel, n + psv_count(b));

    for (uint32_t i = 0; array && i < array->n; i++) {
        array->items[i] =
            i < n ? psv_item(eval->peel, a, i) : psv_item(eval->peel, b, i - n);
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

static const struct ps_value *
add(struct ps_eval *eval, const struct ps_value *a, const struct ps_value *b)
{
    int64_t left, right;

    if (a->kind == PSV_ARRAY || a->kind == PSV_BYTES) {
        return append(eval, a, b);
    }
    bool text =
        a->kind == PSV_STRING || a->kind == PSV_ITEM ||
        (a->kind == PSV_CHAR && (b->kind == PSV_CHAR || b->kind == PSV_STRING));
    if (text) {
        struct str texts[2];
        if (!psv_text(eval->peel, a, &texts[0]) ||
            !psv_text(eval->peel, b, &texts[1])) {
            return NULL;
        }
        struct ps_value parts[2] = {{.kind = PSV_STRING, .text = texts[0]},
                                    {.kind = PSV_STRING, .text = texts[1]}};
        const struct ps_value *items[2] = {&parts[0], &parts[1]};
        struct ps_value both = {.kind = PSV_ARRAY, .items = items, .n = 2};
        return join(eval, &both, STR(""));
    }
    if (a->kind == PSV_NULL) {
        return b;
    }
    if (!psv_number(a, &left) || !psv_number(b, &right)) {
        return NULL;
    }
    return psv_int(eval->peel, (int64_t)((uint64_t)left + (uint64_t)right));
}

static const struct ps_value *repeat(struct ps_eval *eval, struct str text,
                                     int64_t times)
{
    if (times < 0 ||
        (text.len && (uint64_t)times > eval->peel->max_bytes / text.len) ||
        !peel_spend(eval->peel, text.len * (size_t)times)) {
        return NULL;
    }
    size_t n = text.len * (size_t)times;
    char *out = arena_alloc(eval->peel->arena, n + 1, 1);
    for (size_t i = 0; out && text.len && i < n; i += text.len) {
        memcpy(out + i, text.bytes, text.len);
    }
    return out ? psv_string(eval->peel, str_of(out, n)) : NULL;
}

static const struct ps_value *range(struct ps_eval *eval, int64_t from,
                                    int64_t to)
{
    if (from < -MAX_RANGE || from > MAX_RANGE || to < -MAX_RANGE ||
        to > MAX_RANGE) {
        return NULL;
    }
    int64_t step = from <= to ? 1 : -1;
    struct ps_value *array =
        psv_array(eval->peel, (size_t)((to - from) * step + 1));
    for (uint32_t i = 0; array && i < array->n; i++) {
        array->items[i] = psv_int(eval->peel, from + step * (int64_t)i);
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

static const struct ps_value *arithmetic(struct ps_eval *eval, enum ps_op op,
                                         const struct ps_value *a,
                                         const struct ps_value *b)
{
    int64_t left, right;
    uint64_t x, y;

    if (op == PS_OP_MUL && a->kind == PSV_STRING) {
        return psv_number(b, &right) ? repeat(eval, a->text, right) : NULL;
    }
    if (!psv_number(a, &left) || !psv_number(b, &right)) {
        return NULL;
    }
    x = (uint64_t)left;
    y = (uint64_t)right;
    if (op == PS_OP_RANGE) {
        return range(eval, left, right);
    }
    if (op == PS_OP_DIV || op == PS_OP_MOD) {
        if (right == 0 || right == -1 || (op == PS_OP_DIV && left % right)) {
            return NULL;
        }
        return psv_int(eval->peel,
                       op == PS_OP_DIV ? left / right : left % right);
    }
    if (op == PS_OP_SUB) {
        x -= y;
    } else if (op == PS_OP_MUL) {
        x *= y;
    } else if (op == PS_OP_BXOR) {
        x ^= y;
    } else if (op == PS_OP_BAND) {
        x &= y;
    } else if (op == PS_OP_BOR) {
        x |= y;
    } else if (op == PS_OP_SHL) {
        x <<= y & 31;
    } else if (op == PS_OP_SHR) {
        x >>= y & 31;
    } else {
        return NULL;
    }
    return psv_int(eval->peel, (int64_t)x);
}

/* An operator on the left side's items, one by one. */
static const struct ps_value *replace(struct ps_eval *eval,
                                      const struct ps_value *a,
                                      const struct ps_value *b,
                                      enum pattern_case letter_case)
{
    struct str text, pattern, by = STR("");
    const struct ps_value *first = psv_item(eval->peel, b, 0);
    const struct ps_value *second = psv_item(eval->peel, b, 1);

    if (!first || !psv_text(eval->peel, first, &pattern) ||
        (second && !psv_text(eval->peel, second, &by))) {
        return NULL;
    }
    if (a->kind != PSV_ARRAY) {
        return psv_text(eval->peel, a, &text)
                   ? ps_replace(eval->peel, text, pattern, by, letter_case)
                   : NULL;
    }
    struct ps_value *array = psv_array(eval->peel, a->n);
    for (uint32_t i = 0; array && i < a->n; i++) {
        array->items[i] =
            psv_text(eval->peel, a->items[i], &text)
                ? ps_replace(eval->peel, text, pattern, by, letter_case)
                : NULL;
        if (!array->items[i]) {
            return NULL;
        }
    }
    return array;
}

static const struct ps_value *eval_binary(struct ps_eval *eval,
                                          const struct ps_node *node,
                                          const struct ps_value *a,
                                          const struct ps_value *b)
{
    enum pattern_case letter_case = node->exact ? PATTERN_EXACT : PATTERN_FOLD;
    const struct ps_value *first;
    struct str text;

    switch (node->op) {
    case PS_OP_ADD:
        return add(eval, a, b);
    case PS_OP_JOIN:
        return psv_text(eval->peel, b, &text) ? join(eval, a, text) : NULL;
    case PS_OP_SPLIT:
        first = psv_item(eval->peel, b, 0);
        return first && psv_text(eval->peel, first, &text)
                   ? ps_split(eval->peel, a, text, letter_case)
                   : NULL;
    case PS_OP_REPLACE:
        return replace(eval, a, b, letter_case);
    case PS_OP_FORMAT:
        return psv_text(eval->peel, a, &text) ? ps_format(eval->peel, text, b)
                                              : NULL;
    case PS_OP_AS:
        return b->kind == PSV_TYPE ? ps_cast(eval->peel, b->text, a) : NULL;
    case PS_OP_SUB:
    case PS_OP_MUL:
    case PS_OP_DIV:
    case PS_OP_MOD:
    case PS_OP_RANGE:
    case PS_OP_BXOR:
    case PS_OP_BAND:
    case PS_OP_BOR:
    case PS_OP_SHL:
    case PS_OP_SHR:
        return arithmetic(eval, node->op, a, b);
    case PS_OP_NONE:
    case PS_OP_BNOT:
    case PS_OP_NOT:
    case PS_OP_NEGATE:
    case PS_OP_PLUS:
    case PS_OP_INCREMENT:
    case PS_OP_DECREMENT:
    case PS_OP_OTHER:
        break;
    }
    return NULL;
}

static const struct ps_value *eval_unary(struct ps_eval *eval,
                                         const struct ps_node *node,
                                         const struct ps_value *a)
{
    int64_t number;

    if (node->op == PS_OP_JOIN) {
        return join(eval, a, STR(""));
    }
    if (node->op == PS_OP_SPLIT) {
        return ps_split(eval->peel, a, STR("\\s+"), PATTERN_FOLD);
    }
    if (!psv_number(a, &number)) {
        return NULL;
    }
    bool up = node->op == PS_OP_INCREMENT;
    if (up || node->op == PS_OP_DECREMENT) {
        const struct ps_value *next = psv_int(
            eval->peel, (int64_t)((uint64_t)number + (up ? 1u : UINT64_MAX)));
        if (node->first->kind == PS_VARIABLE) {
            ps_set(eval, node->first->text, next, PS_WORKED_OUT);
        }
        return node->postfix ? psv_int(eval->peel, number) : next;
    }
    if (node->op == PS_OP_NEGATE) {
        return psv_int(eval->peel, (int64_t)(0 - (uint64_t)number));
    }
    if (node->op == PS_OP_BNOT) {
        return psv_int(eval->peel, ~number);
    }
    return node->op == PS_OP_PLUS ? psv_int(eval->peel, number) : NULL;
}

static const struct ps_value *eval_index(struct ps_eval *eval,
                                         const struct ps_value *object,
                                         const struct ps_value *index)
{
    const struct ps_value *items = object;

    if (object->kind == PSV_STRING) {
        items = psv_chars(eval->peel, object->text);
    } else if (object->kind == PSV_INT || object->kind == PSV_CHAR) {
        return NULL;
    }
    if (!items) {
        return NULL;
    }
    int64_t count = (int64_t)psv_count(items);
    struct ps_value *out = psv_array(eval->peel, psv_count(index));
    uint32_t n = 0;
    for (uint32_t i = 0; out && i < out->n; i++) {
        const struct ps_value *at = psv_item(eval->peel, index, i);
        int64_t number;
        if (!at || !psv_number(at, &number)) {
            return NULL;
        }
        number += number < 0 ? count : 0;
        if (number >= 0 && number < count) {
            out->items[n] = psv_item(eval->peel, items, (size_t)number);
            if (!out->items[n++]) {
                return NULL;
            }
        }
    }
    if (!out) {
        return NULL;
    }
    out->n = n;
    bool one = index->kind != PSV_ARRAY;
    return one ? (n ? out->items[0] : psv_null()) : out;
}

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

static const struct ps_value *eval_call(struct ps_eval *eval,
                                        struct ps_node *node)
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
        const struct ps_value *back = n ? range(eval, n - 1, 0) : NULL;
        ps_set(eval, node->last->first->text,
               back ? eval_index(eval, array, back) : NULL, PS_WORKED_OUT);
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

static const struct ps_value *eval_member(struct ps_eval *eval,
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

static const struct ps_value *eval_list(struct ps_eval *eval,
                                        struct ps_node *node)
{
    size_t n = 0;
    bool known = true;

    for (const struct ps_node *item = node->first; item; item = item->next) {
        n++;
    }
    struct ps_value *array = psv_array(eval->peel, n);
    uint32_t i = 0;
    for (struct ps_node *item = node->first; item; item = item->next, i++) {
        const struct ps_value *value = ps_eval_node(eval, item);
        known = known && value && array;
        if (known) {
            array->items[i] = value;
        }
    }
    return known ? array : NULL;
}

const struct ps_value *ps_eval_block(struct ps_eval *eval, struct ps_node *node)
{
    VEC(const struct ps_value *) outputs = {0};
    bool known = !node->broken;

    for (struct ps_node *item = node->first; item; item = item->next) {
        const struct ps_value *value = ps_eval_node(eval, item);
        if (item->kind == PS_ASSIGN || (value && value->kind == PSV_NULL)) {
            continue;
        }
        known = known && value && VEC_PUSH(eval->peel->arena, &outputs, value);
    }
    if (!known || node->broken) {
        return NULL;
    }
    if (outputs.n == 1) {
        return outputs.items[0];
    }
    if (!outputs.n) {
        return psv_null();
    }
    struct ps_value *array = psv_array(eval->peel, 0);
    if (array) {
        array->items = outputs.items;
        array->n = outputs.n;
    }
    return array;
}

static const struct ps_value *eval_assign(struct ps_eval *eval,
                                          struct ps_node *node)
{
    struct ps_node *target = node->first;
    struct ps_node *source = target->next;
    const struct ps_value *value = source ? ps_eval_node(eval, source) : NULL;

    if (target->kind == PS_CAST && target->first->kind == PS_VARIABLE) {
        target = target->first; /* [string]$x = ... */
    }
    if (target->kind != PS_VARIABLE) {
        ps_eval_node(eval, target);
        return NULL;
    }
    bool hidden = source && ps_is_hidden(eval, source);
    if (node->sign != '=') {
        const struct ps_variable *old = ps_find(eval, target->text);
        value = node->sign == '+' && value && old && old->value
                    ? add(eval, old->value, value)
                    : NULL;
        hidden = true;
    }
    ps_set(eval, target->text, value, hidden ? PS_WORKED_OUT : PS_SPELLED);
    return value;
}

static const struct ps_value *eval_pipeline(struct ps_eval *eval,
                                            struct ps_node *node)
{
    const struct ps_value *value = NULL;

    for (struct ps_node *item = node->first; item; item = item->next) {
        if (item->kind == PS_COMMAND) {
            value =
                ps_eval_command(eval, item, value,
                                item == node->first ? PS_NO_INPUT : PS_INPUT);
            if (item->run.text && item != node->first) {
                node->run = item->run; /* X | iex as a whole */
                node->run_hidden =
                    item->run_hidden || ps_is_hidden(eval, node->first);
                item->run = SLICE_NONE;
            }
        } else {
            value = ps_eval_node(eval, item);
        }
    }
    return value;
}

/* Text that grows to the right, as a + b + c does. */
static const struct ps_value *grow(struct ps_eval *eval,
                                   struct text_builder *sum,
                                   const struct ps_value *a,
                                   const struct ps_value *b)
{
    struct str left, right;

    if (!psv_text(eval->peel, a, &left) || !psv_text(eval->peel, b, &right)) {
        return NULL;
    }
    /* `a` is what the builder holds, unless something else came between. */
    if (!sum->bytes || sum->len != left.len || left.bytes != sum->bytes) {
        text_build_init(sum, eval->peel->arena, TEXT_PEEL,
                        eval->peel->max_bytes);
    }
    size_t more = right.len + (sum->bytes ? 0 : left.len);
    char *room =
        peel_spend(eval->peel, more) ? text_build_room(sum, more + 1) : NULL;
    if (!room) {
        return NULL;
    }
    if (!sum->len && left.len) {
        memcpy(room, left.bytes, left.len);
        room += left.len;
    }
    if (right.len) {
        memcpy(room, right.bytes, right.len);
    }
    sum->len += more;
    return psv_string(eval->peel, str_of(sum->bytes, sum->len));
}

/* a + b + c + ... is a tree as deep as it is long: its left spine is walked
 * without recursion. */
static const struct ps_value *eval_spine(struct ps_eval *eval,
                                         struct ps_node *node)
{
    VEC(struct ps_node *) spine = {0};
    struct text_builder sum = {0};
    struct ps_node *left = node;

    for (; left->kind == PS_BINARY; left = left->first) {
        if (!VEC_PUSH(eval->peel->arena, &spine, left)) {
            eval->peel->failed = true;
            return NULL;
        }
    }
    const struct ps_value *value = ps_eval_node(eval, left);
    for (uint32_t i = spine.n; i-- > 0;) {
        struct ps_node *step = spine.items[i];
        const struct ps_value *b = ps_eval_node(eval, step->last);
        if (!value || !b) {
            value = NULL;
        } else if (step->op == PS_OP_ADD && value->kind == PSV_STRING) {
            value = grow(eval, &sum, value, b);
        } else {
            value = eval_binary(eval, step, value, b);
        }
        step->value = value;
    }
    return value;
}

static const struct ps_value *eval_expand(struct ps_eval *eval,
                                          struct ps_node *node)
{
    return join(eval, eval_list(eval, node), STR(""));
}

static const struct ps_value *evaluate(struct ps_eval *eval,
                                       struct ps_node *node)
{
    const struct ps_value *a = NULL;
    const struct ps_value *b = NULL;

    switch (node->kind) {
    case PS_BLOCK:
    case PS_PAREN:
    case PS_SUBEXPR:
        return ps_eval_block(eval, node);
    case PS_ARRAY:
        a = ps_eval_block(eval, node);
        return a && a->kind != PSV_ARRAY ? append(eval, a, psv_null()) : a;
    case PS_SCRIPT: {
        const struct ps_value *item = eval->item;
        eval->item = NULL;
        ps_eval_block(eval, node);
        eval->item = item;
        return NULL;
    }
    case PS_HASH:
        for (struct ps_node *part = node->first; part; part = part->next) {
            ps_eval_node(eval, part);
        }
        return psv_string(eval->peel, STR("System.Collections.Hashtable"));
    case PS_PIPELINE:
        return eval_pipeline(eval, node);
    case PS_COMMAND:
        return ps_eval_command(eval, node, NULL, PS_NO_INPUT);
    case PS_ASSIGN:
        return eval_assign(eval, node);
    case PS_WORD:
    case PS_STRING:
        return psv_string(eval->peel, node->text);
    case PS_EXPAND:
        return eval_expand(eval, node);
    case PS_NUMBER:
        return node->broken ? NULL : psv_int(eval->peel, node->number);
    case PS_VARIABLE:
        return eval_variable(eval, node->text);
    case PS_TYPE:
        return node->broken ? NULL : psv_kind(eval->peel, PSV_TYPE, node->text);
    case PS_CAST:
        a = ps_eval_node(eval, node->first);
        return a ? ps_cast(eval->peel, node->text, a) : NULL;
    case PS_UNARY:
        a = ps_eval_node(eval, node->first);
        if (!a &&
            (node->op == PS_OP_INCREMENT || node->op == PS_OP_DECREMENT)) {
            a = psv_null();
        }
        return a ? eval_unary(eval, node, a) : NULL;
    case PS_BINARY:
        return eval_spine(eval, node);
    case PS_LIST:
        return eval_list(eval, node);
    case PS_MEMBER:
    case PS_STATIC:
        return eval_member(eval, node);
    case PS_CALL:
        return eval_call(eval, node);
    case PS_INDEX:
        a = ps_eval_node(eval, node->first);
        b = ps_eval_node(eval, node->last);
        return a && b ? eval_index(eval, a, b) : NULL;
    }
    return NULL;
}

const struct ps_value *ps_eval_node(struct ps_eval *eval, struct ps_node *node)
{
    if (eval->depth >= MAX_DEPTH || !peel_spend(eval->peel, 16)) {
        node->value = NULL;
        return NULL;
    }
    eval->depth++;
    node->value = evaluate(eval, node);
    eval->depth--;
    return node->value;
}
