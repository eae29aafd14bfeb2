#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Count in how many honest files each shipped rule is seen.

    INFSCAN=build/src/infscan tests/goodware/count.py [--update] FOLDER...

Prints the table, or with --update writes it to src/rules/goodware.tsv, from
where the next build takes it. Only counts leave the folders. Files of equal
content count once.
"""
import json
import os
import pathlib
import subprocess
import sys

TABLE = pathlib.Path(__file__).resolve().parents[2] / "src/rules/goodware.tsv"
HEAD = """\
# SPDX-License-Identifier: MIT
# In how many honest files each shipped rule was seen: rule id, tab, count. "of" is
# the number of files. Made by tests/goodware/count.py.
"""


def records(program, *args):
    run = subprocess.run([program, *args], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def main():
    folders = [a for a in sys.argv[1:] if a != "--update"]
    if not folders:
        sys.exit(__doc__)
    program = os.environ.get("INFSCAN", "build/src/infscan")
    seen = {r["id"]: 0 for r in records(program, "rules", "list", "--format", "ndjson")}
    known = set()
    for record in records(program, "--format", "ndjson", "--fail-on", "never", *folders):
        if record.get("sha256") in known | {None}:
            continue
        known.add(record["sha256"])
        for rule in {f["rule"] for f in record["findings"]} & seen.keys():
            seen[rule] += 1
    rows = [f"of\t{len(known)}\n"] + [f"{rule}\t{n}\n" for rule, n in sorted(seen.items())]
    if "--update" in sys.argv:
        TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")
    else:
        sys.stdout.write("".join(rows))


main()
