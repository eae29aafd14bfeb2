/* SPDX-License-Identifier: MIT */
/* Runs parse.spec: see the head of that file. */
#include <errno.h>

#include "base/buf.h"
#include "inf/parser.h"
#include "inf/strings.h"
#include "install/path.h"
#include "text/decode.h"

#define MAX_SPEC_BYTES ((size_t)1 << 20)

struct spec {
    const char *name;
    struct str rest;
    uint32_t line;
    unsigned passed;
    unsigned failed;
};

struct test_case {
    uint32_t line;
    struct str title;
    struct buf input;
    struct buf expected;
};

/* Turns ␍ ␚ ␀ and ⟨xN⟩ into what they stand for. */
static void add_text(struct buf *out, struct str s)
{
    static const struct {
        struct str sign;
        char c;
    } signs[] = {{{"\xE2\x90\x8D", 3}, '\r'},
                 {{"\xE2\x90\x9A", 3}, '\x1a'},
                 {{"\xE2\x90\x80", 3}, '\0'}};

    for (size_t i = 0; i < s.len;) {
        size_t k = 0;
        while (k < 3 && !str_equal(str_sub(s, i, 3), signs[k].sign)) {
            k++;
        }
        if (k < 3) {
            buf_add_char(out, signs[k].c);
            i += 3;
        } else if (str_equal(str_sub(s, i, 4), STR("\xE2\x9F\xA8x"))) {
            size_t end = str_find(s, STR("\xE2\x9F\xA9"), i);
            int64_t n = 0;
            str_parse_int(str_sub(s, i + 4, end - i - 4), &n);
            char last = out->bytes[out->len - 1];
            for (int64_t r = 1; r < n; r++) {
                buf_add_char(out, last);
            }
            i = end + 3;
        } else {
            buf_add_char(out, s.bytes[i++]);
        }
    }
}

static bool next_line(struct spec *spec, struct str *line)
{
    bool more = str_next(&spec->rest, '\n', line);

    spec->line += more;
    return more;
}

static bool next_case(struct spec *spec, struct test_case *out)
{
    struct str line;

    do {
        if (!next_line(spec, &line)) {
            return false;
        }
    } while (!str_starts_fold(line, STR("### ")));
    out->line = spec->line;
    out->title = str_sub(line, 4, line.len);
    buf_clear(&out->input);
    buf_clear(&out->expected);
    while (next_line(spec, &line) && !str_equal(line, STR("---"))) {
        add_text(&out->input, line);
        buf_add_char(&out->input, '\n');
    }
    while (spec->rest.bytes && !str_starts_fold(spec->rest, STR("### ")) &&
           next_line(spec, &line)) {
        add_text(&out->expected, line);
        buf_add_char(&out->expected, '\n');
    }
    /* the empty line before the next title */
    while (out->expected.len > 1 &&
           out->expected.bytes[out->expected.len - 1] == '\n' &&
           out->expected.bytes[out->expected.len - 2] == '\n') {
        out->expected.len--;
    }
    if (out->expected.len == 1) {
        out->expected.len = 0;
    }
    return true;
}

static void show_body(const struct inf_document *document,
                      struct inf_expander *expander, struct buf *out)
{
    const struct inf_section *section = inf_document_find(document, STR("T"));

    for (uint32_t i = section ? section->first : INF_NONE; i != INF_NONE;
         i = inf_document_next(document, i)) {
        const struct inf_line *line = &document->lines[i];
        if (inf_line_has_key(document, line) == INF_KEY_NONE) {
            buf_add_z(out, "<none>");
        } else {
            buf_add(out, slice_str(inf_expand(expander,
                                              inf_line_key(document, line))));
        }
        for (uint32_t k = 0; k < inf_line_n_fields(document, line); k++) {
            buf_add_char(out, '|');
            buf_add(out, slice_str(inf_expand(
                             expander, inf_line_field(document, line, k))));
        }
        buf_add_char(out, '\n');
    }
}

static void show_file(const struct inf_document *document, struct buf *out)
{
    const char *refusal = inf_refusal_name(document->refusal);

    if (refusal) {
        buf_add_format(out, "refused %s %u\n", refusal, document->refusal_line);
    } else {
        buf_add_z(out, "accepted\n");
    }
    for (uint32_t i = 0; i < document->n_sections; i++) {
        buf_add(out, slice_str(document->sections[i].name));
        buf_add_char(out, '\n');
    }
    while (out->len > 1 && out->bytes[out->len - 2] == '\n') {
        out->len--; /* an empty name at the end, as the spec is read */
    }
}

static bool run(struct test_case *test, struct buf *actual)
{
    struct arena *arena = arena_new(SIZE_MAX);
    bool whole = str_starts_fold(test->title, STR("file:"));
    struct buf raw;
    struct decoded decoded;
    struct source source;
    struct inf_document document;
    const struct inf_strings *strings;
    uint32_t n_strings;
    struct path_context paths;

    buf_init(&raw, MAX_SPEC_BYTES);
    if (!whole) {
        buf_add_z(&raw, "[Version]\nSignature=\"$Windows NT$\"\n[T]\n");
    }
    buf_add(&raw, buf_str(&test->input));
    buf_clear(actual);
    bool ok =
        path_context_init(&paths, arena, STR("C:\\src")) &&
        decode_as(arena, buf_str(&raw), ENCODING_UTF8, 0, 0, NULL, &decoded) ==
            INFSCAN_OK &&
        source_init(&source, arena, buf_str(&raw), decoded.text) &&
        inf_parse(arena, &source, &limits_default, NULL, &document) ==
            INFSCAN_OK &&
        inf_strings_list(arena, &document, &strings, &n_strings) == INFSCAN_OK;
    if (ok && whole) {
        show_file(&document, actual);
    } else if (ok) {
        struct inf_expander expander = {.arena = arena,
                                        .strings = strings,
                                        .directory = path_directory,
                                        .context = &paths,
                                        .max_bytes = SIZE_MAX};
        show_body(&document, &expander, actual);
    }
    buf_deinit(&raw);
    arena_free(arena);
    return ok;
}

static void run_all(struct spec *spec)
{
    struct test_case test = {0};
    struct buf actual;

    buf_init(&actual, MAX_SPEC_BYTES);
    buf_init(&test.input, MAX_SPEC_BYTES);
    buf_init(&test.expected, MAX_SPEC_BYTES);
    while (next_case(spec, &test)) {
        if (run(&test, &actual) &&
            str_equal(buf_str(&actual), buf_str(&test.expected))) {
            spec->passed++;
            continue;
        }
        spec->failed++;
        fprintf(stderr, "%s:%u: %.*s\n--- expected\n%.*s--- actual\n%.*s\n",
                spec->name, test.line, (int)test.title.len, test.title.bytes,
                (int)test.expected.len, test.expected.bytes, (int)actual.len,
                actual.bytes ? actual.bytes : "");
    }
    buf_deinit(&test.input);
    buf_deinit(&test.expected);
    buf_deinit(&actual);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    char *text = malloc(MAX_SPEC_BYTES);

    if (!file || !text) {
        fprintf(stderr, "usage: run_parse FILE.spec: %s\n", strerror(errno));
        free(text);
        return 2;
    }
    size_t len = fread(text, 1, MAX_SPEC_BYTES, file);
    struct spec spec = {.name = argv[1], .rest = str_of(text, len)};
    run_all(&spec);
    printf("%u passed, %u failed\n", spec.passed, spec.failed);
    fclose(file);
    free(text);
    return spec.failed || !spec.passed;
}
