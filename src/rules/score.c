/* SPDX-License-Identifier: MIT */
#include "rules/score.h"

#include "rules/context.h"

/* The whole arithmetic of a verdict, as infscan-rules(5) tells it; the numbers
 * stand in weights.def:
 *
 * 1. A finding is worth its rule's score (0 to 100), times the weight of how
 *    its action is reached. Findings about the whole file weigh 1.0. Fractions
 *    are cut off. What is malicious by itself (critical, or a score that
 *    makes the verdict) is not lowered where a section has to be named:
 *    whoever hands the file out names it as well.
 * 2. Each rule counts once, with the finding of it that is worth most;
 *    repetitions add nothing.
 * 3. In a file of an honest shape, info, low and medium findings about actions
 *    are worth less, but never nothing. High and critical ones stay.
 * 4. The rules of one theme together add at most its cap, but no less than the
 *    heaviest of them alone; the heaviest come first.
 * 5. By severity, the points are added up under caps: info and low together,
 *    and with medium. Small things never add up to suspicious, nor dubious
 *    ones to malicious. High and critical have no cap, but where no launcher
 *    gets there by itself they count among the medium: code that waits to be
 *    called is suspicious, unless one finding alone is worth more.
 * 6. A critical finding that a launcher reaches lifts the points to malicious,
 *    a limit that was hit to suspicious: what could not be seen is never clean.
 *
 * A finding's own share, `score`, is what it was worth under rules 1 to 4;
 * 0 for a repetition. */

enum weight {
#define WEIGHT(id, value, what) WEIGHT_##id = (value),
#include "rules/weights.def"
#undef WEIGHT
};

#define WEIGHT(id, value, what)
#define THEME(name, cap, reason) {{name, sizeof(name) - 1}, cap},
#define HONEST(trait, percent, reason)
static const struct theme {
    struct str name;
    uint32_t cap;
} themes[] = {
#include "rules/weights.def"
};
#undef THEME
#undef HONEST
#define THEME(name, cap, reason)
#define HONEST(trait, percent, reason) {"shape:" trait, percent},
static const struct honest {
    const char *word;
    uint32_t percent;
} honest_shapes[] = {
#include "rules/weights.def"
};
#undef HONEST
#undef THEME
#undef WEIGHT

/* Telling more rules than these apart tells nobody anything. */
#define MAX_DECISIVE 32

/* What one rule brings. */
struct share {
    struct finding *finding;
    uint32_t points; /* under rules 1 to 3 */
    bool is_reached; /* by a launcher, without being told a section */
    bool is_left_out;
    uint32_t theme; /* the first share of its theme */
    uint32_t taken; /* of the theme's cap; kept in that share */
};

struct tally {
    VEC(struct share) shares; /* heaviest first */
    const struct install *install;
    const struct honest *honest; /* NULL: no such shape */
    bool has_limit;
    bool is_limit_left_out;
};

/* Whether a finding is malicious by itself. */
static bool stands_alone(const struct finding *finding)
{
    const struct infscan_rule *rule = &finding->rule->info;

    return rule->severity == INFSCAN_CRITICAL ||
           rule->score >= WEIGHT_MALICIOUS;
}

static bool is_launcher_reached(const struct finding *finding,
                                const struct install *install)
{
    enum reach reach;

    if (finding->action >= install->n_actions) {
        return true;
    }
    reach = install->actions[finding->action].reach;
    return reach == REACH_LAUNCHER ||
           (reach == REACH_NAMED && stands_alone(finding));
}

static uint32_t reach_percent(const struct finding *finding,
                              const struct findings *findings,
                              const struct install *install)
{
    if (finding->action >= install->n_actions) {
        return WEIGHT_REACH_LAUNCHER;
    }
    switch (install->actions[finding->action].reach) {
    case REACH_LAUNCHER:
        return findings->launchers && launchers_need_administrator(
                                          findings->launchers[finding->action])
                   ? WEIGHT_REACH_ADMINISTRATOR
                   : WEIGHT_REACH_LAUNCHER;
    case REACH_NAMED:
        return stands_alone(finding) ? WEIGHT_REACH_LAUNCHER
                                     : WEIGHT_REACH_NAMED;
    case REACH_REMOVAL:
        return WEIGHT_REACH_REMOVAL;
    case REACH_NONE:
        return WEIGHT_REACH_NONE;
    }
    return WEIGHT_REACH_LAUNCHER;
}

