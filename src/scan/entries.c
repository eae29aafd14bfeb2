/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan/container.h"
#include "scan/digest.h"

#define SNIFF_BYTES 4096u
#define HELD_BYTES ((uint64_t)16 << 20)

static uint64_t limit_of(const struct container *container, enum limit limit)
{
    return container->unpacking->scanner->limits.value[limit];
}

/* A name for the file that gzip and its like hold: their own without the last
 * ending. */
static struct str inner_name(const struct container *container)
{
    struct str outer = container->outer ? container->name
                                        : str_from(container->unpacking->path);
    size_t from = outer.len;

    while (from > 0 && outer.bytes[from - 1] != '/') {
        from--;
    }
    struct str name = str_sub(outer, from, outer.len);
    size_t dot = name.len;
    while (dot > 0 && name.bytes[dot - 1] != '.') {
        dot--;
    }
    return dot > 1 ? str_sub(name, 0, dot - 1) : STR("data");
}

uint64_t container_max_bytes(const struct container *container,
                             const struct entry *entry)
{
    return limit_of(container, entry->kind == ENTRY_INF
                                   ? LIMIT_file_bytes
                                   : LIMIT_archive_member_bytes);
}

static const char *copy_message(struct container *container, const char *text)
{
    struct str valid = result_valid_utf8(container->arena, str_from(text));
    const char *copy = arena_copy_z(container->arena, valid);

    return copy ? copy : "cannot be read";
}

/* Reads on without looking, so that the next member of a solid archive can be
 * had. */
static void drain(struct container *container, struct unpacker *unpacker)
{
    struct unpacking *unpacking = container->unpacking;
    int64_t n = 1;

    while (n > 0 && unpacking->left.bytes) {
        size_t most = unpacking->left.bytes < CONTAINER_CHUNK_BYTES
                          ? (size_t)unpacking->left.bytes
                          : CONTAINER_CHUNK_BYTES;
        n = unpacker_read(unpacker, unpacking->chunk, most);
        unpacking->left.bytes -= n > 0 ? (uint64_t)n : 0;
    }
    if (n > 0) {
        limit_hit(&container->limits, LIMIT_archive_bytes);
    }
}

/* One member while it is looked at. */
struct look {
    struct container *container;
    struct unpacker *unpacker;
    const struct member *member;
    struct entry *entry;
    struct buf buf;
    struct digest digest;
};

static enum read_end look_on(struct look *look, uint64_t up_to)
{
    const struct intake intake = {&look->buf, &look->digest, up_to};

    return container_read(look->container, look->unpacker, &intake,
                          &look->entry->size);
}

static void fail_entry(struct look *look)
{
    struct entry *entry = look->entry;

    entry->kind = ENTRY_FAILED;
    if (!look->member->is_encrypted) {
        entry->message =
            copy_message(look->container, unpacker_message(look->unpacker));
    } else if (look->container->options.reading == READING_ZIP) {
        entry->message = "encrypted, and no password opens it";
    } else {
        entry->message = "encrypted in a way that is not read";
    }
}

/* By the first bytes. */
static void tell_kind(struct look *look)
{
    struct str head = buf_str(&look->buf);
    struct entry *entry = look->entry;

    entry->archive = archive_kind_of(head);
    if (entry->archive) {
        entry->kind = ENTRY_ARCHIVE;
    } else if (infscan_looks_like_inf(head.bytes ? head.bytes : "", head.len)) {
        entry->kind = ENTRY_INF;
    }
}

/* Bytes of members that may still be kept. */
static uint64_t room_of(const struct container *container)
{
    return HELD_BYTES > container->held_bytes
               ? HELD_BYTES - container->held_bytes
               : 0;
}

/* Keeps all of a member for its analysis. */
static void hold(struct look *look)
{
    buf_add(&look->buf, STR(""));
    if (!look->buf.failed) {
        look->container->held_bytes += look->buf.len;
        look->entry->held = look->buf.bytes;
        look->buf = (struct buf){0};
    }
}

static enum read_end look_and_hold(struct look *look)
{
    enum read_end end = look_on(look, room_of(look->container));

    if (end == READ_WHOLE) {
        hold(look);
    }
    return end;
}

/* ZipCrypto tells a wrong password by one byte, so one in 256 passes for the
 * right one and the data is found damaged. Whether another one was meant shows
 * only when each is tried by itself. */
static bool try_passwords(struct look *look)
{
    const struct unpacker_options *options = &look->container->options;
    struct entry *entry = look->entry;
    struct buf buf;

    buf_init(&buf,
             (size_t)limit_of(look->container, LIMIT_archive_member_bytes));
    for (size_t i = 0; i < options->n_passwords; i++) {
        buf_clear(&buf);
        entry->password = options->passwords[i];
        if (container_fetch(look->container, entry, &buf)) {
            buf_deinit(&look->buf);
            look->buf = buf;
            entry->size = buf.len;
            digest_begin(&look->digest);
            digest_add(&look->digest, buf_str(&buf));
            return true;
        }
    }
    buf_deinit(&buf);
    entry->password = NULL;
    return false;
}

