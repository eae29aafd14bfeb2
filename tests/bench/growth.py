#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Work at n and at 2n of what hurts: growth.py [CASE...]

Where scaling.py takes the constructs of an INF, this takes what else somebody
may hand over in bulk: commands, addresses, effects, files beside an INF, members of
archives, rules, requests, files to compare, texts to render. Printed for each:
n, processor time at 2n and its ratio to that at n, the least of RUNS (3) runs each.
Above 2.3 a case is marked; some tens of milliseconds and caches that overflow are
noise, which valgrind's instruction counts are not. INFSCAN names the program.
"""
import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import archives  # noqa: E402

MOST = 2.3
HEAD = "[Version]\nSignature=$CHICAGO$\n"
RUN = HEAD + "[DefaultInstall]\nRunPreSetupCommands=r\n[r]\n"
INF = (RUN + "calc\n").encode()
RULE = (
    "- id: t.r%d\n  title: T\n  description: D.\n  confirm: C.\n  severity: low\n"
    "  target: command\n  any: ['zzq%d']\n  match: ['zzq%d x']\n  no-match: ['x']\n"
)
SCAN = ["-j1", "-f", "ndjson", "--all-actions", "--fail-on", "never"]
for limit in ("actions", "findings", "indicators", "companions"):
    SCAN += ["--limit", limit + "=1000000"]


def each(n, text):
    """The text n times, with its number where it has room for one."""
    return "".join(text.replace("#", str(i)) for i in range(n))


def put(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("latin-1"))
    return path


def inf(before, item, after=""):
    return lambda folder, n: (SCAN + [put(folder, "x.inf", before + each(n, item) + after)], b"")


def rendered(name, item):
    return lambda folder, n: (
        ["-j1", "-v", "-f", name, "--fail-on", "never", put(folder, "x.inf", RUN + each(n, item))], b"")


def command(before, item, after=""):
    return lambda folder, n: (
        ["decode", "-f", "ndjson", "--fail-on", "never", "-"], (before + each(n, item) + after).encode())


def archive(make):
    return lambda folder, n: (SCAN + [put(folder, "x", make(n))], b"")


def members(n, name="m#.inf", content=INF):
    return [(name.replace("#", str(i)).encode(), content) for i in range(n)]


def beside(folder, n):
    for i in range(n):
        put(folder, "in/f%d.sys" % i, "x")
    return SCAN + [put(folder, "in/x.inf", HEAD + "[DefaultInstall]\nCopyFiles=a\n[a]\n" +
                       each(n, "F#.SYS\n"))], b""


def compared(folder, n):
    text = HEAD + "[DefaultInstall]\nAddReg=a\n[a]\n" + each(n, "HKLM,Software\\A#,v,,%s\n")
    return ["diff", "-f", "ndjson", "--limit", "actions=1000000",
            put(folder, "a.inf", text.replace("%s", "x")), put(folder, "b.inf", text.replace("%s", "y"))], b""


def requests(folder, n):
    data = base64.b64encode(INF).decode()
    return ["--stream"], "".join(
        json.dumps({"id": i, "name": "x.inf", "data_b64": data}) + "\n" for i in range(n)).encode()


def ruled(folder, n):
    rules = put(folder, "r.yml", "rules:\n" + each(n, RULE.replace("%d", "#")))
    return SCAN + ["--rules", rules, put(folder, "x.inf", RUN + each(200, "cmd /c tool#.exe\n"))], b""


# case -> (n, what makes its command and input)
CASES = {
    "commands": (16000, inf(RUN, "cmd /c tool#.exe\n")),
    "findings": (8000, inf(RUN, "powershell -w hidden -c iex #\n")),
    "addresses": (16000, inf(RUN, "tool http://h#.example.invalid/a\n")),
    "addresses of one command": (16000, inf(RUN + "x ", "http://h#.example.invalid/ ")),
    "paths of one command": (16000, inf(RUN + "x ", "C:\\a#\\b.exe ")),
    "keys added and deleted": (8000, inf(HEAD + "[DefaultInstall]\nAddReg=a\nDelReg=a\n[a]\n", "HKLM,A#,v,,x\n")),
    "services": (8000, inf(HEAD + "[DefaultInstall.Services]\n", "AddService=s#,,i\n",
                           "[i]\nServiceType=1\nStartType=0\nErrorControl=1\nServiceBinary=%12%\\s.sys\n")),
    "files copied": (16000, inf(HEAD + "[DefaultInstall]\nCopyFiles=a\n[a]\n", "f#.sys\n")),
    "files beside": (4000, beside),
    "zip": (8000, archive(lambda n: archives.make_zip(members(n)))),
    "zip, one name": (8000, archive(lambda n: archives.make_zip(members(n, "m.inf")))),
    "zip, locked": (16000, archive(lambda n: archives.make_zip(members(n), "zipcrypto", b"secret"))),
    "zips in a zip": (4000, archive(lambda n: archives.make_zip(
        members(n, "i#.zip", archives.make_zip(members(1)))))),
    "cab": (8000, archive(lambda n: archives.make_cab(members(n)))),
    "tar.gz": (8000, archive(lambda n: gzip.compress(archives.make_tar(members(n))))),
    "INF that needs all of a zip": (16000, archive(lambda n: archives.make_zip(
        [(b"x.inf", (HEAD + "[DefaultInstall]\nCopyFiles=a\n[a]\n" + each(n, "f#.sys\n")).encode())] +
        members(n, "f#.sys", b"x")))),
    "INFs that need one file": (8000, archive(lambda n: archives.make_zip(
        [(b"s.sys", b"x")] + members(n, "m#.inf", (HEAD + "[DefaultInstall]\nCopyFiles=@s.sys\n").encode())))),
    "rules": (2000, ruled),
    "requests": (4000, requests),
    "files compared": (16000, compared),
    "odd characters as text": (128000, rendered("text", "\x01\xe9\"\"")),
    "odd characters as JSON": (128000, rendered("json", "\x01\xe9\"\"")),
    "findings as CSV": (16000, rendered("csv", "powershell -w hidden -c iex #\n")),
    "set": (8000, command("cmd /v:on /c ", "set a#=x&", "echo !a1!")),
    "joined cmd commands": (64000, command("cmd /c ", "echo a&&", "b")),
    "PowerShell statements": (8000, command("powershell -c ", "$a#='x';", "iex $a1")),
    "PowerShell list": (8000, command("powershell -c iex ((", "'a',", "'b') -join '')")),
    "VBScript characters": (16000, command("mshta vbscript:Execute(", "chr(97)&", "chr(98))")),
    "JScript variables": (16000, command("mshta javascript:", "var a#='x';", "eval(a1)")),
}


def cost(program, given):
    """Least processor time of several runs, in seconds."""
    arguments, text = given
    least = float("inf")
    for _ in range(int(os.environ.get("RUNS", "3"))):
        with tempfile.TemporaryFile() as stdin:
            stdin.write(text)
            stdin.seek(0)
            child = subprocess.Popen([program] + arguments, stdin=stdin, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1, 3):
            raise subprocess.CalledProcessError(child.returncode, arguments)
        least = min(least, usage.ru_utime + usage.ru_stime)
    return least


def main():
    program = os.environ.get("INFSCAN", "build/src/infscan")
    above = 0
    wanted = sys.argv[1:] or CASES
    print("%-28s %7s %8s %6s" % ("case", "n", "seconds", "ratio"))
    for case in wanted:
        n, make = CASES[case]
        costs = []
        for count in (n, 2 * n):
            with tempfile.TemporaryDirectory() as folder:
                costs.append(cost(program, make(folder, count)))
        ratio = costs[1] / max(costs[0], 0.001)
        above += ratio > MOST
        print("%-28s %7d %8.3f %6.2f%s" % (case, n, costs[1], ratio, "  above %.1f" % MOST if ratio > MOST else ""),
              flush=True)
    print("%d of %d above %.1f" % (above, len(wanted), MOST))


if __name__ == "__main__":
    main()
