#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run the program as a user does: run.py [--update] [CASE...]

INFSCAN names the program. Each folder with a file `cmd` is a case: a shell
script that runs in a scratch folder holding a copy of input/. What it prints
and its exit status are compared with the files stdout, stderr and exit; one
that is missing stands for nothing printed, or 0. Status 77 skips a case, with
the reason on stdout. --update writes those files; review the difference.
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
INPUT = os.path.join(HERE, "input")
PARTS = ("stdout", "stderr", "exit")
SKIPPED = 77
SECONDS = 300


def run_case(folder, program):
    """What the case came to, by part."""
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    env.update(
        INFSCAN=program, TESTS=os.path.dirname(HERE), LC_ALL="C", TERM="dumb"
    )
    with tempfile.TemporaryDirectory(prefix="infscan-cli-") as scratch:
        work = os.path.join(scratch, "work")
        shutil.copytree(INPUT, work)
        try:
            done = subprocess.run(
                ["sh", os.path.join(folder, "cmd")],
                cwd=work,
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                restore_signals=True,
            )
        finally:
            subprocess.run(["chmod", "-R", "u+rwX", work], check=False)
    return {
        "stdout": done.stdout,
        "stderr": done.stderr,
        "exit": b"%d\n" % done.returncode,
    }


def expected(folder, part):
    path = os.path.join(folder, part)
    if not os.path.exists(path):
        return b"0\n" if part == "exit" else b""
    with open(path, "rb") as file:
        return file.read()


def update(folder, got):
    for part in PARTS:
        path = os.path.join(folder, part)
        if got[part] == (b"0\n" if part == "exit" else b""):
            if os.path.exists(path):
                os.remove(path)
        else:
            with open(path, "wb") as file:
                file.write(got[part])


def check(name, program, updating):
    """Run one case; "ok", "skip" or "FAIL"."""
    folder = os.path.join(HERE, name)
    got = run_case(folder, program)
    if got["exit"] == b"%d\n" % SKIPPED:
        print("skip %s: %s" % (name, got["stdout"].decode(errors="replace").strip()))
        return "skip"
    if updating:
        update(folder, got)
        return "ok"
    wrong = [part for part in PARTS if got[part] != expected(folder, part)]
    for part in wrong:
        print("FAIL %s: %s" % (name, part))
        print("  expected: %r" % expected(folder, part)[:2000])
        print("  got:      %r" % got[part][:2000])
    return "FAIL" if wrong else "ok"


def main():
    program = os.environ.get("INFSCAN")
    if not program or not os.path.exists(program):
        sys.exit("run.py: INFSCAN must name the program")
    words = sys.argv[1:]
    updating = "--update" in words
    names = [word for word in words if word != "--update"] or sorted(
        name
        for name in os.listdir(HERE)
        if os.path.exists(os.path.join(HERE, name, "cmd"))
    )
    outcomes = [check(name, os.path.abspath(program), updating) for name in names]
    print(
        "%d cases: %d ok, %d skipped, %d failed"
        % (
            len(names),
            outcomes.count("ok"),
            outcomes.count("skip"),
            outcomes.count("FAIL"),
        )
    )
    sys.exit(1 if "FAIL" in outcomes else 0)


if __name__ == "__main__":
    main()
