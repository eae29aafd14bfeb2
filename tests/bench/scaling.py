#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Work at n and at 2n: scaling.py [LARGEST_MEGABYTES]

For each construct of an INF a file is made of n of it and one of 2n, and read
by `infscan dump` and by a whole scan. Printed: processor time at 2n, and its
ratio to that at n, the least of three runs each. Reading is linear when no
ratio is above 2.3; a construct above that is marked. Where the larger file
runs into a limit, that is said instead. LARGEST_MEGABYTES (16)
bounds the files made. INFSCAN names the program.
"""
import os
import resource
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
    "fields": ("[a]\nk=", lambda i: "v,", "\n"),
    "tokens": ("[a]\nk=", lambda i: "%11%", "\n"),
    "continuation lines": ("[a]\nk=", lambda i: "v\\\n", "\n"),
    "quotes": ("[a]\nk=", lambda i: '"v"x', "\n"),
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
}
# What a scan turns into actions is bounded by the limit `actions`, so those
# files stay small.
SMALL = {"AddReg lines", "section references", "Needs"}
SMALL_BYTES = 1 << 20


def text_of(construct, size):
    """A file of about `size` bytes."""
    before, item, after = CONSTRUCTS[construct]
    n = max(1, size // len(item(100000)))
    return (HEAD + before + "".join(map(item, range(n))) + after).encode()


def cost(command):
    """Processor seconds of one run, the least of several; None at a limit."""
    least = float("inf")
    for _ in range(RUNS):
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode == 3:
            return None
        done.check_returncode()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
        least = min(least, spent)
    return least


def main():
    program = os.environ.get("INFSCAN", "build/src/infscan")
    largest = int(sys.argv[1] if len(sys.argv) > 1 else 16) << 20
    jobs = {
        "dump": [program, "dump", "--format", "ndjson"],
        "scan": [program, "-j1", "--format", "ndjson", "--fail-on", "never"],
    }
    above = 0
    print("%-22s %-5s %9s %8s %6s" % ("construct", "job", "bytes", "seconds", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.inf")
        for construct in CONSTRUCTS:
            size = min(largest, SMALL_BYTES) if construct in SMALL else largest
            for job, command in jobs.items():
                costs = []
                for share in (2, 1):
                    with open(path, "wb") as file:
                        file.write(text_of(construct, size // share))
                    costs.append(cost(command + [path]))
                if None in costs:
                    print("%-22s %-5s %9d  a limit was reached" % (construct, job, size))
                    continue
                ratio = costs[1] / costs[0]
                mark = "  above %.1f" % MOST if ratio > MOST else ""
                above += bool(mark)
                print(
                    "%-22s %-5s %9d %8.3f %6.2f%s"
                    % (construct, job, size, costs[1], ratio, mark),
                    flush=True,
                )
    print("%d of %d above %.1f" % (above, 2 * len(CONSTRUCTS), MOST))


if __name__ == "__main__":
    main()
