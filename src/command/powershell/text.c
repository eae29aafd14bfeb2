/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "command/codec.h"
#include "command/powershell/method.h"

/* Bytes of a result with the layer limit, in the arena. */
static void buffer_init(struct text_builder *out, struct peel *peel)
{
    text_build_init(out, peel->arena, TEXT_PEEL, peel->max_bytes);
}

static void add(struct text_builder *out, struct str bytes)
{
    char *room = bytes.bytes ? text_build_room(out, bytes.len) : NULL;

    if (room) {
        memcpy(room, bytes.bytes, bytes.len);
        out->len += bytes.len;
    }
}

static const struct ps_value *finish(struct peel *peel,
                                     struct text_builder *out)
{
    if (out->failed || !peel_spend(peel, out->len)) {
        if (out->too_large) {
            limit_hit(&peel->hit, LIMIT_layer_bytes);
        }
        return NULL;
    }
    struct str bytes = text_build_bytes(out);
    return bytes.bytes ? psv_string(peel, bytes) : NULL;
}

const struct ps_value *ps_replace_literal(struct peel *peel, struct str text,
                                          struct str old, struct str by)
{
    struct text_builder out;
    size_t from = 0;

    if (!old.len || !peel_spend(peel, text.len)) {
        return NULL;
    }
    buffer_init(&out, peel);
    for (;;) {
        size_t at = str_find(text, old, from);
        if (at == STR_NONE || out.failed) {
            break;
        }
        add(&out, str_sub(text, from, at - from));
        add(&out, by);
        from = at + old.len;
    }
    add(&out, str_sub(text, from, text.len));
    return finish(peel, &out);
}

/* $1 and $$ in the replacement of -replace */
static void add_replacement(struct text_builder *out, struct str text,
                            struct str by, const struct pattern_match *match)
{
    for (size_t i = 0; i < by.len; i++) {
        char next = i + 1 < by.len ? by.bytes[i + 1] : '\0';
        if (by.bytes[i] == '$' && ascii_is_digit(next)) {
            size_t group = (size_t)(next - '0');
            if (match->start[group] != STR_NONE &&
                match->end[group] != STR_NONE) {
                add(out, str_sub(text, match->start[group],
                                 match->end[group] - match->start[group]));
            }
            i++;
        } else {
            add(out, str_sub(by, i, 1));
            i += by.bytes[i] == '$' && next == '$';
        }
    }
}

const struct ps_value *ps_replace(struct peel *peel, struct str text,
                                  struct str pattern, struct str by,
                                  enum pattern_case letter_case)
{
    struct text_builder out;
    struct pattern_match match;
    size_t from = 0;
    int found = 0;

    buffer_init(&out, peel);
    while (from <= text.len &&
           (found = pattern_find(peel, pattern, text, from, letter_case,
                                 &match)) == 1) {
        add(&out, str_sub(text, from, match.start[0] - from));
        add_replacement(&out, text, by, &match);
        from = match.end[0];
        if (match.end[0] == match.start[0]) {
            add(&out, str_sub(text, from, 1));
            from++;
        }
    }
    if (found < 0) {
        return NULL;
    }
    if (from < text.len) {
        add(&out, str_sub(text, from, text.len));
    }
    return finish(peel, &out);
}

struct pieces {
    struct peel *peel;
    VEC(const struct ps_value *) list;
    bool failed;
};

static void add_piece(struct pieces *pieces, struct str piece)
{
    const struct ps_value *value = psv_string(pieces->peel, piece);

    if (!value || !VEC_PUSH(pieces->peel->arena, &pieces->list, value)) {
        pieces->failed = true;
    }
}

static void split_text(struct pieces *pieces, struct str text,
                       struct str pattern, enum pattern_case letter_case)
{
    struct pattern_match match;
    size_t from = 0;
    size_t search = 0;
    int found = 0;

    while (search <= text.len && !pieces->failed &&
           (found = pattern_find(pieces->peel, pattern, text, search,
                                 letter_case, &match)) == 1) {
        if (match.end[0] == match.start[0]) { /* between two characters */
            if (match.start[0] >= text.len) {
                found = 0;
                break;
            }
            add_piece(pieces, str_sub(text, from, match.start[0] - from));
            from = match.start[0];
            search = from + 1;
            continue;
        }
        add_piece(pieces, str_sub(text, from, match.start[0] - from));
        for (size_t i = 1; i < PATTERN_GROUPS; i++) { /* groups are kept */
            if (match.start[i] != STR_NONE && match.end[i] != STR_NONE) {
                add_piece(pieces, str_sub(text, match.start[i],
                                          match.end[i] - match.start[i]));
            }
        }
        from = search = match.end[0];
    }
    pieces->failed = pieces->failed || found < 0;
    add_piece(pieces, str_sub(text, from, text.len));
}

