/* SPDX-License-Identifier: MIT */

/* Build tool: embed OUT.c GOODWARE.tsv FILE.yml...
 *
 * Reads the shipped rules with the loader that reads a user's, so that their
 * patterns and examples are checked at every build, and writes them as const
 * tables. Part of no installed program. */

#include <inttypes.h>

#include <nettle/sha2.h>

#include "base/arena.h"
#include "base/limits.h"
#include "rules/load.h"
#include "rules/prefilter.h"

struct embedding {
    struct arena *arena;
    struct rule_list list;
    uint32_t n_patterns;
    struct sha256_ctx digest;
    struct str goodware; /* goodware.tsv */
    FILE *out;
};

static int fail(const char *program, const char *path, const char *message)
{
    fprintf(stderr, "%s: %s: %s\n", program, path, message);
    return 1;
}

static struct str read_all(struct arena *arena, const char *path)
{
    const struct str nothing = {NULL, 0};
    FILE *file = fopen(path, "rb");
    size_t max_bytes = RULE_FILE_MAX_BYTES;
    char *bytes = arena_alloc(arena, max_bytes + 1, 1);

    if (!file || !bytes) {
        if (file) {
            fclose(file);
        }
        return nothing;
    }
    size_t n = fread(bytes, 1, max_bytes + 1, file);
    bool ok = !ferror(file) && n <= max_bytes;
    fclose(file);
    return ok ? str_of(bytes, n) : nothing;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* 0, or 1 after a message. */
static int load(struct embedding *embedding, const char *program,
                const char *path)
{
    struct infscan_error error = {0};
    struct str yaml = read_all(embedding->arena, path);

    if (!yaml.bytes) {
        return fail(program, path, "cannot be read");
    }
    sha256_update(&embedding->digest, yaml.len, (const uint8_t *)yaml.bytes);
    if (rules_load(embedding->arena, base_name(path), yaml, &embedding->list,
                   &embedding->n_patterns, &error) != INFSCAN_OK) {
        fprintf(stderr, "%s:%u:%u: error: %s\n", path, error.line, error.column,
                error.message ? error.message : "out of memory");
        infscan_error_clear(&error);
        return 1;
    }
    return 0;
}

/* A C string literal. */
static void put_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\\' || c == '"' || c == '?') {
            fputc('\\', out); /* ?: no trigraphs */
            fputc(c, out);
        } else if (c >= 0x20 && c < 0x7f) {
            fputc(c, out);
        } else {
            fprintf(out, "\\%03o", c);
        }
    }
    fputc('"', out);
}

static void put_list(FILE *out, uint32_t rule, const char *name,
                     const char *const *items)
{
    fprintf(out, "static const char *const %s_%u[] = {\n", name, rule);
    for (size_t i = 0; items[i]; i++) {
        fputs("    ", out);
        put_text(out, items[i]);
        fputs(",\n", out);
    }
    fputs("    NULL,\n};\n", out);
}

static void put_patterns(FILE *out, uint32_t rule, const char *name,
                         const struct pattern_list *list)
{
    if (!list->n) {
        return;
    }
    fprintf(out, "static const struct pattern %s_%u[] = {\n", name, rule);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct pattern *pattern = &list->items[i];
        fputs("    {", out);
        put_text(out, pattern->regex);
        fputs(", ", out);
        put_text(out, pattern->needs);
        fputs(", ", out);
        put_text(out, pattern->starts);
        fprintf(out, ", %u, %u, %u, %u},\n", pattern->back, pattern->id,
                pattern->line, pattern->column);
    }
    fputs("};\n", out);
}

static void put_pattern_list(FILE *out, uint32_t rule, const char *name,
                             const struct pattern_list *list)
{
    if (list->n) {
        fprintf(out, "    .%s = {%s_%u, %u},\n", name, name, rule, list->n);
    }
}

static void put_member(FILE *out, const char *name, const char *text)
{
    fprintf(out, "        .%s = ", name);
    put_text(out, text);
    fputs(",\n", out);
}

/* The number behind `name` and a tab; false where no line begins so. Source:
 * the head of goodware.tsv. */
