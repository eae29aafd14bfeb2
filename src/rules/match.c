/* SPDX-License-Identifier: MIT */
#include "rules/match.h"

#include <time.h>

#include "rules/context.h"
#include "rules/deed.h"
#include "rules/literal.h"
#include "rules/prefilter.h"
#include "rules/regex.h"

/* Room for texts that is kept between files. */
#define KEPT_BYTES ((size_t)1 << 20)

/* Most rules cannot match most texts. One pass over a text tells which can
 * (prefilter.h), and what the patterns of those need (rule.h) is looked for in
 * the text in lower case, before PCRE2 is asked. */
struct folded {
    struct str text; /* what `bytes` is made of; NULL: nothing yet */
    char *bytes;
    size_t len;
    size_t capacity;
};

/* Work of one run. Each match alone is bounded; a file with many commands, or
 * one with many layers, needs a bound on the whole.
 *
 * Texts are matched by fast patterns, which are limited from each place where a
 * match may begin: that is bounded where the text is, and the longer it is the
 * fewer steps each place gets. What needs more, texts longer than LONG_TEXT and
 * everything after FAST_BYTES are matched by counted patterns until RUN_STEPS
 * are spent. What is left out then says LIMIT, which is never clean. */
#define SHORT_TEXT 1024u
#define SHORT_STEPS 50000u
#define LONG_TEXT 16384u
#define LONG_STEPS 2000000u /* all places together */
#define MAX_STARTS 16u      /* literals of one pattern in one text */
#define MAX_PLACES 10000u   /* where a pattern is tried in a long text */
#define PLACE_STEPS 256u    /* for each of them, and for all */
#define PLACES_STEPS (LONG_STEPS / 4)
#define FAST_BYTES UINT64_C(48000000)
#define RUN_STEPS UINT64_C(300000000)

struct work {
    uint64_t bytes; /* left for fast patterns, of text that they are run over */
    uint64_t steps; /* left for counted ones */
};

/* The finding of a rule that weighs most, so far. */
struct best {
    uint32_t finding; /* from 1; 0: none */
    enum reach reach;
};

struct matcher {
    const struct rule_set *rules;
    struct regex **fast;  /* by pattern id; NULL: not compiled yet */
    struct regex **ascii; /* likewise */
    struct regex **counted;
    struct regex_scratch *scratch;
    uint64_t *by_target;        /* by target and position of the rule, bits */
    uint64_t *candidates;       /* by position: those of `wanted` that may match
                                 * `text` */
    const uint64_t *wanted;     /* in by_target */
    struct str text;            /* that was filtered last; NULL: none */
    bool is_ascii;              /* it */
    struct prefilter_seen seen; /* of `folded`, where has_seen says so */
    bool has_seen;
    uint32_t has_target; /* bits: some rule looks at it */
    uint32_t *hits; /* by position of the rule: the last serial it hit under */
    struct best *best;               /* by position of the rule */
    struct infscan_rule_cost *costs; /* likewise; NULL: nobody wants to know */
    uint32_t max_findings;
    uint32_t max_steps;
    struct work work;
    struct folded folded;
};

/* Bitmaps by position in rule_set.rules: the rules that look at each target. */
static bool list_targets(struct matcher *matcher)
{
    const struct rule_set *set = matcher->rules;
    uint32_t n_words = prefilter_words(set->n);

    matcher->by_target =
        calloc((size_t)RULE_N_TARGETS * n_words + 1, sizeof(uint64_t));
    matcher->candidates = calloc((size_t)n_words + 1, sizeof(uint64_t));
    if (!matcher->by_target || !matcher->candidates) {
        return false;
    }
    for (uint32_t i = 0; i < set->n; i++) {
        for (unsigned target = 0; target < RULE_N_TARGETS; target++) {
            uint64_t bit = (set->rules[i]->targets >> target) & 1u;
            matcher->by_target[target * n_words + i / 64] |= bit << i % 64;
            matcher->has_target |= (uint32_t)bit << target;
        }
    }
    return true;
}

