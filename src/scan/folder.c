/* SPDX-License-Identifier: MIT */
#include "scan/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "scan/digest.h"
#include "scan/input.h"

#define NOT_OPENED (-1)
#define CANNOT_OPEN (-2)
#define MAX_NAME 255 /* bytes; no file system has longer ones */
#define CHUNK_BYTES ((size_t)64 * 1024)

struct folder_names {
    struct arena *arena;
    struct stat of; /* device, number and time tell the folder */
    struct map map; /* folded name to index */
    VEC(const char *) items;
    uint64_t max;
    bool is_cut;
};

struct folder_names *folder_names_new(uint64_t max)
{
    struct folder_names *names = calloc(1, sizeof *names);

    if (names) {
        names->max = max;
    }
    return names;
}

void folder_names_free(struct folder_names *names)
{
    if (names) {
        arena_free(names->arena);
        free(names);
    }
}

static bool add_name(struct folder_names *names, const char *name)
{
    const char *copy = arena_copy_z(names->arena, str_from(name));
    uint32_t index = copy ? map_put(&names->map, names->arena, str_from(copy),
                                    names->items.n)
                          : MAP_NONE;

    if (index == MAP_NONE) {
        return false;
    }
    if (index == names->items.n) {
        return VEC_PUSH(names->arena, &names->items, copy);
    }
    if (strcmp(copy, names->items.items[index]) < 0) {
        names->items.items[index] = copy; /* whatever order readdir has */
    }
    return true;
}

static void list(struct folder_names *names, DIR *stream)
{
    const struct dirent *entry;

    while ((entry = readdir(stream)) != NULL) {
        if (names->items.n >= names->max || !add_name(names, entry->d_name)) {
            names->is_cut = true;
            return;
        }
    }
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Makes `names` those of a folder. */
static bool names_of(struct folder_names *names, int folder)
{
    struct stat of;

    if (fstat(folder, &of) != 0) {
        return false;
    }
    if (names->arena && is_same(&names->of, &of)) {
        return true;
    }
    arena_free(names->arena);
    *names = (struct folder_names){
        .arena = arena_new(SIZE_MAX), .of = of, .max = names->max};
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = names->arena && again >= 0 ? fdopendir(again) : NULL;
    if (!stream) {
        if (again >= 0) {
            close(again);
        }
        arena_free(names->arena);
        names->arena = NULL;
        return false;
    }
    list(names, stream);
    closedir(stream);
    return true;
}

/* The name that an entry of the folder really has. false: there is none. */
static bool find_entry(struct folder *folder, int parent, struct str part,
                       char out[MAX_NAME + 1])
{
    struct stat info;

    if (!part.len || part.len > MAX_NAME) {
        return false;
    }
    if (parent == folder->fd && folder->is_listed && !folder->names->is_cut &&
        map_get(&folder->names->map, part) == MAP_NONE) {
        return false; /* without asking the system again */
    }
    memcpy(out, part.bytes, part.len);
    out[part.len] = '\0';
    if (fstatat(parent, out, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        return true;
    }
    bool is_known = names_of(folder->names, parent);
    folder->is_listed = is_known && parent == folder->fd;
    if (!is_known) {
        return false;
    }
    folder->is_cut = folder->is_cut || folder->names->is_cut;
    uint32_t index = map_get(&folder->names->map, part);
    if (index == MAP_NONE) {
        return false;
    }
    struct str name = str_from(folder->names->items.items[index]);
    memcpy(out, name.bytes, name.len);
    out[name.len] = '\0';
    return true;
}

static void open_folder(struct folder *folder)
{
    const char *slash = strrchr(folder->path, '/');
    char *path =
        slash ? strndup(folder->path, slash == folder->path
                                          ? 1
                                          : (size_t)(slash - folder->path))
              : strdup(".");

    folder->fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder->fd < 0) {
        folder->fd = CANNOT_OPEN;
    }
    free(path);
}

/* Opens a name part by part. -1: no such regular file. */
static int open_name(struct folder *folder, struct str name)
{
    char entry[MAX_NAME + 1];
    struct str part;
    struct stat info;
    int at = folder->fd;

    while (str_next(&name, '\\', &part)) {
        int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
        int next = -1;
        if (find_entry(folder, at, part, entry)) {
            next = openat(at, entry, name.len ? flags | O_DIRECTORY : flags);
        }
        if (at != folder->fd) {
            close(at);
        }
        if (next < 0) {
            return -1;
        }
        at = next;
    }
    if (fstat(at, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(at);
        return -1;
    }
    return at;
}

/* Size and digest of a file that nobody needs in memory. */
static bool digest_file(int fd, size_t max_bytes, struct companion_file *out)
{
    struct digest digest;
    unsigned char *chunk = malloc(CHUNK_BYTES);
    ssize_t n = -1;

    digest_begin(&digest);
    while (chunk && (n = read(fd, chunk, CHUNK_BYTES)) != 0) {
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 || out->size + (uint64_t)n > max_bytes) {
            break;
        }
        out->size += (uint64_t)n;
        digest_add(&digest, str_of((const char *)chunk, (size_t)n));
    }
    free(chunk);
    if (n == 0) {
        digest_end(&digest, out->sha256);
    }
    return n == 0;
}

static bool read_open(int fd, const struct companion_request *request,
                      struct companion_file *out)
{
    struct stat info;
    struct infscan_error error = {0};

    if (fstat(fd, &info) != 0) {
        return false;
    }
    if ((uintmax_t)info.st_size > request->max_bytes) {
        out->size = (uint64_t)info.st_size;
        return true;
    }
    if (!request->arena) {
        return digest_file(fd, request->max_bytes, out);
    }
    enum infscan_status status = input_read_fd(
        request->arena, "", fd, request->max_bytes, &out->bytes, &error);
    infscan_error_clear(&error);
    if (status == INFSCAN_OK) {
        out->size = out->bytes.len;
        digest_sha256(out->bytes, out->sha256);
    }
    return status == INFSCAN_OK;
}

static bool folder_read(void *context, const struct companion_request *request,
                        struct companion_file *out)
{
    struct folder *folder = context;

    *out = (struct companion_file){.bytes = {NULL, 0}};
    if (folder->fd == NOT_OPENED) {
        open_folder(folder);
    }
    int fd = folder->fd >= 0 ? open_name(folder, request->name) : -1;
    if (fd < 0) {
        return false;
    }
    bool there = read_open(fd, request, out);
    close(fd);
    return there;
}

static bool folder_is_cut(void *context)
{
    return ((struct folder *)context)->is_cut;
}

struct companion_source folder_source(struct folder *folder, const char *path,
                                      struct folder_names *names)
{
    *folder = (struct folder){path, NOT_OPENED, names, false, false};
    return (struct companion_source){folder, folder_read, folder_is_cut};
}

void folder_close(struct folder *folder)
{
    if (folder->fd >= 0) {
        close(folder->fd);
    }
}