static bool find_count(struct str goodware, const char *name, uint32_t *out)
{
    struct str key = str_from(name);
    size_t at = 0;

    while (at < goodware.len) {
        size_t end = str_find_char(goodware, '\n', at);
        struct str line = str_sub(goodware, at, end - at);
        int64_t count;
        if (line.len > key.len && line.bytes[key.len] == '\t' &&
            str_equal(str_sub(line, 0, key.len), key) &&
            str_parse_int(str_sub(line, key.len + 1, line.len), &count)) {
            *out = (uint32_t)count;
            return true;
        }
        if (end == STR_NONE) {
            break;
        }
        at = end + 1;
    }
    return false;
}

static void put_goodware(struct embedding *embedding, const char *id)
{
    uint32_t of = 0;
    uint32_t seen = 0;

    if (find_count(embedding->goodware, "of", &of) &&
        find_count(embedding->goodware, id, &seen)) {
        fprintf(embedding->out,
                "        .goodware_seen = %u,\n        .goodware_of = %u,\n",
                seen, of);
    }
}

/* Used only where users' rules are added, and the tables are made anew. */
static void put_gate(FILE *out, uint32_t i, const struct rule *rule)
{
    if (!rule->n_gate) {
        return;
    }
    fprintf(out, "static const struct gate_literal gate_%u[] = {\n", i);
    for (uint32_t k = 0; k < rule->n_gate; k++) {
        fputs("    {", out);
        put_text(out, rule->gate[k].text);
        fprintf(out, ", %u},\n", rule->gate[k].window);
    }
    fputs("};\n", out);
}

static void put_words(FILE *out, const char *name, const uint64_t *words,
                      uint32_t n)
{
    fprintf(out, "static const uint64_t %s[] = {\n", name);
    for (uint32_t i = 0; i < n; i++) {
        fprintf(out, "UINT64_C(%#" PRIx64 "),%s", words[i],
                i % 4 == 3 ? "\n" : " ");
    }
    fputs("};\n", out);
}

static void put_filter(FILE *out, const struct rule_set *set)
{
    const struct prefilter *filter = set->filter;

    put_words(out, "filter_bits", filter->bits, PREFILTER_WORDS);
    put_words(out, "filter_always", filter->always, prefilter_words(set->n));
    fputs("static const uint32_t filter_buckets[] = {\n", out);
    for (uint32_t i = 0; i <= PREFILTER_BUCKETS; i++) {
        fprintf(out, "%u,%s", filter->buckets[i], i % 16 == 15 ? "\n" : " ");
    }
    fputs("};\nstatic const struct prefilter_entry filter_entries[] = {\n",
          out);
    for (uint32_t i = 0; i < filter->n_entries; i++) {
        const struct prefilter_entry *entry = &filter->entries[i];
        fprintf(out,
                "{%u, %u, %u, UINT64_C(%#" PRIx64 "), UINT64_C(%#" PRIx64
                "), %u, %u},\n",
                entry->at, entry->len, entry->window, entry->key, entry->mask,
                entry->first, entry->n);
    }
    fputs("};\nstatic const uint32_t filter_rules[] = {\n", out);
    for (uint32_t i = 0; i < filter->n_rules; i++) {
        fprintf(out, "%u,%s", filter->rules[i], i % 16 == 15 ? "\n" : " ");
    }
    fputs("};\nstatic const char filter_bytes[] = {\n", out);
    for (uint32_t i = 0; i < filter->n_bytes; i++) {
        fprintf(out, "%d,%s", filter->bytes[i], i % 16 == 15 ? "\n" : " ");
    }
    fprintf(out,
            "};\nstatic const struct prefilter filter = {filter_bits, "
            "filter_buckets, filter_entries, filter_bytes, filter_rules, "
            "filter_always, %u, %u, %u};\n",
            filter->n_rules, filter->n_entries, filter->n_bytes);
}

