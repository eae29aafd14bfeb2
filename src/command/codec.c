/* SPDX-License-Identifier: MIT */
#include "command/codec.h"

#include "base/utf8.h"

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (ascii_is_digit(c)) {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

size_t codec_base64(struct str in, char *out)
{
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;
    size_t i = 0;

    for (; i < in.len && in.bytes[i] != '='; i++) {
        int value = base64_value(in.bytes[i]);
        if (value < 0) {
            if (ascii_is_space(in.bytes[i])) {
                continue;
            }
            return STR_NONE;
        }
        bits = (bits << 6 | (uint32_t)value) & 0xFFFFFF;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (char)(bits >> n_bits & 0xFF);
        }
    }
    for (; i < in.len; i++) { /* nothing but padding may follow padding */
        if (in.bytes[i] != '=' && !ascii_is_space(in.bytes[i])) {
            return STR_NONE;
        }
    }
    return n;
}

size_t codec_hex(struct str in, char *out)
{
    if (in.len % 2) {
        return STR_NONE;
    }
    for (size_t i = 0; i < in.len; i += 2) {
        int high = ascii_hex_value(in.bytes[i]);
        int low = ascii_hex_value(in.bytes[i + 1]);
        if (high < 0 || low < 0) {
            return STR_NONE;
        }
        out[i / 2] = (char)(high << 4 | low);
    }
    return in.len / 2;
}

static uint32_t utf16_unit(struct str in, size_t at)
{
    return (uint32_t)(unsigned char)in.bytes[at] |
           (uint32_t)(unsigned char)in.bytes[at + 1] << 8;
}

size_t codec_utf16le(struct str in, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < in.len; i += 2) {
        uint32_t code = utf16_unit(in, i);
        if (code >= 0xD800 && code < 0xDC00 && i + 3 < in.len) {
            uint32_t low = utf16_unit(in, i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        char bytes[4];
        size_t len = utf8_encode(code, bytes);
        memcpy(out + n, bytes, len);
        n += len;
    }
    return n;
}

size_t codec_latin1(struct str in, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        char bytes[4];
        size_t len = utf8_encode((unsigned char)in.bytes[i], bytes);
        memcpy(out + n, bytes, len);
        n += len;
    }
    return n;
}

bool codec_is_text(struct str s)
{
    size_t odd = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.bytes[i];
        if (c == 0) {
            return false;
        }
        odd += c < ' ' && !ascii_is_space((char)c);
    }
    return s.len && odd * 20 <= s.len && utf8_is_valid(s);
}

/* ASCII in UTF-16 is the rule: eight base64 characters, six bytes, three
 * characters. Whole such groups get an exact unit; the rest is one fold. */
static void add_groups(struct text_builder *builder, struct slice base64,
                       struct str text)
{
    size_t groups =
        base64.len / 8 < text.len / 3 ? base64.len / 8 : text.len / 3;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.bytes[i] >= 0x80) {
            groups = i / 3 < groups ? i / 3 : groups;
            break;
        }
    }
    struct str in = slice_str(base64);
    for (size_t i = 0; i < groups * 8; i++) {
        if (base64_value(in.bytes[i]) < 0) {
            groups = i / 8;
            break;
        }
    }
    text_build_fold(builder, str_sub(text, 0, groups * 3),
                    slice_sub(base64, 0, groups * 8), 3, 8);
    text_build_fold(builder, str_sub(text, groups * 3, text.len),
                    slice_sub(base64, groups * 8, base64.len), 0, 0);
}

const struct text *codec_encoded_command(struct arena *arena,
                                         struct slice base64, size_t max_bytes)
{
    struct str in = slice_str(base64);
    char *bytes = arena_alloc(arena, in.len / 4 * 3 + 3, 1);
    size_t n = bytes ? codec_base64(in, bytes) : STR_NONE;

    if (n == STR_NONE || n < 2) {
        return NULL;
    }
    char *out = arena_alloc(arena, n / 2 * 3, 1);
    if (!out) {
        return NULL;
    }
    struct str text = str_of(out, codec_utf16le(str_of(bytes, n), out));
    struct text_builder builder;
    text_build_init(&builder, arena, TEXT_PEEL, max_bytes);
    add_groups(&builder, base64, text);
    return text_build_finish(&builder);
}

/* A number of at most `most` digits; how many there are. */
static size_t read_digits(struct str in, size_t at, int base, size_t most,
                          uint32_t *out)
{
    size_t n = 0;

    *out = 0;
    while (n < most && at + n < in.len) {
        int digit = ascii_hex_value(in.bytes[at + n]);
        if (digit < 0 || digit >= base) {
            break;
        }
        *out = *out * (uint32_t)base + (uint32_t)digit;
        n++;
    }
    return n;
}

size_t codec_percent(struct str in, enum codec_plus plus, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        uint32_t code;
        if (in.bytes[i] == '%' && read_digits(in, i + 1, 16, 2, &code) == 2) {
            out[n++] = (char)code;
            i += 2;
        } else {
            out[n++] = plus == CODEC_PLUS_BLANK && in.bytes[i] == '+'
                           ? ' '
                           : in.bytes[i];
        }
    }
    return n;
}

/* The character behind & up to its semicolon; 0: it is none. */
static size_t read_entity(struct str in, size_t at, uint32_t *code)
{
    static const struct {
        struct str name;
        uint32_t code;
    } names[] = {{{"amp;", 4}, '&'},
                 {{"lt;", 3}, '<'},
                 {{"gt;", 3}, '>'},
                 {{"quot;", 5}, '"'},
                 {{"apos;", 5}, '\''}};

    if (str_at(in, at) == '#') {
        bool hex = ascii_lower(str_at(in, at + 1)) == 'x';
        size_t start = at + (hex ? 2 : 1);
        size_t n = read_digits(in, start, hex ? 16 : 10, 7, code);
        return n && *code <= 0x10FFFF && str_at(in, start + n) == ';'
                   ? start + n + 1 - at
                   : 0;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_starts_fold(str_sub(in, at, in.len), names[i].name)) {
            *code = names[i].code;
            return names[i].name.len;
        }
    }
    return 0;
}

size_t codec_entities(struct str in, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        uint32_t code;
        size_t len = in.bytes[i] == '&' ? read_entity(in, i + 1, &code) : 0;
        if (len) {
            n += utf8_encode(code, out + n);
            i += len;
        } else {
            out[n++] = in.bytes[i];
        }
    }
    return n;
}

size_t codec_escapes(struct str in, char *out)
{
    static const char from[] = "abtrvfne";
    static const char to[] = "\a\b\t\r\v\f\n\x1b";
    size_t n = 0;

    for (size_t i = 0; i < in.len; i++) {
        char next = str_at(in, i + 1);
        uint32_t code;
        if (in.bytes[i] != '\\' || i + 1 == in.len) {
            out[n++] = in.bytes[i];
            continue;
        }
        size_t digits = next == 'x' ? 2 : next == 'u' ? 4 : 0;
        const char *letter = strchr(from, next);
        i++;
        if (digits && read_digits(in, i + 1, 16, digits, &code) == digits) {
            n += utf8_encode(code, out + n);
            i += digits;
        } else {
            out[n++] = letter && next ? to[letter - from] : next;
        }
    }
    return n;
}
