#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One small file, the whole process: start.py [RUNS]

Beside /bin/true, and YARA with the rules of peer.yar where it is installed.
The median of RUNS (200) runs of each, which take turns.
"""
import os
import sys
import tempfile

import corpus
from measure import SCAN, has, in_turn, median

RULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.yar")


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        path = min(corpus.make(folder, 100, 1), key=os.path.getsize)
        commands = {"true": ["/bin/true"], "infscan": SCAN + [path]}
        commands["infscan, text"] = [SCAN[0], "--fail-on", "never", path]
        if has("yara"):
            commands["yara"] = ["yara", "-w", RULES, path]
        costs = in_turn(commands, runs)
        least = median(costs["true"], "wall")
        print("a file of %d bytes, median of %d runs" % (os.path.getsize(path), runs))
        for name, list_ in costs.items():
            wall = median(list_, "wall")
            print("%-14s %7.2f ms %6.2f of /bin/true" % (name, wall * 1e3, wall / least))


if __name__ == "__main__":
    main()
