/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <infscan/scanner.h>

#include "base/error.h"
#include "scan/input.h"
#include "scan/members.h"
#include "scan/scanner.h"

/* Files up to this size are read before anything is known of them. */
#define SMALL_BYTES ((size_t)1 << 20)

/* The first bytes of all but disc images tell what they are. */
#define SHORT_HEAD_BYTES ((size_t)512)

/* The first bytes of an open file; the offset stays. */
static struct str read_head(int fd, char *head, size_t size)
{
    size_t len = 0;
    ssize_t n = 1;

    while (n > 0 && len < size) {
        n = pread(fd, head + len, size - len, (off_t)len);
        len += n > 0 ? (size_t)n : 0;
    }
    return str_of(head, len);
}

static const struct archive_kind *kind_of_file(int fd)
{
    char start[SHORT_HEAD_BYTES];
    struct str head = read_head(fd, start, sizeof start);
    const struct archive_kind *kind = archive_kind_of(head);

    if (!kind && archive_may_be_disc(head)) {
        char *all = malloc(ARCHIVE_HEAD_BYTES);
        kind = all ? archive_kind_of(read_head(fd, all, ARCHIVE_HEAD_BYTES))
                   : NULL;
        free(all);
    }
    return kind;
}

int infscan_is_archive(int fd)
{
    return kind_of_file(fd) != NULL;
}

/* A file or bytes, read into the result's arena. */
struct given {
    struct infscan_scanner *scanner;
    struct infscan_result *result;
    const struct companion_source *beside;
    struct receiver receiver;
};

static enum infscan_status give(const struct given *given,
                                struct infscan_result *result)
{
    given->receiver.take(given->receiver.context, result);
    return INFSCAN_OK;
}

static enum infscan_status scan_memory(const struct given *given,
                                       struct str raw)
{
    const struct archive_kind *kind = archive_kind_of(raw);
    const struct archive_bytes bytes = {raw, -1, raw.len};

    if (kind) {
        return members_scan(given->scanner, given->result, &bytes, kind,
                            &given->receiver);
    }
    return give(given, scanner_analyse(given->scanner, given->result, raw,
                                       given->beside));
}

static enum infscan_status fail(const struct given *given, const char *message)
{
    result_fail(given->result, message ? message : "out of memory");
    return give(given, given->result);
}

enum infscan_status infscan_scan_bytes_each(struct infscan_scanner *scanner,
                                            const char *name, const void *data,
                                            size_t size,
                                            infscan_result_fn *take,
                                            void *context)
{
    struct given given = {.scanner = scanner,
                          .result = scanner_begin(scanner, name),
                          .receiver = {take, context}};

    if (!given.result) {
        return INFSCAN_NO_MEMORY;
    }
    if (size > scanner->limits.value[LIMIT_file_bytes]) {
        return fail(&given, "larger than the limit file_bytes");
    }
    struct str raw = arena_copy(given.result->arena, str_of(data, size));
    return raw.bytes ? scan_memory(&given, raw) : fail(&given, NULL);
}

/* A large archive is read from the file itself: it may be larger than any INF,
 * and is held in memory by nobody. false: it is none. */
static bool scan_large_archive(const struct given *given, const char *path,
                               enum infscan_status *status)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat info;
    const struct archive_kind *kind =
        fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)
            ? kind_of_file(fd)
            : NULL;

    if (kind) {
        const struct archive_bytes bytes = {
            {NULL, 0}, fd, (uint64_t)info.st_size};
        *status = members_scan(given->scanner, given->result, &bytes, kind,
                               &given->receiver);
    }
    if (fd >= 0) {
        close(fd);
    }
    return kind != NULL;
}

/* Whatever its size says, the file is opened once where it is small. */
static enum infscan_status scan_path(const struct given *given,
                                     const char *path,
                                     struct infscan_error *error)
{
    size_t max_bytes = (size_t)given->scanner->limits.value[LIMIT_file_bytes];
    struct arena *arena = given->result->arena;
    struct str raw = STR("");
    enum infscan_status status = input_read_file(
        arena, path, max_bytes < SMALL_BYTES ? max_bytes : SMALL_BYTES, &raw,
        error);

    if (status == INFSCAN_LIMIT) {
        if (scan_large_archive(given, path, &status)) {
            return status;
        }
        infscan_error_clear(error);
        status = input_read_file(arena, path, max_bytes, &raw, error);
    }
    return status == INFSCAN_OK ? scan_memory(given, raw)
                                : fail(given, error->message);
}

enum infscan_status infscan_scan_file_each(struct infscan_scanner *scanner,
                                           const char *path,
                                           infscan_result_fn *take,
                                           void *context)
{
    struct given given = {.scanner = scanner,
                          .result = scanner_begin(scanner, path),
                          .receiver = {take, context}};
    struct infscan_error error = {0};

    if (!given.result) {
        return INFSCAN_NO_MEMORY;
    }
    struct folder folder;
    struct companion_source beside =
        folder_source(&folder, path, scanner->names);
    given.beside = &beside;
    enum infscan_status status = scan_path(&given, path, &error);
    infscan_error_clear(&error);
    folder_close(&folder);
    return status;
}

enum infscan_status infscan_scan_fd_each(struct infscan_scanner *scanner,
                                         const char *name, int fd,
                                         infscan_result_fn *take, void *context)
{
    struct given given = {.scanner = scanner,
                          .result = scanner_begin(scanner, name),
                          .receiver = {take, context}};
    struct infscan_error error = {0};
    struct str raw = STR("");

    if (!given.result) {
        return INFSCAN_NO_MEMORY;
    }
    enum infscan_status status = input_read_fd(
        given.result->arena, name, fd,
        (size_t)scanner->limits.value[LIMIT_file_bytes], &raw, &error);
    status = status == INFSCAN_OK ? scan_memory(&given, raw)
                                  : fail(&given, error.message);
    infscan_error_clear(&error);
    return status;
}

/* The single result of a file: the last one, its own. */
static int keep_last(void *context, struct infscan_result *result)
{
    struct infscan_result **last = context;

    infscan_result_free(*last);
    *last = result;
    return 0;
}

static enum infscan_status last_of(enum infscan_status status,
                                   struct infscan_result *const *last,
                                   struct infscan_result **out)
{
    if (status != INFSCAN_OK) {
        infscan_result_free(*last);
        return status;
    }
    *out = *last;
    return INFSCAN_OK;
}

enum infscan_status infscan_scan_bytes(struct infscan_scanner *scanner,
                                       const char *name, const void *data,
                                       size_t size, struct infscan_result **out)
{
    struct infscan_result *last = NULL;

    return last_of(
        infscan_scan_bytes_each(scanner, name, data, size, keep_last, &last),
        &last, out);
}

enum infscan_status infscan_scan_file(struct infscan_scanner *scanner,
                                      const char *path,
                                      struct infscan_result **out)
{
    struct infscan_result *last = NULL;

    return last_of(infscan_scan_file_each(scanner, path, keep_last, &last),
                   &last, out);
}

enum infscan_status infscan_scan_fd(struct infscan_scanner *scanner,
                                    const char *name, int fd,
                                    struct infscan_result **out)
{
    struct infscan_result *last = NULL;

    return last_of(infscan_scan_fd_each(scanner, name, fd, keep_last, &last),
                   &last, out);
}
