#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hold `infscan dump` against a setupapi.dll: run.py [FILE|FOLDER]...

Builds setupapi_dump.c with mingw-w64, runs it under Wine on the INFs given
(default: samples/) and compares: accepted or not and at which line, the
sections, and every line's key and fields. INFSCAN names the program. Skips
with status 77, saying why, where Wine or the compiler is missing.

What is let through, since Wine is not Windows there:
  - fields that Wine cuts at 511 characters (Windows allows 4095);
  - a carriage return that Wine leaves at the end of an unclosed quote;
  - the user's name in per-user directories;
  - UTF-16 with big-endian order, which Wine refuses and Microsoft's pages
    disagree about, and UTF-16 with a NUL among its first characters, which
    Wine's RtlIsTextUnicode takes for something else;
  - [Strings.LANGID] sections, which Wine does not know;
  - the error for text without any section: Wine's own tests, written to pass
    on Windows, ask for another one than Wine gives.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

from wine import ROOT, Wine, windows_path

WINE_FIELD = 511
UNITS_LOOKED_AT = 256


def inf_files(arguments):
    for argument in arguments:
        path = pathlib.Path(argument)
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (p.resolve() for p in found if p.is_file() and p.suffix.lower() == ".inf")


def oracle(wine, files):
    """path -> what setupapi.dll made of it"""
    program = wine.build("setupapi_dump.exe", "setupapi_dump.c", "-lsetupapi")
    listing, out = wine.base / "list.txt", wine.base / "out.ndjson"
    listing.write_text("".join(windows_path(f) + "\n" for f in files), encoding="utf-8")
    wine.run(program, windows_path(listing), windows_path(out))
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    by_path = {r["file"].lower(): r for r in records}
    return {f: by_path.get(windows_path(f).lower()) for f in files}


def ours(infscan, path):
    result = subprocess.run(
        [infscan, "dump", "--format", "ndjson", "--inf-dir", windows_path(path.parent), str(path)],
        capture_output=True,
        check=True,
    )
    return json.loads(result.stdout.decode("utf-8"))


def plain(text):
    """A field without what is let through."""
    if text is None:
        return None
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = re.sub(r"(?i:c:\\users)\\(?!public\b)[^\\]*", r"c:\\users\\u", text)
    return text.rstrip("\r").lower()


def same_field(theirs, mine):
    theirs, mine = plain(theirs), plain(mine)
    if theirs == mine:
        return True
    return theirs is not None and len(theirs) >= WINE_FIELD - 64 and mine.startswith(theirs[: WINE_FIELD - 64])


def merged(sections):
    out = {}
    for section in sections:
        out.setdefault(section["name"].lower(), []).extend(section["lines"])
    return out


def difference(theirs, mine):
    """None, or the first thing that differs."""
    if theirs is None:
        return "setupapi gave no record"
    accepted = mine["accepted"]["setupapi"]
    if accepted != theirs["accepted"]:
        return "accepted %s, setupapi says %s (%s)" % (accepted, theirs["accepted"], theirs.get("error"))
    if not accepted:
        if not mine["sections"]:
            return None
        line = mine["accepted"].get("line", 0)
        return None if line == theirs["line"] else "refused at line %d, setupapi says %d" % (line, theirs["line"])
    a = merged(theirs["sections"])
    b = merged({"name": s["name"], "lines": [[l.get("key")] + l["fields"] for l in s["lines"]]} for s in mine["sections"])
    if a.keys() != b.keys():
        return "sections differ: %s" % sorted(a.keys() ^ b.keys())
    for name, lines in a.items():
        if len(lines) != len(b[name]):
            return "[%s] has %d lines, setupapi sees %d" % (name, len(b[name]), len(lines))
        for theirs_line, mine_line in zip(lines, b[name]):
            if len(theirs_line) != len(mine_line) or not all(map(same_field, theirs_line, mine_line)):
                return "[%s]: %r, setupapi sees %r" % (name, mine_line, theirs_line)
    return None


def has_early_nul(path):
    with open(path, "rb") as file:
        units = file.read(UNITS_LOOKED_AT * 2)
    return any(units[i:i + 2] == b"\0\0" for i in range(0, len(units), 2))


def uncertain(mine, path):
    encoding = mine["encoding"]["name"]
    names = {s["name"].lower() for s in mine["sections"]}
    return (
        encoding == "utf-16be"
        or (encoding == "utf-16le" and has_early_nul(path))
        or any(re.fullmatch(r"strings\.[0-9a-f]{4}", n) for n in names)
    )


def main():
    infscan = os.environ.get("INFSCAN") or str(ROOT / "build/src/infscan")
    wine = Wine()
    files = list(inf_files(sys.argv[1:] or [ROOT / "samples"]))
    if not files:
        sys.exit("no INF files there")
    failed = left_out = 0
    for path, theirs in oracle(wine, files).items():
        mine = ours(infscan, path)
        if uncertain(mine, path):
            left_out += 1
            continue
        why = difference(theirs, mine)
        if why:
            failed += 1
            print("%s: %s" % (path, why))
    print("%d files as setupapi reads them, %d not, %d left out" % (len(files) - failed - left_out, failed, left_out))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
