#!/usr/bin/env python3
"""Print of each record on stdin what it says of an archive and its members."""
import json
import sys

for line in sys.stdin:
    record = json.loads(line)
    print(
        record["path"],
        ascii(record.get("member")),
        record["status"],
        record.get("verdict", "-"),
        # What an archive packs to is the packer's affair.
        "-" if "archive" in record else record.get("size", "-"),
        record.get("error", {}).get("message", ""),
        *[limit["name"] for limit in record.get("limits", [])],
    )
    archive = record.get("archive")
    if archive:
        passed = archive.pop("passed_over")
        print(" ", archive.pop("format"), *[f"{k}={v}" for k, v in archive.items()])
        print("  passed over:", *[f"{k}={v}" for k, v in passed.items()])
