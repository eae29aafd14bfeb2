/* SPDX-License-Identifier: MIT */
#include "rules/score.h"

/* The whole arithmetic of a verdict, as infscan-rules(5) tells it:
 *
 * 1. A finding is worth its rule's score (0 to 100), times the weight of how
 *    its action is reached:
 *        by a launcher that is told no section   1.0
 *        only by naming a section                0.7
 *        only by an uninstallation               0.7
 *        by nothing at all                       0.5
 *    Findings about the whole file weigh 1.0. Fractions are cut off.
 * 2. Each rule counts once, with the finding of it that is worth most;
 *    repetitions add nothing.
 * 3. By severity, the points are added up under caps: info and low together
 *    give at most 25, with medium at most 65. Small things never add up to
 *    suspicious, nor dubious ones to malicious. High and critical have no cap,
 *    but where no launcher gets there by itself (weights below 1.0) they count
 *    among the medium: code that waits to be called is suspicious, unless one
 *    finding alone is worth more.
 * 4. The points are 100 at most. 70 are malicious, 30 suspicious.
 * 5. A critical finding that a launcher reaches lifts the points to 70, a limit
 *    that was hit to 30: what could not be seen is never clean.
 *
 * A finding's own share, `score`, is what it was worth under rules 1 and 2;
 * 0 for a repetition. */

#define MAX_POINTS 100
#define MALICIOUS_POINTS 70
#define SUSPICIOUS_POINTS 30
#define LOW_CAP 25
#define MEDIUM_CAP 65

static uint32_t reach_percent(enum reach reach)
{
    switch (reach) {
    case REACH_LAUNCHER:
        return 100;
    case REACH_NAMED:
    case REACH_REMOVAL:
        return 70;
    case REACH_NONE:
        return 50;
    }
    return 100;
}

static uint32_t finding_percent(const struct finding *finding,
                                const struct install *install)
{
    return finding->action < install->n_actions
               ? reach_percent(install->actions[finding->action].reach)
               : 100;
}

static uint32_t capped(uint32_t points, uint32_t cap)
{
    return points < cap ? points : cap;
}

/* Points by what caps them. */
struct sums {
    uint32_t low;
    uint32_t medium;
    uint32_t high;
    uint32_t heaviest; /* serious one that no launcher gets to by itself */
};

static void add(struct sums *sums, enum infscan_severity severity,
                uint32_t percent, uint32_t points)
{
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
        if (percent == 100) {
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
    uint32_t points = capped(sums->low, LOW_CAP);

    points = capped(points + sums->medium, MEDIUM_CAP);
    if (points < sums->heaviest) {
        points = sums->heaviest;
    }
    return capped(points + sums->high, MAX_POINTS);
}

struct score score_findings(struct findings *findings,
                            const struct install *install, limit_set limits)
{
    struct sums sums = {0};
    uint32_t least = limits ? SUSPICIOUS_POINTS : 0;
    struct score out;

    for (uint32_t i = 0; i < findings->n; i++) {
        struct finding *finding = &findings->items[i];
        if (!finding->rule) { /* of a limit */
            finding->score = SUSPICIOUS_POINTS;
            continue;
        }
        const struct infscan_rule *rule = &finding->rule->info;
        uint32_t percent = finding_percent(finding, install);
        finding->score = finding->repeated ? 0 : rule->score * percent / 100;
        add(&sums, rule->severity, percent, finding->score);
        if (rule->severity == INFSCAN_CRITICAL && percent == 100) {
            least = MALICIOUS_POINTS;
        }
    }
    out.points = add_up(&sums);
    if (out.points < least) {
        out.points = least;
    }
    out.verdict = out.points >= MALICIOUS_POINTS
                      ? INFSCAN_MALICIOUS
                      : (out.points >= SUSPICIOUS_POINTS ? INFSCAN_SUSPICIOUS
                                                         : INFSCAN_CLEAN);
    return out;
}
