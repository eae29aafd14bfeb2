/* SPDX-License-Identifier: MIT */
/*
 * The harmless program and library that the effects' cases start and load. As a
 * program it notes its command line, as a library (RECORDER_DLL) which of its
 * functions is called and with what; all in C:\infscan\log, a line each:
 * KIND TAB MODULE TAB TEXT in UTF-8. No part of infscan itself.
 */
#include <stdio.h>
#include <windows.h>

#define LOG L"C:\\infscan\\log"
#define MAX_TEXT 32768

static void put_utf8(FILE *out, const WCHAR *text)
{
    static char bytes[MAX_TEXT * 4];

    if (WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, NULL,
                            NULL)) {
        fputs(bytes, out);
    }
}

static void note(HMODULE module, const char *kind, const WCHAR *text)
{
    static WCHAR path[MAX_TEXT];
    FILE *out = _wfopen(LOG, L"ab");

    if (!out) {
        return;
    }
    GetModuleFileNameW(module, path, MAX_TEXT);
    fprintf(out, "%s\t", kind);
    put_utf8(out, path);
    fputc('\t', out);
    put_utf8(out, text);
    fputc('\n', out);
    fclose(out);
}

#ifdef RECORDER_DLL
static HMODULE self;

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        self = module;
        note(self, "load", L"");
    }
    return TRUE;
}

__declspec(dllexport) HRESULT WINAPI DllRegisterServer(void)
{
    note(self, "DllRegisterServer", L"");
    return S_OK;
}

__declspec(dllexport) HRESULT WINAPI DllUnregisterServer(void)
{
    note(self, "DllUnregisterServer", L"");
    return S_OK;
}

__declspec(dllexport) HRESULT WINAPI
    DllInstall(BOOL installs, const WCHAR *argument)
{
    (void)installs;
    note(self, "DllInstall", argument ? argument : L"");
    return S_OK;
}
#else
int main(void)
{
    note(NULL, "run", GetCommandLineW());
    return 0;
}
#endif
