/* SPDX-License-Identifier: MIT */
/* An archive is read in one pass that looks at each member and keeps those
 * worth analysing while they are small together (entries.c), then its members
 * are analysed in order: by then it is known what lies beside each. What was
 * not kept is read in a second pass. */
#include "scan/members.h"

#include <inttypes.h>
#include <stdlib.h>

#include "scan/container.h"

/* Reading single members again and again stops somewhere. */
#define MAX_HEADERS 5000000u

/* Of a member's name in the summary of its archive. */
#define WORST_NAME_BYTES 200u

/* Memory for the names of members and what is known of each. */
#define INDEX_BYTES ((size_t)64 << 20)

static uint64_t limit_of(const struct container *container, enum limit limit)
{
    return container->unpacking->scanner->limits.value[limit];
}

/* The member's name behind those of the archives that hold it. */
static struct str full_name(const struct container *container, struct str name)
{
    struct buf buf;

    if (!container->outer) {
        return name;
    }
    buf_init(&buf, SIZE_MAX / 2);
    buf_add(&buf, container->name);
    buf_add_char(&buf, '/');
    buf_add(&buf, name);
    struct str full =
        buf.failed ? STR("") : arena_copy(container->arena, buf_str(&buf));
    buf_deinit(&buf);
    return full;
}

static struct infscan_result *begin(const struct container *container,
                                    struct str member)
{
    struct infscan_result *result = scanner_begin(container->unpacking->scanner,
                                                  container->unpacking->path);

    if (result && member.len) {
        result_set_member(result, member);
    }
    return result;
}

static void note_worst(struct container *container,
                       const struct infscan_summary *summary)
{
    if (summary->verdict > container->worst ||
        (summary->verdict == container->worst &&
         summary->score > container->worst_score)) {
        container->worst = summary->verdict;
        container->worst_score = summary->score;
        container->worst_name =
            arena_copy(container->arena,
                       str_of(summary->member.bytes, summary->member.len));
    }
}

static void hand_out(struct unpacking *unpacking, struct infscan_result *result)
{
    const struct receiver *receiver = &unpacking->receiver;

    if (!result) {
        unpacking->is_stopped = true;
        unpacking->no_memory = true;
    } else if (unpacking->is_stopped) {
        infscan_result_free(result);
    } else if (receiver->take(receiver->context, result) != 0) {
        unpacking->is_stopped = true;
    }
}

/* The result of a member. */
static void deliver(struct container *container, struct infscan_result *result)
{
    if (result) {
        note_worst(container, &result->summary);
    }
    hand_out(container->unpacking, result);
}

/* A member that a limit kept from being looked at. */
static void deliver_cut(struct container *container, const struct entry *entry)
{
    struct infscan_result *result =
        begin(container, full_name(container, entry->name));

    if (result) {
        result->summary.size = entry->size;
        scanner_conclude(container->unpacking->scanner, result, entry->limits);
    }
    deliver(container, result);
}

static void deliver_failure(struct container *container,
                            const struct entry *entry, const char *message)
{
    struct infscan_result *result =
        begin(container, full_name(container, entry->name));

    container->info.failed++;

    if (result) {
        result->summary.size = entry->size;
        result_fail(result, message);
    }
    deliver(container, result);
}

static void analyse_inf(struct container *container, const struct entry *entry,
                        struct str bytes)
{
    struct infscan_result *result =
        begin(container, full_name(container, entry->name));
    struct str raw =
        result ? arena_copy(result->arena, bytes) : str_of(NULL, 0);
    struct neighbours beside;
    struct companion_source source;

    if (raw.bytes && beside_source(&beside, container, entry, &source)) {
        result = scanner_analyse(container->unpacking->scanner, result, raw,
                                 &source);
    } else if (result) {
        result_fail(result, "out of memory");
    }
    container->info.analysed++;
    container->n_infs++;
    if (result && entry->message) {
        container->info.failed++;
        if (result->summary.verdict <= INFSCAN_CLEAN) {
            result_fail(result, entry->message);
        }
    }
    deliver(container, result);
}

