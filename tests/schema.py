#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Check JSON lines on standard input against the schema of the records.

    infscan --format ndjson FILE... | schema.py schema.json

Prints one line for each record that does not fit, or that has a member of which
the schema does not know; the exit status is 1 then, and 77 where
python3-jsonschema is not installed.
"""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def close(schema):
    """Refuse members that are not named: the schema lets readers meet newer
    records, but it has to describe those of this version in full."""
    if isinstance(schema, dict):
        if "properties" in schema:
            if schema.get("additionalProperties", True) is True:
                schema["additionalProperties"] = False
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    close(schema["$defs"])
    kinds = {
        name.replace("_", "-"): jsonschema.Draft202012Validator(
            {"$ref": "#/$defs/" + name, "$defs": schema["$defs"]}
        )
        for name in ("result", "error", "summary", "decoded", "document", "rule",
                     "difference", "topic", "rule_problem", "rule_use")
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
