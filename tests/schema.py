#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check JSON lines on standard input against the schema of the records.

    infscan --format ndjson FILE... | schema.py schema.json

Prints one line for each record that does not fit; the exit status is 1 then,
and 77 where python3-jsonschema is not installed.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    kinds = {
        name: jsonschema.Draft202012Validator(
            {"$ref": "#/$defs/" + name, "$defs": schema["$defs"]}
        )
        for name in ("result", "error", "summary", "decoded", "document", "rule",
                     "difference", "topic")
    }
    whole = jsonschema.Draft202012Validator(schema)
    failed = records = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        records += 1
        record = json.loads(line.decode("utf-8"))
        # By kind, an error names the member that is wrong.
        validator = kinds.get(record.get("type"), whole)
        error = jsonschema.exceptions.best_match(validator.iter_errors(record))
        if error:
            failed += 1
            where = "/".join(str(part) for part in error.absolute_path)
            print("line %d: %s: %s" % (number, where, error.message[:300]))
    print("%d records, %d do not fit" % (records, failed))
    sys.exit(1 if failed or not records else 0)


if __name__ == "__main__":
    main()
