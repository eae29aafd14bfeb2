/* SPDX-License-Identifier: MIT */
/*
 * What advpack.dll and setupapi.dll do with INF files: install_run LIST OUT
 *
 * LIST holds a case a line, in UTF-8: NAME TAB LAUNCHER TAB SECTION TAB PATH,
 * LAUNCHER one of advpack (LaunchINFSection) and setupapi (InstallHinfSection).
 * Each case is really installed, so that it must be harmless; what it may
 * change is put back before the next one: the keys InfscanOracle below
 * HKLM\Software, HKCU\Software and HKCR, components of Active Setup and
 * services of that name, and the folder C:\infscan\dest. OUT gets a JSON object
 * a line:
 *   {"case":NAME,"log":[LINE,...],"registry":[[KEY,VALUE,TYPE,DATA],...],
 *    "files":[[PATH,TEXT],...]}
 * log as recorder.c writes it; DATA a string, numbers in decimal, bytes as
 * 11,22, several strings joined by commas; a key alone has VALUE null. Built
 * with mingw-w64, run under Wine; no part of infscan itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define MAX_TEXT 32768
#define DEST L"C:\\infscan\\dest"
#define LOG L"C:\\infscan\\log"

static const struct {
    HKEY root;
    const WCHAR *path;
    const WCHAR *prefix; /* of the keys below it that count; NULL: itself */
    const char *name;
} places[] = {
    {HKEY_LOCAL_MACHINE, L"Software\\InfscanOracle", NULL, "HKLM"},
    {HKEY_CURRENT_USER, L"Software\\InfscanOracle", NULL, "HKCU"},
    {HKEY_CLASSES_ROOT, L"InfscanOracle", NULL, "HKCR"},
    {HKEY_LOCAL_MACHINE,
     L"Software\\Microsoft\\Active Setup\\Installed Components",
     L"InfscanOracle", "HKLM"},
    {HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Services",
     L"InfscanOracle", "HKLM"},
};

#define N_PLACES (sizeof places / sizeof *places)

static FILE *out;
static const char *separator;

/* --- writing --- */

static void put_char(unsigned c)
{
    if (c == '"' || c == '\\') {
        fprintf(out, "\\%c", (int)c);
    } else if (c >= 0x20 && c < 0x7F) {
        fputc((int)c, out);
    } else {
        fprintf(out, "\\u%04x", c);
    }
}

static void put_wide(const WCHAR *text, size_t len)
{
    fputc('"', out);
    for (size_t i = 0; i < len; i++) {
        put_char(text[i]);
    }
    fputc('"', out);
}

static void put_next(void)
{
    fputs(separator, out);
    separator = ",";
}

/* --- the registry --- */

/* Strings of a REG_MULTI_SZ, joined. */
static void put_strings(WCHAR *text, size_t len)
{
    while (len && !text[len - 1]) {
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        text[i] = text[i] ? text[i] : L',';
    }
    put_wide(text, len);
}

static void put_data(DWORD type, BYTE *data, DWORD len)
{
    WCHAR *text = (WCHAR *)(void *)data;
    unsigned long long number = 0;

    switch (type) {
    case REG_SZ:
    case REG_EXPAND_SZ:
        put_wide(text, wcsnlen(text, len / 2));
        break;
    case REG_MULTI_SZ:
        put_strings(text, len / 2);
        break;
    case REG_DWORD:
    case REG_QWORD:
        memcpy(&number, data, len < 8 ? len : 8);
        fprintf(out, "\"%llu\"", number);
        break;
    default:
        fputc('"', out);
        for (DWORD i = 0; i < len; i++) {
            fprintf(out, "%s%02x", i ? "," : "", data[i]);
        }
        fputc('"', out);
    }
}

static void put_key(const char *root, const WCHAR *path)
{
    fputc('"', out);
    fprintf(out, "%s\\\\", root);
    for (; *path; path++) {
        put_char(*path);
    }
    fputc('"', out);
}

