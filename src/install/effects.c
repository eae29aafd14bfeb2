/* SPDX-License-Identifier: MIT */
#include "install/effects.h"

#include <stdlib.h>

#include "install/directive.h"
#include "install/path.h"
#include "install/registry.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

_Static_assert(N_LAUNCHERS <= 32, "launchers are bits of 32");

/* Where letter case makes two things of a kind. */
enum compare {
    COMPARE_TEXT, /* everywhere */
    COMPARE_DATA, /* in the detail */
    COMPARE_PATH  /* nowhere */
};

static const struct {
    const char *name;
    enum compare compare;
} kinds[] = {
#define EFFECT(id, name, compare) {name, COMPARE_##compare},
#include "install/effects.def"
#undef EFFECT
};

/* What an action leaves. */
struct leaves {
    enum infscan_action_kind action;
    unsigned directive; /* N_DIRECTIVES: of any */
    const char *needs;  /* member that is there; "": any */
    const char *unless; /* member that is not; "": none */
    enum effect_kind effect;
    const char *target;
    const char *name;
    const char *detail;
};

#define SUBJECT "*"
#define FINAL "**"
#define DIRECTIVE_ANY N_DIRECTIVES
static const struct leaves rows[] = {
#define LEAVES(action, directive, needs, unless, effect, target, name, detail) \
    {INFSCAN_##action,                                                         \
     DIRECTIVE_##directive,                                                    \
     needs,                                                                    \
     unless,                                                                   \
     EFFECT_##effect,                                                          \
     target,                                                                   \
     name,                                                                     \
     detail},
#include "install/effects.def"
#undef LEAVES
};

const char *effect_kind_name(enum effect_kind kind)
{
    return kinds[kind].name;
}

/* Before things are put together: one effect of one action. */
struct single {
    struct effect effect;
    uint32_t action;
};

struct ledger {
    struct arena *arena;
    const struct install *install;
    VEC(struct single) singles;
};

/* --- what an action leaves --- */

static struct slice member(const struct action *action, const char *name)
{
    if (strcmp(name, SUBJECT) == 0) {
        return action->subject;
    }
    if (strcmp(name, FINAL) == 0) {
        return action->peeled.final.len ? action->peeled.final : action->text;
    }
    return action_member_value(action, name);
}

/* A subject that begins with the target: what it says of it. */
static struct slice said_of(struct slice target, struct slice detail)
{
    static const struct str bar = {" | ", 3};
    struct str rest = str_sub(slice_str(detail), target.len, detail.len);

    if (target.len && str_starts_fold(slice_str(detail), slice_str(target)) &&
        str_starts_fold(rest, bar)) {
        return slice_sub(detail, target.len + bar.len, detail.len);
    }
    return detail;
}