static uint32_t theme_cap(struct str theme)
{
    for (size_t i = 0; i < sizeof themes / sizeof themes[0]; i++) {
        if (str_equal(themes[i].name, theme)) {
            return themes[i].cap;
        }
    }
    return WEIGHT_THEME_CAP;
}

/* The part of a rule's id before its first dot. */
static struct str theme_of(const struct share *share)
{
    struct str id = str_from(share->finding->rule->info.id);

    return str_sub(id, 0, str_find_char(id, '.', 0));
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Points by what caps them. */
struct sums {
    uint32_t low;
    uint32_t medium;
    uint32_t high;
    uint32_t heaviest; /* serious one that no launcher gets to by itself */
    uint32_t floor;    /* rule 6 */
};

static void add(struct sums *sums, const struct share *share, uint32_t points)
{
    enum infscan_severity severity = share->finding->rule->info.severity;

    if (severity == INFSCAN_CRITICAL && share->is_reached) {
        sums->floor = WEIGHT_MALICIOUS;
    }
    switch (severity) {
    case INFSCAN_INFO:
    case INFSCAN_LOW:
        sums->low += points;
        break;
    case INFSCAN_MEDIUM:
        sums->medium += points;
        break;
    case INFSCAN_HIGH:
    case INFSCAN_CRITICAL:
        if (share->is_reached) {
            sums->high += points;
            break;
        }
        sums->medium += points;
        if (points > sums->heaviest) {
            sums->heaviest = points;
        }
        break;
    }
}

/* What the caps leave. */
static uint32_t add_up(const struct sums *sums)
{
    uint32_t points = least(sums->low, WEIGHT_LOW_CAP);

    points = least(points + sums->medium, WEIGHT_MEDIUM_CAP);
    if (points < sums->heaviest) {
        points = sums->heaviest;
    }
    points = least(points + sums->high, WEIGHT_MAX);
    return points < sums->floor ? sums->floor : points;
}

/* What rule 4 leaves of a share. */
static uint32_t take(struct tally *tally, const struct share *share)
{
    struct share *first = &tally->shares.items[share->theme];
    uint32_t cap = theme_cap(theme_of(share));
    uint32_t room = (cap > first->points ? cap : first->points) - first->taken;
    uint32_t points = least(share->points, room);

    first->taken += points;
    return points;
}

/* Rules 4 to 6 over the shares that are not left out. */
static uint32_t judge(struct tally *tally, bool is_final)
{
    struct sums sums = {0};

    for (uint32_t i = 0; i < tally->shares.n; i++) {
        tally->shares.items[i].taken = 0;
    }
    if (tally->has_limit && !tally->is_limit_left_out) {
        sums.floor = WEIGHT_SUSPICIOUS;
    }
    for (uint32_t i = 0; i < tally->shares.n; i++) {
        const struct share *share = &tally->shares.items[i];
        if (share->is_left_out) {
            continue;
        }
        uint32_t points = take(tally, share);
        add(&sums, share, points);
        if (is_final) {
            share->finding->score = points;
        }
    }
    return add_up(&sums);
}

static enum infscan_verdict verdict_of(uint32_t points)
{
    return points >= WEIGHT_MALICIOUS
               ? INFSCAN_MALICIOUS
               : (points >= WEIGHT_SUSPICIOUS ? INFSCAN_SUSPICIOUS
                                              : INFSCAN_CLEAN);
}

static int compare_shares(const void *left, const void *right)
{
    const struct share *a = left;
    const struct share *b = right;

    if (a->points != b->points) {
        return a->points < b->points ? 1 : -1;
    }
    return strcmp(a->finding->rule->info.id, b->finding->rule->info.id);
}

static const struct honest *find_honest(const struct install *install)
{
    const struct context context = {.install = install,
                                    .action = INFSCAN_NO_INDEX};
    const struct honest *best = NULL;

    for (size_t i = 0; i < sizeof honest_shapes / sizeof honest_shapes[0];
         i++) {
        const struct honest *shape = &honest_shapes[i];
        if (context_has(&context, str_from(shape->word)) &&
            (!best || shape->percent < best->percent)) {
            best = shape;
        }
    }
    return best;
}

/* Rules 1 to 3. */
static bool take_share(struct arena *arena, struct tally *tally,
                       const struct findings *findings, struct finding *finding)
{
    const struct infscan_rule *rule = &finding->rule->info;
    uint32_t percent = reach_percent(finding, findings, tally->install);
    struct share share = {.finding = finding,
                          .points = rule->score * percent / 100,
                          .is_reached =
                              is_launcher_reached(finding, tally->install)};

    finding->score = 0;
    if (finding->repeated) {
        return true;
    }
    if (tally->honest && rule->severity <= INFSCAN_MEDIUM && share.points &&
        finding->action < tally->install->n_actions) {
        share.points = share.points * tally->honest->percent / 100;
        share.points += !share.points;
    }
    return VEC_PUSH(arena, &tally->shares, share);
}

/* Whether the verdict gets better without what is left out. */
static bool is_better(struct tally *tally, enum infscan_verdict verdict)
{
    return verdict_of(judge(tally, false)) < verdict;
}

/* Leaves shares out, those that lift the points first, until the verdict gets
 * better. false: it does not, or too late to tell anybody anything. */
static bool leave_out(struct tally *tally, enum infscan_verdict verdict)
{
    uint32_t n = 0;

    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < tally->shares.n && n < MAX_DECISIVE; i++) {
            struct share *share = &tally->shares.items[i];
            bool lifts =
                share->is_reached &&
                share->finding->rule->info.severity == INFSCAN_CRITICAL;
            if (lifts != (pass == 0) || share->is_left_out) {
                continue;
            }
            share->is_left_out = true;
            n++;
            if (is_better(tally, verdict)) {
                return true;
            }
        }
    }
    tally->is_limit_left_out = tally->has_limit;
    return is_better(tally, verdict);
}

