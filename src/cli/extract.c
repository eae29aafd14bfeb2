/* SPDX-License-Identifier: MIT */
/* For O_TMPFILE. */
#define _GNU_SOURCE

#include "cli/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

#define DIGEST_DIGITS 64u
#define MAX_TYPE 16u
#define NAME_BYTES (DIGEST_DIGITS + MAX_TYPE + 2)
#define MAX_TRIES 100 /* of names that others have taken */

int extract_make_folder(const char *path)
{
    struct stat info;

    if (mkdir(path, 0777) == 0) {
        return 0;
    }
    int error = errno;
    if (error == EEXIST && stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            return 0;
        }
        error = ENOTDIR;
    }
    say("cannot write to %s: %s", path, strerror(error));
    return -1;
}

int extract_open(struct extract *extract, const char *path)
{
    *extract = (struct extract){
        .path = path, .folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (extract->folder < 0) {
        say("cannot write to %s: %s", path, strerror(errno));
        return -1;
    }
    pthread_mutex_init(&extract->lock, NULL);
    return 0;
}

static void fail(struct extract *extract, int error)
{
    pthread_mutex_lock(&extract->lock);
    int is_news = !extract->has_failed;
    extract->has_failed = 1;
    pthread_mutex_unlock(&extract->lock);
    if (is_news) {
        say("cannot write to %s: %s", extract->path, strerror(error));
    }
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n >= 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return 0;
}

/* A file without a name, which nobody sees if the program ends before it has
 * one. 1: this file system or kernel has none. */
static int keep_nameless(struct extract *extract, const char *name,
                         const char *bytes, size_t len)
{
    char link[64];
    int fd =
        openat(extract->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);

    if (fd < 0) {
        return 1;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int status = write_all(fd, bytes, len);
    if (status == 0 &&
        linkat(AT_FDCWD, link, extract->folder, name, AT_SYMLINK_FOLLOW) != 0) {
        status = errno == EEXIST ? 0 : 1; /* 1: as without /proc */
    }
    int error = errno;
    close(fd);
    errno = error;
    return status;
}

/* An empty file of a name that nobody has. */
static int open_temporary(struct extract *extract, char *name, size_t size)
{
    for (int i = 0; i < MAX_TRIES; i++) {
        pthread_mutex_lock(&extract->lock);
        unsigned number = extract->next++;
        pthread_mutex_unlock(&extract->lock);
        snprintf(name, size, ".infscan-%ld-%u.tmp", (long)getpid(), number);
        int fd =
            openat(extract->folder, name,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }
    return -1;
}

static int keep_renamed(struct extract *extract, const char *name,
                        const char *bytes, size_t len)
{
    char temporary[64];
    int fd = open_temporary(extract, temporary, sizeof temporary);

    if (fd < 0) {
        return -1;
    }
    int status = write_all(fd, bytes, len);
    int error = errno;
    if (close(fd) != 0 && status == 0) {
        status = -1;
        error = errno;
    }
    /* A link, since a rename would replace what is there. */
    if (status == 0 &&
        linkat(extract->folder, temporary, extract->folder, name, 0) != 0) {
        error = errno;
        status = error == EEXIST ? 0 : -1;
    }
    unlinkat(extract->folder, temporary, 0);
    errno = error;
    return status;
}

void extract_bytes(struct extract *extract, const char *bytes, size_t len,
                   const char *type)
{
    char name[NAME_BYTES];
    struct stat info;

    infscan_sha256(bytes, len, name);
    snprintf(name + DIGEST_DIGITS, sizeof name - DIGEST_DIGITS, ".%.*s",
             (int)MAX_TYPE, type);
    if (fstatat(extract->folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        return;
    }
    int status = keep_nameless(extract, name, bytes, len);
    if (status > 0) {
        status = keep_renamed(extract, name, bytes, len);
    }
    if (status != 0) {
        fail(extract, errno);
    }
}

static const char *type_of(const char *step)
{
    static const struct {
        const char *step;
        const char *type;
    } types[] = {
#define TYPE(step, type) {step, type},
#include "cli/extract_types.def"
#undef TYPE
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strncmp(step, types[i].step, strlen(types[i].step)) == 0) {
            return types[i].type;
        }
    }
    return "txt";
}

void extract_parts(struct extract *extract, const struct infscan_result *result)
{
    size_t n;
    const struct infscan_action *actions = infscan_result_actions(result, &n);
    struct infscan_string raw = infscan_result_bytes(result);

    if (!extract) {
        return;
    }
    if (infscan_result_summary(result)->member.len && raw.len) {
        extract_bytes(extract, raw.bytes, raw.len, "inf");
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < actions[i].n_layers; k++) {
            const struct infscan_layer *layer = &actions[i].layers[k];
            extract_bytes(extract, layer->text.bytes, layer->text.len,
                          type_of(layer->step));
        }
    }
}

int extract_close(struct extract *extract)
{
    pthread_mutex_destroy(&extract->lock);
    close(extract->folder);
    return extract->has_failed ? -1 : 0;
}
