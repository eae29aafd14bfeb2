/* SPDX-License-Identifier: MIT */
#include "text/decode.h"

#include <iconv.h>

#include "base/utf8.h"

/* The one of East Asia whose halves of characters reach farthest. */
#define EAST_ASIAN_CODEPAGE 936

/* ASCII between other characters, of which text_build_joins takes no more. */
#define ASCII_JOINING 64

/* RtlIsTextUnicode looks at the first 256 units. */
#define GUESS_BYTES 512

/* 0x80 to 0x9F of windows-1252; bytes without a character are C1 controls, as
 * MultiByteToWideChar maps them. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

/* Code pages by number, their names here and for iconv. */
static const struct codepage {
    unsigned number;
    const char *name;
    const char *iconv_name;
    bool double_byte;
} codepages[] = {
    {1252, "windows-1252", NULL, false},
    {437, "ibm437", "CP437", false},
    {850, "ibm850", "CP850", false},
    {852, "ibm852", "CP852", false},
    {866, "ibm866", "CP866", false},
    {874, "windows-874", "CP874", false},
    {932, "windows-932", "CP932", true},
    {936, "windows-936", "CP936", true},
    {949, "windows-949", "CP949", true},
    {950, "windows-950", "CP950", true},
    {1250, "windows-1250", "CP1250", false},
    {1251, "windows-1251", "CP1251", false},
    {1253, "windows-1253", "CP1253", false},
    {1254, "windows-1254", "CP1254", false},
    {1255, "windows-1255", "CP1255", false},
    {1256, "windows-1256", "CP1256", false},
    {1257, "windows-1257", "CP1257", false},
    {1258, "windows-1258", "CP1258", false},
    {28591, "iso-8859-1", "ISO8859-1", false},
    {65001, "utf-8", "UTF-8", false},
};

static const struct codepage *find_codepage(unsigned number)
{
    for (size_t i = 0; i < sizeof codepages / sizeof *codepages; i++) {
        if (codepages[i].number == number) {
            return &codepages[i];
        }
    }
    return NULL;
}

const char *decode_codepage_name(unsigned codepage)
{
    const struct codepage *row = find_codepage(codepage ? codepage : 1252);

    return row ? row->name : NULL;
}

static bool starts_with(struct str raw, const char *bom, size_t len)
{
    return raw.len >= len && memcmp(raw.bytes, bom, len) == 0;
}

enum encoding decode_guess(struct str raw, size_t *bom_bytes)
{
    *bom_bytes = 0;
    if (starts_with(raw, "\xFF\xFE", 2)) {
        *bom_bytes = 2;
        return ENCODING_UTF16LE;
    }
    if (starts_with(raw, "\xFE\xFF", 2)) {
        *bom_bytes = 2;
        return ENCODING_UTF16BE;
    }
    if (starts_with(raw, "\xEF\xBB\xBF", 3)) {
        *bom_bytes = 3;
        return ENCODING_UTF8;
    }
    size_t n = raw.len < GUESS_BYTES ? raw.len : GUESS_BYTES;
    if (raw.len % 2 || n < 4) {
        return ENCODING_ANSI;
    }
    size_t even = 0;
    size_t odd = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        even += raw.bytes[i] == '\0';
        odd += raw.bytes[i + 1] == '\0';
    }
    /* Shares of half of n: at least 60 % against fewer than 10 %. */
    if (odd * 10 >= n * 3 && even * 20 < n) {
        return ENCODING_UTF16LE;
    }
    if (even * 10 >= n * 3 && odd * 20 < n) {
        return ENCODING_UTF16BE;
    }
    return ENCODING_ANSI;
}

/* The byte of the unit at `at`, or 0 where that is no ASCII character. */
static char ascii_at(struct str raw, size_t at, size_t step)
{
    bool is_ascii = at + step <= raw.len &&
                    (unsigned char)raw.bytes[at] < 0x80 &&
                    (step == 1 || raw.bytes[at + 1] == '\0');

    return is_ascii ? ascii_lower(raw.bytes[at]) : '\0';
}

/* Whether "[name" stands in the bytes, every `step`-th byte counting, blanks
 * before the name aside. */
static bool has_header(struct str raw, size_t step, struct str name)
{
    for (size_t at = 0; (at = str_find_char(raw, '[', at)) != STR_NONE; at++) {
        size_t i = 0;
        size_t from = at + step;
        if (at % step) {
            continue; /* not a unit */
        }
        while (ascii_is_space(ascii_at(raw, from, step))) {
            from += step;
        }
        while (i < name.len &&
               ascii_at(raw, from + i * step, step) == name.bytes[i]) {
            i++;
        }
        if (i == name.len) {
            return true;
        }
    }
    return false;
}

