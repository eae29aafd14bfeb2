#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a large file takes of memory, which has no clock in it: its peak is below
eight times its size, also where its bytes are one file in one encoding and
another in the next and both have to be read. INFSCAN names the program."""
import os
import subprocess
import sys
import tempfile

MEGABYTES = 16
MOST = 8
HEAD = "[Version]\r\nSignature=$CHICAGO$\r\n[a]\r\n"
INSTALL = "\n[Version]\nSignature=$CHICAGO$\n[DefaultInstall]\nDelReg=a\n "


# name -> encodings of the many lines and of the INF behind them, an item of those
FILES = {
    "8 bits": ("ascii", None, "k=v,w\n"),
    "8 bits and UTF-16": ("ascii", "utf-16-le", "k=v,w\n"),
    "8 bits and UTF-16, one long line": ("ascii", "utf-16-le", "v,"),
    "UTF-16 and 8 bits": ("utf-16-le", "ascii", "k=v,w\n"),
}


def write_file(path, first, second, item):
    """Written piece by piece: what a process that is started here may ever have
    had in memory counts for its own peak."""
    block = (item * 1000).encode(first)
    with open(path, "wb") as file:
        file.write(HEAD.encode(first))
        while file.tell() < MEGABYTES << 20:
            file.write(block)
        if second:
            file.write(b"\n" * (file.tell() % 2) + INSTALL.encode(second))
            file.write(b" " * (file.tell() % 2))
    return os.path.getsize(path)


def peak(path):
    """Peak of resident memory in bytes, and the record."""
    program = os.environ.get("INFSCAN", "build/src/infscan")
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            [program, "-j1", "--format", "ndjson", "--fail-on", "never", path], stdout=out
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        record = out.read()
    if child.returncode not in (0, 3):
        raise subprocess.CalledProcessError(child.returncode, path)
    return usage.ru_maxrss << 10, record


def main():
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.inf")
        for name, (first, second, item) in FILES.items():
            size = write_file(path, first, second, item)
            most, record = peak(path)
            ratio = most / size
            is_twofold = b'"INF0030"' in record
            print("%-34s %5.1f times its size" % (name, ratio))
            if ratio >= MOST:
                print("%s: more than %d times" % (name, MOST))
                faults += 1
            if is_twofold != bool(second):
                print("%s: read in %s" % (name, "two encodings" if is_twofold else "one"))
                faults += 1
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
