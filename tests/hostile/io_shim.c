/* SPDX-License-Identifier: MIT */
/*
 * Preloaded by io.py: calls of the C library that fail when they are told to.
 *     IO_CALL   read, write, open, fstat, close, rename
 *     IO_AT     the number of the call that fails, from 1; "all": every one
 *     IO_ERRNO  what it fails with, as a number; "short": it takes one byte
 *     IO_TOLD   a file that is made when a call has failed
 * Only calls on files under the current folder, or on descriptors that were
 * opened from there, on standard input and output, are counted: the loader's
 * own are left alone.
 */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS /* both names of each call are given here */
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 1024

static atomic_int counted;
static atomic_bool watched[MOST_FILES] = {[0] = true, [1] = true};

static int is_call(const char *name)
{
    const char *call = getenv("IO_CALL");

    return call && strcmp(call, name) == 0;
}

static void tell(void)
{
    int (*real)(const char *, int, ...);

    *(void **)&real = dlsym(RTLD_NEXT, "open");
    const char *told = getenv("IO_TOLD");
    int fd = told ? real(told, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (fd >= 0) {
        close(fd);
    }
}

/* Whether this call is the one. */
static int is_due(const char *name)
{
    const char *at = getenv("IO_AT");

    if (!at || !is_call(name)) {
        return 0;
    }
    int n = atomic_fetch_add(&counted, 1) + 1;
    return strcmp(at, "all") == 0 || atoi(at) == n;
}

static int is_watched(int fd)
{
    return fd >= 0 && fd < MOST_FILES && atomic_load(&watched[fd]);
}

static int is_short(void)
{
    const char *text = getenv("IO_ERRNO");

    return text && strcmp(text, "short") == 0;
}

static int fails(const char *name)
{
    if (is_short() || !is_due(name)) {
        return 0;
    }
    tell();
    const char *text = getenv("IO_ERRNO");
    errno = text ? atoi(text) : EIO;
    return 1;
}

static size_t shortened(const char *name, size_t n)
{
    return is_short() && n > 1 && is_due(name) ? 1 : n;
}

ssize_t read(int fd, void *bytes, size_t n)
{
    ssize_t (*real)(int, void *, size_t);

    *(void **)&real = dlsym(RTLD_NEXT, "read");
    if (is_watched(fd)) {
        if (fails("read")) {
            return -1;
        }
        n = shortened("read", n);
    }
    return real(fd, bytes, n);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    ssize_t (*real)(int, const void *, size_t);

    *(void **)&real = dlsym(RTLD_NEXT, "write");
    if (is_watched(fd)) {
        if (fails("write")) {
            return -1;
        }
        n = shortened("write", n);
    }
    return real(fd, bytes, n);
}

static int watch(int fd)
{
    if (fd >= 0 && fd < MOST_FILES) {
        atomic_store(&watched[fd], true);
    }
    return fd;
}

int open(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...);

    *(void **)&real = dlsym(RTLD_NEXT, "open");
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (path[0] == '/') {
        return real(path, flags, mode);
    }
    return fails("open") ? -1 : watch(real(path, flags, mode));
}

int openat(int folder, const char *path, int flags, ...)
{
    int (*real)(int, const char *, int, ...);

    *(void **)&real = dlsym(RTLD_NEXT, "openat");
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (path[0] == '/') {
        return real(folder, path, flags, mode);
    }
    return fails("open") ? -1 : watch(real(folder, path, flags, mode));
}

int mkstemp(char *name)
{
    int (*real)(char *);

    *(void **)&real = dlsym(RTLD_NEXT, "mkstemp");
    return fails("open") ? -1 : watch(real(name));
}

int fstat(int fd, struct stat *out)
{
    int (*real)(int, struct stat *);

    *(void **)&real = dlsym(RTLD_NEXT, "fstat");
    return is_watched(fd) && fails("fstat") ? -1 : real(fd, out);
}

int close(int fd)
{
    int (*real)(int);

    *(void **)&real = dlsym(RTLD_NEXT, "close");
    int is_ours = fd > STDERR_FILENO && is_watched(fd);

    if (is_ours) {
        atomic_store(&watched[fd], false);
    }
    int status = real(fd);
    return is_ours && fails("close") ? -1 : status;
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *);

    *(void **)&real = dlsym(RTLD_NEXT, "rename");
    return fails("rename") ? -1 : real(from, to);
}

/* The names that programs with large files call; the same on 64 bits. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int folder, const char *path, int flags, ...)
    __attribute__((alias("openat")));
int mkstemp64(char *name) __attribute__((alias("mkstemp")));
int fstat64(int fd, struct stat64 *out);

int fstat64(int fd, struct stat64 *out)
{
    int (*real)(int, struct stat64 *);

    *(void **)&real = dlsym(RTLD_NEXT, "fstat64");
    return is_watched(fd) && fails("fstat") ? -1 : real(fd, out);
}