static void scan_container(struct container *container,
                           struct infscan_result *result);

static void scan_inner(struct container *outer, const struct entry *entry,
                       struct str bytes)
{
    struct container inner = {
        .unpacking = outer->unpacking,
        .outer = outer,
        .name = full_name(outer, entry->name),
        .bytes = {.memory = bytes, .fd = -1, .size = bytes.len},
        .kind = entry->archive,
        .depth = outer->depth + 1,
    };
    struct infscan_result *result = begin(&inner, inner.name);

    outer->info.archives++;
    if (!result) {
        deliver(outer, NULL);
        return;
    }
    if (outer->depth >= limit_of(outer, LIMIT_archive_depth)) {
        limit_hit(&inner.limits, LIMIT_archive_depth);
    }
    scan_container(&inner, result);
    outer->limits |= inner.limits;
    outer->n_infs += inner.n_infs;
}

static void take_entry(struct container *container, const struct entry *entry,
                       struct str bytes)
{
    if (entry->kind == ENTRY_INF) {
        analyse_inf(container, entry, bytes);
    } else {
        scan_inner(container, entry, bytes);
    }
}

/* The bytes of a member that was not kept; NULL, or why there are none. */
static const char *read_again(struct container *container, struct pass *pass,
                              const struct entry *entry, struct buf *buf)
{
    if (entry->password) {
        return container_fetch(container, entry, buf) ? NULL
                                                      : "not readable again";
    }
    if (!container_advance(container, pass, entry)) {
        return "not found again";
    }
    switch (container_read_whole(container, pass->unpacker, buf)) {
    case READ_WHOLE:
        return NULL;
    case READ_PART:
        return "larger than the archive says, or than memory";
    case READ_CUT:
        return "larger than the limits of archives allow, read again";
    case READ_DAMAGED:
        break;
    }
    return unpacker_message(pass->unpacker);
}

static void take_again(struct container *container, struct pass *pass,
                       const struct entry *entry)
{
    struct buf buf;

    buf_init(&buf, (size_t)container_max_bytes(container, entry) + 1);
    const char *message = read_again(container, pass, entry, &buf);
    if (message) {
        deliver_failure(container, entry, message);
    } else {
        take_entry(container, entry, buf_str(&buf));
    }
    buf_deinit(&buf);
}

static void analyse_all(struct container *container)
{
    struct pass pass = {0};

    for (uint32_t i = 0; i < container->entries.n; i++) {
        const struct entry *entry = &container->entries.items[i];
        if (container->unpacking->is_stopped) {
            break;
        }
        switch (entry->kind) {
        case ENTRY_INF:
        case ENTRY_ARCHIVE:
            if (entry->held) {
                take_entry(container, entry,
                           str_of(entry->held, (size_t)entry->size));
            } else {
                take_again(container, &pass, entry);
            }
            break;
        case ENTRY_OTHER:
            container->info.not_inf++;
            break;
        case ENTRY_LINK:
            container->info.link++;
            break;
        case ENTRY_SPECIAL:
            container->info.special++;
            break;
        case ENTRY_CUT:
            deliver_cut(container, entry);
            break;
        case ENTRY_FAILED:
            deliver_failure(container, entry, entry->message);
            break;
        }
    }
    unpacker_free(pass.unpacker);
}

/* The archive's own result. */

/* ", 3 INF files", or nothing for 0. */
static void add_count(struct buf *buf, const char *between, uint64_t n,
                      const char *one, const char *many)
{
    if (n) {
        buf_add_format(buf, "%s%" PRIu64 " %s", between, n,
                       n == 1 ? one : many);
    }
}

static void set_text(const struct container *container,
                     struct infscan_result *result)
{
    const struct infscan_archive *info = &container->info;
    uint64_t others = info->not_inf + info->link + info->special;
    struct buf buf;

