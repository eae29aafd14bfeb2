/* SPDX-License-Identifier: MIT */
/* The only file that knows libarchive. It is told which one format to expect,
 * reads from memory or from a descriptor, and never sees a file system.
 *
 * libarchive gives names in the character set of the locale and drops what that
 * has no letters for, which in the C locale is all but ASCII. Its calls are
 * therefore made under a UTF-8 locale of the calling thread's own.
 *
 * The library is opened by the scanner that meets the first archive, in its own
 * thread and under a sandbox that holds already: the loader maps code out of
 * files and never makes memory both written and executed. So no look at the
 * inputs is needed before, and a run without archives pays nothing. */
#include "scan/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIBRARY "libarchive.so.13"
#define BLOCK_BYTES ((size_t)64 * 1024)

/* Headers that are skipped because libarchive says that the next may be fine.
 */
#define MAX_RETRIES 100

static const struct archive_kind kinds[] = {
#define ARCHIVE(name, offset, magic, reading)                                  \
    {name, offset, {magic, sizeof(magic) - 1}, reading},
#include "scan/archives.def"
#undef ARCHIVE
};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

static bool has_magic(struct str head, const struct archive_kind *kind)
{
    return head.len >= kind->offset + kind->magic.len &&
           memcmp(head.bytes + kind->offset, kind->magic.bytes,
                  kind->magic.len) == 0;
}

const struct archive_kind *archive_kind_of(struct str head)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        if (has_magic(head, &kinds[i])) {
            return &kinds[i];
        }
    }
    return NULL;
}

bool archive_may_be_disc(struct str head)
{
    bool is_boot_sector = head.len >= 512 && head.bytes[510] == '\x55' &&
                          head.bytes[511] == '\xaa'; /* hybrid images */
    size_t i = 0;

    while (i < head.len && head.bytes[i] == '\0') {
        i++;
    }
    return head.len >= 512 && (is_boot_sector || i == head.len);
}

bool archive_can_skip(enum archive_reading reading)
{
    switch (reading) {
    case READING_ZIP:
    case READING_TAR:
    case READING_ISO:
        return true;
    case READING_NONE:
    case READING_EMPTY:
    case READING_ZIP_STREAM:
    case READING_CAB:
    case READING_7ZIP:
    case READING_GZIP:
    case READING_BZIP2:
    case READING_XZ:
        return false;
    }
    return false;
}

/* What is used of libarchive; each becomes a member of struct libarchive. */
#define FUNCTIONS(X)                                                           \
    X(archive_read_new)                                                        \
    X(archive_read_free)                                                       \
    X(archive_read_support_filter_gzip)                                        \
    X(archive_read_support_filter_bzip2)                                       \
    X(archive_read_support_filter_xz)                                          \
    X(archive_read_support_format_zip_seekable)                                \
    X(archive_read_support_format_zip_streamable)                              \
    X(archive_read_support_format_cab)                                         \
    X(archive_read_support_format_7zip)                                        \
    X(archive_read_support_format_tar)                                         \
    X(archive_read_support_format_iso9660)                                     \
    X(archive_read_support_format_raw)                                         \
    X(archive_read_add_passphrase)                                             \
    X(archive_read_open_memory)                                                \
    X(archive_read_open_fd)                                                    \
    X(archive_read_next_header)                                                \
    X(archive_read_data_block)                                                 \
    X(archive_read_has_encrypted_entries)                                      \
    X(archive_format)                                                          \
    X(archive_error_string)                                                    \
    X(archive_entry_pathname)                                                  \
    X(archive_entry_hardlink)                                                  \
    X(archive_entry_filetype)                                                  \
    X(archive_entry_size)                                                      \
    X(archive_entry_size_is_set)                                               \
    X(archive_entry_is_encrypted)

struct libarchive {
    void *handle;
    locale_t utf8;
#define X(name) __typeof__(&name) name;
    FUNCTIONS(X)
#undef X
};

/* A function pointer out of dlsym's object pointer, as POSIX wants it. */
static bool find_symbol(void *handle, const char *name, void *out)
{
    void *symbol = dlsym(handle, name);

    memcpy(out, &symbol, sizeof symbol);
    return symbol != NULL;
}

struct libarchive *libarchive_open(void)
{
    struct libarchive *library = calloc(1, sizeof *library);

