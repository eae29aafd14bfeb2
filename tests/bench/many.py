#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Very many small files in one run: many.py [COUNT]

A tenth of COUNT (100000) files and all of them, as a list and as a folder, by
two threads: files a second, and the peak of memory, which is not to grow with
their number. The files are made in a temporary folder, no two of them alike.
"""
import os
import sys
import tempfile

from measure import SCAN, run

PER_FOLDER = 1000
TEXT = """[Version]
Signature="$Windows NT$"
Provider=%%Maker%%
[DefaultInstall]
CopyFiles=Files
AddReg=Values
[Files]
tool%(i)d.dll
[Values]
HKLM,Software\\Contoso\\%(i)d,Number,0x00010001,%(i)d
[DestinationDirs]
Files=11
[Strings]
Maker="Contoso %(i)d"
"""


def make(folder, count, listing):
    """No list of names is held: the peak of a process is never below what
    Python had when it started one."""
    with open(listing, "w") as names:
        for i in range(count):
            below = os.path.join(folder, "%04d" % (i // PER_FOLDER))
            if i % PER_FOLDER == 0:
                os.mkdir(below)
            path = os.path.join(below, "%06d.inf" % i)
            names.write(path + "\n")
            with open(path, "w", newline="\r\n") as file:
                file.write(TEXT % {"i": i})


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    print("%7s %-7s %8s %9s %6s" % ("files", "as", "-j2 s", "files/s", "MB RSS"))
    for n in (count // 10, count):
        with tempfile.TemporaryDirectory() as folder:
            top = os.path.join(folder, "files")
            os.mkdir(top)
            listing = os.path.join(folder, "list")
            make(top, n, listing)
            for name, what in (("list", ["--files-from", listing]), ("folder", [top])):
                cost = run(SCAN + ["-j2"] + what)
                print(
                    "%7d %-7s %8.2f %9.0f %6.1f"
                    % (n, name, cost.wall, n / cost.wall, cost.peak / 1048576),
                    flush=True,
                )


if __name__ == "__main__":
    main()
