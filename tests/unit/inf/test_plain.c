/* SPDX-License-Identifier: MIT */
/* What plain.c reads at once is what the lexer's states make of the same bytes.
 */
#include "inf/lexer.h"
#include "inf/plain.h"
#include "text/decode.h"
#include "unit.h"

/* Lines of one text that each of the two has read. */
struct compared {
    unsigned n_plain;
    unsigned n_other;
    unsigned n_tokens;
    unsigned n_sections;
};

static enum inf_form form_of(enum lexer_form form)
{
    return form == LEXER_PLAIN    ? INF_PLAIN
           : form == LEXER_QUOTED ? INF_QUOTED
                                  : INF_PIECED;
}

/* Takes the lexer's tokens up to the line's end. */
static uint32_t read_line(struct lexer *lexer, struct inf_token *tokens,
                          uint32_t max, bool *is_section)
{
    struct lexer_token token;
    uint32_t n = 0;

    *is_section = false;
    while (lexer_next(lexer, &token) && token.kind != LEXER_LINE_END) {
        assert_true(token.kind == LEXER_SECTION ||
                    token.kind == LEXER_SECTION_BROKEN ||
                    token.kind == LEXER_KEY || token.kind == LEXER_FIELD);
        *is_section = token.kind == LEXER_SECTION;
        if (n < max) {
            tokens[n] = (struct inf_token){
                .off = token.start,
                .len = (token.end - token.start) & INF_MAX_TEXT,
                .form = (unsigned)form_of(token.form) & 3u,
                .is_key = token.kind == LEXER_KEY};
        }
        n++;
    }
    return n;
}

static void assert_same_line(const struct plain_reader *reader,
                             const struct inf_token *tokens, uint32_t n)
{
    assert_int_equal(reader->n, n);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(reader->tokens[i].off, tokens[i].off);
        assert_int_equal(reader->tokens[i].len, tokens[i].len);
        assert_int_equal(reader->tokens[i].form, tokens[i].form);
        assert_int_equal(reader->tokens[i].is_key, tokens[i].is_key);
    }
}

static void compare(struct compared *compared, struct str bytes)
{
    static struct inf_token tokens[PLAIN_TOKENS + 1];
    struct arena *arena = arena_new(SIZE_MAX);
    struct diag_list diags;
    struct decoded decoded;
    struct lexer lexer;
    struct plain_reader reader;

    diag_list_init(&diags, arena, 1000);
    assert_int_equal(
        decode_as(arena, bytes, ENCODING_UTF8, 0, 0, NULL, &decoded),
        INFSCAN_OK);
    lexer_init(&lexer, decoded.text, &diags);
    plain_init(&reader, decoded.text->bytes);
    while (lexer.at < bytes.len && bytes.bytes[lexer.at] != '\x1a') {
        bool is_section;
        if (!lexer_starts_line(&lexer)) {
            read_line(&lexer, tokens, PLAIN_TOKENS + 1, &is_section);
            continue;
        }
        uint32_t at = lexer.at;
        uint32_t n_diags = diags.list.n;
        enum plain_result result = plain_read(&reader, &at);
        uint32_t n = read_line(&lexer, tokens, PLAIN_TOKENS + 1, &is_section);
        if (result == PLAIN_OTHER) {
            compared->n_other++;
            continue;
        }
        assert_int_equal(at, lexer.at);
        assert_int_equal(diags.list.n, n_diags);
        assert_int_equal(is_section, result == PLAIN_SECTION);
        if (result == PLAIN_SECTION) {
            reader.n = 1;
            compared->n_sections++;
        }
        assert_same_line(&reader, tokens, n);
        compared->n_plain++;
        compared->n_tokens += n;
    }
    arena_free(arena);
}

/* Whether the first line behind the header is plain, and like the lexer's. */
static bool is_plain(struct str line)
{
    struct compared compared = {0};
    struct buf text;

    buf_init(&text, 1 << 20);
    buf_add(&text, STR("[A]\n"));
    buf_add(&text, line);
    compare(&compared, buf_str(&text));
    buf_deinit(&text);
    assert_true(compared.n_plain + compared.n_sections + compared.n_other > 0);
    return compared.n_other == 0;
}

