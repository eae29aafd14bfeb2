/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"

/* The permissions a new file gets from the umask. */
static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static char *temporary_name(const char *target)
{
    static const char suffix[] = ".XXXXXX";
    size_t len = strlen(target);
    char *name = malloc(len + sizeof suffix);

    if (name) {
        memcpy(name, target, len);
        memcpy(name + len, suffix, sizeof suffix);
    }
    return name;
}

/* A new file beside the target, to be renamed over it. */
static int open_beside(struct output *output, mode_t mode)
{
    output->temporary = temporary_name(output->target);
    if (!output->temporary) {
        return -1;
    }
    output->fd = mkstemp(output->temporary);
    if (output->fd < 0) {
        free(output->temporary);
        output->temporary = NULL;
        return -1;
    }
    return fchmod(output->fd, mode);
}

static int open_file(struct output *output, const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        if (errno != ENOENT) {
            return -1;
        }
        output->target = strdup(path);
        return output->target ? open_beside(output, new_file_mode()) : -1;
    }
    if (!S_ISREG(info.st_mode)) {
        /* A device or pipe cannot be replaced by a rename. */
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd < 0 ? -1 : 0;
    }
    /* The file that a symbolic link names is replaced, not the link. */
    output->target = realpath(path, NULL);
    return output->target ? open_beside(output, info.st_mode & 0777) : -1;
}

void output_discard(struct output *output)
{
    if (output->temporary) {
        unlink(output->temporary);
    }
}

static void release(struct output *output)
{
    free(output->target);
    free(output->temporary);
    output->target = NULL;
    output->temporary = NULL;
    pthread_mutex_destroy(&output->lock);
}

int output_open(struct output *output, const char *path,
                enum output_shape shape)
{
    *output = (struct output){.fd = STDOUT_FILENO, .shape = shape};
    pthread_mutex_init(&output->lock, NULL);
    if (!path || strcmp(path, "-") == 0) {
        return 0;
    }
    if (open_file(output, path) != 0) {
        say("cannot write %s: %s", path, strerror(errno));
        output_discard(output);
        release(output);
        return -1;
    }
    return 0;
}

/* All of it, or the error is remembered and the rest is dropped. */
static void put(struct output *output, const char *bytes, size_t len)
{
    while (len && !output->error) {
        ssize_t n = write(output->fd, bytes, len);
        if (n >= 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            output->error = errno;
        }
    }
}

static void put_z(struct output *output, const char *z)
{
    put(output, z, strlen(z));
}

void output_make_array(struct output *output)
{
    pthread_mutex_lock(&output->lock);
    output->shape = OUTPUT_ARRAY;
    pthread_mutex_unlock(&output->lock);
}

void output_begin(struct output *output)
{
    pthread_mutex_lock(&output->lock);
    if (output->shape == OUTPUT_ARRAY) {
        put_z(output, output->n_records ? ",\n" : "[\n");
    }
    output->holds_newline = 0;
}

void output_part(struct output *output, const char *bytes, size_t len)
{
    if (len == 0) {
        return;
    }
    if (output->holds_newline) {
        put_z(output, "\n");
    }
    output->holds_newline =
        output->shape == OUTPUT_ARRAY && bytes[len - 1] == '\n';
    put(output, bytes, output->holds_newline ? len - 1 : len);
}

void output_end(struct output *output)
{
    output->n_records++;
    pthread_mutex_unlock(&output->lock);
}

void output_record(struct output *output, const char *bytes, size_t len)
{
    if (len == 0) {
        return;
    }
    output_begin(output);
    output_part(output, bytes, len);
    output_end(output);
}

int output_write(void *context, const char *bytes, size_t len)
{
    struct output *output = context;

    output_record(output, bytes, len);
    return output->error != 0;
}

static void put_end(struct output *output)
{
    if (output->shape == OUTPUT_ARRAY) {
        put_z(output, output->n_records ? "\n]\n" : "[]\n");
    }
}

int output_close(struct output *output)
{
    put_end(output);
    if (output->fd != STDOUT_FILENO && close(output->fd) != 0 &&
        !output->error) {
        output->error = errno;
    }
    if (!output->error && output->temporary &&
        rename(output->temporary, output->target) != 0) {
        output->error = errno;
    }
    int error = output->error;
    if (error) {
        output_discard(output);
    }
    if (error && error != EPIPE) {
        say("cannot write the results: %s", strerror(error));
    }
    release(output);
    return error ? -1 : 0;
}

void output_interrupt(struct output *output)
{
    if (output->temporary) {
        output_discard(output);
    } else {
        put_end(output);
    }
}
