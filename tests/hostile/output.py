#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No format lets what is analysed steer what reads it.

    INFSCAN=build/src/infscan tests/hostile/output.py

Hostile strings (strings.py) as file names, sections, keys, values, commands,
services and paths go through every format. Text holds no character that
steers a terminal and no line that it did not write; JSON and CSV are read by
Python's own parsers, which find the records and the names that were put in.
"""
import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

import strings

PROGRAM = os.path.abspath(os.environ.get("INFSCAN", ""))
SECONDS = 300
SGR = re.compile("\x1b\\[(?:0|1|2|1;31|32|35)m")
VERDICT = re.compile("(?:malicious|suspicious|clean|error) +(?:[0-9]+|-)  ")
faults = []


def fault(what, *details):
    faults.append("%s: %s" % (what, " ".join(repr(d)[:300] for d in details)))


def run(arguments, stdin=b"", cwd=None):
    done = subprocess.run(
        [os.fsencode(a) for a in [PROGRAM, "--sandbox=off"] + arguments],
        input=stdin, capture_output=True, timeout=SECONDS, cwd=cwd, check=False)
    if done.returncode not in (0, 1, 3):
        fault("status", arguments, done.returncode, done.stderr)
    return done.stdout, done.stderr


def steers(character):
    """Whether a character does anything but stand there."""
    return (unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
            or (character != " " and unicodedata.category(character) == "Zs"))


def check_text(what, raw, colour=False):
    """The lines of a text, if it is one."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        fault(what, "not UTF-8", error)
        return []
    if colour:
        text = SGR.sub("", text)
    for line in text.split("\n"):
        bad = sorted({c for c in line if steers(c)})
        if bad:
            fault(what, bad, line)
    return text.split("\n")


def rows(line):
    """The rows that a terminal makes of a line."""
    every, row, used = [], "", 0
    for character in line:
        wide = unicodedata.east_asian_width(character) in "WF"
        width = 0 if unicodedata.combining(character) else 2 if wide else 1
        if used + width > strings.WIDTH:
            every.append(row)
            row, used = "", 0
        row += character
        used += width
    return every + [row]


def check_wrapped(what, lines):
    """The lines of a report, and no part of hostile text that stands where a
    wrapped line goes on, hold two blanks in a row."""
    for line in lines:
        line = re.sub("  (?:\\[not-inf\\]|\\[partial\\])?(?:  )?"
                      "(?:\\(content only\\))?$", "", line)
        for row in rows(line)[1:]:
            if "  " in row:
                fault(what, "two blanks where a line goes on", row)
        if line and line[0] != " " and "  " not in line:
            fault(what, "a line at the margin without two blanks", line)


def check_lines(what, lines, files):
    """There is a verdict for each file, and nothing else looks like one."""
    count = sum(VERDICT.match(line) is not None for line in lines)
    if count != files:
        fault(what, "%d verdicts for %d files" % (count, files))
    check_wrapped(what, lines)


def check_report(folder, files):
    for options in ([], ["-v"], ["-q"], ["--only-findings", "-q"],
                    ["--no-defang"], ["--summary"]):
        out, err = run(options + ["."], cwd=folder)
        lines = check_text("text %s" % options, out)
        check_lines("text %s" % options, lines, files if
                    "--only-findings" not in options else
                    sum(VERDICT.match(line) is not None for line in lines))
        check_text("stderr %s" % options, err)
    out, _ = run(["--color=always", "-v", "."], cwd=folder)
    check_lines("colour", check_text("colour", out, colour=True), files)


def expected_path(name):
    path = b"./" + name
    return path.decode("utf-8", "replace"), path


def check_record(what, record, raw_names):
    """The name that went in comes out, as text and, where it is none, raw."""
    raw = record["path"].encode("utf-8", "surrogatepass")
    if "path_b64" in record:
        raw = base64.b64decode(record["path_b64"])
    if raw not in raw_names:
        fault(what, "no file is called", record["path"])
    if raw.decode("utf-8", "replace").count("\ufffd") and \
            record["path"].count("\ufffd") == 0:
        fault(what, "bad bytes are not marked", record["path"])
    for surrogate in re.findall("[\ud800-\udfff]", json.dumps(record)):
        fault(what, "surrogate", surrogate)


def check_json(folder, names):
    raw_names = {b"./" + name for name in names}
    out, err = run(["-f", "ndjson", "--all-actions", "."], cwd=folder)
    check_text("ndjson", out)
    check_text("stderr of ndjson", err)
    records = [json.loads(line) for line in out.decode().splitlines()]
    if len(records) != len(names):
        fault("ndjson", "%d records for %d files" % (len(records), len(names)))
    for record in records:
        check_record("ndjson", record, raw_names)
    out, _ = run(["-f", "json", "."], cwd=folder)
    if len(json.loads(out)) != len(names):
        fault("json", "not one record for each file")
    check_text("json", out)


