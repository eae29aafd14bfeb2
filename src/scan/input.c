/* SPDX-License-Identifier: MIT */
#include "scan/input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define PIPE_CHUNK_BYTES ((size_t)64 * 1024)

static enum infscan_status io_error(struct infscan_error *error,
                                    const char *name, const char *what)
{
    char reason[128];

    if (strerror_r(errno, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "system error");
    }
    return error_set_at(error, INFSCAN_IO, name, 0, 0, "cannot %s: %s", what,
                        reason);
}

static enum infscan_status too_large(struct infscan_error *error,
                                     const char *name, size_t max_bytes)
{
    return error_set_at(error, INFSCAN_LIMIT, name, 0, 0,
                        "larger than the limit file_bytes (%zu bytes)",
                        max_bytes);
}

/* Reads until the end into a buffer that grows; `hint` is the expected size. */
static enum infscan_status read_all(struct arena *arena, const char *name,
                                    int fd, size_t hint, size_t max_bytes,
                                    struct str *out,
                                    struct infscan_error *error)
{
    size_t capacity = hint + 1; /* one more shows a file that has grown */
    size_t len = 0;
    char *bytes = arena_alloc(arena, capacity, 1);

    while (bytes) {
        ssize_t n = read(fd, bytes + len, capacity - len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return io_error(error, name, "read");
        }
        if (n == 0) {
            *out = str_of(bytes, len);
            return INFSCAN_OK;
        }
        len += (size_t)n;
        if (len > max_bytes) {
            return too_large(error, name, max_bytes);
        }
        if (len == capacity) {
            size_t larger = capacity * 2;
            bytes = arena_grow(arena, bytes, capacity, larger);
            capacity = larger;
        }
    }
    return error_set_at(error, INFSCAN_NO_MEMORY, name, 0, 0, "out of memory");
}

enum infscan_status input_read_fd(struct arena *arena, const char *name, int fd,
                                  size_t max_bytes, struct str *out,
                                  struct infscan_error *error)
{
    struct stat info;

    if (fstat(fd, &info) != 0) {
        return io_error(error, name, "read");
    }
    size_t hint = PIPE_CHUNK_BYTES;
    if (S_ISREG(info.st_mode)) {
        if ((uintmax_t)info.st_size > max_bytes) {
            return too_large(error, name, max_bytes);
        }
        hint = (size_t)info.st_size;
    }
    return read_all(arena, name, fd, hint, max_bytes, out, error);
}

enum infscan_status input_read_file(struct arena *arena, const char *path,
                                    size_t max_bytes, struct str *out,
                                    struct infscan_error *error)
{
    struct stat info;
    /* Without O_NONBLOCK the opening of a FIFO would wait for a writer. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0) {
        return io_error(error, path, "open");
    }
    enum infscan_status status;
    if (fstat(fd, &info) != 0) {
        status = io_error(error, path, "read");
    } else if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        status = io_error(error, path, "read");
    } else if (!S_ISREG(info.st_mode)) {
        status =
            error_set_at(error, INFSCAN_IO, path, 0, 0, "not a regular file");
    } else {
        status = input_read_fd(arena, path, fd, max_bytes, out, error);
    }
    close(fd);
    return status;
}