/* Whether a backslash at `at` is a second half: behind an odd number of bytes
 * that may be first halves. */
static bool is_second_half(struct str raw, size_t at)
{
    size_t from = at;

    while (from > 0 && (unsigned char)raw.bytes[from - 1] > 0x80 &&
           (unsigned char)raw.bytes[from - 1] < 0xFF) {
        from--;
    }
    return (at - from) % 2 == 1;
}

/* Whether a line goes on in one code page and ends in another: its last
 * backslash is the second half of a character in those of East Asia. */
static bool joins_by_codepage(struct str raw)
{
    for (size_t at = 0; (at = str_find_char(raw, '\\', at)) != STR_NONE; at++) {
        size_t end = at + 1;
        while (end < raw.len && raw.bytes[end] != '\n' &&
               ascii_is_space(raw.bytes[end])) {
            end++;
        }
        if (end < raw.len &&
            (raw.bytes[end] == '\n' || raw.bytes[end] == ';') &&
            is_second_half(raw, at)) {
            return true;
        }
    }
    return false;
}

bool decode_other_guess(struct str raw, unsigned codepage,
                        struct decode_guess *other)
{
    size_t bom_bytes;
    enum encoding guess = decode_guess(raw, &bom_bytes);
    size_t step = guess == ENCODING_ANSI ? 2 : 1;
    struct str units = raw;

    if (guess == ENCODING_ANSI && str_find_char(raw, '\0', 0) == STR_NONE &&
        str_ascii_run(raw) == raw.len) {
        return false; /* no UTF-16 in it, and no halves of characters */
    }
    units.len &= ~(size_t)1; /* a whole number of them */
    if (!bom_bytes && (has_header(units, step, STR("version]")) ||
                       has_header(units, step, STR("autorun")))) {
        *other = (struct decode_guess){guess == ENCODING_ANSI ? ENCODING_UTF16LE
                                                              : ENCODING_ANSI,
                                       codepage};
        return true;
    }
    if (guess == ENCODING_ANSI && codepage == 0 && joins_by_codepage(raw)) {
        *other = (struct decode_guess){ENCODING_ANSI, EAST_ASIAN_CODEPAGE};
        return true;
    }
    return false;
}

static struct slice raw_slice(size_t off, size_t len)
{
    return (struct slice){NULL, (uint32_t)off, (uint32_t)len};
}

/* Adds a code point that `n_in` raw bytes stand for. */
static void add_code(struct text_builder *builder, uint32_t code, size_t off,
                     size_t n_in)
{
    char bytes[4];
    size_t n = utf8_encode(code, bytes);

    text_build_recode(builder, str_of(bytes, n), raw_slice(off, n_in),
                      (uint32_t)n_in);
}

/* ASCII of an 8-bit file. */
static void add_ascii(struct text_builder *builder, struct str raw, size_t from,
                      size_t n)
{
    struct str run = str_of(raw.bytes + from, n);

    if (text_build_joins(builder, n, 1)) {
        text_build_recode(builder, run, raw_slice(from, n), 1);
    } else {
        text_build_fold(builder, run, raw_slice(from, n), 1, 1);
    }
}

static size_t ascii_run(struct str raw, size_t from)
{
    return str_ascii_run(str_of(raw.bytes + from, raw.len - from));
}

static void decode_1252(struct text_builder *builder, struct str raw)
{
    if (ascii_run(raw, 0) == raw.len) {
        text_build_borrow(builder, raw, 0);
        return;
    }
    for (size_t i = 0; i < raw.len && !builder->failed;) {
        size_t n = ascii_run(raw, i);
        if (n) {
            add_ascii(builder, raw, i, n);
            i += n;
            continue;
        }
        unsigned char c = (unsigned char)raw.bytes[i];
        add_code(builder, c < 0xA0 ? windows_1252[c - 0x80] : c, i, 1);
        i++;
    }
}

/* Windows takes two halves for a character even where it knows none. */
static size_t unknown_character(struct str rest, bool double_byte)
{
    unsigned char lead = (unsigned char)rest.bytes[0];
    unsigned char trail = rest.len > 1 ? (unsigned char)rest.bytes[1] : 0;

    return double_byte && lead > 0x80 && lead < 0xFF && trail >= 0x40 &&
                   trail != 0x7F && trail < 0xFF
               ? 2
               : 1;
}

