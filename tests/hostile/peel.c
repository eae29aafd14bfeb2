/* SPDX-License-Identifier: MIT */
/*
 * Command lines made to hurt whoever takes them apart. Each kind is a piece
 * that is repeated: to a megabyte, which has to end within the budget, with
 * texts and memory that are bounded; and n and 2n times, which may take at most
 * 2.3 times the steps. So may 2n commands inside each other. What a stream
 * decompresses to ends at the limit, and that is told. Steps are counted, not
 * seconds: the outcome is the same on every machine.
 */
#include <stdio.h>
#include <stdlib.h>

#include <zlib.h>

#include "command/layer.h"

#define LARGE_BYTES ((size_t)1 << 20)
#define SMALL_BYTES ((size_t)8 << 10)
#define MEMORY_BYTES ((size_t)512 << 20) /* that one command may take */
#define MOST_RATIO 2.3
#define BOMB_BYTES ((size_t)10 << 20)

/* '#' in a piece is its number. */
static const struct kind {
    const char *name, *head, *piece, *tail;
} kinds[] = {
    {"carets", "cmd /c ", "^a", ""},
    {"carets alone", "cmd /c ", "^", ""},
    {"variables", "cmd /c echo ", "%a%", ""},
    {"open variables", "cmd /c echo ", "%a", ""},
    {"parts of variables", "cmd /c \"set a=abc", "&call echo %a:~0,1%", "\""},
    {"parts of stock variables", "cmd /c ", "%comspec:~0,1%", ""},
    {"names", "cmd /c \"", "set v#=#&", "call echo %v1%\""},
    {"delayed variables", "cmd /v:on /c \"set a=b&", "!a!", "\""},
    {"growing replacements", "cmd /v:on /c \"set a=aa", "&set a=!a:a=aa!",
     "&!a!\""},
    {"marks in replacements", "cmd /v:on /c \"set a=b&", "!a:", "\""},
    {"commands inside each other", "", "cmd /c ", "dir"},
    {"quotes inside each other", "", "cmd /c \"", ""},
    {"parentheses", "cmd /c ", "(", ""},
    {"commands in a row", "cmd /c ", "a&", ""},
    {"pipes", "cmd /c ", "echo a|cmd|", ""},
    {"loops inside each other", "cmd /c ", "for %i in (a b) do ", "echo %i"},
    {"a long list", "cmd /c for %i in (", "a ", ") do echo %i"},
    {"conditions", "cmd /c ", "if a==a ", "echo"},
    {"other branches", "cmd /c ", "if a==b (x) else ", "echo"},
    {"jumps", "cmd /c ", "goto x&", ""},
    {"sums", "cmd /c set /a x=", "1+", "1"},
    {"sums in parentheses", "cmd /c set /a x=", "(", ""},
    {"assignments of assignments", "cmd /c set /a ", "x=", "1"},
    {"quotes", "cmd /c ", "\"", ""},
    {"quotes in words", "cmd /c ", "a\"\"b ", ""},
    {"programs that start programs", "", "start ", "cmd"},
    {"delimiters", "", ",;", "cmd /c dir"},
    {"blanks", "cmd /c", " ", ""},
    {"hosts", "psexec ", "\\\\h ", ""},
    {"library entries", "rundll32 ", "shell32.dll,ShellExec_RunDLL ", ""},
    {"cut addresses", "msiexec ", "\"ht\"tp://x ", ""},
    {"backslashes", "msiexec /i ", "\\", "\""},
    {"concatenation", "powershell -c \"", "'a'+", "'b'\""},
    {"a list of numbers", "powershell -c \"-join(", "97,", "98)\""},
    {"characters", "powershell -c \"iex(", "[char]97+", "'')\""},
    {"groups", "powershell -c \"", "(", "\""},
    {"blocks", "powershell -c \"", "{", "\""},
    {"types", "powershell -c \"", "[", "\""},
    {"subexpressions", "powershell -c \"", "$(", "\""},
    {"hash tables", "powershell -c \"", "@{", "\""},
    {"places", "powershell -c \"'", "{0}", "' -f 'ab'\""},
    {"replacements", "powershell -c \"'a'", ".Replace('a','aa')", "\""},
    {"a hard pattern", "powershell -c \"'", "a", "' -replace '(a+)+b','x'\""},
    {"splitting", "powershell -c \"('", "a,", "' -split ',') -join ''\""},
    {"doubling", "powershell -c \"$a='a';", "$a=$a+$a;", "iex $a\""},
    {"assignments", "powershell -c \"", "$v#=#;", "\""},
    {"a pipeline", "powershell -c \"1", "|%{$_}", "\""},
    {"indexes", "powershell -c \"'abc'[", "0,", "0] -join ''\""},
    {"backticks", "powershell -c \"", "`a", "\""},
    {"dollars", "powershell -c \"", "$", "\""},
    {"expanded names", "powershell \"", "$a", "\""},
    {"comments", "powershell -c \"", "<#", "\""},
    {"functions", "powershell -c \"", "function f{f};", "f\""},
    {"invocations", "powershell -c \"", "iex ", "'a'\""},
    {"minus signs", "powershell -c \"", "-", "1\""},
    {"casts", "powershell -c \"", "[char]", "1\""},
    {"members", "powershell -c \"$a", ".b", "\""},
    {"sums of strings", "mshta vbscript:", "\"a\"&", "\"b\""},
    {"codes", "mshta vbscript:Execute(", "Chr(97)&", "\"\")"},
    {"calls in calls", "mshta vbscript:", "StrReverse(", ""},
    {"escapes", "mshta javascript:eval(unescape(\"", "%61", "\"))"},
    {"scripts in scripts", "mshta vbscript:", "Execute(\"", ""},
    {"commands of scripts", "mshta javascript:", "x.Run(\"a\");", ""},
    {"commands of other languages", "python -c \"", "os.system('cmd /c dir');",
     "\""},
    {"braces", "odbcconf ", "/a {", ""},
    {"one word", "", "a", ""},
    {"no text", "cmd /c ", "\x01", ""},
};

