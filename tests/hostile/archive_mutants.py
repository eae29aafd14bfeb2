#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damage archives and see that each still gets its records.

    INFSCAN=build/src/infscan tests/hostile/archive_mutants.py [--seed N]
        [--count N] [--keep FOLDER]

Makes small archives of each kind, damages copies in a few places and scans them
in batches. For every copy the last of its records is its own, without member,
and all records stand together; each has a status and, unless it is an error, a
verdict. Nothing but the count of failures is on stderr. The same seed damages
the same files in the same way.
"""
import argparse
import bz2
import gzip
import json
import lzma
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import archives  # noqa: E402

BATCH = 100
SECONDS = 600
INF = (b"[Version]\r\nSignature=$chicago$\r\n[DefaultInstall]\r\n"
       b"RunPreSetupCommands=Pre\r\n[Pre]\r\nexample-tool.exe /run\r\n")


def seeds():
    """Archives of each kind, by the ending of their name."""
    members = [(b"in/a.inf", INF), (b"b.txt", b"text" * 3000),
               ("\u00fc.inf".encode(), INF + b"; more\r\n" * 900)]
    tar = archives.make_tar(members)
    stored = archives.make_zip(members)
    yield "zip", stored
    yield "deflated.zip", archives.make_zip(members, deflate=True)
    yield "crypto.zip", archives.make_zip(members, "zipcrypto", b"virus", True)
    yield "aes.zip", archives.make_zip(members[:1], "aes", b"infected", True)
    yield "nested.zip", archives.make_zip([(b"inner", stored), (b"c.inf", INF)])
    yield "cab", archives.make_cab(members)
    yield "tar", tar
    yield "tar.gz", gzip.compress(tar, mtime=0)
    yield "tar.bz2", bz2.compress(tar)
    yield "tar.xz", lzma.compress(tar)
    yield "inf.gz", gzip.compress(INF, mtime=0)


def cut(rng, data):
    return data[:rng.randrange(8, len(data) + 1)]


def drop(rng, data):
    begin = rng.randrange(8, len(data) + 1)
    return data[:begin] + data[begin + rng.randrange(1, 200):]


def double(rng, data):
    begin = rng.randrange(len(data))
    return data[:begin] + data[begin:begin + rng.randrange(1, 400)] + data[begin:]


def flip(rng, data):
    out = bytearray(data)
    for _ in range(rng.randrange(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def extreme(rng, data):
    """A number of a header becomes one that nothing has."""
    begin = rng.randrange(len(data))
    number = rng.choice([b"\0\0", b"\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\xff",
                         b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\xff" * 8])
    return data[:begin] + number + data[begin + len(number):]


DAMAGE = [cut, drop, double, flip, flip, extreme, extreme]


def mutant(rng, data):
    magic = data[:8]
    for _ in range(rng.randrange(1, 4)):
        data = rng.choice(DAMAGE)(rng, data)
    # Most keep their first bytes: without them they are no archives.
    return magic + data[8:] if rng.random() < 0.9 else data


def fault(program, paths):
    """What is wrong with a scan of the paths, or None."""
    try:
        done = subprocess.run(
            [program, "-f", "ndjson", "--fail-on", "never", *map(str, paths)],
            capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS} s"
    stderr = done.stderr.decode(errors="replace")
    if done.returncode not in (0, 3) or (
            stderr and not stderr.endswith("could not be analysed\n")) or (
            stderr.count("\n") > 1):
        return f"status {done.returncode}: {stderr[-2000:]}"
    left = [str(path) for path in paths]
    for line in done.stdout.decode("utf-8").splitlines():
        record = json.loads(line)
        if not left or record["path"] != left[0]:
            return f"a record of {record['path']} out of turn"
        if record["status"] != "error" and "verdict" not in record:
            return f"no verdict: {line[:200]}"
        if "member" not in record:
            left.pop(0)
    return f"no record of {left[0]}" if left else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    program = os.path.abspath(os.environ.get("INFSCAN") or
                              sys.exit("archive_mutants: set INFSCAN"))
    rng = random.Random(options.seed)
    kinds = list(seeds())
    failed = 0
    for begin in range(0, options.count, BATCH):
        with tempfile.TemporaryDirectory(prefix="infscan-archives-") as scratch:
            paths = []
            for number in range(begin, min(begin + BATCH, options.count)):
                ending, data = kinds[number % len(kinds)]
                path = pathlib.Path(scratch) / f"{options.seed}-{number}.{ending}"
                path.write_bytes(mutant(rng, data))
                paths.append(path)
            if fault(program, paths) is None:
                continue
            for path in paths:
                alone = fault(program, [path])
                if alone:
                    failed += 1
                    print(f"{path.name}: {alone}")
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        (options.keep / path.name).write_bytes(path.read_bytes())
    print(f"archive_mutants: {options.count} files, {failed} with faults")
    return 1 if failed else 0


sys.exit(main())