    buf_init(&buf, SIZE_MAX / 2);
    buf_add_z(&buf, info->format);
    buf_add_z(&buf, " archive");
    add_count(&buf, " of ", info->members, "member", "members");
    add_count(&buf, ", ", info->analysed, "INF file", "INF files");
    add_count(&buf, ", ", info->archives, "archive", "archives");
    add_count(&buf, ", ", others, "other", "others");
    if (container->worst > INFSCAN_CLEAN) {
        buf_add_z(&buf, "; the worst is ");
        buf_add(&buf, str_sub(container->worst_name, 0, WORST_NAME_BYTES));
    }
    struct str text =
        buf.failed
            ? STR("archive")
            : arena_copy(result->arena,
                         result_valid_utf8(result->arena, buf_str(&buf)));
    buf_deinit(&buf);
    result->summary.text = result_string(text);
}

static void fail_container(struct container *container,
                           struct infscan_result *result)
{
    const struct infscan_archive *info = &container->info;
    struct buf buf;

    buf_init(&buf, SIZE_MAX / 2);
    if (container->damage) {
        buf_add_z(&buf, container->is_locked
                            ? "encrypted in a way that is not read: "
                            : "damaged: ");
        buf_add_z(&buf, container->damage);
    }
    if (info->failed) {
        buf_add_format(&buf, "%s%" PRIu64 " of %" PRIu64 " members unreadable",
                       container->damage ? "; " : "", info->failed,
                       info->members);
    }
    result_fail(result, buf.failed ? "out of memory" : buf.bytes);
    buf_deinit(&buf);
}

/* Whether a line of an archive's first bytes starts with a name in brackets.
 * Such a line is rare in packed bytes, where infscan_looks_like_inf would find
 * one in most; the zeros of UTF-16 are passed over. */
static bool has_section(struct str bytes)
{
    bool at_start = false;

    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.bytes[i];
        if (at_start && c == '[') {
            do {
                i++;
                c = i < bytes.len ? bytes.bytes[i] : '\n';
            } while (c == '\0' || (c >= ' ' && c <= '~' && c != ']'));
            if (c == ']') {
                return true;
            }
        }
        at_start = c == '\n' || c == '\r' ||
                   (at_start && (c == '\0' || c == ' ' || c == '\t'));
    }
    return false;
}

/* Makes blanks of the members that are in the archive as they are: they have
 * results of their own. false: some may be left. */
static bool blank_members(const struct container *container, char *bytes,
                          size_t len)
{
    size_t at = 0;

    for (uint32_t i = 0; i < container->entries.n; i++) {
        const struct entry *entry = &container->entries.items[i];
        if (entry->kind != ENTRY_INF && entry->kind != ENTRY_ARCHIVE) {
            continue;
        }
        if (!entry->held) {
            return false;
        }
        size_t found = str_find(str_of(bytes, len),
                                str_of(entry->held, (size_t)entry->size), at);
        if (found != STR_NONE) {
            memset(bytes + found, ' ', (size_t)entry->size);
            at = found + (size_t)entry->size;
        }
    }
    return true;
}

/* What is left of an archive when its members are taken out. bytes NULL:
 * nothing that could be an INF. */
static struct str outside_members(struct container *container,
                                  struct arena *arena)
{
    char *start = container->unpacking->chunk;
    size_t len = (size_t)container->bytes.size;
    size_t n = len < CONTAINER_CHUNK_BYTES ? len : CONTAINER_CHUNK_BYTES;

    if (container->bytes.size > limit_of(container, LIMIT_file_bytes) ||
        !archive_copy(&container->bytes, start, n) ||
        !has_section(str_of(start, n))) {
        return str_of(NULL, 0);
    }
    char *all = ARENA_ARRAY(arena, char, len);
    return all && archive_copy(&container->bytes, all, len) &&
                   blank_members(container, all, len) &&
                   has_section(str_of(all, n))
               ? str_of(all, len)
               : str_of(NULL, 0);
}

/* What starts as an archive may be an INF to Windows all the same: its readers
 * pass over lines that they do not know. Gives the worse of both readings. */
static struct infscan_result *read_as_inf(struct container *container,
                                          struct infscan_result *result)
{
    struct infscan_result *other = begin(container, container->name);
    struct str raw =
        other ? outside_members(container, other->arena) : str_of(NULL, 0);

