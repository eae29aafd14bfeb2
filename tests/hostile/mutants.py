#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damage INF files and see that each still gets its record.

    INFSCAN=build/src/infscan tests/hostile/mutants.py [--seed N] [--count N]
        [--keep FOLDER] FOLDER...

Takes the files of the folders in turn, damages each copy in a few places and
scans the copies in batches. For every copy there is one valid JSON line, in
the order asked for, with a status and, unless it is an error, a verdict;
nothing is on stderr, and the program ends by itself. A batch that fails is
scanned file by file, and what fails alone is written to FOLDER. The same seed
damages the same files in the same way.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

BATCH = 250
SECONDS = 600
LARGEST = 200_000

# What a lexer, a decoder or an evaluator decides on.
TOKENS = [token.encode("latin-1") for token in (
    '"', '""', "\\", "\\\n", "%", "%%", "%1%", "%-1%", "%01%", "%65535%", ";",
    "=", ",", "[", "]", "[]", "\n", "\r", "\r\n", "\0", "\x1a", "\xff\xfe",
    "\xfe\xff", "\xef\xbb\xbf", "\xc3", "\xe2\x80\x8b", "\xd8\x00", "^", "`",
    "$(", ")", "@{", "'", "&", "|", "!a:~0,1!", "%a:~-1%", "0x", "-1",
    "99999999999", "{", "}", "[DefaultInstall]\n", "[Version]\n",
    'Signature="$CHICAGO$"\n', "[Strings]\n", "[Manufacturer]\n",
    "RunPreSetupCommands=", "RegisterOCXs=", "AddReg=", "CopyFiles=@",
    "AddService=,2,", "Include=", "Needs=", "CustomDestination=", "[autorun]\n",
    "open=", "HKLM,", "powershell -enc ", "cmd /v:on /c set a=b&&",
    "JABhAD0AJwBiACcA", "H4sIAAAAAAAA", "mshta vbscript:Execute(")]


def cut(rng, data):
    begin = rng.randrange(len(data) + 1)
    return data[:begin]


def drop(rng, data):
    begin = rng.randrange(len(data) + 1)
    return data[:begin] + data[begin + rng.randrange(1, 200):]


def double(rng, data):
    begin = rng.randrange(len(data) + 1)
    part = data[begin:begin + rng.randrange(1, 400)]
    return data[:begin] + part * rng.randrange(2, 9) + data[begin:]


def flip(rng, data):
    out = bytearray(data)
    for _ in range(rng.randrange(1, 16)):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def put(rng, data):
    begin = rng.randrange(len(data) + 1)
    return data[:begin] + rng.choice(TOKENS) + data[begin:]


def replace(rng, data):
    begin = rng.randrange(len(data) + 1)
    token = rng.choice(TOKENS)
    return data[:begin] + token + data[begin + len(token):]


def swap_lines(rng, data):
    lines = data.split(b"\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def widen(rng, data):
    wide = data.decode("latin-1").encode(rng.choice(["utf-16le", "utf-16be"]))
    return wide[rng.randrange(2):]


def splice(rng, data, other):
    return (data[:rng.randrange(len(data) + 1)] +
            other[rng.randrange(len(other) + 1):])


DAMAGE = [cut, drop, double, flip, put, put, put, replace, replace, swap_lines,
          widen]


def mutant(rng, files, number):
    data = files[number % len(files)].read_bytes()[:LARGEST]
    for _ in range(rng.randrange(1, 8)):
        data = rng.choice(DAMAGE)(rng, data)
    if rng.random() < 0.2:
        data = splice(rng, data, rng.choice(files).read_bytes()[:LARGEST])
    return data


def fault(program, paths):
    """What is wrong with a scan of the paths, or None."""
    try:
        done = subprocess.run(
            [program, "-f", "ndjson", "--all-actions", "--fail-on", "never",
             "--files-from", "-", "-0"],
            input=b"\0".join(os.fsencode(p) for p in paths) + b"\0",
            capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS} s"
    if done.returncode not in (0, 3) or done.stderr:
        return f"status {done.returncode}: {done.stderr[-2000:].decode(errors='replace')}"
    lines = done.stdout.decode("utf-8").splitlines()
    if len(lines) != len(paths):
        return f"{len(lines)} records of {len(paths)} files"
    for path, line in zip(paths, lines):
        record = json.loads(line)
        if record["path"] != str(path):
            return f"the record of {record['path']} instead of {path}"
        if record["status"] != "error" and "verdict" not in record:
            return f"no verdict: {line[:200]}"
    return None


def scan(program, paths, keep):
    """The number of files that fail."""
    what = fault(program, paths)
    if what is None:
        return 0
    failed = 0
    for path in paths:
        alone = fault(program, [path])
        if alone:
            failed += 1
            print(f"{path.name}: {alone}")
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / path.name).write_bytes(path.read_bytes())
    if not failed:
        print(f"only together, {paths[0].name} to {paths[-1].name}: {what}")
    return max(failed, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    program = os.path.abspath(os.environ.get("INFSCAN") or
                              sys.exit("mutants: set INFSCAN to the program"))
    files = sorted(path for folder in options.folders
                   for path in folder.rglob("*") if path.is_file())
    if not files:
        sys.exit("mutants: no files to damage")
    rng = random.Random(options.seed)
    # In turn, but not in the order of their names: a small count sees all kinds.
    rng.shuffle(files)
    failed = 0
    for begin in range(0, options.count, BATCH):
        with tempfile.TemporaryDirectory(prefix="infscan-mutants-") as scratch:
            paths = []
            for number in range(begin, min(begin + BATCH, options.count)):
                path = pathlib.Path(scratch) / f"{options.seed}-{number}.inf"
                path.write_bytes(mutant(rng, files, number))
                paths.append(path)
            failed += scan(program, paths, options.keep)
    print(f"mutants: {options.count} files, {failed} with faults")
    return 1 if failed else 0


sys.exit(main())
