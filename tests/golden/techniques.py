#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check that every technique has a sample and an honest twin.

    INFSCAN=build/src/infscan tests/golden/techniques.py

Techniques are those that shipped rules name and those of catalogue.tsv. For each,
a sample whose row of samples/MANIFEST names it must have a finding with it, and
one whose row calls it the "twin of" that technique must be clean and have none.
"""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")


def records(*arguments):
    program = os.path.abspath(os.environ.get("INFSCAN") or
                              sys.exit("techniques: set INFSCAN to the program"))
    done = subprocess.run([program, *arguments], cwd=ROOT, timeout=120,
                          stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def wanted():
    """Each technique and who asks for it."""
    out = {}
    for rule in records("rules", "list", "--format", "ndjson"):
        for technique in rule["attack"]:
            out.setdefault(technique, "rule " + rule["id"])
    catalogue = pathlib.Path(__file__).with_name("catalogue.tsv")
    for line in catalogue.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            technique, what = line.split("\t")
            out.setdefault(technique, "catalogue: " + what)
    return out


def main():
    found = {}
    for record in records("--format", "ndjson", "--fail-on", "never", "samples"):
        found[record["path"].removeprefix("samples/")] = record
    with open(ROOT / "samples" / "MANIFEST", encoding="utf-8",
              newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))
    shown, twins = set(), set()
    for row in rows:
        record = found.get(row["file"], {})
        hit = {technique for finding in record.get("findings", [])
               for technique in finding["attack"]}
        named = set(TECHNIQUE.findall(row["technique"]))
        if not row["technique"].startswith("twin of "):
            shown |= named & hit
        elif record.get("verdict") == "clean":
            twins |= named - hit
    techniques = wanted()
    faults = []
    for technique, who in sorted(techniques.items()):
        if technique not in shown:
            faults.append(f"{technique} ({who}): no sample shows it")
        if technique not in twins:
            faults.append(f"{technique} ({who}): no honest twin")
    for fault in faults:
        print(fault)
    print(f"techniques: {len(techniques)}, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
