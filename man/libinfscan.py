#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make libinfscan(3): what is written by hand, then the functions by header.

    libinfscan.py HEAD HEADER...

A function is told by the first line of its comment ("infscan_x - what it
does") or, where several share one comment or none is needed, by its name.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*\*\n \* (infscan_\w+) - ((?:.|\n)*?)\n \*(?:/|\n)")
FUNCTION = re.compile(r"^INFSCAN_API (?:.|\n)*?(infscan_\w+)\(", re.MULTILINE)


def escape(text):
    return re.sub(r"([\\_*<])", r"\\\1", text)


def summaries(text):
    return {name: re.sub(r"\s*\n \*\s*", " ", words).strip()
            for name, words in COMMENT.findall(text)}


def section(path):
    text = path.read_text(encoding="utf-8")
    told = summaries(text)
    names = FUNCTION.findall(text)
    yield f"## {escape('<infscan/' + path.name + '>')}\n"
    for name in names:
        if name in told:
            yield f"*{escape(name)}*\n\t{escape(told[name])}\n"
    rest = [f"*{escape(name)}*" for name in names if name not in told]
    if rest:
        yield "Also: " + ",\n".join(rest) + ".\n"


def main():
    head, *headers = map(pathlib.Path, sys.argv[1:])
    written, mark, foot = head.read_text(encoding="utf-8").partition(
        "# SEE ALSO\n")
    lines = ["# FUNCTIONS\n"]
    for path in headers:
        if FUNCTION.search(path.read_text(encoding="utf-8")):
            lines += section(path)
    sys.stdout.write(written + "\n".join(lines) + "\n" + mark + foot)


main()