static void put_rule(struct embedding *embedding, uint32_t i,
                     const struct rule *rule)
{
    const struct infscan_rule *info = &rule->info;
    FILE *out = embedding->out;

    put_list(out, i, "attack", info->attack);
    put_list(out, i, "targets", info->targets);
    put_list(out, i, "references", info->references);
    put_list(out, i, "falsepositives", info->falsepositives);
    put_list(out, i, "when", rule->when);
    put_list(out, i, "unless", rule->unless);
    put_list(out, i, "match", rule->match);
    put_list(out, i, "no_match", rule->no_match);
    put_gate(out, i, rule);
    put_patterns(out, i, "all", &rule->all);
    put_patterns(out, i, "any", &rule->any);
    put_patterns(out, i, "none", &rule->none);
    fprintf(out, "static const struct rule rule_%u = {\n    .info = {\n", i);
    put_member(out, "id", info->id);
    put_member(out, "title", info->title);
    put_member(out, "description", info->description);
    put_member(out, "confirm", info->confirm);
    fprintf(out, "        .severity = (enum infscan_severity)%d,\n",
            (int)info->severity);
    fprintf(out, "        .score = %u,\n", info->score);
    fprintf(out, "        .attack = attack_%u,\n", i);
    fprintf(out, "        .targets = targets_%u,\n", i);
    fprintf(out, "        .references = references_%u,\n", i);
    fprintf(out, "        .falsepositives = falsepositives_%u,\n", i);
    put_goodware(embedding, info->id);
    put_member(out, "source", info->source);
    fprintf(out, "        .line = %u,\n    },\n", info->line);
    fprintf(out, "    .targets = 0x%xu,\n", rule->targets);
    fprintf(out, "    .allowed = 0x%xu,\n", rule->allowed);
    put_pattern_list(out, i, "all", &rule->all);
    put_pattern_list(out, i, "any", &rule->any);
    put_pattern_list(out, i, "none", &rule->none);
    fprintf(out, "    .when = when_%u,\n    .unless = unless_%u,\n", i, i);
    fprintf(out, "    .match = match_%u,\n    .no_match = no_match_%u,\n", i,
            i);
    if (rule->n_gate) {
        fprintf(out, "    .gate = gate_%u,\n    .n_gate = %u,\n", i,
                rule->n_gate);
    }
    fputs("};\n\n", out);
}

static void put_set(struct embedding *embedding, const struct rule_set *set)
{
    FILE *out = embedding->out;
    uint8_t digest[SHA256_DIGEST_SIZE];

    fputs("/* SPDX-License-Identifier: MIT */\n"
          "/* Made by embed from builtin/. Do not edit. */\n"
          "#include \"rules/prefilter.h\"\n"
          "#include \"rules/rule.h\"\n\n",
          out);
    for (uint32_t i = 0; i < set->n; i++) {
        put_rule(embedding, i, set->rules[i]);
    }
    fputs("static const struct rule *const all_rules[] = {\n", out);
    for (uint32_t i = 0; i < set->n; i++) {
        fprintf(out, "    &rule_%u,\n", i);
    }
    fputs("};\n\n", out);
    put_filter(out, set);
    fprintf(out,
            "const struct rule_set rules_builtin = {all_rules, %u, %u, "
            "&filter};\n",
            set->n, set->n_patterns);
    sha256_digest(&embedding->digest, sizeof digest, digest);
    fputs("const char rules_builtin_digest[65] = \"", out);
    for (size_t i = 0; i < sizeof digest; i++) {
        fprintf(out, "%02x", digest[i]);
    }
    fputs("\";\n", out);
}

int main(int argc, char **argv)
{
    struct embedding embedding = {.arena = arena_new(SIZE_MAX)};
    struct rule_set set;
    int status = 0;

    if (argc < 4 || !embedding.arena) {
        fprintf(stderr, "usage: embed OUT.c GOODWARE.tsv FILE.yml...\n");
        arena_free(embedding.arena);
        return 1;
    }
    sha256_init(&embedding.digest);
    embedding.goodware = read_all(embedding.arena, argv[2]);
    if (!embedding.goodware.bytes) {
        status = fail(argv[0], argv[2], "cannot be read");
    }
    for (int i = 3; i < argc && !status; i++) {
        status = load(&embedding, argv[0], argv[i]);
    }
    if (!status && !rules_seal(embedding.arena, &embedding.list,
                               embedding.n_patterns, &set)) {
        status = fail(argv[0], argv[1], "out of memory");
    }
    if (!status) {
        embedding.out = fopen(argv[1], "wb");
        if (!embedding.out) {
            status = fail(argv[0], argv[1], "cannot be written");
        } else {
            put_set(&embedding, &set);
            bool bad = ferror(embedding.out);
            if (fclose(embedding.out) || bad) {
                status = fail(argv[0], argv[1], "cannot be written");
            }
        }
    }
    arena_free(embedding.arena);
    return status;
}