    if (!library) {
        return NULL;
    }
    library->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    bool ok = library->handle && library->utf8;
#define X(name) ok = ok && find_symbol(library->handle, #name, &library->name);
    FUNCTIONS(X)
#undef X
    if (!ok) {
        libarchive_close(library);
        return NULL;
    }
    return library;
}

void libarchive_close(struct libarchive *library)
{
    if (library) {
        if (library->handle) {
            dlclose(library->handle);
        }
        if (library->utf8) {
            freelocale(library->utf8);
        }
        free(library);
    }
}

struct unpacker {
    const struct libarchive *library;
    struct archive *archive;
    int opened; /* ARCHIVE_OK, or why not */
    bool saves_damaged;

    /* The block of the member that libarchive gave last. */
    const char *block;
    size_t block_bytes;
    int64_t block_at; /* where in the member it starts; holes are zeros */
    int64_t at;       /* what is read next */
    int ended;        /* ARCHIVE_OK until the member has no more blocks */
};

/* Turns on the one reader that the file needs. */
static int support(const struct libarchive *library, struct archive *archive,
                   const struct unpacker_options *options)
{
    int status = ARCHIVE_FATAL;

    switch (options->reading) {
    case READING_ZIP:
        return library->archive_read_support_format_zip_seekable(archive);
    case READING_ZIP_STREAM:
        return library->archive_read_support_format_zip_streamable(archive);
    case READING_CAB:
        return library->archive_read_support_format_cab(archive);
    case READING_7ZIP:
        return library->archive_read_support_format_7zip(archive);
    case READING_TAR:
        return library->archive_read_support_format_tar(archive);
    case READING_ISO:
        return library->archive_read_support_format_iso9660(archive);
    case READING_GZIP:
        status = library->archive_read_support_filter_gzip(archive);
        break;
    case READING_BZIP2:
        status = library->archive_read_support_filter_bzip2(archive);
        break;
    case READING_XZ:
        status = library->archive_read_support_filter_xz(archive);
        break;
    case READING_NONE:
    case READING_EMPTY:
        break;
    }
    if (status != ARCHIVE_OK) {
        return status;
    }
    return options->is_tar ? library->archive_read_support_format_tar(archive)
                           : library->archive_read_support_format_raw(archive);
}

static int open_archive(const struct libarchive *library,
                        struct archive *archive,
                        const struct archive_bytes *bytes,
                        const struct unpacker_options *options)
{
    int status = support(library, archive, options);

    for (size_t i = 0; i < options->n_passwords && status == ARCHIVE_OK; i++) {
        if (options->passwords[i][0]) { /* refuses an empty one */
            status = library->archive_read_add_passphrase(
                archive, options->passwords[i]);
        }
    }
    if (status != ARCHIVE_OK) {
        return status;
    }
    if (bytes->memory.bytes) {
        return library->archive_read_open_memory(archive, bytes->memory.bytes,
                                                 bytes->memory.len);
    }
    if (lseek(bytes->fd, 0, SEEK_SET) != 0) {
        return ARCHIVE_FATAL;
    }
    return library->archive_read_open_fd(archive, bytes->fd, BLOCK_BYTES);
}

struct unpacker *unpacker_new(const struct libarchive *library,
                              const struct archive_bytes *bytes,
                              const struct unpacker_options *options)
{
    struct unpacker *unpacker = calloc(1, sizeof *unpacker);
    struct archive *archive = unpacker ? library->archive_read_new() : NULL;

    if (!archive) {
        free(unpacker);
        return NULL;
    }
    locale_t before = uselocale(library->utf8);
    *unpacker = (struct unpacker){
        .library = library,
        .archive = archive,
        .opened = open_archive(library, archive, bytes, options),
        .saves_damaged = options->reading == READING_ZIP ||
                         options->reading == READING_ZIP_STREAM,
    };
    uselocale(before);
    return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
    if (unpacker) {
        unpacker->library->archive_read_free(unpacker->archive);
        free(unpacker);
    }
}

static enum member_type type_of(const struct libarchive *library,
                                struct archive_entry *entry)
{
    if (library->archive_entry_hardlink(entry)) {
        return MEMBER_LINK;
    }
    switch (library->archive_entry_filetype(entry)) {
    case S_IFDIR:
        return MEMBER_FOLDER;
    case S_IFLNK:
        return MEMBER_LINK;
    case S_IFREG:
    case 0: /* the format has no types */
        return MEMBER_FILE;
    default:
        return MEMBER_SPECIAL;
    }
}

