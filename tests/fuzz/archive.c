/* SPDX-License-Identifier: MIT */
/*
 * An archive and all that it holds, through every format; and once more from a
 * descriptor, as large archives are read, which gives the same records.
 *
 * Bytes that start with "passwords:" are a list of them first, divided by
 * commas, up to the end of the line.
 */
#include <string.h>
#include <unistd.h>

#include <infscan/infscan.h>

#include "base/str.h"
#include "fuzz.h"
#include "scan/members.h"
#include "scan/scanner.h"
#include "scanner.h"

#define MAX_PASSWORDS ((size_t)8)

static const char prefix[] = "passwords:";

/* The usual limits are for real archives, and take seconds to reach. */
static const struct infscan_limit_value limits[] = {
    {"archive_bytes", (uint64_t)8 << 20},
    {"archive_member_bytes", 1u << 20},
    {"archive_members", 400},
    {"companion_bytes", 4u << 20},
    {"archive_depth", 4},
};

struct passwords {
    char *text; /* the list, a NUL for each comma */
    const char *items[MAX_PASSWORDS];
    size_t n;
};

/* What is behind the list. */
static struct str take_passwords(struct str bytes, struct passwords *out)
{
    if (!str_starts_fold(bytes, str_from(prefix))) {
        return bytes;
    }
    size_t end = sizeof prefix - 1;
    while (end < bytes.len && bytes.bytes[end] != '\n') {
        end++;
    }
    size_t len = end - (sizeof prefix - 1);
    out->text = malloc(len + 1);
    FUZZ_REQUIRE(out->text);
    memcpy(out->text, bytes.bytes + sizeof prefix - 1, len);
    out->text[len] = '\0';
    out->items[out->n++] = out->text;
    for (char *c = out->text; c < out->text + len; c++) {
        if (*c == ',' && out->n < MAX_PASSWORDS) {
            *c = '\0';
            out->items[out->n++] = c + 1;
        }
    }
    return str_sub(bytes, end + 1, bytes.len);
}

/* What the results of one archive came to. */
struct told {
    size_t n;
    size_t own; /* which of them, from 1, is the archive's own; the last */
    enum infscan_verdict worst;
    uint64_t hash; /* of the records */
};

static int check_bytes(void *context, const char *bytes, size_t len)
{
    uint64_t *hash = context;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        FUZZ_REQUIRE(c >= ' ' || c == '\n');
        FUZZ_REQUIRE(c != 0x7f);
        *hash = (*hash ^ c) * UINT64_C(0x100000001b3); /* FNV-1a */
    }
    return 0;
}

static int take(void *context, struct infscan_result *result)
{
    struct told *told = context;
    const struct infscan_summary *summary = infscan_result_summary(result);

    told->n++;
    if (summary->verdict > told->worst) {
        told->worst = summary->verdict;
    }
    if (summary->member.len == 0) {
        FUZZ_REQUIRE(!told->own);
        told->own = told->n;
        FUZZ_REQUIRE(summary->status == INFSCAN_RESULT_ERROR ||
                     summary->verdict >= told->worst);
    }
    for (enum infscan_format format = INFSCAN_FORMAT_TEXT;
         format <= INFSCAN_FORMAT_CSV; format++) {
        const struct infscan_render_options options = {.format = format};
        FUZZ_REQUIRE(infscan_render_result(result, &options, check_bytes,
                                           &told->hash) == INFSCAN_OK);
    }
    infscan_result_free(result);
    return 0;
}

static void scan_descriptor(struct infscan_scanner *scanner, struct str bytes,
                            struct told *told)
{
    const struct archive_kind *kind = archive_kind_of(bytes);
    struct infscan_result *result = scanner_begin(scanner, "x.zip");
    FILE *file = tmpfile();

    FUZZ_REQUIRE(file && result && kind);
    FUZZ_REQUIRE(fwrite(bytes.bytes, 1, bytes.len, file) == bytes.len &&
                 fflush(file) == 0);
    const struct archive_bytes opened = {{NULL, 0}, fileno(file), bytes.len};
    const struct receiver receiver = {take, told};
    FUZZ_REQUIRE(members_scan(scanner, result, &opened, kind, &receiver) ==
                 INFSCAN_OK);
    fclose(file);
}

/* Each list of passwords takes a scanner of its own. One more keeps libarchive
 * loaded for all of them: opening it takes longer than most archives do. */
static struct infscan_scanner *make_scanner(const struct passwords *passwords)
{
    const struct infscan_options options = {
        .passwords = passwords->items,
        .n_passwords = passwords->n,
        .limits = limits,
        .n_limits = sizeof limits / sizeof limits[0],
    };
    struct infscan_scanner *scanner = NULL;

    FUZZ_REQUIRE(scanner_need_libarchive(fuzz_scanner(INFSCAN_RULESET_EMPTY)));
    FUZZ_REQUIRE(infscan_scanner_new(fuzz_rules(INFSCAN_RULESET_EMPTY),
                                     &options, &scanner, NULL) == INFSCAN_OK);
    return scanner;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct passwords passwords = {NULL, {NULL}, 0};
    struct str bytes =
        take_passwords(str_of((const char *)data, size), &passwords);

    if (archive_kind_of(bytes)) {
        struct infscan_scanner *scanner = make_scanner(&passwords);
        struct told memory = {0};
        struct told descriptor = {0};
        FUZZ_REQUIRE(infscan_scan_bytes_each(scanner, "x.zip", bytes.bytes,
                                             bytes.len, take,
                                             &memory) == INFSCAN_OK);
        scan_descriptor(scanner, bytes, &descriptor);
        FUZZ_REQUIRE(memory.own == memory.n);
        FUZZ_REQUIRE(descriptor.n == memory.n);
        FUZZ_REQUIRE(descriptor.hash == memory.hash);
        infscan_scanner_free(scanner);
    }
    free(passwords.text);
    return 0;
}
