/* SPDX-License-Identifier: MIT */
#include "rules/prefilter.h"

#include <stdlib.h>

#include "base/map.h"
#include "rules/literal.h"
#include "rules/rule.h"

/* Three bytes as a number, letters in lower case. Other bytes are changed as
 * well, in the text as in the literal, which makes a few more look alike. */
static inline uint32_t window_of(const char *p)
{
    uint32_t first = (unsigned char)p[0];
    uint32_t second = (unsigned char)p[1];
    uint32_t third = (unsigned char)p[2];

    return (first | second << 8 | third << 16) | UINT32_C(0x202020);
}

/* The same of four bytes that were loaded as one number. */
static inline uint32_t window_of_load(uint32_t four)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    four = __builtin_bswap32(four);
#endif
    return (four & UINT32_C(0xFFFFFF)) | UINT32_C(0x202020);
}

/* Eight bytes that were loaded as one number, likewise. */
static inline uint64_t key_of_load(uint64_t eight)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    eight = __builtin_bswap64(eight);
#endif
    return eight | UINT64_C(0x2020202020202020);
}

/* The same of bytes of which there may be less; the others are blanks. */
static uint64_t key_of(struct str s)
{
    char eight[8] = "        ";

    memcpy(eight, s.bytes, s.len < sizeof eight ? s.len : sizeof eight);
    return key_of_load(ascii_load_8(eight));
}

static uint64_t mask_of(struct str s)
{
    return s.len < 8 ? (UINT64_C(1) << s.len * 8) - 1 : UINT64_MAX;
}

static inline uint32_t hash_window(uint32_t window)
{
    return window * UINT32_C(0x9e3779b1) >> (32 - PREFILTER_BITS);
}

/* Where in a literal the window is that honest texts have least. */
static uint32_t choose_window(struct str literal)
{
    uint32_t best = 0;
    uint32_t least = UINT32_MAX;

    for (uint32_t i = 0; i + PREFILTER_WINDOW <= literal.len; i++) {
        uint32_t count = literal_count(str_sub(literal, i, PREFILTER_WINDOW));
        if (count < least) {
            least = count;
            best = i;
        }
    }
    return best;
}

static bool add_group(struct arena *arena, const struct literal_group *group,
                      struct gate_literal *gate, uint32_t *n)
{
    for (uint32_t i = 0; i < group->n; i++) {
        char *text = arena_copy_z(arena, group->items[i]);
        if (!text) {
            return false;
        }
        gate[*n].text = text;
        gate[*n].window = choose_window(group->items[i]);
        (*n)++;
    }
    return true;
}

/* The gates that a rule may have. One of `all` that nothing matches without is
 * a gate by itself; those of `any` are one together. */
struct choice {
    struct literal_group groups[64];
    uint32_t n;
    uint32_t n_literals;
    uint64_t cost;
};

/* The group of the needs that can be looked for best; NULL: none can. */
static const struct literal_group *gate_of(const struct literal_needs *needs)
{
    const struct literal_group *group = literal_cheapest(needs);

    for (uint32_t i = 0; group && i < group->n; i++) {
        if (group->items[i].len < LITERAL_GATE_BYTES) {
            return NULL;
        }
    }
    return group;
}

static bool choose_all(struct arena *arena, const struct rule *rule,
                       struct choice *out)
{
    for (uint32_t i = 0; i < rule->all.n; i++) {
        struct literal_needs needs;
        if (!literal_needs_of(arena, str_from(rule->all.items[i].regex),
                              &needs)) {
            return false;
        }
        const struct literal_group *group = gate_of(&needs);
        if (group && group->cost < out->cost) {
            out->groups[0] = *group;
            out->n = 1;
            out->n_literals = group->n;
            out->cost = group->cost;
        }
    }
    return true;
}

static bool choose_any(struct arena *arena, const struct rule *rule,
                       struct choice *out)
{
    struct choice *any = ARENA_NEW(arena, struct choice);

