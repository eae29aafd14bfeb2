/* SPDX-License-Identifier: MIT */
#include "scan/publish.h"

/* Names of the launchers that are bits of a set. */
static const char *const *names_of(struct analysis *analysis, uint32_t set)
{
    const char **names = PUBLISH_LIST(analysis, const char *, N_LAUNCHERS + 1);
    size_t n = 0;

    for (unsigned i = 0; names && i < N_LAUNCHERS; i++) {
        if (set >> i & 1u) {
            names[n++] = launcher_name((enum launcher_id)i);
        }
    }
    if (names) {
        names[n] = NULL;
    }
    return names;
}

bool publish_effects(struct analysis *analysis)
{
    const struct install *install = &analysis->install;
    struct effects effects;

    if (!analysis->scanner->effects) {
        return true;
    }
    if (!effects_list(analysis->arena, install, &effects)) {
        return false;
    }
    struct infscan_effect *out =
        PUBLISH_LIST(analysis, struct infscan_effect, effects.n);
    for (uint32_t i = 0; out && i < effects.n; i++) {
        const struct effect *effect = &effects.items[i];
        const struct action *first = &install->actions[effect->actions[0]];
        bool is_known =
            i && effects.items[i - 1].launchers == effect->launchers;
        out[i] = (struct infscan_effect){
            .kind = effect_kind_name(effect->kind),
            .target = publish_view(effect->target),
            .name = publish_view(effect->name),
            .detail = publish_view(effect->detail),
            .type = publish_view(effect->type),
            .flags = publish_view(effect->flags),
            .autostart = effect->autostart,
            .launchers = is_known ? out[i - 1].launchers
                                  : names_of(analysis, effect->launchers),
            .targets = effect->targets,
            .actions = effect->actions,
            .n_actions = effect->n_actions,
            .place = publish_place(analysis, first->place),
        };
        if (!out[i].launchers) {
            return false;
        }
    }
    uint32_t n_runs = 0;
    while (n_runs < effects.n &&
           effects.items[n_runs].kind < EFFECT_FIRST_TO_REMAIN) {
        n_runs++;
    }
    analysis->result->has_outcomes = true;
    analysis->result->outcomes = effects;
    analysis->result->views = out;
    analysis->result->effects = out ? out + n_runs : NULL;
    analysis->result->n_effects = effects.n - n_runs;
    return out != NULL;
}