static struct member describe(const struct libarchive *library,
                              struct archive_entry *entry)
{
    const char *name = library->archive_entry_pathname(entry);
    int64_t size = library->archive_entry_size(entry);

    return (struct member){
        .name = name ? str_from(name) : STR(""),
        .type = type_of(library, entry),
        .is_encrypted = library->archive_entry_is_encrypted(entry) != 0,
        .has_size = library->archive_entry_size_is_set(entry) != 0,
        .size = size > 0 ? (uint64_t)size : 0,
    };
}

/* The next header that can be used. */
static int next_header(const struct unpacker *unpacker,
                       struct archive_entry **entry)
{
    int status = ARCHIVE_RETRY;

    for (int i = 0; i < MAX_RETRIES &&
                    (status == ARCHIVE_RETRY || status == ARCHIVE_FAILED);
         i++) {
        status = unpacker->library->archive_read_next_header(unpacker->archive,
                                                             entry);
    }
    return status;
}

enum unpack_step unpacker_next(struct unpacker *unpacker, struct member *out)
{
    struct archive_entry *entry = NULL;

    if (unpacker->opened < ARCHIVE_WARN) {
        return UNPACK_BROKEN;
    }
    locale_t before = uselocale(unpacker->library->utf8);
    int status = next_header(unpacker, &entry);
    unpacker->block_bytes = 0;
    unpacker->block_at = unpacker->at = 0;
    unpacker->ended = ARCHIVE_OK;
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
        *out = describe(unpacker->library, entry);
    }
    uselocale(before);
    if (status == ARCHIVE_EOF) {
        return UNPACK_END;
    }
    return status == ARCHIVE_OK || status == ARCHIVE_WARN ? UNPACK_MEMBER
                                                          : UNPACK_BROKEN;
}

/* Only the zip reader says what it has together with what is wrong with it: a
 * wrong sum shows behind the last block. */
static void next_block(struct unpacker *unpacker)
{
    const void *block = NULL;
    size_t bytes = 0;
    int64_t at = unpacker->at;
    locale_t before = uselocale(unpacker->library->utf8);
    int status = unpacker->library->archive_read_data_block(
        unpacker->archive, &block, &bytes, &at);

    uselocale(before);
    if (status == ARCHIVE_OK && at < unpacker->at) {
        status = ARCHIVE_FATAL; /* blocks that overlap */
    }
    unpacker->ended = status;
    if (block && (status == ARCHIVE_OK ||
                  (unpacker->saves_damaged && at == unpacker->at &&
                   (status == ARCHIVE_FAILED || status == ARCHIVE_WARN)))) {
        unpacker->block = block;
        unpacker->block_bytes = bytes;
        unpacker->block_at = at;
    }
}

int64_t unpacker_read(struct unpacker *unpacker, char *out, size_t size)
{
    while (!unpacker->block_bytes) {
        if (unpacker->ended != ARCHIVE_OK) {
            return unpacker->ended == ARCHIVE_EOF ? 0 : -1;
        }
        next_block(unpacker);
    }
    int64_t hole = unpacker->block_at - unpacker->at;
    if (hole > 0) {
        size = (uint64_t)hole < size ? (size_t)hole : size;
        memset(out, 0, size);
        unpacker->at += (int64_t)size;
        return (int64_t)size;
    }
    size = unpacker->block_bytes < size ? unpacker->block_bytes : size;
    memcpy(out, unpacker->block, size);
    unpacker->block += size;
    unpacker->block_bytes -= size;
    unpacker->block_at += (int64_t)size;
    unpacker->at += (int64_t)size;
    return (int64_t)size;
}

const char *unpacker_message(const struct unpacker *unpacker)
{
    const char *message =
        unpacker->library->archive_error_string(unpacker->archive);

    return message ? message : "cannot be read";
}

bool unpacker_has_encrypted(const struct unpacker *unpacker)
{
    /* Negative: unknown, or the format knows no encryption. */
    return unpacker->library->archive_read_has_encrypted_entries(
               unpacker->archive) > 0;
}

bool unpacker_is_nameless(const struct unpacker *unpacker)
{
    return unpacker->library->archive_format(unpacker->archive) ==
           ARCHIVE_FORMAT_RAW;
}