/* Whether some password was taken for the right one. */
static bool is_password_doubtful(const struct look *look)
{
    return look->member->is_encrypted &&
           look->container->options.reading == READING_ZIP &&
           str_find(str_from(unpacker_message(look->unpacker)),
                    STR("passphrase"), 0) == STR_NONE;
}

/* An encrypted member is read to its end: only that shows the password to be
 * right. */
static enum read_end look_at_encrypted(struct look *look)
{
    struct container *container = look->container;
    uint64_t room = room_of(container);
    enum read_end end =
        look_on(look, room > ARCHIVE_HEAD_BYTES ? room : ARCHIVE_HEAD_BYTES);

    if (end == READ_PART) {
        const struct intake rest = {NULL, &look->digest, UINT64_MAX};
        end = container_read(container, look->unpacker, &rest,
                             &look->entry->size);
        tell_kind(look);
    } else if (end == READ_WHOLE ||
               (end == READ_DAMAGED && is_password_doubtful(look) &&
                try_passwords(look))) {
        tell_kind(look);
        end = READ_WHOLE;
        if (look->entry->kind != ENTRY_OTHER && look->buf.len <= room) {
            hold(look);
        }
    }
    return end;
}

/* What is behind the first bytes. */
static enum read_end look_further(struct look *look, enum read_end end)
{
    struct container *container = look->container;
    struct entry *entry = look->entry;
    bool may_skip =
        archive_can_skip(container->options.reading) && look->member->has_size;

    if (entry->kind != ENTRY_OTHER) {
        end = look_and_hold(look);
    }
    if (end == READ_PART && !may_skip) {
        const struct intake rest = {NULL, &look->digest, UINT64_MAX};
        end = container_read(container, look->unpacker, &rest, &entry->size);
    } else if (end == READ_PART) {
        entry->size = look->member->size;
        end = container_is_bomb(container, entry->size) ? READ_CUT : READ_PART;
    }
    return end;
}

static enum read_end look_at_plain(struct look *look)
{
    enum read_end end = look_on(look, SNIFF_BYTES);

    if (end == READ_PART && archive_may_be_disc(buf_str(&look->buf))) {
        end = look_on(look, ARCHIVE_HEAD_BYTES);
    }
    if (end != READ_DAMAGED) {
        tell_kind(look);
    }
    return end == READ_WHOLE || end == READ_PART ? look_further(look, end)
                                                 : end;
}

/* What was read of a damaged INF is better than nothing: others may read on
 * over the damage. */
static void save_damaged(struct look *look)
{
    const char *message = look->entry->message;

    if (!look->member->is_encrypted && look->buf.len) {
        tell_kind(look);
        if (look->entry->kind == ENTRY_INF) {
            look->entry->message = message;
            look->entry->size = look->buf.len;
            hold(look);
        } else {
            look->entry->kind = ENTRY_FAILED;
        }
    }
}

static void finish_look(struct look *look, enum read_end end)
{
    struct container *container = look->container;
    struct entry *entry = look->entry;
    bool is_wanted = entry->kind != ENTRY_OTHER;

    switch (end) {
    case READ_WHOLE:
        entry->sha256 = container_digest_text(container, &look->digest);
        break;
    case READ_PART:
        break;
    case READ_DAMAGED:
        fail_entry(look);
        save_damaged(look);
        return;
    case READ_CUT:
        entry->kind = is_wanted ? ENTRY_CUT : ENTRY_OTHER;
        if (!archive_can_skip(container->options.reading)) {
            drain(container, look->unpacker);
        }
        return;
    }
    if (is_wanted && entry->size > container_max_bytes(container, entry)) {
        if (entry->kind == ENTRY_ARCHIVE) {
            limit_hit(&container->limits, LIMIT_archive_member_bytes);
        }
        entry->message = "larger than the limit file_bytes";
        entry->kind = entry->kind == ENTRY_INF ? ENTRY_FAILED : ENTRY_CUT;
    }
}

static void look_at(struct container *container, struct unpacker *unpacker,
                    const struct member *member, struct entry *entry)
{
    struct look look = {.container = container,
                        .unpacker = unpacker,
                        .member = member,
                        .entry = entry};
    limit_set before = container->limits;

    container->limits = 0;
    buf_init(&look.buf, SIZE_MAX / 2);
    digest_begin(&look.digest);
    finish_look(&look, member->is_encrypted ? look_at_encrypted(&look)
                                            : look_at_plain(&look));
    buf_deinit(&look.buf);
    entry->limits = container->limits;
    container->limits |= before;
}