static void test_reads_what_lines_are_made_of(void **state)
{
    static const char *const plain[] = {
        "\n",
        " \t\r\n",
        "; a comment, \"and\" = more\r\n",
        "a\n",
        "a\r\n",
        "k = v ; comment\n",
        " k\t=\tv , w \r\n",
        "k=\r\n",
        "k=\n",
        "k= ; c\n",
        ",\n",
        "a,,b\n",
        "=v\n",
        "k==v=w\n",
        "\"a b\" = \" c;d,e=f \" , \"\"\n",
        "HKLM,Software\\Vendor\\\\Thing,\"Na\\me\",0x10001,01,02\r\n",
        "k = %a%,b\n",
        "[B] more\r\n",
        "[\xC3\xA9]\n",
        "[]\n",
        "k = \"\xC3\xA9\xE2\x80\xA8\", 1\r\n",
        "k = v,\\\r\n  w , \\ \n x\r\n",
        "k = \\\n\n",
        "k = ,\\\n ; note\n",
        "a\x7F b\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_true(is_plain(str_from(plain[i])));
    }
}

static void test_leaves_the_rest_to_the_lexer(void **state)
{
    const struct str other[] = {
        STR("a"), /* no line end */
        STR("a\rb\n"),
        STR("a\\\nb\n"),
        STR("k = a \\ ; c\n b\n"),
        STR("k = \\a\n"),
        STR("k = \"a\n"),
        STR("k = \"a\"\"b\"\n"),
        STR("k = \"a\" b\n"),
        STR("k = b \"a\"\n"),
        STR("k = \"a\"=b\n"),
        STR("k = %a ;% b\n"),
        STR("k = \xC3\xA9\n"),
        STR("k = a\0b\n"),
        STR("k = \"a\0b\"\n"),
        STR("k = a\x0B\n"),
        STR("k = a\x1A\n"),
        STR("; a\x1A\n"),
        STR("[B\n"),
        STR("[B\0]\n"),
        STR("k = a, \\\n [B]\n"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_false(is_plain(other[i]));
    }
}

static void test_knows_its_limits(void **state)
{
    struct buf line;

    (void)state;
    buf_init(&line, 1 << 20);
    for (unsigned i = 0; i < 4095; i++) {
        buf_add_char(&line, 'a');
    }
    buf_add_char(&line, '\n');
    assert_true(is_plain(buf_str(&line)));
    line.len--;
    buf_add(&line, STR("a\n"));
    assert_false(is_plain(buf_str(&line)));
    buf_clear(&line);
    for (unsigned i = 1; i < PLAIN_TOKENS; i++) {
        buf_add(&line, STR("a,"));
    }
    buf_add(&line, STR("\n"));
    assert_true(is_plain(buf_str(&line)));
    line.len--;
    buf_add(&line, STR(",\n"));
    assert_false(is_plain(buf_str(&line)));
    buf_deinit(&line);
}

/* Lines of everything that means something, in any order; the same numbers in
 * each run. */
static void test_agrees_about_any_line(void **state)
{
    const struct str parts[] = {
        STR("a"),    STR("Bc"),       STR("a"),        STR("b12"), STR(","),
        STR(","),    STR(","),        STR("="),        STR("="),   STR(";"),
        STR("\""),   STR("\""),       STR("\"\""),     STR("\\"),  STR("\\"),
        STR(" "),    STR(" "),        STR("\t"),       STR("\n"),  STR("\r\n"),
        STR("\r\n"), STR("\r"),       STR("\\\r\n"),   STR("%"),   STR("[b]"),
        STR("["),    STR("]"),        STR("\"a b\""),  STR("\0"),  STR("\v"),
        STR("\x7F"), STR("\xC2\xA0"), STR("\xC3\xA9"), STR(", "),  STR("k = "),
    };
    struct compared compared = {0};
    struct buf text;
    uint64_t number = 1;

    (void)state;
    buf_init(&text, 1 << 20);
    for (unsigned i = 0; i < 20000; i++) {
        buf_clear(&text);
        buf_add(&text, STR("[A]\n"));
        for (unsigned k = 0; k < 40; k++) {
            number = number * UINT64_C(6364136223846793005) + 1;
            buf_add(&text,
                    parts[(number >> 33) % (sizeof parts / sizeof *parts)]);
        }
        compare(&compared, buf_str(&text));
    }
    buf_deinit(&text);
    assert_true(compared.n_plain > 10000);
    assert_true(compared.n_other > 10000);
    assert_true(compared.n_sections > 1000);
    assert_true(compared.n_tokens > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_what_lines_are_made_of),
        cmocka_unit_test(test_leaves_the_rest_to_the_lexer),
        cmocka_unit_test(test_knows_its_limits),
        cmocka_unit_test(test_agrees_about_any_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
