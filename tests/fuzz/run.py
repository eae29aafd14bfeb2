#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fuzz: run.py --build FOLDER [--seconds N] [--jobs N] [--found FOLDER] [TARGET...]

FOLDER is a build with -Dfuzzing=true (clang). Each target starts from its own
corpus and from the samples, and runs for N seconds (60). What crashes, hangs or
takes too much memory is written to the folder of --found (fuzz-found in the
build), and the exit status is 1. Keep such an input: minimised with
`fuzz-TARGET -minimize_crash=1 FILE`, it goes to corpus/TARGET, where it is an
ordinary test from then on. One line a target says executions, executions a
second, edges reached and inputs kept.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SAMPLES = os.path.join(ROOT, "samples")
RULES = os.path.join(ROOT, "src", "rules", "builtin")
SPEC = os.path.join(ROOT, "tests", "spec")

# target -> (dictionary, further seeds, longest input). Seeds are folders, spec
# files (the input of each case) and rule files (each rule).
COMMANDS = [os.path.join(SPEC, name + ".spec") for name in ("cmd", "powershell", "script")]
CHAINS = [SAMPLES, os.path.join(SPEC, "chains.spec"), os.path.join(SPEC, "effects.spec")]
TARGETS = {
    "decode": ("inf.dict", [SAMPLES], 16384),
    "parse": ("inf.dict", [SAMPLES, os.path.join(SPEC, "parse.spec")], 16384),
    "profile": ("inf.dict", [SAMPLES], 16384),
    "chains": ("inf.dict", CHAINS, 16384),
    "scan": ("inf.dict", CHAINS, 8192),
    "peel": ("command.dict", COMMANDS, 4096),
    "rules": ("rules.dict", [RULES], 4096),
    "stream": ("stream.dict", [], 8192),
    "archive": ("archive.dict", [], 70000),
}
# Most that one input may take: a hang is what takes longer.
HANG_SECONDS = 10
MEMORY_MB = 2048


def spelled_out(body, is_part):
    """The bytes that a case of INF text stands for, near enough for a seed."""
    for sign, byte in (("␍", b"\r"), ("␚", b"\x1a"), ("␀", b"\0")):
        body = body.replace(sign.encode(), byte)
    head = b"[Version]\nSignature=$chicago$\n" if is_part else b""
    section = b"" if re.match(rb"\s*\[", body) else b"[T]\n"
    return head + section + body


def pieces(path):
    """The seeds that a file holds: all of it, the inputs of its cases, its
    rules."""
    with open(path, "rb") as file:
        data = file.read()
    if path in COMMANDS:
        return re.findall(rb"(?ms)^```input[^\n]*\n(.*?)\n```$", data)
    if path.endswith(".spec"):
        inputs = re.findall(rb"(?ms)^### ([^\n]*)\n(.*?)^---$", data)
        return [spelled_out(body, b":" not in title) for title, body in inputs]
    if path.startswith(RULES):
        return [b"rules:\n" + rule for rule in re.findall(rb"(?ms)^- id:.*?(?=^- id:|\Z)", data)]
    return [data]


def files_of(path):
    if os.path.isfile(path):
        return [path]
    return [
        os.path.join(root, name)
        for root, _, names in sorted(os.walk(path))
        for name in sorted(names)
    ]


def seeds(name, sources, into):
    """All seeds, flat and one a file: so a fuzzer reads them."""
    n = 0
    for source in [os.path.join(HERE, "corpus", name)] + sources:
        for path in files_of(source):
            for piece in pieces(path):
                with open(os.path.join(into, "%04d" % n), "wb") as out:
                    out.write(piece)
                n += 1


def fuzz(name, build, seconds, found):
    dictionary, sources, longest = TARGETS[name]
    program = os.path.join(build, "tests", "fuzz", "fuzz-" + name)
    with tempfile.TemporaryDirectory(prefix="infscan-fuzz-") as work:
        start = os.path.join(work, "seeds")
        grown = os.path.join(work, "grown")
        os.mkdir(start)
        os.mkdir(grown)
        seeds(name, sources, start)
        done = subprocess.run(
            [
                program,
                "-dict=" + os.path.join(HERE, dictionary),
                "-max_total_time=%d" % seconds,
                "-timeout=%d" % HANG_SECONDS,
                "-rss_limit_mb=%d" % MEMORY_MB,
                "-max_len=%d" % longest,
                "-artifact_prefix=%s/%s-" % (found, name),
                "-print_final_stats=1",
                grown,
                start,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        log = done.stderr.decode("utf-8", "replace")
        kept = len(os.listdir(grown))

    def number(pattern):
        hits = re.findall(pattern, log)
        return int(hits[-1]) if hits else 0

    print(
        "%-8s %9d executions, %6d/s, %6d edges, %5d kept%s"
        % (
            name,
            number(r"stat::number_of_executed_units: (\d+)"),
            number(r"stat::average_exec_per_sec: +(\d+)"),
            number(r"cov: (\d+)"),
            kept,
            "" if done.returncode == 0 else "  FAILED",
        ),
        flush=True,
    )
    if done.returncode != 0:
        sys.stderr.write(log[-6000:])
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--found")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("targets", nargs="*", default=[])
    args = parser.parse_args()
    unknown = [t for t in args.targets if t not in TARGETS]
    if unknown:
        sys.exit("unknown target %s; known: %s" % (unknown[0], ", ".join(TARGETS)))
    found = os.path.abspath(args.found or os.path.join(args.build, "fuzz-found"))
    os.makedirs(found, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        outcomes = pool.map(
            lambda name: fuzz(name, os.path.abspath(args.build), args.seconds, found),
            args.targets or TARGETS,
        )
        sys.exit(not all(list(outcomes)))


if __name__ == "__main__":
    main()