/* Takes back what need not have been left out. */
static void take_back(struct tally *tally, enum infscan_verdict verdict)
{
    for (uint32_t i = tally->shares.n; i-- > 0;) {
        struct share *share = &tally->shares.items[i];
        if (share->is_left_out) {
            share->is_left_out = false;
            share->is_left_out = !is_better(tally, verdict);
        }
    }
}

static bool find_decisive(struct arena *arena, struct tally *tally,
                          struct score *out)
{
    VEC(const char *) ids = {0};

    if (out->verdict != INFSCAN_CLEAN && leave_out(tally, out->verdict)) {
        take_back(tally, out->verdict);
        out->otherwise = verdict_of(judge(tally, false));
        for (uint32_t i = 0; i < tally->shares.n; i++) {
            const struct share *share = &tally->shares.items[i];
            if (share->is_left_out &&
                !VEC_PUSH(arena, &ids, share->finding->rule->info.id)) {
                return false;
            }
        }
        if (tally->is_limit_left_out &&
            !VEC_PUSH(arena, &ids, "infscan.limit")) {
            return false;
        }
    }
    if (!VEC_PUSH(arena, &ids, NULL)) {
        return false;
    }
    out->decisive = ids.items;
    return true;
}

static void sort_shares(struct tally *tally)
{
    struct share *shares = tally->shares.items;

    if (tally->shares.n) {
        qsort(shares, tally->shares.n, sizeof *shares, compare_shares);
    }
    for (uint32_t i = 0; i < tally->shares.n; i++) {
        while (!str_equal(theme_of(&shares[shares[i].theme]),
                          theme_of(&shares[i]))) {
            shares[i].theme++;
        }
    }
}

static void set_points(struct score *out, uint32_t points)
{
    static const uint32_t least_points[] = {
        [INFSCAN_CLEAN] = 0,
        [INFSCAN_SUSPICIOUS] = WEIGHT_SUSPICIOUS,
        [INFSCAN_MALICIOUS] = WEIGHT_MALICIOUS};

    out->points = points;
    out->verdict = out->otherwise = verdict_of(points);
    out->margin = points - least_points[out->verdict];
    out->missing = out->verdict == INFSCAN_MALICIOUS
                       ? 0
                       : least_points[out->verdict + 1] - points;
}

enum infscan_status score_findings(struct arena *arena,
                                   struct findings *findings,
                                   const struct install *install,
                                   limit_set limits, struct score *out)
{
    static const char *const none[] = {NULL};
    struct tally tally = {.install = install,
                          .honest = find_honest(install),
                          .has_limit = limits != 0};
    bool ok = true;

    for (uint32_t i = 0; i < findings->n; i++) {
        struct finding *finding = &findings->items[i];
        if (finding->rule) {
            ok = take_share(arena, &tally, findings, finding) && ok;
        } else { /* of a limit */
            finding->score = WEIGHT_SUSPICIOUS;
        }
    }
    sort_shares(&tally);
    *out = (struct score){.decisive = none};
    set_points(out, judge(&tally, true));
    out->honest =
        tally.honest ? tally.honest->word + sizeof "shape:" - 1 : NULL;
    ok = find_decisive(arena, &tally, out) && ok;
    return ok ? INFSCAN_OK : INFSCAN_NO_MEMORY;
}