static void put_values(HKEY key, const char *root, const WCHAR *path)
{
    static WCHAR name[MAX_TEXT];
    static BYTE data[MAX_TEXT * 2 + 2];

    put_next();
    fputc('[', out);
    put_key(root, path);
    fputs(",null,0,\"\"]", out);
    for (DWORD i = 0;; i++) {
        DWORD name_len = MAX_TEXT;
        DWORD len = MAX_TEXT * 2;
        DWORD type;
        if (RegEnumValueW(key, i, name, &name_len, NULL, &type, data, &len)) {
            return;
        }
        data[len] = data[len + 1] = 0;
        put_next();
        fputc('[', out);
        put_key(root, path);
        fputc(',', out);
        put_wide(name, name_len);
        fprintf(out, ",%lu,", type);
        put_data(type, data, len);
        fputc(']', out);
    }
}

static void dump_key(HKEY parent, const char *root, const WCHAR *path,
                     const WCHAR *relative)
{
    WCHAR name[256];
    WCHAR *child = malloc(MAX_TEXT * sizeof *child);
    HKEY key;

    if (child && !RegOpenKeyExW(parent, relative, 0, KEY_READ, &key)) {
        put_values(key, root, path);
        for (DWORD i = 0;; i++) {
            DWORD len = 256;
            if (RegEnumKeyExW(key, i, name, &len, NULL, NULL, NULL, NULL)) {
                break;
            }
            swprintf(child, MAX_TEXT, L"%ls\\%ls", path, name);
            dump_key(key, root, child, name);
        }
        RegCloseKey(key);
    }
    free(child);
}

/* Calls `visit` for each key that counts. */
static void each_key(void (*visit)(HKEY parent, const char *root,
                                   const WCHAR *path, const WCHAR *relative))
{
    static WCHAR names[64][256];
    static WCHAR path[1024];

    for (size_t i = 0; i < N_PLACES; i++) {
        HKEY key;
        unsigned n = 0;
        if (!places[i].prefix) {
            visit(places[i].root, places[i].name, places[i].path,
                  places[i].path);
            continue;
        }
        if (RegOpenKeyExW(places[i].root, places[i].path, 0, KEY_ALL_ACCESS,
                          &key)) {
            continue;
        }
        for (DWORD k = 0; n < 64; k++) {
            DWORD len = 256;
            if (RegEnumKeyExW(key, k, names[n], &len, NULL, NULL, NULL, NULL)) {
                break;
            }
            n += !wcsncmp(names[n], places[i].prefix, wcslen(places[i].prefix));
        }
        for (unsigned k = 0; k < n; k++) {
            swprintf(path, 1024, L"%ls\\%ls", places[i].path, names[k]);
            visit(key, places[i].name, path, names[k]);
        }
        RegCloseKey(key);
    }
}

static void remove_key(HKEY parent, const char *root, const WCHAR *path,
                       const WCHAR *relative)
{
    (void)root;
    (void)path;
    RegDeleteTreeW(parent, relative);
    RegDeleteKeyW(parent, relative);
}

/* --- files --- */