const struct ps_value *ps_split(struct peel *peel, const struct ps_value *value,
                                struct str pattern,
                                enum pattern_case letter_case)
{
    struct pieces pieces = {.peel = peel};

    for (size_t i = 0; i < psv_count(value) && !pieces.failed; i++) {
        const struct ps_value *item = psv_item(peel, value, i);
        struct str text;
        if (!item || !psv_text(peel, item, &text)) {
            return NULL;
        }
        split_text(&pieces, text, pattern, letter_case);
    }
    struct ps_value *array = pieces.failed ? NULL : psv_array(peel, 0);
    if (array) {
        array->items = pieces.list.items;
        array->n = pieces.list.n;
    }
    return array;
}

/* One {index,width:format} at `at`; false when it is malformed. */
static bool format_one(struct peel *peel, struct text_builder *out,
                       struct str pattern, size_t *at,
                       const struct ps_value *items)
{
    size_t end = str_find_char(pattern, '}', *at);
    size_t i = *at + 1;
    size_t index = 0;
    struct str text;

    if (end == STR_NONE) {
        return false;
    }
    while (i < end && ascii_is_space(pattern.bytes[i])) {
        i++;
    }
    size_t start = i;
    for (; i < end && ascii_is_digit(pattern.bytes[i]) && index < 100000; i++) {
        index = index * 10 + (size_t)(pattern.bytes[i] - '0');
    }
    const struct ps_value *item =
        i > start && i == end && index < psv_count(items)
            ? psv_item(peel, items, index)
            : NULL;
    if (!item || !psv_text(peel, item, &text)) {
        return false;
    }
    add(out, text);
    *at = end + 1;
    return true;
}

const struct ps_value *ps_format(struct peel *peel, struct str pattern,
                                 const struct ps_value *items)
{
    struct text_builder out;
    size_t at = 0;

    buffer_init(&out, peel);
    while (at < pattern.len) {
        char c = pattern.bytes[at];
        if ((c == '{' || c == '}') && at + 1 < pattern.len &&
            pattern.bytes[at + 1] == c) {
            add(&out, str_sub(pattern, at, 1));
            at += 2;
        } else if (c == '{') {
            if (!format_one(peel, &out, pattern, &at, items)) {
                return NULL;
            }
        } else {
            add(&out, str_sub(pattern, at, 1));
            at++;
        }
    }
    return finish(peel, &out);
}

const struct ps_value *ps_decode(struct peel *peel, struct str encoding,
                                 struct str bytes)
{
    struct str utf16 = STR("unicode");
    char *out = peel_spend(peel, bytes.len * 2)
                    ? arena_alloc(peel->arena, bytes.len * 3 + 3, 1)
                    : NULL;
    size_t n = 0;

    if (!out) {
        return NULL;
    }
    if (str_find_fold(encoding, STR("bigendian"), 0) != STR_NONE) {
        char *swapped = arena_alloc(peel->arena, bytes.len + 1, 1);
        for (size_t i = 0; swapped && i + 1 < bytes.len; i += 2) {
            swapped[i] = bytes.bytes[i + 1];
            swapped[i + 1] = bytes.bytes[i];
        }
        n = swapped ? codec_utf16le(str_of(swapped, bytes.len), out) : 0;
    } else if (str_find_fold(encoding, utf16, 0) != STR_NONE) {
        n = codec_utf16le(bytes, out);
    } else if (str_find_fold(encoding, STR("ascii"), 0) != STR_NONE) {
        for (; n < bytes.len; n++) {
            out[n] =
                (unsigned char)bytes.bytes[n] < 0x80 ? bytes.bytes[n] : '?';
        }
    } else if (str_find_fold(encoding, STR("utf8"), 0) != STR_NONE ||
               str_find_fold(encoding, STR("utf-8"), 0) != STR_NONE ||
               utf8_is_valid(bytes)) {
        return psv_string(peel, bytes);
    } else {
        n = codec_latin1(bytes, out);
    }
    return psv_string(peel, str_of(out, n));
}