    if (!any) {
        return false;
    }
    for (uint32_t i = 0; i < rule->any.n; i++) {
        struct literal_needs needs;
        if (!literal_needs_of(arena, str_from(rule->any.items[i].regex),
                              &needs)) {
            return false;
        }
        const struct literal_group *group = gate_of(&needs);
        if (!group || any->n == sizeof any->groups / sizeof *any->groups) {
            return true;
        }
        any->groups[any->n++] = *group;
        any->n_literals += group->n;
        any->cost += group->cost;
    }
    if (any->n && any->cost < out->cost) {
        *out = *any;
    }
    return true;
}

bool prefilter_gate(struct arena *arena, struct rule *rule)
{
    struct choice *choice = ARENA_NEW(arena, struct choice);

    if (!choice) {
        return false;
    }
    choice->cost = UINT64_MAX;
    if (!choose_all(arena, rule, choice) || !choose_any(arena, rule, choice)) {
        return false;
    }
    struct gate_literal *gate =
        ARENA_ARRAY(arena, struct gate_literal, choice->n_literals);
    uint32_t n = 0;
    for (uint32_t i = 0; gate && i < choice->n; i++) {
        if (!add_group(arena, &choice->groups[i], gate, &n)) {
            return false;
        }
    }
    rule->gate = gate;
    rule->n_gate = n;
    return gate != NULL;
}

/* Tables under construction; what `filter` points to is still written. */
struct building {
    struct prefilter filter;
    struct map names; /* of the entries, by literal */
    uint64_t *bits;
    uint32_t *buckets;
    struct prefilter_entry *entries;
    char *bytes;
    uint32_t *rules;
    uint64_t *always;
};

static bool make_room(struct building *building, struct arena *arena,
                      const struct rule_set *set)
{
    uint32_t n_rules = 0;
    size_t n_bytes = 0;

    for (uint32_t i = 0; i < set->n; i++) {
        n_rules += set->rules[i]->n_gate;
        for (uint32_t k = 0; k < set->rules[i]->n_gate; k++) {
            n_bytes += strlen(set->rules[i]->gate[k].text);
        }
    }
    building->bits = arena_zalloc(arena, PREFILTER_WORDS, sizeof(uint64_t));
    building->buckets =
        arena_zalloc(arena, PREFILTER_BUCKETS + 1, sizeof(uint32_t));
    building->entries = ARENA_ARRAY(arena, struct prefilter_entry, n_rules);
    building->bytes = ARENA_ARRAY(arena, char, n_bytes);
    building->rules = ARENA_ARRAY(arena, uint32_t, n_rules);
    building->always =
        arena_zalloc(arena, prefilter_words(set->n), sizeof(uint64_t));
    building->filter = (struct prefilter){.bits = building->bits,
                                          .buckets = building->buckets,
                                          .entries = building->entries,
                                          .bytes = building->bytes,
                                          .rules = building->rules,
                                          .always = building->always,
                                          .n_rules = n_rules};
    return !arena_failed(arena);
}

/* One entry for each literal, with the number of its rules. */
static bool add_literals(struct building *building, struct arena *arena,
                         const struct rule *rule)
{
    struct prefilter *filter = &building->filter;

    for (uint32_t k = 0; k < rule->n_gate; k++) {
        struct str text = str_from(rule->gate[k].text);
        uint32_t fresh = filter->n_entries;
        uint32_t id = map_put(&building->names, arena, text, fresh);
        if (id == MAP_NONE) {
            return false;
        }
        if (id == fresh) {
            struct str rest = str_sub(text, rule->gate[k].window, text.len);
            memcpy(building->bytes + filter->n_bytes, text.bytes, text.len);
            building->entries[id] = (struct prefilter_entry){
                .at = filter->n_bytes,
                .len = (uint16_t)text.len,
                .window = (uint16_t)rule->gate[k].window,
                .key = key_of(rest),
                .mask = mask_of(rest)};
            filter->n_bytes += (uint32_t)text.len;
            filter->n_entries++;
        }
        building->entries[id].n++;
    }
    return true;
}