/* Short lines that ask for endless work. */
static const char *const endless[] = {
    "powershell -c \"while($true){$a+='x'}\"",
    "powershell -c \"for($i=0;;$i++){$a+=$a}\"",
    "powershell -c \"function f($n){f($n+1);f($n+2)};f 1\"",
    "powershell -c \"-join(1..2000000)\"",
    "powershell -c \"'a'*100000000\"",
    "powershell -c \"'a'.PadLeft(100000000)\"",
    "powershell -c \"$a='a'*100000;$a.Replace('a',$a)\"",
    "cmd /c for /l %i in (1,1,100000000) do echo %i",
    "cmd /c for /l %i in (1,0,1) do echo %i",
};

static int failures;

static void fail(const char *name, const char *what, uint64_t n)
{
    printf("not ok: %s: %s (%llu)\n", name, what, (unsigned long long)n);
    failures++;
}

static void add_piece(struct buf *out, const char *piece, size_t number)
{
    for (; *piece; piece++) {
        if (*piece == '#') {
            buf_add_format(out, "%zu", number);
        } else {
            buf_add_char(out, *piece);
        }
    }
}

static void make(const struct kind *kind, size_t bytes, struct buf *out)
{
    buf_init(out, LARGE_BYTES * 2);
    buf_add_z(out, kind->head);
    for (size_t i = 0; out->len < bytes; i++) {
        add_piece(out, kind->piece, i);
    }
    buf_add_z(out, kind->tail);
}

/* Peels a text, and checks what holds for any. */
static struct peeled run(const char *name, struct str text,
                         const struct limits *limits)
{
    struct arena *arena = arena_new(MEMORY_BYTES);
    struct text_builder builder;
    struct peeled out = {0};

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, text, 0);
    if (!command_peel(arena, slice_all(text_build_finish(&builder)), limits,
                      &out)) {
        fail(name, "memory ran out", MEMORY_BYTES);
    }
    if (out.steps > limits->value[LIMIT_peel_steps]) {
        fail(name, "steps", out.steps);
    }
    if (out.n_layers > limits->value[LIMIT_layers]) {
        fail(name, "layers", out.n_layers);
    }
    for (uint32_t i = 0; i < out.n_layers; i++) {
        /* the command's own part is as long as the command */
        if (out.layers[i].text.len > limits->value[LIMIT_layer_bytes] &&
            out.layers[i].text.len > text.len) {
            fail(name, "bytes of a layer", out.layers[i].text.len);
        }
    }
    arena_free(arena);
    return out;
}

