/* SPDX-License-Identifier: MIT */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <infscan/render.h>

static void put_visible(const char *text)
{
    char *visible = infscan_visible(text, strlen(text));

    fputs(visible ? visible : "out of memory", stderr);
    free(visible);
}

void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = len < 0 ? NULL : malloc((size_t)len + 1);
    if (text) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)len + 1, format, arguments);
        va_end(arguments);
    }
    flockfile(stderr); /* one line stays one line, whoever else speaks */
    fputs("infscan: ", stderr);
    put_visible(text ? text : "out of memory");
    fputc('\n', stderr);
    funlockfile(stderr);
    free(text);
}

int say_bytes(void *context, const char *bytes, size_t len)
{
    (void)context;
    return fwrite(bytes, 1, len, stderr) != len;
}

void say_error(const struct infscan_error *error)
{
    const char *message =
        error->message ? error->message : infscan_status_name(error->status);

    if (!error->file) {
        say("%s", message);
        return;
    }
    put_visible(error->file);
    if (error->line) {
        fprintf(stderr, ":%u:%u", (unsigned)error->line,
                (unsigned)error->column);
    }
    fputs(": ", stderr);
    put_visible(message);
    fputc('\n', stderr);
}
