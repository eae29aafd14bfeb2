#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What README.md quotes of the program is what the program prints.

    INFSCAN=build/src/infscan tests/golden/readme.py [--update]

A fenced block that begins with "$ infscan" holds a command, to be run at the
top of the tree, and all that it prints; a fenced block of JSON holds members
of the record of the first such command's file. --update rewrites the former.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
README = ROOT / "README.md"
QUOTED = re.compile(r"^```\n\$ infscan (.*)\n((?:.*\n)*?)^```\n", re.MULTILINE)
JSON = re.compile(r"^```json\n((?:.*\n)*?)^```\n", re.MULTILINE)


def printed(program, command):
    """What a command in the shell's spelling prints, without blank lines at
    its end."""
    done = subprocess.run(["/bin/sh", "-c", f'"$0" {command}', program],
                          cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, timeout=120, check=False)
    return done.stdout.decode("utf-8").rstrip("\n") + "\n"


def rewritten(program, text):
    def block(match):
        return (f"```\n$ infscan {match[1]}\n"
                f"{printed(program, match[1])}```\n")

    return QUOTED.sub(block, text)


def missing(wanted, found, where):
    """Members that are quoted and are not, or not so, in the record."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from missing(value, found.get(name), f"{where}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        # A list may be quoted in part.
        for number, value in enumerate(wanted):
            if not any(not list(missing(value, each, "")) for each in found):
                yield f"{where}[{number}]: {json.dumps(value)} is not there"
    elif wanted != found:
        yield f"{where}: {json.dumps(wanted)}, but it is {json.dumps(found)}"


def faults(program, text):
    commands = [match[1] for match in QUOTED.finditer(text)]
    quoted = [json.loads(match[1]) for match in JSON.finditer(text)]
    if not commands or not quoted:
        yield "README.md quotes no command, or no record"
        return
    now = rewritten(program, text)
    if now != text:
        yield "\n".join(difflib.unified_diff(
            text.splitlines(), now.splitlines(), "README.md", "now",
            lineterm="", n=1))
    record = json.loads(printed(program, "-f json " + commands[0]))
    for members in quoted:
        yield from missing(members, record, "README.md")


def update(program):
    text = README.read_text(encoding="utf-8")
    README.write_text(rewritten(program, text), encoding="utf-8", newline="\n")


def main():
    program = os.path.abspath(os.environ["INFSCAN"])
    if sys.argv[1:] == ["--update"]:
        update(program)
    found = list(faults(program, README.read_text(encoding="utf-8")))
    for fault in found:
        print(fault)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
