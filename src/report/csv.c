/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/defang.h"
#include "report/render.h"

/* Rows for spreadsheets and line tools: infscan(1), CSV. */

/* What a row is made of: a result, or a path and why there is none. */
struct row {
    const struct infscan_result *result; /* NULL: nothing could be analysed */
    const struct infscan_summary *summary;
    struct str path;
    struct str error;
    const struct infscan_render_options *options;
};

typedef void cell_fn(struct buf *cell, const struct row *row);

/* One more item of a list in a cell; items have no blanks, or are told apart by
 * "; ". */
static void add_item(struct buf *cell, struct str item, const char *between)
{
    if (cell->len) {
        buf_add_z(cell, between);
    }
    buf_add(cell, item);
}

/* As add_item, once. The list is short: rules and techniques of one file. */
static void add_once(struct buf *cell, const char *item)
{
    struct str rest = buf_str(cell);
    struct str word;

    while (str_next(&rest, ' ', &word)) {
        if (str_equal(word, str_from(item))) {
            return;
        }
    }
    add_item(cell, str_from(item), " ");
}

static void cell_path(struct buf *cell, const struct row *row)
{
    buf_add(cell, row->path);
}

static void cell_status(struct buf *cell, const struct row *row)
{
    buf_add_z(cell, row->result
                        ? infscan_result_status_name(row->summary->status)
                        : infscan_result_status_name(INFSCAN_RESULT_ERROR));
}

/* Of an error its message says all; it has a cell of its own. */
static bool is_analysed(const struct row *row)
{
    return row->result && row->summary->status != INFSCAN_RESULT_ERROR;
}

static void cell_verdict(struct buf *cell, const struct row *row)
{
    if (is_analysed(row)) {
        buf_add_z(cell, infscan_verdict_name(row->summary->verdict));
    }
}

static void cell_score(struct buf *cell, const struct row *row)
{
    if (is_analysed(row)) {
        buf_add_format(cell, "%" PRIu32, row->summary->score);
    }
}

static void cell_dialect(struct buf *cell, const struct row *row)
{
    if (is_analysed(row) && row->summary->dialect) {
        buf_add_z(cell, row->summary->dialect);
    }
}

static void cell_size(struct buf *cell, const struct row *row)
{
    if (is_analysed(row) || (row->result && row->summary->size)) {
        buf_add_format(cell, "%" PRIu64, row->summary->size);
    }
}

static void cell_sha256(struct buf *cell, const struct row *row)
{
    if (row->result) {
        buf_add_z(cell, row->summary->sha256);
    }
}

static void cell_launchers(struct buf *cell, const struct row *row)
{
    size_t n = 0;
    const struct infscan_plan *plans =
        row->result ? infscan_result_plans(row->result, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        add_once(cell, plans[i].launcher);
    }
}

static void cell_rules(struct buf *cell, const struct row *row)
{
    size_t n = 0;
    const struct infscan_finding *findings =
        row->result ? infscan_result_findings(row->result, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= row->options->min_severity) {
            add_once(cell, findings[i].rule);
        }
    }
}

static void cell_attack(struct buf *cell, const struct row *row)
{
    size_t n = 0;
    const struct infscan_finding *findings =
        row->result ? infscan_result_findings(row->result, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        if (findings[i].severity >= row->options->min_severity) {
            for (size_t j = 0; findings[i].attack[j]; j++) {
                add_once(cell, findings[i].attack[j]);
            }
        }
    }
}

static void cell_summary(struct buf *cell, const struct row *row)
{
    if (is_analysed(row)) {
        buf_add(cell, str_of_string(row->summary->text));
    }
}

/* Where the file would connect to; the other indicators are in the records. */
static void cell_network(struct buf *cell, const struct row *row)
{
    size_t n = 0;
    const struct infscan_indicator *indicators =
        row->result ? infscan_result_indicators(row->result, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(indicators[i].type, "url") == 0 ||
            strcmp(indicators[i].type, "unc") == 0 ||
            strcmp(indicators[i].type, "domain") == 0 ||
            strcmp(indicators[i].type, "ip") == 0) {
            add_item(cell, str_of_string(indicators[i].value), "; ");
        }
    }
}

