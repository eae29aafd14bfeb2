/* SPDX-License-Identifier: MIT */
/* Bytes may be one file in one encoding and another file in the next. */
#include "scan/scanner.h"

/* Files up to this size are held in both ways at once. */
#define TOGETHER_BYTES ((size_t)1 << 20)

/* How bad a result is: by verdict, then score, then by how much a file does. */
struct standing {
    enum infscan_verdict verdict;
    uint32_t score;
    size_t n_actions;
};

static struct standing standing_of(const struct infscan_result *result)
{
    return (struct standing){result->summary.verdict, result->summary.score,
                             result->n_actions};
}

static bool is_worse(struct standing a, struct standing b)
{
    if (a.verdict != b.verdict) {
        return a.verdict > b.verdict;
    }
    if (a.score != b.score) {
        return a.score > b.score;
    }
    return a.n_actions > b.n_actions;
}

/* Bytes that are two files, and the less likely one of these. */
struct two_readings {
    struct infscan_scanner *scanner;
    const struct companion_source *beside;
    struct decode_guess other;
    enum reading_count count;
};

/* An empty result for the same file. */
static struct infscan_result *begin_again(const struct two_readings *two,
                                          const struct infscan_result *result)
{
    struct infscan_result *again =
        scanner_begin(two->scanner, result->summary.raw_path.bytes);

    if (again) {
        result_set_member(again, str_of(result->summary.raw_member.bytes,
                                        result->summary.raw_member.len));
    }
    return again;
}

/* The result of the other reading, which has the bytes for itself. */
static struct infscan_result *read_other(const struct two_readings *two,
                                         const struct infscan_result *result,
                                         struct str raw)
{
    struct infscan_result *second = begin_again(two, result);
    struct str copy = second ? arena_copy(second->arena, raw) : str_of(NULL, 0);

    if (!copy.bytes) {
        infscan_result_free(second);
        return NULL;
    }
    scanner_read(two->scanner, second, copy, two->beside, &two->other,
                 two->count);
    return second;
}

/* The worse one of a first result and the other reading's. */
static struct infscan_result *keep_worse(const struct two_readings *two,
                                         struct infscan_result *result,
                                         struct str raw)
{
    struct infscan_result *second = read_other(two, result, raw);

    if (!second) {
        result_fail(result, "out of memory");
        return result;
    }
    bool second_is_worse = is_worse(standing_of(second), standing_of(result));
    infscan_result_free(second_is_worse ? result : second);
    return second_is_worse ? second : result;
}

/* The same for files of which one result is as much as memory should hold. The
 * other reading is made first and its standing alone remembered; it is seldom
 * the worse one, and only then made again. */
static struct infscan_result *analyse_in_turn(const struct two_readings *two,
                                              struct infscan_result *result,
                                              struct str raw)
{
    struct infscan_result *second = begin_again(two, result);

    if (!second) {
        result_fail(result, "out of memory");
        return result;
    }
    scanner_read(two->scanner, second, raw, two->beside, &two->other,
                 two->count);
    struct standing other = standing_of(second);
    infscan_result_free(second);
    struct infscan_result empty = *result;
    struct arena_mark before = arena_get_mark(result->arena);
    scanner_read(two->scanner, result, raw, two->beside, NULL, two->count);
    if (!is_worse(other, standing_of(result))) {
        return result;
    }
    arena_rewind(result->arena, before); /* all but the name and the bytes */
    *result = empty;
    second = read_other(two, result, raw);
    if (!second) {
        result_fail(result, "out of memory");
        return result;
    }
    infscan_result_free(result);
    return second;
}

struct infscan_result *scanner_analyse(struct infscan_scanner *scanner,
                                       struct infscan_result *result,
                                       struct str raw,
                                       const struct companion_source *beside)
{
    struct two_readings two = {.scanner = scanner, .beside = beside};
    size_t bom_bytes;

    if (!decode_other_guess(raw, scanner->codepage, &two.other)) {
        scanner_read(scanner, result, raw, beside, NULL, READING_ONE);
        return result;
    }
    two.count = two.other.encoding == decode_guess(raw, &bom_bytes)
                    ? READING_ONE
                    : READING_TWO;
    if (raw.len > TOGETHER_BYTES) {
        return analyse_in_turn(&two, result, raw);
    }
    scanner_read(scanner, result, raw, beside, NULL, two.count);
    return keep_worse(&two, result, raw);
}
