/* SPDX-License-Identifier: MIT */
#include "command/peel.h"

#define BYTES_PER_STEP 16

bool peel_spend(struct peel *peel, size_t n)
{
    uint64_t steps = n / BYTES_PER_STEP + 1;

    if (peel->failed) {
        return false;
    }
    if (steps > peel->steps_left) {
        peel->steps_left = 0;
        limit_hit(&peel->hit, LIMIT_peel_steps);
        return false;
    }
    peel->steps_left -= steps;
    return true;
}

bool peel_may_nest(struct peel *peel, unsigned depth, unsigned most)
{
    if (depth >= most) {
        limit_hit(&peel->hit, LIMIT_peel_depth);
        return false;
    }
    return true;
}

bool peel_fits(struct peel *peel, uint64_t bytes)
{
    if (bytes > peel->max_bytes) {
        limit_hit(&peel->hit, LIMIT_layer_bytes);
        return false;
    }
    return true;
}

void peel_add(struct peel *peel, const char *step, struct slice text,
              const char *gave_up)
{
    if (peel->layers.n >= peel->max_layers) {
        limit_hit(&peel->hit, LIMIT_layers);
        return;
    }
    text = slice_trim(text);
    if (!text.len) {
        return;
    }
    for (uint32_t i = 0; !gave_up && i < peel->layers.n; i++) {
        struct str old = slice_str(peel->layers.items[i].text);
        if (str_equal(old, slice_str(text))) {
            return;
        }
    }
    struct layer layer = {.step = step, .text = text, .gave_up = gave_up};
    if (!VEC_PUSH(peel->arena, &peel->layers, layer)) {
        peel->failed = true;
    }
}

/* What a builder made, or SLICE_NONE with the reason noted. */
static struct slice finish(struct peel *peel, struct text_builder *builder)
{
    const struct text *text = text_build_finish(builder);

    if (!text) {
        if (builder->too_large) {
            limit_hit(&peel->hit, LIMIT_layer_bytes);
        } else {
            peel->failed = true;
        }
    }
    return slice_all(text);
}

struct slice peel_fold(struct peel *peel, struct str bytes, struct slice from)
{
    struct text_builder builder;

    text_build_init(&builder, peel->arena, TEXT_PEEL, peel->max_bytes);
    text_build_fold(&builder, bytes, from, 0, 0);
    return finish(peel, &builder);
}

void rewrite_init(struct rewrite *rewrite, struct peel *peel, struct slice from)
{
    rewrite->peel = peel;
    rewrite->from = from;
    rewrite->done = 0;
    rewrite->changed = false;
    text_build_init(&rewrite->out, peel->arena, TEXT_PEEL, peel->max_bytes);
}

static void copy_up_to(struct rewrite *rewrite, size_t at)
{
    if (at > rewrite->done) {
        text_build_copy(&rewrite->out, slice_sub(rewrite->from, rewrite->done,
                                                 at - rewrite->done));
        rewrite->done = at;
    }
}

void rewrite_put(struct rewrite *rewrite, size_t at, size_t len,
                 struct slice by)
{
    struct slice old = slice_sub(rewrite->from, at, len);

    if (by.text == old.text && by.off == old.off && by.len == old.len) {
        return;
    }
    copy_up_to(rewrite, at);
    text_build_copy(&rewrite->out, by);
    rewrite->done = at + len;
    rewrite->changed = true;
}

void rewrite_put_str(struct rewrite *rewrite, size_t at, size_t len,
                     struct str by)
{
    copy_up_to(rewrite, at);
    text_build_fold(&rewrite->out, by, slice_sub(rewrite->from, at, len), 0, 0);
    rewrite->done = at + len;
    rewrite->changed = true;
}

struct slice rewrite_finish(struct rewrite *rewrite)
{
    if (!rewrite->changed) {
        return rewrite->from;
    }
    copy_up_to(rewrite, rewrite->from.len);
    if (!peel_spend(rewrite->peel, rewrite->out.len)) {
        return rewrite->from;
    }
    struct slice out = finish(rewrite->peel, &rewrite->out);
    return out.text ? out : rewrite->from;
}

void peel_set(struct peel *peel, struct slice name, struct slice value)
{
    uint32_t fresh = peel->variables.n;

    if (!peel_spend(peel, name.len)) {
        return;
    }
    uint32_t at =
        map_put(&peel->variable_names, peel->arena, slice_str(name), fresh);
    if (at < fresh) {
        struct slice *old = &peel->variables.items[at].value;
        peel->changes += !str_equal(slice_str(*old), slice_str(value));
        *old = value;
        return;
    }
    peel->changes++;
    if (at == MAP_NONE || !VEC_PUSH(peel->arena, &peel->variables,
                                    (struct peel_variable){name, value})) {
        peel->failed = true;
    }
}

static const struct {
    const char *name;
    const char *value;
} defaults[] = {
#define E(name, value) {name, value},
#include "command/env.def"
#undef E
};

const char *peel_default(struct str name)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (str_equal_fold_z(name, defaults[i].name)) {
            return defaults[i].value;
        }
    }
    return NULL;
}

const char *peel_default_like(struct str pattern,
                              bool (*fits)(struct str pattern, struct str name),
                              struct str *name)
{
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        *name = str_from(defaults[i].name);
        if (fits(pattern, *name)) {
            return defaults[i].value;
        }
    }
    return NULL;
}

bool peel_get(struct peel *peel, struct str name, struct slice *out)
{
    uint32_t at = map_get(&peel->variable_names, name);

    if (at == MAP_NONE || at >= peel->variables.n) {
        return false;
    }
    *out = peel->variables.items[at].value;
    return out->text != NULL;
}

bool peel_is_unset(const struct peel *peel, struct str name)
{
    uint32_t at = map_get(&peel->variable_names, name);

    return at != MAP_NONE && at < peel->variables.n &&
           !peel->variables.items[at].value.text;
}
