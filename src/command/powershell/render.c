/* SPDX-License-Identifier: MIT */
#include "command/powershell/render.h"

#include "command/codec.h"

/* Strings from this length on get a layer where quoting would change them. */
#define OWN_LAYER_BYTES 16

/* Where an expression stands decides how its value may be spelled. */
enum place {
    PLACE_EXPRESSION,
    PLACE_ARGUMENT,
    PLACE_NAME
};

struct renderer {
    struct ps_eval *eval;
    struct rewrite out;
};

static void render(struct renderer *r, struct ps_node *node, enum place place);

static bool is_bare(struct str s, enum place place)
{
    if (!s.len || (place == PLACE_ARGUMENT && !ascii_is_alpha(s.bytes[0]))) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.bytes[i];
        if (!ascii_is_alnum(c) && c != '-' && c != '_' && c != '.' &&
            !(place == PLACE_NAME && (c == '\\' || c == ':'))) {
            return false;
        }
    }
    return true;
}

static bool has_text(const struct ps_value *value)
{
    return value && (value->kind == PSV_STRING || value->kind == PSV_CHAR ||
                     value->kind == PSV_ITEM);
}

static bool is_plain(struct str text)
{
    return !text.len || codec_is_text(text);
}

/* Puts a string literal, or the bare word, in place of [off, end). */
static void put_text(struct renderer *r, uint32_t off, uint32_t end,
                     struct str text, enum place place)
{
    struct peel *peel = r->eval->peel;
    size_t n = 0;

    if (place != PLACE_EXPRESSION && is_bare(text, place)) {
        rewrite_put_str(&r->out, off, end - off, text);
        return;
    }
    char *quoted = peel_spend(peel, text.len * 2)
                       ? arena_alloc(peel->arena, text.len * 2 + 2, 1)
                       : NULL;
    if (!quoted) {
        return;
    }
    quoted[n++] = '\'';
    for (size_t i = 0; i < text.len; i++) {
        quoted[n++] = text.bytes[i];
        if (text.bytes[i] == '\'') {
            quoted[n++] = '\'';
        }
    }
    bool doubled = n > text.len + 1;
    quoted[n++] = '\'';
    rewrite_put_str(&r->out, off, end - off, str_of(quoted, n));
    if (doubled && text.len >= OWN_LAYER_BYTES) {
        peel_add(
            peel, "powershell.string",
            peel_fold(peel, text, slice_sub(r->eval->script, off, end - off)),
            NULL);
    }
}

static void render_children(struct renderer *r, struct ps_node *node,
                            enum place place)
{
    for (struct ps_node *child = node->first; child; child = child->next) {
        render(r, child, place);
    }
}

/* Name of a member: 'Down'+'load' in parentheses becomes the bare name. */
static bool render_member_name(struct renderer *r, struct ps_node *name)
{
    struct str text;

    bool spelled = name->kind == PS_WORD && !name->noisy;
    if (spelled || (name->kind != PS_WORD && name->kind != PS_STRING &&
                    !has_text(name->value))) {
        render(r, name, PLACE_EXPRESSION);
        return false;
    }
    bool literal = name->kind == PS_WORD || name->kind == PS_STRING;
    if (literal) {
        text = name->text;
    } else if (!psv_text(r->eval->peel, name->value, &text)) {
        return false;
    }
    if (!is_bare(text, PLACE_NAME)) {
        return false;
    }
    rewrite_put_str(&r->out, name->off, name->end - name->off, text);
    return true;
}

static bool render_member(struct renderer *r, struct ps_node *node)
{
    render(r, node->first, PLACE_EXPRESSION);
    return node->last != node->first && render_member_name(r, node->last);
}

static void render_call(struct renderer *r, struct ps_node *node)
{
    struct ps_node *callee = node->first;
    struct ps_node *inner = callee->first;
    bool invoke = callee->last->kind == PS_WORD &&
                  str_equal_fold(callee->last->text, STR("invoke"));

    if (invoke || (callee->last->noisy &&
                   str_equal_fold(callee->last->text, STR("invoke")))) {
        bool member = inner->kind == PS_MEMBER || inner->kind == PS_STATIC;
        if (member && render_member(r, inner)) {
            /* .Name.Invoke( is .Name( */
            rewrite_put_str(&r->out, inner->end, callee->end - inner->end,
                            STR(""));
            callee = NULL;
        } else if (member) {
            render_member_name(r, callee->last);
            callee = NULL;
        }
    }
    if (callee) {
        render_member(r, callee);
    }
    if (node->last != node->first) {
        render_children(r, node->last, PLACE_EXPRESSION);
    }
}

/* A program's own command line inside the script. */
static bool render_program(struct renderer *r, const struct ps_node *node)
{
    struct slice line =
        slice_sub(r->eval->script, node->off, node->end - node->off);
    struct slice peeled = peel_command(r->eval->peel, line);

    if (peeled.text == line.text) {
        return false;
    }
    rewrite_put(&r->out, node->off, node->end - node->off, peeled);
    return true;
}