static void check_kind(const struct kind *kind)
{
    struct buf text;
    uint64_t steps[2];
    limit_set hit = 0;

    make(kind, LARGE_BYTES, &text);
    run(kind->name, buf_str(&text), &limits_default);
    buf_deinit(&text);
    for (unsigned i = 0; i < 2; i++) {
        make(kind, SMALL_BYTES << i, &text);
        struct peeled out = run(kind->name, buf_str(&text), &limits_default);
        buf_deinit(&text);
        steps[i] = out.steps;
        hit |= out.limits;
    }
    if (!hit && (double)steps[1] > MOST_RATIO * (double)steps[0] + 64) {
        fail(kind->name, "more than 2.3 times the steps for twice as much",
             steps[1]);
    }
}

/* n commands inside each other. */
static void check_nesting(const char *name, const char *piece, unsigned n)
{
    uint64_t steps[2];

    for (unsigned twice = 0; twice < 2; twice++) {
        struct buf text;
        buf_init(&text, LARGE_BYTES);
        for (unsigned i = 0; i < n << twice; i++) {
            buf_add_z(&text, piece);
        }
        buf_add_z(&text, "w^hoami ");
        for (unsigned i = 0; i < 4000; i++) {
            buf_add_char(&text, 'a');
        }
        struct peeled out = run(name, buf_str(&text), &limits_default);
        if (out.limits) {
            fail(name, "a limit was reached", out.limits);
        }
        steps[twice] = out.steps;
        buf_deinit(&text);
    }
    if ((double)steps[1] > MOST_RATIO * (double)steps[0]) {
        fail(name, "more than 2.3 times the steps for twice the layers",
             steps[1]);
    }
}

static void add_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                 "qrstuvwxyz0123456789+/";

    for (size_t i = 0; i < n; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= i + 2 < n ? bytes[i + 2] : 0;
        buf_add_char(out, digits[group >> 18]);
        buf_add_char(out, digits[group >> 12 & 63]);
        buf_add_char(out, i + 1 < n ? digits[group >> 6 & 63] : '=');
        buf_add_char(out, i + 2 < n ? digits[group & 63] : '=');
    }
}

/* Ten megabytes of one letter, as a stream of a kind. */
static void check_bomb(const char *name, int window_bits)
{
    unsigned char *plain = malloc(BOMB_BYTES);
    unsigned char *packed = malloc(BOMB_BYTES);
    z_stream stream = {0};
    struct buf text;

    if (!plain || !packed ||
        deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        fail(name, "no memory for the test", 0);
        return;
    }
    memset(plain, 'a', BOMB_BYTES);
    stream.next_in = plain;
    stream.avail_in = BOMB_BYTES;
    stream.next_out = packed;
    stream.avail_out = BOMB_BYTES;
    deflate(&stream, Z_FINISH);
    buf_init(&text, LARGE_BYTES);
    buf_add_format(
        &text,
        "powershell -c \"iex (New-Object IO.StreamReader((New-Object "
        "IO.Compression.%sStream([IO.MemoryStream][Convert]::"
        "FromBase64String('",
        name);
    add_base64(&text, packed, stream.total_out);
    buf_add_z(&text, "'),[IO.Compression.CompressionMode]::Decompress)),"
                     "[Text.Encoding]::ASCII)).ReadToEnd()\"");
    struct peeled out = run(name, buf_str(&text), &limits_default);
    if (!(out.limits >> LIMIT_layer_bytes & 1)) {
        fail(name, "the limit is not told", out.limits);
    }
    buf_deinit(&text);
    deflateEnd(&stream);
    free(plain);
    free(packed);
}

static void check_endless(const char *line)
{
    struct peeled out = run(line, str_from(line), &limits_default);

    if (!out.limits) {
        fail(line, "no limit is told", out.steps);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        check_kind(&kinds[i]);
    }
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        check_endless(endless[i]);
    }
    check_nesting("cmd in cmd", "cmd /c ", 10);
    check_nesting("start in start", "start ", 10);
    check_nesting("cmd in start", "cmd /c start ", 5);
    check_bomb("Deflate", -15);
    check_bomb("Gzip", 15 + 16);
    printf("%zu kinds, %d failures\n", sizeof kinds / sizeof *kinds, failures);
    return failures != 0;
}
