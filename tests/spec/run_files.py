#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs files.spec: see the head of that file. INFSCAN names the program."""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("INFSCAN", "build/src/infscan")
CODECS = {
    "8-bit": ("latin-1", b""),
    "utf-8": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16le": ("utf-16-le", b"\xff\xfe"),
    "utf-16be": ("utf-16-be", b"\xfe\xff"),
}
SIGNS = {"␍": "\r", "␚": "\x1a", "␀": "\0"}


def unsigned(text):
    for sign, character in SIGNS.items():
        text = text.replace(sign, character)
    return re.sub(r"(.)⟨x(\d+)⟩", lambda m: m[1] * int(m[2]), text, flags=re.S)


def encoded(header, lines):
    """Name and bytes of a file: "x.inf", "x.inf utf-16le", "... without mark"."""
    name, _, encoding = header.partition(" ")
    bare = encoding.endswith(" without mark")
    codec, mark = CODECS[encoding.replace(" without mark", "") or "8-bit"]
    text = unsigned("".join(line + "\n" for line in lines))
    text = text.replace("⏎\n", "")  # no line end behind this line
    return name, (b"" if bare else mark) + text.encode(codec)


def read_cases(path):
    """Title, files, options and expected lines of each case."""
    with open(path, encoding="utf-8", newline="\n") as file:
        blocks = re.split(r"^### ", file.read(), flags=re.M)[1:]
    for block in blocks:
        title, rest = block.split("\n", 1)
        given, expected = rest.split("\n---\n", 1)
        files, options = [], []
        parts = re.split(r"^=== ", given, flags=re.M)[1:]
        for part in parts:
            header, *lines = part.rstrip("\n").split("\n")
            files.append(encoded(header, lines))
        lines = expected.rstrip("\n").split("\n")
        if lines[0].startswith("$ "):
            options = shlex.split(lines.pop(0)[2:])
        yield title, files, options, lines


def acceptance(accepted):
    if accepted["setupapi"]:
        return "accepted"
    return "refused %s %d" % (accepted["reason"], accepted.get("line", 0))


def shown(record):
    """A record in the words of the spec."""
    yield "%s %s %s" % (record["encoding"]["name"], record["dialect"],
                        acceptance(record["accepted"]))
    actions = {action["id"]: action for action in record.get("actions", [])}
    for plan in record.get("plans", []):
        yield " ".join([plan["launcher"], "[%s]" % plan["section"],
                        *plan.get("targets", []),
                        *("strings " + s for s in [plan.get("strings")] if s)])
        for number in plan["actions"]:
            action = actions[number]
            yield "  %s: %s" % (action["kind"], action["text"])
            for reading in action.get("alternatives", []):
                yield "    or: " + reading
    for diagnostic in record.get("diagnostics", []):
        yield "! " + diagnostic["code"]


def run(files, options):
    with tempfile.TemporaryDirectory(prefix="infscan-spec-") as folder:
        for name, content in files:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        done = subprocess.run(
            [PROGRAM, "-f", "ndjson", "--all-actions", "--no-builtin-rules",
             "--inf-dir", "C:\\src", *options, files[0][0]],
            cwd=folder, capture_output=True, check=False, timeout=60)
    return list(shown(json.loads(done.stdout)))


def main():
    passed = failed = 0
    for title, files, options, expected in read_cases(sys.argv[1]):
        actual = run(files, options)
        if actual == expected:
            passed += 1
            continue
        failed += 1
        print("%s\n--- expected\n%s\n--- actual\n%s" % (
            title, "\n".join(expected), "\n".join(actual)))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