static void render_command(struct renderer *r, struct ps_node *node)
{
    struct ps_node *name = node->first;
    struct str text;

    if (!name) {
        return;
    }
    bool open = name->kind == PS_WORD || name->kind == PS_STRING;
    if (name->kind == PS_WORD && !node->sign && render_program(r, node)) {
        return;
    }
    if (node->sign && !open && has_text(name->value) &&
        (name->value->kind == PSV_ITEM
             ? (text = name->value->text, true)
             : psv_text(r->eval->peel, name->value, &text)) &&
        is_bare(text, PLACE_NAME)) {
        rewrite_put_str(&r->out, node->off, name->end - node->off, text);
    } else {
        render(r, name, PLACE_NAME);
    }
    for (struct ps_node *arg = name->next; arg; arg = arg->next) {
        render(r, arg, PLACE_ARGUMENT);
    }
}

static bool try_replace(struct renderer *r, const struct ps_node *node,
                        enum place place)
{
    struct str text;

    if (!has_text(node->value) || !ps_is_hidden(r->eval, node) ||
        !psv_text(r->eval->peel, node->value, &text) || !is_plain(text)) {
        return false;
    }
    put_text(r, node->off, node->end, text, place);
    return true;
}

/* As eval_spine: long sums are walked without recursion. */
static void render_binary(struct renderer *r, struct ps_node *node,
                          enum place place)
{
    VEC(struct ps_node *) rights = {0};
    struct ps_node *left = node;

    while (left->kind == PS_BINARY && !try_replace(r, left, place)) {
        if (!VEC_PUSH(r->eval->peel->arena, &rights, left->last)) {
            return;
        }
        left = left->first;
    }
    if (left->kind != PS_BINARY) {
        render(r, left, PLACE_EXPRESSION);
    }
    for (uint32_t i = rights.n; i-- > 0;) {
        render(r, rights.items[i], PLACE_EXPRESSION);
    }
}

static void render(struct renderer *r, struct ps_node *node, enum place place)
{
    if (node->run.text && node->run_hidden) {
        rewrite_put(&r->out, node->off, node->end - node->off, node->run);
        return;
    }
    if (node->kind == PS_BINARY) {
        render_binary(r, node, place);
        return;
    }
    bool foldable = node->kind != PS_BLOCK && node->kind != PS_COMMAND &&
                    node->kind != PS_ASSIGN && node->kind != PS_SCRIPT &&
                    node->kind != PS_WORD && node->kind != PS_HASH &&
                    node->kind != PS_LIST && node->kind != PS_ARRAY;
    if (foldable && try_replace(r, node, place)) {
        return;
    }
    if (node->kind == PS_WORD) {
        if (node->noisy) {
            rewrite_put_str(&r->out, node->off, node->end - node->off,
                            node->text);
        }
    } else if (node->kind == PS_COMMAND) {
        render_command(r, node);
    } else if (node->kind == PS_CALL) {
        render_call(r, node);
    } else if (node->kind == PS_MEMBER || node->kind == PS_STATIC) {
        render_member(r, node);
    } else if (node->kind == PS_VARIABLE) {
        if (node->noisy && is_bare(node->text, PLACE_NAME)) {
            rewrite_put_str(&r->out, node->off, 1, STR("$"));
            rewrite_put_str(&r->out, node->off + 1, node->end - node->off - 1,
                            node->text);
        }
    } else if (node->kind == PS_ASSIGN) {
        struct ps_node *source = node->first->next;
        if (node->first->kind != PS_VARIABLE || node->first->noisy) {
            node->first->value = NULL; /* a target keeps its name */
            render(r, node->first, PLACE_EXPRESSION);
        }
        if (source) {
            render(r, source, PLACE_EXPRESSION);
        }
    } else if (node->kind != PS_EXPAND) {
        render_children(r, node,
                        node->kind == PS_LIST ? place : PLACE_EXPRESSION);
    }
}

struct slice ps_render(struct ps_eval *eval, struct ps_node *root)
{
    struct renderer r = {.eval = eval};

    rewrite_init(&r.out, eval->peel, eval->script);
    render(&r, root, PLACE_EXPRESSION);
    return rewrite_finish(&r.out);
}

bool ps_constant(const struct ps_eval *eval, const struct ps_node *root,
                 struct str *out)
{
    const struct ps_node *only = root->first;

    if (!only || only->next || root->broken || !only->value ||
        only->kind == PS_ASSIGN || only->run.text || only->kind == PS_COMMAND ||
        !(ps_is_hidden(eval, only) ||
          (only->kind == PS_VARIABLE && ps_stock_variable(only->text)))) {
        return false;
    }
    switch (only->value->kind) {
    case PSV_STRING:
    case PSV_CHAR:
        break;
    case PSV_NULL:
    case PSV_BOOL:
    case PSV_INT:
    case PSV_ARRAY:
    case PSV_BYTES:
    case PSV_TYPE:
    case PSV_ITEM:
    case PSV_HASH:
    case PSV_OBJECT:
    case PSV_BLOCK:
        return false;
    }
    return psv_text(eval->peel, only->value, out) && codec_is_text(*out);
}