def check_csv(folder, names):
    out, _ = run(["-f", "csv", "."], cwd=folder)
    check_text("csv", out)
    rows = list(csv.reader(io.StringIO(out.decode(), newline="")))
    if len(rows) != len(names) + 1:
        fault("csv", "%d rows for %d files" % (len(rows) - 1, len(names)))
    for row in rows:
        if len(row) != len(rows[0]):
            fault("csv", "%d cells" % len(row), row)
        for cell in row:
            if cell.strip()[:1] in ("=", "+", "-", "@", "\t", "\r", "\uff1d",
                                    "\uff0b", "\uff0d", "\uff20"):
                fault("csv", "formula", cell)


def check_dump(folder, names):
    paths = [b"./" + name for name in names]
    out, err = run(["dump"] + paths, cwd=folder)
    lines = check_text("dump", out)
    check_text("stderr of dump", err)
    for line in lines:
        for row in rows(line)[1:]: # two blanks stand behind numbers alone
            if re.match(" *[0-9]+  (?!accepted|refused)", row):
                fault("dump", "a line of the model where one goes on", row)
    out, _ = run(["dump", "-f", "ndjson"] + paths, cwd=folder)
    check_text("dump ndjson", out)
    records = [json.loads(line) for line in out.decode().splitlines()]
    if len(records) != len(names):
        fault("dump ndjson", "%d records" % len(records))
    raw_names = set(paths)
    for record in records:
        check_record("dump ndjson", record, raw_names)


def check_decode():
    commands = [b"cmd.exe /c echo " + text for text in strings.STRINGS.values()]
    commands = [command for command in commands if b"\n" not in command]
    lines = b"\n".join(commands) + b"\n"
    out, err = run(["decode", "-f", "ndjson", "-"], lines)
    check_text("decode ndjson", out)
    check_text("stderr of decode", err)
    records = [json.loads(line) for line in out.decode().splitlines()]
    if len(records) != len(commands):
        fault("decode ndjson", "%d records" % len(records))
    for options in ([], ["-q"], ["-v"]):
        out, _ = run(["decode"] + options + ["-"], lines)
        check_lines("decode %s" % options,
                    check_text("decode %s" % options, out), len(commands))
    out, _ = run(["decode", "--color=always", "-"], lines)
    check_text("decode colour", out, colour=True)


def check_diff(folder, names):
    """Each file against the next."""
    ordered = sorted(names)
    for before, after in zip(ordered, ordered[1:]):
        paths = [b"./" + before, b"./" + after]
        out, err = run(["diff"] + paths, cwd=folder)
        lines = check_text("diff", out)
        check_text("stderr of diff", err)
        check_wrapped("diff", lines)
        if sum(re.match("(---|\\+\\+\\+) ", line) is not None
               for line in lines) != 2:
            fault("diff", "not two names", lines[:6])
    out, _ = run(["diff", "-f", "ndjson"] + paths, cwd=folder)
    check_text("diff ndjson", out)
    record = json.loads(out)
    check_record("diff ndjson", record["before"], set(paths))
    check_record("diff ndjson", record["after"], set(paths))


def check_missing(folder):
    """Names of files that are not there reach errors and records alone."""
    for name in strings.names():
        for options in ([], ["-f", "ndjson"], ["-f", "csv"]):
            out, err = run(options + ["--", b"./gone-" + name], cwd=folder)
            check_text("missing %s" % options, out)
            check_text("stderr of missing %s" % options, err)
        out, err = run(["--", name + b".gone"], cwd=folder)
        check_lines("missing", check_text("missing", out), 1)


def check_rules(folder):
    """A rule file of somebody else."""
    with open(os.path.join(folder, "rules.yml"), "w") as file:
        file.write('rules:\n- id: a.b\n  title: "t\\e[2J\\u202e\\u009b"\n'
                   '  description: "d\\e]0;forged\\a"\n  severity: high\n'
                   "  score: 10\n  target: command\n  all: ['calc']\n"
                   "  match: ['calc']\n  no-match: ['x']\n"
                   '"\\e[2J": 1\n')
    for arguments in (["rules", "list", "rules.yml"],
                      ["rules", "check", "rules.yml"],
                      ["rules", "test", "rules.yml"],
                      ["explain", "--rules", "rules.yml", "a.b"]):
        done = subprocess.run([PROGRAM] + arguments, capture_output=True,
                              cwd=folder, timeout=SECONDS, check=False)
        check_text(" ".join(arguments), done.stdout)
        check_text("stderr of " + " ".join(arguments), done.stderr)


def main():
    if not os.path.exists(PROGRAM):
        sys.exit("output.py: INFSCAN must name the program")
    with tempfile.TemporaryDirectory(prefix="infscan-output-") as folder:
        strings.fill(folder)
        names = os.listdir(os.fsencode(folder))
        check_report(folder, len(names))
        check_json(folder, names)
        check_csv(folder, names)
        check_dump(folder, names)
        check_decode()
        check_diff(folder, names)
        check_missing(folder)
    with tempfile.TemporaryDirectory(prefix="infscan-output-") as folder:
        check_rules(folder)
    for line in faults[:40]:
        print(line)
    print("output: %d hostile files, %d faults" % (len(names), len(faults)))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