static bool has_member(const struct action *action, const char *name)
{
    for (uint32_t i = 0; i < action->n_members; i++) {
        if (strcmp(action->members[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool row_fits(const struct leaves *row, const struct action *action)
{
    return row->action == action->kind &&
           (row->directive == DIRECTIVE_ANY ||
            row->directive == action->directive) &&
           (!*row->needs || has_member(action, row->needs)) &&
           (!*row->unless || !has_member(action, row->unless));
}

/* How an action is got to. */
struct reached {
    uint32_t launchers;
    unsigned targets;
};

static bool add_action(struct ledger *ledger, uint32_t id,
                       const struct reached *reached)
{
    const struct action *action = &ledger->install->actions[id];

    for (size_t i = 0; i < N_OF(rows); i++) {
        const struct leaves *row = &rows[i];
        if (!row_fits(row, action)) {
            continue;
        }
        struct single single = {
            .action = id,
            .effect = {.kind = row->effect,
                       .target = member(action, row->target),
                       .name = member(action, row->name),
                       .detail = member(action, row->detail),
                       .type = row->effect == EFFECT_VALUE_SET
                                   ? member(action, "type")
                                   : SLICE_NONE,
                       .flags = member(action, "flags"),
                       .launchers = reached->launchers,
                       .targets = reached->targets}};
        single.effect.detail =
            said_of(single.effect.target, single.effect.detail);
        if (single.effect.target.len &&
            !VEC_PUSH(ledger->arena, &ledger->singles, single)) {
            return false;
        }
    }
    return true;
}

/* The plans that each action is in. */
static const struct reached *reach_all(struct ledger *ledger)
{
    const struct install *install = ledger->install;
    struct reached *reached =
        arena_zalloc(ledger->arena, install->n_actions, sizeof *reached);

    for (uint32_t i = 0; reached && i < install->n_plans; i++) {
        const struct plan *plan = &install->plans[i];
        for (uint32_t k = 0; k < plan->n_actions; k++) {
            reached[plan->actions[k]].launchers |= 1u << plan->launcher;
            reached[plan->actions[k]].targets |= plan->targets;
        }
    }
    return reached;
}

/* --- each thing once --- */

static int compare_exact(struct slice a, struct slice b)
{
    struct str x = slice_str(a);
    struct str y = slice_str(b);
    size_t least = x.len < y.len ? x.len : y.len;
    int order = least ? memcmp(x.bytes, y.bytes, least) : 0;

    return order ? order : (x.len > y.len) - (x.len < y.len);
}

static int compare_fold(struct slice a, struct slice b)
{
    return str_compare_fold(slice_str(a), slice_str(b));
}

int effect_compare(const struct effect *a, const struct effect *b)
{
    enum compare compare = kinds[a->kind].compare;
    int order = (a->kind > b->kind) - (a->kind < b->kind);

    order = order ? order : compare_fold(a->target, b->target);
    if (!order && compare == COMPARE_TEXT) {
        order = compare_exact(a->target, b->target);
    }
    order = order ? order : compare_fold(a->name, b->name);
    if (!order) {
        order = compare == COMPARE_PATH ? compare_fold(a->detail, b->detail)
                                        : compare_exact(a->detail, b->detail);
    }
    order = order ? order : compare_exact(a->type, b->type);
    return order ? order : compare_exact(a->flags, b->flags);
}

static int compare_singles(const void *a, const void *b)
{
    const struct single *x = a;
    const struct single *y = b;
    int order = effect_compare(&x->effect, &y->effect);

    return order ? order : (x->action > y->action) - (x->action < y->action);
}

/* --- what starts by itself --- */

static bool ini_starts(const struct effect *effect, const char **out_when)
{
    static const struct {
        struct str file;
        struct str section;
        struct str key;
        const char *when;
    } entries[] = {
#define STARTS(file, section, key, when, source)                               \
    {{file, sizeof(file) - 1},                                                 \
     {section, sizeof(section) - 1},                                           \
     {key, sizeof(key) - 1},                                                   \
     when},
#include "install/effects.def"
#undef STARTS
    };
    struct str entry = slice_str(effect->detail);
    struct str key = str_trim(str_sub(entry, 0, str_find_char(entry, '=', 0)));
    struct str file = path_base(slice_str(effect->target));

    for (size_t i = 0; i < N_OF(entries); i++) {
        if (str_equal_fold(file, entries[i].file) &&
            str_equal_fold(slice_str(effect->name), entries[i].section) &&
            str_equal_fold(key, entries[i].key)) {
            *out_when = entries[i].when;
            return true;
        }
    }
    return false;
}

/* Start types 0 to 2: of Windows' loader, of its kernel, of its services. */
static bool service_starts(const struct action *action)
{
    for (uint32_t i = 0; i < action->n_members; i++) {
        if (strcmp(action->members[i].name, "start") == 0) {
            return action->members[i].number <= 2;
        }
    }
    return false;
}

static const char *autostart_of(const struct ledger *ledger,
                                const struct single *single)
{
    const struct effect *effect = &single->effect;
    const char *when = NULL;

    switch (effect->kind) {
    case EFFECT_VALUE_SET:
        return registry_autostart(slice_str(effect->target),
                                  slice_str(effect->name));
    case EFFECT_SERVICE_CREATED:
        return service_starts(&ledger->install->actions[single->action])
                   ? "boot"
                   : NULL;
    case EFFECT_INI_SET:
        return ini_starts(effect, &when) ? when : NULL;
    case EFFECT_FILE_WRITTEN:
    case EFFECT_SHORTCUT_CREATED:
        return path_marks(slice_str(effect->target)) & PATH_AUTOSTART ? "logon"
                                                                      : NULL;
    case EFFECT_FILE_RENAMED:
        return path_marks(slice_str(effect->detail)) & PATH_AUTOSTART ? "logon"
                                                                      : NULL;
    default:
        return NULL;
    }
}

/* The sorted singles as effects; equal ones are neighbours. */
static bool unite(struct ledger *ledger, struct effects *out)
{
    uint32_t n = ledger->singles.n;
    struct effect *effects = ARENA_ARRAY(ledger->arena, struct effect, n);
    uint32_t *actions = ARENA_ARRAY(ledger->arena, uint32_t, n);
    uint32_t n_effects = 0;

    if (!effects || !actions) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct single *single = &ledger->singles.items[i];
        struct effect *last = n_effects ? &effects[n_effects - 1] : NULL;
        actions[i] = single->action;
        if (!last || effect_compare(last, &single->effect) != 0) {
            last = &effects[n_effects++];
            *last = single->effect;
            last->actions = &actions[i];
            last->autostart = autostart_of(ledger, single);
        }
        last->launchers |= single->effect.launchers;
        last->targets |= single->effect.targets;
        last->n_actions++;
    }
    *out = (struct effects){effects, n_effects};
    return true;
}

bool effects_list(struct arena *arena, const struct install *install,
                  struct effects *out)
{
    struct ledger ledger = {.arena = arena, .install = install};
    const struct reached *reached = reach_all(&ledger);

    for (uint32_t i = 0; reached && i < install->n_actions; i++) {
        if (!add_action(&ledger, i, &reached[i])) {
            return false;
        }
    }
    if (ledger.singles.n) {
        qsort(ledger.singles.items, ledger.singles.n,
              sizeof *ledger.singles.items, compare_singles);
    }
    return reached && unite(&ledger, out);
}
