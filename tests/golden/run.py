#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compare the record of every sample with the one kept here.

    INFSCAN=build/src/infscan tests/golden/run.py [--update] [SAMPLE]...

A sample is named as in samples/MANIFEST. For each: the record equals
tests/golden/<name with / as __>.json, fits `infscan schema`, and has the
verdict, the launcher and the exit status that MANIFEST promises. --update
rewrites the records, and what README.md quotes; review the difference before
you keep it. What MANIFEST promises is never rewritten.
"""
import argparse
import csv
import difflib
import json
import os
import pathlib
import subprocess
import sys

import readme

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
COLUMNS = ["file", "verdict", "launcher", "technique", "encoding", "origin",
           "licence", "why"]
STATUS = {"clean": 0, "suspicious": 1, "malicious": 1}
SKIP = 77


def jsonschema_or_skip():
    try:
        import jsonschema
        return jsonschema
    except ImportError:
        # Distributions install it for their own python3, which need not be
        # the first one in PATH.
        system = "/usr/bin/python3"
        if os.path.exists(system) and sys.executable != system:
            os.execv(system, [system, *sys.argv])
        if os.environ.get("CI") == "true":
            sys.exit("golden: python3-jsonschema is missing, and CI needs it")
        print("golden: SKIPPED, python3-jsonschema is missing",
              file=sys.stderr)
        sys.exit(SKIP)


def manifest():
    with open(ROOT / "samples" / "MANIFEST", encoding="utf-8",
              newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))
    if not rows or list(rows[0]) != COLUMNS:
        sys.exit("golden: samples/MANIFEST has other columns")
    return rows


def infscan(program, *arguments):
    return subprocess.run([program, *arguments], cwd=ROOT,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120, check=False)


def pretty(record):
    tool = record.get("tool", {})
    for name in ("version", "rules"):
        if name in tool:
            tool[name] = f"<{name}>"
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def promises(row, record, status):
    """What MANIFEST says and the record does not."""
    verdict = record.get("verdict", record.get("status"))
    if verdict != row["verdict"]:
        rules = [finding["rule"] for finding in record.get("findings", [])]
        yield (f"verdict {verdict} ({', '.join(rules) or 'no findings'}), "
               f"MANIFEST says {row['verdict']}")
    launchers = {plan["launcher"] for plan in record.get("plans", [])}
    if row["launcher"] != "-" and row["launcher"] not in launchers:
        yield (f"no plan for {row['launcher']}, only for "
               f"{', '.join(sorted(launchers)) or 'none'}")
    if status != STATUS.get(verdict, 3):
        yield f"exit status {status} with verdict {verdict}"


def difference(golden, text):
    if not golden.exists():
        yield f"{golden.relative_to(ROOT)} is missing; run with --update"
        return
    before = golden.read_text(encoding="utf-8")
    if before != text:
        yield "\n".join(["record differs"] + list(difflib.unified_diff(
            before.splitlines(), text.splitlines(),
            str(golden.relative_to(ROOT)), "now", lineterm="", n=2))[:60])


def check(row, program, validators, update):
    """The faults of one sample."""
    done = infscan(program, "scan", "--format", "ndjson", "--",
                   "samples/" + row["file"])
    if done.stderr:
        yield "stderr: " + done.stderr.decode(errors="replace").strip()
    lines = done.stdout.decode("utf-8").splitlines()
    if len(lines) != 1:
        yield f"{len(lines)} records, exit status {done.returncode}"
        return
    record = json.loads(lines[0])
    for fault in validators[record["type"]].iter_errors(record):
        yield f"schema: {fault.json_path}: {fault.message[:200]}"
    yield from promises(row, record, done.returncode)
    golden = GOLDEN / (row["file"].replace("/", "__") + ".json")
    text = pretty(record)
    if update:
        golden.write_text(text, encoding="utf-8", newline="\n")
    else:
        yield from difference(golden, text)


def strays(rows):
    """Files that no row of MANIFEST speaks of, and goldens without sample."""
    listed = {row["file"] for row in rows}
    for path in sorted((ROOT / "samples").rglob("*")):
        name = path.relative_to(ROOT / "samples").as_posix()
        if path.is_file() and name not in listed | {"MANIFEST", "README.md"}:
            yield f"samples/{name} is not in MANIFEST"
    wanted = {name.replace("/", "__") + ".json" for name in listed}
    for path in sorted(GOLDEN.glob("*.json")):
        if path.name not in wanted:
            yield f"tests/golden/{path.name} has no sample"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true")
    parser.add_argument("samples", nargs="*", metavar="SAMPLE")
    options = parser.parse_args()
    program = os.path.abspath(os.environ.get("INFSCAN") or
                              sys.exit("golden: set INFSCAN to the program"))
    jsonschema = jsonschema_or_skip()

    schema = json.loads(infscan(program, "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    # By the kind of record: the whole schema would only say "none of these".
    validators = {kind: jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
                  for kind in ("result", "error")}

    rows = manifest()
    failed = 0
    for fault in strays(rows):
        failed += 1
        print(fault)
    chosen = [row for row in rows
              if not options.samples or row["file"] in options.samples]
    for row in chosen:
        faults = list(check(row, program, validators, options.update))
        failed += bool(faults)
        for fault in faults:
            print(f"samples/{row['file']}: {fault}")
    if options.update:
        readme.update(program)
    print(f"golden: {len(chosen)} samples, {failed} with faults")
    return 1 if failed or not chosen else 0


sys.exit(main())