/* The rules of each entry, one entry's after the other's. */
static void place_rules(struct building *building, const struct rule_set *set)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < building->filter.n_entries; i++) {
        building->entries[i].first = sum;
        sum += building->entries[i].n;
        building->entries[i].n = 0;
    }
    for (uint32_t i = 0; i < set->n; i++) {
        const struct rule *rule = set->rules[i];
        for (uint32_t k = 0; k < rule->n_gate; k++) {
            struct prefilter_entry *entry = &building->entries[map_get(
                &building->names, str_from(rule->gate[k].text))];
            building->rules[entry->first + entry->n++] = i;
        }
    }
}

static bool collect(struct building *building, struct arena *arena,
                    const struct rule_set *set)
{
    for (uint32_t i = 0; i < set->n; i++) {
        if (!set->rules[i]->n_gate) {
            building->always[i / 64] |= UINT64_C(1) << i % 64;
        }
        if (!add_literals(building, arena, set->rules[i])) {
            return false;
        }
    }
    place_rules(building, set);
    return true;
}

static uint32_t hash_of(const struct building *building,
                        const struct prefilter_entry *entry)
{
    return hash_window(window_of(building->bytes + entry->at + entry->window));
}

/* By bucket, since they are looked for there: counted first, then placed. */
static void sort_entries(struct building *building,
                         struct prefilter_entry *sorted)
{
    uint32_t n = building->filter.n_entries;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t hash = hash_of(building, &building->entries[i]);
        building->bits[hash / 64] |= UINT64_C(1) << hash % 64;
        building->buckets[hash % PREFILTER_BUCKETS]++;
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i <= PREFILTER_BUCKETS; i++) {
        sum += building->buckets[i];
        building->buckets[i] = sum;
    }
    for (uint32_t i = n; i-- > 0;) {
        uint32_t hash = hash_of(building, &building->entries[i]);
        sorted[--building->buckets[hash % PREFILTER_BUCKETS]] =
            building->entries[i];
    }
    building->filter.entries = sorted;
}

const struct prefilter *prefilter_new(struct arena *arena,
                                      const struct rule_set *set)
{
    struct building *building = ARENA_NEW(arena, struct building);

    if (!building || !make_room(building, arena, set) ||
        !collect(building, arena, set)) {
        return NULL;
    }
    struct prefilter_entry *sorted =
        ARENA_ARRAY(arena, struct prefilter_entry, building->filter.n_entries);
    if (!sorted) {
        return NULL;
    }
    sort_entries(building, sorted);
    return &building->filter;
}

/* Whether the literal of an entry lies around the window at `at`. */
static bool lies_at(const struct prefilter *filter,
                    const struct prefilter_entry *entry, struct str text,
                    size_t at)
{
    const char *literal = filter->bytes + entry->at;

    if (entry->window > at || entry->len > text.len - (at - entry->window)) {
        return false;
    }
    const char *p = text.bytes + (at - entry->window);
    for (uint32_t i = 0; i < entry->len; i++) {
        if (ascii_lower(p[i]) != literal[i]) {
            return false;
        }
    }
    return true;
}

/* One pass over one text. A literal that was found says nothing new where it
 * is found again. */
#define MAX_REMEMBERED 4096u

struct pass {
    const struct prefilter *filter;
    struct str text;
    const uint64_t *wanted;
    uint64_t *out;
    uint64_t found[MAX_REMEMBERED / 64]; /* by entry */
};

static void take_rules(struct pass *pass, const struct prefilter_entry *entry)
{
    for (uint32_t i = 0; i < entry->n; i++) {
        uint32_t rule = pass->filter->rules[entry->first + i];
        pass->out[rule / 64] |= pass->wanted[rule / 64] & UINT64_C(1)
                                                              << rule % 64;
    }
}