/* One character of a code page, of at most four bytes, through iconv. */
static size_t iconv_character(iconv_t converter, struct str rest,
                              bool double_byte, uint32_t *code)
{
    size_t most = rest.len < 4 ? rest.len : 4;

    for (size_t n = 1; n <= most; n++) {
        char in[4];
        unsigned char out[8];
        char *in_at = in;
        char *out_at = (char *)out;
        size_t in_left = n;
        size_t out_left = 4;
        memcpy(in, rest.bytes, n);
        iconv(converter, NULL, NULL, NULL, NULL);
        if (iconv(converter, &in_at, &in_left, &out_at, &out_left) !=
                (size_t)-1 &&
            out_left == 0) {
            *code = (uint32_t)out[0] | (uint32_t)out[1] << 8 |
                    (uint32_t)out[2] << 16 | (uint32_t)out[3] << 24;
            return n;
        }
    }
    *code = UTF8_REPLACEMENT;
    return unknown_character(rest, double_byte);
}

static bool decode_iconv(struct text_builder *builder, struct str raw,
                         const struct codepage *page)
{
    iconv_t converter = iconv_open("UTF-32LE", page->iconv_name);

    /* NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own error value */
    if (converter == (iconv_t)-1) {
        return false;
    }
    for (size_t i = 0; i < raw.len && !builder->failed;) {
        size_t n = ascii_run(raw, i);
        if (n) {
            add_ascii(builder, raw, i, n);
            i += n;
            continue;
        }
        uint32_t code;
        n = iconv_character(converter, str_of(raw.bytes + i, raw.len - i),
                            page->double_byte, &code);
        add_code(builder, code, i, n);
        i += n;
    }
    iconv_close(converter);
    return true;
}

/* The first oddity of a kind stands where the text has come to. */
static void note_first(const struct text_builder *builder, size_t *first)
{
    if (*first == STR_NONE) {
        *first = builder->len;
    }
}

static void decode_utf8(struct text_builder *builder, struct str raw,
                        size_t bom, size_t *bad)
{
    struct str rest = str_sub(raw, bom, raw.len);

    if (utf8_is_valid(rest)) {
        text_build_borrow(builder, rest, (uint32_t)bom);
        return;
    }
    for (size_t i = bom; i < raw.len && !builder->failed;) {
        uint32_t code;
        size_t n = utf8_decode(str_sub(raw, i, raw.len), &code);
        if ((n == 1 && code == UTF8_REPLACEMENT) ||
            (code >= 0xD800 && code <= 0xDFFF)) {
            note_first(builder, bad);
            code = UTF8_REPLACEMENT;
            n = 1;
        }
        add_code(builder, code, i, n);
        i += n;
    }
}

static uint32_t unit_at(struct str raw, size_t i, enum encoding encoding)
{
    unsigned char a = (unsigned char)raw.bytes[i];
    unsigned char b = (unsigned char)raw.bytes[i + 1];

    return encoding == ENCODING_UTF16LE ? (uint32_t)b << 8 | a
                                        : (uint32_t)a << 8 | b;
}

/* Length in bytes of the ASCII units at the start, sixteen of them at a time.
 */
static size_t ascii_units_run(struct str raw, enum encoding encoding)
{
    static const char bits_le[8] = "\x80\xFF\x80\xFF\x80\xFF\x80\xFF";
    static const char bits_be[8] = "\xFF\x80\xFF\x80\xFF\x80\xFF\x80";
    uint64_t others =
        ascii_load_8(encoding == ENCODING_UTF16LE ? bits_le : bits_be);
    size_t low = encoding == ENCODING_UTF16LE ? 0 : 1;
    size_t i = 0;

    while (i + 32 <= raw.len &&
           !((ascii_load_8(raw.bytes + i) | ascii_load_8(raw.bytes + i + 8) |
              ascii_load_8(raw.bytes + i + 16) |
              ascii_load_8(raw.bytes + i + 24)) &
             others)) {
        i += 32;
    }
    while (i + 1 < raw.len && raw.bytes[i + 1 - low] == '\0' &&
           (unsigned char)raw.bytes[i + low] < 0x80) {
        i += 2;
    }
    return i;
}