    if (!raw.bytes) {
        infscan_result_free(other);
        return result;
    }
    other = scanner_analyse(container->unpacking->scanner, other, raw, NULL);
    enum infscan_verdict verdict = other->summary.verdict;
    /* An intact archive holds more that looks odd as an INF, as texts that are
     * none, than hostile files do. */
    bool is_sure = other->summary.status == INFSCAN_RESULT_OK &&
                   !container->entries.n && !container->limits;
    if (verdict > container->worst && verdict > INFSCAN_CLEAN &&
        (is_sure || verdict == INFSCAN_MALICIOUS)) {
        infscan_result_free(result);
        return other;
    }
    infscan_result_free(other);
    return result;
}

static struct infscan_result *conclude(struct container *container,
                                       struct infscan_result *result)
{
    struct infscan_summary *summary = &result->summary;

    summary->size = container->bytes.size;
    archive_digest(&container->bytes, summary->sha256);
    if (container->message) {
        result_fail(result, container->message);
    } else if (container->damage || container->info.failed) {
        fail_container(container, result);
    } else {
        scanner_conclude(container->unpacking->scanner, result,
                         container->limits);
        if (container->worst > summary->verdict) {
            summary->verdict = container->worst;
        }
        if (container->worst_score > summary->score) {
            summary->score = container->worst_score;
        }
        if (summary->status == INFSCAN_RESULT_NOT_INF && container->n_infs) {
            summary->status = INFSCAN_RESULT_OK;
        }
        set_text(container, result);
    }
    result = read_as_inf(container, result);
    struct infscan_archive *info =
        ARENA_NEW(result->arena, struct infscan_archive);
    if (info) {
        *info = container->info;
        result->archive = info;
    }
    return result;
}

static void release_entries(struct container *container)
{
    for (uint32_t i = 0; i < container->entries.n; i++) {
        free(container->entries.items[i].held);
    }
    arena_free(container->arena);
}

/* Hands the archive's result to the archive around it, or out. */
static void deliver_container(struct container *container,
                              struct infscan_result *result)
{
    if (container->outer) {
        deliver(container->outer, result);
    } else {
        hand_out(container->unpacking, result);
    }
}

static void scan_container(struct container *container,
                           struct infscan_result *result)
{
    struct infscan_scanner *scanner = container->unpacking->scanner;

    container->info.format = container->kind->name;
    container->options = (struct unpacker_options){
        .reading = container->kind->reading,
        .passwords = (const char *const *)scanner->passwords,
        .n_passwords = scanner->n_passwords,
    };
    container->arena = arena_new(INDEX_BYTES);
    if (container->kind->reading == READING_NONE) {
        container->message = "an archive of a format that is not read";
    } else if (!scanner_need_libarchive(scanner)) {
        container->message = "an archive, and libarchive is not installed";
    } else if (!container->arena) {
        container->message = "out of memory";
    } else if (!container->limits) {
        container_index(container);
        analyse_all(container);
    }
    result = conclude(container, result);
    release_entries(container);
    deliver_container(container, result);
}

enum infscan_status members_scan(struct infscan_scanner *scanner,
                                 struct infscan_result *result,
                                 const struct archive_bytes *bytes,
                                 const struct archive_kind *kind,
                                 const struct receiver *receiver)
{
    struct unpacking unpacking = {
        .scanner = scanner,
        .path = result->summary.raw_path.bytes,
        .receiver = *receiver,
        .left = {.bytes = scanner->limits.value[LIMIT_archive_bytes],
                 .members = scanner->limits.value[LIMIT_archive_members],
                 .headers = MAX_HEADERS},
        .chunk = malloc(CONTAINER_CHUNK_BYTES),
    };
    struct container container = {
        .unpacking = &unpacking,
        .bytes = *bytes,
        .kind = kind,
        .depth = 1,
    };

    if (!unpacking.chunk) {
        result_fail(result, "out of memory");
        hand_out(&unpacking, result);
    } else {
        scan_container(&container, result);
    }
    free(unpacking.chunk);
    return unpacking.no_memory ? INFSCAN_NO_MEMORY : INFSCAN_OK;
}