struct matcher *matcher_new(const struct rule_set *rules,
                            const struct limits *limits)
{
    struct matcher *matcher = calloc(1, sizeof *matcher);

    if (!matcher) {
        return NULL;
    }
    matcher->rules = rules;
    matcher->max_findings = (uint32_t)limits->value[LIMIT_findings];
    matcher->max_steps = (uint32_t)limits->value[LIMIT_regex_match];
    matcher->scratch =
        regex_scratch_new((uint32_t)limits->value[LIMIT_regex_depth]);
    matcher->fast =
        calloc((size_t)rules->n_patterns + 1, sizeof *matcher->fast);
    matcher->ascii =
        calloc((size_t)rules->n_patterns + 1, sizeof *matcher->ascii);
    matcher->counted =
        calloc((size_t)rules->n_patterns + 1, sizeof *matcher->counted);
    matcher->hits = calloc((size_t)rules->n + 1, sizeof *matcher->hits);
    matcher->best = calloc((size_t)rules->n + 1, sizeof *matcher->best);
    bool ok = matcher->scratch && matcher->fast && matcher->ascii &&
              matcher->counted && matcher->hits && matcher->best;
    if (!ok || !list_targets(matcher)) {
        matcher_free(matcher);
        return NULL;
    }
    return matcher;
}

static void free_cache(struct regex **cache, uint32_t n)
{
    for (uint32_t i = 0; cache && i < n; i++) {
        regex_free(cache[i]);
    }
    free(cache);
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher) {
        return;
    }
    free_cache(matcher->fast, matcher->rules->n_patterns);
    free_cache(matcher->ascii, matcher->rules->n_patterns);
    free_cache(matcher->counted, matcher->rules->n_patterns);
    free(matcher->by_target);
    free(matcher->candidates);
    free(matcher->hits);
    free(matcher->best);
    free(matcher->costs);
    free(matcher->folded.bytes);
    regex_scratch_free(matcher->scratch);
    free(matcher);
}

bool matcher_measure(struct matcher *matcher)
{
    if (!matcher->costs) {
        matcher->costs =
            calloc((size_t)matcher->rules->n + 1, sizeof *matcher->costs);
    }
    return matcher->costs != NULL;
}

struct infscan_rule_cost matcher_cost(const struct matcher *matcher,
                                      size_t position)
{
    static const struct infscan_rule_cost nothing;

    return matcher->costs && position < matcher->rules->n
               ? matcher->costs[position]
               : nothing;
}

