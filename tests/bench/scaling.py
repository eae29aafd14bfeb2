#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Work at n and at 2n: scaling.py [LARGEST_MEGABYTES]

For each construct of an INF a file is made of n of it and one of 2n, and read
by `infscan dump` and by a whole scan. Printed for 2n: processor time, its ratio to
that at n (the least of RUNS runs each), and the peak of resident memory, also
as a multiple of the file. Reading is linear when no ratio is above 2.3; a
construct above that is marked. Where a file runs into a limit, that is said.
LARGEST_MEGABYTES (16, at most 64) bounds the files made. INFSCAN names the
program, RUNS (3) the number of runs.
"""
import os
import re
import subprocess
import sys
import tempfile

HEAD = "[Version]\nSignature=$CHICAGO$\n"
RUNS = 3
MOST = 2.3

# construct -> (text before, text of the i-th, text after)
CONSTRUCTS = {
    "sections": ("", lambda i: "[s%d]\nk=v\n" % i, ""),
    "sections of one name": ("", lambda i: "[a]\nk=v\n", ""),
    "lines": ("[a]\n", lambda i: "k=v,w\n", ""),
    "long lines": ("[a]\n", lambda i: "HKR,,Value%08d,0x00010001,%d\n" % (i, i), ""),
    "fields": ("[a]\nk=", lambda i: "v,", "\n"),
    "tokens": ("[a]\nk=", lambda i: "%11%", "\n"),
    "continuation lines": ("[a]\nk=", lambda i: "v\\\n", "\n"),
    "quotes": ("[a]\nk=", lambda i: '"v"x', "\n"),
    "pieced fields": ("[a]\n", lambda i: 'k"e"y=v"a"l\n', ""),
    "high bytes": ("[a]\nk=", lambda i: "a\u00e9", "\n"),
    "semicolons": ("[a]\nk=%", lambda i: ";x%", "\n"),
    "comments": ("[a]\n", lambda i: "; note\n", ""),
    "strings": ("[Strings]\n", lambda i: "s%d=v\n" % i, "[a]\nk=%s1%\n"),
    "NULs": ("[a]\nk=", lambda i: "\0", "\n"),
    "AddReg lines": (
        "[DefaultInstall]\nAddReg=a\n[a]\n",
        lambda i: "HKLM,Software\\A,v%d,,x\n" % i,
        "",
    ),
    "section references": (
        "[DefaultInstall]\n",
        lambda i: "AddReg=a\n",
        "[a]\nHKLM,Software\\A,v,,x\n",
    ),
    "Needs": ("[DefaultInstall]\n", lambda i: "Needs=n%d\n" % i, ""),
    "addresses of one line": (
        "[DefaultInstall]\nRunPreSetupCommands=r\n[r]\ncmd /c x ",
        lambda i: "http://h%d.example.invalid/ " % i,
        "\n",
    ),
    "lists in one line": (
        "[a]\nHKLM,Software\\A,v,,x\n[DefaultInstall]\nAddReg=a",
        lambda i: ",s%d" % i,
        "\n",
    ),
    "lists": (
        "",
        lambda i: "[DefaultInstall]\nAddReg=s%d\n[s%d]\nHKLM,Software\\A,v%d,,x\n" % (i, i, i),
        "",
    ),
    "chain of Needs": (
        "[DefaultInstall]\nNeeds=n0\n",
        lambda i: "[n%d]\nNeeds=n%d\nDelReg=d%d\n" % (i, i + 1, i),
        "",
    ),
    "fan of Needs": (
        "[DefaultInstall]\nNeeds=n0\n",
        lambda i: "[DefaultInstall]\nNeeds=n%d\n[n%d]\nCopyFiles=@f%d\n" % (i, i, i),
        "",
    ),
    "fan of Include": ("[DefaultInstall]\n", lambda i: "Include=i%d.inf\n" % i, ""),
    "commands": (
        "[DefaultInstall]\nRunPreSetupCommands=a\n[a]\n",
        lambda i: "a%d.exe /x\n" % i,
        "",
    ),
    "strings in actions": (
        "[DefaultInstall]\nAddReg=a\n[Strings]\ns=text\n[a]\n",
        lambda i: "HKLM,Software\\%%s%%\\%%s%%,v%d,,%%s%%\n" % i,
        "",
    ),
    "named sections": ("", lambda i: "[s%d]\nAddReg=a\n" % i, "[a]\nHKLM,Software\\A,v,,x\n"),
    "directory numbers": (
        "",
        lambda i: "[s%d]\nCustomDestination=c%d\nAddReg=a\n[c%d]\n49000=l%d\n[l%d]\nHKLM,A,B,,C:\\%d\n" % ((i,) * 6),
        "[a]\nHKLM,Software\\A,v,,%49000%\n",
    ),
    "devices": (
        "[Manufacturer]\nM=m,NTamd64\n",
        lambda i: "[m.NTamd64]\nd=i%d,HW\\%d\n[i%d]\nAddReg=a%d\n[a%d]\nHKR,,v,,x\n" % ((i,) * 5),
        "",
    ),
    "services": (
        "[DefaultInstall.Services]\n",
        lambda i: "[DefaultInstall.Services]\nAddService=s%d,,s%d\n[s%d]\nServiceType=1\nStartType=3\nErrorControl=0\nServiceBinary=%%12%%\\s%d.sys\n" % ((i,) * 4),
        "[DefaultInstall]\nDelReg=x\n",
    ),
    "decorated sections": (
        "",
        lambda i: "[DefaultInstall.NT]\nCopyFiles=@f%d\n[x%d.NTamd64]\nAddReg=a\n" % (i, i),
        "[a]\nHKLM,Software\\A,v,,x\n",
    ),
    "pending sections": (
        "[DefaultInstall]\nAddReg=a\n",
        lambda i: "[a]\nHKCU,Software\\Microsoft\\IEAK\\GroupPolicy\\PendingGPOs,Section%d,,p%d\n[p%d]\nDelReg=a\n" % (i, i, i),
        "",
    ),
}
# What a scan turns into actions is bounded by the limit `actions`, so those
# files stay small.
SMALL = set(list(CONSTRUCTS)[list(CONSTRUCTS).index("AddReg lines"):])
SMALL_BYTES = 1 << 20


def write_file(path, construct, size):
    """A file of at most `size` bytes, written piece by piece: what a process
    that is started here may ever have had in memory counts for its own peak."""
    before, item, after = CONSTRUCTS[construct]
    n = max(1, (size - len(HEAD + before + after)) // len(item(10000000)))
    with open(path, "w", newline="", encoding="latin-1") as file:
        file.write(HEAD + before)
        for first in range(0, n, 10000):
            file.write("".join(map(item, range(first, min(n, first + 10000)))))
        file.write(after)


def cost(command, runs):
    """Least processor seconds and largest peak of memory in bytes of several
    runs, and whether a limit was reached."""
    seconds, peak = float("inf"), 0
    for _ in range(runs):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        tail = b""
        while True:
            block = child.stdout.read(1 << 16)
            if not block:
                break
            tail = tail[-4096:] + block
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 3):
            raise subprocess.CalledProcessError(child.returncode, command)
        seconds = min(seconds, usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss << 10)
        failed = b'"type":"error"' in tail or b'"status":"error"' in tail
        limits = re.findall(rb'"limits":\[(.*?)\]', tail)
        named = re.findall(r'"name":"(\w+)"', limits[-1].decode()) if limits else []
    return seconds, peak, "memory_bytes" if failed else " ".join(named)


def measure(command, path, construct, size, runs):
    """A line of the table, and whether the ratio is too high."""
    costs = []
    for share in (2, 1):
        write_file(path, construct, size // share)
        costs.append(cost(command + [path], runs))
    length = os.path.getsize(path)
    ratio = costs[1][0] / max(costs[0][0], 0.001)
    line = "%9d %8.3f %6.2f %8.1f %6.1f" % (
        length, costs[1][0], ratio, costs[1][1] / (1 << 20), costs[1][1] / length
    )
    reached = " ".join(sorted({name for c in costs for name in c[2].split()}))
    if reached:
        return line + "  limit reached: " + reached, False
    above = ratio > MOST and costs[1][0] > 0.02
    return line + ("  above %.1f" % MOST if above else ""), above


def main():
    program = os.environ.get("INFSCAN", "build/src/infscan")
    largest = min(64, int(sys.argv[1] if len(sys.argv) > 1 else 16)) << 20
    jobs = {
        "dump": [program, "dump", "--format", "ndjson"],
        "scan": [program, "-j1", "--format", "ndjson", "--fail-on", "never",
                 "--limit", "indicators=1000000"],
    }
    above = 0
    runs = int(os.environ.get("RUNS", "3"))
    print("%-22s %-5s %9s %8s %6s %8s %6s" % ("construct", "job", "bytes", "seconds", "ratio", "MB", "times"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.inf")
        for construct in CONSTRUCTS:
            size = min(largest, SMALL_BYTES) if construct in SMALL else largest
            for job, command in jobs.items():
                line, is_above = measure(command, path, construct, size, runs)
                above += is_above
                print("%-22s %-5s %s" % (construct, job, line), flush=True)
    print("%d of %d above %.1f" % (above, 2 * len(CONSTRUCTS), MOST))


if __name__ == "__main__":
    main()