/* Copies a run of ASCII units; returns the raw bytes taken. */
static size_t ascii_units(struct text_builder *builder, struct str raw,
                          size_t from, enum encoding encoding)
{
    size_t low = encoding == ENCODING_UTF16LE ? 0 : 1;
    struct str rest = str_of(raw.bytes + from, raw.len - from);
    size_t n = ascii_units_run(rest, encoding) / 2;
    char few[ASCII_JOINING];
    if (n && n <= sizeof few && text_build_joins(builder, n, 2)) {
        for (size_t k = 0; k < n; k++) {
            few[k] = raw.bytes[from + 2 * k + low];
        }
        text_build_recode(builder, str_of(few, n), raw_slice(from, 2 * n), 2);
        return 2 * n;
    }
    char *room = n ? text_build_room(builder, n) : NULL;
    if (room) {
        for (size_t k = 0; k < n; k++) {
            room[k] = raw.bytes[from + 2 * k + low];
        }
        text_build_commit(builder, n, raw_slice(from, 2 * n), 1, 2);
    }
    return 2 * n;
}

static void decode_utf16(struct text_builder *builder, struct str raw,
                         size_t bom, enum encoding encoding, size_t *unpaired)
{
    text_build_room(builder, (raw.len - bom) / 2); /* grows once for ASCII */
    for (size_t i = bom; i + 1 < raw.len && !builder->failed;) {
        size_t taken = ascii_units(builder, raw, i, encoding);
        if (taken) {
            i += taken;
            continue;
        }
        uint32_t code = unit_at(raw, i, encoding);
        taken = 2;
        if (code >= 0xD800 && code <= 0xDBFF && i + 3 < raw.len) {
            uint32_t low = unit_at(raw, i + 2, encoding);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                taken = 4;
            }
        }
        if (code >= 0xD800 && code <= 0xDFFF) {
            note_first(builder, unpaired);
        }
        add_code(builder, code, i, taken);
        i += taken;
    }
}

static const char *encoding_name(enum encoding encoding, unsigned codepage)
{
    switch (encoding) {
    case ENCODING_ANSI:
        return decode_codepage_name(codepage);
    case ENCODING_UTF8:
        return "utf-8";
    case ENCODING_UTF16LE:
        return "utf-16le";
    case ENCODING_UTF16BE:
        return "utf-16be";
    }
    return "unknown";
}

static bool is_utf16(enum encoding encoding)
{
    return encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
}

enum infscan_status decode_as(struct arena *arena, struct str raw,
                              enum encoding encoding, size_t bom_bytes,
                              unsigned codepage, struct diag_list *diags,
                              struct decoded *out)
{
    const struct codepage *page = find_codepage(codepage ? codepage : 1252);
    struct text_builder builder;
    size_t bad = STR_NONE; /* where the first one is */
    size_t unpaired = STR_NONE;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    switch (encoding) {
    case ENCODING_ANSI:
        if (!page || !page->iconv_name || !decode_iconv(&builder, raw, page)) {
            decode_1252(&builder, raw);
        }
        break;
    case ENCODING_UTF8:
        decode_utf8(&builder, raw, bom_bytes, &bad);
        break;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        decode_utf16(&builder, raw, bom_bytes, encoding, &unpaired);
        break;
    }
    const struct text *text = text_build_finish(&builder);
    if (!text) {
        return INFSCAN_NO_MEMORY;
    }
    struct slice start = slice_sub(slice_all(text), 0, 1);
    if (bad != STR_NONE) { /* U+FFFD and surrogates take three bytes */
        diag_add(diags, DIAG_BAD_UTF8, slice_sub(slice_all(text), bad, 3));
    }
    if (unpaired != STR_NONE) {
        diag_add(diags, DIAG_UNPAIRED_SURROGATE,
                 slice_sub(slice_all(text), unpaired, 3));
    }
    if (is_utf16(encoding) && raw.len % 2) {
        diag_add(diags, DIAG_TRUNCATED_UTF16, start);
    }
    if (is_utf16(encoding) && !bom_bytes) {
        diag_add(diags, DIAG_UTF16_WITHOUT_BOM, start);
    }
    if (encoding == ENCODING_UTF16BE) {
        diag_add(diags, DIAG_UTF16BE, start);
    }
    *out = (struct decoded){text, encoding, bom_bytes != 0,
                            encoding_name(encoding, codepage)};
    return INFSCAN_OK;
}

enum infscan_status decode_bytes(struct arena *arena, struct str raw,
                                 unsigned codepage, struct diag_list *diags,
                                 struct decoded *out)
{
    size_t bom_bytes;
    enum encoding encoding = decode_guess(raw, &bom_bytes);

    return decode_as(arena, raw, encoding, bom_bytes, codepage, diags, out);
}
