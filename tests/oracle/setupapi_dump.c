/* SPDX-License-Identifier: MIT */
/*
 * What a setupapi.dll makes of INF files: setupapi_dump LIST OUT
 *
 * LIST holds one Windows path a line, in UTF-8. OUT gets a JSON object a line:
 * {"file":PATH,"accepted":true,"sections":[{"name":S,"lines":[[KEY,F1,...]]}]}
 * or {"file":PATH,"accepted":false,"error":CODE,"line":N}. KEY is null where a
 * line has none. Files are opened and read, nothing is installed. Built with
 * mingw-w64, run under Wine or on Windows; no part of infscan itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* setupapi.h wants windows.h before it. */
/* clang-format off */
#include <windows.h>
#include <setupapi.h>
/* clang-format on */

#define MAX_TEXT 65536 /* characters of one field */

typedef BOOL WINAPI enum_sections_fn(HINF inf, UINT index, PWSTR buffer,
                                     DWORD size, DWORD *needed);

static WCHAR text[MAX_TEXT];

static void put_string(FILE *out, const WCHAR *string)
{
    fputc('"', out);
    for (; *string; string++) {
        unsigned c = *string;
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", (int)c);
        } else if (c >= 0x20 && c < 0x7F) {
            fputc((int)c, out);
        } else {
            fprintf(out, "\\u%04x", c);
        }
    }
    fputc('"', out);
}

static void put_line(FILE *out, INFCONTEXT *line)
{
    DWORD n = SetupGetFieldCount(line);
    DWORD needed;

    fputc('[', out);
    for (DWORD i = 0; i <= n; i++) {
        if (i) {
            fputc(',', out);
        }
        if (SetupGetStringFieldW(line, i, text, MAX_TEXT, &needed)) {
            put_string(out, text);
        } else {
            fputs("null", out);
        }
    }
    fputc(']', out);
}

static void put_section(FILE *out, HINF inf, const WCHAR *name)
{
    INFCONTEXT line;
    const char *separator = "";

    fputs("{\"name\":", out);
    put_string(out, name);
    fputs(",\"lines\":[", out);
    if (SetupFindFirstLineW(inf, name, NULL, &line)) {
        do {
            fputs(separator, out);
            separator = ",";
            put_line(out, &line);
        } while (SetupFindNextLine(&line, &line));
    }
    fputs("]}", out);
}

static void put_file(FILE *out, const WCHAR *path,
                     enum_sections_fn *enum_sections)
{
    static WCHAR name[MAX_TEXT];
    UINT error_line = 0;
    DWORD needed;
    HINF inf = SetupOpenInfFileW(path, NULL, INF_STYLE_WIN4, &error_line);

    fputs("{\"file\":", out);
    put_string(out, path);
    if (inf == INVALID_HANDLE_VALUE) {
        fprintf(out, ",\"accepted\":false,\"error\":\"0x%08lX\",\"line\":%u}\n",
                GetLastError(), error_line);
        return;
    }
    fputs(",\"accepted\":true,\"sections\":[", out);
    for (UINT i = 0; enum_sections(inf, i, name, MAX_TEXT, &needed); i++) {
        fputs(i ? "," : "", out);
        put_section(out, inf, name);
    }
    fputs("]}\n", out);
    SetupCloseInfFile(inf);
}

int main(int argc, char **argv)
{
    HMODULE setupapi = LoadLibraryA("setupapi.dll");
    enum_sections_fn *enum_sections =
        (enum_sections_fn *)(void *)GetProcAddress(setupapi,
                                                   "SetupEnumInfSectionsW");
    static char line[8192];
    static WCHAR path[8192];
    FILE *list = argc == 3 ? fopen(argv[1], "rb") : NULL;
    FILE *out = argc == 3 ? fopen(argv[2], "wb") : NULL;

    if (!list || !out || !enum_sections) {
        fprintf(stderr, "usage: setupapi_dump LIST OUT\n");
        return 2;
    }
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] && MultiByteToWideChar(CP_UTF8, 0, line, -1, path, 8192)) {
            put_file(out, path, enum_sections);
        }
    }
    fclose(list);
    return fclose(out) != 0;
}
