#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every topic of topics.tsv has the spec case that it names, under one title."""
import collections
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def titles(name):
    with open(os.path.join(HERE, name + ".spec"), encoding="utf-8") as file:
        found = re.findall(r"^### (.*?)(?: \[[^\]]*\])?$", file.read(), re.M)
    return collections.Counter(found)


def main():
    with open(os.path.join(HERE, "topics.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line[0] != "#"]
    specs = {name: titles(name) for name in {row[2] for row in rows}}
    faults = ["%s: %s: no case %r in %s.spec" % (part, topic, title, spec)
              for part, topic, spec, title in rows if specs[spec][title] != 1]
    topics = collections.Counter((row[0], row[1]) for row in rows)
    faults += ["%s: %s: twice" % topic for topic, n in topics.items() if n > 1]
    for fault in faults:
        print(fault)
    print("%d topics, %d faults" % (len(rows), len(faults)))
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