static bool is_found(const struct pass *pass, uint32_t entry)
{
    return entry < MAX_REMEMBERED &&
           (pass->found[entry / 64] >> entry % 64 & 1);
}

static void look_up(struct pass *pass, size_t at, uint32_t hash)
{
    const struct prefilter *filter = pass->filter;
    uint32_t bucket = hash % PREFILTER_BUCKETS;
    uint32_t end = filter->buckets[bucket + 1];
    const char *p = pass->text.bytes + at;
    size_t left = pass->text.len - at;
    uint64_t key =
        left < 8 ? key_of(str_of(p, left)) : key_of_load(ascii_load_8(p));

    for (uint32_t i = filter->buckets[bucket]; i < end; i++) {
        const struct prefilter_entry *entry = &filter->entries[i];
        if (((key ^ entry->key) & entry->mask) != 0 || is_found(pass, i) ||
            !lies_at(filter, entry, pass->text, at)) {
            continue;
        }
        take_rules(pass, entry);
        if (i < MAX_REMEMBERED) {
            pass->found[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
}

/* A text so short that setting out for its windows is not worth it. */
#define SHORT_TEXT 96u

/* Up to that a few words of bits are enough. */
#define MIDDLE_TEXT 512u
#define MIDDLE_SHIFT 2u

static void look_at_bytes(struct str text, uint64_t bytes[4])
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        bytes[c / 64] |= UINT64_C(1) << c % 64;
    }
}

static bool has_bytes(const uint64_t bytes[4], struct str literal)
{
    bool has_all = true;

    for (size_t i = 0; i < literal.len && has_all; i++) {
        unsigned char c = (unsigned char)literal.bytes[i];
        has_all = bytes[c / 64] >> c % 64 & 1;
    }
    return has_all;
}

void prefilter_look(struct str text, struct prefilter_seen *seen)
{
    seen->is_short = text.len <= SHORT_TEXT;
    if (seen->is_short) {
        memset(seen->bytes, 0, sizeof seen->bytes);
        look_at_bytes(text, seen->bytes);
        return;
    }
    seen->shift = text.len <= MIDDLE_TEXT ? MIDDLE_SHIFT : 0;
    memset(seen->windows, 0, sizeof seen->windows >> seen->shift);
    for (size_t i = 0; i + PREFILTER_WINDOW <= text.len; i++) {
        uint32_t hash = hash_window(window_of(text.bytes + i)) >> seen->shift;
        seen->windows[hash / 64] |= UINT64_C(1) << hash % 64;
    }
}

bool prefilter_may_hold(const struct prefilter_seen *seen, struct str literal)
{
    if (seen->is_short) {
        return has_bytes(seen->bytes, literal);
    }
    /* The end first: many begin alike. */
    for (size_t i = literal.len; i >= PREFILTER_WINDOW; i--) {
        uint32_t hash =
            hash_window(window_of(literal.bytes + i - PREFILTER_WINDOW)) >>
            seen->shift;
        if (!(seen->windows[hash / 64] >> hash % 64 & 1)) {
            return false;
        }
    }
    return true;
}

bool prefilter_run(const struct prefilter *filter, struct str text,
                   const uint64_t *wanted, uint64_t *out)
{
    struct pass pass = {filter, text, wanted, out, {0}};
    const uint64_t *bits = filter->bits;
    size_t i = 0;

    for (; i + 4 <= text.len; i++) {
        uint32_t four;
        memcpy(&four, text.bytes + i, 4);
        uint32_t hash = hash_window(window_of_load(four));
        if (bits[hash / 64] >> hash % 64 & 1) {
            look_up(&pass, i, hash);
        }
    }
    for (; i + PREFILTER_WINDOW <= text.len; i++) {
        uint32_t hash = hash_window(window_of(text.bytes + i));
        if (bits[hash / 64] >> hash % 64 & 1) {
            look_up(&pass, i, hash);
        }
    }
    return str_ascii_run(text) == text.len;
}
