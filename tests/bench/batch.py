#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many files: batch.py [COUNT] [SEED]

Over COUNT (10000) made files (corpus.py), and over a half and a quarter of
them: time of one thread and of two, files and megabytes a second, and the peak
of memory, which should not grow with the number of files. The last lines say
how often each kind of verdict was given, to compare with other runs of the
same seed.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

import corpus
from measure import SCAN, median, in_turn


def verdicts(listing):
    command = SCAN + ["-j2", "--files-from", listing]
    counts = collections.Counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        for line in child.stdout:
            record = json.loads(line)
            counts[record["verdict"] if record["type"] == "result" else record["type"]] += 1
    return counts


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    runs = int(os.environ.get("RUNS", "3"))
    with tempfile.TemporaryDirectory() as folder:
        paths = corpus.make(folder, count, seed)
        listing = os.path.join(folder, "list")
        print("%7s %7s %8s %9s %7s %7s %6s" % ("files", "MB", "-j1 s", "files/s", "MB/s", "-j2", "MB RSS"))
        for share in (4, 2, 1):
            some = paths[: count // share]
            size = sum(os.path.getsize(path) for path in some)
            with open(listing, "w") as file:
                file.write("".join(path + "\n" for path in some))
            jobs = {j: SCAN + [j, "--files-from", listing] for j in ("-j1", "-j2")}
            costs = in_turn(jobs, runs)
            one, two = median(costs["-j1"], "wall"), median(costs["-j2"], "wall")
            peak = max(cost.peak for cost in costs["-j2"])
            print(
                "%7d %7.1f %8.3f %9.0f %7.1f %6.2fx %6.1f"
                % (len(some), size / 1e6, one, len(some) / one, size / 1e6 / one, one / two, peak / 1048576),
                flush=True,
            )
        for name, n in sorted(verdicts(listing).items()):
            print("%7d %s" % (n, name))


if __name__ == "__main__":
    main()
