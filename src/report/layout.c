/* SPDX-License-Identifier: MIT */
#include "report/layout.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

#define DEFAULT_WIDTH 80u
#define MIN_WIDTH 20u /* narrower is not readable whatever is done */

/* What is left for text however deep the indent is. */
#define MIN_TEXT 10u

#define MAX_NOTE 64u /* bytes behind a heading */

/* What may stand before a word that is too long for any line. */
#define LABEL_COLUMNS 20u

/* Columns of a long line that stay before its mark. */
#define CONTEXT_COLUMNS 20u

/* Ranges of code points, sorted. */
struct range {
    uint32_t first;
    uint32_t last;
};

/* Source: Unicode 14 EastAsianWidth.txt, classes W and F; ranges merged where
 * what lies between is unassigned, and all of the planes of pictures: a line
 * that is shorter than it could be is better than one that a terminal wraps. */
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},
    {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},
    {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},
    {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},
    {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},
    {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAD9},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},   {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FF}, {0x1F000, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

/* Combining marks of the common scripts. Source: Unicode 15, class Mn. */
static const struct range combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},
    {0x064B, 0x065F}, {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1ACE},
    {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0x3099, 0x309A}, {0xFE20, 0xFE2F},
};

static bool is_in(const struct range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n && code >= ranges[i].first; i++) {
        if (code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

unsigned layout_columns(uint32_t code)
{
    if (code < 0x300) {
        return 1;
    }
    if (is_in(combining, sizeof combining / sizeof combining[0], code)) {
        return 0;
    }
    return is_in(wide, sizeof wide / sizeof wide[0], code) ? 2 : 1;
}

/* Columns of a part of a text. */
static unsigned count_columns(struct str s)
{
    unsigned columns = 0;

    while (s.len) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        columns += layout_columns(code);
        s = str_sub(s, n, s.len);
    }
    return columns;
}

void page_init(struct page *page, struct sink *sink,
               const struct infscan_render_options *options)
{
    unsigned width = options->width ? options->width : DEFAULT_WIDTH;

    *page = (struct page){
        .sink = sink,
        .width = width < MIN_WIDTH ? MIN_WIDTH : width,
        .flags = options->flags,
    };
    buf_init(&page->text, SIZE_MAX / 2);
}

void page_deinit(struct page *page)
{
    buf_deinit(&page->text);
}

bool page_is_verbose(const struct page *page)
{
    return (page->flags & INFSCAN_RENDER_VERBOSE) != 0;
}

void page_add(struct page *page, const char *z)
{
    buf_add_z(&page->text, z);
}

void page_add_format(struct page *page, const char *format, ...)
{
    char line[256]; /* our own words are short */
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buf_add_z(&page->text, line);
}

static const struct defang_hosts *hosts_of(const struct page *page)
{
    return page->flags & INFSCAN_RENDER_NO_DEFANG ? NULL : &page->hosts;
}

void page_add_hostile(struct page *page, struct infscan_string text)
{
    defang_visible(&page->text, str_of_string(text), hosts_of(page), NULL);
}

void page_add_hostile_z(struct page *page, const char *z)
{
    page_add_hostile(page,
                     (struct infscan_string){z ? z : "", z ? strlen(z) : 0});
}

/* Parameters of SGR. Yellow, which is the usual colour of a warning, cannot be
 * read on white; all of these can on both. */
static const char *const codes[] = {
    [STYLE_PLAIN] = "",     [STYLE_HEADING] = "1", [STYLE_BAD] = "1;31",
    [STYLE_WARNING] = "35", [STYLE_GOOD] = "32",   [STYLE_DIM] = "2",
};

void page_style(struct page *page, enum style style)
{
    page->style = style;
}

void page_put(struct page *page, enum style style, const char *z)
{
    struct buf *out = &page->sink->buf;

    page->used += count_columns(str_from(z));
    if ((page->flags & INFSCAN_RENDER_COLOR) && *codes[style]) {
        buf_add_format(out, "\x1b[%sm%s\x1b[0m", codes[style], z);
    } else {
        buf_add_z(out, z);
    }
}

void page_blank(struct page *page)
{
    buf_add_char(&page->sink->buf, '\n');
    page->used = 0;
    sink_drain(page->sink);
}

void page_heading(struct page *page, const char *z, const char *note)
{
    page_blank(page);
    page_put(page, STYLE_HEADING, z);
    if (note) {
        char cut[MAX_NOTE];
        unsigned used = page->used + 2;
        size_t left = page->width > used ? page->width - used : 1;
        snprintf(cut, left < sizeof cut ? left + 1 : sizeof cut, "%s", note);
        page_put(page, STYLE_PLAIN, "  ");
        page_put(page, STYLE_DIM, cut);
    }
    page_blank(page);
}

/* On a narrow terminal, half of the line is left for text. */
static unsigned indent_of(const struct page *page, unsigned indent)
{
    return indent > page->width / 2 ? page->width / 2 : indent;
}

static void put_indent(struct page *page, unsigned indent)
{
    buf_add_format(&page->sink->buf, "%*s", (int)indent_of(page, indent), "");
}

static unsigned room(const struct page *page, unsigned indent)
{
    indent = indent_of(page, indent);
    return page->width > indent + MIN_TEXT ? page->width - indent : MIN_TEXT;
}

/* Bytes of the word at the start of s. */
static size_t word_bytes(struct str s)
{
    size_t end = str_find_char(s, ' ', 0);

    return end == STR_NONE ? s.len : end;
}

/* Whether a line may end behind what is written so far and before `code`:
 * scripts without blanks break anywhere. */
static bool breaks_before(uint32_t code)
{
    return layout_columns(code) == 2;
}

/* Bytes of s that go into a line of `columns`. A word that fits in no line (of
 * next_columns) stays in one piece, so that an address, a path or a hash can be
 * copied; it begins a line of its own unless little stands before it. */
static size_t fit(struct str s, unsigned columns, unsigned next_columns)
{
    unsigned used = 0;
    unsigned used_at_chance = 0;
    size_t at = 0;
    size_t chance = 0; /* the last place where the line may end */

    while (at < s.len) {
        uint32_t code;
        size_t n = utf8_decode(str_sub(s, at, s.len), &code);
        if (at > 0 && (code == ' ' || breaks_before(code)) && used <= columns) {
            chance = at;
            used_at_chance = used;
        }
        used += layout_columns(code);
        if (used > columns && code != ' ') {
            size_t from = chance;
            while (from < s.len && s.bytes[from] == ' ') {
                from++;
            }
            size_t word = word_bytes(str_sub(s, from, s.len));
            bool stays =
                chance == 0 ||
                (used_at_chance <= LABEL_COLUMNS && !breaks_before(code) &&
                 count_columns(str_sub(s, from, word)) > next_columns);
            return stays ? from + word : chance;
        }
        at += n;
    }
    return s.len;
}

/* No line ends in blanks. */
static struct str without_blanks(struct str s)
{
    while (str_ends_fold(s, STR(" "))) {
        s.len--;
    }
    return s;
}

static struct str skip_blanks(struct str s)
{
    while (s.len && s.bytes[0] == ' ') {
        s = str_sub(s, 1, s.len);
    }
    return s;
}

/* The first `columns` of a text. */
static size_t bytes_of_columns(struct str s, size_t columns)
{
    size_t used = 0;
    size_t at = 0;

    while (at < s.len) {
        uint32_t code;
        size_t n = utf8_decode(str_sub(s, at, s.len), &code);
        used += layout_columns(code);
        if (used > columns) {
            break;
        }
        at += n;
    }
    return at;
}

static void put_styled(struct page *page, struct str text)
{
    const char *code =
        page->flags & INFSCAN_RENDER_COLOR ? codes[page->style] : "";
    struct buf *out = &page->sink->buf;

    if (*code && text.len) {
        buf_add_format(out, "\x1b[%sm", code);
        buf_add(out, text);
        buf_add_z(out, "\x1b[0m");
    } else {
        buf_add(out, text);
    }
}

void page_flush(struct page *page, unsigned indent, unsigned hang,
                unsigned max_lines)
{
    struct str rest = buf_str(&page->text);
    unsigned lines = 0;

    if (page->text.failed) {
        page->sink->buf.failed = true;
    }
    do {
        unsigned columns = room(page, page->used + (lines ? hang : indent));
        size_t n = fit(rest, columns, room(page, hang));
        if (max_lines) { /* a word that fills several lines counts as such */
            size_t most = (size_t)(max_lines - lines) * columns;
            size_t cut = bytes_of_columns(str_sub(rest, 0, n), most);
            n = cut ? cut : n;
            unsigned filled = count_columns(str_sub(rest, 0, n));
            lines += filled ? (filled - 1) / columns : 0;
        }
        put_indent(page, page->text.len == rest.len ? indent : hang);
        put_styled(page, without_blanks(str_sub(rest, 0, n)));
        page_blank(page);
        rest = skip_blanks(str_sub(rest, n, rest.len));
        lines++;
    } while (rest.len && (!max_lines || lines < max_lines));
    size_t left_out = utf8_count(rest);
    buf_clear(&page->text);
    page->style = STYLE_PLAIN;
    if (left_out) {
        page_add_format(page, "[%zu more characters, see -v]", left_out);
        page_flush(page, hang, hang, PAGE_ALL_LINES);
    }
}

/* What of a long line is shown, in columns. */
static struct span window_of(size_t columns, struct span mark, size_t available)
{
    size_t context =
        available / 3 < CONTEXT_COLUMNS ? available / 3 : CONTEXT_COLUMNS;
    size_t from = mark.from > context ? mark.from - context : 0;

    if (columns <= available) {
        return (struct span){0, columns};
    }
    if (from + available > columns) {
        from = columns - available;
    }
    return (struct span){from, from + available};
}

/* The characters that lie whole in the window; dots where it cuts. */
static void put_window(struct page *page, struct str s, struct span window,
                       size_t columns)
{
    size_t from = window.from ? window.from + 3 : 0;
    size_t to = window.to < columns ? window.to - 3 : window.to;
    size_t column = 0;
    size_t written = from;

    buf_add_z(&page->sink->buf, window.from ? "..." : "");
    while (s.len && column < to) {
        uint32_t code;
        size_t n = utf8_decode(s, &code);
        size_t next = column + layout_columns(code);
        if (column >= from && next <= to) {
            buf_add(&page->sink->buf, str_sub(s, 0, n));
            written = next;
        } else if (column < from && next > from) {
            buf_add_char(&page->sink->buf, ' '); /* half of a wide one */
        }
        column = next;
        s = str_sub(s, n, s.len);
    }
    for (; written < to && s.len; written++) {
        buf_add_char(&page->sink->buf, ' ');
    }
    buf_add_z(&page->sink->buf, window.to < columns ? "..." : "");
    page_blank(page);
}

static void put_underline(struct page *page, struct span mark,
                          struct span window)
{
    struct buf line;
    size_t from = mark.from > window.from ? mark.from - window.from : 0;
    size_t to = (mark.to < window.to ? mark.to : window.to) - window.from;

    buf_init(&line, SIZE_MAX / 2);
    buf_add_format(&page->sink->buf, "%*s", (int)from, "");
    buf_add_char(&line, '^');
    for (size_t i = from + 1; i < to; i++) {
        buf_add_char(&line, '~');
    }
    if (!line.failed) {
        page_put(page, STYLE_BAD, line.bytes);
    }
    buf_deinit(&line);
    page_blank(page);
}

static void put_gutter(struct page *page, unsigned indent, const char *gutter)
{
    put_indent(page, indent);
    if (gutter) {
        buf_add_format(&page->sink->buf, "%5s | ", gutter);
    }
}

/* A TAB would leave the underline behind. */
static void flatten(struct buf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] == '\t') {
            text->bytes[i] = ' ';
        }
    }
}

void page_excerpt(struct page *page, unsigned indent, const char *gutter,
                  struct infscan_string line, struct span mark)
{
    struct buf copy;
    unsigned gutter_columns = gutter ? 8 : 0;

    buf_init(&copy, SIZE_MAX / 2);
    buf_add(&copy, str_of_string(line));
    flatten(&copy);
    defang_visible(&page->text, buf_str(&copy), hosts_of(page), &mark);
    buf_deinit(&copy);

    struct str text = buf_str(&page->text);
    while (text.len > mark.to && text.bytes[text.len - 1] == ' ') {
        text.len--;
    }
    size_t columns = count_columns(text);
    struct span place = {count_columns(str_sub(text, 0, mark.from)),
                         count_columns(str_sub(text, 0, mark.to))};
    struct span window =
        window_of(columns, place, room(page, indent + gutter_columns));
    put_gutter(page, indent, gutter);
    put_window(page, text, window, columns);
    if (mark.to > mark.from) {
        put_gutter(page, indent, gutter ? "" : NULL);
        put_underline(page, place, window);
    }
    buf_clear(&page->text);
}