/* Whether a name would leave the folder that the archive is unpacked to. */
static bool is_unsafe(struct str name)
{
    struct str rest = name;
    struct str part;

    if (name.len && (name.bytes[0] == '/' || name.bytes[0] == '\\')) {
        return true;
    }
    if (name.len > 1 && ascii_is_alpha(name.bytes[0]) && name.bytes[1] == ':') {
        return true;
    }
    while (str_next(&rest, '/', &part)) {
        struct str inner;
        while (str_next(&part, '\\', &inner)) {
            if (str_equal(inner, STR(".."))) {
                return true;
            }
        }
    }
    return false;
}

static enum entry_kind kind_of(enum member_type type)
{
    switch (type) {
    case MEMBER_LINK:
        return ENTRY_LINK;
    case MEMBER_SPECIAL:
        return ENTRY_SPECIAL;
    case MEMBER_FOLDER:
    case MEMBER_FILE:
        break;
    }
    return ENTRY_OTHER;
}

/* One without a name is called by its number: its record would be taken for the
 * archive's own. */
static struct str copy_name(const struct container *container, struct str name,
                            uint32_t index)
{
    char unnamed[32];

    if (!name.len) {
        snprintf(unnamed, sizeof unnamed, "unnamed-%" PRIu32, index + 1);
        name = str_from(unnamed);
    }
    return arena_copy(container->arena, name);
}

/* false: there is no memory for more. */
static bool index_member(struct container *container, struct unpacker *unpacker,
                         const struct member *member, uint32_t index)
{
    struct str name =
        unpacker_is_nameless(unpacker) ? inner_name(container) : member->name;
    struct entry entry = {.name = copy_name(container, name, index),
                          .index = index,
                          .kind = kind_of(member->type)};

    if (!entry.name.bytes ||
        !VEC_PUSH(container->arena, &container->entries, entry)) {
        return false;
    }
    container->info.members++;
    container->info.encrypted += member->is_encrypted;
    container->info.unsafe_names += is_unsafe(name);
    if (member->type == MEMBER_FILE) {
        look_at(container, unpacker, member,
                &container->entries.items[container->entries.n - 1]);
    }
    return !arena_failed(container->arena);
}

static void note_damage(struct container *container,
                        const struct unpacker *unpacker)
{
    container->damage = copy_message(container, unpacker_message(unpacker));
    container->is_locked = container->options.reading == READING_7ZIP &&
                           !container->info.members &&
                           unpacker_has_encrypted(unpacker);
}

static void index_pass(struct container *container)
{
    struct unpacking *unpacking = container->unpacking;
    struct unpacker *unpacker = container_open(container);
    struct member member;
    uint32_t index = 0;
    enum unpack_step step = UNPACK_BROKEN;

    while (unpacker &&
           (step = unpacker_next(unpacker, &member)) == UNPACK_MEMBER) {
        if (!unpacking->left.members) {
            limit_hit(&container->limits, LIMIT_archive_members);
            break;
        }
        unpacking->left.members--;
        if (member.type != MEMBER_FOLDER &&
            !index_member(container, unpacker, &member, index)) {
            limit_hit(&container->limits, LIMIT_archive_members);
            break;
        }
        if (!unpacking->left.bytes) {
            limit_hit(&container->limits, LIMIT_archive_bytes);
            break;
        }
        index++;
    }
    if (!unpacker) {
        container->damage = "out of memory";
    } else if (step == UNPACK_BROKEN) {
        note_damage(container, unpacker);
    }
    unpacker_free(unpacker);
}

/* Whether what gzip and its like hold is a tar. By its first bytes:
 * libarchive's own reader takes zeros for one as well. */
static bool holds_tar(const struct container *container)
{
    struct unpacker *unpacker = container_open(container);
    struct member member;
    char head[SNIFF_BYTES];
    int64_t n = -1;

    if (unpacker && unpacker_next(unpacker, &member) == UNPACK_MEMBER) {
        n = unpacker_read(unpacker, head, sizeof head);
    }
    unpacker_free(unpacker);
    const struct archive_kind *kind =
        n > 0 ? archive_kind_of(str_of(head, (size_t)n)) : NULL;
    return kind && kind->reading == READING_TAR;
}

/* A zip without its directory, as one that was cut off is, still has its
 * members one after the other. */
static void index_zip(struct container *container)
{
    index_pass(container);
    if (container->damage && !container->entries.n) {
        container->options.reading = READING_ZIP_STREAM;
        container->options.n_passwords = 0;
        index_pass(container);
        container->damage = "its directory is missing or damaged";
    }
}

void container_index(struct container *container)
{
    switch (container->options.reading) {
    case READING_NONE:
    case READING_EMPTY:
        break;
    case READING_ZIP:
        index_zip(container);
        break;
    case READING_GZIP:
    case READING_BZIP2:
    case READING_XZ:
        container->options.is_tar = holds_tar(container);
        index_pass(container);
        break;
    case READING_ZIP_STREAM:
    case READING_CAB:
    case READING_7ZIP:
    case READING_TAR:
    case READING_ISO:
        index_pass(container);
        break;
    }
}