static void cell_limits(struct buf *cell, const struct row *row)
{
    size_t n = 0;
    const struct infscan_limit_hit *limits =
        row->result ? infscan_result_limits(row->result, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        add_once(cell, limits[i].name);
    }
}

static void cell_error(struct buf *cell, const struct row *row)
{
    buf_add(cell, row->error);
}

static void cell_member(struct buf *cell, const struct row *row)
{
    if (row->result) {
        buf_add(cell, str_of_string(row->summary->member));
    }
}

static const struct column {
    const char *name;
    cell_fn *fill;
} columns[] = {
    {"path", cell_path},       {"status", cell_status},
    {"verdict", cell_verdict}, {"score", cell_score},
    {"dialect", cell_dialect}, {"launchers", cell_launchers},
    {"summary", cell_summary}, {"rules", cell_rules},
    {"attack", cell_attack},   {"network", cell_network},
    {"limits", cell_limits},   {"size", cell_size},
    {"sha256", cell_sha256},   {"error", cell_error},
    {"member", cell_member},
};

#define N_COLUMNS (sizeof columns / sizeof columns[0])

/* What makes a spreadsheet run a cell as a formula where it stands first, the
 * full-width forms of East Asian ones included. */
static const char *const formula_starts[] = {
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\xef\xbc\x9d" /* U+FF1D */,
    "\xef\xbc\x8b" /* U+FF0B */,
    "\xef\xbc\x8d" /* U+FF0D */,
    "\xef\xbc\xa0" /* U+FF20 */,
};

static bool is_formula(struct str s)
{
    for (size_t i = 0; i < sizeof formula_starts / sizeof formula_starts[0];
         i++) {
        if (str_starts_fold(s, str_from(formula_starts[i]))) {
            return true;
        }
    }
    return false;
}

/* One cell: quoted, visible, never a formula. Blanks before the formula do not
 * keep every program from running it. */
static void put_cell(struct buf *out, struct str text)
{
    buf_add_z(out, is_formula(str_trim(text)) ? "\"'" : "\"");
    for (size_t i = 0; i < text.len; i++) {
        buf_add_z(out, text.bytes[i] == '"' ? "\"" : "");
        buf_add_char(out, text.bytes[i]);
    }
    buf_add_char(out, '"');
}

static void put_row(struct sink *sink, const struct row *row)
{
    struct defang_hosts hosts = {.n = 0};
    bool defang = !(row->options->flags & INFSCAN_RENDER_NO_DEFANG);
    struct buf cell;
    struct buf visible;

    if (row->result) {
        defang_learn(&hosts, row->result);
    }
    buf_init(&cell, SIZE_MAX / 2);
    buf_init(&visible, SIZE_MAX / 2);
    for (size_t i = 0; i < N_COLUMNS; i++) {
        bool is_name = columns[i].fill == cell_path;
        buf_clear(&cell);
        buf_clear(&visible);
        columns[i].fill(&cell, row);
        defang_visible(&visible, buf_str(&cell),
                       defang && !is_name ? &hosts : NULL, NULL);
        buf_add_z(&sink->buf, i ? "," : "");
        put_cell(&sink->buf, buf_str(&visible));
        sink->buf.failed |= cell.failed | visible.failed;
    }
    buf_add_char(&sink->buf, '\n');
    buf_deinit(&visible);
    buf_deinit(&cell);
}

static void render_header(struct sink *sink)
{
    for (size_t i = 0; i < N_COLUMNS; i++) {
        buf_add_z(&sink->buf, i ? "," : "");
        put_cell(&sink->buf, str_from(columns[i].name));
    }
    buf_add_char(&sink->buf, '\n');
}

static void render_result(struct sink *sink,
                          const struct infscan_result *result,
                          const struct infscan_render_options *options)
{
    const struct infscan_summary *summary = infscan_result_summary(result);
    struct row row = {.result = result,
                      .summary = summary,
                      .path = str_of_string(summary->raw_path),
                      .error = str_of_string(summary->error_message),
                      .options = options};

    put_row(sink, &row);
}

static void render_failure(struct sink *sink, const char *path,
                           const char *message,
                           const struct infscan_render_options *options)
{
    struct row row = {
        .path = str_from(path), .error = str_from(message), .options = options};

    put_row(sink, &row);
}

const struct renderer renderer_csv = {
    .header = render_header,
    .result = render_result,
    .failure = render_failure,
};