/* For costs alone: nothing that a result holds depends on it. */
static uint64_t nanoseconds(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static bool fold(struct folded *folded, struct str text)
{
    if (folded->text.bytes == text.bytes && folded->text.len == text.len) {
        return true;
    }
    if (text.len > folded->capacity) {
        char *larger = realloc(folded->bytes, text.len);
        if (!larger) {
            return false;
        }
        folded->bytes = larger;
        folded->capacity = text.len;
    }
    folded->len = literal_fold(text, folded->bytes);
    folded->text = text;
    return true;
}

/* The room of an unusually long text is not kept for the next file. */
static void forget_long(struct folded *folded)
{
    if (folded->capacity > KEPT_BYTES) {
        free(folded->bytes);
        *folded = (struct folded){0};
    }
}

/* What the folded text is made of. Most texts have no rule that asks. */
static void look(struct matcher *matcher, struct str text)
{
    if (!matcher->has_seen) {
        prefilter_look(text, &matcher->seen);
        matcher->has_seen = true;
    }
}

/* Whether a text holds what a pattern needs. A literal whose windows the text
 * has is looked for, since others may have them as well. */
static bool may_match(struct matcher *matcher, const struct pattern *pattern)
{
    struct str text = str_of(matcher->folded.bytes, matcher->folded.len);
    bool is_met = false; /* the group */

    look(matcher, text);
    for (const char *p = pattern->needs; *p; p++) {
        if (*p == NEEDS_GROUP_END) {
            if (!is_met) {
                return false;
            }
            is_met = false;
            continue;
        }
        struct str literal = str_of(p + 1, (size_t)*p);
        is_met = is_met || (prefilter_may_hold(&matcher->seen, literal) &&
                            str_find(text, literal, 0) != STR_NONE);
        p += literal.len;
    }
    return true;
}

struct range {
    size_t at, len;
};

/* The keys `when` and `unless`. */
static bool fits_context(const struct rule *rule, const struct context *context)
{
    for (size_t i = 0; rule->when[i]; i++) {
        if (!context_has(context, str_from(rule->when[i]))) {
            return false;
        }
    }
    for (size_t i = 0; rule->unless[i]; i++) {
        if (context_has(context, str_from(rule->unless[i]))) {
            return false;
        }
    }
    return true;
}

/* Compiled when first needed. NULL when memory ran out: the loader has compiled
 * every pattern before. */
static const struct regex *get_regex(struct regex **cache,
                                     const struct pattern *pattern,
                                     enum regex_mode mode)
{
    struct regex_error error;

    if (!cache[pattern->id]) {
        cache[pattern->id] =
            regex_compile(str_from(pattern->regex), mode, &error);
    }
    return cache[pattern->id];
}

static enum regex_result match_counted(struct matcher *matcher,
                                       const struct pattern *pattern,
                                       struct str text, struct range *out)
{
    struct work *work = &matcher->work;
    uint32_t max_steps = work->steps < matcher->max_steps
                             ? (uint32_t)work->steps
                             : matcher->max_steps;

    if (!max_steps) {
        return REGEX_LIMIT;
    }
    const struct regex *regex =
        get_regex(matcher->counted, pattern, REGEX_COUNTED);
    if (!regex) {
        return REGEX_NO_MEMORY;
    }
    enum regex_result result = regex_match(regex, matcher->scratch, text,
                                           max_steps, &out->at, &out->len);
    uint32_t steps = regex_steps(matcher->scratch);
    work->steps -= steps < work->steps ? steps : work->steps;
    return result;
}

/* Steps that a fast pattern may take from one place of a text. */
static uint32_t steps_for(const struct matcher *matcher, struct str text)
{
    uint32_t steps =
        text.len <= SHORT_TEXT ? SHORT_STEPS : LONG_STEPS / (uint32_t)text.len;

    return steps < matcher->max_steps ? steps : matcher->max_steps;
}

/* The literals that a pattern's matches begin with, in the order of the text.
 */
struct starts {
    struct str text; /* in lower case */
    struct {
        struct str literal;
        size_t at; /* the next place; STR_NONE: no more */
    } items[MAX_STARTS];
    uint32_t n;
    uint32_t share;    /* of steps for the first place, half for the next; */
    uint32_t least;    /* but not less than these */
    uint32_t n_places; /* that were tried */
    uint32_t max_places;
};

/* false when the text has too many of them. */
static bool find_starts(const struct matcher *matcher,
                        const struct pattern *pattern, struct starts *out)
{
    *out = (struct starts){
        .text = str_of(matcher->folded.bytes, matcher->folded.len)};
    for (const char *p = pattern->starts; *p; p += *p + 1) {
        struct str literal = str_of(p + 1, (size_t)*p);
        if (!prefilter_may_hold(&matcher->seen, literal)) {
            continue;
        }
        size_t at = str_find(out->text, literal, 0);
        if (at == STR_NONE) {
            continue;
        }
        if (out->n == MAX_STARTS) {
            return false;
        }
        out->items[out->n].literal = literal;
        out->items[out->n++].at = at;
    }
    return true;
}

/* The next place, each once; STR_NONE: no more. */
static size_t next_start(struct starts *starts)
{
    size_t least = STR_NONE;

    for (uint32_t i = 0; i < starts->n; i++) {
        if (starts->items[i].at < least) {
            least = starts->items[i].at;
        }
    }
    for (uint32_t i = 0; i < starts->n && least != STR_NONE; i++) {
        if (starts->items[i].at == least) {
            starts->items[i].at =
                str_find(starts->text, starts->items[i].literal, least + 1);
        }
    }
    return least;
}

/* The first place where a match may begin whose literal is at `at`. */
static size_t first_place(struct str text, size_t at, uint32_t back)
{
    while (at && (back || literal_is_loose(text.bytes[at - 1]))) {
        at--;
        back -= back && !literal_is_loose(text.bytes[at]);
    }
    return at;
}

/* The first places may take more than the others: half of what is left each,
 * so that all together stay within a bound. */
static uint32_t steps_at(const struct matcher *matcher,
                         const struct starts *starts)
{
    uint32_t most =
        starts->share < matcher->max_steps ? starts->share : matcher->max_steps;

    return most > starts->least ? most : starts->least;
}

/* Tries the places where a match may begin, and no other. */
static enum regex_result match_at_starts(struct matcher *matcher,
                                         const struct pattern *pattern,
                                         struct starts *starts, struct str text,
                                         struct range *out)
{
    const struct regex *regex = get_regex(matcher->ascii, pattern, REGEX_ASCII);
    size_t from = 0;
    size_t until = text.len + 1;
    size_t at;

    if (!regex) {
        return REGEX_NO_MEMORY;
    }
    while ((at = next_start(starts)) != STR_NONE) {
        size_t first = first_place(text, at, pattern->back);
        from = from < first ? first : from;
        for (; from <= at; from++) {
            if (from >= until) {
                return REGEX_NO_MATCH;
            }
            if (starts->n_places++ == starts->max_places) {
                return REGEX_LIMIT;
            }
            starts->share /= 2;
            enum regex_result result = regex_match_here(
                regex, matcher->scratch, text, from, &until,
                steps_at(matcher, starts), &out->at, &out->len);
            if (result != REGEX_NO_MATCH) {
                return result;
            }
        }
    }
    return REGEX_NO_MATCH;
}

/* Once from everywhere. */
static enum regex_result match_fast(struct matcher *matcher,
                                    const struct pattern *pattern,
                                    struct str text, struct range *out)
{
    struct starts starts;

    if (matcher->is_ascii && *pattern->starts &&
        find_starts(matcher, pattern, &starts)) {
        starts.share = LONG_STEPS;
        starts.least = steps_for(matcher, text);
        starts.max_places = UINT32_MAX;
        return match_at_starts(matcher, pattern, &starts, text, out);
    }
    const struct regex *regex = get_regex(matcher->fast, pattern, REGEX_FAST);
    return regex ? regex_match(regex, matcher->scratch, text,
                               steps_for(matcher, text), &out->at, &out->len)
                 : REGEX_NO_MEMORY;
}

/* A long text: where a match may begin at a few places only, these, within a
 * part of what is left for counted patterns; else all of it is counted. */
static enum regex_result match_long(struct matcher *matcher,
                                    const struct pattern *pattern,
                                    struct str text, struct range *out)
{
    uint64_t *steps = &matcher->work.steps;
    enum regex_result result = REGEX_LIMIT;
    struct starts starts;

    if (matcher->is_ascii && *pattern->starts && *steps >= PLACES_STEPS &&
        find_starts(matcher, pattern, &starts)) {
        starts.share = PLACES_STEPS / 2;
        starts.least = PLACE_STEPS;
        starts.max_places = MAX_PLACES;
        result = match_at_starts(matcher, pattern, &starts, text, out);
        uint64_t price = (starts.n_places ? PLACES_STEPS : 0) +
                         (uint64_t)PLACE_STEPS * starts.n_places;
        *steps -= price < *steps ? price : *steps;
    }
    return result == REGEX_LIMIT ? match_counted(matcher, pattern, text, out)
                                 : result;
}

static enum regex_result match_pattern(struct matcher *matcher,
                                       const struct pattern *pattern,
                                       struct str text, struct range *out)
{
    struct work *work = &matcher->work;

    if (!fold(&matcher->folded, text)) {
        return REGEX_NO_MEMORY;
    }
    if (!may_match(matcher, pattern)) {
        return REGEX_NO_MATCH;
    }
    /* A long text is paid for as all that each place of it may cost. */
    uint64_t price = text.len * (1 + text.len / SHORT_TEXT);
    if (text.len > LONG_TEXT || work->bytes < price) {
        return match_long(matcher, pattern, text, out);
    }
    work->bytes -= price;
    enum regex_result result = match_fast(matcher, pattern, text, out);
    return result == REGEX_LIMIT ? match_counted(matcher, pattern, text, out)
                                 : result;
}

/* MATCH when one of the list matches, else LIMIT when one of it gave up. */
static enum regex_result match_any(struct matcher *matcher,
                                   const struct pattern_list *list,
                                   struct str text, struct range *out)
{
    enum regex_result result = REGEX_NO_MATCH;

    for (uint32_t i = 0; i < list->n; i++) {
        enum regex_result one =
            match_pattern(matcher, &list->items[i], text, out);
        if (one == REGEX_MATCH || one == REGEX_NO_MEMORY) {
            return one;
        }
        if (one == REGEX_LIMIT) {
            result = one;
        }
    }
    return result;
}

/* Whether a text holds what all of a rule's patterns need, before the first of
 * them is matched. */
static bool may_match_rule(struct matcher *matcher, const struct rule *rule)
{
    bool may_any = !rule->any.n;

    for (uint32_t i = 0; i < rule->all.n; i++) {
        if (!may_match(matcher, &rule->all.items[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rule->any.n && !may_any; i++) {
        may_any = may_match(matcher, &rule->any.items[i]);
    }
    return may_any;
}

static enum regex_result match_rule(struct matcher *matcher,
                                    const struct rule *rule, struct str text,
                                    struct range *out)
{
    struct range other = {0, 0};
    enum regex_result result;

    if (!fold(&matcher->folded, text)) {
        return REGEX_NO_MEMORY;
    }
    if (!may_match_rule(matcher, rule)) {
        return REGEX_NO_MATCH;
    }
    for (uint32_t i = 0; i < rule->all.n; i++) {
        result =
            match_pattern(matcher, &rule->all.items[i], text, i ? &other : out);
        if (result != REGEX_MATCH) {
            return result;
        }
    }
    if (rule->any.n) {
        result =
            match_any(matcher, &rule->any, text, rule->all.n ? &other : out);
        if (result != REGEX_MATCH) {
            return result;
        }
    }
    result = match_any(matcher, &rule->none, text, &other);
    return result == REGEX_NO_MATCH
               ? REGEX_MATCH
               : (result == REGEX_MATCH ? REGEX_NO_MATCH : result);
}

int match_text(struct matcher *matcher, const struct rule *rule,
               struct str text)
{
    struct range range;
    struct context context = {.words = STR("")};
    size_t mark = str_find(text, STR(" @@ "), 0);

    if (mark != STR_NONE) {
        context.words = str_sub(text, mark + 4, text.len - mark - 4);
        text = str_sub(text, 0, mark);
    }
    if (!fits_context(rule, &context)) {
        return 0;
    }
    matcher->work = (struct work){FAST_BYTES, RUN_STEPS};
    matcher->text = str_of(NULL, 0);
    matcher->folded.text = str_of(NULL, 0);
    matcher->has_seen = false;
    matcher->is_ascii = regex_is_ascii(text);
    enum regex_result result = match_rule(matcher, rule, text, &range);
    return result == REGEX_MATCH ? 1 : (result == REGEX_NO_MATCH ? 0 : -1);
}

/* One run over one install. */
struct run {
    struct matcher *matcher;
    struct arena *arena;
    const struct install *install;
    const uint32_t *launchers; /* see context.h */
    struct findings *out;
    limit_set *limits;
    bool no_memory;
};

/* A text that rules look at, and what a finding in it says. */
struct subject {
    struct slice text;
    struct slice evidence; /* NONE: the match itself */
    uint32_t action;
    uint32_t layer;
    uint32_t serial; /* a rule hits only once under one serial */
    enum reach reach;
};

static bool fits_subject(const struct run *run, const struct rule *rule,
                         const struct subject *subject)
{
    const struct context context = {.install = run->install,
                                    .launchers = run->launchers,
                                    .action = subject->action};

    return fits_context(rule, &context);
}

/* Past the limit only what could change the score is still taken, so that no
 * flood of small findings hides a large one. */
static void add_finding(struct run *run, uint32_t position,
                        const struct subject *subject, struct range range)
{
    struct best *best = &run->matcher->best[position];
    bool is_news = !best->finding || subject->reach < best->reach;
    struct finding finding = {
        .rule = run->matcher->rules->rules[position],
        .action = subject->action,
        .layer = subject->layer,
        .match = subject->evidence.text
                     ? subject->evidence
                     : slice_sub(subject->text, range.at, range.len),
        .repeated = !is_news,
    };

    if (run->out->n >= run->matcher->max_findings && !is_news) {
        limit_hit(run->limits, LIMIT_findings);
        return;
    }
    if (!VEC_PUSH(run->arena, run->out, finding)) {
        run->no_memory = true;
        return;
    }
    if (is_news) {
        if (best->finding) {
            run->out->items[best->finding - 1].repeated = true;
        }
        *best = (struct best){run->out->n, subject->reach};
    }
}

/* Those of the wanted rules that may match a text. false when memory ran out.
 */
static bool find_candidates(struct matcher *matcher, struct str text,
                            const uint64_t *wanted)
{
    const struct prefilter *filter = matcher->rules->filter;
    uint32_t n_words = prefilter_words(matcher->rules->n);
    bool is_same = text.len && matcher->text.bytes == text.bytes &&
                   matcher->text.len == text.len;

    if (is_same && matcher->wanted == wanted) {
        return true;
    }
    if (!is_same) {
        matcher->folded.text = str_of(NULL, 0);
        matcher->has_seen = false;
    }
    matcher->text = text;
    matcher->wanted = wanted;
    memcpy(matcher->candidates, filter->always, n_words * sizeof(uint64_t));
    matcher->is_ascii =
        prefilter_run(filter, text, wanted, matcher->candidates);
    if (matcher->is_ascii) {
        return true;
    }
    if (!fold(&matcher->folded, text)) {
        matcher->text = str_of(NULL, 0);
        return false;
    }
    prefilter_run(filter, str_of(matcher->folded.bytes, matcher->folded.len),
                  wanted, matcher->candidates);
    return true;
}

static void match_one(struct run *run, const struct subject *subject,
                      uint32_t position)
{
    struct matcher *matcher = run->matcher;
    const struct rule *rule = matcher->rules->rules[position];
    struct range range = {0, 0};

    if (matcher->hits[position] == subject->serial) {
        return;
    }
    uint64_t start = matcher->costs ? nanoseconds() : 0;
    enum regex_result result =
        match_rule(matcher, rule, slice_str(subject->text), &range);
    if (matcher->costs) {
        matcher->costs[position].texts++;
        matcher->costs[position].nanoseconds += nanoseconds() - start;
    }
    switch (result) {
    case REGEX_MATCH:
        if (fits_subject(run, rule, subject)) {
            matcher->hits[position] = subject->serial;
            add_finding(run, position, subject, range);
        }
        break;
    case REGEX_LIMIT:
        limit_hit(run->limits, LIMIT_regex_match);
        break;
    case REGEX_NO_MEMORY:
        run->no_memory = true;
        break;
    case REGEX_NO_MATCH:
        break;
    }
}

/* Every rule of one target over one text. */
static void match_subject(struct run *run, const struct subject *subject,
                          unsigned target)
{
    struct matcher *matcher = run->matcher;
    uint32_t n_words = prefilter_words(matcher->rules->n);
    const uint64_t *wanted = matcher->by_target + (size_t)target * n_words;
    struct str text = slice_str(subject->text);

    if (!(matcher->has_target >> target & 1) || !text.len || run->no_memory) {
        return;
    }
    if (arena_is_late(run->arena) || !find_candidates(matcher, text, wanted)) {
        run->no_memory = true;
        return;
    }
    for (uint32_t word = 0; word < n_words; word++) {
        uint64_t bits = matcher->candidates[word] & wanted[word];
        for (uint32_t i = word * 64; bits && !run->no_memory; i++, bits >>= 1) {
            if (bits & 1) {
                match_one(run, subject, i);
            }
        }
    }
}

/* Whether a text is the command or a layer of it over again. */
static bool is_known(const struct action *action, struct str text)
{
    bool is_known = str_equal(slice_str(action->command), text);

    for (uint32_t i = 0; i < action->peeled.n_layers && !is_known; i++) {
        is_known = str_equal(slice_str(action->peeled.layers[i].text), text);
    }
    return is_known;
}

/* A command or a layer of it, and what it does that a line of an INF could do
 * as well, as the rules about such lines know it. */
static void match_line(struct run *run, struct subject subject)
{
    enum deed_result result;
    struct deed deed;
    size_t at = 0;

    match_subject(run, &subject, RULE_COMMAND);
    struct slice line = subject.text;
    while (!run->no_memory &&
           (result = deed_next(run->arena, line, &at, &deed)) != DEED_NONE) {
        run->no_memory = result == DEED_NO_MEMORY;
        subject.text = deed.text;
        subject.evidence = deed.from;
        match_subject(run, &subject, deed.target);
    }
}

/* A command as it stands, what peeling brought out, the whole with everything
 * resolved, and what else it might be: the outermost that matches counts. */
static void match_command(struct run *run, const struct action *action,
                          struct subject subject)
{
    const struct peeled *peeled = &action->peeled;

    subject.text = action->command;
    match_line(run, subject);
    for (uint32_t i = 0; i < peeled->n_layers; i++) {
        subject.text = peeled->layers[i].text;
        subject.layer = i;
        match_line(run, subject);
    }
    if (peeled->n_layers && !is_known(action, slice_str(peeled->final))) {
        subject.text = peeled->final;
        match_line(run, subject);
    }
    subject.layer = INFSCAN_NO_INDEX;
    for (uint32_t i = 0; i < action->n_alternatives && action->command.len;
         i++) {
        subject.text = action->alternatives[i];
        match_line(run, subject);
    }
}

static void match_actions(struct run *run, const struct install *install)
{
    for (uint32_t i = 0; i < install->n_actions && !run->no_memory; i++) {
        const struct action *action = &install->actions[i];
        struct subject subject = {
            .text = action->subject,
            .action = i,
            .layer = INFSCAN_NO_INDEX,
            .serial = i + 1,
            .reach = action->reach,
        };
        match_subject(run, &subject, (unsigned)action->kind);
        match_command(run, action, subject);
    }
}

static void match_file(struct run *run, const struct install *install,
                       const struct diag_list *diags)
{
    struct subject subject = {
        .text = install->shape,
        .action = INFSCAN_NO_INDEX,
        .layer = INFSCAN_NO_INDEX,
        .serial = UINT32_MAX,
        .reach = REACH_LAUNCHER,
    };

    match_subject(run, &subject, RULE_SHAPE);
    subject.text = install->invocation;
    match_subject(run, &subject, RULE_INVOCATION);
    for (uint32_t i = 0; diags && i < diags->list.n && !run->no_memory; i++) {
        const struct diag *diag = &diags->list.items[i];
        struct slice detail = diag->detail.text ? diag->detail : diag->place;
        struct str code = str_from(diag_info(diag->code)->code);
        struct text_builder builder;

        if (!(run->matcher->has_target >> RULE_DIAGNOSTIC & 1)) {
            break;
        }
        text_build_init(&builder, run->arena, TEXT_DESCRIBE,
                        code.len + 1 + detail.len);
        text_build_stand_in(&builder, code, diag->place);
        text_build_stand_in(&builder, STR(" "), diag->place);
        text_build_copy(&builder, detail);
        subject.text = slice_all(text_build_finish(&builder));
        subject.evidence = diag->place;
        run->no_memory = !subject.text.text;
        match_subject(run, &subject, RULE_DIAGNOSTIC);
    }
}

/* The rules that hit, in one text: "action: a.b c.d" or "file: a.b c.d". The
 * evidence is that of the heaviest of them. */
static void match_together(struct run *run, const struct finding *found,
                           uint32_t n, struct subject subject)
{
    struct text_builder builder;
    const struct finding *heaviest = NULL;

    text_build_init(&builder, run->arena, TEXT_DESCRIBE, SIZE_MAX);
    text_build_stand_in(&builder,
                        subject.action == INFSCAN_NO_INDEX ? STR("file:")
                                                           : STR("action:"),
                        found->match);
    for (uint32_t i = 0; i < n; i++) {
        const struct infscan_rule *info = &found[i].rule->info;
        if (subject.action == INFSCAN_NO_INDEX && found[i].repeated) {
            continue;
        }
        text_build_stand_in(&builder, STR(" "), found[i].match);
        text_build_stand_in(&builder, str_from(info->id), found[i].match);
        if (!heaviest || info->score > heaviest->rule->info.score) {
            heaviest = &found[i];
        }
    }
    subject.text = slice_all(text_build_finish(&builder));
    subject.evidence = heaviest ? heaviest->match : found->match;
    run->no_memory = run->no_memory || !subject.text.text;
    match_subject(run, &subject, RULE_FINDINGS);
}

/* Rules about what other rules found: more than one in one action, or in the
 * file. They do not see each other. */
static void match_combinations(struct run *run)
{
    uint32_t n = run->out->n;
    uint32_t end;

    if (!(run->matcher->has_target >> RULE_FINDINGS & 1)) {
        return;
    }
    for (uint32_t i = 0; i < n && !run->no_memory; i = end) {
        const struct finding *first = &run->out->items[i];
        struct subject subject = {.action = first->action,
                                  .layer = INFSCAN_NO_INDEX,
                                  .serial = UINT32_MAX - 2 - first->action};
        for (end = i + 1; end < n; end++) {
            if (run->out->items[end].action != first->action) {
                break;
            }
        }
        if (end - i > 1 && first->action != INFSCAN_NO_INDEX) {
            subject.reach = run->install->actions[first->action].reach;
            match_together(run, first, end - i, subject);
        }
    }
    if (n > 1 && !run->no_memory) {
        struct subject whole = {.action = INFSCAN_NO_INDEX,
                                .layer = INFSCAN_NO_INDEX,
                                .serial = UINT32_MAX - 1,
                                .reach = REACH_LAUNCHER};
        match_together(run, run->out->items, n, whole);
    }
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left;
    const struct finding *b = right;
    int order = compare(a->action, b->action);

    if (!order) { /* the action's own text comes first */
        order = compare((uint32_t)(a->layer + 1), (uint32_t)(b->layer + 1));
    }
    if (!order) {
        order = compare(a->match.off, b->match.off);
    }
    if (!order && a->rule && b->rule) {
        order = strcmp(a->rule->info.id, b->rule->info.id);
    }
    return order;
}

enum infscan_status match_run(struct matcher *matcher, struct arena *arena,
                              const struct install *install,
                              const struct diag_list *diags,
                              struct findings *out, limit_set *limits)
{
    struct run run = {.matcher = matcher,
                      .arena = arena,
                      .install = install,
                      .launchers = context_launchers(arena, install),
                      .out = out,
                      .limits = limits};

    matcher->work = (struct work){FAST_BYTES, RUN_STEPS};
    matcher->text = str_of(NULL, 0);
    memset(matcher->hits, 0, matcher->rules->n * sizeof *matcher->hits);
    memset(matcher->best, 0, matcher->rules->n * sizeof *matcher->best);
    if (!run.launchers) {
        return INFSCAN_NO_MEMORY;
    }
    out->launchers = run.launchers;
    match_actions(&run, install);
    match_file(&run, install, diags);
    match_combinations(&run);
    forget_long(&matcher->folded);
    if (out->n) {
        qsort(out->items, out->n, sizeof *out->items, compare_findings);
    }
    if (*limits && !run.no_memory) {
        const struct finding limit = {.rule = NULL,
                                      .action = INFSCAN_NO_INDEX,
                                      .layer = INFSCAN_NO_INDEX,
                                      .match = SLICE_NONE};
        run.no_memory = !VEC_PUSH(arena, out, limit);
    }
    return run.no_memory ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