static void each_file(const WCHAR *folder, void (*visit)(const WCHAR *path))
{
    WIN32_FIND_DATAW found;
    WCHAR path[1024];

    swprintf(path, 1024, L"%ls\\*", folder);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return;
    }
    do {
        if (found.cFileName[0] == L'.') {
            continue;
        }
        swprintf(path, 1024, L"%ls\\%ls", folder, found.cFileName);
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
            each_file(path, visit);
        } else {
            visit(path);
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

static void put_file(const WCHAR *path)
{
    FILE *file = _wfopen(path, L"rb");
    int c;

    put_next();
    fputc('[', out);
    put_wide(path, wcslen(path));
    fputs(",\"", out);
    while (file && (c = getc(file)) != EOF) {
        put_char((unsigned)c);
    }
    fputs("\"]", out);
    if (file) {
        fclose(file);
    }
}

static void remove_file(const WCHAR *path)
{
    DeleteFileW(path);
}

static void write_file(const WCHAR *path, const char *text)
{
    FILE *file = _wfopen(path, L"wb");

    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

/* --- one case --- */

static void set_value(HKEY root, const WCHAR *name, DWORD type,
                      const void *data, DWORD len)
{
    HKEY key;

    if (!RegCreateKeyExW(root, L"Software\\InfscanOracle\\Old", 0, NULL, 0,
                         KEY_ALL_ACCESS, NULL, &key, NULL)) {
        RegSetValueExW(key, name, 0, type, data, len);
        RegCloseKey(key);
    }
}

/* What is there before each case, for those that change or delete. */
static void prepare(void)
{
    static const BYTE bits[] = {0x0F, 0xF0};

    each_key(remove_key);
    each_file(DEST, remove_file);
    DeleteFileW(LOG);
    CreateDirectoryW(DEST, NULL);
    set_value(HKEY_LOCAL_MACHINE, L"gone", REG_SZ, L"x", 4);
    set_value(HKEY_LOCAL_MACHINE, L"kept", REG_SZ, L"old", 8);
    set_value(HKEY_LOCAL_MACHINE, L"list", REG_MULTI_SZ, L"a\0", 6);
    set_value(HKEY_LOCAL_MACHINE, L"bits", REG_BINARY, bits, sizeof bits);
    set_value(HKEY_CURRENT_USER, L"kept", REG_SZ, L"old", 8);
    write_file(DEST L"\\old.txt", "old");
    write_file(DEST L"\\gone.txt", "gone");
    write_file(DEST L"\\old.ini", "[s]\r\ngone=1\r\nkept=1\r\nlist=a,b\r\n");
}

typedef HRESULT WINAPI launch_fn(HWND, HINSTANCE, const WCHAR *, INT);
typedef void WINAPI install_fn(HWND, HINSTANCE, const WCHAR *, INT);

static void *function(const char *library, const char *name)
{
    HMODULE module = LoadLibraryA(library);

    return module ? (void *)GetProcAddress(module, name) : NULL;
}

static int install(const char *launcher, const WCHAR *section,
                   const WCHAR *path)
{
    static WCHAR line[MAX_TEXT];

    if (strcmp(launcher, "advpack") == 0) {
        launch_fn *launch =
            (launch_fn *)function("advpack.dll", "LaunchINFSectionW");
        swprintf(line, MAX_TEXT, L"%ls,%ls,1", path, section);
        return launch ? (launch(NULL, NULL, line, 0), 0) : -1;
    }
    install_fn *hinf =
        (install_fn *)function("setupapi.dll", "InstallHinfSectionW");
    swprintf(line, MAX_TEXT, L"%ls 128 %ls", section, path);
    return hinf ? (hinf(NULL, NULL, line, 0), 0) : -1;
}

static void put_log(void)
{
    static char line[MAX_TEXT * 4];
    static WCHAR wide[MAX_TEXT];
    FILE *log = _wfopen(LOG, L"rb");

    while (log && fgets(line, sizeof line, log)) {
        line[strcspn(line, "\n")] = '\0';
        if (MultiByteToWideChar(CP_UTF8, 0, line, -1, wide, MAX_TEXT)) {
            put_next();
            put_wide(wide, wcslen(wide));
        }
    }
    if (log) {
        fclose(log);
    }
}

static void put_case(const char *name)
{
    fprintf(out, "{\"case\":\"%s\",\"log\":[", name);
    separator = "";
    put_log();
    fputs("],\"registry\":[", out);
    separator = "";
    each_key(dump_key);
    fputs("],\"files\":[", out);
    separator = "";
    each_file(DEST, put_file);
    fputs("]}\n", out);
}

int main(int argc, char **argv)
{
    static char line[8192];
    static WCHAR section[4096];
    static WCHAR path[4096];
    FILE *list = argc == 3 ? fopen(argv[1], "rb") : NULL;

    out = argc == 3 ? fopen(argv[2], "wb") : NULL;
    if (!list || !out) {
        fprintf(stderr, "usage: install_run LIST OUT\n");
        return 2;
    }
    while (fgets(line, sizeof line, list)) {
        char *name = strtok(line, "\t\r\n");
        char *launcher = strtok(NULL, "\t\r\n");
        char *section_name = strtok(NULL, "\t\r\n");
        char *file = strtok(NULL, "\t\r\n");
        if (!file ||
            !MultiByteToWideChar(CP_UTF8, 0, section_name, -1, section, 4096) ||
            !MultiByteToWideChar(CP_UTF8, 0, file, -1, path, 4096)) {
            continue;
        }
        prepare();
        if (install(launcher, section, path) != 0) {
            fprintf(stderr, "install_run: no %s\n", launcher);
            return 1;
        }
        put_case(name);
        fflush(out);
    }
    prepare();
    return fclose(out) != 0;
}
