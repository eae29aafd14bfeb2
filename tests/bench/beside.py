#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""infscan beside other programs on the same files: beside.py [FOLDER]

Without a FOLDER, on 2000 made files (corpus.py). One thread each: a scan with
full analysis and NDJSON, YARA with the rules of peer.yar where it is installed,
sha256sum and cat. The median of RUNS (5) runs, which take turns, and infscan's
ratio to it; last, what a second thread gains.
"""
import os
import sys
import tempfile

import corpus
from measure import SCAN, has, in_turn, median

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.yar")


def find(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)


def measure(paths, listing):
    with open(listing, "w") as file:
        file.write("".join(path + "\n" for path in paths))
    with open(listing + "0", "w") as file:
        file.write("".join(path + "\0" for path in paths))
    commands = {"infscan": SCAN + ["-j1", "--files-from", listing]}
    commands["infscan -j2"] = SCAN + ["-j2", "--files-from", listing]
    if has("yara"):
        commands["yara"] = ["yara", "-w", "-p", "1", "--scan-list", RULES, listing]
    for name in ("sha256sum", "cat"):
        commands[name] = ["xargs", "-0", "-a", listing + "0", name]
    costs = in_turn(commands)
    own = median(costs["infscan"], "wall")
    size = sum(os.path.getsize(path) for path in paths)
    print("%d files, %.1f MB" % (len(paths), size / 1e6))
    for name, list_ in costs.items():
        wall = median(list_, "wall")
        peak = max(cost.peak for cost in list_) / 1048576
        print("%-12s %7.3f s %8.1f MB/s   ratio %6.2f   %6.1f MB RSS" % (name, wall, size / 1e6 / wall, own / wall, peak))


def main():
    with tempfile.TemporaryDirectory() as folder:
        paths = find(sys.argv[1]) if len(sys.argv) > 1 else corpus.make(folder, 2000, 1)
        measure(paths, os.path.join(folder, "list"))


if __name__ == "__main__":
    main()
